/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Broken scenarios: nodes, links, topologies, energies at the start. */
#include "tests/sim/scenario/bad_scenarios.h"

const BadScenario gs_bad_grid[] = {
    {"neither nodes nor topology", "{}",
     "bad.json:1:1: \"nodes\" or \"topology\" is missing; a scenario needs it"},
    {"nodes and topology",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'topology': {'kind': 'ring', 'nodes': 3}}",
     "bad.json:1:55: /topology: found \"nodes\" and \"topology\"; give one of them"},
    {"links and topology", "{'topology': {'kind': 'ring', 'nodes': 3}, 'links': []}",
     "bad.json:1:53: /links: found \"links\" and \"topology\"; a topology has its own"},
    {"nodes that are a number", "{'nodes': 3}", "bad.json:1:11: /nodes: found 3; must be an array"},
    {"no nodes", "{'nodes': []}",
     "bad.json:1:11: /nodes: found an empty array; must have at least one element"},
    {"a node that is a name", "{'nodes': ['A']}",
     "bad.json:1:12: /nodes/0: found \"A\"; must be an object"},
    {"a node with a misspelt member",
     "{'nodes': [{'name': 'A',\n"
     "            'conusmption': 7}]}",
     "bad.json:2:28: /nodes/0/conusmption: unknown member \"conusmption\"; did you mean "
     "\"consumption\"?"},
    {"a node with an unknown member", "{'nodes': [{'colour': 'red'}]}",
     "bad.json:1:23: /nodes/0/colour: unknown member \"colour\"; allowed: \"id\", \"name\", "
     "\"production\", \"consumption\", \"http\", \"longitude\", \"latitude\", \"x\", \"y\""},
    {"a place without its other half", "{'nodes': [{'x': 1}]}",
     "bad.json:1:12: /nodes/0: \"y\" is missing; a place needs it"},
    {"a place of two kinds", "{'nodes': [{'longitude': 1, 'latitude': 2, 'y': 3}]}",
     "bad.json:1:49: /nodes/0/y: found a place on Earth and one by x and y; give one of them"},
    {"places of two kinds", "{'nodes': [{'longitude': 1, 'latitude': 2}, {'x': 1, 'y': 2}]}",
     "bad.json:1:51: /nodes/1/x: other nodes have places on Earth; those of all nodes must be of "
     "one kind"},
    {"a latitude beyond the pole", "{'nodes': [{'longitude': 1, 'latitude': 91}]}",
     "bad.json:1:41: /nodes/0/latitude: found 91; must be a number from -90 to 90"},
    {"a place that is a word", "{'nodes': [{'x': 'left', 'y': 1}]}",
     "bad.json:1:18: /nodes/0/x: found \"left\"; must be a number from -1e99 to 1e99"},
    {"an id that is negative", "{'nodes': [{'id': -3}]}",
     "bad.json:1:19: /nodes/0/id: found -3; must be a whole number from 0 to 9007199254740991"},
    {"an id that is a string", "{'nodes': [{'id': '3'}]}",
     "bad.json:1:19: /nodes/0/id: found \"3\"; must be a whole number from 0 to 9007199254740991"},
    {"an id twice",
     "{'nodes': [{'id': 3},\n"
     "           {'name': 'B', 'id': 3}]}",
     "bad.json:2:32: /nodes/1/id: two nodes have the id 3; ids must differ, and are the position "
     "from 1 where none is given"},
    {"an id that is another node's position", "{'nodes': [{'id': 2}, {'name': 'B'}]}",
     "bad.json:1:23: /nodes/1: two nodes have the id 2; ids must differ, and are the position from "
     "1 where none is given"},
    {"a name twice", "{'nodes': [{'name': 'A'}, {'name': 'A'}]}",
     "bad.json:1:36: /nodes/1/name: two nodes have the name \"A\"; names must differ"},
    {"a name that is another node's default", "{'nodes': [{'name': 'N2'}, {}]}",
     "bad.json:1:28: /nodes/1: two nodes have the name \"N2\"; names must differ"},
    {"a node without a name in its name", "{'nodes': [{'name': ''}]}",
     "bad.json:1:21: /nodes/0/name: the name \"\" is empty; must be 1 to 200 bytes without control "
     "characters"},
    {"a node named *", "{'nodes': [{'name': '*'}]}",
     "bad.json:1:21: /nodes/0/name: the name \"*\" means all nodes; choose another"},
    {"a node's name that is a number", "{'nodes': [{'name': 5}]}",
     "bad.json:1:21: /nodes/0/name: found 5; must be a string"},
    {"a node's name with a tab", "{'nodes': [{'name': 'a\\tb'}]}",
     "bad.json:1:21: /nodes/0/name: the name \"a\\u0009b\" has a control character; must be 1 to "
     "200 bytes without control characters"},
    {"a production that is negative", "{'nodes': [{'production': -1}]}",
     "bad.json:1:27: /nodes/0/production: found -1; must be a whole number from 0 to "
     "1099511627776"},
    {"a production that is not whole", "{'nodes': [{'production': 2.5}]}",
     "bad.json:1:27: /nodes/0/production: found 2.5; must be a whole number from 0 to "
     "1099511627776; write 2500 with \"unit\": \"W\", and all energies so"},
    {"a production that is not whole in a unit given",
     "{'unit': 'MW', 'nodes': [{'production': 0.64}]}",
     "bad.json:1:41: /nodes/0/production: found 0.64; must be a whole number from 0 to "
     "1099511627776; write 640 with \"unit\": \"kW\", and all energies so"},
    {"a production that is not whole in a unit of one's own",
     "{'unit': 'loaves', 'nodes': [{'production': 0.64}]}",
     "bad.json:1:45: /nodes/0/production: found 0.64; must be a whole number from 0 to "
     "1099511627776; take a unit that is smaller than \"loaves\""},
    {"a production that has too many decimals", "{'nodes': [{'production': 0.0005}]}",
     "bad.json:1:27: /nodes/0/production: found 0.0005; must be a whole number from 0 to "
     "1099511627776; take a unit that is smaller than \"kW\""},
    {"a consumption beyond 2^40", "{'nodes': [{'consumption': 1099511627777}]}",
     "bad.json:1:28: /nodes/0/consumption: found 1099511627777; must be a whole number from 0 to "
     "1099511627776"},
    {"a consumption that is drawn", "{'nodes': [{'consumption': {'uniform': [1, 2]}}]}",
     "bad.json:1:28: /nodes/0/consumption: found an object; must be a whole number from 0 to "
     "1099511627776"},
    {"an address without a port", "{'nodes': [{'http': 'localhost'}]}",
     "bad.json:1:21: /nodes/0/http: found \"localhost\"; must be an address HOST:PORT with a "
     "port from 1 to 65535, such as \"127.0.0.1:8001\""},
    {"an address with port 0", "{'nodes': [{'http': 'localhost:0'}]}",
     "bad.json:1:21: /nodes/0/http: found \"localhost:0\"; must be an address HOST:PORT with a "
     "port from 1 to 65535, such as \"127.0.0.1:8001\""},
    {"an address with a port that is too large", "{'nodes': [{'http': '[::1]:65536'}]}",
     "bad.json:1:21: /nodes/0/http: found \"[::1]:65536\"; must be an address HOST:PORT with a "
     "port from 1 to 65535, such as \"127.0.0.1:8001\""},
    {"an address twice", "{'nodes': [{'http': 'localhost:80'}, {'http': 'localhost:80'}]}",
     "bad.json:1:47: /nodes/1/http: two nodes have the address \"localhost:80\"; addresses must "
     "differ"},
    {"links that are an object", "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': {}}",
     "bad.json:1:52: /links: found an object; must be an array"},
    {"a link that is a string", "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': ['A-B']}",
     "bad.json:1:53: /links/0: found \"A-B\"; must be an array of the names of two nodes, or an "
     "object with \"between\""},
    {"a link of three nodes",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'Castle'}], 'links': [['A', 'B', "
     "'Castle']]}",
     "bad.json:1:73: /links/0: found an array of 3; must be the names of two nodes"},
    {"a link of a node to itself",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [['A', 'A']]}",
     "bad.json:1:59: /links/0/1: \"A\" twice; a link is between two different nodes"},
    {"a link to nobody", "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [['A', 'Z9']]}",
     "bad.json:1:59: /links/0/1: no node has the name \"Z9\"; allowed: \"A\", \"B\""},
    {"a link to a misspelt node",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'Castle'}], 'links': [['A', 'Cast1e']]}",
     "bad.json:1:79: /links/0/1: no node has the name \"Cast1e\"; did you mean \"Castle\"?"},
    {"a link to a number", "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [['A', 2]]}",
     "bad.json:1:59: /links/0/1: found 2; must be the name of a node"},
    {"a link twice",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'Castle'}],\n"
     " 'links': [['A', 'B'], ['A', 'B']]}",
     "bad.json:2:24: /links/1: \"A\" and \"B\" are linked already by /links/0"},
    {"a link there and back",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'Castle'}],\n"
     " 'links': [['A', 'Castle'], ['A', 'B'],\n"
     "           {'between': ['B', 'A']}]}",
     "bad.json:3:12: /links/2: \"A\" and \"B\" are linked already by /links/1"},
    {"a link object without ends",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [{'latency': '1ms'}]}",
     "bad.json:1:53: /links/0: \"between\" is missing; a link needs it"},
    {"a link object with an unknown member",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [{'betwen': ['A', 'B']}]}",
     "bad.json:1:64: /links/0/betwen: unknown member \"betwen\"; did you mean \"between\"?"},
    {"a link with a wrong latency",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [{'between': ['A', 'B'], 'latency': "
     "'-1ms'}]}",
     "bad.json:1:88: /links/0/latency: \"-1ms\" is negative; a duration is 0 or more"},
    {"a handshake that is a duration",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'handshake': '1s'}",
     "bad.json:1:56: /handshake: found \"1s\"; must be an object"},
    {"handshakes that go on for more than 100 years",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'Castle'}], 'links': [['A', 'B'], ['A', "
     "'Castle']],\n"
     " 'handshake': {'at': '1s', 'every': '36525d'}}",
     "bad.json:2:15: /handshake: the last of 2 handshakes comes after 100 years"},
    {"a topology that is a word", "{'topology': 'ring'}",
     "bad.json:1:14: /topology: found \"ring\"; must be an object"},
    {"a topology without a kind", "{'topology': {'nodes': 3}}",
     "bad.json:1:14: /topology: \"kind\", \"file\" or \"pypsa\" is missing; a topology needs "
     "it"},
    {"a topology of two kinds", "{'topology': {'kind': 'ring', 'file': 'a.gml'}}",
     "bad.json:1:39: /topology/file: found \"kind\" and \"file\"; give one of them"},
    {"an unknown kind", "{'topology': {'kind': 'hypercube', 'nodes': 8}}",
     "bad.json:1:23: /topology/kind: found \"hypercube\"; must be \"line\", \"ring\", \"star\", "
     "\"tree\", \"lattice\", \"complete\", \"erdos-renyi\", \"barabasi-albert\", "
     "\"watts-strogatz\", \"random-regular\" or \"geometric\""},
    {"a misspelt kind", "{'topology': {'kind': 'watts-strogaz', 'nodes': 8}}",
     "bad.json:1:23: /topology/kind: found \"watts-strogaz\"; did you mean \"watts-strogatz\"? It "
     "must be \"line\", \"ring\", \"star\", \"tree\", \"lattice\", \"complete\", \"erdos-renyi\", "
     "\"barabasi-albert\", \"watts-strogatz\", \"random-regular\" or \"geometric\""},
    {"a kind by another name", "{'topology': {'kind': 'Small World', 'nodes': 8}}",
     "bad.json:1:23: /topology/kind: found \"Small World\"; did you mean \"watts-strogatz\"? It "
     "must be \"line\", \"ring\", \"star\", \"tree\", \"lattice\", \"complete\", \"erdos-renyi\", "
     "\"barabasi-albert\", \"watts-strogatz\", \"random-regular\" or \"geometric\""},
    {"the kind file", "{'topology': {'kind': 'file', 'nodes': 8}}",
     "bad.json:1:23: /topology/kind: found \"file\"; must be \"line\", \"ring\", \"star\", "
     "\"tree\", \"lattice\", \"complete\", \"erdos-renyi\", \"barabasi-albert\", "
     "\"watts-strogatz\", \"random-regular\" or \"geometric\""},
    {"a ring without nodes", "{'topology': {'kind': 'ring'}}",
     "bad.json:1:14: /topology: \"nodes\" is missing; kind \"ring\" needs it"},
    {"a ring of 0 nodes", "{'topology': {'kind': 'ring', 'nodes': 0}}",
     "bad.json:1:40: /topology/nodes: found 0; must be a whole number from 1 to 16777216"},
    {"a member that the kind does not use",
     "{'topology': {'kind': 'ring', 'nodes': 5, 'arity': 2}}",
     "bad.json:1:52: /topology/arity: kind \"ring\" does not use \"arity\"; it uses \"kind\", "
     "\"nodes\", \"seed\""},
    {"a member that no kind uses", "{'topology': {'kind': 'ring', 'node': 5}}",
     "bad.json:1:39: /topology/node: unknown member \"node\"; did you mean \"nodes\"?"},
    {"a file with a size", "{'topology': {'file': 'a.gml', 'rows': 5}}",
     "bad.json:1:40: /topology/rows: a graph file does not use \"rows\"; it uses \"file\", "
     "\"format\", \"columns\", \"nodes\", \"unit\""},
    {"a network with a file", "{'topology': {'pypsa': {'buses': 'b.csv'}, 'file': 'a.gml'}}",
     "bad.json:1:24: /topology/pypsa: found \"file\" and \"pypsa\"; give one of them"},
    {"a network without buses", "{'topology': {'pypsa': {'lines': 'l.csv'}}}",
     "bad.json:1:24: /topology/pypsa: \"buses\" is missing; a network of PyPSA needs it"},
    {"a network with another table",
     "{'topology': {'pypsa': {'buses': 'b.csv', 'stores': 's.csv'}}}",
     "bad.json:1:53: /topology/pypsa/stores: unknown member \"stores\"; allowed: \"buses\", "
     "\"lines\", \"links\", \"transformers\", \"loads\", \"loads-p_set\", \"generators\", "
     "\"generators-p_set\", \"unused\""},
    {"a file in an unknown format", "{'topology': {'file': 'a.gml', 'format': 'xls'}}",
     "bad.json:1:42: /topology/format: found \"xls\"; must be \"graphml\", \"gml\", "
     "\"edges\", \"matrix-market\", \"node-link\", \"pajek\", "
     "\"matpower\", \"adjacency\" or \"dot\""},
    {"a file that does not exist", "{'topology': {'file': 'no-such-graph.gml'}}",
     "bad.json:1:23: /topology/file: no-such-graph.gml: cannot be read: No such file or "
     "directory"},
    {"a 3-regular graph of 5 nodes", "{'topology': {'kind': 'random-regular', 'nodes': 5}}",
     "bad.json:1:14: /topology: random-regular: 5 nodes and k 3; nodes × k must be even"},
    {"a small world with an odd degree",
     "{'topology': {'kind': 'watts-strogatz', 'nodes': 9, 'k': 3}}",
     "bad.json:1:14: /topology: watts-strogatz: k is 3; must be even and at least 2"},
    {"a random graph without a density", "{'topology': {'kind': 'erdos-renyi', 'nodes': 9}}",
     "bad.json:1:14: /topology: \"p\" or \"links\" is missing; kind \"erdos-renyi\" needs it"},
    {"a random graph with two densities",
     "{'topology': {'kind': 'erdos-renyi', 'nodes': 9, 'p': 0.5, 'links': 3}}",
     "bad.json:1:69: /topology/links: found \"links\" and \"p\"; give one of them"},
    {"more links than pairs", "{'topology': {'kind': 'erdos-renyi', 'nodes': 3, 'links': 4}}",
     "bad.json:1:14: /topology: erdos-renyi: 4 links; 3 nodes can have at most 3"},
    {"a probability beyond 1", "{'topology': {'kind': 'erdos-renyi', 'nodes': 9, 'p': 1.5}}",
     "bad.json:1:55: /topology/p: found 1.5; must be a number from 0 to 1"},
    {"a lattice without columns", "{'topology': {'kind': 'lattice', 'rows': 9}}",
     "bad.json:1:14: /topology: \"columns\" is missing; kind \"lattice\" needs it"},
    {"a lattice that is too large",
     "{'topology': {'kind': 'lattice', 'rows': 5000, 'columns': 5000}}",
     "bad.json:1:14: /topology: 25000000 nodes; at most 16777216 are allowed"},
    {"a complete graph that is too large", "{'topology': {'kind': 'complete', 'nodes': 10000}}",
     "bad.json:1:14: /topology: complete: 49995000 links; at most 33554432 are allowed"},
    {"more nodes than allowed", "{'topology': {'kind': 'line', 'nodes': 16777217}}",
     "bad.json:1:40: /topology/nodes: found 16777217; must be a whole number from 1 to 16777216"},
    {"as many preferred links as nodes",
     "{'topology': {'kind': 'barabasi-albert', 'nodes': 2, 'm': 2}}",
     "bad.json:1:14: /topology: barabasi-albert: m is 2 with 2 nodes; m must be smaller than the "
     "number of nodes"},
    {"a torus that is a word",
     "{'topology': {'kind': 'lattice', 'rows': 3, 'columns': 3, 'torus': 'yes'}}",
     "bad.json:1:68: /topology/torus: found \"yes\"; must be true or false"},
    {"an energy without a node",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'energy': [{'production': 3}]}",
     "bad.json:1:54: /energy/0: \"node\" is missing; an energy needs it"},
    {"an energy without a value",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'energy': [{'node': '*'}]}",
     "bad.json:1:54: /energy/0: \"production\" or \"consumption\" is missing; an energy needs it"},
    {"an energy of nobody",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'energy': [{'node': 'Zürich', 'production': 3}]}",
     "bad.json:1:63: /energy/0/node: no node has the name \"Zürich\"; allowed: \"A\", \"B\""},
    {"a ramp at the start",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'energy': [{'node': 'A', 'production': {'ramp': "
     "[1, 2]}}]}",
     "bad.json:1:91: /energy/0/production/ramp: unknown member \"ramp\"; allowed: \"uniform\", "
     "\"normal\", \"exponential\", \"lognormal\""},
    {"an energy with an unknown member",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'energy': [{'node': 'A', 'prodction': 3}]}",
     "bad.json:1:81: /energy/0/prodction: unknown member \"prodction\"; did you mean "
     "\"production\"?"},
    {0},
};

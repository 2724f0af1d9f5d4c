/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Broken scenarios: schedule and expectations. */
#include "tests/sim/scenario/bad_scenarios.h"

const BadScenario gs_bad_schedule[] = {
    {"a schedule that is an object", "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'schedule': {}}",
     "bad.json:1:55: /schedule: found an object; must be an array"},
    {"an entry that is a string",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': ['now']}",
     "bad.json:2:15: /schedule/0: found \"now\"; must be an object"},
    {"an entry without at",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'node': 'A', 'production': 1}]}",
     "bad.json:2:15: /schedule/0: \"at\" is missing; a schedule entry needs it"},
    {"an entry without an action",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': '1s'}]}",
     "bad.json:2:15: /schedule/0: no action; must have \"node\" with \"production\" or "
     "\"consumption\", or \"add_sibling\", \"sync_grid\" or \"update_net\", or a fault: \"crash\", "
     "\"restart\", \"pause\", \"resume\", \"leave\", \"slow\", \"cut\", \"partition\", \"heal\" or "
     "\"degrade\""},
    {"an entry with two actions",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'sync_grid': 'A', 'update_net': 'B'}]}",
     "bad.json:2:57: /schedule/0/update_net: found \"sync_grid\" and \"update_net\"; an entry has "
     "one action"},
    {"an energy and an action",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'production': 1, 'sync_grid': 'A'}]}",
     "bad.json:2:55: /schedule/0/sync_grid: found \"production\" and \"sync_grid\"; an entry has "
     "one action"},
    {"an entry with an unknown member",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'syncgrid': 'A'}]}",
     "bad.json:2:37: /schedule/0/syncgrid: unknown member \"syncgrid\"; did you mean "
     "\"sync_grid\"?"},
    {"a negative time",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': -1, 'sync_grid': 'A'}]}",
     "bad.json:2:22: /schedule/0/at: -1 is negative; a duration is 0 or more"},
    {"a time that is null",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': null, 'sync_grid': 'A'}]}",
     "bad.json:2:22: /schedule/0/at: found null; must be a duration such as \"1.5s\", or a number "
     "of seconds"},
    {"an energy entry without a node",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'production': 1}]}",
     "bad.json:2:15: /schedule/0: \"node\" is missing; an energy needs it"},
    {"an energy entry without a value",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A'}]}",
     "bad.json:2:15: /schedule/0: \"production\" or \"consumption\" is missing; an energy needs "
     "it"},
    {"an energy entry of nobody",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'C3PO', 'production': 1}]}",
     "bad.json:2:33: /schedule/0/node: no node has the name \"C3PO\"; allowed: \"A\", \"B\""},
    {"an energy entry with an object as its node",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': {}, 'production': 1}]}",
     "bad.json:2:33: /schedule/0/node: \"random\" is missing; a choice of nodes by an object needs "
     "it"},
    {"an energy entry of random nodes by an unknown member",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': {'random': 1, 'seed': 3}, 'production': 1}]}",
     "bad.json:2:55: /schedule/0/node/seed: unknown member \"seed\"; allowed: \"random\""},
    {"an energy entry of no random nodes",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': {'random': 0}, 'production': 1}]}",
     "bad.json:2:44: /schedule/0/node/random: found 0; must be a whole number from 1 to 2"},
    {"a sync_grid of more random nodes than there are",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'sync_grid': {'random': 3}}]}",
     "bad.json:2:49: /schedule/0/sync_grid/random: found 3; must be a whole number from 1 to 2"},
    {"an update_net of half a random node",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'update_net': {'random': 0.5}}]}",
     "bad.json:2:50: /schedule/0/update_net/random: found 0.5; must be a whole number from 1 to "
     "2"},
    {"random nodes for the start",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'energy': [{'node': {'random': 1}, 'production': 1}]}",
     "bad.json:2:22: /energy/0/node: found an object; must be the name of a node, an array of "
     "names, or \"*\""},
    {"an add_sibling of random nodes",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'add_sibling': {'random': 2}}]}",
     "bad.json:2:40: /schedule/0/add_sibling: found an object; must be an array of the names of "
     "two nodes"},
    {"an energy entry of no nodes",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': [], 'production': 1}]}",
     "bad.json:2:33: /schedule/0/node: found an empty array; must have at least one element"},
    {"an energy entry of a node twice",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': ['A', 'B', 'A'], 'production': 1}]}",
     "bad.json:2:44: /schedule/0/node/2: \"A\" is listed twice; once is enough"},
    {"an energy entry of * and others",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': ['A', '*'], 'production': 1}]}",
     "bad.json:2:39: /schedule/0/node/1: found \"*\"; must be the name of one node"},
    {"an energy that is negative",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': -1}]}",
     "bad.json:2:52: /schedule/0/production: found -1; must be a whole number from 0 to "
     "1099511627776"},
    {"an energy that is a string",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': '1 kW'}]}",
     "bad.json:2:52: /schedule/0/production: found \"1 kW\"; must be a whole number from 0 to "
     "1099511627776"},
    {"an energy of an unknown distribution",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'poisson': 3}}]}",
     "bad.json:2:64: /schedule/0/production/poisson: unknown member \"poisson\"; allowed: "
     "\"uniform\", \"normal\", \"exponential\", \"lognormal\", \"ramp\""},
    {"an energy of two distributions",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'exponential': 3, 'uniform': [1, 2]}}]}",
     "bad.json:2:52: /schedule/0/production: found 2 members; must be exactly one of \"uniform\", "
     "\"normal\", \"exponential\", \"lognormal\" or \"ramp\""},
    {"a uniform energy that is backwards",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'uniform': [5, 3]}}]}",
     "bad.json:2:68: /schedule/0/production/uniform/1: found 3; must be a whole number from 5 to "
     "1099511627776"},
    {"a uniform energy of three numbers",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'uniform': [1, 2, 3]}}]}",
     "bad.json:2:64: /schedule/0/production/uniform: found an array of 3; must be two whole "
     "numbers"},
    {"a normal energy without a deviation",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'normal': {'mean': 3}}}]}",
     "bad.json:2:63: /schedule/0/production/normal: \"sd\" is missing; normal needs it"},
    {"a normal energy with a negative deviation",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'normal': {'mean': 3, 'sd': -1}}}]}",
     "bad.json:2:81: /schedule/0/production/normal/sd: found -1; must be a number from 0 to "
     "1099511627776"},
    {"a lognormal energy with a wrong member",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'lognormal': {'mean': 3, 'sigma': 1}}}]}",
     "bad.json:2:75: /schedule/0/production/lognormal/mean: unknown member \"mean\"; allowed: "
     "\"median\", \"sigma\""},
    {"a ramp without every",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'node': 'A', 'production': {'ramp': [0, 9]}}]}",
     "bad.json:2:52: /schedule/0/production: a ramp is over repetitions; give the entry an "
     "\"every\""},
    {"a ramp that is not whole",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'every': 1, 'until': 9, 'node': 'A', 'consumption': {'ramp': [0, "
     "9.5]}}]}",
     "bad.json:2:90: /schedule/0/consumption/ramp/1: found 9.5; must be a whole number from 0 to "
     "1099511627776; write 9500 with \"unit\": \"W\", and all energies so"},
    {"every without until",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'every': '1s', 'node': 'A', 'production': 1}]}",
     "bad.json:2:34: /schedule/0/every: this would never end; give the entry or the scenario an "
     "\"until\""},
    {"until without every",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'until': '1s', 'node': 'A', 'production': 1}]}",
     "bad.json:2:34: /schedule/0/until: \"until\" ends repetitions; it needs an \"every\""},
    {"until before at",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': '2s', 'every': '1s', 'until': '1s', 'node': 'A', 'production': 1}]}",
     "bad.json:2:52: /schedule/0/until: found \"1s\"; must be at or after the entry's \"at\""},
    {"an every of 0",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'every': '0s', 'until': '1s', 'node': 'A', 'production': 1}]}",
     "bad.json:2:34: /schedule/0/every: found \"0s\"; must be a duration of at least 1ns"},
    {"a repeated add_sibling",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'every': '1s', 'until': '9s', 'add_sibling': ['A', 'B']}]}",
     "bad.json:2:34: /schedule/0/every: \"add_sibling\" has no \"every\"; a link is made once"},
    {"an add_sibling of itself",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'add_sibling': ['A', 'A']}]}",
     "bad.json:2:46: /schedule/0/add_sibling/1: \"A\" twice; a link is between two different "
     "nodes"},
    {"an add_sibling of one name",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'add_sibling': 'A'}]}",
     "bad.json:2:40: /schedule/0/add_sibling: found \"A\"; must be an array of the names of two "
     "nodes"},
    {"an add_sibling of nobody",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'add_sibling': ['A', 'C']}]}",
     "bad.json:2:46: /schedule/0/add_sibling/1: no node has the name \"C\"; allowed: \"A\", \"B\""},
    {"an add_sibling with a wrong jitter",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'add_sibling': ['A', 'B'], 'jitter': {'exponential': '1 ms'}}]}",
     "bad.json:2:78: /schedule/0/jitter/exponential: \"1 ms\" has an unknown unit; use ns, us, ms, "
     "s, min, h or d"},
    {"a latency without a link",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'sync_grid': 'A', 'latency': '1ms'}]}",
     "bad.json:2:54: /schedule/0/latency: \"latency\" is of a link; it goes with \"add_sibling\", "
     "or within \"degrade\": {…}"},
    {"a sync_grid of nobody",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'sync_grid': 'nobody'}]}",
     "bad.json:2:38: /schedule/0/sync_grid: no node has the name \"nobody\"; allowed: \"A\", "
     "\"B\""},
    {"an update_net of true",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'update_net': true}]}",
     "bad.json:2:39: /schedule/0/update_net: found true; must be the name of a node, an array of "
     "names, \"*\", or an object such as {\"random\": 1}"},
    {"an entry's expect with an unknown member",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'sync_grid': '*', 'expect': {'mesages': 3}}]}",
     "bad.json:2:65: /schedule/0/expect/mesages: unknown member \"mesages\"; did you mean "
     "\"messages\"?"},
    {"an entry's expect of fewer than no messages",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'sync_grid': '*', 'expect': {'messages': -3}}]}",
     "bad.json:2:66: /schedule/0/expect/messages: found -3; must be a whole number from 0 to "
     "9007199254740991"},
    {"an entry's expect that is a number",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'schedule': [{'at': 0, 'sync_grid': '*', 'expect': 3}]}",
     "bad.json:2:53: /schedule/0/expect: found 3; must be an object"},
    {"an expect that is true", "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': true}",
     "bad.json:1:53: /expect: found true; must be an object"},
    {"an expect with an unknown member",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'convergd': true}}",
     "bad.json:1:66: /expect/convergd: unknown member \"convergd\"; did you mean \"converged\"?"},
    {"a converged that is a word",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'converged': 'yes'}}",
     "bad.json:1:67: /expect/converged: found \"yes\"; must be true or false"},
    {"a gridnet that is not whole",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'gridnet': 0.5}}",
     "bad.json:1:65: /expect/gridnet: found 0.5; must be a whole number from -9007199254740992 to "
     "9007199254740992; write 500 with \"unit\": \"W\", and all energies so"},
    {"a gridnet of nobody",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'gridnet': {'a/b': 1}}}",
     "bad.json:1:73: /expect/gridnet/a~1b: no node has the name \"a/b\"; allowed: \"A\", \"B\""},
    {"a gridnet of a node that is a string",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'gridnet': {'A': '1'}}}",
     "bad.json:1:71: /expect/gridnet/A: found \"1\"; must be a whole number from -9007199254740992 "
     "to 9007199254740992"},
    {"messages of an unknown kind",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'messages': {'UpdateNets': 1}}}",
     "bad.json:1:81: /expect/messages/UpdateNets: unknown member \"UpdateNets\"; did you mean "
     "\"UpdateNet\"?"},
    {"a number of messages that is negative",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'messages': {'total': -1}}}",
     "bad.json:1:76: /expect/messages/total: found -1; must be a whole number from 0 to "
     "9007199254740991"},
    {"checks that are no list", "{'nodes': [{}], 'expect': {'checks': true}}",
     "bad.json:1:38: /expect/checks: found true; must be \"all\" or an array of names of checks"},
    {"no checks", "{'nodes': [{}], 'expect': {'checks': []}}",
     "bad.json:1:38: /expect/checks: found an empty array; must have at least one element"},
    {"an unknown check", "{'nodes': [{}], 'expect': {'checks': ['insync']}}",
     "bad.json:1:39: /expect/checks/0: found \"insync\"; did you mean \"in-sync\"?"},
    {"a check twice", "{'nodes': [{}], 'expect': {'checks': ['ids', 'ids']}}",
     "bad.json:1:46: /expect/checks/1: \"ids\" is named twice"},
    {"a bound of checks that are not made",
     "{'nodes': [{}], 'expect': {'checks': ['ids'], 'within': '1s'}}",
     "bad.json:1:57: /expect/within: \"within\" is of the checks \"in-sync\" and \"rest\"; none is "
     "made"},
    {"a converged_within that is no duration",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'expect': {'converged_within': 'soon'}}",
     "bad.json:1:74: /expect/converged_within: \"soon\" is not a duration; write a number and a "
     "unit, such as \"1.5s\""},
    {0},
};

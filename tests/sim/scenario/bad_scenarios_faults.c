/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Broken scenarios: faults. */
#include "tests/sim/scenario/bad_scenarios.h"

#define GRID "{'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C'}], 'links': [['A', 'B']],\n"

const BadScenario gs_bad_faults[] = {
    {"recovery that is a number", GRID " 'recovery': 5}",
     "bad.json:2:14: /recovery: found 5; must be \"none\", \"standard\" or an object with "
     "\"limit\" "
     "and \"resync\""},
    {"recovery by another word", GRID " 'recovery': 'auto'}",
     "bad.json:2:14: /recovery: found \"auto\"; must be \"none\" or \"standard\""},
    {"a limit that is too short", GRID " 'recovery': {'limit': '1us'}}",
     "bad.json:2:24: /recovery/limit: found \"1us\"; must be \"auto\" or a duration of at least "
     "1ms"},
    {"a limit by the word of a period", GRID " 'recovery': {'limit': 'never'}}",
     "bad.json:2:24: /recovery/limit: found \"never\"; must be \"auto\" or a duration of at least "
     "1ms"},
    {"a period that is too short", GRID " 'recovery': {'resync': 0}}",
     "bad.json:2:25: /recovery/resync: found 0; must be \"never\" or a duration of at least 100ms"},
    {"a period without a unit", GRID " 'recovery': {'resync': '5'}}",
     "bad.json:2:25: /recovery/resync: \"5\" has no unit; use ns, us, ms, s, min, h or d"},
    {"a crash of nobody", GRID " 'schedule': [{'at': 0, 'crash': 'D'}]}",
     "bad.json:2:34: /schedule/0/crash: no node has the name \"D\"; allowed: \"A\", \"B\", \"C\""},
    {"a crash that is a number", GRID " 'schedule': [{'at': 0, 'crash': 1}]}",
     "bad.json:2:34: /schedule/0/crash: found 1; must be the name of a node, an array of names, "
     "\"*\", or an object such as {\"random\": 1}"},
    {"a crash and a message", GRID " 'schedule': [{'at': 0, 'crash': 'A', 'sync_grid': 'B'}]}",
     "bad.json:2:34: /schedule/0/crash: found \"sync_grid\" and \"crash\"; an entry has one "
     "action"},
    {"a crash and a restart in one entry",
     GRID " 'schedule': [{'at': 0, 'crash': 'A', 'restart': 'A'}]}",
     "bad.json:2:50: /schedule/0/restart: found \"crash\" and \"restart\"; an entry has one "
     "action"},
    {"a crash that keeps something else",
     GRID " 'schedule': [{'at': 0, 'crash': 'A', 'keeps': 'siblings'}]}",
     "bad.json:2:48: /schedule/0/keeps: found \"siblings\"; must be \"all\", \"energy\" or "
     "\"nothing\""},
    {"a crash of more nodes than there are",
     GRID " 'schedule': [{'at': 0, 'crash': {'random': 4}}]}",
     "bad.json:2:45: /schedule/0/crash/random: found 4; must be a whole number from 1 to 3"},
    {"a pause that keeps something", GRID " 'schedule': [{'at': 0, 'pause': 'A', 'keeps': 'all'}]}",
     "bad.json:2:48: /schedule/0/keeps: \"keeps\" goes with \"crash\""},
    {"a message that lasts", GRID " 'schedule': [{'at': 0, 'sync_grid': 'A', 'for': '1s'}]}",
     "bad.json:2:50: /schedule/0/for: \"for\" goes with a fault that lasts: \"crash\", \"pause\", "
     "\"slow\", \"cut\", \"partition\" or \"degrade\""},
    {"a restart that lasts", GRID " 'schedule': [{'at': 0, 'restart': 'A', 'for': '1s'}]}",
     "bad.json:2:48: /schedule/0/for: \"for\" goes with a fault that lasts: \"crash\", \"pause\", "
     "\"slow\", \"cut\", \"partition\" or \"degrade\""},
    {"a crash that lasts no time", GRID " 'schedule': [{'at': 0, 'crash': 'A', 'for': 0}]}",
     "bad.json:2:46: /schedule/0/for: found 0; must be a duration longer than 0"},
    {"a crash that lasts true", GRID " 'schedule': [{'at': 0, 'crash': 'A', 'for': true}]}",
     "bad.json:2:46: /schedule/0/for: found true; must be a duration such as \"1.5s\", or an "
     "object with a distribution"},
    {"a crash that lasts by an unknown distribution",
     GRID " 'schedule': [{'at': 0, 'crash': 'A', 'for': {'poisson': '1s'}}]}",
     "bad.json:2:58: /schedule/0/for/poisson: unknown member \"poisson\"; allowed: \"constant\", "
     "\"uniform\", \"exponential\", \"lognormal\""},
    {"a slow node that is not said how", GRID " 'schedule': [{'at': 0, 'slow': 'A'}]}",
     "bad.json:2:15: /schedule/0: \"by\" is missing; \"slow\" needs it"},
    {"a slow node that is quicker", GRID " 'schedule': [{'at': 0, 'slow': 'A', 'by': 0.5}]}",
     "bad.json:2:44: /schedule/0/by: found 0.5; must be a number from 1 to 1000000"},
    {"a by without slow", GRID " 'schedule': [{'at': 0, 'crash': 'A', 'by': 2}]}",
     "bad.json:2:45: /schedule/0/by: \"by\" goes with \"slow\""},
    {"a cut of one node", GRID " 'schedule': [{'at': 0, 'cut': ['A']}]}",
     "bad.json:2:32: /schedule/0/cut: found an array of 1; must be the names of two nodes"},
    {"a cut that is a name", GRID " 'schedule': [{'at': 0, 'cut': 'A'}]}",
     "bad.json:2:32: /schedule/0/cut: found \"A\"; must be a link such as [\"A\", \"B\"], an array "
     "of links, \"*\", or an object such as {\"random\": 1}"},
    {"a cut of a node from itself", GRID " 'schedule': [{'at': 0, 'cut': ['A', 'A']}]}",
     "bad.json:2:38: /schedule/0/cut/1: \"A\" twice; a link is between two different nodes"},
    {"a list of cuts with a name in it", GRID " 'schedule': [{'at': 0, 'cut': [['A', 'B'], 'C']}]}",
     "bad.json:2:45: /schedule/0/cut/1: found \"C\"; must be an array of the names of two nodes"},
    {"a cut of no links", GRID " 'schedule': [{'at': 0, 'cut': []}]}",
     "bad.json:2:32: /schedule/0/cut: found an array of 0; must be the names of two nodes"},
    {"a cut of more links than there are", GRID " 'schedule': [{'at': 0, 'cut': {'random': 2}}]}",
     "bad.json:2:43: /schedule/0/cut/random: found 2; must be a whole number from 1 to 1"},
    {"a cut by an object without random", GRID " 'schedule': [{'at': 0, 'cut': {}}]}",
     "bad.json:2:32: /schedule/0/cut: \"random\" is missing; a choice of links by an object needs "
     "it"},
    {"a one_way that is a word",
     GRID " 'schedule': [{'at': 0, 'cut': ['A', 'B'], 'one_way': 'yes'}]}",
     "bad.json:2:55: /schedule/0/one_way: found \"yes\"; must be true or false"},
    {"a one_way without a cut",
     GRID " 'schedule': [{'at': 0, 'partition': {'random': 2}, 'one_way': true}]}",
     "bad.json:2:64: /schedule/0/one_way: \"one_way\" goes with \"cut\""},
    {"a one_way of all links", GRID " 'schedule': [{'at': 0, 'cut': '*', 'one_way': true}]}",
     "bad.json:2:48: /schedule/0/one_way: \"one_way\" is of links that are named, from the first "
     "to the second"},
    {"a partition that is a name", GRID " 'schedule': [{'at': 0, 'partition': 'A'}]}",
     "bad.json:2:38: /schedule/0/partition: found \"A\"; must be an array of groups such as "
     "[[\"A\"], \"*rest\"], or an object such as {\"random\": 2}"},
    {"a partition into one group", GRID " 'schedule': [{'at': 0, 'partition': [['A']]}]}",
     "bad.json:2:38: /schedule/0/partition: found an array of 1; must be at least two groups"},
    {"a partition with a node in two groups",
     GRID " 'schedule': [{'at': 0, 'partition': [['A'], ['A', 'B']]}]}",
     "bad.json:2:46: /schedule/0/partition/1: \"A\" is in two groups"},
    {"a partition with a group that is a name",
     GRID " 'schedule': [{'at': 0, 'partition': [['A'], 'B']}]}",
     "bad.json:2:46: /schedule/0/partition/1: found \"B\"; must be an array of names, or "
     "\"*rest\""},
    {"a partition with the rest twice",
     GRID " 'schedule': [{'at': 0, 'partition': ['*rest', '*rest']}]}",
     "bad.json:2:48: /schedule/0/partition/1: \"*rest\" twice; all others are one group"},
    {"a partition into one drawn group",
     GRID " 'schedule': [{'at': 0, 'partition': {'random': 1}}]}",
     "bad.json:2:49: /schedule/0/partition/random: found 1; must be a whole number from 2 to 3"},
    {"a heal of a number", GRID " 'schedule': [{'at': 0, 'heal': 1}]}",
     "bad.json:2:33: /schedule/0/heal: found 1; must be \"*\", the name of a node, or a link such "
     "as [\"A\", \"B\"]"},
    {"a heal of nobody", GRID " 'schedule': [{'at': 0, 'heal': 'X'}]}",
     "bad.json:2:33: /schedule/0/heal: no node has the name \"X\"; allowed: \"A\", \"B\", \"C\""},
    {"a heal of three nodes", GRID " 'schedule': [{'at': 0, 'heal': ['A', 'B', 'C']}]}",
     "bad.json:2:33: /schedule/0/heal: found an array of 3; must be the names of two nodes"},
    {"a degrade of nothing", GRID " 'schedule': [{'at': 0, 'degrade': {}, 'links': '*'}]}",
     "bad.json:2:36: /schedule/0/degrade: \"loss\" or \"latency\" is missing; \"degrade\" needs "
     "it"},
    {"a degrade that is a number", GRID " 'schedule': [{'at': 0, 'degrade': 0.2, 'links': '*'}]}",
     "bad.json:2:36: /schedule/0/degrade: found 0.2; must be an object"},
    {"a degrade of no links", GRID " 'schedule': [{'at': 0, 'degrade': {'loss': 0.2}}]}",
     "bad.json:2:15: /schedule/0: \"link\" or \"links\" is missing; \"degrade\" needs it"},
    {"a degrade of a link and of links",
     GRID " 'schedule': [{'at': 0, 'degrade': {'loss': 0.2}, 'link': ['A', 'B'], 'links': '*'}]}",
     "bad.json:2:80: /schedule/0/links: found \"link\" and \"links\"; give one of them"},
    {"a degrade that loses more than all",
     GRID " 'schedule': [{'at': 0, 'degrade': {'loss': 20}, 'links': '*'}]}",
     "bad.json:2:45: /schedule/0/degrade/loss: found 20; must be a number from 0 to 1, or a "
     "percentage such as \"5%\""},
    {"a degrade that takes no time",
     GRID " 'schedule': [{'at': 0, 'degrade': {'latency': 0}, 'links': '*'}]}",
     "bad.json:2:48: /schedule/0/degrade/latency: a degraded link takes longer than 0"},
    {"a degrade with an unknown member",
     GRID " 'schedule': [{'at': 0, 'degrade': {'jitter': 1}, 'links': '*'}]}",
     "bad.json:2:47: /schedule/0/degrade/jitter: unknown member \"jitter\"; allowed: \"loss\", "
     "\"latency\""},
    {"links without a degrade", GRID " 'schedule': [{'at': 0, 'cut': ['A', 'B'], 'links': '*'}]}",
     "bad.json:2:53: /schedule/0/links: \"links\" goes with \"degrade\""},
    {"a fault with a latency", GRID " 'schedule': [{'at': 0, 'crash': 'A', 'latency': '1s'}]}",
     "bad.json:2:50: /schedule/0/latency: \"latency\" is of a link; it goes with \"add_sibling\", "
     "or within \"degrade\": {…}"},
    {"faults that are an object", GRID " 'faults': {}}",
     "bad.json:2:12: /faults: found an object; must be an array"},
    {"a chance that is a string", GRID " 'faults': ['crash']}",
     "bad.json:2:13: /faults/0: found \"crash\"; must be an object"},
    {"a chance without a mean gap", GRID " 'faults': [{'crash': 'A', 'until': '9s'}]}",
     "bad.json:2:13: /faults/0: \"mean_gap\" is missing; a fault that comes by chance needs it"},
    {"a chance with a mean gap of 0",
     GRID " 'faults': [{'crash': 'A', 'mean_gap': 0, 'until': '9s'}]}",
     "bad.json:2:40: /faults/0/mean_gap: found 0; must be a duration of at least 1ns"},
    {"a chance without an end", GRID " 'faults': [{'crash': 'A', 'mean_gap': '1s'}]}",
     "bad.json:2:13: /faults/0: this would never end; give it or the scenario an \"until\""},
    {"a chance that ends before it begins",
     GRID " 'faults': [{'crash': 'A', 'mean_gap': '1s', 'from': '5s', 'until': '4s'}]}",
     "bad.json:2:69: /faults/0/until: found \"4s\"; must be at or after its \"from\""},
    {"a chance of nothing", GRID " 'faults': [{'mean_gap': '1s', 'until': '4s'}]}",
     "bad.json:2:13: /faults/0: no action; must have \"crash\", \"pause\", \"leave\", \"slow\", "
     "\"cut\", \"partition\" or \"degrade\""},
    {"a chance of a restart",
     GRID " 'faults': [{'restart': 'A', 'mean_gap': '1s', 'until': '4s'}]}",
     "bad.json:2:25: /faults/0/restart: unknown member \"restart\"; allowed: \"mean_gap\", "
     "\"from\", \"until\", \"crash\", \"pause\", \"leave\", \"slow\", \"cut\", \"partition\", "
     "\"degrade\", \"keeps\", \"by\", \"one_way\", \"link\", \"links\", \"for\""},
    {"a chance with at", GRID " 'faults': [{'crash': 'A', 'at': '1s'}]}",
     "bad.json:2:34: /faults/0/at: unknown member \"at\"; allowed: \"mean_gap\", \"from\", "
     "\"until\", \"crash\", \"pause\", \"leave\", \"slow\", \"cut\", \"partition\", \"degrade\", "
     "\"keeps\", \"by\", \"one_way\", \"link\", \"links\", \"for\""},
    {"a chance of too many drawn nodes",
     GRID " 'faults': [{'crash': {'random': 9}, 'mean_gap': '1s', 'until': '4s'}]}",
     "bad.json:2:34: /faults/0/crash/random: found 9; must be a whole number from 1 to 3"},
    {0},
};

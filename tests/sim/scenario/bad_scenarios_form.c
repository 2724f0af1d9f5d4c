/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Broken scenarios: JSON itself, the members at the top, the network, --set. */
#include "tests/sim/scenario/bad_scenarios.h"

const BadScenario gs_bad_form[] = {
    {"an empty text", "", "bad.json:1:1: the document is empty"},
    {"white space only",
     " \n"
     " ",
     "bad.json:1:1: the document is empty"},
    {"no JSON at all", "nodes: 3",
     "bad.json:1:1: expected a value, found 'nodes' (words that are values: true, false, null)"},
    {"an object that is not closed", "{'nodes': [{'name': 'A'}, {'name': 'B'}]",
     "bad.json:1:41: expected ',' or '}' after a member, found the end of the document; the '{' at "
     "bad.json:1:1 is not closed"},
    {"a surplus comma", "{'nodes': [{'name': 'A'}, {'name': 'B'}],}",
     "bad.json:1:42: expected a member's name in double quotes, found '}' (no ',' may stand before "
     "it)"},
    {"a missing colon", "{'nodes' [1]}",
     "bad.json:1:10: expected ':' after a member's name, found '['"},
    {"a comment",
     "{// the grid\n"
     "'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:2: expected a member's name in double quotes or '}', found '/'"},
    {"text after the end", "{'nodes': [{'name': 'A'}, {'name': 'B'}]} {}",
     "bad.json:1:43: expected nothing after the document's value, found '{'"},
    {"a member twice",
     "{'seed': 1, 'nodes': [{'name': 'A'}, {'name': 'B'}],\n"
     " 'seed': 2}",
     "bad.json:2:2: /seed: a member of this name is already at bad.json:1:2"},
    {"NaN as a number", "{'seed': NaN}",
     "bad.json:1:10: expected a value, found 'NaN' (words that are values: true, false, null)"},
    {"a number with a leading zero", "{'seed': 01}",
     "bad.json:1:10: a number must not start with 0 unless it is 0 or 0.…"},
    {"a number beyond doubles", "{'seed': 1e400}",
     "bad.json:1:10: the number is too large: at most about 1.797e308 is allowed"},
    {"a string that is not closed", "{'name': 'grid}", "bad.json:1:10: the string is never closed"},
    {"a NUL in a string", "{'name': 'a\\u0000b'}",
     "bad.json:1:12: \\u0000 (NUL) is not allowed in a string"},
    {"bytes that are not UTF-8", "{'name': '\xff'}",
     "bad.json:1:11: the byte 0xFF is not valid UTF-8"},
    {"an array instead of an object", "[]", "bad.json:1:1: found an array; must be an object"},
    {"an unknown member with a near word",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'shedule': []}",
     "bad.json:1:54: /shedule: unknown member \"shedule\"; did you mean \"schedule\"?"},
    {"an unknown member without a near word",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}], 'weather': 'fine'}",
     "bad.json:1:54: /weather: unknown member \"weather\"; allowed: \"$schema\", \"generator\", "
     "\"name\", "
     "\"about\", \"unit\", \"seed\", \"nodes\", \"links\", \"topology\", \"handshake\", \"start\", "
     "\"energy\", \"network\", \"pace\", \"protocol\", \"sync\", \"recovery\", "
     "\"schedule\", \"faults\", \"until\", "
     "\"expect\", \"token\""},
    {"a name of the wrong type", "{'name': 7, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /name: found 7; must be a string"},
    {"an empty name", "{'name': '', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /name: \"\" is empty; must be 1 to 200 bytes without control characters"},
    {"a name with a line break", "{'name': 'a\\nb', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /name: \"a\\u000ab\" has a control character; must be 1 to 200 bytes without "
     "control characters"},
    {"a unit that is null", "{'unit': null, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /unit: found null; must be a string"},
    {"an about that is an array", "{'about': ['x'], 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /about: found an array; must be a string"},
    {"a seed that is negative", "{'seed': -1, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /seed: found -1; must be a whole number from 0 to 9007199254740991"},
    {"a seed that is not whole", "{'seed': 1.5, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /seed: found 1.5; must be a whole number from 0 to 9007199254740991"},
    {"a seed beyond 2^53 - 1",
     "{'seed': 9007199254740992, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /seed: found 9007199254740992; must be a whole number from 0 to "
     "9007199254740991"},
    {"a seed that readers round",
     "{'seed': 9007199254740993, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /seed: found about 9007199254740992; must be a whole number from 0 to "
     "9007199254740991"},
    {"a seed as a string", "{'seed': '1', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /seed: found \"1\"; must be a whole number from 0 to 9007199254740991"},
    {"an unknown protocol", "{'protocol': 'gossip', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:14: /protocol: found \"gossip\"; must be \"echo\" or \"original\""},
    {"a misspelt protocol", "{'protocol': 'orignal', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:14: /protocol: found \"orignal\"; did you mean \"original\"?"},
    {"an unknown sync", "{'sync': true, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /sync: found true; must be \"every\" or \"coalesce\""},
    {"an unknown start", "{'start': 'warm', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /start: found \"warm\"; must be \"settled\" or \"cold\""},
    {"an until that is negative", "{'until': '-1s', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: \"-1s\" is negative; a duration is 0 or more"},
    {"an until in unknown units", "{'until': '10 weeks', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: \"10 weeks\" has an unknown unit; use ns, us, ms, s, min, h or d"},
    {"an until without a unit", "{'until': '10', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: \"10\" has no unit; use ns, us, ms, s, min, h or d"},
    {"an until that is no duration", "{'until': 'later', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: \"later\" is not a duration; write a number and a unit, such as "
     "\"1.5s\""},
    {"an until beyond 100 years", "{'until': '36526d', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: \"36526d\" is too long; a duration is at most 100 years (36525d)"},
    {"a negative number of seconds", "{'until': -0.5, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: -0.5 is negative; a duration is 0 or more"},
    {"too many seconds", "{'until': 1e10, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: 10000000000 is too long; a duration is at most 100 years (36525d)"},
    {"an until that is an object", "{'until': {}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:11: /until: found an object; must be a duration such as \"1.5s\", or a number of "
     "seconds"},
    {"a network that is a string", "{'network': 'fast', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:13: /network: found \"fast\"; must be an object"},
    {"an unknown member of the network",
     "{'network': {'latancy': '1ms'}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:25: /network/latancy: unknown member \"latancy\"; did you mean \"latency\"?"},
    {"a latency that is true",
     "{'network': {'latency': true}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:25: /network/latency: found true; must be a duration such as \"1.5s\", or an "
     "object with a distribution"},
    {"an unknown distribution",
     "{'network': {'latency': {'normal': '1ms'}}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:36: /network/latency/normal: unknown member \"normal\"; allowed: \"constant\", "
     "\"uniform\", \"exponential\", \"lognormal\""},
    {"two distributions at once",
     "{'network': {'latency': {'constant': 1, 'exponential': 1}}, 'nodes': [{'name': 'A'}, "
     "{'name': 'B'}]}",
     "bad.json:1:25: /network/latency: found 2 members; must be exactly one of \"constant\", "
     "\"uniform\", \"exponential\" or \"lognormal\""},
    {"a distribution without a kind",
     "{'network': {'jitter': {}}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:24: /network/jitter: found 0 members; must be exactly one of \"constant\", "
     "\"uniform\", \"exponential\" or \"lognormal\""},
    {"a uniform latency of one duration",
     "{'network': {'latency': {'uniform': ['1ms']}}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:37: /network/latency/uniform: found an array of 1; must be two durations"},
    {"a uniform latency that is backwards",
     "{'network': {'latency': {'uniform': ['2ms', '1ms']}}, 'nodes': [{'name': 'A'}, {'name': "
     "'B'}]}",
     "bad.json:1:45: /network/latency/uniform/1: found \"1ms\"; must be at least the first "
     "duration"},
    {"a lognormal latency without a sigma",
     "{'network': {'latency': {'lognormal': {'median': '1ms'}}}, 'nodes': [{'name': 'A'}, {'name': "
     "'B'}]}",
     "bad.json:1:39: /network/latency/lognormal: \"sigma\" is missing; lognormal needs it"},
    {"a sigma that is too large",
     "{'network': {'latency': {'lognormal': {'median': 1, 'sigma': 11}}}, 'nodes': [{'name': 'A'}, "
     "{'name': 'B'}]}",
     "bad.json:1:62: /network/latency/lognormal/sigma: found 11; must be a number from 0 to 10"},
    {"a fifo that is a number", "{'network': {'fifo': 1}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:22: /network/fifo: found 1; must be true or false"},
    {"an unknown pace", "{'pace': 'slow', 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /pace: found \"slow\"; must be \"none\" or \"original\""},
    {"a pace that is a number", "{'pace': 2, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:10: /pace: found 2; must be \"none\", \"original\" or an object with \"receive\" "
     "and \"send\""},
    {"a pace of 0", "{'pace': {'receive': 0, 'send': 1}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:22: /pace/receive: found 0; must be a duration of at least 1ns"},
    {"a pace with an unknown member",
     "{'pace': {'recieve': 1}, 'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "bad.json:1:22: /pace/recieve: unknown member \"recieve\"; did you mean \"receive\"?"},
    {"a pace without sending", "{'pace': {'receive': '1s'}, 'nodes': [{'name': 'A'}]}",
     "bad.json:1:10: /pace: \"send\" is missing; a pace needs it"},
    {"a pace without receiving", "{'pace': {'send': '2s'}, 'nodes': [{'name': 'A'}]}",
     "bad.json:1:10: /pace: \"receive\" is missing; a pace needs it"},
    {"a pace without members", "{'pace': {}, 'nodes': [{'name': 'A'}]}",
     "bad.json:1:10: /pace: \"receive\" is missing; a pace needs it"},
    {0},
};

const BadSetting gs_bad_settings[] = {
    {"a value set on the command line that is wrong", "{'nodes': [{'name': 'A'}, {'name': 'B'}]}",
     "network.latency", "fast",
     "--set network.latency=fast: /network/latency: \"fast\" is not a duration; write a number and "
     "a unit, such as \"1.5s\""},
    {"a member set on the command line that is unknown",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}]}", "sead", "7",
     "--set sead=7: /sead: unknown member \"sead\"; did you mean \"seed\"?"},
    {"a path into a scalar", "{'seed': 1, 'nodes': [{'name': 'A'}, {'name': 'B'}]}", "seed.x", "7",
     "--set seed.x=7: \"x\" would be inside a number, which has no members"},
    {"a number in the place of an array", "{'nodes': [{'name': 'A'}, {'name': 'B'}]}", "nodes", "7",
     "--set nodes=7: /nodes: found 7; must be an array"},
    {"a wrong word in the place of an object", "{'nodes': [{'name': 'A'}], 'recovery': {}}",
     "recovery", "non", "--set recovery=non: /recovery: found \"non\"; did you mean \"none\"?"},
    {"a number in the place of an object", "{'nodes': [{'name': 'A'}], 'recovery': {}}", "recovery",
     "5",
     "--set recovery=5: /recovery: found 5; must be \"none\", \"standard\" or an object with "
     "\"limit\" and \"resync\""},
    {"a path beyond an array", "{'nodes': [{'name': 'A'}, {'name': 'B'}]}", "nodes.2.production",
     "7",
     "--set nodes.2.production=7: the array has 2 elements, there is no number 2 (counted from 0)"},
    {"a path with an empty part", "{'nodes': [{'name': 'A'}, {'name': 'B'}]}", "network..latency",
     "7",
     "--set network..latency=7: the path has an empty part: write member.member or "
     "member.0.member"},
    {"an energy set on the command line that is too large",
     "{'nodes': [{'name': 'A'}, {'name': 'B'}]}", "nodes.0.production", "1e13",
     "--set nodes.0.production=1e13: /nodes/0/production: found 10000000000000; must be a whole "
     "number from 0 to 1099511627776"},
    {0},
};

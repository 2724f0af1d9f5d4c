/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Broken scenarios: what may become of messages. */
#include "tests/sim/scenario/bad_scenarios.h"

#define TWO "'nodes': [{'name': 'A'}, {'name': 'B'}]"

const BadScenario gs_bad_network[] = {
    {"a loss that is certain and more", "{'network': {'loss': 1.5}, " TWO "}",
     "bad.json:1:22: /network/loss: found 1.5; must be a number from 0 to 1, or a percentage such "
     "as \"5%\""},
    {"a loss below nothing", "{'network': {'loss': -0.1}, " TWO "}",
     "bad.json:1:22: /network/loss: found -0.1; must be a number from 0 to 1, or a percentage such "
     "as \"5%\""},
    {"a loss in percent above all", "{'network': {'loss': '101%'}, " TWO "}",
     "bad.json:1:22: /network/loss: found \"101%\"; must be a number from 0 to 1, or a percentage "
     "such as \"5%\""},
    {"a loss in percent below nothing", "{'network': {'loss': '-5%'}, " TWO "}",
     "bad.json:1:22: /network/loss: found \"-5%\"; must be a number from 0 to 1, or a percentage "
     "such as \"5%\""},
    {"a loss that is a word", "{'network': {'loss': 'some'}, " TWO "}",
     "bad.json:1:22: /network/loss: found \"some\"; must be a number from 0 to 1, or a percentage "
     "such as \"5%\""},
    {"a loss that is a number in words", "{'network': {'loss': '0.1'}, " TWO "}",
     "bad.json:1:22: /network/loss: found \"0.1\"; must be a number from 0 to 1, or a percentage "
     "such as \"5%\""},
    {"a loss that is only a sign", "{'network': {'loss': '%'}, " TWO "}",
     "bad.json:1:22: /network/loss: found \"%\"; must be a number from 0 to 1, or a percentage "
     "such as \"5%\""},
    {"a duplicate that is true", "{'network': {'duplicate': true}, " TWO "}",
     "bad.json:1:27: /network/duplicate: found true; must be a number from 0 to 1, or a percentage "
     "such as \"5%\""},
    {"a loss of a link beyond all", "{" TWO ", 'links': [{'between': ['A', 'B'], 'loss': 2}]}",
     "bad.json:1:85: /links/0/loss: found 2; must be a number from 0 to 1, or a percentage such as "
     "\"5%\""},
    {"a loss that is of no link",
     "{" TWO ", 'schedule': [{'at': 0, 'node': 'A', 'production': 1, 'loss': 0.5}]}",
     "bad.json:1:104: /schedule/0/loss: \"loss\" is of a link; it goes with \"add_sibling\", "
     "or within \"degrade\": {…}"},
    {"a transport that is a number", "{'network': {'transport': 4}, " TWO "}",
     "bad.json:1:27: /network/transport: found 4; must be an object"},
    {"a transport with another member", "{'network': {'transport': {'try': 4}}, " TWO "}",
     "bad.json:1:35: /network/transport/try: unknown member \"try\"; allowed: \"tries\", "
     "\"after\""},
    {"no tries", "{'network': {'transport': {'tries': 0}}, " TWO "}",
     "bad.json:1:37: /network/transport/tries: found 0; must be a whole number from 1 to 16"},
    {"too many tries", "{'network': {'transport': {'tries': 17}}, " TWO "}",
     "bad.json:1:37: /network/transport/tries: found 17; must be a whole number from 1 to 16"},
    {"tries one after the other at once",
     "{'network': {'transport': {'tries': 2, 'after': 0}}, " TWO "}",
     "bad.json:1:49: /network/transport/after: found 0; must be a duration of at least 1ns"},
    {"messages that are an object", "{'network': {'messages': {}}, " TWO "}",
     "bad.json:1:26: /network/messages: found an object; must be an array"},
    {"a message without a link",
     "{'network': {'messages': [{'number': 1, 'lost': true}]}, " TWO "}",
     "bad.json:1:27: /network/messages/0: \"link\" is missing; a message needs it"},
    {"a message without a number",
     "{'network': {'messages': [{'link': ['A', 'B'], 'lost': true}]}, " TWO "}",
     "bad.json:1:27: /network/messages/0: \"number\" is missing; a message needs it"},
    {"a message without a fate",
     "{'network': {'messages': [{'link': ['A', 'B'], 'number': 1}]}, " TWO "}",
     "bad.json:1:27: /network/messages/0: \"latency\" or \"lost\" is missing; a message needs it"},
    {"a message with two fates",
     "{'network': {'messages': [{'link': ['A', 'B'], 'number': 1, 'latency': 1, 'lost': "
     "true}]}, " TWO "}",
     "bad.json:1:83: /network/messages/0/lost: found \"latency\" and \"lost\"; give one of them"},
    {"a message that is not lost",
     "{'network': {'messages': [{'link': ['A', 'B'], 'number': 1, 'lost': false}]}, " TWO "}",
     "bad.json:1:69: /network/messages/0/lost: found false; must be true, or be left out"},
    {"a double of a lost message",
     "{'network': {'messages': [{'link': ['A', 'B'], 'number': 1, 'lost': true, 'double': "
     "1}]}, " TWO "}",
     "bad.json:1:85: /network/messages/0/double: found \"double\" of a message that is lost; leave "
     "it "
     "out"},
    {"a message number 0",
     "{'network': {'messages': [{'link': ['A', 'B'], 'number': 0, 'lost': true}]}, " TWO "}",
     "bad.json:1:58: /network/messages/0/number: found 0; must be a whole number from 1 to "
     "9007199254740991"},
    {"a message to nobody",
     "{'network': {'messages': [{'link': ['A', 'C'], 'number': 1, 'lost': true}]}, " TWO "}",
     "bad.json:1:42: /network/messages/0/link/1: no node has the name \"C\"; allowed: \"A\", "
     "\"B\""},
    {"a message to itself",
     "{'network': {'messages': [{'link': ['A', 'A'], 'number': 1, 'lost': true}]}, " TWO "}",
     "bad.json:1:42: /network/messages/0/link/1: \"A\" twice; a link is between two different "
     "nodes"},
    {"a message that is named twice",
     "{'network': {'messages': [{'link': ['A', 'B'], 'number': 4, 'lost': true}, {'link': ['A', "
     "'B'], 'number': 4, 'latency': '1ms'}]}, " TWO "}",
     "bad.json:1:26: /network/messages: message 4 from \"A\" to \"B\" is named twice"},
    {0},
};

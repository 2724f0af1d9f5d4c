/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/scenario/scenario.h"

static GsScenario *parse(const char *rest, GError **error) {
  g_autofree char *text =
      g_strdup_printf("{\"nodes\": [{\"name\": \"A\"}, {\"name\": \"B\"}, {\"name\": \"C\"}],\n"
                      " \"links\": [[\"A\", \"B\"]], \"until\": \"100s\",\n %s}",
                      rest);
  g_strdelimit(text, "'", '"');
  return gs_scenario_parse(text, strlen(text), "f.json", NULL, 0, error);
}

typedef struct {
  const char *rest, *warning; /**< NULL: none */
} Case;

static const Case cases[] = {
    {"'schedule': [{'at': '1s', 'crash': 'A'}, {'at': '2s', 'restart': 'A'}]", NULL},
    {"'schedule': [{'at': '2s', 'restart': 'A'}, {'at': '1s', 'crash': 'A'}]", NULL},
    {"'schedule': [{'at': '1s', 'restart': 'A'}, {'at': '2s', 'crash': 'A'}]",
     "f.json:3:15: /schedule/0: \"A\" is not down at 1s; there is nothing to restart"},
    {"'schedule': [{'at': '1s', 'crash': 'A', 'for': '1s'},\n  {'at': '2s', 'restart': 'A'}]",
     "f.json:4:3: /schedule/1: \"A\" is not down at 2s; there is nothing to restart"},
    {"'schedule': [{'at': '1s', 'crash': '*', 'for': '9s'}, {'at': '2s', 'crash': 'A', 'for': "
     "'1s'},\n  {'at': '4s', 'restart': 'A'}]",
     "f.json:3:56: /schedule/1: \"A\" is down already at 2s"},
    {"'schedule': [{'at': '1s', 'crash': 'A', 'for': '1s'}, {'at': '2s', 'crash': 'A'}]", NULL},
    {"'schedule': [{'at': '1s', 'crash': 'A'}, {'at': '2s', 'restart': 'A'}, {'at': '3s', 'crash': "
     "'A'}]",
     NULL},
    {"'schedule': [{'at': '1s', 'crash': 'A'}, {'at': '2s', 'crash': '*'}]", NULL},
    {"'schedule': [{'at': '1s', 'every': '10s', 'until': '31s', 'crash': 'A', 'for': '15s'}]",
     "f.json:3:15: /schedule/0: \"A\" is down already at 11s (and 2 more like this)"},
    {"'schedule': [{'at': '1s', 'crash': 'A'}],\n 'faults': [{'crash': 'A', 'mean_gap': '1s'}]",
     NULL},
    {"'schedule': [{'at': '1s', 'pause': 'A'},\n  {'at': '2s', 'pause': ['B', 'A']}]",
     "f.json:4:3: /schedule/1: \"A\" is paused already at 2s"},
    {"'schedule': [{'at': '1s', 'pause': 'A'}, {'at': '2s', 'crash': 'A'}]", NULL},
    {"'schedule': [{'at': '1s', 'leave': 'A'},\n  {'at': '2s', 'slow': 'A', 'by': 2}]",
     "f.json:4:3: /schedule/1: \"A\" has left for good at 2s; nothing more happens to it"},
    {"'schedule': [{'at': '1s', 'leave': 'A'},\n  {'at': '2s', 'leave': 'A'}]",
     "f.json:4:3: /schedule/1: \"A\" has left for good at 2s; nothing more happens to it"},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'B']},\n  {'at': '2s', 'cut': ['B', 'A']}]",
     "f.json:4:3: /schedule/1: the link between \"B\" and \"A\" is cut already at 2s"},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'B']},\n"
     "  {'at': '2s', 'cut': ['B', 'A'], 'one_way': true}]",
     "f.json:4:3: /schedule/1: the link from \"B\" to \"A\" is cut already at 2s"},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'B'], 'one_way': true},"
     " {'at': '2s', 'cut': ['B', 'A'], 'one_way': true}]",
     NULL},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'B'], 'one_way': true},"
     " {'at': '2s', 'cut': ['B', 'A']}]",
     NULL},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'B']}, {'at': '2s', 'heal': 'B'},"
     " {'at': '3s', 'cut': ['B', 'A']}, {'at': '4s', 'heal': ['A', 'B']},"
     " {'at': '5s', 'cut': ['B', 'A']}, {'at': '6s', 'heal': '*'}, {'at': '7s', 'cut': ['A', "
     "'B']}]",
     NULL},
    {"'schedule': [{'at': '1s', 'restart': '*', 'every': '40s'}]",
     "f.json:3:15: /schedule/0: \"A\" is not down at 1s; there is nothing to restart (and 8 more "
     "like this)"},
    {"'schedule': [{'at': '1s', 'leave': 'A'}, {'at': '2s', 'restart': 'A'}]",
     "f.json:3:43: /schedule/1: \"A\" has left for good at 2s; there is nothing to restart"},
    {"'schedule': [{'at': '1s', 'crash': 'A'}, {'at': '2s', 'resume': 'A'}]",
     "f.json:3:43: /schedule/1: \"A\" is not paused at 2s; there is nothing to resume"},
    {"'schedule': [{'at': '1s', 'heal': '*'}]",
     "f.json:3:15: /schedule/0: no link is cut or degraded at 1s; there is nothing to heal"},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'B'], 'for': '1s'}, {'at': '1.5s', 'heal': '*'}]",
     NULL},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'B'], 'for': '1s'},\n  {'at': '3s', 'heal': 'A'}]",
     "f.json:4:3: /schedule/1: no link of \"A\" is cut or degraded at 3s; there is nothing to "
     "heal"},
    {"'schedule': [{'at': '1s', 'heal': ['B', 'A']}]",
     "f.json:3:15: /schedule/0: the link between \"B\" and \"A\" is neither cut nor degraded at "
     "1s; "
     "there is nothing to heal"},
    {"'schedule': [{'at': '1s', 'partition': [['A'], '*rest']}, {'at': '2s', 'heal': ['A', 'B']}]",
     NULL},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'C']}]",
     "f.json:3:15: /schedule/0: \"A\" and \"C\" are not linked"},
    {"'schedule': [{'at': '1s', 'cut': ['A', 'C']}, {'at': '2s', 'add_sibling': ['C', 'A']}]",
     NULL},
    {"'network': {'messages': [{'link': ['A', 'B'], 'number': 1, 'lost': true},\n"
     "  {'link': ['C', 'A'], 'number': 1, 'lost': true}]}",
     "f.json:4:3: /network/messages/1: \"C\" and \"A\" are not linked; it is never sent"},
    {"'network': {'messages': [{'link': ['C', 'A'], 'number': 1, 'lost': true}]},"
     " 'schedule': [{'at': '2s', 'add_sibling': ['A', 'C']}]",
     NULL},
    {"'faults': [{'degrade': {'loss': 1}, 'link': ['B', 'C'], 'mean_gap': '1000d'},\n"
     "  {'cut': {'random': 1}, 'mean_gap': '9s', 'for': {'exponential': '3s'}}]",
     NULL},
};

Test(fault_warnings, name_the_line_of_what_contradicts_itself) {
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario = parse(cases[i].rest, &error);
    cr_assert_not_null(scenario, "%s: %s", cases[i].rest, error ? error->message : "");
    cr_assert_eq(scenario->warnings->len, cases[i].warning != NULL, "%s", cases[i].rest);
    if (!cases[i].warning)
      continue;
    g_autofree char *line = gs_warning_line(scenario->warnings->pdata[0]);
    cr_expect_str_eq(line, cases[i].warning);
  }
}

Test(faults, that_hit_too_much_are_refused) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario =
      parse("'schedule': [{'at': '1s', 'crash': 'A'},\n"
            "  {'at': '1s', 'crash': '*', 'for': '1ns', 'every': '70us'}]",
            &error);
  cr_assert_null(scenario);
  cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_LIMIT));
  cr_expect_str_eq(error->message, "f.json:4:3: /schedule/1: faults hit more than 4194304 nodes "
                                   "and links, one by one");
}

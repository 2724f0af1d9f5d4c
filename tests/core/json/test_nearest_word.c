/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/json/json.h"

Test(nearest_word, is_at_most_a_third_away) {
  static const char *const allowed[] = {"latency", "jitter", "loss", "topology", NULL};
  static const struct {
    const char *word, *nearest;
  } cases[] = {
      {"latency", "latency"},
      {"latnecy", "latency"},
      {"latecny", "latency"},
      {"laency", "latency"},
      {"Latency", "latency"},
      {"los", "loss"},
      {"lsos", "loss"},
      {"lo", NULL},
      {"x", NULL},
      {"", NULL},
      {"topolgy", "topology"},
      {"network", NULL},
      {"ljxttxr", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *nearest = gs_nearest_word(cases[i].word, allowed);
    cr_expect(g_strcmp0(nearest, cases[i].nearest) == 0, "%s: %s", cases[i].word, nearest);
  }
  g_autofree char *longest = g_strnfill(1000, 'l');
  cr_expect_null(gs_nearest_word(longest, allowed));
}

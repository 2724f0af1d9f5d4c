/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/study/recheck.h"

/** Which of `count` runs are left; runs are told apart by their repetition. */
static GArray *thinned(uint32_t count, uint64_t most) {
  GArray *runs = g_array_new(FALSE, FALSE, sizeof(GsRecheckRun));
  for (uint32_t i = 0; i < count; i++) {
    GsRecheckRun run = {.repetition = i};
    g_array_append_val(runs, run);
  }
  gs_recheck_thin(runs, most);
  return runs;
}

Test(recheck, of_many_runs_are_done_again_the_first_and_the_last_and_some_evenly_between) {
  for (uint32_t count = 1; count <= 40; count++)
    for (uint32_t most = 1; most <= 42; most++) {
      g_autoptr(GArray) runs = thinned(count, most);
      cr_assert_eq(runs->len, MIN(count, most));
      for (guint i = 0; i < runs->len; i++) {
        uint32_t at = g_array_index(runs, GsRecheckRun, i).repetition;
        uint32_t before = i ? g_array_index(runs, GsRecheckRun, i - 1).repetition : 0;
        cr_assert(i > 0 || at == 0);
        cr_assert(i == 0 || (at > before && at - before <= (count - 2) / (runs->len - 1) + 1));
      }
      uint32_t last = g_array_index(runs, GsRecheckRun, runs->len - 1).repetition;
      cr_assert_eq(last, runs->len > 1 ? count - 1 : 0);
    }
}

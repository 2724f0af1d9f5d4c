/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/drawn_runs.h"

/** Of more of them `make digests` asks the same. */
#define SEEDS 40u

Test(drawn_runs, threads_and_pools_of_1_2_3_and_8_workers_tell_the_same_of_what_explore_draws) {
  g_auto(ExplorePlan) plan = {0};
  gs_drawn_plan(&plan);
  GsDrawnRuns runs = {0};
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    g_autofree char *differs = gs_drawn_difference(&plan.draw, seed, &runs);
    cr_assert_null(differs, "%s", differs);
  }
  cr_expect_eq(runs.agreed + runs.impossible + runs.given_up, SEEDS);
  cr_expect_geq(runs.agreed, SEEDS - 2, "hardly one cannot be, or never ends");
  for (guint kind = 0; kind < GS_DRAWN_KINDS; kind++)
    cr_expect(runs.kinds >> kind & 1, "none of %u has %s", SEEDS, gs_drawn_names[kind]);
}

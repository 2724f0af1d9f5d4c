/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/drawn_runs.h"
#include "tests/stress/stress.h"

/*
 * Runs what `gridsim explore` draws of the seeds from 1 on, as many as its operand says, with all
 * runners and numbers of workers, and prints one checksum of all that they told, which must
 * not depend on compilers either.
 */

#define SEEDS 25u

int main(int argc, char **argv) {
  uint64_t seeds = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : SEEDS;
  g_auto(ExplorePlan) plan = {0};
  gs_drawn_plan(&plan);
  GsDrawnRuns runs = {.documents = g_checksum_new(G_CHECKSUM_SHA256)};
  for (uint64_t seed = 1; seed <= seeds; seed++) {
    g_autofree char *differs = gs_drawn_difference(&plan.draw, seed, &runs);
    stress_require(!differs, "%s", differs);
  }
  stress_require(runs.agreed, "no scenario was run");
  printf("%.32s  %" PRIu64 " scenarios agree, %" PRIu64 " cannot be, %" PRIu64 " given up\n",
         g_checksum_get_string(runs.documents), runs.agreed, runs.impossible, runs.given_up);
  g_checksum_free(runs.documents);
  return 0;
}

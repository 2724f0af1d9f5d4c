/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/cost.h"

/** The table of docs/PROTOCOL.md, What it costs. */
Test(cost, is_that_of_the_documented_grids) {
  static const struct {
    uint64_t nodes, links, wave, update;
  } grids[] = {{1, 0, 0, 0},     {2, 1, 2, 5},    {4, 4, 10, 45},
               {10, 9, 18, 189}, {9, 9, 20, 190}, {5, 10, 32, 176}};
  for (unsigned i = 0; i < sizeof grids / sizeof *grids; i++) {
    uint64_t nodes = grids[i].nodes, links = grids[i].links;
    cr_expect_eq(gs_cost_wave(nodes, links), grids[i].wave, "grid %u", i);
    cr_expect_eq(gs_cost_sync(nodes, links), grids[i].update, "grid %u", i);
    cr_expect_eq(gs_cost_new_link(nodes, links), grids[i].update + 2, "grid %u", i);
    cr_expect_eq(gs_cost_waves_of_all(nodes, links) + gs_cost_flood(nodes, links),
                 gs_cost_sync(nodes, links), "grid %u: a flood, and a wave of each node", i);
  }
}

Test(cost, beyond_counting_stays_there) {
  uint64_t nodes = UINT64_C(1) << 24, links = UINT64_C(1) << 25;
  cr_expect_eq(gs_cost_sync(nodes, links), ((UINT64_C(3) << 24) + 1) * ((UINT64_C(1) << 25) + 1));
  cr_expect_eq(gs_cost_sync(UINT64_C(1) << 40, UINT64_C(1) << 40), UINT64_MAX);
  cr_expect_eq(gs_cost_new_link(UINT64_C(1) << 40, UINT64_C(1) << 40), UINT64_MAX);
  cr_expect_eq(gs_saturating_add(UINT64_MAX - 1, 1), UINT64_MAX);
  cr_expect_eq(gs_saturating_add(UINT64_MAX - 1, 2), UINT64_MAX);
  cr_expect_eq(gs_saturating_multiply(UINT64_C(1) << 32, UINT64_C(1) << 32), UINT64_MAX);
}

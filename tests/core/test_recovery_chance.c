/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/core/recovery_support.h"

/*
 * Small random grids in which everything goes wrong for half a minute; then it is all
 * mended. At the end every node knows the sum, nothing is open, siblings are
 * symmetric, and no wave ever counted an id twice.
 */

#define TROUBLE_S 30

static uint64_t draw(GsTrouble *trouble, uint64_t bound) {
  return gs_test_random(&trouble->chance, bound);
}

/** Connected, with some links more. */
static void make_grid(GsTrouble *trouble) {
  for (uint32_t i = 1; i < trouble->count; i++)
    gs_trouble_link(trouble, (uint32_t)draw(trouble, i), i);
  for (uint64_t more = draw(trouble, trouble->count); more; more--) {
    uint32_t a = (uint32_t)draw(trouble, trouble->count),
             b = (uint32_t)draw(trouble, trouble->count);
    if (a != b && !trouble->linked[a][b])
      gs_trouble_link(trouble, a, b);
  }
  gs_trouble_start(trouble);
}

typedef enum { LOSS = 1, TWICE = 2, ANY_ORDER = 4, CRASHES = 8, CUTS = 16, ONE_WAY = 32 } Faults;

static void go_wrong(GsTrouble *trouble, unsigned faults) {
  uint32_t a = (uint32_t)draw(trouble, trouble->count), b = (uint32_t)draw(trouble, trouble->count);
  bool begins = draw(trouble, 2);
  switch (draw(trouble, 5)) {
  case 0:
    gs_trouble_update(trouble, a, begins);
    break;
  case 1:
    if (faults & CRASHES && begins)
      gs_trouble_crash(trouble, a);
    break;
  case 2:
    gs_trouble_restart(trouble, a, (GsKeeps)draw(trouble, 3));
    break;
  case 3:
    if (faults & CUTS && a != b)
      gs_trouble_cut_both(trouble, a, b, begins);
    break;
  default:
    if (faults & ONE_WAY && a != b)
      gs_trouble_cut(trouble, a, b, begins);
    break;
  }
}

static void mend(GsTrouble *trouble) {
  trouble->loss_percent = trouble->twice_percent = 0;
  for (uint32_t a = 0; a < trouble->count; a++)
    for (uint32_t b = 0; b < trouble->count; b++)
      gs_trouble_cut(trouble, a, b, false);
  for (uint32_t a = 0; a < trouble->count; a++)
    gs_trouble_restart(trouble, a, (GsKeeps)draw(trouble, 3));
}

static void run(uint64_t seed, unsigned faults) {
  g_auto(GsTrouble) trouble;
  gs_trouble_init(&trouble, 2 + (uint32_t)(seed % 5), seed, faults & (LOSS | TWICE | ANY_ORDER));
  trouble.rules.resync_ns = 20 * GS_TEST_S;
  make_grid(&trouble);
  for (uint32_t i = 0; i < trouble.count; i++)
    gs_trouble_sync(&trouble, i);
  if (faults & LOSS)
    trouble.loss_percent = (uint32_t)draw(&trouble, 40);
  if (faults & TWICE)
    trouble.twice_percent = (uint32_t)draw(&trouble, 40);
  trouble.fifo = !(faults & ANY_ORDER);
  trouble.jitter_ns = (int64_t)draw(&trouble, 100) * GS_TEST_MS;
  while (trouble.now_ns < TROUBLE_S * GS_TEST_S) {
    gs_trouble_run_for(&trouble, (int64_t)draw(&trouble, 1000) * GS_TEST_MS);
    go_wrong(&trouble, faults);
  }
  mend(&trouble);
  gs_trouble_run_for(&trouble, 100 * GS_TEST_S);
  gs_trouble_rest(&trouble, 600 * GS_TEST_S);
  gs_trouble_expect_all_well(&trouble);
}

#define SEEDS 100

static void run_all(unsigned faults) {
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    run(seed, faults);
}

Test(recovery_chance, after_losses_all_is_well) {
  run_all(LOSS);
}

Test(recovery_chance, after_doubles_in_any_order_all_is_well) {
  run_all(TWICE | ANY_ORDER);
}

Test(recovery_chance, after_crashes_all_is_well) {
  run_all(CRASHES);
}

Test(recovery_chance, after_cuts_all_is_well) {
  run_all(CUTS);
}

Test(recovery_chance, after_cuts_in_one_direction_all_is_well) {
  run_all(ONE_WAY);
}

Test(recovery_chance, after_everything_at_once_all_is_well) {
  run_all(LOSS | TWICE | ANY_ORDER | CRASHES | CUTS | ONE_WAY);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/pool.h"

Test(pool, a_class_is_the_smallest_power_of_two_that_holds_the_size) {
  static const struct {
    gsize size;
    guint block_class;
  } cases[] = {{0, 6},     {1, 6},     {64, 6},
               {65, 7},    {128, 7},   {129, 8},
               {4096, 12}, {4097, 13}, {(gsize)1 << 40, 40}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_expect_eq(gs_pool_class(cases[i].size), cases[i].block_class, "%zu", cases[i].size);
}

Test(pool, the_class_of_a_type_is_that_of_its_size) {
#define OF_BYTES(n)                                                                                \
  cr_expect_eq(GS_POOL_CLASS_OF(char[n]), gs_pool_class(n), "%u for %d bytes",                     \
               GS_POOL_CLASS_OF(char[n]), n)
  OF_BYTES(2);
  OF_BYTES(64);
  OF_BYTES(65);
  OF_BYTES(128);
  OF_BYTES(129);
  OF_BYTES(4096);
}

static void note_advice(void *memory, gsize size) {
  memset(memory, 0, size);
}

Test(pool, blocks_are_aligned_do_not_overlap_and_are_reused) {
  enum { BLOCKS = 400 };
  GsPool pool;
  uint8_t *blocks[BLOCKS];
  gs_pool_init(&pool, note_advice);
  for (guint i = 0; i < BLOCKS; i++) {
    guint block_class = 6 + i % 17;
    blocks[i] = gs_pool_take(&pool, block_class);
    cr_assert_eq((guintptr)blocks[i] % 64, 0);
    memset(blocks[i], (int)(i % 251), (gsize)1 << block_class);
  }
  for (guint i = 0; i < BLOCKS; i++) {
    gsize size = (gsize)1 << (6 + i % 17);
    cr_assert(blocks[i][0] == i % 251 && !memcmp(blocks[i], blocks[i] + 1, size - 1), "%u", i);
    gs_pool_give(&pool, blocks[i], 6 + i % 17);
  }
  gsize held = pool.held_bytes;
  for (guint round = 0; round < 20; round++) {
    for (guint i = 0; i < BLOCKS; i++)
      blocks[i] = gs_pool_take(&pool, 6 + i % 17);
    for (guint i = 0; i < BLOCKS; i++)
      gs_pool_give(&pool, blocks[i], 6 + i % 17);
  }
  cr_expect_eq(pool.held_bytes, held, "what was given back is enough");
  gs_pool_clear(&pool);
}

static GsNets *taken(GsPool *pool) {
  GsNets *nets = gs_pool_take_nets(pool);
  gs_nets_init(nets, 1, 1);
  return nets;
}

/** A tree three deep: a root, `width` parts, two parts below each. */
static GsNets *tree_of(GsPool *pool, guint width) {
  GsNets *root = taken(pool);
  for (guint i = 0; i < width; i++) {
    GsNets *part = taken(pool);
    gs_nets_add(part, taken(pool));
    gs_nets_add(part, taken(pool));
    gs_nets_add(root, part);
  }
  return root;
}

/** Takes all free pieces and checks that there are as many as counted, each once. */
static guint drain(GsPool *pool) {
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  uint64_t counted = pool->free_nets_count;
  while (pool->free_nets)
    cr_assert(g_hash_table_add(seen, taken(pool)));
  cr_assert_eq(g_hash_table_size(seen), counted);
  cr_assert_eq(pool->free_nets_count, 0);
  return g_hash_table_size(seen);
}

Test(pool, trees_of_nets_come_back_piece_by_piece) {
  GsPool pool;
  gs_pool_init(&pool, NULL);
  gs_pool_give_nets(&pool, NULL);
  cr_expect_eq(pool.free_nets_count, 0);
  GsNets *first = tree_of(&pool, 5), *second = tree_of(&pool, 1), *third = taken(&pool);
  gs_pool_give_nets(&pool, first);
  gs_pool_give_nets(&pool, second);
  gs_pool_give_nets(&pool, third);
  cr_expect_eq(pool.free_nets_count, 16 + 4 + 1);
  cr_expect_eq(drain(&pool), 21);
  gs_pool_clear(&pool);
}

Test(pool, balancing_moves_pieces_until_both_have_about_the_same) {
  for (guint width = 0; width <= 40; width++) {
    GsPool rich, poor;
    gs_pool_init(&rich, NULL);
    gs_pool_init(&poor, NULL);
    GsNets *tree = tree_of(&rich, width), *few = tree_of(&poor, 2);
    gs_pool_give_nets(&rich, tree);
    gs_pool_give_nets(&poor, few);
    uint64_t all = rich.free_nets_count + poor.free_nets_count;
    uint64_t before = poor.free_nets_count;
    gs_pool_balance_nets(&rich, &poor);
    cr_assert_eq(rich.free_nets_count + poor.free_nets_count, all, "none is lost");
    if (1 + 3 * width > before)
      cr_assert_leq(poor.free_nets_count - rich.free_nets_count, 1, "width %u", width);
    else
      cr_assert_eq(poor.free_nets_count, before, "the poor one gives nothing");
    cr_assert_eq(drain(&rich) + drain(&poor), all);
    gs_pool_clear(&rich);
    gs_pool_clear(&poor);
  }
}

Test(pool, what_was_given_back_in_large_blocks_serves_small_ones) {
  GsPool pool;
  gs_pool_init(&pool, NULL);
  void *large = gs_pool_take(&pool, 20);
  gs_pool_give(&pool, large, 20);
  gsize held = pool.held_bytes;
  for (guint i = 0; i < held / 64; i++)
    taken(&pool);
  cr_expect_leq(pool.held_bytes, held, "%zu", pool.held_bytes);
  gs_pool_clear(&pool);
}

/** What a run takes must not depend on those before: an arena serves in the place of one of its
 * size only, so that the next run finds all of them again. */
static guint fresh_arenas(GsArenas *arenas, GPtrArray *fresh) {
  GsPool pool;
  gs_pool_init(&pool, NULL);
  gs_pool_use_arenas(&pool, arenas);
  for (guint i = 0; i < 1000; i++)
    g_ptr_array_add(fresh, gs_pool_take(&pool, 10));
  guint count = pool.arenas->len;
  gs_pool_clear(&pool);
  return count;
}

Test(pool, arenas_of_a_run_before_serve_one_that_does_the_same) {
  g_autoptr(GPtrArray) first = g_ptr_array_new(), second = g_ptr_array_new();
  GsArenas *arenas = gs_arenas_new();
  cr_expect_gt(fresh_arenas(arenas, first), 2);
  for (guint run = 0; run < 3; run++) {
    g_ptr_array_set_size(second, 0);
    fresh_arenas(arenas, second);
    cr_expect_eq(memcmp(first->pdata, second->pdata, first->len * sizeof(gpointer)), 0, "%u", run);
  }
  gs_arenas_free(arenas);
}

Test(pool, what_a_pool_holds_is_known_before) {
  GsPool pool;
  gs_pool_init(&pool, NULL);
  cr_expect_eq(gs_pool_held_for(0), pool.held_bytes);
  for (uint64_t asked = 1; asked <= (uint64_t)40 << 20; asked += 4096) {
    while (pool.arenas->len == 0 || gs_pool_held_for(asked) > pool.held_bytes) {
      uint64_t before = pool.held_bytes;
      /* The last byte that still fits, and the first that does not. */
      cr_assert_eq(gs_pool_held_for(before), before);
      gs_pool_take(&pool, GS_POOL_CLASS_MIN);
      for (; pool.arena < pool.arena_end; gs_pool_take(&pool, GS_POOL_CLASS_MIN))
        ;
      cr_assert_eq(gs_pool_held_for(before + 1), pool.held_bytes, "after %zu bytes", (gsize)before);
    }
  }
  cr_expect_eq(gs_pool_held_for(UINT64_MAX), UINT64_MAX);
  gs_pool_clear(&pool);
}

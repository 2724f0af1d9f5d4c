/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/core/node_support.h"

typedef struct {
  uint8_t *seen; /**< per id */
  guint visits, stop_after;
  int64_t sum;
} Walk;

static bool visit(int64_t id, int64_t net, void *data) {
  Walk *walk = data;
  walk->seen[id]++;
  walk->sum += net;
  return ++walk->visits != walk->stop_after;
}

/** A tree of `count` pieces, ids from 0, each put below the result of some other. */
static GsNets *random_tree(GsNets *pieces, guint count, uint64_t *state, int64_t *sum) {
  *sum = 0;
  for (guint i = 0; i < count; i++) {
    int64_t net = (int64_t)gs_test_random(state, 1000) - 500;
    gs_nets_init(&pieces[i], i, net);
    *sum += net;
  }
  for (guint left = count - 1; left > 0; left--)
    gs_nets_add(&pieces[gs_test_random(state, 4) ? left - 1 : gs_test_random(state, left)],
                &pieces[left]);
  return &pieces[0];
}

Test(nets, a_walk_visits_each_id_once_and_changes_neither_sum_nor_count) {
  for (uint64_t seed = 1; seed <= 300; seed++) {
    uint64_t state = seed;
    guint count = 1 + (guint)gs_test_random(&state, 60);
    GsNets pieces[60];
    uint8_t seen[60] = {0};
    int64_t sum;
    GsNets *tree = random_tree(pieces, count, &state, &sum);
    cr_assert(tree->count == count && tree->sum == sum);
    for (guint repetition = 1; repetition <= 3; repetition++) {
      /* A walk that is stopped midway leaves a tree with all its pieces. */
      guint stop = 1 + (guint)gs_test_random(&state, count);
      uint8_t ignored[60] = {0};
      Walk part = {.seen = ignored, .stop_after = stop}, whole = {.seen = seen};
      cr_assert_not(gs_nets_foreach(tree, visit, &part));
      cr_assert_eq(part.visits, stop);
      cr_assert(gs_nets_foreach(tree, visit, &whole));
      cr_assert(whole.visits == count && whole.sum == sum);
      cr_assert(tree->count == count && tree->sum == sum);
      for (guint id = 0; id < count; id++)
        cr_assert_eq(seen[id], repetition);
    }
    /* It can be merged further after a walk, below and above. */
    GsNets below, above;
    gs_nets_init(&below, 0, 5);
    gs_nets_init(&above, 0, 7);
    gs_nets_add(tree, &below);
    gs_nets_add(&above, tree);
    Walk last = {.seen = seen};
    cr_assert(gs_nets_foreach(&above, visit, &last));
    cr_assert(last.visits == count + 2 && last.sum == sum + 12 && above.sum == sum + 12);
  }
}

static bool append_id(int64_t id, int64_t net, void *data) {
  (void)net;
  g_array_append_val((GArray *)data, id);
  return true;
}

Test(nets, what_was_collected_is_as_if_added_one_by_one_the_latest_first) {
  for (guint trees = 0; trees <= 5; trees++) {
    GsNets pieces[2][11], *oldest = NULL;
    for (guint way = 0; way < 2; way++) {
      for (guint i = 0; i <= 2 * trees; i++)
        gs_nets_init(&pieces[way][i], i, 100 + i);
      for (guint i = 1; i <= trees; i++)
        gs_nets_add(&pieces[way][i], &pieces[way][trees + i]);
      pieces[way][MIN(2, trees)].may_repeat = trees > 1;
    }
    for (guint i = 1; i <= trees; i++) {
      gs_nets_collect(&oldest, &pieces[0][i]);
      gs_nets_add(&pieces[1][0], &pieces[1][trees + 1 - i]);
    }
    gs_nets_add_collected(&pieces[0][0], oldest);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) expected = g_array_new(FALSE, FALSE, sizeof(int64_t));
    const GsNets *a = &pieces[0][0], *b = &pieces[1][0];
    cr_expect(a->sum == b->sum && a->count == b->count && a->text_bytes == b->text_bytes);
    cr_expect(a->may_repeat == b->may_repeat);
    gs_nets_foreach(&pieces[0][0], append_id, ids);
    gs_nets_foreach(&pieces[1][0], append_id, expected);
    cr_assert(ids->len == expected->len && ids->len == 2 * trees + 1);
    cr_expect_arr_eq(ids->data, expected->data, ids->len * sizeof(int64_t));
  }
}

Test(nets, all_that_was_collected_is_given_back_piece_by_piece) {
  for (guint trees = 0; trees <= 5; trees++) {
    GsPool pool;
    GsNets *oldest = NULL, *given[10];
    gs_pool_init(&pool, NULL);
    for (guint i = 0; i < 2 * trees; i += 2) {
      for (guint j = i; j < i + 2; j++)
        gs_nets_init(given[j] = gs_pool_take_nets(&pool), j, 1);
      gs_nets_add(given[i], given[i + 1]);
      gs_nets_collect(&oldest, given[i]);
    }
    gs_pool_give_collected(&pool, oldest);
    cr_expect_eq(pool.free_nets_count, 2 * trees);
    for (guint left = 2 * trees; left; left--) {
      const GsNets *taken = gs_pool_take_nets(&pool);
      guint found = 0;
      while (found < 2 * trees && given[found] != taken)
        found++;
      cr_assert_lt(found, 2 * trees, "a piece is used again, and once");
      given[found] = NULL;
    }
    cr_expect_null(pool.free_nets);
    gs_pool_clear(&pool);
  }
}

static GsNets *tree_of(GsPool *pool, uint64_t pieces, uint64_t *random) {
  GsNets *all[40];
  for (uint64_t i = 0; i < pieces; i++) {
    all[i] = gs_pool_take_nets(pool);
    gs_nets_init(all[i], (int64_t)(i * 1000), (int64_t)i - 3);
  }
  for (uint64_t i = pieces - 1; i > 0; i--) {
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    gs_nets_add(all[(*random >> 33) % i], all[i]);
  }
  return all[0];
}

Test(nets, a_copy_has_the_same_ids_and_sum_in_memory_of_its_own) {
  uint64_t random = 7;
  for (uint64_t pieces = 1; pieces <= 40; pieces++) {
    GsPool pool;
    gs_pool_init(&pool, NULL);
    GsNets *tree = tree_of(&pool, pieces, &random);
    tree->may_repeat = pieces % 2;
    GsNets *copy = gs_pool_copy_nets(&pool, tree);
    cr_expect(copy->sum == tree->sum && copy->count == tree->count && copy->count == pieces);
    cr_expect(copy->text_bytes == tree->text_bytes && copy->may_repeat == tree->may_repeat);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(GArray) copied = g_array_new(FALSE, FALSE, sizeof(int64_t));
    gs_nets_foreach(tree, append_id, ids);
    gs_pool_give_nets(&pool, tree); /* what is used again is none of the copy */
    for (uint64_t i = 0; i < pieces; i++)
      gs_nets_init(gs_pool_take_nets(&pool), -1, -1);
    gs_nets_foreach(copy, append_id, copied);
    cr_assert(copied->len == pieces && ids->len == pieces);
    cr_expect_arr_eq(ids->data, copied->data, pieces * sizeof(int64_t));
    gs_pool_clear(&pool);
  }
}

Test(nets, merging_and_walking_cost_the_same_however_deep_or_wide) {
  enum { COUNT = 1000000 };
  g_autofree GsNets *pieces = g_new(GsNets, COUNT);
  g_autofree uint8_t *seen = g_new0(uint8_t, COUNT);
  for (int shape = 0; shape < 2; shape++) {
    for (guint i = 0; i < COUNT; i++)
      gs_nets_init(&pieces[i], i, 1);
    for (guint i = COUNT - 1; i > 0; i--)
      gs_nets_add(&pieces[shape ? 0 : i - 1], &pieces[i]);
    Walk walk = {.seen = seen};
    /* No stack: a chain of a million would overflow one. No copy: pieces stay where they are. */
    cr_expect(gs_nets_foreach(&pieces[0], visit, &walk));
    cr_expect(walk.visits == COUNT && walk.sum == COUNT && pieces[0].count == COUNT);
    cr_expect(pieces[0].last_part == &pieces[shape ? 1 : COUNT - 1]);
  }
}

Test(nets, what_may_repeat_stays_marked_when_merged) {
  GsNets a, b, c;
  gs_nets_init(&a, 1, 1);
  gs_nets_init(&b, 2, 2);
  gs_nets_init(&c, 3, 3);
  cr_expect_not(a.may_repeat);
  b.may_repeat = true;
  gs_nets_add(&a, &c);
  cr_expect_not(a.may_repeat);
  gs_nets_add(&a, &b);
  cr_expect(a.may_repeat && a.first_part == &c && a.last_part == &b);
}

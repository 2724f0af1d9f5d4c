/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/core/node_support.h"

/** What the table should hold: each wave's mark, 0 for none. */
#define SPACES 3
#define COUNTS 200

typedef struct {
  GsPool pool;
  GsWaveTable table;
  uint64_t model[SPACES][COUNTS];
  uint32_t count;
  uint32_t slots;
} Checked;

static void expect_as_model(const Checked *checked) {
  cr_assert_eq(checked->table.count, checked->count);
  for (uint64_t space = 0; space < SPACES; space++) {
    for (uint64_t count = 0; count < COUNTS; count++) {
      const GsWave *wave = gs_wave_table_find(&checked->table, (GsMasterId){space, count});
      cr_assert_eq(wave ? gs_wave_mark(wave, checked->table.form) : 0,
                   checked->model[space][count]);
    }
  }
}

static void insert_or_remove(Checked *checked, GsMasterId master, uint64_t mark) {
  GsWave *wave = gs_wave_table_find(&checked->table, master);
  uint64_t *known = &checked->model[master.space][master.count];
  if (*known) {
    gs_wave_table_remove(&checked->table, &checked->pool, wave);
    *known = 0;
    checked->count--;
    return;
  }
  cr_assert_null(wave);
  GsWaveStart start = {
      .master = master, .kind = GS_WAVE_RELAY, .slots = checked->slots, .mark = mark};
  wave = gs_wave_table_insert(&checked->table, &checked->pool, &start);
  cr_assert(gs_master_id_equal(gs_wave_master(wave, checked->table.form), master));
  cr_assert(!wave->nets && wave->kind == GS_WAVE_RELAY);
  *known = mark;
  checked->count++;
}

Test(wave_table, random_inserts_and_removes_agree_with_a_simple_model) {
  for (uint64_t seed = 1; seed <= 8; seed++) {
    Checked checked = {.slots = seed % 4 * 40};
    uint64_t state = seed;
    gs_pool_init(&checked.pool, NULL);
    for (uint64_t step = 1; step <= 20000; step++) {
      /* The range grows and shrinks, so that the table does. */
      uint64_t range = 2 + (step / 500 % 2 ? gs_test_random(&state, COUNTS - 2) : 2);
      GsMasterId master = {gs_test_random(&state, SPACES), gs_test_random(&state, range)};
      insert_or_remove(&checked, master, step);
      if (step % 500 == 0)
        expect_as_model(&checked);
    }
    for (uint64_t i = 0; i < SPACES * COUNTS; i++) {
      GsMasterId master = {i / COUNTS, i % COUNTS};
      if (checked.model[master.space][master.count])
        insert_or_remove(&checked, master, 0);
    }
    expect_as_model(&checked);
    cr_expect_eq(gs_wave_table_bytes(&checked.table), 0, "an empty table holds nothing");
    gs_pool_clear(&checked.pool);
  }
}

static uint32_t longest_bucket(const GsWaveTable *table) {
  uint32_t longest = 0;
  for (gsize b = 0; b < (gsize)1 << (64 - table->bucket_shift); b++) {
    uint32_t length = 0;
    for (uint32_t i = table->buckets[b]; i != GS_WAVE_NONE;
         i = gs_wave_next(gs_wave_table_at(table, i), table->form))
      length++;
    longest = MAX(longest, length);
  }
  return longest;
}

static GsWave *insert(GsWaveTable *table, GsPool *pool, GsMasterId master) {
  GsWaveStart start = {.master = master, .kind = GS_WAVE_RELAY, .slots = 3};
  return gs_wave_table_insert(table, pool, &start);
}

/** Ids are counters, in processes that talk over the wire with a random space. */
Test(wave_table, ids_that_count_up_spread_over_the_buckets) {
  static const struct {
    uint64_t first_space, space_step, first_count, count_step;
  } sequences[] = {
      {1, 0, 1, 1},
      {0, 1, 1, 0},
      {1, 1, 1, 1},
      {1, 0, 0, UINT64_C(1) << 32},
      {1, UINT64_C(1) << 32, 5, 0},
      {0x9E3779B97F4A7C15, 0, UINT64_C(1) << 40, 1},
      {0, 4096, 0, 0},
      {0, 0, UINT64_C(1) << 63, 2},
  };
  for (guint s = 0; s < G_N_ELEMENTS(sequences); s++) {
    GsPool pool;
    GsWaveTable table = {0};
    gs_pool_init(&pool, NULL);
    for (uint64_t i = 0; i < 50000; i++)
      insert(&table, &pool,
             (GsMasterId){sequences[s].first_space + i * sequences[s].space_step,
                          sequences[s].first_count + i * sequences[s].count_step});
    /* Chance would make it 7 or so. */
    cr_expect_leq(longest_bucket(&table), 12, "sequence %u: %u", s, longest_bucket(&table));
    gs_wave_table_clear(&table, &pool);
    gs_pool_clear(&pool);
  }
}

/** Ids whose halves cancel out share one bucket, unless the table has a salt. */
static GsMasterId chosen_id(uint64_t number) {
  const uint64_t factor = 0x9E3779B97F4A7C15;
  uint64_t inverse = factor;
  for (int i = 0; i < 6; i++)
    inverse *= 2 - factor * inverse;
  cr_assert_eq(factor * inverse, 1);
  return (GsMasterId){number, 0 - number * inverse};
}

static uint32_t longest_of_chosen_ids(uint64_t salt) {
  GsPool pool;
  GsWaveTable table = {.factor = gs_wave_table_factor(salt)};
  gs_pool_init(&pool, NULL);
  for (uint64_t i = 1; i <= 2000; i++)
    insert(&table, &pool, chosen_id(i));
  uint32_t longest = longest_bucket(&table);
  gs_wave_table_clear(&table, &pool);
  cr_expect_eq(table.factor, gs_wave_table_factor(salt), "it stays when the table is emptied");
  gs_pool_clear(&pool);
  return longest;
}

Test(wave_table, with_a_salt_nobody_can_choose_ids_that_share_a_bucket) {
  cr_expect_eq(longest_of_chosen_ids(0), 2000);
  cr_expect_leq(longest_of_chosen_ids(UINT64_C(0x243F6A8885A308D3)), 12);
  cr_expect_leq(longest_of_chosen_ids(UINT64_C(0x13198A2E03707344)), 12);
}

#define SHARING 60u

/** The first, the last or one between. */
Test(wave_table, of_waves_that_share_a_bucket_any_may_go_and_the_others_are_found) {
  for (uint64_t seed = 1; seed <= 20; seed++) {
    GsPool pool;
    GsWaveTable table = {.factor = gs_wave_table_factor(0)};
    bool is_there[SHARING];
    uint64_t state = seed;
    gs_pool_init(&pool, NULL);
    for (uint64_t i = 0; i < SHARING; i++) {
      insert(&table, &pool, chosen_id(i));
      is_there[i] = true;
    }
    cr_assert_eq(longest_bucket(&table), SHARING);
    while (table.count) {
      uint64_t gone = gs_test_random(&state, SHARING);
      if (!is_there[gone])
        continue;
      gs_wave_table_remove(&table, &pool, gs_wave_table_find(&table, chosen_id(gone)));
      is_there[gone] = false;
      for (uint64_t i = 0; i < SHARING; i++)
        cr_assert_eq(gs_wave_table_find(&table, chosen_id(i)) != NULL, is_there[i],
                     "seed %" G_GUINT64_FORMAT ": wave %u, when %u has gone", seed, (guint)i,
                     (guint)gone);
    }
    gs_pool_clear(&pool);
  }
}

Test(wave_table, a_hint_to_a_place_that_is_free_by_now_finds_nothing) {
  GsPool pool;
  GsWaveTable table = {0};
  gs_pool_init(&pool, NULL);
  for (uint64_t i = 0; i < 40; i++)
    insert(&table, &pool, (GsMasterId){7, i});
  for (uint32_t i = 0; i < 39; i += 3) {
    GsMasterId master = {7, i};
    cr_assert_eq(gs_wave_table_find_at(&table, i, master), gs_wave_table_at(&table, i));
    gs_wave_table_remove(&table, &pool, gs_wave_table_at(&table, i));
    cr_expect_null(gs_wave_table_find_at(&table, i, master));
    cr_expect_eq(gs_wave_table_find_at(&table, i, (GsMasterId){7, i + 1}),
                 gs_wave_table_at(&table, i + 1));
  }
  gs_wave_table_clear(&table, &pool);
  gs_pool_clear(&pool);
}

Test(wave_table, when_little_is_left_it_shrinks_and_floods_keep_their_order) {
  GsPool pool;
  GsWaveTable table = {0};
  gs_pool_init(&pool, NULL);
  for (uint64_t i = 0; i < 100; i++) {
    GsWaveStart flood = {.master = {8, i}, .kind = GS_WAVE_FLOOD, .mark = i};
    insert(&table, &pool, (GsMasterId){7, i});
    if (i % 50 == 9)
      gs_wave_table_insert(&table, &pool, &flood);
  }
  gsize full = gs_wave_table_bytes(&table);
  for (uint64_t i = 0; i < 100; i++)
    gs_wave_table_remove(&table, &pool, gs_wave_table_find(&table, (GsMasterId){7, i}));
  cr_expect_lt(gs_wave_table_bytes(&table), full / 8);
  for (uint64_t i = 9; i < 100; i += 50) {
    GsWave *oldest = gs_wave_table_oldest_flood(&table);
    cr_assert(gs_master_id_equal(gs_wave_master(oldest, table.form), (GsMasterId){8, i}));
    gs_wave_table_remove(&table, &pool, oldest);
  }
  cr_expect_eq(table.count, 0);
  gs_pool_clear(&pool);
}

/** As it grows, keeps what it has, and goes back when few are left. */
Test(wave_table, what_a_table_takes_is_known_before) {
  static const uint32_t slots[] = {1, 17, 65, 1000};
  for (guint i = 0; i < G_N_ELEMENTS(slots); i++) {
    GsPool pool;
    GsWaveTable table = {0};
    GsWaveForm form = gs_wave_form_for(slots[i]);
    gs_pool_init(&pool, NULL);
    for (uint64_t waves = 0; waves <= 300; waves++) {
      cr_expect_eq(gs_wave_table_bytes(&table), gs_wave_table_bytes_for(waves, form),
                   "%u slots, %zu waves: %zu bytes", slots[i], (gsize)waves,
                   gs_wave_table_bytes(&table));
      GsWaveStart start = {{1, waves}, GS_WAVE_RELAY, slots[i], waves, 0, 0};
      gs_wave_table_insert(&table, &pool, &start);
    }
    uint64_t most = gs_wave_table_bytes_for(table.count, form);
    for (uint64_t waves = table.count; waves-- > 0;) {
      gs_wave_table_remove(&table, &pool, gs_wave_table_find(&table, (GsMasterId){1, waves}));
      uint64_t few = waves ? gs_wave_table_bytes_for(GS_WAVE_TABLE_FEW, form) : 0;
      uint64_t kept = waves > GS_WAVE_TABLE_FEW ? most : few;
      cr_expect_eq(gs_wave_table_bytes(&table), kept, "%u slots, %zu waves are left", slots[i],
                   (gsize)waves);
    }
    gs_pool_clear(&pool);
  }
  cr_expect_eq(gs_wave_table_bytes_for(UINT64_MAX / 2, 1), UINT64_MAX);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/core/node_support.h"

#define SLOTS_MOST 200u

/** What a wave should know: who has not answered, who may still ask. */
typedef struct {
  bool pending[SLOTS_MOST], awaited[SLOTS_MOST];
} Model;

typedef struct {
  GsWave *wave;
  GsWaveForm form;
  uint32_t slots;
  Model model;
} Checked;

static void start(Checked *checked, GsWaveForm form, uint32_t slots, uint32_t except) {
  *checked = (Checked){
      .wave = g_aligned_alloc0(1, gs_wave_form_bytes(form), 64), .form = form, .slots = slots};
  checked->wave->kind = GS_WAVE_RELAY;
  gs_wave_await(checked->wave, form, slots, except);
  for (uint32_t i = 0; i < slots; i++)
    checked->model.pending[i] = checked->model.awaited[i] = i != except;
}

static uint32_t count(const bool *flags) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < SLOTS_MOST; i++)
    sum += flags[i];
  return sum;
}

static void take_one(Checked *checked, uint64_t *state) {
  uint32_t slot = (uint32_t)gs_test_random(state, checked->slots + 3);
  if (gs_test_random(state, 2)) {
    cr_assert_eq(gs_wave_take_pending(checked->wave, checked->form, slot),
                 checked->model.pending[slot]);
    checked->model.pending[slot] = false;
  } else {
    cr_assert_eq(gs_wave_take_awaited(checked->wave, checked->form, slot),
                 checked->model.awaited[slot]);
    checked->model.awaited[slot] = false;
  }
  cr_assert_eq(gs_wave_is_answered(checked->wave, checked->form), !count(checked->model.pending));
}

static void widen(Checked *checked, GsWaveForm form) {
  GsWave *wave = g_aligned_alloc0(1, gs_wave_form_bytes(form), 64);
  gs_wave_copy(wave, form, checked->wave, checked->form);
  g_aligned_free(checked->wave);
  checked->wave = wave;
  checked->form = form;
}

static void close_and_end(Checked *checked) {
  bool *awaited = checked->model.awaited;
  cr_assert_eq(gs_wave_close(checked->wave, checked->form), count(awaited) > 0);
  for (uint32_t slot = 0; slot < checked->slots; slot++) {
    cr_assert_eq(gs_wave_is_over(checked->wave, checked->form), !count(awaited));
    cr_assert_eq(gs_wave_take_awaited(checked->wave, checked->form, slot), awaited[slot]);
    awaited[slot] = false;
  }
  cr_assert(gs_wave_is_over(checked->wave, checked->form));
}

Test(wave, both_forms_keep_account_as_a_simple_model_does) {
  static const uint32_t sizes[] = {1, 2, 15, 16, 17, 63, 64, 65, 130, 190};
  uint64_t state = 1;
  for (guint i = 0; i < 40 * G_N_ELEMENTS(sizes); i++) {
    uint32_t slots = sizes[i % G_N_ELEMENTS(sizes)];
    uint32_t except = i % 3 ? (uint32_t)gs_test_random(&state, slots) : GS_SLOT_UNKNOWN;
    Checked checked;
    start(&checked, gs_wave_form_for(slots), slots, except);
    for (uint32_t step = 0; step < slots; step++)
      take_one(&checked, &state);
    if (i % 2)
      widen(&checked, checked.form + 1 + i % 3);
    for (uint32_t step = 0; step < slots / 2; step++)
      take_one(&checked, &state);
    close_and_end(&checked);
    g_aligned_free(checked.wave);
  }
}

/** The last slot takes the place of the one that is gone, in the wave as in the model. */
static void forget(Checked *checked, uint32_t slot, uint32_t *parent) {
  uint32_t last = --checked->slots;
  gs_wave_forget_slot(checked->wave, checked->form, slot, last, 99);
  checked->model.pending[slot] = slot != last && checked->model.pending[last];
  checked->model.awaited[slot] = slot != last && checked->model.awaited[last];
  checked->model.pending[last] = checked->model.awaited[last] = false;
  if (*parent == slot)
    *parent = GS_SLOT_UNKNOWN;
  else if (*parent == last)
    *parent = slot;
  cr_assert_eq(gs_wave_parent_slot(checked->wave, checked->form), *parent);
  cr_assert(*parent != GS_SLOT_UNKNOWN || checked->wave->parent == 99);
}

Test(wave, siblings_that_are_gone_leave_no_account) {
  uint64_t state = 7;
  for (guint i = 0; i < 400; i++) {
    uint32_t slots = 2 + (uint32_t)gs_test_random(&state, SLOTS_MOST - 8);
    uint32_t parent = (uint32_t)gs_test_random(&state, slots);
    Checked checked;
    start(&checked, 1 + slots / 64, slots, parent);
    gs_wave_set_parent_slot(checked.wave, checked.form, parent);
    for (uint32_t step = 0; step < slots; step++)
      take_one(&checked, &state);
    forget(&checked, (uint32_t)gs_test_random(&state, checked.slots), &parent);
    cr_assert_eq(gs_wave_is_answered(checked.wave, checked.form), !count(checked.model.pending));
    if (i % 2) {
      cr_assert_eq(gs_wave_close(checked.wave, checked.form), count(checked.model.awaited) > 0);
      memset(checked.model.pending, 0, sizeof checked.model.pending);
      memset(gs_wave_wide(checked.wave)->slots, 0, checked.form * sizeof(uint64_t));
    }
    while (checked.slots > 1) {
      forget(&checked, (uint32_t)gs_test_random(&state, checked.slots), &parent);
      bool over = !count(i % 2 ? checked.model.awaited : checked.model.pending);
      cr_assert_eq(gs_wave_is_over(checked.wave, checked.form), over);
    }
    g_aligned_free(checked.wave);
  }
}

Test(wave, long_ids_and_marks_and_unknown_parents_make_a_table_wide) {
  const struct {
    GsWaveStart start;
    bool wide;
  } cases[] = {
      {{.master = {7, UINT32_MAX}, .slots = 16, .mark = UINT32_MAX}, false},
      {{.master = {UINT64_MAX, 1}, .slots = 1}, false},
      {{.master = {7, UINT64_C(1) << 32}, .slots = 2}, true},
      {{.master = {7, 1}, .slots = 2, .mark = UINT64_C(1) << 32}, true},
      {{.master = {7, 1}, .slots = 17}, true},
      {{.master = {7, 1}, .slots = 2, .kind = GS_WAVE_RELAY, .parent_slot = GS_SLOT_UNKNOWN}, true},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    GsPool pool;
    GsWaveTable table = {0};
    gs_pool_init(&pool, NULL);
    GsWaveStart plain = {.master = {1, 1}, .kind = GS_WAVE_RELAY, .slots = 3, .parent_slot = 2};
    gs_wave_await(gs_wave_table_insert(&table, &pool, &plain), table.form, 3, 2);
    GsWave *wave = gs_wave_table_insert(&table, &pool, &cases[i].start);
    cr_expect_eq(table.form != 0, cases[i].wide, "case %u", i);
    cr_expect(gs_master_id_equal(gs_wave_master(wave, table.form), cases[i].start.master));
    cr_expect_eq(gs_wave_mark(wave, table.form), cases[i].start.mark);
    cr_expect_eq(gs_wave_table_find(&table, cases[i].start.master), wave);
    wave = gs_wave_table_find(&table, plain.master);
    cr_assert_not_null(wave);
    cr_expect_eq(gs_wave_parent_slot(wave, table.form), 2);
    cr_expect(gs_wave_take_pending(wave, table.form, 0));
    cr_expect_not(gs_wave_take_pending(wave, table.form, 2));
    gs_wave_table_widen(&table, &pool, 3);
    wave = gs_wave_table_find(&table, cases[i].start.master);
    cr_assert_not_null(wave, "case %u, wider", i);
    cr_expect_eq(gs_wave_mark(wave, table.form), cases[i].start.mark, "case %u, wider", i);
    gs_wave_table_clear(&table, &pool);
    gs_pool_clear(&pool);
  }
}

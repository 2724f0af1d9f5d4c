/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/base/random.h"
#include "sim/run/letter_sort.h"
#include "sim/run/wheel.h"

static uint64_t draw(guint seed, uint64_t count, uint64_t bound) {
  return gs_random_below((GsDraw){seed, GS_PURPOSE_TOPOLOGY, 5, count}, bound);
}

/** Delays as networks have them: many alike, some far ahead, some at once. */
static int64_t delay(guint seed, uint64_t count) {
  switch (draw(seed, count, 5)) {
  case 0:
    return 0;
  case 1:
    return 1000;
  case 2:
    return (int64_t)draw(seed, count + 1, 50000);
  case 3:
    return (int64_t)draw(seed, count + 1, 5000000);
  default:
    return (int64_t)draw(seed, count + 1, seed % 2 ? 3000 : INT64_C(1) << 36);
  }
}

typedef struct {
  GsPostmark mark;
  GsLetter letter;
} Put;

typedef struct {
  GsPool pool;
  GsWheel *wheel;
  GsWheelTime time;
  GArray *all;      /**< of Put: what is to come, as it was put in */
  uint32_t counter; /**< in `count` of the letters */
} Filled;

static void put(Filled *filled, guint seed, uint64_t number) {
  int64_t now = filled->time.bucket * filled->time.width_ns;
  Put letter = {.mark.due_ns = now + delay(seed, 2 * number),
                .letter.count = filled->counter++,
                .mark.from = (uint32_t)draw(seed, 2 * number + 1, 3)};
  if (number % 2) { /* many that are sent at different moments are due at the same one */
    int64_t step = 200 * filled->time.width_ns;
    letter.mark.due_ns = (letter.mark.due_ns / step + 1) * step;
  }
  GsLetterList *list = gs_wheel_list(filled->wheel, &filled->time, letter.mark.due_ns);
  if (draw(seed, number, 50) == 0) {
    GsMessage message = {.type = GS_ADD_SIBLING, .req = letter.letter.count};
    gs_letter_write_whole(&letter.letter, &message, 0, &list->wholes, &filled->pool);
  }
  *gs_letter_list_add(list, &filled->pool, letter.mark) = letter.letter;
  g_array_append_val(filled->all, letter);
}

static uint32_t wholes_of(const GsLetterList *list) {
  uint32_t count = 0;
  for (const GsMessage *whole = list->wholes; whole; whole = whole->next)
    count++;
  return count;
}

/** Takes what is due and looks for each of them, in order, among all that is to come. */
static void take(Filled *filled, int64_t to_bucket) {
  GsLetterList list = {0};
  int64_t before = filled->time.bucket;
  filled->time.bucket = to_bucket;
  gs_wheel_take(filled->wheel, &filled->time, before, &filled->pool, &list);
  int64_t end = (to_bucket + 1) * filled->time.width_ns;
  uint32_t wholes = 0, wanted = 0, found = 0;
  for (guint i = 0; i < filled->all->len; i++)
    wanted += g_array_index(filled->all, Put, i).mark.due_ns < end;
  g_autoptr(GHashTable) last = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (const GsLetterChunk *chunk = list.head; chunk; chunk = chunk->next) {
    for (uint32_t n = 0; n < chunk->count; n++, found++) {
      const GsPostmark *mark = &chunk->marks[n];
      const GsLetter *letter = &gs_letter_chunk_letters(chunk)[n];
      bool whole = gs_letter_is_whole(letter);
      uint64_t counter = whole ? letter->whole_message->req : letter->count;
      guint64 key = (guint64)mark->due_ns << 2 | mark->from;
      wholes += whole;
      cr_assert_lt(mark->due_ns, end);
      /* Of one sender and moment, in the order in which they were put in. */
      cr_assert_lt(GPOINTER_TO_SIZE(g_hash_table_lookup(last, &key)), counter + 1);
      g_hash_table_insert(last, g_memdup2(&key, sizeof key), GSIZE_TO_POINTER(counter + 1));
    }
  }
  cr_assert_eq(found, wanted);
  cr_assert_eq(list.count, wanted);
  cr_assert_eq(wholes_of(&list), wholes, "they go with their letters");
  for (guint i = filled->all->len; i-- > 0;) {
    if (g_array_index(filled->all, Put, i).mark.due_ns < end)
      g_array_remove_index(filled->all, i);
  }
  gs_letter_list_recycle(&list, &filled->pool);
}

static int64_t earliest(const Filled *filled) {
  int64_t next = INT64_MAX;
  for (guint i = 0; i < filled->all->len; i++)
    next = MIN(next, g_array_index(filled->all, Put, i).mark.due_ns);
  return next;
}

static void fill_and_empty(guint seed, int64_t width, uint32_t windows, uint32_t letters) {
  Filled filled = {.time = gs_wheel_time(width), .wheel = g_new0(GsWheel, 1)};
  filled.all = g_array_new(FALSE, FALSE, sizeof(Put));
  gs_pool_init(&filled.pool, NULL);
  uint64_t number = 0;
  for (uint32_t w = 0;; w++) {
    for (uint32_t i = 0; w < windows && i < letters; i++)
      put(&filled, seed, number++);
    int64_t next = earliest(&filled);
    cr_assert_eq(gs_wheel_next_ns(filled.wheel, &filled.time), next, "seed %u, window %u", seed, w);
    if (next == INT64_MAX)
      break;
    take(&filled, MAX(next / width, filled.time.bucket));
  }
  gs_pool_clear(&filled.pool);
  g_array_unref(filled.all);
  g_free(filled.wheel);
}

Test(wheel, gives_out_each_letter_in_its_bucket_and_those_of_a_sender_in_their_order) {
  for (guint seed = 0; seed < 24; seed++) {
    static const int64_t widths[] = {1, 3, 1000, 20000, INT64_C(1) << 33};
    fill_and_empty(seed, widths[seed % G_N_ELEMENTS(widths)], 60, 1 + seed * 3);
  }
}

Test(wheel, needs_little_memory_where_little_is_under_way) {
  GsPool pool;
  gs_pool_init(&pool, NULL);
  g_autofree GsWheel *wheel = g_new0(GsWheel, 1);
  GsWheelTime time = gs_wheel_time(10);
  for (int64_t bucket = 0; bucket < 50; bucket++) {
    GsLetterList *list = gs_wheel_list(wheel, &time, bucket * 10);
    gs_letter_list_add(list, &pool, (GsPostmark){.due_ns = bucket * 10});
  }
  cr_expect_leq(pool.held_bytes, 1 << 15);
  gs_pool_clear(&pool);
}

static void check_bucket(const GsWheelTime *time, int64_t moment) {
  int64_t bucket = gs_wheel_bucket_of(time, moment);
  cr_assert_eq(bucket, moment / time->width_ns, "%zd of %zd", (gssize)moment,
               (gssize)time->width_ns);
}

/** The last moment of a bucket, and the first. */
static void check_border(const GsWheelTime *time, int64_t moment) {
  check_bucket(time, moment);
  check_bucket(time, MAX(moment, 1) - 1);
}

Test(wheel, finds_buckets_as_division_does_at_every_border) {
  for (int power = 0; power < 63; power++) {
    for (int64_t off = -1; off <= 1; off++) {
      int64_t width = (INT64_C(1) << power) + off;
      if (width < 1)
        continue;
      GsWheelTime time = gs_wheel_time(width);
      cr_assert_eq(time.width_ns, width);
      int64_t most = INT64_MAX / width;
      for (int64_t bucket = 1; bucket <= most && bucket < 100; bucket++) {
        check_border(&time, bucket * width);
        check_border(&time, (most - bucket + 1) * width);
      }
      check_border(&time, INT64_MAX);
    }
  }
  for (uint64_t i = 0; i < 20000; i++) {
    GsDraw at = {.purpose = GS_PURPOSE_JITTER, .count = i};
    GsWheelTime time = gs_wheel_time((int64_t)(gs_random_u64(at) >> (2 + i % 61)) + 1);
    at.seed = 1;
    int64_t moment = (int64_t)(gs_random_u64(at) >> 1);
    check_border(&time, moment);
    check_border(&time, moment / time.width_ns * time.width_ns);
  }
}

/* ---- Sorting what one receiver has ---- */

typedef struct {
  guint count;
  int64_t width;
  uint64_t moments, senders;
} Kind;

static void check_sorted(guint seed, const Kind *kind) {
  g_autofree GsPostmark *marks = g_new0(GsPostmark, kind->count);
  g_autofree GsLetter *letters = g_new0(GsLetter, kind->count);
  g_autofree GsDealtLetter *dealt = g_new(GsDealtLetter, kind->count);
  g_autofree GsDealtLetter *scratch = g_new(GsDealtLetter, kind->count);
  g_autofree uint32_t *places = g_new(uint32_t, GS_SORT_PLACES(kind->count));
  for (guint i = 0; i < kind->count; i++) {
    int64_t after = (int64_t)(draw(seed, i, kind->moments) * (uint64_t)kind->width / kind->moments);
    marks[i].due_ns = 77 * kind->width + after;
    marks[i].from = (uint32_t)draw(seed + 100, i, kind->senders);
    dealt[i].letter = &letters[i];
    dealt[i].key = gs_dealt_key(&marks[i], 77 * kind->width);
  }
  gs_letter_sort(dealt, kind->count, kind->width, scratch, places);
  for (guint i = 1; i < kind->count; i++) {
    const GsPostmark *a = &marks[dealt[i - 1].letter - letters];
    const GsPostmark *b = &marks[dealt[i].letter - letters];
    cr_assert_eq(gs_dealt_due_ns(dealt[i].key, 77 * kind->width), b->due_ns);
    cr_assert_eq(gs_dealt_from(dealt[i].key), b->from);
    bool later = a->due_ns < b->due_ns;
    bool same = a->due_ns == b->due_ns;
    cr_assert(later || (same && (a->from < b->from || (a->from == b->from && a < b))),
              "%u of %u letters, width %ld", i, kind->count, (long)kind->width);
  }
}

Test(wheel, letters_of_a_receiver_are_sorted_by_moment_then_sender_and_keep_their_order) {
  static const Kind kinds[] = {
      {0, 100, 1, 1},
      {1, 100, 1, 1},
      {16, 1000, 1000, 3},
      {300, 1000000, 1000000, GS_NODES_MAX},
      {1000, 1000000, 7, 4},
      {1000, 1000000, 1, 1000},
      {1000, 1, 1, 5},
      {77, GS_BUCKET_WIDTH_MOST, UINT64_C(1) << 30, 2},
      {5000, GS_BUCKET_WIDTH_MOST, 3, 2},
  };
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    for (guint seed = 0; seed < 5; seed++)
      check_sorted(seed, &kinds[i]);
  }
}

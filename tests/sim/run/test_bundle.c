/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/run/bundle.h"

static GsLetter letter(uint64_t number) {
  GsMessage message = {.cause = 3,
                       .slot = 9,
                       .env = GS_ASK,
                       .type = GS_UPDATE_NET,
                       .master = {number, number + 1},
                       .req = number + 2};
  GsLetter made;
  cr_assert(gs_letter_fits(&message));
  gs_letter_write(&made, &message, 8);
  return made;
}

/** The letters of a log, one after the other, must be those that were put in. */
static void expect_all(const GsLog *log, uint64_t letters) {
  uint64_t number = 0;
  for (GsChunk *chunk = log->head; chunk; chunk = chunk->next) {
    GsBundle *bundle;
    cr_assert_leq(chunk->used, GS_CHUNK_BYTES);
    for (gsize at = 0; (bundle = gs_chunk_bundle(chunk, at));
         at += gs_bundle_bytes(bundle->count)) {
      for (uint32_t i = 0; i < bundle->count; i++, number++) {
        GsMessage message = {.from = bundle->from, .to = bundle->to};
        gs_letter_read(&bundle->letters[i], &message);
        cr_assert_eq(message.master.space, number);
        cr_assert_eq(message.master.count, number + 1);
        cr_assert_eq(message.req, number + 2);
        cr_assert(message.cause == 3 && message.hops == 8 && message.slot == 9);
        cr_assert(message.env == GS_ASK && message.type == GS_UPDATE_NET && !message.nets);
        cr_assert(message.from == message.to + 1, "of its bundle");
      }
    }
  }
  cr_assert_eq(number, letters);
  cr_assert_eq(log->count, letters);
}

Test(bundle, letters_are_read_as_they_were_written_wherever_chunks_end) {
  GsPool pool;
  gs_pool_init(&pool, NULL);
  for (uint32_t per_bundle = 1; per_bundle <= 300; per_bundle += 7) {
    GsLog log = {0};
    uint64_t number = 0;
    for (uint32_t bundle = 0; bundle < 40; bundle++) {
      GsLetter letters[300];
      for (uint32_t i = 0; i < per_bundle; i++)
        letters[i] = letter(number++);
      gs_log_add_letters(&log, &pool, bundle + 1, bundle, letters, per_bundle);
    }
    expect_all(&log, number);
    gs_log_recycle(&log, &pool);
    cr_assert(!log.head && !log.count);
  }
  gs_pool_clear(&pool);
}

Test(bundle, a_message_that_fits_no_letter_comes_through_whole) {
  static const GsMessage odd[] = {
      {.type = GS_ADD_SIBLING, .env = GS_ASK, .sibling = {.id = 12, .name = "twelve"}},
      {.type = GS_UPDATE_NET, .env = GS_ASK, .req = UINT64_C(1) << 32},
      {.type = GS_SYNC_GRID, .master = {1, UINT64_C(1) << 32}},
  };
  GsPool pool;
  GsLog log = {0};
  gs_pool_init(&pool, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
    GsLetter made;
    GsMessage read = {0};
    cr_expect_not(gs_letter_fits(&odd[i]));
    gs_letter_write_whole(&made, &odd[i], 4, &log.wholes, &pool);
    gs_letter_read(&made, &read);
    cr_expect_eq(read.hops, 4);
    cr_expect(read.type == odd[i].type && read.req == odd[i].req && !read.is_whole);
    cr_expect(gs_master_id_equal(read.master, odd[i].master));
    cr_expect_eq(read.sibling.name, odd[i].sibling.name);
  }
  gs_log_recycle(&log, &pool);
  cr_expect_null(log.wholes);
  gs_pool_clear(&pool);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/limits.h"
#include "core/node_internal.h"
#include "core/recovery_parts.h"
#include "tests/core/recovery_support.h"

/* Where messages may be lost, nodes answer again from what they answered. */

#define LIMIT (100 * GS_TEST_MS)

/** A grid as its links: "01 12". Answers may take 100 ms. */
static void make_where(GsTrouble *trouble, uint32_t count, const char *links, bool may_lose) {
  gs_trouble_init(trouble, count, 1, may_lose);
  trouble->rules.limit_ns = LIMIT;
  for (; *links; links += links[2] ? 3 : 2)
    gs_trouble_link(trouble, (uint32_t)(links[0] - '0'), (uint32_t)(links[1] - '0'));
  gs_trouble_start(trouble);
}

static void make(GsTrouble *trouble, uint32_t count, const char *links) {
  make_where(trouble, count, links, true);
}

static void lose_next(GsTrouble *trouble, uint32_t from, uint32_t to, GsEnvelopeType env) {
  while (!gs_trouble_find(trouble, from, to, env, GS_UPDATE_NET))
    gs_trouble_run_for(trouble, GS_TEST_MS);
  gs_trouble_lose(trouble, from, to, env, GS_UPDATE_NET);
}

/** Three Asks and their Responses; one more of each, and whether the sibling lives. */
Test(recovery_kept, whose_answer_was_lost_answers_again_and_asks_nobody) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 4, "01 12 23");
  gs_trouble_ask_net(&trouble, 0);
  lose_next(&trouble, 1, 0, GS_RESPONSE);
  gs_trouble_rest(&trouble, 2 * GS_TEST_S);
  gs_trouble_expect(&trouble, 0, "0123");
  cr_expect_eq(trouble.sent, 6 + 2 + 2);
}

/** However often; who asks every tick is answered as often. */
Test(recovery_kept, whose_answers_are_lost_many_times_answers_as_often) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 4, "01 12 23");
  gs_trouble_ask_net(&trouble, 0);
  for (uint32_t i = 0; i < 8; i++)
    lose_next(&trouble, 1, 0, GS_RESPONSE);
  while (trouble.nodes[0].own_waves_out) {
    cr_assert_not(gs_trouble_find(&trouble, 1, 2, GS_ASK, GS_UPDATE_NET));
    gs_trouble_run_for(&trouble, GS_TEST_MS);
  }
  gs_trouble_expect(&trouble, 0, "0123");
  cr_expect_eq(trouble.limits + trouble.suspected + trouble.given_up, 0);
}

/** Nodes 1 and 2 ask each other. */
Test(recovery_kept, whose_empty_answer_was_lost_answers_so_again) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01 12 02");
  gs_trouble_ask_net(&trouble, 0);
  lose_next(&trouble, 2, 1, GS_RESPONSE);
  GsMessage *again = NULL;
  while (!(again = gs_trouble_find(&trouble, 2, 1, GS_RESPONSE, GS_UPDATE_NET)))
    gs_trouble_run_for(&trouble, GS_TEST_MS);
  cr_expect_null(again->nets);
  gs_trouble_rest(&trouble, 2 * GS_TEST_S);
  gs_trouble_expect(&trouble, 0, "012");
}

/** Hands node 1 the Ask of node 0 once more. */
static uint32_t ask_again(GsTrouble *trouble, const GsMessage *ask) {
  GsMessage message = *ask;
  message.slot = GS_SLOT_UNKNOWN;
  gs_effects_reset(&trouble->effects);
  trouble->effects.now_ns = trouble->now_ns;
  cr_assert(gs_node_step(&trouble->nodes[1], &message, &trouble->effects, NULL));
  return trouble->effects.message_count;
}

/** Who sent it may know nothing of this node's limits: it may be the first that is lost, or a
 * double. */
Test(recovery_kept, an_ask_that_comes_again_is_answered_with_the_same_nets_however_soon) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01 12");
  gs_trouble_ask_net(&trouble, 0);
  GsMessage ask = *gs_trouble_find(&trouble, 0, 1, GS_ASK, GS_UPDATE_NET);
  gs_trouble_run_for(&trouble, 15 * GS_TEST_MS);
  cr_expect_eq(ask_again(&trouble, &ask), 0, "it still works at it");
  gs_trouble_rest(&trouble, GS_TEST_S);
  gs_trouble_update(&trouble, 1, true);
  gs_trouble_rest(&trouble, GS_TEST_S);
  for (uint32_t i = 0; i < 3; i++) {
    cr_assert_eq(ask_again(&trouble, &ask), 1);
    const GsMessage *answer = &trouble.effects.messages[0];
    cr_expect_eq(answer->to, 0);
    cr_expect_eq(answer->req, ask.req);
    cr_assert(answer->nets);
    cr_expect_eq(answer->nets->sum, 0x110, "what it was, not what it is");
    cr_expect_eq(answer->nets->count, 2);
    cr_expect(answer->nets->may_repeat & GS_NETS_LATE);
    gs_pool_give_nets(&trouble.pool, answer->nets);
  }
}

static uint32_t kept(const GsTrouble *trouble, uint32_t node) {
  return trouble->nodes[node].recovery->kept_nets;
}

Test(recovery_kept, nothing_is_kept_where_nothing_can_be_lost) {
  g_auto(GsTrouble) trouble;
  make_where(&trouble, 4, "01 12 23", false);
  gs_trouble_sync(&trouble, 0);
  gs_trouble_rest(&trouble, GS_TEST_S);
  for (uint32_t i = 0; i < trouble.count; i++)
    cr_expect_eq(kept(&trouble, i), 0);
}

Test(recovery_kept, what_is_kept_goes_with_a_crash) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 4, "01 12 23");
  gsize bare = gs_node_heap_bytes(&trouble.nodes[1]);
  gs_trouble_sync(&trouble, 0);
  gs_trouble_rest(&trouble, GS_TEST_S);
  cr_expect_eq(kept(&trouble, 1), 3 + 2 + 2, "the waves of 0, 2 and 3");
  cr_expect_gt(gs_node_heap_bytes(&trouble.nodes[1]), bare);
  gs_trouble_crash(&trouble, 1);
  cr_expect_eq(kept(&trouble, 1), 0);
  cr_expect_leq(gs_node_heap_bytes(&trouble.nodes[1]), bare);
}

Test(recovery_kept, what_is_kept_is_forgotten_with_its_wave) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 4, "01 12 23");
  for (uint32_t i = 0; i < 2 * GS_REMEMBERED_WAVES_MAX; i++) {
    gs_trouble_ask_net(&trouble, 0);
    gs_trouble_run_for(&trouble, GS_TEST_S);
    cr_assert_leq(trouble.nodes[1].closed_waves, GS_REMEMBERED_WAVES_MAX);
    uint32_t closed = trouble.nodes[1].closed_waves; /* of nodes 0, 2 and 3 */
    cr_assert(kept(&trouble, 1) >= 2 * closed && kept(&trouble, 1) <= 3 * closed);
  }
}

/** A Response of node 2 to a wave that node 1 of 0 - 1 - 2 passed on, with so many nets. */
static void answer_with(GsTrouble *trouble, GsMasterId master, uint32_t count) {
  GsMessage ask = {.from = 0, .env = GS_ASK, .type = GS_UPDATE_NET, .master = master, .req = 7};
  cr_assert_eq(ask_again(trouble, &ask), 1);
  GsMessage answer = trouble->effects.messages[0];
  answer.from = 2;
  answer.env = GS_RESPONSE;
  answer.nets = gs_pool_take_nets(&trouble->pool);
  gs_nets_init(answer.nets, 1000, 1);
  for (uint32_t i = 1; i < count; i++) {
    GsNets *piece = gs_pool_take_nets(&trouble->pool);
    gs_nets_init(piece, 1000 + i, 1);
    gs_nets_add(answer.nets, piece);
  }
  cr_assert_eq(ask_again(trouble, &answer), 1);
  gs_pool_give_nets(&trouble->pool, trouble->effects.messages[0].nets);
}

Test(recovery_kept, no_more_nets_are_kept_than_a_node_may_keep) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01 12");
  uint32_t most = 0, each = GS_KEPT_NETS_MAX / 10;
  for (uint64_t i = 1; i <= 35; i++) {
    answer_with(&trouble, (GsMasterId){77, i}, each);
    most = MAX(most, kept(&trouble, 1));
  }
  cr_expect_leq(most, GS_KEPT_NETS_MAX);
  cr_expect_gt(most, GS_KEPT_NETS_MAX - 2 * each);
  cr_expect_leq(trouble.nodes[1].recovery->kept_bytes, 4 * 16 * (gsize)GS_KEPT_NETS_MAX);
}

/** What one wave brings is more than all that may be kept. */
Test(recovery_kept, an_answer_that_is_too_large_is_not_kept) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01 12");
  answer_with(&trouble, (GsMasterId){77, 1}, GS_KEPT_NETS_MAX);
  cr_expect_eq(kept(&trouble, 1), 0);
  GsMessage ask = {.from = 0, .env = GS_ASK, .type = GS_UPDATE_NET, .master = {77, 1}, .req = 7};
  cr_expect_eq(ask_again(&trouble, &ask), 0, "it comes too soon for one that was sent again");
  trouble.now_ns += 5 * LIMIT;
  cr_assert_eq(ask_again(&trouble, &ask), 1, "it takes the wave up anew");
  cr_expect_eq(trouble.effects.messages[0].env, GS_ASK);
}

Test(recovery_kept, what_is_oldest_is_forgotten_first) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01 12");
  uint32_t each = GS_KEPT_NETS_MAX / 10;
  for (uint64_t i = 1; i <= 9; i++) {
    trouble.now_ns += LIMIT;
    answer_with(&trouble, (GsMasterId){77, i}, each);
  }
  trouble.now_ns += LIMIT;
  answer_with(&trouble, (GsMasterId){77, 10}, 2 * each);
  GsMessage ask = {.from = 0, .env = GS_ASK, .type = GS_UPDATE_NET, .master = {77, 9}, .req = 7};
  cr_assert_eq(ask_again(&trouble, &ask), 1, "the latest are kept");
  cr_assert(trouble.effects.messages[0].nets);
  gs_pool_give_nets(&trouble.pool, trouble.effects.messages[0].nets);
}

/** Collects the blocks of a node's kept answers. */
static GHashTable *kept_blocks(const GsNode *node, guint *block_class) {
  GHashTable *blocks = g_hash_table_new(NULL, NULL);
  for (uint32_t place = 0; place < node->waves.used; place++) {
    GsWave *wave = gs_wave_table_at(&node->waves, place);
    if (wave->kind != GS_WAVE_CLOSED || !wave->kept)
      continue;
    *block_class = gs_pool_class(gs_kept_nets_bytes(wave->kept));
    g_hash_table_add(blocks, wave->kept);
  }
  return blocks;
}

/** They are large, so that no other memory is of their class. */
Test(recovery_kept, a_crash_gives_all_that_is_kept_back_to_the_pool_however_often) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01 12");
  gsize held = 0;
  for (uint64_t round = 0; round < 10; round++) {
    for (uint64_t i = 1; i <= 5; i++)
      answer_with(&trouble, (GsMasterId){77, 5 * round + i}, GS_KEPT_NETS_MAX / 10);
    guint block_class = 0;
    g_autoptr(GHashTable) kept = kept_blocks(&trouble.nodes[1], &block_class);
    guint count = g_hash_table_size(kept);
    cr_assert_eq(count, 5);
    gs_trouble_crash(&trouble, 1);
    cr_expect_eq(trouble.nodes[1].recovery->kept_bytes, 0);
    void *blocks[5];
    for (guint i = 0; i < count; i++) {
      blocks[i] = gs_pool_take(&trouble.pool, block_class);
      cr_expect(g_hash_table_remove(kept, blocks[i]), "round %u", (guint)round);
    }
    for (guint i = 0; i < count; i++)
      gs_pool_give(&trouble.pool, blocks[i], block_class);
    gs_trouble_restart(&trouble, 1, GS_KEEPS_ALL);
    held = round ? held : trouble.pool.held_bytes;
    cr_expect_eq(trouble.pool.held_bytes, held, "round %u", (guint)round);
  }
}

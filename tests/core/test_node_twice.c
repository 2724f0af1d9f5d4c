/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/limits.h"
#include "tests/core/node_support.h"

/*
 * Ways in which a node comes to answer a wave twice. Whatever it is, the node
 * marks its nets, so that initiators count each id once. Messages are held back
 * and let go by hand; the wave looked at is the first of node 0.
 */

#define NODES_MAX 4

typedef struct {
  GsNode nodes[NODES_MAX];
  uint32_t count;
  GsPool pool;
  GsEffects effects;
  GArray *under_way; /**< of GsMessage, in the order they were sent */
  /* What is held back on the way from one node to another: all, or the Asks of waves. */
  bool holding, asks_only;
  uint32_t held_from, held_to;
  uint32_t answers[NODES_MAX]; /**< of each node in the first wave of node 0, with nets */
  uint32_t done, done_first;   /**< waves that came back: all, and the first of node 0 */
} Yard;

static GsMasterId first_wave(void) {
  return (GsMasterId){10, 1};
}

static void add_node(Yard *yard, uint32_t i) {
  GsNodeConfig config = {.id = 10 + i, .name = "n", .endpoint = i, .id_space = 10 + i};
  gs_node_init(&yard->nodes[i], &config);
  gs_node_set_start(&yard->nodes[i], 1 << i, 0, 0);
}

static void add_link(Yard *yard, uint32_t a, uint32_t b) {
  gs_node_add_start_sibling(&yard->nodes[a], &(GsContact){10 + b, "n", b}, GS_SLOT_UNKNOWN);
  gs_node_add_start_sibling(&yard->nodes[b], &(GsContact){10 + a, "n", a}, GS_SLOT_UNKNOWN);
}

static void yard_init(Yard *yard, uint32_t count) {
  *yard = (Yard){.count = count};
  yard->under_way = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  gs_pool_init(&yard->pool, NULL);
  gs_effects_init(&yard->effects, &yard->pool);
  for (uint32_t i = 0; i < count; i++)
    add_node(yard, i);
}

static void yard_clear(Yard *yard) {
  for (uint32_t i = 0; i < yard->count; i++)
    gs_node_clear(&yard->nodes[i], &yard->pool);
  gs_effects_clear(&yard->effects);
  gs_pool_clear(&yard->pool);
  g_array_unref(yard->under_way);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Yard, yard_clear)

/** Whatever was answered twice: a wave that is back has counted each node once. */
static void look_at_notes(Yard *yard, uint32_t node) {
  for (uint32_t i = 0; i < yard->effects.note_count; i++) {
    const GsNote *note = &yard->effects.notes[i];
    if (note->kind != GS_NOTE_WAVE_DONE)
      continue;
    cr_expect_eq(note->value, (1 << yard->count) - 1, "node %u counted %" G_GINT64_FORMAT, node,
                 note->value);
    yard->done++;
    yard->done_first += gs_master_id_equal(note->master, first_wave());
  }
}

static void handle(Yard *yard, GsMessage message) {
  gs_effects_reset(&yard->effects);
  cr_assert(gs_node_step(&yard->nodes[message.to], &message, &yard->effects, NULL));
  look_at_notes(yard, message.to);
  for (uint32_t i = 0; i < yard->effects.message_count; i++) {
    const GsMessage *sent = &yard->effects.messages[i];
    if (gs_message_kind(sent) == GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET) && sent->nets &&
        gs_master_id_equal(sent->master, first_wave()))
      yard->answers[sent->from]++;
  }
  g_array_append_vals(yard->under_way, yard->effects.messages, yard->effects.message_count);
}

static bool is_held(const Yard *yard, const GsMessage *message) {
  return yard->holding && message->from == yard->held_from && message->to == yard->held_to &&
         (!yard->asks_only || gs_message_kind(message) == GS_MESSAGE_KIND(GS_ASK, GS_UPDATE_NET));
}

/** Delivers all that is not held back. */
static void settle(Yard *yard) {
  for (guint i = 0; i < yard->under_way->len;) {
    GsMessage message = g_array_index(yard->under_way, GsMessage, i);
    if (is_held(yard, &message)) {
      i++;
      continue;
    }
    g_array_remove_index(yard->under_way, i);
    handle(yard, message);
    i = 0;
  }
}

static void hold(Yard *yard, bool asks_only, uint32_t from, uint32_t to) {
  yard->holding = true;
  yard->asks_only = asks_only;
  yard->held_from = from;
  yard->held_to = to;
}

static void let_go(Yard *yard) {
  yard->holding = false;
  settle(yard);
}

static void start_wave(Yard *yard) {
  GsMessage tell = gs_msg(0, GS_TELL, GS_UPDATE_NET);
  tell.to = 0;
  handle(yard, tell);
}

static GsMessage greeting(GsEndpoint from, GsEnvelopeType env, int64_t who, uint32_t to) {
  GsMessage message = gs_msg_sibling(from, env, who, 1);
  message.from = from;
  message.to = to;
  return message;
}

static void expect_two_answers(const Yard *yard, uint32_t node) {
  cr_expect_eq(yard->answers[node], 2, "node %u answered %u times", node, yard->answers[node]);
  cr_expect_eq(yard->done_first, 1);
}

/** 0 – 1 – 2 and 0 – 3. 2 has answered when it gets 3 for a sibling, which the wave has not
 * reached: 3 asks it again. */
Test(node_twice, a_new_sibling_may_ask_in_a_wave_that_was_answered) {
  g_auto(Yard) yard;
  yard_init(&yard, 4);
  add_link(&yard, 0, 1);
  add_link(&yard, 1, 2);
  add_link(&yard, 0, 3);
  hold(&yard, true, 0, 3);
  start_wave(&yard);
  settle(&yard);
  cr_expect_eq(yard.answers[2], 1);
  GsMessage tell = greeting(GS_ENDPOINT_NONE, GS_TELL, 13, 2);
  tell.to_add = 3;
  handle(&yard, tell);
  settle(&yard);
  let_go(&yard);
  expect_two_answers(&yard, 2);
}

/** A triangle and the leaf 3 at 1. The empty answer of 2 overtakes its own Ask; before that comes,
 * 3 is found where 2 was, so that an Ask from there is awaited no more. */
Test(node_twice, a_sibling_that_started_anew_may_ask_in_a_wave_that_was_answered) {
  g_auto(Yard) yard;
  yard_init(&yard, 4);
  add_link(&yard, 0, 1);
  add_link(&yard, 0, 2);
  add_link(&yard, 1, 2);
  add_link(&yard, 1, 3);
  hold(&yard, true, 2, 1);
  start_wave(&yard);
  settle(&yard);
  cr_expect_eq(yard.answers[1], 1);
  GsMessage ask = greeting(2, GS_ASK, 13, 1);
  gs_effects_reset(&yard.effects);
  cr_assert(gs_node_step(&yard.nodes[1], &ask, &yard.effects, NULL));
  cr_expect_eq(yard.nodes[1].sibling_count, 2);
  let_go(&yard);
  expect_two_answers(&yard, 1);
}

/** A triangle. 1 has answered, is started anew and knows nobody when the Ask of 2 comes. */
Test(node_twice, a_node_that_started_anew_is_asked_by_those_it_does_not_know) {
  g_auto(Yard) yard;
  yard_init(&yard, 3);
  add_link(&yard, 0, 1);
  add_link(&yard, 0, 2);
  add_link(&yard, 1, 2);
  hold(&yard, true, 2, 1);
  start_wave(&yard);
  settle(&yard);
  cr_expect_eq(yard.answers[1], 1);
  gs_node_clear(&yard.nodes[1], &yard.pool);
  add_node(&yard, 1);
  let_go(&yard);
  expect_two_answers(&yard, 1);
}

/** A triangle. Of many waves that 1 has answered the Asks of 2 are overtaken by its empty answers.
 */
Test(node_twice, of_an_answered_wave_that_was_forgotten_an_ask_may_come) {
  g_auto(Yard) yard;
  yard_init(&yard, 3);
  add_link(&yard, 0, 1);
  add_link(&yard, 0, 2);
  add_link(&yard, 1, 2);
  hold(&yard, true, 2, 1);
  for (uint32_t i = 0; i < GS_CLOSED_WAVES_MAX + 1; i++) {
    start_wave(&yard);
    settle(&yard);
  }
  cr_expect_leq(yard.nodes[1].closed_waves, GS_CLOSED_WAVES_MAX);
  cr_expect_eq(yard.done, 0);
  let_go(&yard);
  expect_two_answers(&yard, 1);
  cr_expect_eq(yard.done, GS_CLOSED_WAVES_MAX + 1);
}

/** A triangle. 1 has room for one wave only, and the Ask of 2 comes when it has given up the first.
 */
Test(node_twice, of_a_wave_that_was_given_up_an_ask_may_come) {
  g_auto(Yard) yard;
  yard_init(&yard, 3);
  add_link(&yard, 0, 1);
  add_link(&yard, 0, 2);
  add_link(&yard, 1, 2);
  yard.nodes[1].open_waves_max = 1;
  hold(&yard, false, 2, 1);
  start_wave(&yard);
  settle(&yard);
  cr_expect_eq(yard.answers[1], 0);
  start_wave(&yard);
  settle(&yard);
  cr_expect_eq(yard.answers[1], 1);
  let_go(&yard);
  expect_two_answers(&yard, 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/limits.h"
#include "tests/core/node_support.h"
#include "tests/core/recovery_support.h"

/* What others can make a node remember is bounded. */

/** Hands node 0 a message from outside the grid, as if node `from` had sent it. */
static void hand(GsTrouble *trouble, GsMessage *message) {
  gs_effects_reset(&trouble->effects);
  trouble->effects.now_ns = trouble->now_ns;
  cr_assert(gs_node_step(&trouble->nodes[0], message, &trouble->effects, NULL));
}

Test(recovery_limits, handshakes_that_nobody_answers_are_bounded) {
  g_auto(GsTrouble) trouble;
  gs_trouble_init(&trouble, 2, 1, false);
  gs_trouble_start(&trouble);
  gsize before = 0;
  for (uint32_t i = 0; i < 3 * GS_HANDSHAKES_MAX; i++) {
    GsMessage tell = {.from = GS_ENDPOINT_NONE, .env = GS_TELL, .type = GS_ADD_SIBLING};
    tell.to_add = 100 + i;
    tell.sibling.id = 1000 + i;
    tell.sibling.name = "n";
    hand(&trouble, &tell);
    if (i == GS_HANDSHAKES_MAX)
      before = gs_node_heap_bytes(&trouble.nodes[0]);
  }
  cr_expect_eq(gs_node_heap_bytes(&trouble.nodes[0]), before);
}

Test(recovery_limits, finished_waves_that_are_remembered_are_bounded) {
  g_auto(GsTrouble) trouble;
  gs_trouble_init(&trouble, 3, 1, true);
  gs_trouble_link(&trouble, 0, 1);
  gs_trouble_link(&trouble, 0, 2);
  gs_trouble_start(&trouble);
  uint32_t most = 0;
  for (uint32_t i = 0; i < 5 * GS_REMEMBERED_WAVES_MAX; i++) {
    GsMessage ask = {.from = 1, .env = GS_ASK, .type = GS_UPDATE_NET, .master = {77, i + 1}};
    hand(&trouble, &ask);
    cr_assert_eq(trouble.effects.message_count, 1);
    GsMessage answer = trouble.effects.messages[0];
    answer.from = 2;
    answer.to = 0;
    answer.env = GS_RESPONSE;
    answer.nets = gs_pool_take_nets(&trouble.pool);
    gs_nets_init(answer.nets, 12, 5);
    hand(&trouble, &answer);
    for (uint32_t m = 0; m < trouble.effects.message_count; m++)
      gs_pool_give_nets(&trouble.pool, trouble.effects.messages[m].nets);
    most = MAX(most, trouble.nodes[0].closed_waves);
  }
  cr_expect_eq(most, GS_REMEMBERED_WAVES_MAX);
}

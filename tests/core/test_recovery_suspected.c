/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/recovery.h"
#include "tests/core/node_support.h"

/* Who is suspected is asked to be a sibling each time that the node looks again. */

#define SECOND INT64_C(1000000000)

static guint handshakes_asked(GsRig *rig, GsEndpoint of) {
  guint count = 0;
  for (uint32_t i = 0; i < rig->effects.message_count; i++) {
    const GsMessage *message = &rig->effects.messages[i];
    count += message->to == of && message->type == GS_ADD_SIBLING && message->env == GS_ASK &&
             message->cause == GS_CAUSE_RECOVERY;
  }
  gs_effects_reset(&rig->effects);
  return count;
}

static guint wake_at(GsRig *rig, int64_t now_ns) {
  rig->effects.now_ns = now_ns;
  gs_node_wake(&rig->node, &rig->effects);
  return handshakes_asked(rig, 2);
}

Test(recovery_suspected, is_asked_at_each_look_until_it_says_something) {
  static const GsRecoveryRules rules = {.limit_ns = 20 * SECOND, .resync_ns = 60 * SECOND};
  GsRig rig = {0};
  gs_pool_init(&rig.pool, NULL);
  gs_effects_init(&rig.effects, &rig.pool);
  GsNodeConfig config = {.id = 1, .name = "one", .endpoint = 1, .id_space = 1, .recovery = &rules};
  gs_node_init(&rig.node, &config);
  GsContact two = {2, "two", 2};
  gs_node_add_start_sibling(&rig.node, &two, GS_SLOT_UNKNOWN);
  gs_node_start_recovery(&rig.node, 0);
  GsMessage undelivered = gs_msg_sync(1, 1, 1);
  undelivered.to = 2;
  gs_node_undelivered(&rig.node, &undelivered, &rig.effects);
  cr_expect(gs_node_suspects(&rig.node, 0));
  gs_effects_reset(&rig.effects);
  cr_expect_eq(wake_at(&rig, 60 * SECOND), 1);
  cr_expect_eq(wake_at(&rig, 90 * SECOND), 0);
  cr_expect_eq(wake_at(&rig, 125 * SECOND), 1);
  gs_rig_give(&rig, gs_msg_sync(2, 2, 1));
  cr_expect_not(gs_node_suspects(&rig.node, 0));
  gs_rig_clear(&rig);
}

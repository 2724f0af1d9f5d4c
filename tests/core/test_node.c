/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "tests/core/node_support.h"

/* Handshakes, energies and what means nothing; waves and floods are in test_node_waves.c. */

static void init(GsRig *rig, uint32_t last_sibling) {
  gs_rig_init(rig, last_sibling, GS_PROTOCOL_ECHO, GS_SYNC_EVERY);
}

Test(node, told_to_add_a_sibling_it_asks_it_and_the_response_starts_wave_and_flood) {
  g_auto(GsRig) rig;
  init(&rig, 0);
  gs_rig_expect(&rig, gs_msg_sibling(0, GS_TELL, 2, 0), "2< Ask AddSibling 1:1 #1 (1 one)");
  cr_expect_eq(rig.node.sibling_count, 0, "only an answer makes a sibling");
  gs_rig_expect(&rig, gs_msg_sibling(2, GS_RESPONSE, 2, 1),
                "2< Ask UpdateNet 1:2 #2; 2< Tell SyncGrid 1:3; sibling 2; wave 1:2");
  gs_rig_expect(&rig, gs_msg_sibling(0, GS_TELL, 2, 0), "dropped known-sibling");
  gs_rig_expect(&rig, gs_msg_sibling(0, GS_TELL, 3, 0), "3< Ask AddSibling 1:4 #3 (1 one)");
  gs_rig_expect(&rig, gs_msg_sibling(3, GS_RESPONSE, 3, 3),
                "2< Ask UpdateNet 1:5 #4; 3< Ask UpdateNet 1:5 #5; 2< Tell SyncGrid 1:6; "
                "3< Tell SyncGrid 1:6; sibling 3; wave 1:5");
}

Test(node, told_that_a_sibling_is_elsewhere_it_asks_it_there) {
  g_auto(GsRig) rig;
  init(&rig, 2);
  GsMessage moved = gs_msg_sibling(0, GS_TELL, 2, 0);
  gs_rig_expect(&rig, moved, "dropped known-sibling");
  moved.to_add = 7;
  gs_rig_expect(&rig, moved, "7< Ask AddSibling 1:1 #1 (1 one)");
}

Test(node, asked_it_adds_the_asker_and_answers_also_when_asked_again) {
  g_auto(GsRig) rig;
  init(&rig, 0);
  GsMessage ask = gs_msg_sibling(2, GS_ASK, 2, 7);
  ask.master = (GsMasterId){2, 5};
  gs_rig_expect(&rig, ask, "2< Response AddSibling 2:5 #7 (1 one); sibling 2");
  ask.req = 8;
  gs_rig_expect(&rig, ask, "2< Response AddSibling 2:5 #8 (1 one)");
  cr_expect_eq(rig.node.sibling_count, 1);
  cr_expect_str_eq(gs_node_sibling(&rig.node, 0)->name, "other");
  /* A repeated handshake heals: its Response starts wave and flood as the first did. */
  gs_rig_expect(&rig, gs_msg_sibling(2, GS_RESPONSE, 2, 1),
                "2< Ask UpdateNet 1:1 #1; 2< Tell SyncGrid 1:2; wave 1:1");
}

Test(node, of_two_that_ask_each_other_at_once_each_starts_wave_and_flood) {
  g_auto(GsRig) rig;
  init(&rig, 0);
  gs_rig_expect(&rig, gs_msg_sibling(0, GS_TELL, 2, 0), "2< Ask AddSibling 1:1 #1 (1 one)");
  gs_rig_expect(&rig, gs_msg_sibling(2, GS_ASK, 2, 1),
                "2< Response AddSibling 0:0 #1 (1 one); sibling 2");
  gs_rig_expect(&rig, gs_msg_sibling(2, GS_RESPONSE, 2, 1),
                "2< Ask UpdateNet 1:2 #2; 2< Tell SyncGrid 1:3; wave 1:2");
  cr_expect_eq(rig.node.sibling_count, 1);
}

Test(node, it_is_never_its_own_sibling) {
  g_auto(GsRig) rig;
  init(&rig, 0);
  GsMessage by_endpoint = gs_msg_sibling(0, GS_TELL, 2, 0);
  by_endpoint.to_add = 1;
  gs_rig_expect(&rig, gs_msg_sibling(0, GS_TELL, 1, 0), "dropped self-sibling");
  gs_rig_expect(&rig, by_endpoint, "dropped self-sibling");
  gs_rig_expect(&rig, gs_msg_sibling(2, GS_ASK, 1, 1), "dropped self-sibling");
  gs_rig_expect(&rig, gs_msg_sibling(1, GS_ASK, 2, 1), "dropped self-sibling");
  gs_rig_expect(&rig, gs_msg_sibling(1, GS_RESPONSE, 2, 1), "dropped self-sibling");
  gs_rig_expect(&rig, gs_msg_sibling(0, GS_ASK, 2, 1), "dropped unknown-asker");
  cr_expect_eq(rig.node.sibling_count, 0);
  cr_expect_eq(gs_node_heap_bytes(&rig.node), 0);
}

/** Each id and each endpoint once, found both ways. */
static void expect_consistent(const GsRig *rig, uint32_t count) {
  const GsNode *node = &rig->node;
  cr_expect_eq(node->sibling_count, count);
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    cr_expect_eq(gs_node_find_id(node, gs_node_sibling(node, i)->id), i);
    cr_expect_eq(gs_node_find_endpoint(node, node->siblings[i].endpoint), i);
  }
}

Test(node, a_sibling_that_starts_anew_keeps_one_entry) {
  /* Few siblings are walked, many are found by a map: both must agree. */
  static const uint32_t counts[] = {4, 40};
  for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
    g_auto(GsRig) rig;
    init(&rig, 0);
    for (uint32_t n = 2; n <= counts[i]; n++)
      gs_rig_give(&rig, gs_msg_sibling(n, GS_ASK, n, 1));
    uint32_t siblings = counts[i] - 1;
    expect_consistent(&rig, siblings);
    /* Another address. */
    gs_rig_expect(&rig, gs_msg_sibling(90, GS_ASK, 3, 1),
                  "90< Response AddSibling 0:0 #1 (1 one); sibling 3");
    expect_consistent(&rig, siblings);
    cr_expect_eq(gs_node_find_endpoint(&rig.node, 3), GS_SLOT_UNKNOWN);
    cr_expect_eq(gs_node_find_endpoint(&rig.node, 90), gs_node_find_id(&rig.node, 3));
    /* Another identity at the same address. */
    GsMessage renamed = gs_msg_sibling(90, GS_ASK, 91, 1);
    renamed.sibling.name = "new";
    gs_rig_expect(&rig, renamed, "90< Response AddSibling 0:0 #1 (1 one)");
    expect_consistent(&rig, siblings);
    cr_expect_eq(gs_node_find_id(&rig.node, 3), GS_SLOT_UNKNOWN);
    cr_expect_str_eq(gs_node_sibling(&rig.node, gs_node_find_id(&rig.node, 91))->name, "new");
    /* Both: 2 is now where 91 was, and 91 is gone. */
    gs_rig_expect(&rig, gs_msg_sibling(90, GS_ASK, 2, 1),
                  "90< Response AddSibling 0:0 #1 (1 one); sibling 2");
    expect_consistent(&rig, siblings - 1);
    cr_expect_eq(gs_node_find_id(&rig.node, 91), GS_SLOT_UNKNOWN);
    cr_expect_eq(gs_node_find_endpoint(&rig.node, 2), GS_SLOT_UNKNOWN);
    cr_expect_eq(gs_node_find_endpoint(&rig.node, 90), gs_node_find_id(&rig.node, 2));
    /* The last entry moves into the gap: 4 is at the address of an entry before it. */
    gs_rig_give(&rig, gs_msg_sibling(90, GS_ASK, counts[i], 1));
    expect_consistent(&rig, siblings - 2);
    cr_expect_eq(gs_node_find_endpoint(&rig.node, 90), gs_node_find_id(&rig.node, counts[i]));
  }
}

Test(node, open_waves_go_on_without_a_sibling_that_is_gone) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  rig.node.production = 1;
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET)); /* 1:1 asks 2, 3 and 4 */
  gs_rig_give(&rig, gs_msg_net_ask(4, 7, 1, 9));        /* 7:1 asks 2 and 3 */
  gs_rig_give(&rig, gs_msg_net_ask(3, 8, 1, 6));        /* 8:1 asks 2 and 4 */
  gs_rig_give(&rig, gs_msg_net_response(2, 1, 1, gs_rig_nets(&rig, 1, (int64_t[]){2, 20})));
  gs_rig_give(&rig, gs_msg_net_response(2, 7, 1, gs_rig_nets(&rig, 1, (int64_t[]){2, 20})));
  gs_rig_give(&rig, gs_msg_net_response(4, 8, 1, gs_rig_nets(&rig, 1, (int64_t[]){4, 40})));
  /* 4 is found at the address of 3, so 3 is gone; 7:1 waited for it alone. It is answered there. */
  gs_rig_expect(&rig, gs_msg_sibling(3, GS_ASK, 4, 1),
                "3< Response UpdateNet 7:1 #9 {1: 1, 2: 20}; "
                "3< Response AddSibling 0:0 #1 (1 one); sibling 4");
  cr_expect_eq(gs_node_open_waves(&rig.node), 2);
  gs_rig_expect(&rig, gs_msg_net_response(2, 8, 1, NULL),
                "3< Response UpdateNet 8:1 #6 {1: 1, 4: 40}");
  gs_rig_expect(&rig, gs_msg_net_response(3, 1, 1, gs_rig_nets(&rig, 1, (int64_t[]){4, 40})),
                "done 1:1 = 61; gridnet 61");
  cr_expect_eq(gs_node_open_waves(&rig.node), 0);
}

Test(node, an_energy_update_starts_wave_and_flood_and_may_leave_out_a_value) {
  g_auto(GsRig) rig;
  init(&rig, 3);
  gs_rig_expect(&rig, gs_msg_energy(7, 2),
                "2< Ask UpdateNet 1:1 #1; 3< Ask UpdateNet 1:1 #2; 2< Tell SyncGrid 1:2; "
                "3< Tell SyncGrid 1:2; energy 0 to 5; wave 1:1");
  cr_expect(rig.node.production == 7 && rig.node.consumption == 2 && rig.node.gridnet == 0);
  GsMessage part = gs_msg_energy(9, 99);
  part.has_consumption = false;
  gs_rig_give(&rig, part);
  cr_expect(rig.node.production == 9 && rig.node.consumption == 2);
  part = gs_msg_energy(99, 4);
  part.has_production = false;
  gs_rig_give(&rig, part);
  cr_expect(rig.node.production == 9 && rig.node.consumption == 4);
  part.has_consumption = false;
  gs_rig_give(&rig, part);
  cr_expect(rig.node.production == 9 && rig.node.consumption == 4);
  cr_expect_eq(gs_node_open_waves(&rig.node), 4, "each update starts a wave, also one of nothing");
}

Test(node, without_siblings_gridnet_is_its_net_at_once) {
  g_auto(GsRig) rig;
  init(&rig, 0);
  gs_rig_expect(&rig, gs_msg_energy(0, 10),
                "energy 0 to -10; wave 1:1; done 1:1 = -10; gridnet -10");
  gs_rig_expect(&rig, gs_msg_energy(0, 10), "energy -10 to -10; wave 1:3; done 1:3 = -10");
  gs_rig_expect(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET), "wave 1:5; done 1:5 = -10");
  gs_rig_expect(&rig, gs_msg(0, GS_TELL, GS_SYNC_GRID), "wave 1:6; done 1:6 = -10");
  gs_rig_expect(&rig, gs_msg_energy(GS_ENERGY_MAX, 0),
                "energy -10 to 1099511627776; wave 1:8; done 1:8 = 1099511627776; "
                "gridnet 1099511627776");
}

Test(node, an_energy_out_of_range_leaves_the_node_as_it_was) {
  static const int64_t bad[] = {-1, GS_ENERGY_MAX + 1, INT64_MIN, INT64_MAX};
  g_auto(GsRig) rig;
  init(&rig, 3);
  gs_rig_give(&rig, gs_msg_energy(7, 2));
  GsNode before = rig.node;
  for (guint i = 0; i < 2 * G_N_ELEMENTS(bad); i++) {
    bool consumption = i % 2;
    GsMessage message = consumption ? gs_msg_energy(3, bad[i / 2]) : gs_msg_energy(bad[i / 2], 3);
    g_autoptr(GError) error = NULL;
    gs_effects_reset(&rig.effects);
    cr_expect_not(gs_node_step(&rig.node, &message, &rig.effects, &error));
    cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
    g_autofree char *wanted =
        g_strdup_printf("%s is %" G_GINT64_FORMAT "; allowed are 0 to 1099511627776",
                        consumption ? "consumption" : "production", bad[i / 2]);
    cr_expect_str_eq(error->message, wanted);
    cr_expect_eq(rig.effects.message_count + rig.effects.note_count, 0);
    cr_expect_eq(memcmp(&before, &rig.node, sizeof before), 0);
  }
}

Test(node, types_and_envelopes_that_mean_nothing_together_are_dropped) {
  g_auto(GsRig) rig;
  init(&rig, 3);
  GsNode before = rig.node;
  for (int type = GS_ADD_SIBLING; type <= GS_UPDATE_NET; type++) {
    for (int env = GS_TELL; env <= 3; env++) {
      bool known = type == GS_ADD_SIBLING || type == GS_UPDATE_NET || env == GS_TELL;
      if (env == 3 || !known)
        gs_rig_expect(&rig, gs_msg(2, (GsEnvelopeType)env, (GsMessageType)type),
                      "dropped not-a-message");
    }
  }
  cr_expect_eq(memcmp(&before, &rig.node, sizeof before), 0);
}

Test(node, a_hub_finds_each_of_thousands_of_siblings) {
  g_auto(GsRig) rig;
  init(&rig, 0);
  for (uint32_t n = 2; n <= 5001; n++)
    gs_rig_give(&rig, gs_msg_sibling(n, n % 2 ? GS_ASK : GS_RESPONSE, n, 1));
  expect_consistent(&rig, 5000);
  cr_expect_eq(gs_node_find_endpoint(&rig.node, 5002), GS_SLOT_UNKNOWN);
}

/* ---- What the runtime knows of its nodes ---- */

#define KNOWN 40

/** Part of something larger, as it is where the runtime keeps more of each node. */
typedef struct {
  GsIdentity identity;
  int64_t more;
} Entry;

static void expect_same_siblings(const GsNode *node, const GsNode *other) {
  cr_assert_eq(node->sibling_count, other->sibling_count);
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    cr_expect_eq(node->siblings[i].endpoint, other->siblings[i].endpoint);
    cr_expect_eq(gs_node_sibling(node, i)->id, gs_node_sibling(other, i)->id);
    cr_expect_str_eq(gs_node_sibling(node, i)->name, gs_node_sibling(other, i)->name);
  }
}

/** Mostly who the directory knows; also others, at their places, under their ids, or as named. */
static GsMessage any_greeting(uint64_t *state, bool strangers) {
  GsEndpoint from = 2 + (GsEndpoint)gs_test_random(state, KNOWN - 2);
  int64_t id = from;
  uint64_t kind = strangers ? gs_test_random(state, 60) : 60;
  if (kind == 0)
    from += KNOWN;
  else if (kind == 1)
    id += KNOWN;
  else if (kind == 2)
    id = 2 + (int64_t)gs_test_random(state, KNOWN - 2);
  if (gs_test_random(state, 4) == 0)
    return gs_msg_sibling(0, GS_TELL, id, 0);
  GsMessage message = gs_msg_sibling(from, GS_ASK, id, 1);
  if (kind == 3)
    message.sibling.name = "renamed";
  return message;
}

Test(node, a_directory_changes_nothing_but_what_a_node_must_keep) {
  Entry entries[KNOWN];
  for (uint32_t i = 0; i < KNOWN; i++)
    entries[i] = (Entry){{i, "other"}, -1};
  GsDirectory directory = {&entries[0].identity, sizeof entries[0], KNOWN};
  for (uint64_t seed = 1; seed <= 60; seed++) {
    bool strangers = seed % 2;
    g_auto(GsRig) plain, knowing;
    init(&plain, 0);
    init(&knowing, 0);
    knowing.node.directory = &directory;
    uint64_t state = seed;
    for (int step = 0; step < 250; step++) {
      GsMessage message = any_greeting(&state, strangers);
      gs_rig_give(&plain, message);
      gs_rig_give(&knowing, message);
      cr_assert_eq(plain.effects.message_count, knowing.effects.message_count);
      cr_assert_eq(plain.effects.note_count, knowing.effects.note_count);
      expect_same_siblings(&plain.node, &knowing.node);
      expect_consistent(&knowing, plain.node.sibling_count);
    }
    cr_expect_eq(knowing.node.identities != NULL, strangers);
  }
}

Test(node, room_that_was_lent_is_left_when_it_is_too_small) {
  GsSibling room[3];
  g_auto(GsRig) rig;
  init(&rig, 0);
  gs_node_lend_siblings(&rig.node, room, 2);
  for (uint32_t n = 2; n <= 3; n++)
    gs_node_add_start_sibling(&rig.node, &(GsContact){n, "sibling", n}, n);
  cr_expect_eq(rig.node.siblings, room);
  room[2] = (GsSibling){77, 78};
  gs_rig_give(&rig, gs_msg_sibling(4, GS_ASK, 4, 1));
  cr_expect_neq(rig.node.siblings, room);
  expect_consistent(&rig, 3);
  cr_expect_eq(rig.node.siblings[1].slot_there, 3);
  cr_expect(room[2].endpoint == 77 && room[2].slot_there == 78);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "core/limits.h"
#include "tests/core/node_support.h"

static void init(GsRig *rig, uint32_t last_sibling) {
  gs_rig_init(rig, last_sibling, GS_PROTOCOL_ECHO, GS_SYNC_EVERY);
}

static GsMessage answer(GsRig *rig, GsEndpoint from, uint64_t space, uint64_t count, int64_t net) {
  return gs_msg_net_response(from, space, count, gs_rig_nets(rig, 1, (int64_t[]){from, net}));
}

Test(node_waves, a_flood_seen_first_starts_a_wave_and_goes_on_to_all_others) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  gs_rig_expect(&rig, gs_msg_sync(3, 7, 1),
                "2< Ask UpdateNet 1:1 #1; 3< Ask UpdateNet 1:1 #2; 4< Ask UpdateNet 1:1 #3; "
                "2< Tell SyncGrid 7:1; 4< Tell SyncGrid 7:1; wave 1:1");
  gs_rig_expect(&rig, gs_msg_sync(3, 7, 1), "dropped seen-flood");
  gs_rig_expect(&rig, gs_msg_sync(2, 7, 1), "dropped seen-flood");
  gs_rig_expect(&rig, gs_msg_sync(2, 1, 99), "dropped seen-flood"); /* its own */
  /* From someone who is no sibling it goes to all. */
  gs_rig_expect(&rig, gs_msg_sync(50, 7, 2),
                "2< Ask UpdateNet 1:2 #4; 3< Ask UpdateNet 1:2 #5; 4< Ask UpdateNet 1:2 #6; "
                "2< Tell SyncGrid 7:2; 3< Tell SyncGrid 7:2; 4< Tell SyncGrid 7:2; wave 1:2");
  /* A person's is a new flood each time. */
  gs_rig_expect(&rig, gs_msg(0, GS_TELL, GS_SYNC_GRID),
                "2< Ask UpdateNet 1:3 #7; 3< Ask UpdateNet 1:3 #8; 4< Ask UpdateNet 1:3 #9; "
                "2< Tell SyncGrid 1:4; 3< Tell SyncGrid 1:4; 4< Tell SyncGrid 1:4; wave 1:3");
}

Test(node_waves, siblings_that_never_answer_cost_bounded_memory) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  rig.node.open_waves_max = GS_OPEN_WAVES_MAX;
  rig.node.production = 5;
  for (uint32_t i = 0; i < GS_OPEN_WAVES_MAX; i++)
    gs_rig_give(&rig, gs_msg_net_ask(3, 7, i + 1, i + 1));
  cr_expect_eq(gs_node_open_waves(&rig.node), GS_OPEN_WAVES_MAX);
  gsize full = gs_node_heap_bytes(&rig.node);
  for (uint32_t i = 0; i < GS_OPEN_WAVES_MAX; i++) {
    gs_rig_give(&rig, gs_msg_net_ask(3, 8, i + 1, i + 1));
    cr_assert_eq(gs_node_open_waves(&rig.node), GS_OPEN_WAVES_MAX);
  }
  cr_expect_eq(gs_node_heap_bytes(&rig.node), full);
  cr_expect(full < (gsize)32 << 20, "%zu bytes", full);
  /* All of the first round are gone, and places are now in the order of arrival. */
  gs_rig_give(&rig, answer(&rig, 4, 8, 1, 40));
  uint64_t req = rig.node.last_req;
  g_autofree char *wanted =
      g_strdup_printf("3< Response UpdateNet 8:1 #1 {1: 5, 4: 40}; 2< Ask UpdateNet 9:1 #%" PRIu64
                      "; 4< Ask UpdateNet 9:1 #%" PRIu64 "; dropped given-up",
                      req + 1, req + 2);
  gs_rig_expect(&rig, gs_msg_net_ask(3, 9, 1, 1), wanted);
  /* Its answers come too late, and it is not known any more. */
  gs_rig_expect(&rig, answer(&rig, 2, 8, 1, 20), "dropped late-response");
}

Test(node_waves, of_own_waves_without_answers_the_latest_is_kept) {
  g_auto(GsRig) rig;
  init(&rig, 2);
  rig.node.open_waves_max = GS_OPEN_WAVES_MAX;
  for (uint32_t i = 0; i < 2 * GS_OPEN_WAVES_MAX; i++) {
    gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
    cr_assert_leq(gs_node_open_waves(&rig.node), GS_OPEN_WAVES_MAX);
  }
  uint64_t latest = rig.node.latest_wave;
  for (uint32_t i = 0; i < 2 * GS_OPEN_WAVES_MAX; i++)
    gs_rig_give(&rig, gs_msg_net_ask(50, 7, i + 1, i + 1));
  cr_expect_eq(rig.node.own_waves_out, 1);
  gs_rig_give(&rig, answer(&rig, 2, 1, latest, 20));
  cr_expect_eq(rig.node.gridnet, 20);
}

Test(node_waves, a_simulated_node_gives_no_wave_up) {
  g_auto(GsRig) rig;
  init(&rig, 3);
  for (uint32_t i = 0; i <= GS_OPEN_WAVES_MAX; i++)
    gs_rig_give(&rig, gs_msg_net_ask(3, 7, i + 1, i + 1));
  cr_expect_eq(gs_node_open_waves(&rig.node), GS_OPEN_WAVES_MAX + 1);
}

Test(node_waves, told_to_update_its_net_it_asks_all_and_adds_up_the_answers) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  rig.node.production = 5;
  gs_rig_expect(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET),
                "2< Ask UpdateNet 1:1 #1; 3< Ask UpdateNet 1:1 #2; 4< Ask UpdateNet 1:1 #3; "
                "wave 1:1");
  gs_rig_expect(&rig, answer(&rig, 3, 1, 1, 30), "");
  gs_rig_expect(&rig, gs_msg_net_response(4, 1, 1, NULL), "");
  cr_expect_eq(gs_node_open_waves(&rig.node), 1);
  /* Own energy counts as it is at the end. */
  rig.node.production = 7;
  gs_rig_expect(&rig, answer(&rig, 2, 1, 1, -20), "done 1:1 = 17; gridnet 17");
  cr_expect_eq(gs_node_open_waves(&rig.node), 0);
  cr_expect_eq(gs_node_heap_bytes(&rig.node),
               rig.node.sibling_room * (sizeof(GsSibling) + sizeof(GsIdentity)));
}

Test(node_waves, asked_first_it_asks_all_others_and_answers_with_what_they_know) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  rig.node.production = 5;
  gs_rig_expect(&rig, gs_msg_net_ask(3, 7, 1, 9),
                "2< Ask UpdateNet 7:1 #1; 4< Ask UpdateNet 7:1 #2");
  gs_rig_expect(&rig, answer(&rig, 4, 7, 1, 40), "");
  gs_rig_expect(&rig, answer(&rig, 2, 7, 1, 20),
                "3< Response UpdateNet 7:1 #9 {1: 5, 2: 20, 4: 40}");
  cr_expect_eq(rig.node.gridnet, 0, "only an own wave sets it");
  cr_expect_eq(gs_node_heap_bytes(&rig.node),
               rig.node.sibling_room * (sizeof(GsSibling) + sizeof(GsIdentity)),
               "answered with nets by all, nothing of it can come any more");
}

Test(node_waves, asked_without_another_sibling_it_answers_with_its_own_net) {
  g_auto(GsRig) rig, alone;
  init(&rig, 2);
  init(&alone, 0);
  rig.node.consumption = alone.node.consumption = 3;
  gs_rig_expect(&rig, gs_msg_net_ask(2, 7, 1, 9), "2< Response UpdateNet 7:1 #9 {1: -3}");
  /* Asked by a stranger that can be reached, also the only sibling is another one. */
  gs_rig_expect(&alone, gs_msg_net_ask(50, 7, 1, 9), "50< Response UpdateNet 7:1 #9 {1: -3}");
  gs_rig_expect(&rig, gs_msg_net_ask(50, 7, 2, 4), "2< Ask UpdateNet 7:2 #1");
  gs_rig_expect(&rig, answer(&rig, 2, 7, 2, 1), "50< Response UpdateNet 7:2 #4 {1: -3, 2: 1}");
}

/** Exactly one Ask and its answer more for each sibling but the asker than if it had known. */
Test(node_waves, asked_along_a_new_link_in_a_wave_that_it_forgot_it_takes_it_for_new) {
  g_auto(GsRig) rig;
  init(&rig, 2);
  rig.node.production = 5;
  gs_rig_expect(&rig, gs_msg_net_ask(2, 7, 1, 9), "2< Response UpdateNet 7:1 #9 {1: 5}");
  cr_expect_eq(rig.node.waves.used, 0, "a leaf remembers nothing");
  gs_rig_give(&rig, gs_msg_sibling(3, GS_ASK, 3, 1));
  gs_rig_expect(&rig, gs_msg_net_ask(3, 7, 1, 4), "2< Ask UpdateNet 7:1 #1");
  GsMessage nothing = gs_msg_net_response(2, 7, 1, NULL);
  nothing.req = 1;
  gs_rig_expect(&rig, nothing, "3< Response UpdateNet 7:1 #4 {1: 5}");
  cr_expect(rig.node.may_answer_twice);
}

Test(node_waves, asked_in_a_wave_that_it_knows_it_answers_with_nothing) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  gs_rig_give(&rig, gs_msg_net_ask(3, 7, 1, 9));
  gs_rig_expect(&rig, gs_msg_net_ask(2, 7, 1, 5), "2< Response UpdateNet 7:1 #5 {}");
  gs_rig_expect(&rig, gs_msg_net_ask(50, 7, 1, 5), "50< Response UpdateNet 7:1 #5 {}");
  gs_rig_give(&rig, gs_msg_net_response(2, 7, 1, NULL));
  gs_rig_expect(&rig, gs_msg_net_response(4, 7, 1, NULL), "3< Response UpdateNet 7:1 #9 {1: 0}");
  cr_expect_eq(rig.node.closed_waves, 1, "the Ask of 4 is still to come");
  gs_rig_expect(&rig, gs_msg_net_ask(4, 7, 1, 6), "4< Response UpdateNet 7:1 #6 {}");
  cr_expect_eq(rig.node.closed_waves, 0);
  /* Its own: also one that is over, or was never started by this incarnation. */
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  gs_rig_expect(&rig, gs_msg_net_ask(2, 1, 1, 7), "2< Response UpdateNet 1:1 #7 {}");
  gs_rig_expect(&rig, gs_msg_net_ask(2, 1, 77, 8), "2< Response UpdateNet 1:77 #8 {}");
}

Test(node_waves, an_ask_that_nobody_can_answer_is_dropped) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  gs_rig_expect(&rig, gs_msg_net_ask(0, 7, 1, 9), "dropped unknown-asker");
  cr_expect_eq(gs_node_open_waves(&rig.node), 0);
}

Test(node_waves, the_first_ask_sent_again_is_ignored) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  gs_rig_give(&rig, gs_msg_net_ask(3, 7, 1, 9));
  gs_rig_expect(&rig, gs_msg_net_ask(3, 7, 1, 9), "dropped repeated-ask");
  /* Another req is another Ask. */
  gs_rig_expect(&rig, gs_msg_net_ask(3, 7, 1, 10), "3< Response UpdateNet 7:1 #10 {}");
  gs_rig_expect(&rig, gs_msg_net_ask(2, 7, 1, 9), "2< Response UpdateNet 7:1 #9 {}");
  gs_rig_give(&rig, gs_msg_net_response(2, 7, 1, NULL));
  gs_rig_expect(&rig, gs_msg_net_response(4, 7, 1, NULL), "3< Response UpdateNet 7:1 #9 {1: 0}");
  /* Answered, and remembered because 4 may still ask. */
  gs_rig_expect(&rig, gs_msg_net_ask(3, 7, 1, 9), "dropped repeated-ask");
  cr_expect_eq(rig.node.closed_waves, 1);
  gs_rig_expect(&rig, gs_msg_net_ask(4, 7, 1, 6), "4< Response UpdateNet 7:1 #6 {}");
  cr_expect_eq(rig.node.closed_waves, 0);
  /* The same from a stranger. */
  gs_rig_give(&rig, gs_msg_net_ask(50, 7, 2, 4));
  gs_rig_expect(&rig, gs_msg_net_ask(50, 7, 2, 4), "dropped repeated-ask");
}

Test(node_waves, responses_that_answer_no_open_ask_are_dropped) {
  g_auto(GsRig) rig;
  init(&rig, 3);
  gs_rig_expect(&rig, answer(&rig, 2, 7, 1, 20), "dropped late-response");
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  gs_rig_give(&rig, answer(&rig, 2, 1, 1, 20));
  gs_rig_expect(&rig, answer(&rig, 2, 1, 1, 99), "dropped late-response");  /* twice */
  gs_rig_expect(&rig, answer(&rig, 50, 1, 1, 99), "dropped late-response"); /* a stranger */
  gs_rig_expect(&rig, answer(&rig, 0, 1, 1, 99), "dropped late-response");  /* a person */
  gs_rig_give(&rig, gs_msg_sync(2, 8, 1));
  gs_rig_expect(&rig, answer(&rig, 3, 8, 1, 99), "dropped late-response"); /* to a flood */
  gs_rig_expect(&rig, answer(&rig, 3, 1, 1, 30), "done 1:1 = 50; superseded 1:1");
  gs_rig_expect(&rig, answer(&rig, 3, 1, 1, 30), "dropped late-response"); /* it is over */
  /* To a relayed wave that is answered: its asker is not answered again. */
  gs_rig_give(&rig, gs_msg_net_ask(2, 7, 1, 9));
  gs_rig_give(&rig, gs_msg_net_response(3, 7, 1, NULL));
  gs_rig_expect(&rig, gs_msg_net_response(3, 7, 1, NULL), "dropped late-response");
}

/** A wave of before is back after a later one has started. */
static void expect_old_wave(GsProtocol protocol, const char *first, const char *second) {
  g_auto(GsRig) rig;
  gs_rig_init(&rig, 2, protocol, GS_SYNC_EVERY);
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  gs_rig_expect(&rig, answer(&rig, 2, 1, 2, 22), second);
  gs_rig_expect(&rig, answer(&rig, 2, 1, 1, 11), first);
  cr_expect_eq(gs_node_open_waves(&rig.node), 0);
}

Test(node_waves, only_the_latest_wave_sets_gridnet_but_in_the_original_every_one) {
  expect_old_wave(GS_PROTOCOL_ECHO, "done 1:1 = 11; superseded 1:1", "done 1:2 = 22; gridnet 22");
  expect_old_wave(GS_PROTOCOL_ORIGINAL, "done 1:1 = 11; gridnet 11", "done 1:2 = 22; gridnet 22");
}

Test(node_waves, coalescing_reasons_that_come_meanwhile_lead_to_one_wave) {
  g_auto(GsRig) rig;
  gs_rig_init(&rig, 2, GS_PROTOCOL_ECHO, GS_SYNC_COALESCE);
  gs_rig_expect(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET), "2< Ask UpdateNet 1:1 #1; wave 1:1");
  gs_rig_expect(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET), "");
  gs_rig_expect(&rig, gs_msg_energy(5, 0), "2< Tell SyncGrid 1:2; energy 0 to 5");
  gs_rig_expect(&rig, gs_msg_sync(2, 7, 1), "");
  gs_rig_expect(&rig, answer(&rig, 2, 1, 1, 10),
                "2< Ask UpdateNet 1:3 #2; done 1:1 = 15; gridnet 15; wave 1:3");
  gs_rig_expect(&rig, answer(&rig, 2, 1, 3, 10), "done 1:3 = 15");
  cr_expect_eq(gs_node_open_waves(&rig.node), 0);
  gs_rig_expect(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET), "2< Ask UpdateNet 1:4 #3; wave 1:4");
}

Test(node_waves, an_id_that_comes_twice_counts_once) {
  g_auto(GsRig) rig;
  init(&rig, 4);
  rig.node.production = 1;
  for (uint64_t wave = 1; wave <= 2; wave++) { /* the scratch of counting is used again */
    gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
    GsNets *first = gs_rig_nets(&rig, 3, (int64_t[]){2, 20, 9, 90, 8, 80});
    GsNets *second = gs_rig_nets(&rig, 4, (int64_t[]){3, 30, 9, 90, 2, 20, 1, 100});
    second->may_repeat = true;
    gs_rig_give(&rig, gs_msg_net_response(2, 1, wave, first));
    gs_rig_give(&rig, gs_msg_net_response(3, 1, wave, second));
    gs_rig_give(&rig, gs_msg_net_response(4, 1, wave, NULL));
    cr_expect_eq(rig.node.gridnet, 1 + 20 + 30 + 90 + 80);
  }
  /* What may repeat below a relay is still marked above it. */
  gs_rig_give(&rig, gs_msg_net_ask(2, 7, 1, 9));
  GsNets *marked = gs_rig_nets(&rig, 1, (int64_t[]){3, 30});
  marked->may_repeat = true;
  gs_rig_give(&rig, gs_msg_net_response(3, 7, 1, marked));
  GsMessage last = gs_msg_net_response(4, 7, 1, NULL);
  gs_effects_reset(&rig.effects);
  cr_assert(gs_node_step(&rig.node, &last, &rig.effects, NULL));
  cr_expect(rig.effects.messages[0].nets->may_repeat);
}

/** One wave of its own and one relayed at a hub, the answers in an odd order. */
static void expect_hub(uint32_t siblings) {
  g_auto(GsRig) rig;
  init(&rig, siblings + 1);
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  cr_expect_eq(rig.effects.message_count, siblings);
  gs_rig_give(&rig, gs_msg_net_ask(siblings, 1u << 20, 1, 9));
  cr_expect_eq(rig.effects.message_count, siblings - 1);
  for (uint32_t i = 0; i < siblings; i++) {
    uint32_t from = 2 + (uint32_t)(i * UINT64_C(7919) % siblings);
    cr_expect_eq(gs_node_open_waves(&rig.node), 2);
    gs_rig_give(&rig, i % 3 ? answer(&rig, from, 1, 1, 1) : gs_msg_net_response(from, 1, 1, NULL));
    cr_assert_eq(rig.effects.note_count, i == siblings - 1 ? 2 : 0);
    gs_rig_expect(&rig, answer(&rig, from, 1, 1, 1), "dropped late-response");
  }
  cr_expect_eq(rig.node.gridnet, siblings - (siblings + 2) / 3);
  for (uint32_t i = 0; i < siblings; i++) {
    uint32_t from = 2 + (uint32_t)(i * UINT64_C(7919) % siblings);
    if (from == siblings)
      continue;
    cr_expect_eq(gs_node_open_waves(&rig.node), 1);
    gs_rig_give(&rig, gs_msg_net_response(from, 1u << 20, 1, NULL));
  }
  cr_expect_eq(gs_node_open_waves(&rig.node), 0);
  /* Each that answered with nothing asks once itself. */
  for (uint32_t from = 2; from <= siblings + 1; from++) {
    cr_expect_eq(rig.node.closed_waves, 1);
    if (from == siblings)
      continue;
    g_autofree char *wanted = g_strdup_printf("%u< Response UpdateNet 1048576:1 #3 {}", from);
    gs_rig_expect(&rig, gs_msg_net_ask(from, 1u << 20, 1, 3), wanted);
  }
  cr_expect_eq(rig.node.closed_waves, 0);
}

Test(node_waves, hubs_of_any_size_keep_count_of_their_answers) {
  static const uint32_t sizes[] = {63, 64, 65, 127, 128, 129, 4500};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
    expect_hub(sizes[i]);
}

Test(node_waves, a_sibling_that_joins_while_a_wave_is_out_is_no_part_of_it) {
  static const uint32_t sizes[] = {1, 63, 64, 65};
  for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_auto(GsRig) rig;
    init(&rig, sizes[i] + 1);
    gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
    gs_rig_give(&rig, gs_msg_sibling(5000, GS_ASK, 5000, 1));
    gs_rig_expect(&rig, answer(&rig, 5000, 1, 1, 1), "dropped late-response");
    gs_rig_expect(&rig, gs_msg_net_ask(5000, 1, 1, 4), "5000< Response UpdateNet 1:1 #4 {}");
    for (uint32_t n = 2; n <= sizes[i] + 1; n++)
      gs_rig_give(&rig, gs_msg_net_response(n, 1, 1, NULL));
    cr_expect_eq(gs_node_open_waves(&rig.node), 0);
  }
}

#define MANY 1000000

Test(node_waves, a_million_waves_and_floods_leave_a_small_bounded_trace) {
  g_auto(GsRig) rig;
  init(&rig, 3);
  gsize bare = gs_node_heap_bytes(&rig.node);
  /* The most that is documented to stay: closed waves in a table with room, and the ring. */
  gsize most =
      bare + 2 * 4 * GS_CLOSED_WAVES_MAX * sizeof(GsWave) + GS_RETIRED_FLOODS * sizeof(GsMasterId);
  for (uint64_t i = 1; i <= MANY; i++) {
    uint64_t own = rig.node.last_master + 1;
    gs_rig_give(&rig, gs_msg_sync(2, 7, i));
    gs_rig_give(&rig, gs_msg_net_response(2, 1, own, NULL));
    gs_rig_give(&rig, gs_msg_net_response(3, 1, own, NULL));
    /* A relayed wave whose second Ask never comes. */
    gs_rig_give(&rig, gs_msg_net_ask(2, 8, i, i));
    gs_rig_give(&rig, gs_msg_net_response(3, 8, i, NULL));
    cr_assert_leq(gs_node_heap_bytes(&rig.node), most, "after %" G_GUINT64_FORMAT, i);
  }
  cr_expect_eq(gs_node_open_waves(&rig.node), 0);
  cr_expect_leq(rig.node.closed_waves, GS_CLOSED_WAVES_MAX);
  cr_expect_leq(rig.node.waves.floods, 1);
  cr_expect_leq(rig.pool.held_bytes, 1 << 17, "%zu", rig.pool.held_bytes);
  /* What was last is still known. */
  gs_rig_expect(&rig, gs_msg_sync(3, 7, MANY - GS_RETIRED_FLOODS + 1), "dropped seen-flood");
  gs_rig_expect(&rig, gs_msg_net_ask(3, 8, MANY, 5), "3< Response UpdateNet 8:1000000 #5 {}");
}

/** Coalescing, a wave may be out that is older than many floods: when it is back, a sibling may
 * still have its copies of all of them to send. Only the wave after it comes behind those. */
Test(node_waves, a_flood_is_known_until_a_wave_is_back_that_started_after_it) {
  enum { FLOODS = 2 * GS_RETIRED_FLOODS };
  g_auto(GsRig) rig;
  gs_rig_init(&rig, 3, GS_PROTOCOL_ECHO, GS_SYNC_COALESCE);
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  for (uint64_t i = 1; i <= FLOODS; i++)
    gs_rig_give(&rig, gs_msg_sync(2, 7, i));
  cr_expect_eq(rig.node.waves.floods, FLOODS);
  gs_rig_give(&rig, gs_msg_net_response(2, 1, 1, NULL));
  gs_rig_expect(&rig, gs_msg_net_response(3, 1, 1, NULL),
                "2< Ask UpdateNet 1:2 #3; 3< Ask UpdateNet 1:2 #4; done 1:1 = 0; wave 1:2");
  for (uint64_t i = 1; i <= FLOODS; i++)
    gs_rig_expect(&rig, gs_msg_sync(3, 7, i), "dropped seen-flood");
  gs_rig_give(&rig, gs_msg_net_response(2, 1, 2, NULL));
  gs_rig_give(&rig, gs_msg_net_response(3, 1, 2, NULL));
  cr_expect_eq(rig.node.waves.floods, 0);
}

Test(node_waves, as_many_answered_waves_are_remembered_as_are_open) {
  enum { WAVES = 4 * GS_CLOSED_WAVES_MAX };
  g_auto(GsRig) rig;
  init(&rig, 3);
  for (uint64_t i = 1; i <= 2 * WAVES; i++)
    gs_rig_give(&rig, gs_msg_net_ask(2, 7, i, i));
  /* The empty answers of 3 overtake its own Asks. */
  for (uint64_t i = 1; i <= WAVES; i++)
    gs_rig_give(&rig, gs_msg_net_response(3, 7, i, NULL));
  cr_expect_eq(rig.node.relays_out, WAVES);
  cr_expect_eq(rig.node.closed_waves, WAVES);
  for (uint64_t i = 1; i <= WAVES; i++) {
    g_autofree char *wanted = g_strdup_printf("3< Response UpdateNet 7:%" PRIu64 " #5 {}", i);
    gs_rig_expect(&rig, gs_msg_net_ask(3, 7, i, 5), wanted);
  }
  cr_expect_eq(rig.node.closed_waves, 0);
  cr_expect_not(rig.node.may_answer_twice);
}

Test(node_waves, floods_whose_waves_never_end_are_remembered_up_to_a_limit) {
  g_auto(GsRig) rig;
  gs_rig_init(&rig, 2, GS_PROTOCOL_ECHO, GS_SYNC_COALESCE);
  for (uint64_t i = 1; i <= GS_FLOODS_MAX + 1000; i++)
    gs_rig_give(&rig, gs_msg_sync(2, 7, i));
  cr_expect_eq(rig.node.waves.floods, GS_FLOODS_MAX);
  gs_rig_expect(&rig, gs_msg_sync(2, 7, 1001), "dropped seen-flood");
  gs_rig_expect(&rig, gs_msg_sync(2, 7, 1000 - GS_RETIRED_FLOODS + 1), "dropped seen-flood");
  gs_rig_give(&rig, gs_msg_net_response(2, 1, 1, NULL));
  gs_rig_give(&rig, gs_msg_net_response(2, 1, 2, NULL));
  cr_expect_eq(rig.node.waves.floods, 0);
}

Test(node_waves, no_choice_of_ids_makes_counting_them_slow) {
  enum { IDS = 1 << 18 };
  g_auto(GsRig) rig;
  init(&rig, 2);
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  /* The lower halves are all the same, which is what many a hash looks at. */
  g_autofree int64_t *ids = g_new(int64_t, 2 * IDS);
  for (int64_t i = 0; i < IDS; i++) {
    ids[2 * i] = (i % (IDS / 2)) << 32 | 7;
    ids[2 * i + 1] = 1 + 1000 * (i / (IDS / 2)); /* the first of each counts */
  }
  GsNets *nets = gs_rig_nets(&rig, IDS, ids);
  nets->may_repeat = true;
  gint64 began = g_get_monotonic_time();
  gs_rig_give(&rig, gs_msg_net_response(2, 1, 1, nets));
  cr_expect_eq(rig.node.gridnet, IDS / 2);
  cr_expect_lt(g_get_monotonic_time() - began, 10 * G_USEC_PER_SEC);
}

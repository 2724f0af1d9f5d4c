/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include <string.h>

#include "core/cost.h"
#include "core/node_internal.h"
#include "core/recovery_parts.h"
#include "tests/core/recovery_support.h"

/* The rules of docs/PROTOCOL.md, Recovery, one by one. */

#define LIMIT (100 * GS_TEST_MS)

/** A grid as its links: "01 12". Answers may take 100 ms. */
static void make_where(GsTrouble *trouble, uint32_t count, const char *links, bool twice) {
  gs_trouble_init(trouble, count, 1, twice);
  trouble->rules.limit_ns = LIMIT;
  for (; *links; links += links[2] ? 3 : 2)
    gs_trouble_link(trouble, (uint32_t)(links[0] - '0'), (uint32_t)(links[1] - '0'));
  gs_trouble_start(trouble);
}

static void make(GsTrouble *trouble, uint32_t count, const char *links) {
  make_where(trouble, count, links, false);
}

/** The same, in sync. */
static void make_in_sync(GsTrouble *trouble, uint32_t count, const char *links) {
  make(trouble, count, links);
  gs_trouble_sync(trouble, 0);
  gs_trouble_rest(trouble, GS_TEST_S);
  gs_trouble_expect_all_well(trouble);
  trouble->sent = 0;
}

typedef struct {
  uint32_t nodes;
  const char *links, *members;
} Grid;

static const Grid grids[] = {{2, "01", "01"},
                             {3, "01 12", "012"},
                             {3, "01 12 02", "012"},
                             {4, "01 12 23 03", "0123"},
                             {4, "01 02 03 12 13 23", "0123"},
                             {5, "01 12 13 34 24", "01234"}};

/** `twice`: as in GsNodeConfig. */
static void one_goes_wrong(const Grid *grid, uint64_t lost, uint64_t doubled, bool twice) {
  g_auto(GsTrouble) trouble;
  make_where(&trouble, grid->nodes, grid->links, twice);
  trouble.lose_number = lost;
  trouble.double_number = doubled;
  gs_trouble_ask_net(&trouble, 0);
  gs_trouble_rest(&trouble, 5 * GS_TEST_S);
  gs_trouble_expect(&trouble, 0, grid->members);
  cr_expect_eq(trouble.suspected + trouble.limits + trouble.given_up, 0, "%s, message %u",
               grid->links, (unsigned)(lost + doubled));
}

Test(recovery, whichever_message_of_a_wave_is_lost_its_sum_is_right_and_nobody_is_blamed) {
  for (guint i = 0; i < G_N_ELEMENTS(grids); i++)
    for (uint64_t number = 1; number <= 61; number++)
      one_goes_wrong(&grids[i], number / 2, 0, number % 2);
}

Test(recovery, whichever_message_of_a_wave_comes_twice_its_sum_is_right_and_nobody_is_blamed) {
  for (guint i = 0; i < G_N_ELEMENTS(grids); i++)
    for (uint64_t number = 1; number <= 61; number++)
      one_goes_wrong(&grids[i], 0, number / 2, number % 2);
}

Test(recovery, without_faults_it_sends_nothing_of_its_own_before_it_looks_again) {
  for (guint i = 0; i < G_N_ELEMENTS(grids); i++) {
    g_auto(GsTrouble) trouble;
    make_in_sync(&trouble, grids[i].nodes, grids[i].links);
    for (uint32_t node = 0; node < grids[i].nodes; node++)
      gs_trouble_update(&trouble, node, true);
    gs_trouble_rest(&trouble, GS_TEST_S);
    gs_trouble_expect_all_well(&trouble);
    uint64_t links = (strlen(grids[i].links) + 1) / 3;
    cr_expect_eq(trouble.sent, grids[i].nodes * gs_cost_sync(grids[i].nodes, links));
    cr_expect_eq(trouble.on_their_own, 0);
  }
}

Test(recovery, its_limit_follows_what_waves_take_so_slow_answers_are_waited_for) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 6, "01 12 23 34 45");
  trouble.rules.limit_ns = 0;
  trouble.latency_ns = 400 * GS_TEST_MS;
  trouble.jitter_ns = 100 * GS_TEST_MS;
  trouble.rules.resync_ns = 3600 * GS_TEST_S;
  for (uint32_t i = 0; i < 40; i++) {
    gs_trouble_update(&trouble, i % 6, i % 4 < 2);
    gs_trouble_run_for(&trouble, 3 * GS_TEST_S);
  }
  gs_trouble_rest(&trouble, 10 * GS_TEST_S);
  gs_trouble_expect_all_well(&trouble);
  cr_expect_eq(trouble.on_their_own, 0);
}

/** Its time goes in by an eighth, as all do; it took half a second and more. */
Test(recovery, a_wave_in_which_something_was_asked_again_counts_as_eight_first_answers) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 2, "01");
  trouble.rules.limit_ns = 0;
  gs_trouble_ask_net(&trouble, 0);
  gs_trouble_rest(&trouble, GS_TEST_S);
  const GsRecovery *recovery = trouble.nodes[0].recovery;
  int64_t answer_ns = 2 * trouble.latency_ns, limit_ns = gs_recovery_limit_ns(recovery);
  cr_assert_eq(recovery->smooth_ns, answer_ns);
  int64_t began_ns = trouble.now_ns;
  gs_trouble_ask_net(&trouble, 0);
  gs_trouble_run_for(&trouble, trouble.latency_ns);
  gs_trouble_lose(&trouble, 1, 0, GS_RESPONSE, GS_UPDATE_NET);
  gs_trouble_rest(&trouble, 5 * GS_TEST_S);
  cr_assert_gt(trouble.now_ns - began_ns, 25 * answer_ns);
  cr_expect_eq(recovery->smooth_ns, answer_ns + (8 * answer_ns - answer_ns) / 8);
  cr_expect_eq(gs_recovery_limit_ns(recovery), limit_ns);
}

Test(recovery, who_is_dead_is_suspected_by_its_sibling_only_and_waves_go_on_without_it) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 5, "01 12 23 34");
  gs_trouble_crash(&trouble, 4);
  gs_trouble_update(&trouble, 0, true);
  gs_trouble_run_for(&trouble, 11 * LIMIT);
  gs_trouble_rest(&trouble, GS_TEST_S);
  cr_expect_eq(trouble.suspected, 1);
  cr_expect_eq(trouble.limits + trouble.given_up, 0);
  gs_trouble_expect_all_well(&trouble);
}

Test(recovery, its_limit_holds_from_the_first_answer_on) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01 12");
  trouble.rules.limit_ns = 0;
  gs_trouble_sync(&trouble, 0);
  gs_trouble_run_for(&trouble, GS_TEST_S);
  gs_trouble_crash(&trouble, 2);
  gs_trouble_update(&trouble, 0, true);
  gs_trouble_run_for(&trouble, 5 * GS_TEST_S);
  gs_trouble_expect_all_well(&trouble);
}

Test(recovery, who_waits_for_the_dead_is_asked_whether_it_lives_until_it_says_so) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 3, "01 12");
  gs_trouble_crash(&trouble, 2);
  gs_trouble_ask_net(&trouble, 0);
  while (!gs_trouble_find(&trouble, 0, 1, GS_ASK, GS_ADD_SIBLING))
    gs_trouble_run_for(&trouble, GS_TEST_MS);
  gs_trouble_lose(&trouble, 0, 1, GS_ASK, GS_ADD_SIBLING);
  gs_trouble_rest(&trouble, 3 * GS_TEST_S);
  cr_expect_eq(trouble.suspected, 1);
  gs_trouble_expect_all_well(&trouble);
}

Test(recovery, who_is_suspected_is_asked_and_not_waited_for) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 3, "01 12");
  gs_trouble_crash(&trouble, 2);
  gs_trouble_update(&trouble, 0, true);
  gs_trouble_run_for(&trouble, 2 * GS_TEST_S);
  cr_expect_eq(trouble.suspected, 1);
  gs_trouble_cut_both(&trouble, 1, 2, false);
  gs_trouble_restart(&trouble, 2, GS_KEEPS_ALL);
  gs_trouble_cut_both(&trouble, 1, 2, true); /* its flood is under way and does not arrive */
  gs_trouble_run_for(&trouble, LIMIT / 2);
  gs_trouble_cut(&trouble, 1, 2, false);
  gs_trouble_ask_net(&trouble, 1);
  cr_expect(gs_trouble_find(&trouble, 1, 2, GS_ASK, GS_UPDATE_NET));
  gs_trouble_run_for(&trouble, 25 * GS_TEST_MS);
  gs_trouble_expect(&trouble, 1, "01");
}

Test(recovery, any_word_of_who_is_suspected_makes_it_trusted_and_everybody_learns_of_it) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 4, "01 12 23");
  gs_trouble_cut_both(&trouble, 1, 2, true);
  gs_trouble_update(&trouble, 0, true);
  gs_trouble_update(&trouble, 3, true);
  gs_trouble_run_for(&trouble, 3 * GS_TEST_S);
  cr_expect_eq(trouble.suspected, 2);
  gs_trouble_expect_all_well(&trouble);
  gs_trouble_cut_both(&trouble, 1, 2, false);
  gs_trouble_update(&trouble, 0, false);
  gs_trouble_run_for(&trouble, GS_TEST_S);
  cr_expect_eq(trouble.trusted, 2);
  gs_trouble_expect_all_well(&trouble);
}

Test(recovery, who_does_not_hear_is_not_waited_for_though_its_words_come) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 3, "01 12 02");
  gs_trouble_cut(&trouble, 2, 0, true);
  gs_trouble_update(&trouble, 1, true);
  for (int i = 0; i < 12; i++) { /* words of 0 come to 2 all the time */
    gs_trouble_run_for(&trouble, 3 * LIMIT);
    gs_trouble_ask_net(&trouble, 0);
  }
  gs_trouble_rest(&trouble, 10 * GS_TEST_S);
  gs_trouble_expect_all_well(&trouble);
  gs_trouble_update(&trouble, 2, true);
  gs_trouble_rest(&trouble, GS_TEST_S);
  gs_trouble_expect_all_well(&trouble);
}

Test(recovery, an_own_wave_that_never_comes_back_ends_by_its_limit_and_sets_nothing) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 2, "01");
  gs_trouble_update(&trouble, 1, true);
  gs_trouble_rest(&trouble, GS_TEST_S);
  gs_trouble_ask_net(&trouble, 0);
  gs_trouble_update(&trouble, 0, true);
  uint64_t ended_early = 0;
  for (int64_t begin = trouble.now_ns; trouble.now_ns < begin + 40 * LIMIT;) {
    if (trouble.now_ns < begin + 10 * LIMIT)
      ended_early = trouble.limits;
    while (gs_trouble_find(&trouble, 0, 1, GS_ASK, GS_UPDATE_NET))
      gs_trouble_lose(&trouble, 0, 1, GS_ASK, GS_UPDATE_NET);
    gs_trouble_run_for(&trouble, GS_TEST_MS);
  }
  cr_expect_eq(ended_early, 1); /* the outdated one */
  cr_expect_eq(trouble.limits, 2);
  cr_expect_eq(trouble.suspected, 0);
  cr_expect_eq(trouble.nodes[0].gridnet, 1 + 64);
  gs_trouble_rest(&trouble, 10 * GS_TEST_S); /* the next one was started by itself */
  gs_trouble_expect_all_well(&trouble);
}

Test(recovery, what_is_undelivered_counts_as_an_answer_at_once) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 3, "01 12");
  gs_trouble_crash(&trouble, 2);
  gs_trouble_ask_net(&trouble, 1);
  gs_trouble_run_for(&trouble, 25 * GS_TEST_MS);
  cr_expect_eq(gs_node_open_waves(&trouble.nodes[1]), 1);
  GsMessage ask = {.from = 1, .to = 2, .env = GS_ASK, .type = GS_UPDATE_NET};
  ask.master = (GsMasterId){11, trouble.nodes[1].latest_wave};
  gs_effects_reset(&trouble.effects);
  gs_node_undelivered(&trouble.nodes[1], &ask, &trouble.effects);
  gs_trouble_expect(&trouble, 1, "01");
  cr_expect_eq(trouble.effects.notes[0].kind, GS_NOTE_UNDELIVERED);
  cr_expect_eq(trouble.effects.notes[1].kind, GS_NOTE_SUSPECTED);
  cr_expect_eq(trouble.effects.notes[1].value, 2);
}

Test(recovery, without_recovery_what_is_undelivered_is_noted_and_nets_are_given_back) {
  g_auto(GsRig) rig;
  gs_rig_init(&rig, 2, GS_PROTOCOL_ECHO, GS_SYNC_EVERY);
  GsMessage lost = {.from = 1, .to = 2, .env = GS_RESPONSE, .type = GS_UPDATE_NET};
  lost.nets = gs_rig_nets(&rig, 1, (const int64_t[]){1, 5});
  gs_node_undelivered(&rig.node, &lost, &rig.effects);
  cr_expect_null(lost.nets);
  cr_expect_eq(rig.effects.note_count, 1);
  cr_expect_eq(rig.effects.message_count, 0);
  cr_expect_eq(rig.pool.free_nets_count, 1);
}

Test(recovery, who_starts_again_finds_its_siblings_whatever_it_kept) {
  for (GsKeeps keeps = GS_KEEPS_ALL; keeps <= GS_KEEPS_NOTHING; keeps++) {
    g_auto(GsTrouble) trouble;
    make_in_sync(&trouble, 4, "01 12 23");
    gs_trouble_crash(&trouble, 1);
    gs_trouble_run_for(&trouble, LIMIT);
    gs_trouble_restart(&trouble, 1, keeps);
    gs_trouble_run_for(&trouble, GS_TEST_S);
    gs_trouble_rest(&trouble, GS_TEST_S);
    gs_trouble_expect_all_well(&trouble);
  }
}

Test(recovery, whichever_message_of_a_handshake_is_lost_the_link_is_made_on_both_sides) {
  for (uint64_t number = 1; number <= 2; number++) {
    g_auto(GsTrouble) trouble;
    make_in_sync(&trouble, 3, "01");
    trouble.lose_number = number;
    gs_trouble_add(&trouble, 1, 2);
    gs_trouble_rest(&trouble, 2 * GS_TEST_S);
    gs_trouble_expect_all_well(&trouble);
    cr_expect_gt(trouble.on_their_own, 0);
  }
}

Test(recovery, a_handshake_nobody_answers_is_tried_four_times_and_then_when_the_node_looks_again) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 3, "01");
  gs_trouble_crash(&trouble, 2);
  gs_trouble_add(&trouble, 1, 2);
  gs_trouble_rest(&trouble, 10 * GS_TEST_S);
  cr_expect_eq(trouble.sent, 4);
  gs_trouble_restart(&trouble, 2, GS_KEEPS_ALL);
  gs_trouble_run_for(&trouble, 120 * GS_TEST_S);
  gs_trouble_expect_all_well(&trouble);
}

Test(recovery, the_answer_of_a_sibling_that_was_only_asked_whether_it_lives_is_no_news) {
  g_auto(GsTrouble) trouble;
  make_in_sync(&trouble, 2, "01");
  GsMessage answer = {.from = 1, .to = 0, .env = GS_RESPONSE, .type = GS_ADD_SIBLING};
  answer.sibling.id = 11;
  answer.sibling.name = "n";
  gs_effects_reset(&trouble.effects);
  cr_assert(gs_node_step(&trouble.nodes[0], &answer, &trouble.effects, NULL));
  cr_expect_eq(trouble.effects.message_count + trouble.effects.note_count, 0);
}

Test(recovery, who_asks_as_a_sibling_and_is_none_becomes_one) {
  g_auto(GsTrouble) trouble;
  make(&trouble, 3, "01");
  gs_node_add_start_sibling(&trouble.nodes[1], &(GsContact){12, "n", 2}, GS_SLOT_UNKNOWN);
  trouble.linked[1][2] = trouble.linked[2][1] = true;
  gs_trouble_ask_net(&trouble, 1);
  gs_trouble_rest(&trouble, 2 * GS_TEST_S);
  gs_trouble_expect_all_well(&trouble);
}

/** A node with more siblings than a narrow wave has room for, of which one says nothing. */
Test(recovery, a_node_of_many_siblings_asks_the_one_that_is_late_and_no_other) {
  static const GsRecoveryRules rules = {.limit_ns = LIMIT};
  g_auto(GsRig) rig;
  gs_rig_init(&rig, 41, GS_PROTOCOL_ECHO, GS_SYNC_EVERY);
  gs_node_init_recovery(&rig.node, &rules, false);
  gs_rig_give(&rig, gs_msg(0, GS_TELL, GS_UPDATE_NET));
  for (uint32_t n = 2; n <= 41; n++)
    if (n != 30)
      gs_rig_give(&rig, gs_msg_net_response(n, 1, 1, NULL));
  cr_expect(gs_node_is_waiting(&rig.node));
  for (int64_t tick = 1; tick <= 2; tick++) {
    gs_effects_reset(&rig.effects);
    cr_expect_eq(gs_node_wake_ns(&rig.node), tick * LIMIT);
    rig.effects.now_ns = tick * LIMIT;
    gs_node_wake(&rig.node, &rig.effects);
  }
  cr_assert_eq(rig.effects.message_count, 2);
  for (uint32_t i = 0; i < 2; i++)
    cr_expect_eq(rig.effects.messages[i].to, 30);
}

/** Of a node with two siblings, one of which asked and one of which never answers. */
Test(recovery, a_relay_that_was_given_up_is_not_answered_and_not_started_anew) {
  static const GsRecoveryRules rules = {.limit_ns = LIMIT};
  g_auto(GsRig) rig;
  uint32_t given_up = 0;
  gs_rig_init(&rig, 3, GS_PROTOCOL_ECHO, GS_SYNC_EVERY);
  gs_node_init_recovery(&rig.node, &rules, false);
  gs_rig_give(&rig, gs_msg_net_ask(2, 7, 1, 9));
  while (gs_node_open_waves(&rig.node)) {
    gs_effects_reset(&rig.effects);
    rig.effects.now_ns = gs_node_wake_ns(&rig.node);
    cr_assert_lt(rig.effects.now_ns, 40 * LIMIT);
    gs_node_wake(&rig.node, &rig.effects);
    for (uint32_t i = 0; i < rig.effects.note_count; i++)
      given_up += rig.effects.notes[i].value == GS_DROP_GIVEN_UP;
    for (uint32_t i = 0; i < rig.effects.message_count; i++)
      cr_expect(rig.effects.messages[i].env == GS_ASK && rig.effects.messages[i].to == 3);
    if (rig.effects.message_count) { /* it lives, and its answer never comes */
      GsMessage alive = gs_msg_sibling(3, GS_RESPONSE, 3, 1);
      int64_t now_ns = rig.effects.now_ns;
      gs_rig_give(&rig, alive);
      rig.effects.now_ns = now_ns;
    }
  }
  cr_expect_eq(given_up, 1);
  cr_expect_not(gs_node_is_waiting(&rig.node));
  gs_rig_expect(&rig, gs_msg_net_ask(2, 7, 1, 9), "dropped repeated-ask");
}

Test(recovery, who_starts_again_says_that_its_nets_may_come_twice) {
  g_auto(GsRig) rig;
  gs_rig_init(&rig, 2, GS_PROTOCOL_ECHO, GS_SYNC_EVERY);
  gs_node_crash(&rig.node, &rig.pool);
  gs_node_start_again(&rig.node, GS_KEEPS_ALL, 5, 0, &rig.effects);
  gs_effects_reset(&rig.effects);
  GsMessage ask = gs_msg_net_ask(2, 7, 1, 9);
  cr_assert(gs_node_step(&rig.node, &ask, &rig.effects, NULL));
  cr_expect_eq(rig.effects.messages[0].nets->may_repeat, GS_NETS_TWICE);
  gs_pool_give_nets(&rig.pool, rig.effects.messages[0].nets);
}

/** Floods that a node starts when what it looked for is back, and is not what it knew. */
static uint32_t floods_after_looking(bool is_told_meanwhile) {
  static const GsRecoveryRules rules = {.limit_ns = LIMIT, .resync_ns = 100 * LIMIT};
  g_auto(GsRig) rig;
  uint32_t floods = 0;
  gs_rig_init(&rig, 3, GS_PROTOCOL_ECHO, GS_SYNC_EVERY);
  gs_node_init_recovery(&rig.node, &rules, false);
  gs_node_start_recovery(&rig.node, 0);
  gs_effects_reset(&rig.effects);
  int64_t now_ns = rig.effects.now_ns = gs_node_wake_ns(&rig.node);
  gs_node_wake(&rig.node, &rig.effects);
  cr_assert_eq(rig.node.own_waves_out, 1);
  if (is_told_meanwhile)
    gs_rig_give(&rig, gs_msg_sync(2, 2, 1));
  gs_rig_give(&rig, gs_msg_net_response(2, 1, 1, gs_rig_nets(&rig, 1, (int64_t[]){2, 7})));
  gs_effects_reset(&rig.effects);
  GsMessage last = gs_msg_net_response(3, 1, 1, NULL);
  rig.effects.now_ns = now_ns + 1;
  cr_assert(gs_node_step(&rig.node, &last, &rig.effects, NULL));
  for (uint32_t i = 0; i < rig.effects.message_count; i++)
    floods += rig.effects.messages[i].type == GS_SYNC_GRID;
  return floods;
}

Test(recovery, who_finds_news_by_looking_tells_it_unless_it_was_told_meanwhile) {
  cr_expect_eq(floods_after_looking(false), 2);
  cr_expect_eq(floods_after_looking(true), 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>

#include "sim/run/live.h"
#include "sim/run/run.h"
#include "tests/sim/sim_support.h"

/* Runs on a clock that the test moves: a slow machine, for which each window takes long. */

#define MS INT64_C(1000000)
#define WINDOW_NS (100 * MS)
#define MAILS 50

typedef struct {
  int64_t now_ns, most_late_ns;
  int mails;
  int links_at;    /**< that mail links A and C; 0: none does */
  int64_t step_ns; /**< that each window takes; 0: WINDOW_NS */
} Slow;

static int64_t wait_until(int64_t until_ns, bool for_mail, bool *ending, void *data) {
  (void)for_mail;
  Slow *slow = data;
  bool busy = slow->mails < MAILS;
  slow->now_ns += slow->step_ns ? slow->step_ns : WINDOW_NS;
  if (!busy && until_ns > 1000000 * MS)
    *ending = true;
  else if (!busy)
    slow->now_ns = MAX(slow->now_ns, until_ns);
  return slow->now_ns;
}

static void receive(const GsRunView *view, GArray *mail, void *data) {
  Slow *slow = data;
  if (slow->mails++ >= MAILS)
    return;
  GsOutsideMail come = {.message = {.from = GS_ENDPOINT_NONE,
                                    .slot = GS_SLOT_UNKNOWN,
                                    .env = GS_TELL,
                                    .type = GS_UPDATE_ENERGY,
                                    .has_production = 1,
                                    .energy = {.production = slow->mails},
                                    .outside = 1},
                        .what = g_strdup("told")};
  if (slow->mails == slow->links_at) {
    come.message.type = GS_ADD_SIBLING;
    come.message.to_add = 2;
    come.message.sibling.id = gs_run_view_node(view, 2).id;
    come.message.sibling.name = gs_run_view_name(view, 2);
  }
  g_array_append_val(mail, come);
}

static void look(const GsRunView *view, bool idle, void *data) {
  Slow *slow = data;
  if (!idle)
    slow->most_late_ns = MAX(slow->most_late_ns, slow->now_ns - gs_run_view_now_ns(view));
}

static void close_live(void *data) {
  (void)data;
}

static bool leaves(uint32_t from, uint32_t to, void *data) {
  (void)from;
  (void)to;
  (void)data;
  return false;
}

static bool traces(void *data) {
  (void)data;
  return false;
}

static GsTally *tally(uint32_t actor, void *data) {
  (void)actor;
  (void)data;
  return NULL;
}

static uint64_t id_space(uint32_t actor, void *data) {
  (void)data;
  return actor + 1;
}

static GsResults *run_slowly(const GsScenario *scenario, Slow *slow) {
  GsLive live = {.wait = wait_until,
                 .close = close_live,
                 .receive = receive,
                 .look = look,
                 .leaves = leaves,
                 .traces = traces,
                 .tally = tally,
                 .id_space = id_space,
                 .data = slow};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 1, .live = &live};
  GsResults *results = gs_run(scenario, &options, NULL);
  cr_assert(results);
  return results;
}

Test(live, a_run_that_is_too_slow_for_the_clock_is_late_and_never_behind_for_good) {
  static const char *const latencies[] = {"0ms", "1ms", "30ms"};
  for (gsize i = 0; i < G_N_ELEMENTS(latencies); i++) {
    Slow slow = {0};
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'name': 't', 'recovery': 'none', 'network': {'latency': '%s'}, "
        "'nodes': [{'name': 'A'}, {'name': 'B'}], "
        "'links': [['A', 'B']], 'schedule': [{'at': '1.05s', 'node': 'B', 'production': 7}]}",
        latencies[i]);
    g_autoptr(GsResults) results = run_slowly(scenario, &slow);
    cr_expect_leq(slow.most_late_ns, 2 * WINDOW_NS, "%" PRId64 " ms late at latency %s",
                  slow.most_late_ns / MS, latencies[i]);
    cr_expect(results->quiescent && results->converged);
    cr_expect_eq(results->nodes[0].gridnet, MAILS + 7);
    cr_expect_eq(gs_message_counts_total(&results->messages), (MAILS + 1) * 5);
    /* What the schedule says is told at its own moment all the same. */
    guint on_time = 0;
    for (guint d = 0; d < results->disturbance_count; d++)
      on_time += results->disturbances[d].at_ns == 1050 * MS;
    cr_expect_geq(on_time, 1, "at latency %s", latencies[i]);
  }
}

Test(live, a_link_from_outside_may_be_faster_than_all_of_the_scenario) {
  static const char *const networks[] = {
      "'latency': '1ms'", "'latency': '0ms'",
      "'latency': {'exponential': '1ms'}, 'jitter': {'uniform': [0, '1ms']}"};
  for (gsize i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'network': {%s}, 'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C', "
        "'production': 9}], 'links': [{'between': ['A', 'B'], 'latency': '70ms'}]}",
        networks[i]);
    Slow slow = {.links_at = 1};
    g_autoptr(GsResults) results = run_slowly(scenario, &slow);
    cr_expect(results->quiescent && results->converged, "{%s}", networks[i]);
    for (uint32_t n = 0; n < 3; n++)
      cr_expect_eq(results->nodes[n].gridnet, MAILS + 9, "{%s}: %" PRId64, networks[i],
                   results->nodes[n].gridnet);
  }
}

Test(live, a_faster_link_may_come_while_letters_of_the_open_bucket_wait) {
  for (int at = 10; at <= 40; at += 3) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'network': {'latency': '1ms'}, 'nodes': [{'name': 'A'}, {'name': 'B'}, {'name': 'C', "
        "'production': 9}], 'links': [{'between': ['A', 'B'], 'latency': '70ms',"
        " 'jitter': {'exponential': '30ms'}}]}");
    Slow slow = {.links_at = at, .step_ns = 3 * MS};
    g_autoptr(GsResults) results = run_slowly(scenario, &slow);
    cr_expect(results->quiescent && results->converged, "linked by mail %d", at);
    for (uint32_t n = 0; n < 3; n++)
      cr_expect_eq(results->nodes[n].gridnet, MAILS + 9, "linked by mail %d: %" PRId64, at,
                   results->nodes[n].gridnet);
    cr_expect_eq(gs_message_counts_total(&results->messages), results->delivered);
  }
}

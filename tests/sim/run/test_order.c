/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/run/trace.h"
#include "tests/sim/sim_support.h"

/* On links that keep order each message arrives when it should, after those sent before it. */

typedef struct {
  GHashTable *links; /**< (from, to) → GQueue of GsTraceRecord: sent and not delivered */
  uint32_t delivered;
  int64_t last_ns; /**< of all that happened */
} Order;

static GQueue *link_of(Order *order, const GsMessage *message) {
  guint64 key = (guint64)message->from << 32 | message->to;
  GQueue *queue = g_hash_table_lookup(order->links, &key);
  if (!queue) {
    queue = g_queue_new();
    g_hash_table_insert(order->links, g_memdup2(&key, sizeof key), queue);
  }
  return queue;
}

static void follow(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  (void)view;
  Order *order = data;
  for (guint i = 0; i < count; i++) {
    const GsMessage *message = &records[i].message;
    cr_assert_geq(records[i].time_ns, order->last_ns);
    order->last_ns = records[i].time_ns;
    if (records[i].kind == GS_TRACE_SEND) {
      g_queue_push_tail(link_of(order, message), g_memdup2(&records[i], sizeof records[i]));
    } else if (records[i].kind == GS_TRACE_DELIVERY && message->from != GS_ENDPOINT_NONE) {
      g_autofree GsTraceRecord *sent = g_queue_pop_head(link_of(order, message));
      cr_assert_not_null(sent);
      cr_assert_eq(gs_message_kind(message), gs_message_kind(&sent->message));
      cr_assert(gs_master_id_equal(message->master, sent->message.master));
      cr_assert_eq(records[i].time_ns, sent->due_ns);
      cr_assert_eq(message->hops, sent->message.hops);
      order->delivered++;
    }
  }
}

static void free_queue(gpointer queue) {
  g_queue_free_full(queue, g_free);
}

static GsResults *run_ordered(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers,
                              int64_t *last_ns) {
  Order order = {.links = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_queue)};
  GsTraceSink sink = {.take = follow, .data = &order};
  GsRunOptions options = {.runner = runner, .workers = workers, .sinks = &sink, .sink_count = 1};
  GsResults *results = gs_run(scenario, &options, NULL);
  cr_assert_eq(order.delivered, results->delivered);
  g_hash_table_unref(order.links);
  *last_ns = order.last_ns;
  return results;
}

static void check_order(const char *text, GsRunnerKind runner, uint32_t workers) {
  int64_t last_ns;
  g_autoptr(GsScenario) scenario = gs_test_scenario("%s", text);
  g_autoptr(GsResults) results = run_ordered(scenario, runner, workers, &last_ns);
  gs_test_assert_settled(results, text);
  cr_assert_eq(last_ns, results->quiescent_at_ns);
}

Test(order, of_messages_on_a_link_is_that_in_which_they_were_sent) {
  static const char *const scenarios[] = {
      "{'topology': {'kind': 'lattice', 'rows': 4, 'columns': 5}, 'network': {'latency': '1ms'},"
      " 'schedule': [{'at': 0, 'every': '1ms', 'until': '9ms', 'node': ['N2', 'N19'],"
      " 'production': {'uniform': [0, 9]}}]}",
      "{'topology': {'kind': 'barabasi-albert', 'nodes': 20},"
      " 'network': {'latency': '1ms', 'jitter': {'exponential': '5ms'}},"
      " 'schedule': [{'at': 0, 'every': '1ms', 'until': '4ms', 'node': '*', 'production': 3}]}",
      "{'topology': {'kind': 'watts-strogatz', 'nodes': 20},"
      " 'network': {'latency': '1ms', 'jitter': {'exponential': '2ms'}},"
      " 'schedule': [{'at': '100us', 'every': '370us', 'until': '4ms', 'node': 'N2', 'production': "
      "3}]}",
      "{'topology': {'kind': 'complete', 'nodes': 6}, 'network': {'latency': '1ms'},"
      " 'handshake': {'at': 0, 'every': '1ms'}}",
      "{'topology': {'kind': 'random-regular', 'nodes': 200, 'k': 3},"
      " 'schedule': [{'at': 0, 'update_net': ['N3', 'N70', 'N200']}]}",
      /* More is told, and gridnets change, while a window is open. */
      "{'topology': {'kind': 'ring', 'nodes': 7},"
      " 'network': {'latency': '10ms', 'jitter': {'uniform': [0, '3ms']}},"
      " 'schedule': [{'at': 0, 'every': '1ms', 'until': '30ms', 'node': '*',"
      " 'production': {'uniform': [0, 9]}}]}",
      /* N3 asks N2 twice before it has an answer; the second answer of N2 goes after its Asks. */
      "{'nodes': [{'name': 'N1'}, {'name': 'N2'}, {'name': 'N3'}], 'links': [['N1', 'N2']],"
      " 'network': {'latency': '1ms'}, 'schedule': [{'at': 0, 'add_sibling': ['N3', 'N2']},"
      " {'at': '1ms', 'add_sibling': ['N3', 'N2']}, {'at': '1ms', 'sync_grid': 'N1'}]}",
  };
  for (guint i = 0; i < G_N_ELEMENTS(scenarios); i++) {
    check_order(scenarios[i], GS_RUNNER_POOL, 1);
    check_order(scenarios[i], GS_RUNNER_POOL, 3);
    check_order(scenarios[i], GS_RUNNER_THREADS, 2);
  }
}

Test(order, ends_with_the_moment_that_a_scenario_sets_and_what_is_due_at_it) {
  static const char *const networks[] = {"{'latency': '10ms'}",
                                         "{'latency': '10ms', 'jitter': {'uniform': [0, '3ms']}}"};
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    for (int end_ms = 20; end_ms < 60; end_ms++) {
      g_autoptr(GsScenario) scenario =
          gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 7}, 'network': %s,"
                           " 'until': '%dms', 'schedule': [{'at': 0, 'every': '1ms', 'node': 'N2',"
                           " 'production': {'uniform': [0, 9]}}]}",
                           networks[i], end_ms);
      int64_t last_ns;
      g_autoptr(GsResults) results = run_ordered(scenario, GS_RUNNER_POOL, 1, &last_ns);
      cr_assert_eq(last_ns, end_ms * INT64_C(1000000));
      cr_assert_eq(results->disturbance_count, (uint32_t)end_ms + 1);
    }
  }
}

Test(order, a_mailbox_holds_what_arrives_at_one_moment) {
  static const struct {
    const char *rest;
    uint64_t largest;
  } cases[] = {
      /* Told three times at once. */
      {"'nodes': [{'name': 'N1'}], 'schedule': [{'at': 1, 'update_net': 'N1'},"
       " {'at': 1, 'update_net': 'N1'}, {'at': 1, 'update_net': 'N1'}]",
       3},
      /* Nine answers at once, or each at a moment of its own. */
      {"'topology': {'kind': 'star', 'nodes': 10}, 'network': {'latency': '50ms'},"
       " 'schedule': [{'at': 1, 'update_net': 'N1'}]",
       9},
      {"'topology': {'kind': 'star', 'nodes': 10},"
       " 'network': {'latency': '50ms', 'jitter': {'uniform': [0, '9ms']}},"
       " 'schedule': [{'at': 1, 'update_net': 'N1'}]",
       1},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario("{%s}", cases[i].rest);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_expect_eq(results->largest_mailbox, cases[i].largest, "%s", cases[i].rest);
  }
}

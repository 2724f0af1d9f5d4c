/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/base/random.h"
#include "sim/run/carrier.h"
#include "tests/sim/sim_support.h"

/* How time is cut into windows and buckets changes nothing of what happens. */

static const char *const networks[] = {
    "'latency': '1ms', 'jitter': {'exponential': '1ms'}",
    "'latency': {'lognormal': {'median': '1ms', 'sigma': 0.5}}",
    "'latency': {'lognormal': {'median': '1ms', 'sigma': 2}}, 'jitter': {'exponential': '1ms'}",
    "'latency': '1ms', 'jitter': {'uniform': [0, '400ms']}, 'fifo': false",
    "'latency': {'uniform': ['1ms', '4s']}, 'fifo': false",
    "'latency': '3ns', 'jitter': {'exponential': '1ms'}",
    "'latency': 0, 'jitter': {'exponential': '5ms'}, 'fifo': false",
    "'latency': {'uniform': [0, '2ns']}",
};

static void nothing(const GsResults *so_far, int64_t now_ns, void *data) {
  (void)so_far;
  (void)now_ns;
  (void)data;
}

static void expect_same(const GsResults *a, const GsResults *b, const char *what) {
  cr_expect_str_eq(a->digest, b->digest, "%s", what);
  cr_expect_eq(a->delivered, b->delivered, "%s", what);
  cr_expect_eq(a->largest_mailbox, b->largest_mailbox, "%s", what);
  cr_expect_eq(a->quiescent_at_ns, b->quiescent_at_ns, "%s", what);
}

Test(windows, that_are_cut_short_give_the_same_as_whole_ones) {
  static const int64_t cuts[] = {7000, 333333, 100000000};
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'barabasi-albert', 'nodes': 30}, 'network': {%s},"
        "'schedule': [{'at': '1ms', 'node': 'N3', 'production': 5},"
        " {'at': '2500us', 'every': '170us', 'until': '3ms', 'node': 'N7', 'consumption': 2}]}",
        networks[i]);
    g_autoptr(GsResults) whole = gs_test_run(scenario);
    for (guint c = 0; c < G_N_ELEMENTS(cuts); c++) {
      GsRunOptions options = {
          .runner = GS_RUNNER_POOL, .workers = 1 + c, .watch = nothing, .watch_every_ns = cuts[c]};
      g_autoptr(GsResults) cut = gs_run(scenario, &options, NULL);
      expect_same(cut, whole, networks[i]);
    }
  }
}

/** Each link has a network of its own, so what the scenario says of the others decides about
 * nothing but the width of buckets: as a window, or so much wider that a heap must have the
 * letters. */
static GsScenario *with_buckets_for(const char *latency, const char *fifo, guint seed) {
  g_autoptr(GString) links = g_string_new(NULL);
  for (guint i = 1; i <= 14; i++) {
    for (guint k = 1; k <= 2; k++) {
      static const char *const own[] = {"'1ms'", "'10s'", "'2ms'", "'100ms'", "'1500us'"};
      GsDraw at = {seed, GS_PURPOSE_TOPOLOGY, i, k};
      g_string_append_printf(
          links, "%s{'between': ['N%u', 'N%u'], 'latency': %s, 'jitter': {'exponential': '%ums'}}",
          links->len ? ", " : "", i, i + k, own[gs_random_below(at, G_N_ELEMENTS(own))],
          1 + (guint)gs_random_below(at, 30));
    }
  }
  g_autoptr(GString) nodes = g_string_new(NULL);
  for (guint i = 1; i <= 16; i++)
    g_string_append_printf(nodes, "%s{'name': 'N%u'}", i > 1 ? ", " : "", i);
  return gs_test_scenario("{'seed': %u, 'nodes': [%s], 'links': [%s],"
                          "'network': {'latency': %s, 'fifo': %s},"
                          "'schedule': [{'at': '1ms', 'node': 'N3', 'production': 5},"
                          "{'at': '40ms', 'add_sibling': ['N2', 'N14'], 'latency': '1100us'},"
                          "{'at': '41ms', 'node': 'N9', 'production': 5}]}",
                          seed, nodes->str, links->str, latency, fifo);
}

Test(windows, in_buckets_of_any_width_give_the_same) {
  static const char *const latencies[] = {"'1ns'", "'1ms'", "'3s'", "'100h'"};
  for (guint seed = 1; seed <= 6; seed++) {
    const char *fifo = seed % 2 ? "true" : "false";
    g_autoptr(GsResults) first = NULL;
    int64_t narrowest = INT64_MAX, widest = 0;
    for (guint i = 0; i < G_N_ELEMENTS(latencies); i++) {
      g_autoptr(GsScenario) scenario = with_buckets_for(latencies[i], fifo, seed);
      GsNetwork network;
      gs_network_init(&network, scenario);
      narrowest = MIN(narrowest, gs_carrier_bucket_ns(&network));
      widest = MAX(widest, gs_carrier_bucket_ns(&network));
      gs_network_clear(&network);
      g_autoptr(GsResults) results = gs_test_run_with(scenario, GS_RUNNER_POOL, 1 + i % 3);
      gs_test_assert_settled(results, latencies[i]);
      if (first)
        expect_same(results, first, latencies[i]);
      else
        first = g_steal_pointer(&results);
    }
    cr_expect(narrowest == 1000000 && widest > 1000 * narrowest, "both kinds were there");
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/stress/stress.h"

/*
 * Both runners with one to eight lanes on all that a network and a schedule can
 * do: every run converges, and all of a scenario have one digest.
 */

#define WORKERS_MOST 8u

static const char *const texts[] = {
    /* Uniform: a window is one moment. Updates that overlap. */
    "{'topology': {'kind': 'lattice', 'rows': 4, 'columns': 6},"
    " 'schedule': [{'at': 0, 'every': '1ms', 'until': '6ms', 'node': 'N7',"
    " 'production': {'uniform': [0, 99]}}]}",
    /* Jitter, in order. */
    "{'topology': {'kind': 'lattice', 'rows': 4, 'columns': 5, 'torus': true}, 'network':"
    " {'latency': '1ms', 'jitter': {'exponential': '5ms'}}, 'schedule': [{'at': 0, 'every': '3ms',"
    " 'until': '9ms', 'node': ['N2', 'N17'], 'production': {'uniform': [0, 99]}}]}",
    /* Jitter, messages overtake each other; all nodes at once and again. */
    "{'topology': {'kind': 'watts-strogatz', 'nodes': 20}, 'network': {'latency': '1ms',"
    " 'jitter': {'exponential': '5ms'}, 'fifo': false}, 'schedule': [{'at': 0, 'every': '2ms',"
    " 'until': '4ms', 'node': '*', 'production': {'uniform': [0, 9]}}]}",
    /* A pace: nodes wake by themselves, and queue what comes. */
    "{'topology': {'kind': 'ring', 'nodes': 16}, 'pace': {'receive': '3ms', 'send': '5ms'},"
    " 'network': {'latency': '1ms', 'jitter': '2ms'}, 'schedule': [{'at': 0, 'every': '50ms',"
    " 'until': '100ms', 'node': 'N3', 'production': {'uniform': [0, 9]}}]}",
    /* Links are made while others are: nodes change their siblings. */
    "{'topology': {'kind': 'random-regular', 'nodes': 16}, 'network': {'latency': '2ms',"
    " 'jitter': '3ms'}, 'handshake': {'at': 0, 'every': '1ms'}}",
    /* No latency at all: one moment, again and again. */
    "{'topology': {'kind': 'barabasi-albert', 'nodes': 24}, 'network': {'latency': 0},"
    " 'schedule': [{'at': 0, 'node': ['N1', 'N9', 'N20'], 'consumption': 4},"
    " {'at': '1ms', 'sync_grid': '*'}]}",
    /* Latencies are not all one but constant: much arrives at the same moment. */
    "{'nodes': [{}, {}, {}, {}, {}, {}, {}, {}], 'links': [['N1', 'N2'], ['N2', 'N3'],"
    " ['N3', 'N4'], ['N4', 'N5'], ['N5', 'N6'], ['N6', 'N7'], ['N7', 'N8'], ['N8', 'N1'],"
    " ['N2', 'N6'], ['N3', 'N7'], {'between': ['N1', 'N5'], 'latency': '2ms'}],"
    " 'schedule': [{'at': 0, 'every': '1ms', 'until': '5ms', 'node': '*',"
    " 'production': {'uniform': [0, 9]}}]}",
    /* Waves that wait for each other. */
    "{'topology': {'kind': 'complete', 'nodes': 10}, 'sync': 'coalesce', 'network':"
    " {'latency': '1ms', 'jitter': {'exponential': '1ms'}}, 'schedule': [{'at': 0,"
    " 'every': '1ms', 'until': '40ms', 'node': '*', 'production': {'uniform': [0, 9]}}]}",
};

static void run_all_ways(guint which) {
  g_autoptr(GsScenario) scenario = stress_scenario(texts[which]);
  g_autofree char *first = NULL;
  for (uint32_t workers = 1; workers <= WORKERS_MOST; workers++) {
    for (guint runner = 0; gs_runner_names[runner]; runner++) {
      g_autofree char *digest = stress_settled_digest(scenario, (GsRunnerKind)runner, workers);
      if (!first)
        first = g_strdup(digest);
      stress_require(g_str_equal(first, digest), "scenario %u, %s, %u workers: another digest",
                     which, gs_runner_names[runner], workers);
    }
  }
}

int main(void) {
  for (guint which = 0; which < G_N_ELEMENTS(texts); which++)
    run_all_ways(which);
  return 0;
}

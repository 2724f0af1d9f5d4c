/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/stress/stress.h"

/*
 * Many simulations at once in one process, each with threads of its own: they
 * share scenarios, which are only read, and the one lock around the graph
 * library, and nothing else. Each must end as it does alone.
 */

#define AT_ONCE 6u
#define ROUNDS 20u

static const char *const texts[] = {
    ("{'topology': {'kind': 'watts-strogatz', 'nodes': 24},"
     " 'schedule': [{'at': 0, 'node': 'N5', 'production': 3},"
     " {'at': '2ms', 'node': '*', 'consumption': {'uniform': [0, 50]}}]}"),
    ("{'topology': {'kind': 'barabasi-albert', 'nodes': 30}, 'sync': 'coalesce',"
     " 'network': {'latency': {'exponential': '5ms'}, 'jitter': {'exponential': '9ms'},"
     " 'fifo': false}, 'schedule': [{'at': 0, 'every': '3ms', 'until': '9ms', 'node': '*',"
     " 'production': {'normal': {'mean': 50, 'sd': 20}}}]}"),
    ("{'topology': {'kind': 'ring', 'nodes': 9}, 'pace': 'original',"
     " 'network': {'latency': '2ms', 'jitter': '1ms'},"
     " 'schedule': [{'at': '3s', 'node': 'N2', 'production': 8}]}"),
    ("{'topology': {'kind': 'erdos-renyi', 'nodes': 14, 'p': 0.3}, 'network': {'latency': 0},"
     " 'handshake': {'at': '1s', 'every': '1ms'}}"),
};
#define SCENARIOS G_N_ELEMENTS(texts)

typedef struct {
  GsScenario *scenarios[SCENARIOS];
  char *digests[SCENARIOS];
} Shared;

typedef struct {
  const Shared *shared;
  guint number;
} Runner;

static void *run_rounds(void *data) {
  const Runner *self = data;
  for (guint round = 0; round < ROUNDS; round++) {
    guint which = (self->number + round) % SCENARIOS;
    /* Now and then a scenario of its own, so that graphs too are made at once. */
    g_autoptr(GsScenario) own = round % 3 ? NULL : stress_scenario(texts[which]);
    GsRunnerKind runner =
        (self->number + round / SCENARIOS) % 2 ? GS_RUNNER_POOL : GS_RUNNER_THREADS;
    uint32_t workers = 1 + (self->number + round) % 5;
    g_autofree char *digest =
        stress_settled_digest(own ? own : self->shared->scenarios[which], runner, workers);
    stress_require(g_str_equal(digest, self->shared->digests[which]),
                   "scenario %u, %s, %u workers: another digest than alone", which,
                   gs_runner_names[runner], workers);
  }
  return NULL;
}

int main(void) {
  Shared shared;
  for (guint i = 0; i < SCENARIOS; i++) {
    shared.scenarios[i] = stress_scenario(texts[i]);
    shared.digests[i] = stress_settled_digest(shared.scenarios[i], GS_RUNNER_POOL, 1);
  }
  Runner runners[AT_ONCE];
  pthread_t threads[AT_ONCE];
  for (guint i = 0; i < AT_ONCE; i++) {
    runners[i] = (Runner){&shared, i};
    threads[i] = stress_thread(run_rounds, &runners[i]);
  }
  for (guint i = 0; i < AT_ONCE; i++)
    stress_join(threads[i]);
  for (guint i = 0; i < SCENARIOS; i++) {
    gs_scenario_free(shared.scenarios[i]);
    g_free(shared.digests[i]);
  }
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/json/json_writer.h"
#include "sim/measure/results.h"
#include "sim/scenario/scenario.h"

/** What several reports say about a scenario or its results, worked out once. */

/** The words of the scenario format ("echo", "coalesce"); static. */
const char *gs_words_protocol_name(GsProtocol protocol);
const char *gs_words_sync_name(GsSync sync);
/** "limit auto, resync 60 s": the rules of recovery that its nodes have in a run, or `served`;
 * NULL: none. Free with g_free. */
char *gs_words_recovery(const GsScenario *scenario, bool served);
/** The same or "none", and why: "…, since messages may be lost". Free with g_free. */
char *gs_words_recovery_why(const GsScenario *scenario, bool served);
/** Why, in a word for documents: "set", "served", "faults", "loss", "not-needed"; static. */
const char *gs_words_recovery_reason(const GsScenario *scenario, bool served);
/** Messages per second of wall time; 0 when the run took no measurable time. */
double gs_words_messages_per_s(const GsResults *results);
/** "1,204"; "at least 262,143" where counting ends. Free with g_free. */
char *gs_words_hops(uint32_t hops);
/** The member "hops", and where counting ends "hops_at_least": true. */
void gs_words_write_hops(GsJsonWriter *json, uint32_t hops);
/** Expectations that a scenario states; one of a repeating entry counts once. */
uint32_t gs_words_expectations(const GsScenario *scenario);
/** "listed in the scenario" or what generated it, plus how links come to be; free with g_free. */
char *gs_words_topology(const GsScenario *scenario);
/** "latency 1 ms, in order"; free with g_free. */
char *gs_words_network(const GsScenario *scenario);
/** The same where some of it is not the same in all runs: "latency as varied, in order". */
typedef struct {
  bool latency, jitter, order, loss, duplicate, tries;
} GsNetworkVaries;
char *gs_words_network_but(const GsScenario *scenario, const GsNetworkVaries *varies);
/** The member "network_faults": what the network did besides delivering. */
void gs_words_write_network_faults(GsJsonWriter *json, const GsResults *results);
/** The members "longest_wrong_s" and, where a node was ever wrong, which one and from when. */
void gs_words_write_longest_wrong(GsJsonWriter *json, const GsResults *results);
/** "no pace: every message is handled at once"; free with g_free. */
char *gs_words_pace(const GsScenario *scenario);

/** Smallest, middle and largest of some numbers. */
typedef struct {
  uint32_t count;
  int64_t min, median, max;
} GsSpread;
/** Sorts `values`. */
GsSpread gs_spread_of(int64_t *values, uint32_t count);

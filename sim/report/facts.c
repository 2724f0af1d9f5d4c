/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/facts.h"

#include <stdlib.h>

#include "sim/report/text.h"

/** The pace that the word "original" stands for. */
#define ORIGINAL_RECEIVE_NS INT64_C(1002000000)
#define ORIGINAL_SEND_NS INT64_C(2010000000)

const char *gs_facts_protocol_name(GsProtocol protocol) {
  return protocol == GS_PROTOCOL_ORIGINAL ? "original" : "echo";
}

const char *gs_facts_sync_name(GsSync sync) {
  return sync == GS_SYNC_COALESCE ? "coalesce" : "every";
}

double gs_facts_messages_per_s(const GsResults *results) {
  if (results->wall_s <= 0)
    return 0;
  return (double)gs_message_counts_total(&results->messages) / results->wall_s;
}

uint32_t gs_facts_expectations(const GsScenario *scenario) {
  const GsScenarioExpect *expect = &scenario->expect;
  uint32_t count = (expect->converged >= 0) + (expect->converged_within_ns >= 0) +
                   (expect->gridnet_all_given ? 1 : 0);
  count += expect->gridnets ? expect->gridnets->len : 0;
  count += expect->messages ? expect->messages->len : 0;
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    count += (scenario->schedule[i].expect.messages >= 0) +
             (scenario->schedule[i].expect.converged_within_ns >= 0);
  return count;
}

char *gs_facts_topology(const GsScenario *scenario) {
  g_autofree char *origin = scenario->topology ? gs_text_clean(scenario->topology) : NULL;
  if (!scenario->handshake)
    return origin ? g_steal_pointer(&origin) : g_strdup("listed in the scenario");
  g_autofree char *at = gs_text_duration(scenario->handshake_at_ns);
  g_autofree char *every = gs_text_duration(scenario->handshake_every_ns);
  return g_strdup_printf("%s%smade by handshakes from %s%s%s", origin ? origin : "",
                         origin ? "; " : "", at,
                         scenario->handshake_every_ns > 0 ? ", one every " : ", all at once",
                         scenario->handshake_every_ns > 0 ? every : "");
}

static bool is_nothing(const GsDistribution *delay) {
  return delay->kind == GS_DISTRIBUTION_CONSTANT && delay->a <= 0;
}

/** Links that have a latency or jitter of their own from the start, and those that get one later.
 */
static void append_own(const GsScenario *scenario, GString *out) {
  guint own = scenario->own_networks->len, later = 0;
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    later += scenario->schedule[i].own_network != NULL;
  if (own > 0 && own == scenario->link_count && own > 1) {
    g_string_append_printf(out, ", all %u links with their own", own);
  } else if (own > 0) {
    g_autofree char *links = gs_text_plural(own, "link");
    g_string_append_printf(out, ", %s with %s own", links, own == 1 ? "its" : "their");
  }
  if (later > 0) {
    g_autofree char *links = gs_text_plural(later, "new link");
    g_string_append_printf(out, ", %s with %s own", links, later == 1 ? "its" : "their");
  }
}

char *gs_facts_network_but(const GsScenario *scenario, bool latency_varies, bool jitter_varies,
                           bool order_varies) {
  GString *out = g_string_new("latency ");
  g_autofree char *latency = gs_text_delay(&scenario->latency);
  g_string_append(out, latency_varies ? "as varied" : latency);
  if (jitter_varies) {
    g_string_append(out, ", jitter as varied");
  } else if (!is_nothing(&scenario->jitter)) {
    g_autofree char *jitter = gs_text_delay(&scenario->jitter);
    g_string_append_printf(out, ", jitter %s", jitter);
  }
  append_own(scenario, out);
  g_string_append(out, order_varies     ? ", order as varied"
                       : scenario->fifo ? ", in order"
                                        : ", overtaking allowed");
  return g_string_free(out, FALSE);
}

char *gs_facts_network(const GsScenario *scenario) {
  return gs_facts_network_but(scenario, false, false, false);
}

char *gs_facts_pace(const GsScenario *scenario) {
  int64_t receive = scenario->receive_every_ns, send = scenario->send_every_ns;
  if (receive == 0 && send == 0)
    return g_strdup("none: messages are handled as they arrive");
  g_autofree char *in = gs_text_duration(receive);
  g_autofree char *out = gs_text_duration(send);
  bool original = receive == ORIGINAL_RECEIVE_NS && send == ORIGINAL_SEND_NS;
  return g_strdup_printf("%sone message received every %s, one sent every %s",
                         original ? "original: " : "", in, out);
}

static int compare_int64(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

GsSpread gs_spread_of(int64_t *values, uint32_t count) {
  if (count == 0)
    return (GsSpread){0};
  qsort(values, count, sizeof *values, compare_int64);
  return (GsSpread){
      .count = count, .min = values[0], .median = values[count / 2], .max = values[count - 1]};
}

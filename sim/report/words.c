/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/words.h"

#include <stdlib.h>

#include "sim/base/text.h"
#include "sim/network/loss.h"
#include "sim/scenario/chance.h"

const char *gs_words_protocol_name(GsProtocol protocol) {
  return protocol == GS_PROTOCOL_ORIGINAL ? "original" : "echo";
}

const char *gs_words_sync_name(GsSync sync) {
  return sync == GS_SYNC_COALESCE ? "coalesce" : "every";
}

char *gs_words_recovery(const GsScenario *scenario, bool served) {
  const GsRecoveryRules *rules = gs_scenario_recovery(scenario, served);
  if (!rules)
    return NULL;
  g_autofree char *limit = gs_recovery_limit_text(rules);
  g_autofree char *resync = gs_recovery_resync_text(rules);
  return g_strdup_printf("limit %s, resync %s", limit, resync);
}

static const struct {
  const char *name, *because;
} recovery_reasons[] = {
    [GS_RECOVERY_AS_SET] = {"set", "as set"},
    [GS_RECOVERY_AS_SERVED] = {"served", "as served nodes have"},
    [GS_RECOVERY_FOR_FAULTS] = {"faults", "since it has faults"},
    [GS_RECOVERY_FOR_LOSS] = {"loss", "since messages may be lost"},
    [GS_RECOVERY_NOT_NEEDED] = {"not-needed", "since nothing fails and no message is lost"},
};

char *gs_words_recovery_why(const GsScenario *scenario, bool served) {
  g_autofree char *rules = gs_words_recovery(scenario, served);
  GsRecoveryReason reason = gs_scenario_recovery_reason(scenario, served);
  return g_strdup_printf("%s, %s", rules ? rules : "none", recovery_reasons[reason].because);
}

const char *gs_words_recovery_reason(const GsScenario *scenario, bool served) {
  return recovery_reasons[gs_scenario_recovery_reason(scenario, served)].name;
}

double gs_words_messages_per_s(const GsResults *results) {
  if (results->wall_s <= 0)
    return 0;
  return (double)gs_message_counts_total(&results->messages) / results->wall_s;
}

/** Whether chains of so many hops may have been longer than what is counted. */
static bool hops_are_least(uint32_t hops) {
  return hops >= GS_HOPS_MAX;
}

char *gs_words_hops(uint32_t hops) {
  g_autofree char *count = gs_text_count(hops);
  return g_strconcat(hops_are_least(hops) ? "at least " : "", count, NULL);
}

void gs_words_write_hops(GsJsonWriter *json, uint32_t hops) {
  gs_json_member_int(json, "hops", hops);
  if (hops_are_least(hops))
    gs_json_member_bool(json, "hops_at_least", true);
}

uint32_t gs_words_expectations(const GsScenario *scenario) {
  const GsScenarioExpect *expect = &scenario->expect;
  uint32_t count = (expect->converged >= 0) + (expect->converged_within_ns >= 0) +
                   (expect->gridnet_all_given ? 1 : 0);
  count += expect->gridnets ? expect->gridnets->len : 0;
  count += expect->messages ? expect->messages->len : 0;
  count += (uint32_t)__builtin_popcount(expect->checks);
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    count += (scenario->schedule[i].expect.messages >= 0) +
             (scenario->schedule[i].expect.converged_within_ns >= 0);
  return count;
}

char *gs_words_topology(const GsScenario *scenario) {
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

static bool is_same(const GsDistribution *one, const GsDistribution *other) {
  return one->kind == other->kind && one->a == other->a && one->b == other->b;
}

static const GsLinkNetwork *own_network(const GsScenario *scenario, guint index) {
  return &g_array_index(scenario->own_networks, GsOwnNetwork, index).network;
}

/** Whether no link that is there from the start has the scenario's latency. */
static bool all_have_own_latencies(const GsScenario *scenario) {
  guint own = scenario->own_networks->len;
  if (own == 0 || own != scenario->link_count)
    return false;
  for (guint i = 0; i < own; i++)
    if (is_same(&own_network(scenario, i)->latency, &scenario->latency))
      return false;
  return true;
}

/** What the schedule says of links: how many it makes, with and without something of their own,
 * and to how many that are there it gives something of their own. */
typedef struct {
  guint made_plain, made_own, changed;
} LaterLinks;

static gint64 pair_of(const GsScenarioLink *link) {
  return (gint64)((guint64)MIN(link->a, link->b) << 32 | MAX(link->a, link->b));
}

static LaterLinks later_links(const GsScenario *scenario) {
  LaterLinks later = {0};
  g_autoptr(GHashTable) told = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    if (entry->kind != GS_DO_ADD_SIBLING)
      continue;
    gint64 pair = pair_of(&entry->link);
    bool own = entry->own_network || g_hash_table_lookup(told, &pair);
    g_hash_table_replace(told, g_memdup2(&pair, sizeof pair), GINT_TO_POINTER(own));
  }
  bool any = g_hash_table_size(told) > 0;
  for (uint32_t i = 0; any && i < scenario->link_count; i++) {
    gint64 pair = pair_of(&scenario->links[i]);
    later.changed += g_hash_table_lookup(told, &pair) != NULL;
    g_hash_table_remove(told, &pair);
  }
  GHashTableIter iter;
  gpointer own;
  g_hash_table_iter_init(&iter, told);
  while (g_hash_table_iter_next(&iter, NULL, &own)) {
    later.made_own += own != NULL;
    later.made_plain += own == NULL;
  }
  return later;
}

/** What the links have, where none has the scenario's latency; new ones still can. */
static void append_own_latencies(const GsScenario *scenario, GString *out) {
  const GsDistribution *least = &own_network(scenario, 0)->latency, *most = least;
  guint count = scenario->own_networks->len;
  bool constant = true;
  for (guint i = 0; i < count; i++) {
    const GsDistribution *one = &own_network(scenario, i)->latency;
    constant &= one->kind == GS_DISTRIBUTION_CONSTANT;
    least = one->a < least->a ? one : least;
    most = one->a > most->a ? one : most;
  }
  g_autofree char *links =
      count == 1 ? g_strdup("the only link") : g_strdup_printf("each of the %u links", count);
  g_autofree char *from = gs_text_delay(least), *to = gs_text_delay(most);
  if (count == 1 || (constant && is_same(least, most)))
    g_string_append_printf(out, "%s on %s", from, links);
  else if (constant)
    g_string_append_printf(out, "between %s and %s, %s with its own", from, to, links);
  else
    g_string_append_printf(out, "of its own on %s", links);
  g_autofree char *others = gs_text_delay(&scenario->latency);
  if (later_links(scenario).made_plain > 0)
    g_string_append_printf(out, ", %s on new ones", others);
}

/** Links that have a latency or jitter of their own from the start, and those that get one later.
 * `told`: latencies are told already. */
static void append_own(const GsScenario *scenario, bool told, GString *out) {
  LaterLinks later = later_links(scenario);
  guint own = 0;
  for (guint i = 0; i < scenario->own_networks->len; i++)
    own += !told || !is_same(&own_network(scenario, i)->jitter, &scenario->jitter);
  if (own > 0) {
    g_autofree char *links = gs_text_plural(own, "link");
    g_string_append_printf(out, ", %s with %s own%s", links, own == 1 ? "its" : "their",
                           told ? " jitter" : "");
  }
  if (later.changed > 0) {
    g_autofree char *links = gs_text_plural(later.changed, "link");
    g_string_append_printf(out, ", %s with %s own later", links,
                           later.changed == 1 ? "its" : "their");
  }
  if (later.made_own > 0) {
    g_autofree char *links = gs_text_plural(later.made_own, "new link");
    g_string_append_printf(out, ", %s with %s own", links, later.made_own == 1 ? "its" : "their");
  }
}

static char *probability_text(double probability) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf("%s %%",
                         g_ascii_formatd(digits, sizeof digits, "%.6g", probability * 100));
}

static void append_probability(const char *what, double probability, bool varies, GString *out) {
  g_autofree char *share = probability_text(probability);
  if (varies || probability > 0)
    g_string_append_printf(out, ", %s %s", what, varies ? "as varied" : share);
}

/** What may become of messages besides arriving. */
static void append_failures(const GsScenario *scenario, const GsNetworkVaries *varies,
                            GString *out) {
  append_probability("loss", scenario->loss, varies->loss, out);
  append_probability("duplicates", scenario->duplicate, varies->duplicate, out);
  if (scenario->pinned->len > 0) {
    g_autofree char *messages = gs_text_plural(scenario->pinned->len, "message");
    g_string_append_printf(out, ", %s named", messages);
  }
  if (varies->tries) {
    g_string_append(out, ", tries as varied");
  } else if (scenario->tries > 1 && (varies->loss || gs_scenario_may_fail(scenario))) {
    g_autofree char *after = gs_text_duration(scenario->retry_after_ns);
    g_string_append_printf(out, ", up to %u tries, one every %s", scenario->tries, after);
  }
}

char *gs_words_network_but(const GsScenario *scenario, const GsNetworkVaries *varies) {
  GString *out = g_string_new("latency ");
  g_autofree char *latency = gs_text_delay(&scenario->latency);
  bool own = !varies->latency && all_have_own_latencies(scenario);
  if (own)
    append_own_latencies(scenario, out);
  else
    g_string_append(out, varies->latency ? "as varied" : latency);
  if (varies->jitter) {
    g_string_append(out, ", jitter as varied");
  } else if (!is_nothing(&scenario->jitter)) {
    g_autofree char *jitter = gs_text_delay(&scenario->jitter);
    g_string_append_printf(out, ", jitter %s", jitter);
  }
  append_own(scenario, own, out);
  append_failures(scenario, varies, out);
  g_string_append(out, varies->order    ? ", order as varied"
                       : scenario->fifo ? ", in order"
                                        : ", overtaking allowed");
  return g_string_free(out, FALSE);
}

void gs_words_write_longest_wrong(GsJsonWriter *json, const GsResults *results) {
  GsWrongSpan longest = gs_results_longest_wrong(results);
  gs_json_member_double(json, "longest_wrong_s", (double)longest.for_ns / (double)GS_SECOND_NS);
  if (!longest.for_ns)
    return;
  gs_json_member_string(json, "longest_wrong_node",
                        results->nodes[results->longest_wrong_node].name);
  gs_json_member_double(json, "longest_wrong_from_s",
                        (double)longest.from_ns / (double)GS_SECOND_NS);
}

void gs_words_write_network_faults(GsJsonWriter *json, const GsResults *results) {
  const GsNetworkFaults *faults = &results->network_faults;
  gs_json_write_key(json, "network_faults");
  gs_json_begin_object(json);
  gs_json_member_int(json, "lost", (int64_t)gs_network_faults_lost(faults));
  gs_json_write_key(json, "lost_by");
  gs_json_begin_object(json);
  for (int reason = 0; reason < GS_LOSS_REASONS; reason++)
    gs_json_member_int(json, gs_loss_reason_name((GsLossReason)reason),
                       (int64_t)faults->lost[reason]);
  gs_json_end_object(json);
  gs_json_member_int(json, "undelivered", (int64_t)faults->undelivered);
  gs_json_member_int(json, "retried", (int64_t)faults->retried);
  gs_json_member_int(json, "doubled", (int64_t)faults->doubled);
  gs_json_member_int(json, "named", (int64_t)results->scenario->pinned->len);
  gs_json_member_int(json, "named_sent", (int64_t)faults->pinned);
  gs_json_end_object(json);
}

char *gs_words_network(const GsScenario *scenario) {
  static const GsNetworkVaries nothing;
  return gs_words_network_but(scenario, &nothing);
}

char *gs_words_pace(const GsScenario *scenario) {
  int64_t receive = scenario->receive_every_ns, send = scenario->send_every_ns;
  if (receive == 0 && send == 0)
    return g_strdup("none: messages are handled as they arrive");
  g_autofree char *in = gs_text_duration(receive);
  g_autofree char *out = gs_text_duration(send);
  bool original = receive == GS_PACE_ORIGINAL_RECEIVE_NS && send == GS_PACE_ORIGINAL_SEND_NS;
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

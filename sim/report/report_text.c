/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/report_text.h"

#include <inttypes.h>

#include "sim/base/text.h"
#include "sim/report/last_report.h"
#include "sim/report/print.h"
#include "sim/report/table.h"
#include "sim/report/warnings.h"
#include "sim/report/words.h"
#include "sim/scenario/chance.h"

/** Expectations that were not met are listed up to this many. */
#define UNMET_SHOWN 20

static void print_scenario(const GsResults *results, GsStyle style, GString *out) {
  const GsScenario *scenario = results->scenario;
  gs_print_heading(scenario->name, scenario->about, style, out);

  gs_print_set(scenario->set, style, out);
  g_autofree char *nodes = gs_text_plural(results->node_count, "node");
  g_autofree char *links = gs_text_plural(results->link_count, "link");
  g_autofree char *topology = gs_words_topology(scenario);
  gs_print_fact(out, style, "grid", "%s, %s; %s", nodes, links, topology);
  g_autofree char *network = gs_words_network(scenario);
  gs_print_fact(out, style, "network", "%s", network);
  if (scenario->receive_every_ns > 0 || scenario->send_every_ns > 0) {
    g_autofree char *pace = gs_words_pace(scenario);
    gs_print_fact(out, style, "pace", "%s", pace);
  }
  gs_print_fact(out, style, "protocol", "%s, sync %s; seed %" G_GUINT64_FORMAT,
                gs_words_protocol_name(scenario->protocol), gs_words_sync_name(scenario->sync),
                scenario->seed);
  g_autofree char *recovery = gs_words_recovery_why(scenario, results->served);
  gs_print_fact(out, style, "recovery", "%s", recovery);
}

/** Says by which message types there is anything to tell about. */
static void types_in_use(const GsMessageCounts *counts, bool used[GS_MESSAGE_TYPES]) {
  for (int type = 0; type < GS_MESSAGE_TYPES; type++)
    used[type] = gs_message_counts_by_type(counts, (GsMessageType)type) > 0;
}

static void count_cell(GsTable *table, uint64_t count, GsStyleKind kind) {
  gs_table_cell(table, count > 0 ? gs_text_count(count) : g_strdup("-"),
                count > 0 ? kind : GS_STYLE_FAINT);
}

/** Messages by type and envelope, as far as there are any. */
static void print_messages(const GsResults *results, GsStyle style, GString *out) {
  const GsMessageCounts *counts = &results->messages;
  gs_print_section("Messages", style, out);
  if (gs_message_counts_total(counts) == 0) {
    g_string_append(out, "  none\n");
    return;
  }
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, "", false, 0);
  for (int envelope = 0; envelope < GS_ENVELOPE_TYPES; envelope++)
    gs_table_column(table, gs_envelope_type_name((GsEnvelopeType)envelope), true, 0);
  gs_table_column(table, "total", true, 0);

  bool used[GS_MESSAGE_TYPES];
  types_in_use(counts, used);
  for (int type = 0; type < GS_MESSAGE_TYPES; type++) {
    if (!used[type])
      continue;
    gs_table_cell(table, g_strdup(gs_message_type_name((GsMessageType)type)), GS_STYLE_NONE);
    for (int envelope = 0; envelope < GS_ENVELOPE_TYPES; envelope++)
      count_cell(table, counts->by_kind[envelope][type], GS_STYLE_NONE);
    count_cell(table, gs_message_counts_by_type(counts, (GsMessageType)type), GS_STYLE_NONE);
  }
  gs_table_cell(table, g_strdup("total"), GS_STYLE_TITLE);
  for (int envelope = 0; envelope < GS_ENVELOPE_TYPES; envelope++)
    count_cell(table, gs_message_counts_by_envelope(counts, (GsEnvelopeType)envelope),
               GS_STYLE_NONE);
  count_cell(table, gs_message_counts_total(counts), GS_STYLE_TITLE);
  gs_table_print(table, style, out);
  g_autofree char *bytes = gs_text_bytes(results->wire_bytes);
  g_string_append_printf(out, "  %s of JSON on the wire\n", bytes);
}

static void print_sync(const GsResults *results, GsStyle style, GString *out) {
  if (!results->converged) {
    g_autofree char *wrong = gs_text_part(results->out_of_sync, results->node_count, "node");
    gs_print_mark(out, style, GS_STYLE_BAD, "in sync", "no: %s %s not", wrong,
                  results->out_of_sync == 1 ? "is" : "are");
  } else if (results->converged_at_ns == 0) {
    gs_print_mark(out, style, GS_STYLE_GOOD, "in sync", "all the time");
  } else {
    g_autofree char *at = gs_text_duration(results->converged_at_ns);
    gs_print_mark(out, style, GS_STYLE_GOOD, "in sync", "since %s", at);
  }
  g_autofree char *last = gs_last_text(results);
  if (last)
    gs_print_fact(out, style, "last node", "%s", last);
  if (results->quiescent) {
    g_autofree char *at = gs_text_duration(results->quiescent_at_ns);
    gs_print_fact(out, style, "at rest", "since %s", at);
  } else {
    g_autofree char *at = gs_text_duration(results->now_ns);
    gs_print_fact(out, style, "at rest", "no: ended at %s with more to happen", at);
  }
}

/** How wrong nodes were, where something was to go wrong. */
static void print_errors(const GsResults *results, GsStyle style, GString *out) {
  const GsScenario *scenario = results->scenario;
  if (!scenario->has_faults && !gs_scenario_may_fail(scenario))
    return;
  const GsWorstError *worst = &results->errors.worst;
  g_autofree char *share = gs_text_fixed(100 * gs_results_in_sync_share(results), 2);
  gs_print_fact(out, style, "correct", "%s %% of the time of all nodes that were up", share);
  if (worst->error) {
    g_autofree char *mean = gs_text_fixed(gs_results_mean_error(results), 3);
    g_autofree char *most = gs_text_count(worst->error);
    g_autofree char *name = gs_text_clean(results->nodes[worst->node].name);
    g_autofree char *at = gs_text_duration(worst->at_ns);
    gs_print_fact(out, style, "wrong by", "%s on average, at most %s: %s at %s", mean, most, name,
                  at);
  }
  GsWrongSpan longest = gs_results_longest_wrong(results);
  if (longest.for_ns) {
    g_autofree char *length = gs_text_duration(longest.for_ns);
    g_autofree char *from = gs_text_duration(longest.from_ns);
    g_autofree char *name = gs_text_clean(results->nodes[results->longest_wrong_node].name);
    gs_print_fact(out, style, "wrong for", "at most %s without a break: %s from %s on", length,
                  name, from);
  }
  if (results->down) {
    g_autofree char *nodes = gs_text_plural(results->down, "node");
    gs_print_fact(out, style, "down", "%s at the end", nodes);
  }
  if (results->told_lost) {
    g_autofree char *times = gs_text_plural(results->told_lost, "time");
    gs_print_fact(out, style, "in vain", "told %s: the node was down, or paused to the end", times);
  }
}

static const char *lost_why(GsLossReason reason) {
  switch (reason) {
  case GS_LOST_BY_CUT:
    return "on links that were cut";
  case GS_LOST_BY_DOWN:
    return "to nodes that were down, or paused to the end";
  case GS_LOST_BY_CHANCE:
    break;
  }
  return "by chance or by name";
}

static void print_lost(const GsResults *results, GsStyle style, GString *out) {
  const GsNetworkFaults *faults = &results->network_faults;
  uint64_t lost = gs_network_faults_lost(faults);
  if (lost == 0)
    return;
  g_autofree char *part =
      gs_text_part(lost, gs_message_counts_total(&results->messages), "message");
  g_autoptr(GString) why = g_string_new(NULL);
  for (int reason = 0; reason < GS_LOSS_REASONS; reason++) {
    if (faults->lost[reason] == 0)
      continue;
    g_autofree char *count = gs_text_count(faults->lost[reason]);
    g_string_append(why, why->len ? ", " : "");
    if (faults->lost[reason] < lost)
      g_string_append_printf(why, "%s ", count);
    g_string_append(why, lost_why((GsLossReason)reason));
  }
  gs_print_fact(out, style, "lost", "%s, %s", part, why->str);
}

/** ", 3 of them wrongly" */
static char *judged_text(const GsResults *results) {
  uint64_t right = results->suspected_rightly, wrong = results->suspected_wrongly;
  if (right == results->suspected || wrong == results->suspected)
    return g_strdup(right ? ", rightly" : ", wrongly");
  g_autofree char *rights = gs_text_count(right), *wrongs = gs_text_count(wrong);
  g_autofree char *unknown = gs_text_count(results->suspected - right - wrong);
  if (right + wrong == results->suspected)
    return g_strdup_printf(", %s of them rightly and %s wrongly", rights, wrongs);
  if (right + wrong == 0)
    return g_strdup(", all of other processes");
  return g_strdup_printf(", %s of them rightly, %s wrongly and %s of other processes", rights,
                         wrongs, unknown);
}

/** What nodes did on their own, where they have rules for it. */
static void print_recovery(const GsResults *results, GsStyle style, GString *out) {
  uint64_t own = gs_message_counts_total(&results->recovery_messages);
  if (own > 0) {
    g_autofree char *part =
        gs_text_part(own, gs_message_counts_total(&results->messages), "message");
    gs_print_fact(out, style, "recovery", "%s, sent by nodes on their own", part);
  }
  if (results->suspected > 0) {
    g_autofree char *times = gs_text_plural(results->suspected, "time");
    g_autofree char *trusted = gs_text_count(results->trusted_again);
    g_autofree char *judged = judged_text(results);
    gs_print_fact(out, style, "suspected", "siblings, %s%s; trusted again %s", times, judged,
                  trusted);
  }
  if (results->waves_limited > 0) {
    g_autofree char *waves = gs_text_plural(results->waves_limited, "wave");
    gs_print_fact(out, style, "limited", "%s of nodes' own ended without a result", waves);
  }
}

/** What the network did besides delivering messages once. */
static void print_network_faults(const GsResults *results, GsStyle style, GString *out) {
  const GsNetworkFaults *faults = &results->network_faults;
  print_lost(results, style, out);
  if (faults->undelivered > 0) {
    g_autofree char *messages = gs_text_plural(faults->undelivered, "message");
    gs_print_fact(out, style, "undelivered", "%s whose last try failed, as senders are told",
                  messages);
  }
  if (faults->retried > 0) {
    g_autofree char *times = gs_text_plural(faults->retried, "time");
    gs_print_fact(out, style, "retried", "%s", times);
  }
  if (faults->doubled > 0) {
    g_autofree char *messages = gs_text_plural(faults->doubled, "message");
    gs_print_fact(out, style, "doubled", "%s arrived twice", messages);
  }
  uint64_t named = results->scenario->pinned->len;
  if (faults->pinned < named) {
    g_autofree char *messages = gs_text_part(named - faults->pinned, named, "message");
    gs_print_fact(out, style, "named", "%s in \"network.messages\" never sent", messages);
  }
}

/** What is worth a line only when it happened. */
static void print_oddities(const GsResults *results, GsStyle style, GString *out) {
  if (results->superseded > 0) {
    g_autofree char *waves = gs_text_plural(results->superseded, "wave");
    gs_print_fact(out, style, "superseded", "%s overtaken by a later one of the same node", waves);
  }
  if (results->open_waves > 0) {
    g_autofree char *waves = gs_text_plural(results->open_waves, "wave");
    gs_print_fact(out, style, "open", "%s still unfinished", waves);
  }
  print_recovery(results, style, out);
  print_network_faults(results, style, out);
  for (int reason = 0; reason < GS_DROP_REASONS; reason++) {
    /* A flood seen before is how flooding ends, not an oddity. */
    if (reason == GS_DROP_SEEN_FLOOD || results->drops[reason] == 0)
      continue;
    g_autofree char *messages = gs_text_plural(results->drops[reason], "message");
    gs_print_fact(out, style, "dropped", "%s: %s", messages,
                  gs_drop_reason_name((GsDropReason)reason));
  }
}

static void print_run(const GsResults *results, GsStyle style, GString *out) {
  g_autofree char *wall = gs_text_span((int64_t)(results->wall_s * 1e9));
  g_autofree char *rate = gs_text_count((uint64_t)gs_words_messages_per_s(results));
  g_autofree char *workers = gs_text_plural(results->workers, "worker");
  gs_print_fact(out, style, "run", "%s, %s messages/s; runner %s, %s", wall, rate, results->runner,
                workers);
  g_autofree char *mailbox = gs_text_plural(results->largest_mailbox, "message");
  g_autofree char *memory = gs_text_bytes(results->memory_bytes);
  gs_print_fact(out, style, "at most", "%s waiting at one node; %s for messages and waves", mailbox,
                memory);
  gs_print_fact(out, style, "digest", "%s", results->digest);
}

static void print_expectations(const GsResults *results, const GPtrArray *unmet, GsStyle style,
                               GString *out) {
  uint32_t stated = gs_words_expectations(results->scenario);
  if (unmet->len == 0) {
    if (stated == 1 && !results->stopped)
      gs_print_mark(out, style, GS_STYLE_GOOD, "expected", "met");
    else if (stated == 2 && !results->stopped)
      gs_print_mark(out, style, GS_STYLE_GOOD, "expected", "both met");
    else if (stated > 2 && !results->stopped)
      gs_print_mark(out, style, GS_STYLE_GOOD, "expected", "all %" PRIu32 " met", stated);
    return;
  }
  g_string_append_printf(out, "\n%sNot as expected%s\n", gs_style_begin(style, GS_STYLE_BAD),
                         gs_style_end(style, GS_STYLE_BAD));
  for (guint i = 0; i < MIN(unmet->len, UNMET_SHOWN); i++) {
    g_autofree char *line = gs_text_clean(unmet->pdata[i]);
    g_string_append_printf(out, "  %s%s%s\n", gs_style_begin(style, GS_STYLE_BAD), line,
                           gs_style_end(style, GS_STYLE_BAD));
  }
  if (unmet->len > UNMET_SHOWN)
    g_string_append_printf(out, "  … and %u more\n", unmet->len - UNMET_SHOWN);
}

void gs_report_text_details(const GsResults *results, GsStyle style, GString *out) {
  print_scenario(results, style, out);
  gs_print_disturbances(results, style, out);
  gs_print_nodes(results, style, out);
  print_messages(results, style, out);
  gs_warnings_print(results->scenario->warnings, style, out);
}

void gs_report_text_outcome(const GsResults *results, const GPtrArray *unmet, GsStyle style,
                            GString *out) {
  gs_print_section("Outcome", style, out);
  if (results->stopped) {
    g_autofree char *at = gs_text_duration(results->now_ns);
    gs_print_mark(out, style, GS_STYLE_NOTICE, "interrupted",
                  "at %s; this is what there was so far", at);
  }
  print_sync(results, style, out);
  print_errors(results, style, out);
  print_oddities(results, style, out);
  print_run(results, style, out);
  print_expectations(results, unmet, style, out);
}

void gs_report_text(const GsResults *results, const GPtrArray *unmet, GsStyle style, GString *out) {
  gs_report_text_details(results, style, out);
  gs_report_text_outcome(results, unmet, style, out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/report_json.h"

#include <errno.h>

#include "core/json/json_writer.h"
#include "sim/report/last_report.h"
#include "sim/report/version.h"
#include "sim/report/warnings.h"
#include "sim/report/words.h"

/** What is collected before it is written out. */
#define FLUSH_BYTES ((gsize)64 << 10)

typedef struct {
  GsJsonWriter *json;
  GString *buffer;
  FILE *out;
  int error; /**< errno of the write that failed; then nothing more is written */
} Document;

static void flush(Document *doc) {
  if (!doc->error && doc->buffer->len > 0 &&
      fwrite(doc->buffer->str, 1, doc->buffer->len, doc->out) != doc->buffer->len)
    doc->error = errno ? errno : EIO;
  g_string_truncate(doc->buffer, 0);
}

static void flush_if_large(Document *doc) {
  if (doc->buffer->len >= FLUSH_BYTES)
    flush(doc);
}

static void write_count(GsJsonWriter *json, const char *key, uint64_t value) {
  gs_json_member_int(json, key, (int64_t)MIN(value, (uint64_t)INT64_MAX));
}

/** A moment or a length of time in seconds; a negative one means that there is none. */
static void write_seconds(GsJsonWriter *json, const char *key, int64_t ns) {
  gs_json_write_key(json, key);
  if (ns < 0)
    gs_json_write_null(json);
  else
    gs_json_write_double(json, (double)ns / (double)GS_SECOND_NS);
}

static void write_by_type(GsJsonWriter *json, const char *key, const GsMessageCounts *counts) {
  gs_json_write_key(json, key);
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  for (int type = 0; type < GS_MESSAGE_TYPES; type++)
    write_count(json, gs_message_type_name((GsMessageType)type),
                gs_message_counts_by_type(counts, (GsMessageType)type));
  gs_json_end_object(json);
}

static void write_messages(GsJsonWriter *json, const GsMessageCounts *counts) {
  gs_json_write_key(json, "messages");
  gs_json_begin_object(json);
  write_count(json, "total", gs_message_counts_total(counts));
  write_count(json, "tell", gs_message_counts_by_envelope(counts, GS_TELL));
  write_count(json, "ask", gs_message_counts_by_envelope(counts, GS_ASK));
  write_count(json, "response", gs_message_counts_by_envelope(counts, GS_RESPONSE));
  write_by_type(json, "by_type", counts);
  gs_json_end_object(json);
}

static void write_disturbances(Document *doc, const GsResults *results) {
  GsJsonWriter *json = doc->json;
  gs_json_write_key(json, "disturbances");
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < results->disturbance_count; i++) {
    const GsDisturbance *disturbance = &results->disturbances[i];
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    write_seconds(json, "at_s", disturbance->at_ns);
    gs_json_member_string(json, "what", disturbance->what);
    write_count(json, "messages", gs_message_counts_total(&disturbance->messages));
    write_seconds(json, "converged_after_s", disturbance->converged_after_ns);
    write_by_type(json, "messages_by_type", &disturbance->messages);
    gs_words_write_hops(json, disturbance->hops);
    write_count(json, "wire_bytes", disturbance->wire_bytes);
    write_count(json, "wrong_nodes", disturbance->wrong_nodes);
    write_count(json, "wrong_by", disturbance->wrong_by);
    gs_json_end_object(json);
    flush_if_large(doc);
  }
  gs_json_end_array(json);
}

static void write_nodes(Document *doc, const GsResults *results) {
  GsJsonWriter *json = doc->json;
  gs_json_write_key(json, "node_states");
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_int(json, "id", node->id);
    gs_json_member_string(json, "name", node->name);
    gs_json_member_int(json, "production", node->production);
    gs_json_member_int(json, "consumption", node->consumption);
    gs_json_member_int(json, "gridnet", node->gridnet);
    gs_json_write_key(json, "siblings");
    gs_json_begin_array(json);
    for (uint32_t s = 0; s < node->sibling_count; s++) {
      gs_json_write_string(json, gs_results_name(results, node->siblings[s]));
      flush_if_large(doc);
    }
    gs_json_end_array(json);
    if (node->is_down)
      gs_json_member_bool(json, "down", true);
    if (node->open || node->is_down) { /* the rest of its island is known to foreign nodes only */
      gs_json_write_key(json, "true_net");
      gs_json_write_null(json);
    } else {
      gs_json_member_int(json, "true_net", node->true_net);
    }
    if (!node->is_down)
      write_count(json, "island", node->island);
    write_seconds(json, "in_sync_since_s", node->in_sync_since_ns);
    write_seconds(json, "longest_wrong_s", node->longest_wrong.for_ns);
    gs_json_end_object(json);
    flush_if_large(doc);
  }
  gs_json_end_array(json);
}

/** Nodes out of sync over time: [[seconds, nodes], …], each until the next. */
static void write_series(Document *doc, const GsSyncSeries *series) {
  GsJsonWriter *json = doc->json;
  gs_json_write_key(json, "out_of_sync_series");
  gs_json_compact_next(json);
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < series->count; i++) {
    gs_json_begin_array(json);
    gs_json_write_double(json, (double)series->t_ns[i] / (double)GS_SECOND_NS);
    gs_json_write_int(json, series->out[i]);
    gs_json_end_array(json);
    flush_if_large(doc);
  }
  gs_json_end_array(json);
}

static void write_drops(GsJsonWriter *json, const GsResults *results) {
  gs_json_write_key(json, "dropped");
  gs_json_begin_object(json);
  for (int reason = 0; reason < GS_DROP_REASONS; reason++)
    write_count(json, gs_drop_reason_name((GsDropReason)reason), results->drops[reason]);
  gs_json_end_object(json);
}

static void write_expectations(GsJsonWriter *json, const GsResults *results,
                               const GPtrArray *unmet) {
  gs_json_write_key(json, "expectations");
  gs_json_begin_object(json);
  gs_json_write_key(json, "met");
  /* They are about the whole run, so one that was stopped says nothing. */
  if (results->stopped)
    gs_json_write_null(json);
  else
    gs_json_write_bool(json, unmet->len == 0);
  gs_json_write_key(json, "unmet");
  gs_json_begin_array(json);
  for (guint i = 0; i < unmet->len; i++)
    gs_json_write_string(json, unmet->pdata[i]);
  gs_json_end_array(json);
  gs_json_end_object(json);
}

/** What nodes did on their own, where they have rules for it. */
static void write_recovery(GsJsonWriter *json, const GsResults *results) {
  const GsScenario *scenario = results->scenario;
  g_autofree char *rules = gs_words_recovery(scenario, results->served);
  gs_json_member_string(json, "recovery_reason",
                        gs_words_recovery_reason(scenario, results->served));
  gs_json_write_key(json, "recovery");
  if (!rules) {
    gs_json_write_null(json);
    return;
  }
  gs_json_begin_object(json);
  gs_json_member_string(json, "rules", rules);
  write_count(json, "messages", gs_message_counts_total(&results->recovery_messages));
  write_count(json, "suspected", results->suspected);
  write_count(json, "suspected_rightly", results->suspected_rightly);
  write_count(json, "suspected_wrongly", results->suspected_wrongly);
  write_count(json, "trusted_again", results->trusted_again);
  write_count(json, "waves_limited", results->waves_limited);
  write_count(json, "told_undelivered", results->told_undelivered);
  gs_json_end_object(json);
}

/** Members that say how the run went rather than what it found. */
static void write_run(GsJsonWriter *json, const GsResults *results) {
  gs_json_member_bool(json, "interrupted", results->stopped);
  gs_json_member_bool(json, "quiescent", results->quiescent);
  write_seconds(json, "now_s", results->now_ns);
  write_count(json, "workers", results->workers);
  write_count(json, "islands", results->island_count);
  write_count(json, "out_of_sync", results->out_of_sync);
  write_count(json, "open_waves", results->open_waves);
  write_count(json, "delivered", results->delivered);
  write_count(json, "superseded", results->superseded);
  gs_words_write_network_faults(json, results);
  write_count(json, "largest_mailbox", results->largest_mailbox);
  write_count(json, "disturbances_left_out", results->disturbances_left_out);
  write_drops(json, results);
  gs_json_member_double(json, "messages_per_s", gs_words_messages_per_s(results));
  gs_json_member_double(json, "start_s", results->start_s);
  gs_json_member_double(json, "stop_s", results->stop_s);
  write_count(json, "memory_bytes", results->memory_bytes);
  gs_json_write_key(json, "memory_needed_bytes");
  if (results->needed_bytes == 0)
    gs_json_write_null(json);
  else
    gs_json_write_int(json, (int64_t)MIN(results->needed_bytes, (uint64_t)INT64_MAX));
  gs_json_member_string(json, "protocol", gs_words_protocol_name(results->scenario->protocol));
  gs_json_member_string(json, "sync", gs_words_sync_name(results->scenario->sync));
  write_recovery(json, results);
  gs_json_member_string(json, "unit", results->scenario->unit);
  gs_version_write(json);
}

static void write_served(GsJsonWriter *json, const GsResults *results,
                         const GsServeReport *report) {
  gs_json_write_key(json, "http");
  gs_json_begin_object(json);
  gs_json_write_key(json, "nodes");
  gs_json_begin_array(json);
  for (guint i = 0; i < report->served->len; i++) {
    const GsServed *served = &g_array_index(report->served, GsServed, i);
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_string(json, "name", results->scenario->nodes[served->node].name);
    gs_json_member_string(json, "address", served->address);
    write_count(json, "accepted", served->accepted);
    write_count(json, "handled", served->handled);
    write_count(json, "lost", served->lost);
    write_count(json, "left", served->left);
    write_count(json, "refused", served->refused);
    write_count(json, "refused_id", served->refused_id);
    write_count(json, "refused_peers", served->refused_peers);
    write_count(json, "asks_failed", served->asks_failed);
    write_count(json, "forbidden", served->forbidden);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
  write_count(json, "sent", report->sent);
  write_count(json, "delivered", report->delivered);
  write_count(json, "undelivered", report->undelivered);
  write_count(json, "unsent", report->unsent);
  gs_json_end_object(json);
}

/** What held, as it ran. */
static void write_rules(GsJsonWriter *json, const GsScenario *scenario) {
  g_autofree char *network = gs_words_network(scenario);
  g_autofree char *pace = gs_words_pace(scenario);
  gs_json_member_string(json, "network", network);
  gs_json_member_string(json, "pace", pace);
  gs_json_member_string(json, "set", scenario->set);
}

int gs_report_json(const GsResults *results, const GPtrArray *unmet, const GsServeReport *served,
                   GsReportAgain again, FILE *out) {
  g_autoptr(GString) buffer = g_string_sized_new(2 * FLUSH_BYTES);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(buffer, 2);
  Document doc = {.json = json, .buffer = buffer, .out = out};

  gs_json_begin_object(json);
  gs_json_member_string(json, "scenario", results->scenario->name);
  gs_json_member_int(json, "seed", (int64_t)results->scenario->seed);
  gs_json_member_string(json, "runner", results->runner);
  write_count(json, "nodes", results->node_count);
  write_count(json, "links", results->link_count);
  gs_json_member_bool(json, "converged", results->converged);
  write_seconds(json, "converged_at_s", results->converged_at_ns);
  write_seconds(json, "quiescent_at_s", results->quiescent_at_ns);
  write_messages(json, &results->messages);
  write_disturbances(&doc, results);
  write_nodes(&doc, results);
  gs_json_member_string(json, "digest", results->digest);
  gs_json_member_double(json, "wall_s", results->wall_s);
  write_count(json, "wire_bytes", results->wire_bytes);
  gs_words_write_hops(json, results->hops);
  gs_json_member_double(json, "out_of_sync_node_s",
                        (double)results->out_of_sync_node_ns / (double)GS_SECOND_NS);
  write_series(&doc, &results->series);
  gs_json_member_double(json, "in_sync_share", gs_results_in_sync_share(results));
  gs_json_member_double(json, "mean_error", gs_results_mean_error(results));
  write_count(json, "worst_error", results->errors.worst.error);
  gs_words_write_longest_wrong(json, results);
  write_count(json, "told_lost", results->told_lost);
  if (!served)
    gs_last_write(results, json);
  write_rules(json, results->scenario);
  write_run(json, results);
  write_expectations(json, results, unmet);
  gs_warnings_write(json, results->scenario->warnings);
  if (served)
    write_served(json, results, served);
  if (again)
    again(results, json);
  gs_json_end_object(json);
  g_string_append_c(buffer, '\n');
  flush(&doc);
  return doc.error;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/report_run_html.h"

#include "sim/base/duration.h"
#include "sim/faults/fault_plan.h"
#include "sim/report/html.h"
#include "sim/report/last_report.h"
#include "sim/report/run_document.h"
#include "sim/report/version.h"
#include "sim/report/warnings.h"
#include "sim/report/words.h"
#include "sim/scenario/scenario_graph.h"
#include "sim/topology/layout.h"

static void write_count(GsJsonWriter *json, const char *key, uint64_t value) {
  gs_json_member_int(json, key, (int64_t)MIN(value, (uint64_t)INT64_MAX));
}

static void write_seconds(GsJsonWriter *json, const char *key, int64_t ns) {
  gs_json_write_key(json, key);
  gs_run_document_seconds(json, ns);
}

static void begin_list(GsJsonWriter *json, const char *key) {
  gs_json_write_key(json, key);
  gs_json_begin_array(json);
}

static void take_text(GsJsonWriter *json, const char *key, char *text) {
  gs_json_member_string(json, key, text);
  g_free(text);
}

static void write_scenario(GsJsonWriter *json, const GsScenario *scenario) {
  gs_json_member_string(json, "name", scenario->name);
  gs_json_member_string(json, "about", scenario->about);
  gs_json_member_string(json, "set", scenario->set);
  gs_json_member_string(json, "unit", scenario->unit);
  gs_json_member_int(json, "seed", (int64_t)scenario->seed);
  gs_json_member_string(json, "protocol", gs_words_protocol_name(scenario->protocol));
  gs_json_member_string(json, "sync", gs_words_sync_name(scenario->sync));
  take_text(json, "topology", gs_words_topology(scenario));
  take_text(json, "network", gs_words_network(scenario));
  take_text(json, "pace", gs_words_pace(scenario));
  take_text(json, "recovery", gs_words_recovery(scenario, false));
  take_text(json, "recovery_why", gs_words_recovery_why(scenario, false));
  take_text(json, "until",
            scenario->until_ns == GS_TIME_NEVER ? NULL : gs_duration_format(scenario->until_ns));
}

static void write_messages(GsJsonWriter *json, const GsMessageCounts *counts) {
  gs_json_write_key(json, "messages");
  gs_json_begin_object(json);
  write_count(json, "total", gs_message_counts_total(counts));
  for (int env = 0; env < GS_ENVELOPE_TYPES; env++)
    write_count(json, gs_envelope_type_name((GsEnvelopeType)env),
                gs_message_counts_by_envelope(counts, (GsEnvelopeType)env));
  for (int type = 0; type < GS_MESSAGE_TYPES; type++)
    write_count(json, gs_message_type_name((GsMessageType)type),
                gs_message_counts_by_type(counts, (GsMessageType)type));
  gs_json_end_object(json);
}

/** How wrong nodes were, and what they did about it. */
static void write_wrong(GsJsonWriter *json, const GsResults *results) {
  const GsWorstError *worst = &results->errors.worst;
  gs_json_member_double(json, "in_sync_share", gs_results_in_sync_share(results));
  gs_json_member_double(json, "mean_error", gs_results_mean_error(results));
  write_count(json, "worst_error", worst->error);
  if (worst->error) {
    gs_json_member_string(json, "worst_error_node", results->nodes[worst->node].name);
    write_seconds(json, "worst_error_at_s", worst->at_ns);
  }
  gs_words_write_longest_wrong(json, results);
  write_count(json, "down", results->down);
  write_count(json, "told_lost", results->told_lost);
  write_count(json, "recovery_messages", gs_message_counts_total(&results->recovery_messages));
  write_count(json, "suspected", results->suspected);
  write_count(json, "suspected_rightly", results->suspected_rightly);
  write_count(json, "suspected_wrongly", results->suspected_wrongly);
  write_count(json, "trusted_again", results->trusted_again);
  write_count(json, "waves_limited", results->waves_limited);
}

static void write_outcome(GsJsonWriter *json, const GsResults *results) {
  write_count(json, "node_count", results->node_count);
  write_count(json, "link_count", results->link_count);
  write_count(json, "islands", results->island_count);
  gs_json_member_bool(json, "interrupted", results->stopped);
  gs_json_member_bool(json, "quiescent", results->quiescent);
  gs_json_member_bool(json, "converged", results->converged);
  write_seconds(json, "converged_at_s", results->converged_at_ns);
  write_seconds(json, "quiescent_at_s", results->quiescent_at_ns);
  write_seconds(json, "now_s", results->now_ns);
  write_count(json, "out_of_sync", results->out_of_sync);
  write_count(json, "open_waves", results->open_waves);
  write_count(json, "delivered", results->delivered);
  write_count(json, "superseded", results->superseded);
  gs_words_write_network_faults(json, results);
  write_wrong(json, results);
  write_count(json, "largest_mailbox", results->largest_mailbox);
  write_count(json, "wire_bytes", results->wire_bytes);
  gs_words_write_hops(json, results->hops);
  gs_json_write_key(json, "dropped");
  gs_json_begin_object(json);
  for (int reason = 0; reason < GS_DROP_REASONS; reason++)
    write_count(json, gs_drop_reason_name((GsDropReason)reason), results->drops[reason]);
  gs_json_end_object(json);
  write_messages(json, &results->messages);
  gs_json_member_string(json, "digest", results->digest);
}

static void write_expectations(GsJsonWriter *json, const GsResults *results,
                               const GPtrArray *unmet) {
  write_count(json, "expectations", gs_words_expectations(results->scenario));
  begin_list(json, "unmet");
  for (guint i = 0; i < unmet->len; i++)
    gs_json_write_string(json, unmet->pdata[i]);
  gs_json_end_array(json);
}

/** Of a fault, or of its end: how wrong nodes were until they were in sync again. */
static void write_fault(GsJsonWriter *json, const GsScenario *scenario,
                        const GsDisturbance *disturbance) {
  if (!scenario->has_faults)
    return;
  GsScheduleKind kind = disturbance->entry == UINT32_MAX
                            ? GS_DO_ADD_SIBLING
                            : scenario->schedule[disturbance->entry].kind;
  if (gs_schedule_kind_is_fault(kind))
    gs_json_member_string(
        json, "fault", gs_schedule_kind_goes_wrong(kind) && !disturbance->ends ? "begins" : "ends");
  write_count(json, "wrong_nodes", disturbance->wrong_nodes);
  write_count(json, "wrong_by", disturbance->wrong_by);
}

static void write_disturbances(GsJsonWriter *json, const GsResults *results) {
  uint32_t listed = MIN(results->disturbance_count, GS_RUN_HTML_DISTURBANCES_MAX);
  begin_list(json, "disturbances");
  for (uint32_t i = 0; i < listed; i++) {
    const GsDisturbance *disturbance = &results->disturbances[i];
    gs_json_begin_object(json);
    write_seconds(json, "at_s", disturbance->at_ns);
    gs_json_member_string(json, "what", disturbance->what);
    write_fault(json, results->scenario, disturbance);
    write_count(json, "messages", gs_message_counts_total(&disturbance->messages));
    write_seconds(json, "converged_after_s", disturbance->converged_after_ns);
    write_count(json, "wire_bytes", disturbance->wire_bytes);
    gs_words_write_hops(json, disturbance->hops);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
  write_count(json, "disturbances_left_out",
              results->disturbance_count - listed + results->disturbances_left_out);
}

static void write_nodes(GsJsonWriter *json, const GsResults *results, GsRunRecord *record) {
  begin_list(json, "nodes");
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    int64_t truth_ns, since_ns = gs_run_record_since_ns(record, i, &truth_ns);
    gs_json_begin_object(json);
    gs_json_member_string(json, "name", node->name);
    gs_json_member_int(json, "id", node->id);
    gs_json_member_int(json, "production", node->production);
    gs_json_member_int(json, "consumption", node->consumption);
    gs_json_member_int(json, "gridnet", node->gridnet);
    gs_json_write_key(json, "true_net");
    if (node->is_down)
      gs_json_write_null(json);
    else
      gs_json_write_int(json, node->true_net);
    if (node->island != UINT32_MAX) /* else it is down */
      write_count(json, "island", node->island);
    write_count(json, "siblings", node->sibling_count);
    write_seconds(json, "since_s", since_ns);
    write_seconds(json, "took_s", since_ns < 0 ? -1 : since_ns - truth_ns);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_links(GsJsonWriter *json, const GsResults *results) {
  begin_list(json, "links");
  for (uint32_t i = 0; i < results->node_count; i++) {
    for (uint32_t s = 0; s < results->nodes[i].sibling_count; s++) {
      uint32_t other = results->nodes[i].siblings[s];
      if (other <= i)
        continue;
      gs_json_begin_array(json);
      gs_json_write_int(json, i);
      gs_json_write_int(json, other);
      gs_json_end_array(json);
    }
  }
  gs_json_end_array(json);
}

/** What of the grid did not work at its end: nodes that were down, and links that did not carry
 * messages in both directions, by their places in "links". */
static void write_broken(GsJsonWriter *json, const GsResults *results) {
  if (!results->scenario->has_faults)
    return;
  g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(results->scenario);
  begin_list(json, "down_nodes");
  for (uint32_t i = 0; i < results->node_count; i++)
    if (results->nodes[i].is_down)
      gs_json_write_int(json, i);
  gs_json_end_array(json);
  begin_list(json, "broken_links");
  int64_t link = 0;
  for (uint32_t i = 0; i < results->node_count; i++) {
    for (uint32_t s = 0; s < results->nodes[i].sibling_count; s++) {
      uint32_t other = results->nodes[i].siblings[s];
      if (other <= i)
        continue;
      if (!gs_fault_plan_works(plan, i, other, results->end_ns))
        gs_json_write_int(json, link);
      link++;
    }
  }
  gs_json_end_array(json);
}

/** What the drawing tells of the nodes of a grid that are not listed. */
static void write_drawn(GsJsonWriter *json, const GsResults *results, GsRunRecord *record) {
  begin_list(json, "drawn_names");
  for (uint32_t i = 0; i < results->node_count; i++)
    gs_json_write_string(json, results->nodes[i].name);
  gs_json_end_array(json);
  begin_list(json, "drawn_took_s");
  for (uint32_t i = 0; i < results->node_count; i++) {
    int64_t truth_ns, since_ns = gs_run_record_since_ns(record, i, &truth_ns);
    gs_run_document_seconds(json, since_ns < 0 ? -1 : since_ns - truth_ns);
  }
  gs_json_end_array(json);
}

/** Links are those at the end; places are by those that there will ever be. */
static bool write_grid(GsJsonWriter *json, const GsResults *results, GError **error) {
  g_autoptr(GsGraph) graph = gs_scenario_graph(results->scenario);
  g_autofree GsPoint *points = g_new(GsPoint, graph->nodes);
  if (!gs_graph_layout(graph, results->scenario->topology_kind, results->scenario->topology_columns,
                       points, error))
    return false;
  begin_list(json, "places");
  for (uint32_t i = 0; i < graph->nodes; i++) {
    gs_json_begin_array(json);
    gs_json_write_double(json, (double)(int64_t)(points[i].x * 1e4 + 0.5) / 1e4);
    gs_json_write_double(json, (double)(int64_t)(points[i].y * 1e4 + 0.5) / 1e4);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
  take_text(json, "places_are", gs_places_describe(results->scenario->places));
  write_links(json, results);
  write_broken(json, results);
  return true;
}

bool gs_report_run_document(const GsResults *results, const GPtrArray *unmet, GsRunRecord *record,
                            const char *command, GsReportAgain again, GString *out,
                            GError **error) {
  GsJsonWriter *json = gs_json_writer_new(out, 0);
  bool placed = true;
  gs_json_begin_object(json);
  gs_version_write(json);
  gs_json_member_string(json, "command", command);
  write_scenario(json, results->scenario);
  write_outcome(json, results);
  write_expectations(json, results, unmet);
  gs_warnings_write(json, results->scenario->warnings);
  write_disturbances(json, results);
  gs_last_write(results, json);
  bool listed = results->node_count <= GS_RUN_HTML_NODES_MAX;
  if (listed)
    write_nodes(json, results, record);
  write_count(json, "drawn_nodes_most", GS_RUN_HTML_DRAWN_MAX);
  write_count(json, "drawn_links_most", GS_RUN_HTML_LINKS_MAX);
  if (results->node_count <= GS_RUN_HTML_DRAWN_MAX &&
      results->link_count <= GS_RUN_HTML_LINKS_MAX) {
    if (!listed)
      write_drawn(json, results, record);
    placed = write_grid(json, results, error);
  }
  g_autoptr(GsFaultList) faults =
      gs_fault_list_new(results->scenario, GS_RUN_HTML_FAULTS_MAX, GS_RUN_HTML_FAULT_LEVELS_MAX);
  gs_run_document_faults(json, results, faults);
  gs_run_document_series(json, record, faults);
  again(results, json);
  gs_json_end_object(json);
  gs_json_writer_free(json);
  return placed;
}

bool gs_report_run_html(const GsResults *results, const GPtrArray *unmet, GsRunRecord *record,
                        const char *command, GsReportAgain again, GString *out, GError **error) {
  g_autoptr(GString) document = g_string_new(NULL);
  if (!gs_report_run_document(results, unmet, record, command, again, document, error))
    return false;
  gs_html_page(out, results->scenario->name, "run", document->str);
  return true;
}

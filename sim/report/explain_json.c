/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/explain.h"
#include "sim/report/words.h"

static void write_count(GsJsonWriter *json, const char *key, uint64_t count) {
  gs_json_write_key(json, key);
  gs_json_write_int(json, (int64_t)MIN(count, (uint64_t)INT64_MAX));
}

static void write_text(GsJsonWriter *json, const char *key, const char *text) {
  gs_json_write_key(json, key);
  gs_json_write_string(json, text);
}

static void write_seconds(GsJsonWriter *json, const char *key, int64_t ns) {
  gs_json_write_key(json, key);
  if (ns == GS_TIME_NEVER)
    gs_json_write_null(json);
  else
    gs_json_write_double(json, (double)ns / (double)GS_SECOND_NS);
}

static void write_forecast(const GsExplanation *explanation, GsJsonWriter *json) {
  static const char *const trust[] = {[GS_FORECAST_EXACT] = "exact",
                                      [GS_FORECAST_AT_REST] = "if at rest before each link",
                                      [GS_FORECAST_LOSSLESS] = "if none is lost or doubled",
                                      [GS_FORECAST_AT_MOST] = "at most",
                                      [GS_FORECAST_WITHOUT_FAULTS] = "without faults"};
  gs_json_write_key(json, "forecast");
  gs_json_begin_object(json);
  gs_json_write_key(json, "messages");
  /* What is too large to count is no number. */
  if (explanation->messages == UINT64_MAX)
    gs_json_write_null(json);
  else
    gs_json_write_int(json, (int64_t)explanation->messages);
  gs_json_write_key(json, "memory_bytes");
  if (explanation->memory.bytes > INT64_MAX)
    gs_json_write_null(json);
  else
    gs_json_write_int(json, (int64_t)explanation->memory.bytes);
  write_text(json, "trust",
             explanation->more_occurrences && explanation->trust < GS_FORECAST_LOSSLESS
                 ? "at least"
                 : trust[explanation->trust]);
  gs_json_end_object(json);
}

static void write_schedule(const GsExplanation *explanation, GsJsonWriter *json) {
  write_count(json, "occurrences", explanation->occurrences);
  gs_json_write_key(json, "first");
  gs_json_begin_array(json);
  for (guint i = 0; i < explanation->first->len; i++) {
    const GsForecastRow *row = &g_array_index(explanation->first, GsForecastRow, i);
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    write_seconds(json, "at_s", row->at_ns);
    write_text(json, "what", row->what);
    write_count(json, "messages", row->messages);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

void gs_explanation_write(const GsExplanation *explanation, GsJsonWriter *json) {
  const GsScenario *scenario = explanation->scenario;
  write_text(json, "name", scenario->name);
  write_text(json, "about", scenario->about);
  write_text(json, "set", scenario->set);
  write_count(json, "seed", scenario->seed);
  write_count(json, "nodes", scenario->node_count);
  write_count(json, "links", explanation->links);
  write_count(json, "islands", explanation->islands);
  write_count(json, "links_at_start", explanation->links_at_start);
  write_count(json, "islands_at_start", explanation->islands_at_start);
  gs_json_write_key(json, "degree");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  write_count(json, "min", explanation->degree_min);
  gs_json_write_key(json, "mean");
  gs_json_write_double(json, 2 * (double)explanation->links / scenario->node_count);
  write_count(json, "max", explanation->degree_max);
  gs_json_end_object(json);
  g_autofree char *topology = gs_words_topology(scenario);
  g_autofree char *network = gs_words_network(scenario);
  g_autofree char *pace = gs_words_pace(scenario);
  write_text(json, "topology", topology);
  write_text(json, "network", network);
  write_text(json, "pace", pace);
  write_text(json, "protocol", gs_words_protocol_name(scenario->protocol));
  write_text(json, "sync", gs_words_sync_name(scenario->sync));
  g_autofree char *recovery = gs_words_recovery(scenario, false);
  write_text(json, "recovery", recovery);
  write_text(json, "recovery_reason", gs_words_recovery_reason(scenario, false));
  write_text(json, "start", scenario->cold ? "cold" : "settled");
  write_text(json, "unit", scenario->unit);
  gs_json_write_key(json, "production");
  gs_json_write_int(json, explanation->production);
  gs_json_write_key(json, "consumption");
  gs_json_write_int(json, explanation->consumption);
  write_seconds(json, "until_s", scenario->until_ns);
  write_schedule(explanation, json);
  write_forecast(explanation, json);
  write_count(json, "expectations", gs_words_expectations(scenario));
}

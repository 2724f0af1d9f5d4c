/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/run_document.h"

static void begin_list(GsJsonWriter *json, const char *key) {
  gs_json_write_key(json, key);
  gs_json_begin_array(json);
}

static void write_moment(GsJsonWriter *json, const char *key, int64_t ns) {
  gs_json_write_key(json, key);
  gs_run_document_seconds(json, ns == GS_TIME_NEVER ? -1 : ns);
}

/** Whether a disturbance is that something goes wrong; those come in the order of the list. */
static bool goes_wrong(const GsResults *results, uint32_t disturbance) {
  const GsDisturbance *one = &results->disturbances[disturbance];
  return one->entry != UINT32_MAX && !one->ends &&
         gs_schedule_kind_goes_wrong(results->scenario->schedule[one->entry].kind);
}

static void write_fault(GsJsonWriter *json, const GsListedFault *fault, int64_t disturbance) {
  gs_json_begin_object(json);
  gs_json_member_string(json, "sort", gs_fault_sort_name(fault->sort));
  write_moment(json, "at_s", fault->begin_ns);
  write_moment(json, "until_s", fault->end_ns);
  gs_json_member_string(json, "what", fault->what);
  gs_json_member_string(json, "place", fault->place);
  gs_json_write_key(json, "disturbance");
  if (disturbance < 0)
    gs_json_write_null(json);
  else
    gs_json_write_int(json, disturbance);
  gs_json_end_object(json);
}

static void write_listed(GsJsonWriter *json, const GsResults *results, const GsFaultList *faults) {
  uint32_t next = 0;
  begin_list(json, "listed");
  for (guint i = 0; i < faults->listed->len; i++) {
    while (next < results->disturbance_count && !goes_wrong(results, next))
      next++;
    bool told = next < results->disturbance_count;
    write_fault(json, &g_array_index(faults->listed, GsListedFault, i), told ? (int64_t)next : -1);
    next += told;
  }
  gs_json_end_array(json);
}

static void write_levels(GsJsonWriter *json, const GsFaultList *faults) {
  gs_json_write_key(json, "level_s");
  gs_run_document_seconds(json, faults->level_ns ? faults->level_ns : -1);
  begin_list(json, "levels");
  for (guint i = 0; i < faults->levels->len; i++) {
    const GsFaultLevel *level = &g_array_index(faults->levels, GsFaultLevel, i);
    gs_json_begin_array(json);
    gs_run_document_seconds(json, level->at_ns);
    for (int sort = 0; sort < GS_FAULT_SORTS; sort++)
      gs_json_write_int(json, level->count[sort]);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
}

void gs_run_document_faults(GsJsonWriter *json, const GsResults *results,
                            const GsFaultList *faults) {
  gs_json_write_key(json, "faults");
  if (!faults) {
    gs_json_write_null(json);
    return;
  }
  gs_json_begin_object(json);
  gs_json_member_int(json, "count", faults->count);
  begin_list(json, "sorts");
  for (int sort = 0; sort < GS_FAULT_SORTS; sort++)
    gs_json_write_string(json, gs_fault_sort_name((GsFaultSort)sort));
  gs_json_end_array(json);
  write_listed(json, results, faults);
  write_levels(json, faults);
  gs_json_end_object(json);
}

void gs_run_document_fault_stretches(GsJsonWriter *json, const GsFaultList *faults,
                                     const uint32_t *number, const bool *shown) {
  int64_t left_out = 0;
  guint written = 0;
  begin_list(json, "stretches");
  for (guint i = 0; faults && i < faults->of_nodes->len; i++) {
    const GsFaultStretch *stretch = &g_array_index(faults->of_nodes, GsFaultStretch, i);
    if (!shown[stretch->node])
      continue;
    if (written == GS_RUN_HTML_FAULT_STRETCHES_MAX) {
      left_out++;
      continue;
    }
    written++;
    gs_json_begin_array(json);
    gs_json_write_int(json, number[stretch->node]);
    gs_json_write_string(json, gs_fault_sort_name(gs_fault_sort_of(stretch->entry->kind)));
    gs_run_document_seconds(json, stretch->begin_ns);
    gs_run_document_seconds(json, stretch->end_ns == GS_TIME_NEVER ? -1 : stretch->end_ns);
    gs_json_write_int(json, stretch->fault);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
  gs_json_member_int(json, "stretches_left_out", left_out);
}

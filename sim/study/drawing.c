/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/drawing.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario_graph.h"

/** Sizes that are drawn: the largest up to the first, else the smallest up to the second. */
#define NODES_WANTED 64.0
#define NODES_MOST 512.0
#define DRAWINGS_MAX 24u

static void free_drawing(gpointer data) {
  GsDrawing *drawing = data;
  g_free(drawing->label);
  g_free(drawing->points);
  g_free(drawing->edges);
  g_free(drawing->since_s);
  g_free(drawing->disturbed);
  g_free(drawing);
}

static bool lay_out(GsDrawing *drawing, const GsScenario *scenario, GError **error) {
  g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
  drawing->nodes = graph->nodes;
  drawing->links = graph->links;
  drawing->points = g_new(GsPoint, MAX(graph->nodes, 1));
  drawing->edges = g_memdup2(graph->edges, graph->links * sizeof *graph->edges);
  return gs_graph_layout(graph, scenario->topology_kind, scenario->topology_columns,
                         drawing->points, error);
}

static void take_results(GsDrawing *drawing, const GsScenario *scenario, const GsResults *results) {
  int64_t from = results->disturbance_count > 0 ? results->disturbances[0].at_ns : 0;
  drawing->since_s = g_new(double, MAX(results->node_count, 1));
  for (uint32_t i = 0; i < results->node_count; i++) {
    int64_t since = results->nodes[i].in_sync_since_ns;
    drawing->since_s[i] =
        since < 0 ? (double)NAN : (double)MAX(since - from, 0) / (double)GS_SECOND_NS;
  }
  if (scenario->schedule_count == 0 || scenario->schedule[0].all || !scenario->schedule[0].nodes)
    return;
  const GsScheduleEntry *first = &scenario->schedule[0];
  drawing->disturbed_count = first->node_count;
  drawing->disturbed = g_memdup2(first->nodes, first->node_count * sizeof *first->nodes);
}

static GsDrawing *draw(const GsFindings *findings, uint32_t cell, GError **error) {
  g_autoptr(GsScenario) scenario = gs_sweep_scenario(findings->sweep, cell, 0, error);
  if (!scenario)
    return NULL;
  GsDrawing *drawing = g_new0(GsDrawing, 1);
  drawing->cell = cell;
  drawing->label = gs_sweep_label(findings->sweep, cell, GS_NO_AXIS);
  GsRunOptions options = {.runner = GS_RUNNER_POOL};
  g_autoptr(GsResults) results = gs_run(scenario, &options, error);
  if (!results || !lay_out(drawing, scenario, error)) {
    free_drawing(drawing);
    return NULL;
  }
  take_results(drawing, scenario, results);
  return drawing;
}

/** The size to draw; NaN when all are too large. */
static double size_to_draw(const GsFindings *findings) {
  double wanted = (double)NAN, least = (double)NAN;
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    double nodes = outcome->facts[GS_FACT_NODES];
    if (outcome->runs == outcome->failed)
      continue;
    if (nodes <= NODES_WANTED && !(nodes <= wanted))
      wanted = nodes;
    if (nodes <= NODES_MOST && !(nodes >= least))
      least = nodes;
  }
  return isnan(wanted) ? least : wanted;
}

/** Whether a drawing of the same family, scenario and size is there already. */
static bool is_drawn(const GPtrArray *drawings, const GsFindings *findings, uint32_t cell) {
  const GsSweep *sweep = findings->sweep;
  for (guint i = 0; i < drawings->len; i++) {
    const GsDrawing *drawing = drawings->pdata[i];
    bool same = true;
    for (guint a = 0; a < sweep->axes->len; a++) {
      const GsAxis *axis = sweep->axes->pdata[a];
      bool seen = axis->kind != GS_AXIS_PATH && axis->kind != GS_AXIS_SEED;
      same &=
          !seen || g_array_index(sweep->cells, uint32_t, cell * sweep->axes->len + a) ==
                       g_array_index(sweep->cells, uint32_t, drawing->cell * sweep->axes->len + a);
    }
    if (same)
      return true;
  }
  return false;
}

GPtrArray *gs_study_drawings(const GsFindings *findings, GError **error) {
  g_autoptr(GPtrArray) drawings = g_ptr_array_new_with_free_func(free_drawing);
  double size = size_to_draw(findings);
  for (guint i = 0; i < findings->outcomes->len && drawings->len < DRAWINGS_MAX; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    if (outcome->runs == outcome->failed || !(outcome->facts[GS_FACT_NODES] <= size) ||
        !(outcome->facts[GS_FACT_NODES] >= size) || is_drawn(drawings, findings, outcome->cell))
      continue;
    g_autoptr(GError) problem = NULL;
    GsDrawing *drawing = draw(findings, outcome->cell, &problem);
    if (drawing) {
      g_ptr_array_add(drawings, drawing);
    } else if (problem && problem->code == GS_ERROR_SYSTEM) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return NULL;
    }
  }
  return g_steal_pointer(&drawings);
}

/** Positions to a ten-thousandth of the picture. */
static void write_points(const GsDrawing *drawing, GsJsonWriter *json) {
  gs_json_write_key(json, "nodes");
  gs_json_compact_next(json);
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < drawing->nodes; i++) {
    gs_json_begin_array(json);
    gs_json_write_double(json, round(drawing->points[i].x * 1e4) / 1e4);
    gs_json_write_double(json, round(drawing->points[i].y * 1e4) / 1e4);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
  gs_json_write_key(json, "links");
  gs_json_compact_next(json);
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < drawing->links; i++) {
    gs_json_begin_array(json);
    gs_json_write_int(json, drawing->edges[i].a);
    gs_json_write_int(json, drawing->edges[i].b);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
}

void gs_drawing_write(const GsDrawing *drawing, const GsSweep *sweep, GsJsonWriter *json) {
  gs_json_begin_object(json);
  gs_json_member_string(json, "label", drawing->label);
  gs_json_write_key(json, "group");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxisValue *value = gs_sweep_value(sweep, drawing->cell, a);
    gs_json_write_key(json, ((GsAxis *)sweep->axes->pdata[a])->path);
    if (value->is_number)
      gs_json_write_double(json, value->number);
    else
      gs_json_write_string(json, value->text);
  }
  gs_json_end_object(json);
  write_points(drawing, json);
  gs_json_write_key(json, "in_sync_since");
  gs_json_compact_next(json);
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < drawing->nodes; i++)
    gs_json_write_double(json, drawing->since_s[i]);
  gs_json_end_array(json);
  gs_json_write_key(json, "disturbed");
  gs_json_compact_next(json);
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < drawing->disturbed_count; i++)
    gs_json_write_int(json, drawing->disturbed[i]);
  gs_json_end_array(json);
  gs_json_end_object(json);
}

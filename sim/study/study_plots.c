/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

#include "core/error.h"
#include "sim/report/gnuplot.h"
#include "sim/study/study_plots.h"

/** More lines than that nobody tells apart. */
#define SERIES_MAX 24u

static void series_clear(gpointer data) {
  GsPlotSeries *series = data;
  g_free((char *)(guintptr)series->name);
  g_free((GsPlotPoint *)(guintptr)series->points);
}

static GArray *series_new(void) {
  GArray *series = g_array_new(FALSE, FALSE, sizeof(GsPlotSeries));
  g_array_set_clear_func(series, series_clear);
  return series;
}

/** Takes both. */
static void add_series(GArray *all, char *name, GArray *points) {
  GsPlotSeries series = {.name = name, .n_points = points->len};
  series.points = (GsPlotPoint *)(void *)g_array_free(points, FALSE);
  g_array_append_val(all, series);
}

static guint nodes_axis(const GsSweep *sweep) {
  guint axis = 0;
  while (axis < sweep->axes->len && ((GsAxis *)sweep->axes->pdata[axis])->kind != GS_AXIS_NODES)
    axis++;
  return axis;
}

static GsPlotPoint point_of(const GsOutcome *outcome, double nodes, GsMetric metric) {
  double unknown = (double)NAN;
  GsPlotPoint point = {nodes, unknown, unknown, unknown, unknown, unknown};
  if (outcome->counted[metric] == 0)
    return point;
  point.y = outcome->metrics[metric].mean;
  point.low = outcome->metrics[metric].ci_low;
  point.high = outcome->metrics[metric].ci_high;
  if (metric == GS_METRIC_MESSAGES) {
    point.theory_low = point.theory_high = outcome->messages;
  } else {
    point.theory_low = outcome->low_s;
    point.theory_high = outcome->high_s;
  }
  return point;
}

/** A line for all cells that differ by the number of nodes only. */
static GArray *over_nodes(const GsFindings *findings, GsMetric metric) {
  const GsSweep *sweep = findings->sweep;
  guint nodes = nodes_axis(sweep);
  GArray *all = series_new();
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (uint32_t first = 0; first < sweep->cell_count && all->len < SERIES_MAX; first++) {
    char *name = gs_sweep_label(sweep, first, nodes);
    if (!g_hash_table_add(known, g_strdup(name))) {
      g_free(name);
      continue;
    }
    GArray *points = g_array_new(FALSE, FALSE, sizeof(GsPlotPoint));
    for (uint32_t cell = first; cell < sweep->cell_count; cell++) {
      g_autofree char *other = gs_sweep_label(sweep, cell, nodes);
      if (!g_str_equal(other, name))
        continue;
      GsPlotPoint point = point_of(findings->outcomes->pdata[cell],
                                   gs_sweep_value(sweep, cell, nodes)->number, metric);
      g_array_append_val(points, point);
    }
    add_series(all, name, points);
  }
  return all;
}

/** The courses of the cells of the group that comes last in the tables. */
static GArray *courses(const GsFindings *findings) {
  GArray *all = series_new();
  uint32_t last = g_array_index(findings->order, uint32_t, findings->order->len - 1);
  uint32_t group = g_array_index(findings->groups, uint32_t, last);
  for (uint32_t cell = 0; cell < findings->sweep->cell_count && all->len < SERIES_MAX; cell++) {
    const GsOutcome *outcome = findings->outcomes->pdata[cell];
    if (g_array_index(findings->groups, uint32_t, cell) != group ||
        outcome->runs == outcome->failed)
      continue;
    GArray *points = g_array_new(FALSE, FALSE, sizeof(GsPlotPoint));
    double unknown = (double)NAN;
    for (uint32_t i = 0; i < GS_COURSE_POINTS; i++) {
      GsPlotPoint point = {
          outcome->course_t_s[i], outcome->course_share[i], unknown, unknown, unknown, unknown};
      g_array_append_val(points, point);
    }
    add_series(all, g_strdup(outcome->label), points);
  }
  return all;
}

bool gs_study_plots(const GsFindings *findings, const char *directory, char **left_out,
                    GError **error) {
  g_autofree char *folder = g_build_filename(directory, "plots", NULL);
  if (g_mkdir_with_parents(folder, 0777) != 0) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be made: %s", folder,
                g_strerror(errno));
    return false;
  }
  bool sized = nodes_axis(findings->sweep) < findings->sweep->axes->len;
  g_autoptr(GArray) times = sized ? over_nodes(findings, GS_METRIC_CONVERGENCE) : series_new();
  g_autoptr(GArray) messages = sized ? over_nodes(findings, GS_METRIC_MESSAGES) : series_new();
  g_autoptr(GArray) shares = courses(findings);
  const GsPlot plots[] = {
      {"convergence", "Convergence time", "nodes", "convergence time (s)", true, true,
       (const GsPlotSeries *)(void *)times->data, times->len},
      {"messages", "Messages", "nodes", "messages", true, true,
       (const GsPlotSeries *)(void *)messages->data, messages->len},
      {"in-sync", "Nodes in sync", "time after the disturbance (s)", "share of nodes in sync",
       false, false, (const GsPlotSeries *)(void *)shares->data, shares->len},
  };
  g_autoptr(GError) problem = NULL;
  if (gs_plots_write(folder, plots, G_N_ELEMENTS(plots), &problem))
    return true;
  if (problem->domain != GS_GNUPLOT_ERROR) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s", problem->message);
    return false;
  }
  *left_out = g_strdup(problem->message);
  return true;
}

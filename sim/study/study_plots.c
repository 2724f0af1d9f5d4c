/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

#include "core/error.h"
#include "sim/base/plain_file.h"
#include "sim/report/gnuplot.h"
#include "sim/study/study_plots.h"

/** Twenty pictures of twelve lines; what is more is said. */
#define SERIES_MAX 240u

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

/** The axis to draw along: nodes, else the one with most values that are all numbers. */
static guint along_axis(const GsSweep *sweep) {
  guint best = sweep->axes->len;
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    bool numbers = axis->values->len > 1 && axis->kind != GS_AXIS_SEED;
    for (guint i = 0; i < axis->values->len; i++)
      numbers &= ((GsAxisValue *)axis->values->pdata[i])->is_number;
    if (numbers && axis->kind == GS_AXIS_NODES)
      return a;
    if (numbers && (best == sweep->axes->len ||
                    axis->values->len > ((GsAxis *)sweep->axes->pdata[best])->values->len))
      best = a;
  }
  return best;
}

/** Where the values go over more than a factor of four. */
static bool is_wide(const GsAxis *axis) {
  double least = INFINITY, most = -INFINITY;
  for (guint i = 0; i < axis->values->len; i++) {
    least = MIN(least, ((GsAxisValue *)axis->values->pdata[i])->number);
    most = MAX(most, ((GsAxisValue *)axis->values->pdata[i])->number);
  }
  return least > 0 && most / least >= 4;
}

/** Whether all means can be on a logarithmic axis. */
static bool all_above_zero(const GArray *series) {
  for (guint i = 0; i < series->len; i++) {
    const GsPlotSeries *one = &g_array_index(series, GsPlotSeries, i);
    for (uint32_t k = 0; k < one->n_points; k++)
      if (one->points[k].y <= 0)
        return false;
  }
  return true;
}

static GsPlotPoint point_of(const GsOutcome *outcome, double at, GsMetric metric) {
  double unknown = (double)NAN;
  GsPlotPoint point = {at, unknown, unknown, unknown, unknown, unknown};
  if (outcome->counted[metric] == 0)
    return point;
  point.y = outcome->metrics[metric].mean;
  point.low = outcome->metrics[metric].ci_low;
  point.high = outcome->metrics[metric].ci_high;
  if (metric == GS_METRIC_MESSAGES) {
    point.theory_low = point.theory_high = outcome->messages;
  } else if (metric == GS_METRIC_CONVERGENCE) {
    point.theory_low = outcome->low_s;
    point.theory_high = outcome->high_s;
  }
  return point;
}

static int compare_points(const void *a, const void *b) {
  double x = ((const GsPlotPoint *)a)->x, y = ((const GsPlotPoint *)b)->x;
  return (x > y) - (x < y);
}

/** A line for all cells that differ on one axis only. */
static GArray *over_axis(const GsFindings *findings, guint along, GsMetric metric) {
  const GsSweep *sweep = findings->sweep;
  GArray *all = series_new();
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (uint32_t first = 0; first < sweep->cell_count && all->len < SERIES_MAX; first++) {
    char *name = gs_sweep_label(sweep, first, along);
    if (!g_hash_table_add(known, g_strdup(name))) {
      g_free(name);
      continue;
    }
    GArray *points = g_array_new(FALSE, FALSE, sizeof(GsPlotPoint));
    for (uint32_t cell = first; cell < sweep->cell_count; cell++) {
      g_autofree char *other = gs_sweep_label(sweep, cell, along);
      if (!g_str_equal(other, name))
        continue;
      GsPlotPoint point = point_of(findings->outcomes->pdata[cell],
                                   gs_sweep_value(sweep, cell, along)->number, metric);
      g_array_append_val(points, point);
    }
    g_array_sort(points, compare_points);
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
        outcome->runs == outcome->failed ||
        !(outcome->course_t_s[GS_COURSE_POINTS - 1] > 0)) /* never out of sync, or never in it */
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

/** In words what has no plot; NULL: nothing. */
static char *what_is_left_out(const GsSweep *sweep, guint along, guint series) {
  if (along == sweep->axes->len)
    return g_strdup("of convergence and messages: no axis has several numbers to draw them along");
  uint32_t lines = sweep->cell_count / ((GsAxis *)sweep->axes->pdata[along])->values->len;
  if (series < SERIES_MAX || lines <= SERIES_MAX)
    return NULL;
  return g_strdup_printf("of more than the first %u of %u lines", SERIES_MAX, lines);
}

bool gs_study_plots(const GsFindings *findings, const char *directory, char **left_out,
                    GError **error) {
  g_autofree char *folder = g_build_filename(directory, "plots", NULL);
  if (!gs_plain_folder(folder, error))
    return false;
  const GsSweep *sweep = findings->sweep;
  guint along = along_axis(sweep);
  const GsAxis *axis = along < sweep->axes->len ? sweep->axes->pdata[along] : NULL;
  const char *by = axis ? axis->path : "";
  bool wide = axis && is_wide(axis);
  g_autoptr(GArray) times = axis ? over_axis(findings, along, GS_METRIC_CONVERGENCE) : series_new();
  g_autoptr(GArray) messages = axis ? over_axis(findings, along, GS_METRIC_MESSAGES) : series_new();
  bool fails = axis && gs_findings_has_failures(findings);
  g_autoptr(GArray) correct =
      fails ? over_axis(findings, along, GS_METRIC_IN_SYNC_SHARE) : series_new();
  g_autoptr(GArray) errors =
      fails ? over_axis(findings, along, GS_METRIC_MEAN_ERROR) : series_new();
  g_autoptr(GArray) lost = fails ? over_axis(findings, along, GS_METRIC_LOST) : series_new();
  g_autoptr(GArray) shares = courses(findings);
  /* Courses are of one setting only: which is in the title. */
  uint32_t last = g_array_index(findings->order, uint32_t, findings->order->len - 1);
  g_autofree char *setting = gs_findings_label(findings, last, true);
  g_autofree char *shares_title =
      g_strdup_printf("Nodes in sync%s%s", *setting ? ", " : "", setting);
  const GsPlot plots[] = {
      {"convergence", "Convergence time", by, "convergence time (s)", wide, all_above_zero(times),
       false, (const GsPlotSeries *)(void *)times->data, times->len},
      {"messages", "Messages", by, "messages", wide, all_above_zero(messages), false,
       (const GsPlotSeries *)(void *)messages->data, messages->len},
      {"in-sync", shares_title, "time after the disturbance (s)", "share of nodes in sync", false,
       false, true, (const GsPlotSeries *)(void *)shares->data, shares->len},
      {"correct", "Share of node-time in sync", by, "share of node-time in sync", wide, false,
       false, (const GsPlotSeries *)(void *)correct->data, correct->len},
      {"error", "Mean error", by, "mean difference from the true net", wide, false, false,
       (const GsPlotSeries *)(void *)errors->data, errors->len},
      {"lost", "Lost messages", by, "lost messages", wide, false, false,
       (const GsPlotSeries *)(void *)lost->data, lost->len},
  };
  *left_out = what_is_left_out(sweep, along, times->len);
  g_autoptr(GError) problem = NULL;
  if (gs_plots_write(folder, plots, G_N_ELEMENTS(plots), &problem))
    return true;
  if (problem->domain != GS_GNUPLOT_ERROR) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s", problem->message);
    return false;
  }
  g_free(*left_out);
  *left_out = g_strdup(problem->message);
  return true;
}

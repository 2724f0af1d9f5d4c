/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/json/json_writer.h"
#include "sim/base/csv_text.h"
#include "sim/study/looks.h"
#include "sim/study/quantity_text.h"
#include "sim/study/study_report.h"

static void add_comma(GString *out) {
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c(out, ',');
}

static void add_text(GString *out, const char *text) {
  add_comma(out);
  gs_csv_append(out, text);
}

static void add_foreign(GString *out, const char *text) {
  add_comma(out);
  gs_csv_append_foreign(out, text);
}

/** The shortest text of the digits that mean something; empty for NaN. */
static void add_figure(GString *out, double value, const char *unit) {
  char text[GS_JSON_DOUBLE_BYTES] = "";
  if (isfinite(value))
    gs_json_double_text(text, gs_quantity_digits(value, unit));
  add_text(out, text);
}

static void add_number(GString *out, double value) {
  add_figure(out, value, "");
}

static void add_count(GString *out, uint64_t count) {
  g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)count);
  add_text(out, text);
}

/** Columns of the tables that are called like something that can be varied, or might be. */
static bool is_column(const char *name) {
  static const char *const columns[] = {
      "runs", "failed", "converged", "best",   "problem", "repetition",
      "seed", "status", "in_table",  "metric", "points",  "exponent",
      "low",  "high",   "theory",    "limit",  "digest",  NULL};
  bool known = g_strv_contains(columns, name);
  for (int i = 0; i < GS_METRICS; i++)
    known |= g_str_equal(gs_metrics[i].key, name);
  return known || g_str_has_prefix(name, "graph.") || g_str_has_prefix(name, "theory.") ||
         g_str_has_prefix(name, "axis.");
}

/** The column of an axis; its name is in all tables the same, and no other column's. */
static void add_axis(GString *out, const GsAxis *axis) {
  g_autofree char *name =
      is_column(axis->path) ? g_strconcat("axis.", axis->path, NULL) : g_strdup(axis->path);
  add_foreign(out, name);
}

static void add_axes(GString *out, const GsSweep *sweep) {
  for (guint a = 0; a < sweep->axes->len; a++)
    add_axis(out, sweep->axes->pdata[a]);
}

static void add_values(GString *out, const GsSweep *sweep, uint32_t cell) {
  for (guint a = 0; a < sweep->axes->len; a++)
    add_foreign(out, gs_sweep_value(sweep, cell, a)->text);
}

static void add_pair(GString *out, const char *first, const char *second) {
  g_autofree char *both = g_strconcat(first, ".", second, NULL);
  add_text(out, both);
}

static const char *const parts[] = {"mean", "sd",     "ci_low", "ci_high", "min", "p5",
                                    "p25",  "median", "p75",    "p95",     "max"};

static const char *const theory_parts[] = {"messages",         "messages_equal", "convergence_low",
                                           "convergence_high", "hops_low",       "hops_high",
                                           "within",           "bounds"};

static void add_cells_heading(GString *out, const GsSweep *sweep) {
  add_axes(out, sweep);
  static const char *const columns[] = {
      "runs", "failed", "drawn", "looks", "converged", "without_convergence", "best", "problem"};
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    add_text(out, columns[i]);
  for (int metric = 0; metric < GS_METRICS; metric++)
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
      add_pair(out, gs_metrics[metric].key, parts[i]);
  for (guint i = 0; i < G_N_ELEMENTS(theory_parts); i++)
    add_pair(out, "theory", theory_parts[i]);
  for (int fact = 0; fact < GS_FACTS; fact++)
    add_pair(out, "graph", gs_facts[fact].key);
  g_string_append_c(out, '\n');
}

static void add_summary(GString *out, const GsSummary *summary, const char *unit) {
  const double values[] = {summary->mean, summary->sd,  summary->ci_low, summary->ci_high,
                           summary->min,  summary->p5,  summary->p25,    summary->median,
                           summary->p75,  summary->p95, summary->max};
  for (guint i = 0; i < G_N_ELEMENTS(values); i++)
    add_figure(out, values[i], unit);
}

static void add_known(GString *out, GsKnown known) {
  add_text(out, known == GS_UNKNOWN ? "" : known == GS_YES ? "yes" : "no");
}

static void add_cell(GString *out, const GsSweep *sweep, const GsOutcome *outcome) {
  bool ran = outcome->runs > outcome->failed;
  add_values(out, sweep, outcome->cell);
  add_count(out, outcome->runs - outcome->failed);
  add_count(out, outcome->failed);
  add_text(out, outcome->drawn ? "yes" : "no");
  add_count(out, gs_looks_count(sweep));
  add_count(out, outcome->converged);
  add_count(out, gs_outcome_without_convergence(outcome));
  add_text(out, outcome->best ? "yes" : "no");
  add_foreign(out, outcome->problem ? outcome->problem : "");
  for (int metric = 0; metric < GS_METRICS; metric++) {
    if (outcome->counted[metric] > 0)
      add_summary(out, &outcome->metrics[metric], gs_metrics[metric].unit);
    for (guint i = 0; outcome->counted[metric] == 0 && i < G_N_ELEMENTS(parts); i++)
      add_text(out, "");
  }
  double unknown = (double)NAN;
  add_number(out, ran ? outcome->messages : unknown);
  add_known(out, outcome->messages_equal);
  add_figure(out, ran ? outcome->low_s : unknown, "s");
  add_figure(out, ran ? outcome->high_s : unknown, "s");
  add_number(out, ran ? outcome->hops_low : unknown);
  add_number(out, ran ? outcome->hops_high : unknown);
  add_known(out, outcome->within);
  add_text(out, ran ? gs_outcome_bounds(outcome) : "");
  for (int fact = 0; fact < GS_FACTS; fact++)
    add_number(out, ran ? outcome->facts[fact] : unknown);
  g_string_append_c(out, '\n');
}

void gs_study_cells_csv(const GsFindings *findings, GString *out) {
  add_cells_heading(out, findings->sweep);
  for (guint i = 0; i < findings->outcomes->len; i++)
    add_cell(out, findings->sweep, findings->outcomes->pdata[i]);
}

void gs_study_growth_csv(const GsFindings *findings, GString *out) {
  static const char *const columns[] = {"metric", "points", "exponent", "low",
                                        "high",   "theory", "limit"};
  const GsSweep *sweep = findings->sweep;
  for (guint a = 0; a < sweep->axes->len; a++)
    if (((GsAxis *)sweep->axes->pdata[a])->kind != GS_AXIS_NODES)
      add_axis(out, sweep->axes->pdata[a]);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    add_text(out, columns[i]);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *finding = &g_array_index(findings->growths, GsGrowthFinding, i);
    for (guint a = 0; a < sweep->axes->len; a++)
      if (((GsAxis *)sweep->axes->pdata[a])->kind != GS_AXIS_NODES)
        add_foreign(out, gs_sweep_value(sweep, finding->first_cell, a)->text);
    add_text(out, gs_metrics[finding->metric].key);
    add_count(out, finding->growth.n);
    add_number(out, finding->growth.exponent);
    add_number(out, finding->growth.low);
    add_number(out, finding->growth.high);
    add_number(out, finding->has_theory ? finding->theory.exponent : (double)NAN);
    add_number(out, finding->limit);
    g_string_append_c(out, '\n');
  }
}

void gs_study_effects_csv(const GsFindings *findings, GString *out) {
  static const char *const columns[] = {"axis",  "value",       "against",    "settings", "metric",
                                        "pairs", "pairs_there", "difference", "low",      "high",
                                        "ratio", "ratio_low",   "ratio_high"};
  const GsSweep *sweep = findings->sweep;
  add_axes(out, sweep);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    add_pair(out, "effect", columns[i]);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < findings->effects->len; i++) {
    const GsEffect *effect = &g_array_index(findings->effects, GsEffect, i);
    const GsAxis *axis = sweep->axes->pdata[effect->axis];
    const char *unit = gs_metrics[effect->metric].unit;
    for (guint a = 0; a < sweep->axes->len; a++)
      add_foreign(out, effect->cell == GS_ALL_CELLS || a == effect->axis
                           ? "*"
                           : gs_sweep_value(sweep, effect->cell, a)->text);
    add_foreign(out, axis->path);
    add_foreign(out, ((GsAxisValue *)axis->values->pdata[effect->value])->text);
    add_foreign(out, ((GsAxisValue *)axis->values->pdata[0])->text);
    add_count(out, effect->settings);
    add_text(out, gs_metrics[effect->metric].key);
    add_count(out, effect->pairs);
    add_count(out, effect->pairs_there);
    add_figure(out, effect->difference, unit);
    add_figure(out, effect->low, unit);
    add_figure(out, effect->high, unit);
    add_number(out, effect->ratio);
    add_number(out, effect->ratio_low);
    add_number(out, effect->ratio_high);
    g_string_append_c(out, '\n');
  }
}

void gs_study_runs_csv_heading(const GsSweep *sweep, GString *out) {
  static const char *const theory[] = {"theory.messages", "theory.convergence_low",
                                       "theory.convergence_high", "theory.hops_low",
                                       "theory.hops_high"};
  add_axes(out, sweep);
  add_text(out, "repetition");
  add_text(out, "seed");
  add_text(out, "status");
  for (int i = 0; i < GS_METRICS; i++)
    add_text(out, gs_metrics[i].key);
  for (guint i = 0; i < G_N_ELEMENTS(theory); i++)
    add_text(out, theory[i]);
  for (int i = 0; i < GS_FACTS; i++)
    add_pair(out, "graph", gs_facts[i].key);
  add_text(out, "digest");
  add_text(out, "in_table");
  g_string_append_c(out, '\n');
}

void gs_study_runs_csv_line(const GsSweep *sweep, uint32_t cell, const GsSample *sample,
                            bool in_table, GString *out) {
  bool ran = !sample->problem;
  double unknown = (double)NAN;
  add_values(out, sweep, cell);
  add_count(out, sample->repetition);
  add_count(out, sample->seed);
  add_text(out, ran ? "ok" : "failed");
  for (int i = 0; i < GS_METRICS; i++)
    add_figure(out, ran ? sample->metrics[i] : unknown, gs_metrics[i].unit);
  add_number(out, ran ? sample->messages : unknown);
  add_figure(out, ran ? sample->low_s : unknown, "s");
  add_figure(out, ran ? sample->high_s : unknown, "s");
  add_number(out, ran ? sample->hops_low : unknown);
  add_number(out, ran ? sample->hops_high : unknown);
  for (int i = 0; i < GS_FACTS; i++)
    add_number(out, ran ? sample->facts[i] : unknown);
  add_foreign(out, sample->digest);
  add_text(out, in_table ? "yes" : "no");
  g_string_append_c(out, '\n');
}

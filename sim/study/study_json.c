/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/json/json_writer.h"
#include "sim/report/version.h"
#include "sim/report/words.h"
#include "sim/study/again.h"
#include "sim/study/drawing.h"
#include "sim/study/looks.h"
#include "sim/study/quantity_text.h"
#include "sim/study/study_report.h"

static void write_value(GsJsonWriter *json, const GsAxisValue *value) {
  if (value->is_number)
    gs_json_write_double(json, value->number);
  else
    gs_json_write_string(json, value->text);
}

static void write_axes(GsJsonWriter *json, const GsSweep *sweep) {
  gs_json_write_key(json, "axes");
  gs_json_begin_array(json);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_string(json, "path", axis->path);
    gs_json_member_string(json, "label", axis->path);
    gs_json_write_key(json, "values");
    gs_json_begin_array(json);
    for (guint i = 0; i < axis->values->len; i++)
      write_value(json, axis->values->pdata[i]);
    gs_json_end_array(json);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_metrics(GsJsonWriter *json) {
  gs_json_write_key(json, "metrics");
  gs_json_begin_array(json);
  for (int i = 0; i < GS_METRICS; i++) {
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_string(json, "key", gs_metrics[i].key);
    gs_json_member_string(json, "label", gs_metrics[i].label);
    gs_json_member_string(json, "unit", gs_metrics[i].unit);
    gs_json_member_string(json, "better", gs_metrics[i].more_is_better ? "high" : "low");
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

/** The values of a cell on all axes but `left_out` (G_MAXUINT: none). */
static void write_values(GsJsonWriter *json, const char *key, const GsSweep *sweep, uint32_t cell,
                         guint left_out) {
  gs_json_write_key(json, key);
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  for (guint a = 0; a < sweep->axes->len; a++) {
    if (a == left_out)
      continue;
    gs_json_write_key(json, ((GsAxis *)sweep->axes->pdata[a])->path);
    write_value(json, gs_sweep_value(sweep, cell, a));
  }
  gs_json_end_object(json);
}

static void write_figure(GsJsonWriter *json, const char *key, double value, const char *unit) {
  gs_json_member_double(json, key, gs_quantity_digits(value, unit));
}

static void write_summary(GsJsonWriter *json, const GsSummary *summary, const char *unit) {
  gs_json_begin_object(json);
  gs_json_member_int(json, "n", summary->n);
  write_figure(json, "mean", summary->mean, unit);
  write_figure(json, "sd", summary->sd, unit);
  write_figure(json, "ci_low", summary->ci_low, unit);
  write_figure(json, "ci_high", summary->ci_high, unit);
  write_figure(json, "min", summary->min, unit);
  write_figure(json, "p5", summary->p5, unit);
  write_figure(json, "p25", summary->p25, unit);
  write_figure(json, "median", summary->median, unit);
  write_figure(json, "p75", summary->p75, unit);
  write_figure(json, "p95", summary->p95, unit);
  write_figure(json, "max", summary->max, unit);
  gs_json_end_object(json);
}

static void write_known(GsJsonWriter *json, const char *key, GsKnown known) {
  gs_json_write_key(json, key);
  if (known == GS_UNKNOWN)
    gs_json_write_null(json);
  else
    gs_json_write_bool(json, known == GS_YES);
}

static void write_numbers(GsJsonWriter *json, const char *key, const double *values,
                          uint32_t count) {
  gs_json_write_key(json, key);
  gs_json_compact_next(json);
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < count; i++)
    gs_json_write_double(json, gs_quantity_digits(values[i], "s"));
  gs_json_end_array(json);
}

static void write_figures(GsJsonWriter *json, const GsOutcome *outcome) {
  gs_json_write_key(json, "metrics");
  gs_json_begin_object(json);
  for (int i = 0; i < GS_METRICS; i++) {
    gs_json_write_key(json, gs_metrics[i].key);
    gs_json_compact_next(json);
    if (outcome->counted[i] > 0)
      write_summary(json, &outcome->metrics[i], gs_metrics[i].unit);
    else
      gs_json_write_null(json);
  }
  gs_json_end_object(json);
  gs_json_write_key(json, "theory");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  write_figure(json, "messages", outcome->messages, "");
  write_known(json, "messages_equal", outcome->messages_equal);
  write_figure(json, "convergence_low", outcome->low_s, "s");
  write_figure(json, "convergence_high", outcome->high_s, "s");
  write_figure(json, "hops_low", outcome->hops_low, "");
  write_figure(json, "hops_high", outcome->hops_high, "");
  write_known(json, "within", outcome->within);
  gs_json_member_string(json, "bounds", gs_outcome_bounds(outcome));
  gs_json_end_object(json);
  gs_json_write_key(json, "graph");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  for (int i = 0; i < GS_FACTS; i++)
    write_figure(json, gs_facts[i].key, outcome->facts[i], "");
  gs_json_end_object(json);
  gs_json_write_key(json, "in_sync");
  gs_json_begin_object(json);
  write_numbers(json, "t", outcome->course_t_s, GS_COURSE_POINTS);
  write_numbers(json, "share", outcome->course_share, GS_COURSE_POINTS);
  gs_json_end_object(json);
  write_numbers(json, "samples", outcome->samples, outcome->sample_count);
}

static void write_null(GsJsonWriter *json, const char *key) {
  gs_json_write_key(json, key);
  gs_json_write_null(json);
}

static void write_cell(GsJsonWriter *json, const GsSweep *sweep, const GsOutcome *outcome) {
  static const char *const absent[] = {"metrics", "theory", "graph", "in_sync"};
  gs_json_begin_object(json);
  gs_json_member_string(json, "key", outcome->key);
  write_values(json, "values", sweep, outcome->cell, G_MAXUINT);
  gs_json_member_string(json, "label", outcome->label);
  gs_json_member_int(json, "runs", outcome->runs - outcome->failed);
  gs_json_member_int(json, "failed", outcome->failed);
  gs_json_member_bool(json, "drawn", outcome->drawn);
  gs_json_member_int(json, "converged", outcome->converged);
  gs_json_member_int(json, "without_convergence", gs_outcome_without_convergence(outcome));
  gs_json_member_string(json, "problem", outcome->problem);
  gs_json_member_bool(json, "best", outcome->best);
  if (outcome->runs > outcome->failed) {
    write_figures(json, outcome);
  } else {
    for (guint i = 0; i < G_N_ELEMENTS(absent); i++)
      write_null(json, absent[i]);
    write_numbers(json, "samples", NULL, 0);
  }
  gs_json_end_object(json);
}

static void write_growths(GsJsonWriter *json, const GsFindings *findings) {
  guint nodes_axis = 0;
  while (nodes_axis < findings->sweep->axes->len &&
         ((GsAxis *)findings->sweep->axes->pdata[nodes_axis])->kind != GS_AXIS_NODES)
    nodes_axis++;
  gs_json_write_key(json, "growth");
  gs_json_begin_array(json);
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *finding = &g_array_index(findings->growths, GsGrowthFinding, i);
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    write_values(json, "group", findings->sweep, finding->first_cell, nodes_axis);
    gs_json_member_string(json, "label", finding->label);
    gs_json_member_string(json, "metric", gs_metrics[finding->metric].key);
    gs_json_member_int(json, "points", finding->growth.n);
    write_figure(json, "exponent", finding->growth.exponent, "");
    write_figure(json, "low", finding->growth.low, "");
    write_figure(json, "high", finding->growth.high, "");
    write_figure(json, "theory", finding->has_theory ? finding->theory.exponent : (double)NAN, "");
    gs_json_member_double(json, "limit", finding->limit);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_effects(GsJsonWriter *json, const GsFindings *findings) {
  gs_json_write_key(json, "effects");
  gs_json_begin_array(json);
  for (guint i = 0; i < findings->effects->len; i++) {
    const GsEffect *effect = &g_array_index(findings->effects, GsEffect, i);
    const GsAxis *axis = findings->sweep->axes->pdata[effect->axis];
    const char *unit = gs_metrics[effect->metric].unit;
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_string(json, "axis", axis->path);
    gs_json_write_key(json, "value");
    write_value(json, axis->values->pdata[effect->value]);
    gs_json_write_key(json, "against");
    write_value(json, axis->values->pdata[0]);
    if (effect->cell == GS_ALL_CELLS)
      write_null(json, "setting");
    else
      write_values(json, "setting", findings->sweep, effect->cell, effect->axis);
    gs_json_member_int(json, "settings", effect->settings);
    gs_json_member_string(json, "metric", gs_metrics[effect->metric].key);
    gs_json_member_int(json, "pairs", effect->pairs);
    gs_json_member_int(json, "pairs_there", effect->pairs_there);
    write_figure(json, "difference", effect->difference, unit);
    write_figure(json, "low", effect->low, unit);
    write_figure(json, "high", effect->high, unit);
    write_figure(json, "ratio", effect->ratio, "");
    write_figure(json, "ratio_low", effect->ratio_low, "");
    write_figure(json, "ratio_high", effect->ratio_high, "");
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_correlations(GsJsonWriter *json, const GsFindings *findings) {
  gs_json_write_key(json, "correlations");
  gs_json_begin_array(json);
  for (guint i = 0; i < findings->correlations->len; i++) {
    const GsCorrelation *found = &g_array_index(findings->correlations, GsCorrelation, i);
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_string(json, "setting", found->setting);
    gs_json_member_string(json, "fact", gs_facts[found->fact].key);
    gs_json_member_string(json, "label", gs_findings_fact(findings, found->fact));
    write_figure(json, "rho", found->known ? found->rho : (double)NAN, "");
    gs_json_member_int(json, "cells", found->cells);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_heading(GsJsonWriter *json, const GsFindings *findings,
                          const GsStudyAbout *about) {
  const GsSweep *sweep = findings->sweep;
  gs_json_member_string(json, "name", sweep->name ? sweep->name : "compare");
  gs_json_member_string(json, "about", sweep->about ? sweep->about : "");
  gs_version_write(json);
  gs_json_member_string(json, "command", about->command);
  gs_json_write_key(json, "seeds");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  gs_json_member_int(json, "first", (int64_t)sweep->seed);
  gs_json_member_int(json, "repeat", gs_looks_first(sweep));
  gs_json_member_int(json, "most", sweep->precision > 0 ? sweep->repeat_most : sweep->repeat);
  gs_json_member_int(json, "without_chance", gs_looks_without_chance(sweep));
  gs_json_end_object(json);
  gs_json_member_double(json, "precision", sweep->precision > 0 ? sweep->precision : (double)NAN);
  gs_json_member_int(json, "looks", gs_looks_count(sweep));
  gs_json_member_string(json, "sort", gs_metrics[findings->sort].key);
  gs_json_member_string(json, "baseline", about->baseline);
  gs_json_member_bool(json, "interrupted", findings->interrupted);
  gs_json_write_key(json, "left_out");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  gs_json_member_int(json, "cells", findings->cells_aside);
  gs_json_member_int(json, "runs", (int64_t)findings->runs_aside);
  gs_json_member_int(json, "runs_of_cells", (int64_t)findings->runs_spare);
  gs_json_end_object(json);
}

bool gs_study_json(const GsFindings *findings, const GsStudyAbout *about, const GPtrArray *drawings,
                   GString *out, GError **error) {
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(out, 1);
  gs_json_begin_object(json);
  write_heading(json, findings, about);
  write_axes(json, findings->sweep);
  write_metrics(json);
  gs_json_write_key(json, "summary");
  gs_json_begin_array(json);
  for (guint i = 0; i < findings->sentences->len; i++)
    gs_json_write_string(json, findings->sentences->pdata[i]);
  gs_json_end_array(json);
  gs_study_warnings_write(json, findings->warnings);
  gs_json_write_key(json, "cells");
  gs_json_begin_array(json);
  for (guint i = 0; i < findings->outcomes->len; i++)
    write_cell(json, findings->sweep, findings->outcomes->pdata[i]);
  gs_json_end_array(json);
  write_effects(json, findings);
  write_growths(json, findings);
  write_correlations(json, findings);
  gs_json_write_key(json, "drawings");
  gs_json_begin_array(json);
  for (guint i = 0; drawings && i < drawings->len; i++)
    gs_drawing_write(drawings->pdata[i], findings->sweep, json);
  gs_json_end_array(json);
  bool good = !about->store || gs_again_write(findings, about->store, json, error);
  gs_json_end_object(json);
  g_string_append_c(out, '\n');
  return good;
}

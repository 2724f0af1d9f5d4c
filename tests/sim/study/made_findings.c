/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/study/made_findings.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/remove_folder.h"

#define NONE GS_MADE_NONE

GsSweep *gs_made_sweep_begun(const char *const axes[][2], guint count, uint32_t repeat) {
  GsSweep *sweep = gs_sweep_new();
  for (guint a = 0; a < count; a++) {
    g_auto(GStrv) values = g_strsplit(axes[a][1], ",", -1);
    for (char **value = values; *value; value++)
      cr_assert(gs_axis_add(gs_sweep_axis(sweep, axes[a][0]), *value, *value, NULL));
  }
  sweep->repeat = repeat;
  return sweep;
}

GsSweep *gs_made_sweep(const char *const axes[][2], guint count, uint32_t repeat) {
  GsSweep *sweep = gs_made_sweep_begun(axes, count, repeat);
  cr_assert(gs_sweep_finish(sweep, NULL));
  return sweep;
}

static void add_sample(GsStore *store, const GsSweep *sweep, uint32_t cell, uint32_t repetition,
                       double after_ms, const GsMadeRuns *unusual) {
  GsSample sample = {.repetition = repetition,
                     .seed = gs_sweep_seed(sweep, cell, repetition),
                     .converged = isfinite(after_ms)};
  for (int i = 0; i < GS_METRICS; i++)
    sample.metrics[i] = 100 + i;
  for (int i = 0; i < GS_FACTS; i++)
    sample.facts[i] = 1 + cell;
  sample.facts[GS_FACT_COMPONENTS] = 1;
  if (unusual->hops)
    sample.metrics[GS_METRIC_HOPS] = unusual->hops;
  sample.metrics[GS_METRIC_CONVERGENCE] = round(after_ms * 1e6) / 1e9;
  sample.messages = sample.hops_low = sample.hops_high = sample.low_s = sample.high_s = NONE;
  if (unusual->bounds) {
    sample.low_s = unusual->low_ms / 1e3;
    sample.high_s = unusual->high_ms / 1e3;
  }
  g_autofree char *problem = isinf(after_ms) ? g_strdup("no such graph") : NULL;
  sample.problem = problem;
  g_autoptr(GString) line = g_string_new(NULL);
  gs_sample_write(&sample, line);
  cr_assert(gs_store_append(store, cell, line, NULL));
}

GsFindings *gs_made_findings_of(const GsSweep *sweep, GsMadeTime time, const GsMadeRuns *unusual) {
  g_autofree char *directory = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  g_autoptr(GsStore) store = gs_store_open(directory, sweep, NULL);
  cr_assert(store);
  g_autoptr(GsStudyRuns) runs = gs_study_plan(sweep, NULL);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    uint32_t count = unusual->runs ? unusual->runs[cell] : sweep->repeat;
    for (uint32_t r = 0; r < count; r++)
      add_sample(store, sweep, cell, r, time(cell, r), unusual);
    runs->cells[cell].runs = count;
    runs->cells[cell].drawn = cell >= unusual->undrawn;
  }
  GsFindings *findings = gs_findings_new(sweep, runs, store, GS_METRIC_CONVERGENCE, NULL);
  cr_assert(findings);
  cr_assert(gs_remove_folder(directory, NULL));
  return findings;
}

GsFindings *gs_made_findings(const GsSweep *sweep, GsMadeTime time) {
  return gs_made_findings_of(sweep, time, &(GsMadeRuns){0});
}

const GsOutcome *gs_made_outcome(const GsFindings *findings, uint32_t cell) {
  return findings->outcomes->pdata[cell];
}

const GsEffect *gs_made_effect(const GsFindings *findings, guint axis, uint32_t cell) {
  for (guint i = 0; i < findings->effects->len; i++) {
    const GsEffect *at = &g_array_index(findings->effects, GsEffect, i);
    if (at->axis == axis && at->cell == cell && at->metric == GS_METRIC_CONVERGENCE)
      return at;
  }
  cr_assert(false, "no effect on axis %u in cell %u", axis, cell);
  return NULL;
}

bool gs_made_said(const GsFindings *findings, const char *what) {
  for (guint i = 0; i < findings->sentences->len; i++)
    if (strstr(findings->sentences->pdata[i], what))
      return true;
  for (guint i = 0; i < findings->sentences->len; i++)
    cr_log_warn("%s", (char *)findings->sentences->pdata[i]);
  return false;
}

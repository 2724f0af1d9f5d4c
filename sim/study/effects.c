/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/study/looks.h"
#include "sim/study/outcome.h"

/*
 * Repetition r has the same seed in every cell, so runs of two cells are
 * compared pair by pair: what chance does to both alike is in no difference, and
 * intervals are narrower than those of the means. Differences are added up in
 * whole ticks, so that none is none.
 */

/** Differences, or logarithms of ratios, by repetition. */
typedef struct {
  double *sums;     /**< over settings */
  uint32_t *counts; /**< settings that have the pair */
  double *room;
  uint32_t most; /**< repetitions */
} Pairs;

static void pairs_clear(Pairs *pairs) {
  g_free(pairs->sums);
  g_free(pairs->counts);
  g_free(pairs->room);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pairs, pairs_clear)

static void pairs_init(Pairs *pairs, uint32_t most) {
  *pairs = (Pairs){.sums = g_new0(double, most),
                   .counts = g_new0(uint32_t, most),
                   .room = g_new(double, most),
                   .most = most};
}

static void pairs_add(Pairs *pairs, uint32_t repetition, double value) {
  pairs->sums[repetition] += value;
  pairs->counts[repetition]++;
}

/** Sums up the repetitions that all `settings` have; false where there are none. */
static bool pairs_sum_up(Pairs *pairs, uint32_t settings, uint32_t looks, GsSummary *summary) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < pairs->most; i++)
    if (pairs->counts[i] == settings)
      pairs->room[count++] = pairs->sums[i] / settings;
  if (count == 0)
    return false;
  gs_summary_of(pairs->room, count, summary);
  gs_summary_at_look(summary, looks);
  return true;
}

/** Of a repetition, in ticks; every one of a cell in which nothing is drawn is like its first. */
static double ticks_of(const GsOutcome *outcome, guint series, uint32_t repetition, double ticks) {
  uint32_t at = outcome->drawn ? repetition : 0;
  return at < outcome->runs && outcome->series[series] ? rint(outcome->series[series][at] * ticks)
                                                       : (double)NAN;
}

/** Repetitions that two cells can be compared by. */
static uint32_t repetitions(const GsOutcome *a, const GsOutcome *b) {
  if (a->runs == 0 || b->runs == 0)
    return 0;
  if (!a->drawn && !b->drawn)
    return 1;
  return !a->drawn ? b->runs : !b->drawn ? a->runs : MIN(a->runs, b->runs);
}

static bool finish(const GsFindings *findings, GsEffect *effect, Pairs *differences, Pairs *ratios,
                   bool has_ratio) {
  double ticks = gs_metrics[effect->metric].ticks;
  uint32_t looks = gs_looks_count(findings->sweep);
  GsSummary summary;
  if (!pairs_sum_up(differences, effect->settings, looks, &summary))
    return false;
  effect->pairs = summary.n;
  effect->difference = summary.mean / ticks;
  effect->low = summary.ci_low / ticks;
  effect->high = summary.ci_high / ticks;
  effect->ratio = effect->ratio_low = effect->ratio_high = (double)NAN;
  if (!has_ratio || !pairs_sum_up(ratios, effect->settings, looks, &summary))
    return true;
  effect->ratio = exp(summary.mean);
  effect->ratio_low = exp(summary.ci_low);
  effect->ratio_high = exp(summary.ci_high);
  return true;
}

typedef struct {
  GsFindings *findings;
  guint axis;
  uint32_t groups, values;
  uint32_t *cells; /**< by group and value; UINT32_MAX: there is none */
  uint32_t most;   /**< repetitions of any cell */
} Axis;

/** Adds the pairs of a setting to `all`, and the effect there to the findings. */
static bool compare_in(const Axis *axis, GsEffect effect, guint series, Pairs *differences,
                       Pairs *ratios, bool *has_ratio) {
  const GsOutcome *base = axis->findings->outcomes->pdata[effect.base_cell];
  const GsOutcome *with = axis->findings->outcomes->pdata[effect.cell];
  double ticks = gs_metrics[effect.metric].ticks;
  uint32_t count = repetitions(base, with);
  g_auto(Pairs) own_differences, own_ratios;
  pairs_init(&own_differences, MAX(count, 1));
  pairs_init(&own_ratios, MAX(count, 1));
  bool own_ratio = true, constant = !base->drawn && !with->drawn;
  for (uint32_t r = 0; r < count; r++) {
    double a = ticks_of(base, series, r, ticks), b = ticks_of(with, series, r, ticks);
    if (!isfinite(a) || !isfinite(b))
      continue;
    bool positive = a > 0 && b > 0;
    double ratio = positive ? log(b / a) : 0;
    own_ratio &= positive;
    pairs_add(&own_differences, r, b - a);
    pairs_add(&own_ratios, r, ratio);
    for (uint32_t i = r; i < (constant ? axis->most : r + 1); i++) {
      pairs_add(differences, i, b - a);
      pairs_add(ratios, i, ratio);
    }
  }
  effect.settings = 1;
  effect.pairs_there = count;
  if (!finish(axis->findings, &effect, &own_differences, &own_ratios, own_ratio))
    return false;
  *has_ratio &= own_ratio;
  g_array_append_val(axis->findings->effects, effect);
  return true;
}

/** The effect of a value against the first: over all settings, then in each. */
static void compare_value(const Axis *axis, uint32_t value, guint series) {
  GsFindings *findings = axis->findings;
  g_auto(Pairs) differences, ratios;
  pairs_init(&differences, axis->most);
  pairs_init(&ratios, axis->most);
  GsEffect all = {.axis = axis->axis,
                  .value = value,
                  .metric = findings->effect_metrics[series],
                  .cell = GS_ALL_CELLS,
                  .base_cell = GS_ALL_CELLS};
  guint at = findings->effects->len;
  g_array_append_val(findings->effects, all); /* comes first, is known last */
  bool has_ratio = true;
  for (uint32_t group = 0; group < axis->groups; group++) {
    GsEffect one = all;
    one.base_cell = axis->cells[(gsize)group * axis->values];
    one.cell = axis->cells[(gsize)group * axis->values + value];
    if (one.base_cell == UINT32_MAX || one.cell == UINT32_MAX)
      continue;
    all.settings_there++;
    all.settings += compare_in(axis, one, series, &differences, &ratios, &has_ratio);
  }
  GsEffect *first = &g_array_index(findings->effects, GsEffect, at);
  bool constant = true; /* the same in all pairs because nothing is drawn: one pair says it */
  for (guint i = at + 1; i < findings->effects->len; i++) {
    const GsEffect *one = &g_array_index(findings->effects, GsEffect, i);
    const GsOutcome *base = findings->outcomes->pdata[one->base_cell];
    const GsOutcome *with = findings->outcomes->pdata[one->cell];
    bool drawn = base->drawn || with->drawn;
    if (drawn)
      all.pairs_there = constant ? one->pairs_there : MIN(all.pairs_there, one->pairs_there);
    constant &= !drawn;
  }
  if (constant)
    all.pairs_there = 1;
  differences.most = ratios.most = constant ? 1 : axis->most;
  if (all.settings == 0 || !finish(findings, &all, &differences, &ratios, has_ratio))
    g_array_set_size(findings->effects, at);
  else
    *first = all;
}

static uint32_t value_index(const GsSweep *sweep, uint32_t cell, guint axis) {
  return g_array_index(sweep->cells, uint32_t, cell * sweep->axes->len + axis);
}

char *gs_effect_label(const GsFindings *findings, const GsEffect *effect) {
  const GsAxis *axis = findings->sweep->axes->pdata[effect->axis];
  return g_strdup_printf("%s %s against %s", axis->path,
                         ((GsAxisValue *)axis->values->pdata[effect->value])->text,
                         ((GsAxisValue *)axis->values->pdata[0])->text);
}

void gs_find_effects(GsFindings *findings) {
  const GsSweep *sweep = findings->sweep;
  findings->effects = g_array_new(FALSE, FALSE, sizeof(GsEffect));
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *on = sweep->axes->pdata[a];
    /* Other seeds make no pairs, and are no cause of anything. */
    if (on->values->len < 2 || on->kind == GS_AXIS_SEED)
      continue;
    Axis axis = {.findings = findings, .axis = a, .values = on->values->len, .most = 1};
    g_autoptr(GArray) groups = gs_findings_group(sweep, a, &axis.groups);
    gsize size = (gsize)axis.groups * axis.values;
    g_autofree uint32_t *cells = g_new(uint32_t, MAX(size, 1));
    for (gsize i = 0; i < size; i++)
      cells[i] = UINT32_MAX;
    for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
      uint32_t group = g_array_index(groups, uint32_t, cell);
      cells[(gsize)group * axis.values + value_index(sweep, cell, a)] = cell;
      axis.most = MAX(axis.most, ((GsOutcome *)findings->outcomes->pdata[cell])->runs);
    }
    axis.cells = cells;
    for (uint32_t value = 1; value < axis.values; value++)
      for (guint series = 0; series < findings->effect_metric_count; series++)
        compare_value(&axis, value, series);
  }
}

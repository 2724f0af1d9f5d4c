/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/forecast/theory.h"
#include "sim/study/outcome.h"

static void growth_clear(gpointer growth) {
  g_free(((GsGrowthFinding *)growth)->label);
}

static const GsOutcome *outcome_of(const GsFindings *findings, uint32_t cell) {
  return findings->outcomes->pdata[cell];
}

/* ---- Groups ---- */

/** The axis whose values are compared with each other, all else being equal. */
static guint compared_axis(const GsSweep *sweep) {
  static const GsAxisKind by_rank[] = {GS_AXIS_TOPOLOGY, GS_AXIS_SCENARIO};
  for (guint rank = 0; rank < G_N_ELEMENTS(by_rank); rank++)
    for (guint a = 0; a < sweep->axes->len; a++) {
      const GsAxis *axis = sweep->axes->pdata[a];
      if (axis->kind == by_rank[rank] && axis->values->len > 1)
        return a;
    }
  for (guint a = 0; a < sweep->axes->len; a++)
    if (((GsAxis *)sweep->axes->pdata[a])->values->len > 1)
      return a;
  return 0;
}

/** What a cell has in common with others: its values on all axes but one. */
static char *key_without(const GsSweep *sweep, uint32_t cell, guint left_out) {
  GString *key = g_string_new(NULL);
  for (guint a = 0; a < sweep->axes->len; a++)
    if (a != left_out)
      g_string_append_printf(key, "%s\n", gs_sweep_value(sweep, cell, a)->text);
  return g_string_free(key, FALSE);
}

GArray *gs_findings_group(const GsSweep *sweep, guint left_out, uint32_t *count) {
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  GArray *groups = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autofree char *key = key_without(sweep, cell, left_out);
    gpointer number;
    if (!g_hash_table_lookup_extended(known, key, NULL, &number)) {
      number = GUINT_TO_POINTER(g_hash_table_size(known));
      g_hash_table_insert(known, g_steal_pointer(&key), number);
    }
    uint32_t group = GPOINTER_TO_UINT(number);
    g_array_append_val(groups, group);
  }
  *count = g_hash_table_size(known);
  return groups;
}

/* ---- Order ---- */

static gint compare_cells(gconstpointer a, gconstpointer b, gpointer data) {
  const GsFindings *findings = data;
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  uint32_t group_x = g_array_index(findings->groups, uint32_t, x);
  uint32_t group_y = g_array_index(findings->groups, uint32_t, y);
  if (group_x != group_y)
    return group_x < group_y ? -1 : 1;
  const GsOutcome *left = outcome_of(findings, x), *right = outcome_of(findings, y);
  /* A mean over the runs that came into sync says little where others did not. */
  if (gs_outcome_all_converged(left) != gs_outcome_all_converged(right))
    return gs_outcome_all_converged(left) ? -1 : 1;
  int order = gs_outcome_compare(left, right, findings->sort);
  return order ? order : x < y ? -1 : x > y;
}

/** Where all cells of a group are alike, or there is one only, none is the best. */
static void take_ties_back(GsFindings *findings) {
  const GArray *order = findings->order;
  for (guint first = 0, end; first < order->len; first = end) {
    uint32_t group =
        g_array_index(findings->groups, uint32_t, g_array_index(order, uint32_t, first));
    bool all = true;
    for (end = first; end < order->len; end++) {
      uint32_t cell = g_array_index(order, uint32_t, end);
      if (g_array_index(findings->groups, uint32_t, cell) != group)
        break;
      all &= outcome_of(findings, cell)->best;
    }
    for (guint i = first; all && i < end; i++)
      ((GsOutcome *)findings->outcomes->pdata[g_array_index(order, uint32_t, i)])->best = false;
  }
}

static void sort_cells(GsFindings *findings) {
  uint32_t cells = findings->sweep->cell_count;
  findings->compared = compared_axis(findings->sweep);
  findings->groups = gs_findings_group(findings->sweep, findings->compared, &findings->group_count);
  findings->order = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  for (uint32_t cell = 0; cell < cells; cell++)
    g_array_append_val(findings->order, cell);
  g_array_sort_with_data(findings->order, compare_cells, findings);
  uint32_t group_before = UINT32_MAX;
  const GsOutcome *least = NULL; /* of the group: its first cell */
  for (uint32_t i = 0; i < cells; i++) {
    uint32_t cell = g_array_index(findings->order, uint32_t, i);
    uint32_t group = g_array_index(findings->groups, uint32_t, cell);
    GsOutcome *outcome = findings->outcomes->pdata[cell];
    if (group != group_before)
      least = outcome;
    group_before = group;
    outcome->best = gs_outcome_all_converged(outcome) && outcome->counted[findings->sort] > 0 &&
                    gs_outcome_compare(outcome, least, findings->sort) == 0;
  }
  take_ties_back(findings);
}

/* ---- Growth ---- */

static const GsAxis *axis_of(const GsSweep *sweep, GsAxisKind kind, guint *index) {
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    *index = a;
    if (axis->kind == kind)
      return axis;
  }
  return NULL;
}

static double limit_of(const GsSweep *sweep, uint32_t cell, GsMetric metric) {
  guint at;
  double limit;
  if (metric == GS_METRIC_MESSAGES && axis_of(sweep, GS_AXIS_TOPOLOGY, &at) &&
      gs_theory_growth_limit(gs_sweep_value(sweep, cell, at)->topology, &limit))
    return limit;
  return (double)NAN;
}

static void fit_group(GsFindings *findings, const GArray *groups, uint32_t group, guint nodes_axis,
                      GsMetric metric) {
  const GsSweep *sweep = findings->sweep;
  g_autoptr(GArray) n = g_array_new(FALSE, FALSE, sizeof(double));
  g_autoptr(GArray) y = g_array_new(FALSE, FALSE, sizeof(double));
  g_autoptr(GArray) theory = g_array_new(FALSE, FALSE, sizeof(double));
  GsGrowthFinding finding = {.first_cell = UINT32_MAX, .metric = metric};
  bool has_theory = metric == GS_METRIC_MESSAGES;
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    if (g_array_index(groups, uint32_t, cell) != group)
      continue;
    const GsOutcome *outcome = outcome_of(findings, cell);
    double nodes = gs_sweep_value(sweep, cell, nodes_axis)->number;
    double mean = gs_outcome_mean(outcome, metric);
    if (!(mean > 0)) /* NaN too: there is no logarithm */
      continue;
    finding.first_cell = MIN(finding.first_cell, cell);
    has_theory &= outcome->messages > 0;
    g_array_append_val(n, nodes);
    g_array_append_val(y, mean);
    g_array_append_val(theory, outcome->messages);
  }
  const double *at = (const double *)(void *)n->data;
  if (n->len < 2 || !gs_growth_fit(at, (const double *)(void *)y->data, n->len, &finding.growth))
    return;
  finding.has_theory = has_theory && gs_growth_fit(at, (const double *)(void *)theory->data, n->len,
                                                   &finding.theory);
  finding.limit = limit_of(sweep, finding.first_cell, metric);
  finding.label = gs_sweep_label(sweep, finding.first_cell, nodes_axis);
  g_array_append_val(findings->growths, finding);
}

static void find_growths(GsFindings *findings) {
  static const GsMetric metrics[] = {GS_METRIC_MESSAGES, GS_METRIC_CONVERGENCE,
                                     GS_METRIC_WIRE_BYTES};
  guint nodes_axis;
  findings->growths = g_array_new(FALSE, FALSE, sizeof(GsGrowthFinding));
  g_array_set_clear_func(findings->growths, growth_clear);
  if (!axis_of(findings->sweep, GS_AXIS_NODES, &nodes_axis))
    return;
  uint32_t count;
  g_autoptr(GArray) groups = gs_findings_group(findings->sweep, nodes_axis, &count);
  for (guint m = 0; m < G_N_ELEMENTS(metrics); m++)
    for (uint32_t group = 0; group < count; group++)
      fit_group(findings, groups, group, nodes_axis, metrics[m]);
}

/** Convergence, messages, and what is sorted by. */
static void choose_effects(GsFindings *findings) {
  findings->effect_metrics[findings->effect_metric_count++] = GS_METRIC_CONVERGENCE;
  findings->effect_metrics[findings->effect_metric_count++] = GS_METRIC_MESSAGES;
  if (findings->sort != GS_METRIC_CONVERGENCE && findings->sort != GS_METRIC_MESSAGES)
    findings->effect_metrics[findings->effect_metric_count++] = findings->sort;
}

bool gs_findings_has_failures(const GsFindings *findings) {
  static const GsMetric failures[] = {GS_METRIC_LOST, GS_METRIC_DOUBLED, GS_METRIC_RETRIED,
                                      GS_METRIC_SUSPECTED};
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = outcome_of(findings, i);
    for (guint m = 0; m < G_N_ELEMENTS(failures); m++)
      if (outcome->counted[failures[m]] > 0 && outcome->metrics[failures[m]].max > 0)
        return true;
  }
  return false;
}

char *gs_findings_label(const GsFindings *findings, uint32_t cell, bool shared) {
  const GsSweep *sweep = findings->sweep;
  g_autoptr(GString) label = g_string_new(NULL);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    if ((a == findings->compared) == shared)
      continue;
    if (label->len > 0)
      g_string_append(label, ", ");
    if (shared)
      g_string_append_printf(label, "%s ", axis->path);
    g_string_append(label, gs_sweep_value(sweep, cell, a)->text);
  }
  return gs_text_clean(label->str);
}

static void count_sample(const GsSample *sample, void *data) {
  (void)sample;
  ++*(uint64_t *)data;
}

/** What is kept but in none of the figures, so that nobody takes the figures for all there is. */
static bool find_left_out(GsFindings *findings, const GsStudyRuns *runs, const GsStore *store,
                          GError **error) {
  const GsSweep *all = gs_store_all(store);
  g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = outcome_of(findings, i);
    g_hash_table_add(used, outcome->key);
    if (runs->cells[i].kept > outcome->runs)
      findings->runs_spare += runs->cells[i].kept - outcome->runs;
  }
  for (uint32_t cell = 0; all->cell_count > findings->outcomes->len && cell < all->cell_count;
       cell++) {
    g_autofree char *key = gs_sweep_key(all, cell);
    uint64_t kept = 0;
    if (g_hash_table_contains(used, key))
      continue;
    if (!gs_store_each_kept(store, cell, count_sample, &kept, error))
      return false;
    findings->cells_aside += kept > 0;
    findings->runs_aside += kept;
  }
  return true;
}

static void say_left_out(GsFindings *findings) {
  g_autoptr(GString) text = g_string_new("Kept, but in none of these figures:");
  uint64_t spare = findings->runs_spare, aside = findings->runs_aside;
  if (aside > 0) {
    g_autofree char *runs = gs_text_plural(aside, "run");
    g_autofree char *cells = gs_text_plural(findings->cells_aside, "other cell");
    g_string_append_printf(text, " %s of %s", runs, cells);
  }
  if (spare > 0) {
    g_autofree char *runs = gs_text_plural(spare, aside ? "more run" : "run");
    g_string_append_printf(text, "%s %s of these cells, beyond the repetitions asked for",
                           aside ? " and" : "", runs);
  }
  g_string_append(text, findings->interrupted
                            ? "."
                            : ". runs.csv lists all that is kept, these with in_table = no.");
  if (aside + spare == 0)
    return;
  findings->left_out = text->str;
  g_ptr_array_add(findings->sentences, g_string_free(g_steal_pointer(&text), FALSE));
}

GsFindings *gs_findings_new(const GsSweep *sweep, const GsStudyRuns *runs, const GsStore *store,
                            GsMetric sort, GError **error) {
  g_autoptr(GsFindings) findings = g_new0(GsFindings, 1);
  findings->sweep = sweep;
  findings->sort = sort;
  findings->interrupted = runs->stopped;
  findings->warnings = g_ptr_array_ref(runs->warnings);
  findings->outcomes = g_ptr_array_new_with_free_func(gs_outcome_free);
  findings->sentences = g_ptr_array_new_with_free_func(g_free);
  choose_effects(findings);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    GsOutcome *outcome = gs_outcome_new(findings, runs, cell, store, error);
    if (!outcome)
      return NULL;
    findings->runs += outcome->runs;
    g_ptr_array_add(findings->outcomes, outcome);
  }
  sort_cells(findings);
  find_growths(findings);
  gs_find_effects(findings);
  gs_find_correlations(findings);
  gs_findings_say(findings);
  if (!find_left_out(findings, runs, store, error))
    return NULL;
  say_left_out(findings);
  return g_steal_pointer(&findings);
}

void gs_findings_free(GsFindings *findings) {
  if (!findings)
    return;
  g_ptr_array_unref(findings->outcomes);
  g_ptr_array_unref(findings->warnings);
  g_ptr_array_unref(findings->sentences);
  g_clear_pointer(&findings->order, g_array_unref);
  g_clear_pointer(&findings->groups, g_array_unref);
  g_clear_pointer(&findings->growths, g_array_unref);
  g_clear_pointer(&findings->effects, g_array_unref);
  g_clear_pointer(&findings->correlations, g_array_unref);
  g_free(findings);
}

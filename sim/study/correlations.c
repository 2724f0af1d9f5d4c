/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/study/outcome.h"

/** Axes that make other graphs; cells that differ on no other are one setting. */
static bool makes_graphs(const GsAxis *axis) {
  return axis->kind == GS_AXIS_TOPOLOGY || axis->kind == GS_AXIS_NODES ||
         (axis->kind == GS_AXIS_PATH && g_str_has_prefix(axis->path, "topology."));
}

/** The values of a cell on axes that make no graphs: "network.jitter 10ms". Free with g_free. */
static char *setting_of(const GsSweep *sweep, uint32_t cell) {
  GString *text = g_string_new(NULL);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    if (makes_graphs(axis) || axis->values->len < 2)
      continue;
    g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", axis->path,
                           gs_sweep_value(sweep, cell, a)->text);
  }
  return g_string_free(text, FALSE);
}

const char *gs_findings_fact(const GsFindings *findings, GsFact fact) {
  bool apart = false;
  for (guint i = 0; i < findings->outcomes->len; i++)
    apart |= ((GsOutcome *)findings->outcomes->pdata[i])->facts[GS_FACT_COMPONENTS] > 1;
  if (apart && fact == GS_FACT_DIAMETER)
    return "diameter of the largest island";
  if (apart && fact == GS_FACT_RADIUS)
    return "radius of the largest island";
  return gs_facts[fact].label;
}

static void clear_correlation(gpointer correlation) {
  g_free(((GsCorrelation *)correlation)->setting);
}

static gint compare_means(gconstpointer a, gconstpointer b, gpointer data) {
  const GsOutcome *const *outcomes = data;
  return gs_outcome_compare(outcomes[*(const uint32_t *)a], outcomes[*(const uint32_t *)b],
                            GS_METRIC_CONVERGENCE);
}

/** Ranks of means, compared exactly. */
static void rank(const GsOutcome **outcomes, uint32_t count, double *levels) {
  g_autofree uint32_t *order = g_new(uint32_t, MAX(count, 1));
  for (uint32_t i = 0; i < count; i++)
    order[i] = i;
  g_qsort_with_data(order, (gint)count, sizeof *order, compare_means, outcomes);
  for (uint32_t i = 0; i < count; i++) {
    bool same = i > 0 && compare_means(&order[i - 1], &order[i], outcomes) == 0;
    levels[order[i]] = i == 0 ? 0 : levels[order[i - 1]] + !same;
  }
}

static void correlate(GsFindings *findings, const GArray *members, GsFact fact,
                      GsCorrelation found) {
  g_autofree const GsOutcome **outcomes = g_new(const GsOutcome *, members->len);
  g_autofree double *x = g_new(double, members->len), *x_levels = g_new(double, members->len);
  g_autofree double *y_levels = g_new(double, members->len);
  for (guint i = 0; i < members->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[g_array_index(members, uint32_t, i)];
    if (outcome->problem || outcome->counted[GS_METRIC_CONVERGENCE] == 0 ||
        !isfinite(outcome->facts[fact]))
      continue;
    x[found.cells] = outcome->facts[fact];
    outcomes[found.cells++] = outcome;
  }
  gs_levels(x, found.cells, x_levels);
  rank(outcomes, found.cells, y_levels);
  found.fact = fact;
  found.known = gs_rank_correlation(x_levels, y_levels, found.cells, &found.rho);
  g_array_append_val(findings->correlations, found);
}

void gs_find_correlations(GsFindings *findings) {
  const GsSweep *sweep = findings->sweep;
  findings->correlations = g_array_new(FALSE, FALSE, sizeof(GsCorrelation));
  g_array_set_clear_func(findings->correlations, clear_correlation);
  g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) settings = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    char *setting = setting_of(sweep, cell);
    GArray *members = g_hash_table_lookup(known, setting);
    if (!members) {
      members = g_array_new(FALSE, FALSE, sizeof(uint32_t));
      g_ptr_array_add(settings, members);
      g_hash_table_insert(known, g_strdup(setting), members);
    }
    g_free(setting);
    g_array_append_val(members, cell);
  }
  findings->settings = settings->len;
  for (guint i = 0; i < settings->len; i++)
    for (int fact = 0; fact < GS_FACTS; fact++) {
      const GArray *members = settings->pdata[i];
      uint32_t first = g_array_index(members, uint32_t, 0);
      GsCorrelation found = {.first_cell = first, .setting = setting_of(sweep, first)};
      correlate(findings, members, (GsFact)fact, found);
    }
}

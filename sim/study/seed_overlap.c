/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/seed_overlap.h"

static const GsAxis *seed_axis(const GsSweep *sweep) {
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    if (axis->kind == GS_AXIS_SEED)
      return axis;
  }
  return NULL;
}

guint gs_seeds_compared(const GsSweep *sweep) {
  const GsAxis *axis = seed_axis(sweep);
  return axis ? axis->values->len : 0;
}

/** By all that tells cells apart but the seed; 0: they differ by that alone. */
static int compare_others(const GsSweep *sweep, uint32_t a, uint32_t b) {
  for (guint i = 0; i < sweep->axes->len; i++) {
    const GsAxisValue *x = gs_sweep_value(sweep, a, i), *y = gs_sweep_value(sweep, b, i);
    int order =
        ((GsAxis *)sweep->axes->pdata[i])->kind == GS_AXIS_SEED ? 0 : g_strcmp0(x->text, y->text);
    if (order != 0)
      return order;
  }
  return 0;
}

static gint compare_cells(gconstpointer a, gconstpointer b, gpointer data) {
  const GsSweep *sweep = *(const GsSweep **)data;
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  int others = compare_others(sweep, x, y);
  uint64_t first = gs_sweep_seed(sweep, x, 0), second = gs_sweep_seed(sweep, y, 0);
  return others ? others : (first > second) - (first < second);
}

uint64_t gs_seeds_shared(const GsSweep *sweep, const uint32_t *runs) {
  if (gs_seeds_compared(sweep) < 2)
    return 0;
  g_autofree uint32_t *cells = g_new(uint32_t, sweep->cell_count);
  for (uint32_t i = 0; i < sweep->cell_count; i++)
    cells[i] = i;
  g_qsort_with_data(cells, (gint)sweep->cell_count, sizeof *cells, compare_cells, &sweep);
  uint64_t shared = 0, end = 0; /* seeds up to here are used */
  for (uint32_t i = 0; i < sweep->cell_count; i++) {
    uint64_t first = gs_sweep_seed(sweep, cells[i], 0);
    if (i == 0 || compare_others(sweep, cells[i - 1], cells[i]) != 0)
      end = 0;
    uint64_t last = first + runs[cells[i]];
    shared += end > first ? MIN(end, last) - first : 0;
    end = MAX(end, last);
  }
  return shared;
}

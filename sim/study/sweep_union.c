/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/study/sweep.h"

static GsAxisValue *copy_value(const GsAxisValue *value) {
  GsAxisValue *copy = g_new(GsAxisValue, 1);
  *copy = *value;
  copy->text = g_strdup(value->text);
  copy->value = g_strdup(value->value);
  copy->members = value->members ? g_ptr_array_new_with_free_func(g_free) : NULL;
  for (guint i = 0; value->members && i < value->members->len; i++)
    g_ptr_array_add(copy->members, g_strdup(value->members->pdata[i]));
  return copy;
}

static bool has_text(const GsAxis *axis, const char *text) {
  for (guint i = 0; i < axis->values->len; i++)
    if (g_str_equal(((GsAxisValue *)axis->values->pdata[i])->text, text))
      return true;
  return false;
}

static void add_axes(GsSweep *all, const GsSweep *from) {
  for (guint a = 0; a < from->axes->len; a++) {
    const GsAxis *axis = from->axes->pdata[a];
    GsAxis *to = gs_sweep_axis(all, axis->path);
    for (guint i = 0; i < axis->values->len; i++) {
      const GsAxisValue *value = axis->values->pdata[i];
      if (!has_text(to, value->text))
        g_ptr_array_add(to->values, copy_value(value));
    }
  }
}

static void add_inputs(GsSweep *all, GsSweepBase *to, const GsSweepBase *from) {
  for (guint i = 0; i < from->inputs->len; i++) {
    const GsInputFile *input = from->inputs->pdata[i];
    if (gs_sweep_base_input(to, input->named))
      continue;
    g_ptr_array_add(to->inputs, gs_input_file_copy(input));
    g_autofree char *path = gs_input_path(to->source, input->named);
    gs_input_files_add(all->files, path, input->content);
  }
}

/** Where no axis tells scenarios apart, the one that is there stands for the others. */
static void add_base(GsSweep *all, const GsSweepBase *base, bool told_apart) {
  GsSweepBase *known = NULL;
  for (guint i = 0; i < all->bases->len; i++) {
    GsSweepBase *other = all->bases->pdata[i];
    if (!told_apart || g_str_equal(other->name, base->name))
      known = other;
  }
  if (!known) {
    gs_sweep_add_base(all, base->source, g_strndup(base->text, base->length), base->length);
    known = all->bases->pdata[all->bases->len - 1];
    g_free(known->name);
    known->name = g_strdup(base->name);
  }
  add_inputs(all, known, base);
}

/** Cells that are not there yet, as rows of texts. */
static void add_cells(GsSweep *all, GHashTable *seen, const GsSweep *from) {
  for (uint32_t cell = 0; cell < from->cell_count; cell++) {
    if (!g_hash_table_add(seen, gs_sweep_key(from, cell)))
      continue;
    g_autoptr(GPtrArray) row = g_ptr_array_new();
    for (guint a = 0; a < from->axes->len; a++)
      g_ptr_array_add(row, g_strdup(gs_sweep_value(from, cell, a)->text));
    g_ptr_array_add(row, NULL);
    g_ptr_array_add(all->listed, g_ptr_array_free(g_steal_pointer(&row), FALSE));
  }
}

static void free_row(gpointer row) {
  g_strfreev(row);
}

static uint64_t combinations(const GsSweep *sweep) {
  uint64_t count = 1;
  for (guint a = 0; a < sweep->axes->len && count <= GS_SWEEP_CELLS_MAX; a++)
    count *= ((GsAxis *)sweep->axes->pdata[a])->values->len;
  return count;
}

GsSweep *gs_sweep_union(const GsSweep *asked, const GsSweep *before, GError **error) {
  g_autoptr(GsSweep) all = gs_sweep_new();
  all->name = g_strdup(asked->name);
  all->about = g_strdup(asked->about);
  all->sort = g_strdup(asked->sort);
  all->seed = asked->seed;
  all->precision = asked->precision;
  all->repeat = MAX(asked->repeat, before ? before->repeat : 0);
  all->repeat_given = asked->repeat_given || (before && before->repeat_given);
  gs_input_files_seal(all->files, "what is kept of this study");
  all->repeat_most = MAX(asked->repeat_most, before ? before->repeat_most : 0);
  for (guint i = 0; i < asked->overrides->len; i++)
    g_ptr_array_add(all->overrides, g_strdup(asked->overrides->pdata[i]));
  all->listed = g_ptr_array_new_with_free_func(free_row);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  bool told_apart = gs_sweep_find_axis(asked, GS_AXIS_SCENARIO) != NULL;
  const GsSweep *both[] = {asked, before};
  for (guint s = 0; s < G_N_ELEMENTS(both) && both[s]; s++) {
    for (guint i = 0; i < both[s]->bases->len; i++)
      add_base(all, both[s]->bases->pdata[i], told_apart);
    add_axes(all, both[s]);
    add_cells(all, seen, both[s]);
  }
  /* All combinations are said by their axes. */
  if (!asked->listed && combinations(all) == all->listed->len)
    g_clear_pointer(&all->listed, g_ptr_array_unref);
  return gs_sweep_finish(all, error) ? g_steal_pointer(&all) : NULL;
}

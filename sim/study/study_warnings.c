/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/study_warnings.h"

#include "sim/base/text.h"
#include "sim/report/print.h"
#include "sim/report/warnings.h"

/** So many cells are named. */
#define CELLS_NAMED 3u

static void study_warning_free(gpointer data) {
  GsStudyWarning *warning = data;
  gs_warning_free(warning->warning);
  g_array_unref(warning->cells);
  g_free(warning);
}

GPtrArray *gs_study_warnings_new(void) {
  return g_ptr_array_new_with_free_func(study_warning_free);
}

static bool same(const GsWarning *one, const GsWarning *other) {
  return g_str_equal(one->kind, other->kind) && g_str_equal(one->place, other->place) &&
         g_str_equal(one->text, other->text);
}

static GsStudyWarning *find(GPtrArray *warnings, const GsWarning *warning) {
  for (guint i = 0; i < warnings->len; i++) {
    GsStudyWarning *known = warnings->pdata[i];
    if (same(known->warning, warning))
      return known;
  }
  return NULL;
}

/** The one that further ones are counted in. */
static GsStudyWarning *rest_of(GPtrArray *warnings, const char *place) {
  GsStudyWarning *last = warnings->pdata[warnings->len - 1];
  if (warnings->len > GS_STUDY_WARNINGS_MAX)
    return last;
  GsStudyWarning *rest = g_new(GsStudyWarning, 1);
  rest->cells = g_array_new(FALSE, FALSE, sizeof(uint32_t));
  rest->warning = gs_warning_new("more", g_strdup(place), NULL, 0);
  g_ptr_array_add(warnings, rest);
  return rest;
}

static void add_cell(GsStudyWarning *warning, uint32_t cell) {
  GArray *cells = warning->cells;
  if (cells->len == 0 || g_array_index(cells, uint32_t, cells->len - 1) != cell)
    g_array_append_val(cells, cell);
}

void gs_study_warnings_add(GPtrArray *warnings, uint32_t cell, const GPtrArray *scenario_warnings) {
  for (guint i = 0; i < scenario_warnings->len; i++) {
    const GsWarning *warning = scenario_warnings->pdata[i];
    GsStudyWarning *known = find(warnings, warning);
    if (!known && warnings->len >= GS_STUDY_WARNINGS_MAX) {
      known = rest_of(warnings, warning->place);
      g_free(known->warning->text);
      known->warning->count++;
      known->warning->text = g_strdup_printf("%u more like these", known->warning->count);
    } else if (!known) {
      known = g_new(GsStudyWarning, 1);
      *known =
          (GsStudyWarning){gs_warning_copy(warning), g_array_new(FALSE, FALSE, sizeof(uint32_t))};
      g_ptr_array_add(warnings, known);
    }
    add_cell(known, cell);
  }
}

char *gs_study_warning_line(const GsStudyWarning *warning, const GsSweep *sweep) {
  g_autofree char *line = gs_warning_line(warning->warning);
  guint count = warning->cells->len;
  if (count == sweep->cell_count)
    return g_strdup_printf("%s%s", line,
                           count == 1   ? ""
                           : count == 2 ? " (in both cells)"
                                        : " (in all cells)");
  GString *out = g_string_new(line);
  g_string_append(out, " (in ");
  for (guint i = 0; i < MIN(count, CELLS_NAMED); i++) {
    g_autofree char *label =
        gs_sweep_label(sweep, g_array_index(warning->cells, uint32_t, i), GS_NO_AXIS);
    g_string_append_printf(out, "%s%s", i ? "; " : "", label);
  }
  if (count > CELLS_NAMED)
    g_string_append_printf(out, " and %u more of %u cells", count - CELLS_NAMED, sweep->cell_count);
  g_string_append_c(out, ')');
  return g_string_free(out, FALSE);
}

void gs_study_warnings_write(GsJsonWriter *json, const GPtrArray *warnings) {
  gs_json_write_key(json, "warnings");
  gs_json_begin_array(json);
  for (guint i = 0; i < warnings->len; i++) {
    const GsStudyWarning *warning = warnings->pdata[i];
    gs_json_begin_object(json);
    gs_warning_write(json, warning->warning);
    gs_json_write_key(json, "cells");
    gs_json_compact_next(json);
    gs_json_begin_array(json);
    for (guint c = 0; c < warning->cells->len; c++)
      gs_json_write_int(json, g_array_index(warning->cells, uint32_t, c));
    gs_json_end_array(json);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

void gs_study_warnings_print(const GPtrArray *warnings, const GsSweep *sweep, GsStyle style,
                             GString *out) {
  if (warnings->len == 0)
    return;
  gs_print_section("Warnings", style, out);
  for (guint i = 0; i < warnings->len; i++) {
    g_autofree char *line = gs_study_warning_line(warnings->pdata[i], sweep);
    g_autofree char *clean = gs_text_clean(line);
    gs_text_wrap(out, clean, 2, gs_print_width(style));
  }
}

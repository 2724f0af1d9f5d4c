/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/check_sweep.h"

#include <inttypes.h>

#include "core/error.h"
#include "sim/report/memory_fit.h"
#include "sim/report/text.h"
#include "sim/scenario/chance.h"
#include "sim/scenario/source.h"
#include "sim/study/looks.h"
#include "sim/study/study.h"
#include "sim/study/sweep_file.h"

bool gs_check_is_sweep(const char *path) {
  if (g_str_equal(path, "-") || !g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return false;
  GString *text = gs_source_read(path, GS_SWEEP_BYTES_MAX, NULL);
  bool is = text && gs_sweep_is_one(text->str, text->len);
  if (text)
    g_string_free(text, TRUE);
  return is;
}

/** What it will take. */
typedef struct {
  uint64_t runs, messages;
  uint32_t impossible, untried;
  uint64_t largest_bytes;
  uint32_t largest_cell;
} Cost;

static bool add_cell(const GsSweep *sweep, uint32_t cell, Cost *cost, GError **error) {
  g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, cell, 0, error);
  if (!scenario)
    return false;
  uint32_t runs =
      gs_scenario_draws(scenario) ? gs_looks_first(sweep) : gs_looks_without_chance(sweep);
  cost->runs += runs;
  cost->messages += runs * gs_study_messages(scenario);
  GsMemoryPlan plan = {.runner = GS_RUNNER_POOL, .workers = 1};
  GsMemoryRoom room = gs_memory_room_now();
  GsMemoryNeed need;
  gs_memory_need(scenario, &plan, &need);
  if (need.bytes > cost->largest_bytes) {
    cost->largest_bytes = need.bytes;
    cost->largest_cell = cell;
  }
  return gs_memory_fits(scenario, &plan, &need, &room, error);
}

static bool find_cost(const GsSweep *sweep, const GsStudyRuns *plan, Cost *cost, GError **error) {
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autofree char *key = gs_sweep_key(sweep, cell);
    if (plan->cells[cell].problem) {
      cost->impossible++;
    } else if (gs_study_is_untried(sweep, cell)) {
      cost->untried++;
      cost->runs += sweep->repeat;
    } else if (!add_cell(sweep, cell, cost, error)) {
      g_prefix_error(error, "%s: ", key);
      return false;
    }
  }
  return true;
}

static void print(const GsSweep *sweep, const GsStudyRuns *plan, const Cost *cost, GString *out) {
  g_autofree char *cells = gs_text_count(sweep->cell_count), *runs = gs_text_count(cost->runs);
  g_autofree char *messages = gs_text_count(cost->messages);
  g_autofree char *bytes = gs_text_bytes(cost->largest_bytes);
  g_autofree char *label = gs_sweep_label(sweep, cost->largest_cell, GS_NO_AXIS);
  g_autofree char *largest = gs_text_clean(label);
  g_autofree char *name = gs_text_clean(sweep->name ? sweep->name : "compare");
  g_string_append_printf(out, "%s, a sweep\n", name);
  g_string_append_printf(out, "  cells     %s", cells);
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    g_autofree char *axis_name = gs_text_clean(axis->path);
    g_string_append_printf(out, "%s%s (%u)", a ? ", " : ": ", axis_name, axis->values->len);
  }
  g_string_append_printf(out, "\n  runs      %s%s\n", runs,
                         sweep->precision > 0 ? " or more, as the precision needs" : "");
  g_string_append_printf(out, "  messages  about %s in all%s\n", messages,
                         cost->untried ? ", besides those of cells that were not tried" : "");
  g_string_append_printf(out, "  memory    up to about %s for a run (%s)\n", bytes, largest);
  if (cost->untried)
    g_string_append_printf(out, "  not tried %u of the cells: more than %u nodes\n", cost->untried,
                           GS_STUDY_TRIED_NODES_MAX);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autofree char *key = gs_sweep_key(sweep, cell);
    g_autofree char *clean = gs_text_clean(key);
    if (plan->cells[cell].problem)
      g_string_append_printf(out, "  cannot be: %s: %s\n", clean, plan->cells[cell].problem);
  }
}

static void write_members(const GsSweep *sweep, const GsStudyRuns *plan, const Cost *cost,
                          GsJsonWriter *json) {
  gs_json_write_key(json, "sweep");
  gs_json_begin_object(json);
  gs_json_member_int(json, "cells", sweep->cell_count);
  gs_json_member_int(json, "runs", (int64_t)cost->runs);
  gs_json_member_int(json, "messages", (int64_t)MIN(cost->messages, (uint64_t)INT64_MAX));
  gs_json_member_int(json, "memory_bytes", (int64_t)MIN(cost->largest_bytes, (uint64_t)INT64_MAX));
  gs_json_member_int(json, "not_tried", cost->untried);
  gs_json_write_key(json, "problems");
  gs_json_begin_object(json);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autofree char *key = gs_sweep_key(sweep, cell);
    if (plan->cells[cell].problem)
      gs_json_member_string(json, key, plan->cells[cell].problem);
  }
  gs_json_end_object(json);
  gs_json_end_object(json);
}

bool gs_check_sweep(const char *path, const GsOverrides *overrides, GString *out,
                    GsJsonWriter *json, GError **error) {
  GString *text = gs_source_read(path, GS_SWEEP_BYTES_MAX, error);
  if (!text)
    return false;
  g_autoptr(GString) kept = text;
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  if (!gs_sweep_read(sweep, kept->str, kept->len, path, error))
    return false;
  for (guint i = 0; i < overrides->items->len; i++) {
    const GsOverride *item = &g_array_index(overrides->items, GsOverride, i);
    if (g_str_equal(item->path, "seed"))
      sweep->seed = g_ascii_strtoull(item->value, NULL, 10);
    else
      gs_sweep_set(sweep, item->path, item->value);
  }
  Cost cost = {0};
  if (!gs_sweep_finish(sweep, error)) {
    g_prefix_error(error, "%s: ", path);
    return false;
  }
  g_autoptr(GsStudyRuns) plan = gs_study_plan(sweep, error);
  if (!plan || !find_cost(sweep, plan, &cost, error)) {
    g_prefix_error(error, "%s: ", path);
    return false;
  }
  if (out)
    print(sweep, plan, &cost, out);
  else
    write_members(sweep, plan, &cost, json);
  return true;
}

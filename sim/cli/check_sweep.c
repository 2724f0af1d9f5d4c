/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/check_sweep.h"

#include <inttypes.h>

#include "core/error.h"
#include "sim/base/source.h"
#include "sim/base/text.h"
#include "sim/forecast/memory_fit.h"
#include "sim/scenario/chance.h"
#include "sim/study/looks.h"
#include "sim/study/seed_overlap.h"
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
  uint32_t undrawn;     /**< cells in which nothing is drawn from the seed */
  uint64_t shared_runs; /**< that have the seed of another cell's, see seed_overlap.h */
  uint64_t largest_bytes;
  uint32_t largest_cell;
} Cost;

/** `drawn`: its runs, if they are not all the same. */
static bool add_cell(const GsSweep *sweep, uint32_t cell, Cost *cost, uint32_t *drawn,
                     GError **error) {
  g_autoptr(GsScenario) scenario = gs_sweep_scenario(sweep, cell, 0, error);
  if (!scenario)
    return false;
  bool draws = gs_scenario_draws(scenario);
  uint32_t runs = draws ? gs_looks_first(sweep) : gs_looks_without_chance(sweep);
  *drawn = draws ? runs : 0;
  cost->undrawn += !draws;
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
  g_autofree uint32_t *drawn = g_new0(uint32_t, MAX(sweep->cell_count, 1));
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    g_autofree char *key = gs_sweep_key(sweep, cell);
    if (plan->cells[cell].problem) {
      cost->impossible++;
    } else if (gs_study_is_untried(sweep, cell)) {
      cost->untried++;
      cost->runs += sweep->repeat;
    } else if (!add_cell(sweep, cell, cost, &drawn[cell], error)) {
      g_prefix_error(error, "%s: ", key);
      return false;
    }
  }
  cost->shared_runs = gs_seeds_shared(sweep, drawn);
  return true;
}

/** What there is to say of an axis seed. */
static void print_seeds(const GsSweep *sweep, const Cost *cost, GString *out) {
  if (gs_seeds_compared(sweep) < 2)
    return;
  uint32_t tried = sweep->cell_count - cost->impossible - cost->untried;
  if (cost->undrawn > 0 && cost->undrawn == tried) {
    g_string_append(out, "  seed      the axis has no effect: nothing is drawn from the seed\n");
  } else if (cost->undrawn > 0) {
    g_autofree char *part = gs_text_part(cost->undrawn, tried, "cell");
    g_string_append_printf(
        out, "  seed      the axis has no effect in %s: nothing is drawn from the seed\n", part);
  }
  if (cost->shared_runs > 0) {
    g_autofree char *runs = gs_text_plural(cost->shared_runs, "run");
    g_string_append_printf(out,
                           "  seed      its values lie closer together than a cell has runs: %s "
                           "%s the seed of one in another cell\n",
                           runs, cost->shared_runs == 1 ? "has" : "have");
  }
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
  print_seeds(sweep, cost, out);
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
  gs_json_member_int(json, "without_chance", cost->undrawn);
  gs_json_member_int(json, "shared_runs", (int64_t)cost->shared_runs);
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

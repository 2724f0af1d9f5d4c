/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/explore_args.h"

#include <string.h>
#include <unistd.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/explore/explicit.h"
#include "sim/report/style.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/family.h"

#define RUNS_MAX UINT64_C(1000000000)
#define NODES_MAX 1000u

void gs_explore_list_options(ExploreArgs *args, GOptionEntry entries[GS_EXPLORE_OPTIONS]) {
  const GOptionEntry all[GS_EXPLORE_OPTIONS] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &args->json,
       "write one JSON document to standard output, and nothing else", NULL},
      {"runs", 0, 0, G_OPTION_ARG_FILENAME, &args->runs,
       "runs to do (default: 1000, or with --for as many as there is time for)", "N"},
      {"for", 0, 0, G_OPTION_ARG_FILENAME, &args->lasts, "end after so much time: 60s", "DURATION"},
      {"from", 0, 0, G_OPTION_ARG_FILENAME, &args->from,
       "seed of the first run; the others follow (default: 1)", "SEED"},
      {"topology", 0, 0, G_OPTION_ARG_FILENAME, &args->topology,
       "families to draw grids from: ring,star (default: all)", "LIST"},
      {"nodes", 0, 0, G_OPTION_ARG_FILENAME, &args->nodes,
       "how many nodes they have (default: 2..12)", "LEAST..MOST"},
      {"checks", 0, 0, G_OPTION_ARG_FILENAME, &args->checks,
       "checks that runs must pass: in-sync,ids (default: all)", "LIST"},
      {"failures", 0, 0, G_OPTION_ARG_FILENAME, &args->failures,
       "end with so many runs that fail (default: 1)", "N"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->set,
       "what all scenarios say: protocol=original, network.fifo=true; may be given again",
       "PATH=VALUE"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &args->out,
       "write each failure into this folder, as a scenario CHECK-SEED.json", "DIR"},
      {"jobs", 'j', 0, G_OPTION_ARG_FILENAME, &args->jobs,
       "runs at the same time (default: the number of cores)", "N"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &args->quiet,
       "no report or progress; only files and the exit status", NULL},
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

void gs_explore_plan_clear(ExplorePlan *plan) {
  gs_tree_free(plan->base);
  g_clear_pointer(&plan->names, g_ptr_array_unref);
  g_clear_pointer(&plan->families, g_ptr_array_unref);
}

static bool read_families(const char *text, ExplorePlan *plan, GError **error) {
  plan->families = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; !text && i < GS_TOPOLOGY_FILE; i++)
    g_ptr_array_add(plan->families, g_strdup(gs_topology_kind_names[i]));
  g_auto(GStrv) words = g_strsplit(text ? text : "", ",", -1);
  for (char **word = words; *word; word++) {
    GsTopologyKind kind;
    if (!gs_family_find(*word, &kind)) {
      g_autofree char *list = gs_family_list();
      g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "--topology: no family '%s'; allowed: %s", *word,
                  list);
      return false;
    }
    g_ptr_array_add(plan->families, g_strdup(*word));
  }
  return true;
}

static bool read_nodes(const char *text, ExplorePlan *plan, GError **error) {
  uint64_t least = 2, most = 12;
  if (text) {
    const char *dots = strstr(text, "..");
    g_autofree char *first = dots ? g_strndup(text, (gsize)(dots - text)) : g_strdup(text);
    if (!gs_option_number("--nodes", first, 1, NODES_MAX, &least, error) ||
        !gs_option_number("--nodes", dots ? dots + 2 : text, least, NODES_MAX, &most, error))
      return false;
  }
  plan->draw.least_nodes = (uint32_t)least;
  plan->draw.most_nodes = (uint32_t)most;
  return true;
}

static bool read_checks(const char *text, ExplorePlan *plan, GError **error) {
  plan->draw.checks = text ? 0 : GS_CHECKS_ALL;
  if (text && g_str_equal(text, "all"))
    plan->draw.checks = GS_CHECKS_ALL;
  g_auto(GStrv) words = g_strsplit(text && !plan->draw.checks ? text : "", ",", -1);
  /* Where messages are lost to the end, only that what is counted is right is certain. */
  GsCheckSet certain = gs_check_set(GS_CHECK_SUMS) | gs_check_set(GS_CHECK_IDS);
  for (char **word = words; *word; word++) {
    int check;
    if (!gs_option_word("--checks", *word, gs_check_names, &check, error))
      return false;
    plan->draw.checks |= gs_check_set((GsCheck)check);
  }
  plan->draw.lossy_checks = text ? plan->draw.checks : certain;
  if (plan->draw.checks)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "--checks: names no check");
  return false;
}

bool gs_explore_plan_options(const ExploreArgs *args, ExplorePlan *plan, GError **error) {
  uint64_t runs = args->lasts ? RUNS_MAX : 1000, from = 1, failures = 1;
  uint64_t jobs = (uint64_t)MAX(sysconf(_SC_NPROCESSORS_ONLN), 1);
  int64_t lasts_ns = 0;
  if (args->runs && !gs_option_number("--runs", args->runs, 1, RUNS_MAX, &runs, error))
    return false;
  if (args->lasts && !gs_option_duration("--for", args->lasts, &lasts_ns, error))
    return false;
  if (args->lasts && !lasts_ns) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "--for: a time of 0 is not allowed");
    return false;
  }
  if (args->from &&
      !gs_option_number("--from", args->from, 0, GS_JSON_EXACT_MAX - RUNS_MAX, &from, error))
    return false;
  if (args->failures && !gs_option_number("--failures", args->failures, 1, 1000, &failures, error))
    return false;
  if (args->jobs && !gs_option_number("--jobs", args->jobs, 1, GS_JOBS_MAX, &jobs, error))
    return false;
  plan->hunt = (GsHuntOptions){.draw = &plan->draw,
                               .first_seed = from,
                               .runs = runs,
                               .seconds = (double)lasts_ns / GS_SECOND_NS,
                               .jobs = (uint32_t)jobs,
                               .failures_max = (uint32_t)failures};
  return read_families(args->topology, plan, error) && read_nodes(args->nodes, plan, error) &&
         read_checks(args->checks, plan, error);
}

/** The scenario as it is read, with its overrides. */
static bool read_document(const ExploreArgs *args, GsOverrides *overrides, ExplorePlan *plan,
                          GError **error) {
  g_autoptr(GString) text = NULL;
  const char *operand = args->operands ? args->operands[0] : NULL;
  g_autoptr(GsScenario) scenario =
      operand ? gs_overrides_load(overrides, operand, &text, error) : NULL;
  if (operand && !scenario)
    return false;
  GsJsonLimits limits = {.max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX};
  const char *json = text ? text->str : "{}";
  g_autoptr(GsJsonDoc) doc = gs_json_parse(json, strlen(json), operand, &limits, error);
  if (!doc)
    return false;
  const GsOverride *items = (const GsOverride *)(void *)overrides->items->data;
  for (guint i = 0; i < overrides->items->len; i++)
    if (!gs_json_override(doc, items[i].path, items[i].value, error))
      return false;
  plan->base = gs_tree_of(gs_json_root(doc));
  if (!scenario)
    return true;
  plan->draw.has_links = scenario->link_count > 0;
  plan->names = g_ptr_array_new_with_free_func(g_free);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    g_ptr_array_add(plan->names, g_strdup(scenario->nodes[i].name));
  /* Runs read no files: a grid that comes from one is listed. */
  const GsTree *topology = gs_tree_member(plan->base, "topology");
  if (topology && !gs_tree_member(topology, "kind"))
    gs_tree_list_grid(plan->base, scenario);
  return true;
}

bool gs_explore_plan_base(const ExploreArgs *args, ExplorePlan *plan, GError **error) {
  g_auto(GsOverrides) overrides;
  gs_overrides_init(&overrides);
  overrides.quiet = args->quiet;
  if (!gs_overrides_read(&overrides, args->set, NULL, NULL, error) ||
      !read_document(args, &overrides, plan, error))
    return false;
  plan->draw.base = plan->base;
  plan->draw.names = plan->names;
  plan->draw.families = plan->families;
  return true;
}

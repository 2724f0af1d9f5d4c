/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/compare_args.h"

#include <string.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/base/duration.h"
#include "sim/base/quote.h"
#include "sim/base/source.h"
#include "sim/cli/command_text.h"
#include "sim/cli/operand.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/scenario/scenario_text.h"
#include "sim/study/sweep_file.h"
#include "sim/study/sweep_graph.h"
#include "sim/topology/family.h"

void gs_compare_list_options(GsCompareArgs *args, GOptionEntry entries[GS_COMPARE_OPTIONS]) {
  const GOptionEntry all[GS_COMPARE_OPTIONS] = {
      {"topology", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->topology,
       "families of graphs and graph files to compare: ring,star,power.gml (default: all "
       "families); given again, adds more",
       "LIST"},
      {"nodes", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->nodes,
       "numbers of nodes (default: 8,16,32,64,128); given again, adds more", "LIST"},
      {"vary", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->vary,
       "compare values of a scenario's member too: network.latency=1ms,10ms; may be given again",
       "PATH=LIST"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &args->set,
       "change all scenarios, as for gridsim run; may be given again", "PATH=VALUE"},
      {"repeat", 0, 0, G_OPTION_ARG_FILENAME, &args->repeat,
       "runs of each cell, each with a seed of its own (default: 20, or 1 where nothing is drawn)",
       "N"},
      {"seed", 0, 0, G_OPTION_ARG_FILENAME, &args->seed,
       "seed of the first repetition, the same in all cells (default: 1)", "N"},
      {"precision", 0, 0, G_OPTION_ARG_FILENAME, &args->precision,
       "repeat until the 95 % interval of the mean convergence time is within that of it: 5%; at "
       "least 20 times",
       "PART"},
      {"repeat-max", 0, 0, G_OPTION_ARG_FILENAME, &args->repeat_max,
       "most runs of a cell with --precision (default: 1000)", "N"},
      {"until", 0, 0, G_OPTION_ARG_FILENAME, &args->until, "end each run at this simulated time",
       "DURATION"},
      {"jobs", 'j', 0, G_OPTION_ARG_FILENAME, &args->jobs,
       "runs at the same time; results do not depend on it (default: the number of cores)", "N"},
      {"memory", 0, 0, G_OPTION_ARG_FILENAME, &args->memory,
       "most memory that all runs together may need; fewer run at once where it is short: 500MiB, "
       "40GiB, unlimited (default: what is free)",
       "SIZE"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &args->out,
       "keep results and a report in a directory; given again, goes on where it stopped", "DIR"},
      {"fresh", 0, 0, G_OPTION_ARG_NONE, &args->fresh,
       "with --out: run all anew; what an earlier study left there is set aside in a folder "
       "before-N "
       "inside it",
       NULL},
      {"format", 0, 0, G_OPTION_ARG_FILENAME, &args->format,
       "what to print: table, csv, json or markdown (default: table)", "NAME"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &args->json, "the same as --format json", NULL},
      {"sort", 0, 0, G_OPTION_ARG_FILENAME, &args->sort,
       "figure to sort and mark the best by: convergence, messages, wire_bytes, largest_mailbox, "
       "hops, out_of_sync, … (default: convergence)",
       "FIGURE"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &args->quiet, "no table and no progress", NULL},
      GS_ROW_COLOR(args),
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

void gs_compare_args_clear(GsCompareArgs *args) {
  GOptionEntry entries[GS_COMPARE_OPTIONS];
  gs_compare_list_options(args, entries);
  gs_options_clear(entries);
}

/* ---- Reading ---- */

/**
 * "ring, star": blanks around values are no part of them. `more`: adds to what
 * the command line said before; otherwise replaces what a file says of that axis.
 */
static bool read_list(GsSweep *sweep, const char *option, const char *path, const char *list,
                      bool more, GError **error) {
  if (sweep->listed)
    return gs_fail_input(error, "%s: the file lists its cells one by one", option);
  GsAxis *axis = gs_sweep_axis(sweep, path);
  if (!more)
    g_ptr_array_set_size(axis->values, 0);
  g_auto(GStrv) texts = g_strsplit(list, ",", -1);
  for (char **text = texts; *text; text++)
    if (gs_axis_is_graph(axis, g_strstrip(*text), *text))
      gs_axis_add_graph(axis, *text);
    else if (!gs_axis_add(axis, g_strstrip(*text), *text, error)) {
      g_prefix_error(error, "%s: ", option);
      return false;
    }
  if (!texts[0])
    return gs_fail_input(error, "%s: an empty list; give values with commas between them", option);
  return true;
}

/** An option that may be given again: its lists add up. */
static bool read_lists(GsSweep *sweep, const char *option, const char *path, char **lists,
                       GError **error) {
  for (char **list = lists; list && *list; list++)
    if (!read_list(sweep, option, path, *list, list > lists, error))
      return false;
  return true;
}

static bool has_graph(char **operands) {
  bool found = false;
  for (; operands && *operands; operands++)
    found |= gs_scenario_text_is_graph(*operands);
  return found;
}

/** A word that is a family, and no file: beside graph files it is meant so, and by itself where no
 * scenario that ships is called so. */
static bool is_family(const char *operand, bool has_graphs) {
  GsTopologyKind kind;
  if (!gs_family_find(operand, &kind) || g_file_test(operand, G_FILE_TEST_EXISTS))
    return false;
  g_auto(GStrv) shipped = gs_shipped_names(false);
  return has_graphs || !g_strv_contains((const char *const *)shipped, operand);
}

/** To be compared as a topology. */
static bool is_topology(const char *operand, bool has_graphs) {
  return gs_scenario_text_is_graph(operand) || is_family(operand, has_graphs);
}

static bool topologies_are_operands(char **operands) {
  bool has_graphs = has_graph(operands), found = false;
  for (; operands && *operands; operands++)
    found |= is_topology(*operands, has_graphs);
  return found;
}

/** Those of the option, beside those among the operands. */
static bool read_topologies(GsSweep *sweep, const GsCompareArgs *args, GError **error) {
  const GsAxis *axis = gs_sweep_find_axis(sweep, GS_AXIS_TOPOLOGY);
  bool more = axis && topologies_are_operands(args->operands);
  for (char **list = args->topology; list && *list; list++)
    if (!read_list(sweep, "--topology", "topology", *list, more || list > args->topology, error))
      return false;
  return true;
}

/** The two sides of "PATH=VALUE"; free `path` with g_free. */
static bool split(const char *option, const char *text, const char *example, char **path,
                  const char **value, GError **error) {
  const char *equals = strchr(text, '=');
  if (equals && equals > text && g_utf8_validate(text, -1, NULL)) {
    *path = g_strndup(text, (gsize)(equals - text));
    *value = equals + 1;
    return true;
  }
  g_autofree char *quoted = gs_quote(text);
  return gs_fail_input(error, "%s: %s is not %s", option, quoted, example);
}

static bool read_vary(GsSweep *sweep, const GsCompareArgs *args, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (args->topology)
    g_hash_table_add(seen, g_strdup("topology"));
  if (args->nodes)
    g_hash_table_add(seen, g_strdup("nodes"));
  for (char **vary = args->vary; vary && *vary; vary++) {
    g_autofree char *path = NULL;
    const char *list = NULL;
    if (!split("--vary", *vary, "PATH=LIST, such as network.latency=1ms,10ms", &path, &list, error))
      return false;
    if (g_str_equal(path, "scenario"))
      return gs_fail_input(error, "--vary: scenarios are compared by naming their files");
    if (!read_list(sweep, "--vary", path, list, !g_hash_table_add(seen, g_strdup(path)), error))
      return false;
  }
  return true;
}

static bool read_sets(GsSweep *sweep, const GsCompareArgs *args, GError **error) {
  for (char **set = args->set; set && *set; set++) {
    g_autofree char *path = NULL;
    const char *value = NULL;
    if (!split("--set", *set, "PATH=VALUE, such as network.latency=5ms", &path, &value, error))
      return false;
    if (g_str_equal(path, "seed"))
      return gs_fail_input(error,
                           "--set: repetitions have seeds of their own; give --seed the first");
    gs_sweep_set(sweep, path, value);
  }
  if (!args->until)
    return true;
  int64_t ns;
  if (!gs_option_duration("--until", args->until, &ns, error))
    return false;
  g_autofree char *until = gs_duration_format(ns);
  gs_sweep_set(sweep, "until", until);
  return true;
}

static bool read_count(const char *option, const char *text, uint64_t most, uint32_t *count,
                       GError **error) {
  uint64_t value;
  if (!text)
    return true;
  if (!gs_option_number(option, text, 1, most, &value, error))
    return false;
  *count = (uint32_t)value;
  return true;
}

static bool read_plan(GsSweep *sweep, const GsCompareArgs *args, GError **error) {
  if (!read_count("--repeat", args->repeat, GS_SWEEP_REPEAT_MAX, &sweep->repeat, error) ||
      !read_count("--repeat-max", args->repeat_max, GS_SWEEP_REPEAT_MAX, &sweep->repeat_most,
                  error))
    return false;
  sweep->repeat_given |= args->repeat != NULL;
  if (args->seed && !gs_option_number("--seed", args->seed, 0, GS_NODE_ID_MAX - GS_SWEEP_REPEAT_MAX,
                                      &sweep->seed, error))
    return false;
  if (args->precision && !gs_sweep_read_precision(args->precision, &sweep->precision, error)) {
    g_prefix_error(error, "--precision: ");
    return false;
  }
  if (args->repeat_max && !(sweep->precision > 0))
    return gs_fail_input(error, "--repeat-max goes with --precision; otherwise say --repeat");
  if (!args->sort)
    return true;
  if (!gs_metric_find(args->sort, NULL, error)) {
    g_prefix_error(error, "--sort: ");
    return false;
  }
  g_free(sweep->sort);
  sweep->sort = g_strdup(args->sort);
  return true;
}

static bool read_file(GsSweep *sweep, const char *operand, bool alone, bool quiet, GError **error) {
  g_autofree char *path = gs_operand_file(operand, quiet, error);
  GString *text = path ? gs_scenario_text_read(path, error) : NULL;
  if (!text)
    return false;
  gsize length = text->len;
  char *bytes = g_string_free(text, FALSE);
  if (length > GS_SWEEP_BYTES_MAX || !gs_sweep_is_one(bytes, length)) {
    gs_sweep_add_base(sweep, gs_source_name(path), bytes, length);
    return true;
  }
  g_autofree char *kept = bytes;
  if (!alone)
    return gs_fail_input(error, "%s is a sweep; it cannot be compared with other files", operand);
  return gs_sweep_read(sweep, kept, length, gs_source_name(path), error);
}

static bool read_operands(GsSweep *sweep, char **operands, bool quiet, GError **error) {
  bool alone = operands && !operands[1], has_graphs = has_graph(operands);
  for (char **operand = operands; operand && *operand; operand++)
    if (!is_topology(*operand, has_graphs) && !read_file(sweep, *operand, alone, quiet, error))
      return false;
  for (char **operand = operands; operand && *operand; operand++) {
    if (!is_topology(*operand, has_graphs))
      continue;
    GsAxis *axis = gs_sweep_axis(sweep, "topology");
    if (gs_axis_is_graph(axis, *operand, *operand))
      gs_axis_add_graph(axis, *operand);
    else if (!gs_axis_add(axis, *operand, *operand, error))
      return false;
  }
  return true;
}

bool gs_compare_read_sweep(const GsCompareArgs *args, GsSweep *sweep, GError **error) {
  return read_operands(sweep, args->operands, args->quiet, error) &&
         read_topologies(sweep, args, error) &&
         read_lists(sweep, "--nodes", "nodes", args->nodes, error) &&
         read_vary(sweep, args, error) && read_sets(sweep, args, error) &&
         read_plan(sweep, args, error) && gs_sweep_finish(sweep, error) &&
         (!args->fresh || args->out ||
          gs_fail_input(error, "--fresh goes with --out; without it all is run anew anyway"));
}

/* ---- The command, to be given again ---- */

/** Whether an argument is `--name` or `--name=…`; `value` says that a value follows apart. */
static bool is_option(const char *arg, const char *name, bool *value) {
  if (!g_str_has_prefix(arg, "--") || !g_str_has_prefix(arg + 2, name))
    return false;
  const char *rest = arg + 2 + strlen(name);
  *value = *rest == '\0';
  return *rest == '\0' || *rest == '=';
}

/** Options that change how it is done or shown, not what comes out. */
static bool is_left_out(const char *arg, bool *value) {
  static const char *const with_value[] = {"jobs", "memory", "out", "format", "color", NULL};
  *value = false;
  if (g_str_equal(arg, "--quiet") || g_str_equal(arg, "-q") || g_str_equal(arg, "--json") ||
      g_str_equal(arg, "--fresh"))
    return true;
  if (g_str_has_prefix(arg, "-j")) {
    *value = arg[2] == '\0';
    return true;
  }
  for (guint i = 0; with_value[i]; i++)
    if (is_option(arg, with_value[i], value))
      return true;
  return false;
}

char *gs_compare_command(char **given) {
  g_autoptr(GPtrArray) kept = g_ptr_array_new();
  for (char **arg = given + 1; *arg; arg++) {
    bool value;
    if (is_left_out(*arg, &value)) {
      if (value && arg[1])
        arg++;
      continue;
    }
    g_ptr_array_add(kept, *arg);
  }
  g_ptr_array_add(kept, NULL);
  return gs_command_text("gridsim compare", (char **)kept->pdata);
}

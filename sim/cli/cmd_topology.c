/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"
#include "sim/base/csv_text.h"
#include "sim/base/quote.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/file_form.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/operand.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/output_plan.h"
#include "sim/cli/warn.h"
#include "sim/report/graph_export.h"
#include "sim/report/graph_svg.h"
#include "sim/report/graph_text.h"
#include "sim/report/print.h"
#include "sim/report/scenario_export.h"
#include "sim/report/words.h"
#include "sim/scenario/scenario_graph.h"
#include "sim/topology/family.h"

#define DEFAULT_NODES 16

typedef enum {
  FORMAT_TEXT,
  FORMAT_SVG,
  FORMAT_DOT,
  FORMAT_GRAPHML,
  FORMAT_GML,
  FORMAT_CSV,
  FORMAT_JSON,
} Format;
static const char *const format_names[] = {"text", "svg", "dot",  "graphml",
                                           "gml",  "csv", "json", NULL};
static const GsFileForm file_forms[] = {
    [FORMAT_TEXT] = {"text", "txt"},
    [FORMAT_SVG] = {"an SVG picture", "svg"},
    [FORMAT_DOT] = {"a graph in DOT", "dot gv"},
    [FORMAT_GRAPHML] = {"GraphML", "graphml"},
    [FORMAT_GML] = {"GML", "gml"},
    [FORMAT_CSV] = {"tables in CSV", "csv"},
    [FORMAT_JSON] = {"a scenario", "json"},
    {NULL, NULL},
};

typedef struct {
  gboolean help, json, force;
  char *nodes, *seed, *format, *output, *color;
  char **set, **operands;
} TopologyArgs;

#define TOPOLOGY_OPTIONS 11
static void list_options(TopologyArgs *args, GOptionEntry entries[TOPOLOGY_OPTIONS]) {
  const GOptionEntry all[TOPOLOGY_OPTIONS] = {
      {"nodes", 0, 0, G_OPTION_ARG_FILENAME, &args->nodes,
       "with a KIND: that many nodes (default: 16)", "N"},
      {"format", 0, 0, G_OPTION_ARG_FILENAME, &args->format,
       "text, svg, dot, graphml, gml, csv or json, a scenario (default: what the file's ending "
       "says, else text)",
       "FORMAT"},
      GS_ROW_OUTPUT(args),
      GS_ROW_FORCE(args, "--output"),
      {"json", 0, 0, G_OPTION_ARG_NONE, &args->json, "write what the text says as JSON", NULL},
      {"seed", 0, 0, G_OPTION_ARG_FILENAME, &args->seed, "use another seed", "N"},
      GS_ROW_SET_AS_RUN(args),
      GS_ROW_COLOR(args),
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

static void clear_args(TopologyArgs *args) {
  GOptionEntry entries[TOPOLOGY_OPTIONS];
  list_options(args, entries);
  gs_options_clear(entries);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TopologyArgs, clear_args)

void gs_cmd_topology_help(GString *out) {
  TopologyArgs args = {0};
  GOptionEntry entries[TOPOLOGY_OPTIONS];
  list_options(&args, entries);
  g_string_append(
      out, "Usage: gridsim topology [OPTION]… SCENARIO|GRAPH|KIND\n"
           "\n"
           "Says what the grid of a scenario is like and what the protocol will cost on it,\n"
           "draws it, or writes it for other programs. Instead of a scenario there can be a\n"
           "graph file (gridsim import --help), or a kind of topology:\n"
           "\n"
           " ");
  for (guint i = 0; gs_topology_kind_names[i]; i++)
    g_string_append_printf(out, "%s %s", i == 6 ? "\n " : "", gs_topology_kind_names[i]);
  g_string_append(
      out, "\n"
           "\n"
           "Examples\n"
           "  gridsim topology scenarios/lattice.json\n"
           "  gridsim topology watts-strogatz --nodes 100 --set topology.k=6\n"
           "  gridsim topology tree --nodes 40 --output tree.svg\n"
           "      a picture, for a browser\n"
           "  gridsim topology scenarios/graphs/coast.gml --output coast.svg\n"
           "      of a graph file with places, a map\n"
           "  gridsim topology erdos-renyi --set topology.links=30 --format json >grid.json\n"
           "      a scenario to go on from, with its nodes and links listed\n"
           "\n"
           "Links that handshakes and the schedule will make count as made. What a kind\n"
           "leaves open has a default: a lattice is as square as it can be.\n"
           "\n"
           "Options\n");
  gs_options_describe(entries, out);
  gs_help_shipped(out);
  g_string_append(out, "\nExit status: 0 done; 2 wrong usage or input.\n");
}

/** What a scenario must say of a kind and an option for its size does not. */
static void write_needed(GsJsonWriter *json, GsTopologyKind kind, uint32_t nodes, char **set) {
  GsTopologySpec usual = gs_family_defaults(kind, nodes);
  bool links_set = false;
  for (; set && *set; set++)
    links_set |= g_str_has_prefix(*set, "topology.links=");
  if (kind == GS_TOPOLOGY_LATTICE) {
    gs_json_member_int(json, "rows", usual.rows);
    gs_json_member_int(json, "columns", usual.columns);
    return;
  }
  gs_json_member_int(json, "nodes", nodes);
  if (kind == GS_TOPOLOGY_ERDOS_RENYI && !links_set)
    gs_json_member_double(json, "p", usual.p);
  if (kind == GS_TOPOLOGY_GEOMETRIC)
    gs_json_member_double(json, "radius", usual.radius);
}

/** A scenario of a kind and a size; free with g_string_free. */
static GString *text_of_kind(const TopologyArgs *args, GsTopologyKind kind, uint32_t nodes) {
  const char *name = gs_topology_kind_names[kind];
  GString *text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 0);
  gs_json_begin_object(json);
  gs_json_member_string(json, "name", name);
  gs_json_write_key(json, "topology");
  gs_json_begin_object(json);
  gs_json_member_string(json, "kind", name);
  write_needed(json, kind, nodes, args->set);
  gs_json_end_object(json);
  gs_json_end_object(json);
  return text;
}

/** Whether it is a plain word, and no file or shipped scenario is called so. */
static bool is_word(const char *operand) {
  g_autofree char *file = gs_operand_file(operand, true, NULL);
  return !file;
}

static int unknown_kind(const char *word) {
  g_autofree char *meant = gs_family_meant(word), *list = gs_family_list();
  g_auto(GStrv) shipped = gs_shipped_names(false);
  const char *near = meant ? NULL : gs_nearest_word(word, (const char *const *)shipped);
  if (near)
    meant = g_strdup_printf("the scenario %s", near);
  g_autofree char *question = meant ? g_strdup_printf("did you mean %s? ", meant) : g_strdup("");
  return gs_cli_usage_error("topology",
                            "topology: '%s' is neither a scenario nor a kind; %skinds are %s", word,
                            question, list);
}

static void write_svg(const GsScenario *scenario, const GsGraph *graph, const GsPoint *points,
                      GString *out) {
  g_autofree char *topology = gs_words_topology(scenario);
  g_autofree char *nodes = gs_text_plural(graph->nodes, "node");
  g_autofree char *links = gs_text_plural(graph->links, "link");
  g_autofree char *places = gs_places_describe(scenario->places);
  g_autofree char *description = g_strdup_printf("%s and %s; %s%s%s", nodes, links, topology,
                                                 places ? "; places " : "", places ? places : "");
  GsGraphPicture picture = {.graph = graph,
                            .kind = scenario->topology_kind,
                            .columns = scenario->topology_columns,
                            .points = points,
                            .title = scenario->name,
                            .description = description};
  gs_graph_svg(&picture, out);
}

static bool write_text(const GsScenario *scenario, const GsGraph *graph, bool json, GsStyle style,
                       GString *out, GError **error) {
  g_autoptr(GsGraphReport) report = gs_graph_report_new(scenario, graph, error);
  if (!report)
    return false;
  if (json) {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 2);
    gs_graph_report_write(report, writer);
    g_string_append_c(out, '\n');
  } else {
    gs_graph_report_print(report, style, out);
  }
  return true;
}

/** What is shown, and how. */
typedef struct {
  const GsScenario *scenario;
  const GString *text; /**< that it was read from, with */
  const GsOverrides *overrides;
  Format format;
  bool json;
  const char *output; /**< the file, or NULL */
} Shown;

/** Says what the scenario has and the form has no place for; NULL: nothing, or an error. */
static char *say_left_out(const Shown *shown, const char *form, GError **error) {
  char *left_out = gs_export_left_out(shown->scenario, shown->text->str, shown->text->len,
                                      (const GsOverride *)(void *)shown->overrides->items->data,
                                      shown->overrides->items->len, error);
  if (left_out)
    gs_cli_error("warning: %s has no place for %s", form, left_out);
  return left_out;
}

/** As a graph for other programs. */
static bool write_graph(const Shown *shown, const GsGraph *graph, GString *out, GError **error) {
  static const struct {
    const char *name;
    GsOutputMark mark;
    void (*write)(const GsScenario *, const GsGraph *, const char *, GString *);
  } forms[] = {[FORMAT_DOT] = {"DOT", GS_MARK_DOT, gs_export_dot},
               [FORMAT_GRAPHML] = {"GraphML", GS_MARK_GRAPHML, gs_export_graphml},
               [FORMAT_GML] = {"GML", GS_MARK_GML, gs_export_gml}};
  g_autoptr(GError) problem = NULL;
  g_autofree char *left_out = say_left_out(shown, forms[shown->format].name, &problem);
  if (problem) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
  }
  forms[shown->format].write(shown->scenario, graph, left_out, out);
  gs_output_mark(out, forms[shown->format].mark);
  return true;
}

/** "folder/net.csv": "folder/net-nodes.csv". */
static char *nodes_file(const char *links_file) {
  const char *dot = strrchr(links_file, '.');
  bool ending = dot && !strchr(dot, '/');
  return g_strdup_printf("%.*s-nodes%s",
                         (int)(ending ? dot - links_file : (gssize)strlen(links_file)), links_file,
                         ending ? dot : "");
}

/** Says how tables are read again, and which names are not as they were. */
static void say_tables(const Shown *shown, const char *links_file, const char *nodes) {
  g_autofree char *links_name = g_path_get_basename(links_file);
  g_autofree char *nodes_name = g_path_get_basename(nodes);
  g_autofree char *links_quoted = gs_quote(links_name), *nodes_quoted = gs_quote(nodes_name);
  g_autofree char *unit = gs_quote(shown->scenario->unit);
  uint32_t changed = 0;
  for (uint32_t i = 0; i < shown->scenario->node_count; i++)
    changed += gs_csv_is_formula(shown->scenario->nodes[i].name);
  gs_cli_error("nodes are in %s; a scenario reads both: "
               "{\"unit\": %s, \"topology\": {\"file\": %s, \"nodes\": {\"file\": %s}}}",
               nodes, unit, links_quoted, nodes_quoted);
  if (changed > 0)
    gs_cli_error("warning: %u name%s that a spreadsheet would read as a formula %s an apostrophe "
                 "in front",
                 changed, changed == 1 ? "" : "s", changed == 1 ? "has" : "have");
}

/** Of nodes, beside that of links. */
static bool write_node_table(const Shown *shown, const GsGraph *graph, const char *links_file,
                             GError **error) {
  g_autofree char *file = nodes_file(links_file), *left_out = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) problem = NULL;
  left_out = say_left_out(shown, "CSV", &problem);
  if (problem) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
  }
  gs_export_csv_nodes(shown->scenario, graph, text);
  if (!gs_output_file(file, text, error))
    return false;
  say_tables(shown, links_file, file);
  return true;
}

static bool write_format(const Shown *shown, GsStyle style, GString *out, GError **error) {
  const GsScenario *scenario = shown->scenario;
  g_autoptr(GsGraph) graph = gs_scenario_graph(scenario);
  g_autofree GsPoint *points = NULL;
  switch (shown->format) {
  case FORMAT_TEXT:
    if (!write_text(scenario, graph, shown->json, style, out, error))
      return false;
    if (!shown->json)
      gs_print_fit(out, 0, style);
    return true;
  case FORMAT_SVG:
    points = g_new(GsPoint, graph->nodes);
    if (!gs_graph_layout(graph, scenario->topology_kind, scenario->topology_columns, points, error))
      return false;
    write_svg(scenario, graph, points, out);
    gs_output_mark(out, GS_MARK_SVG);
    return true;
  case FORMAT_DOT:
  case FORMAT_GRAPHML:
  case FORMAT_GML:
    return write_graph(shown, graph, out, error);
  case FORMAT_CSV:
    gs_export_csv_links(scenario, graph, out);
    return write_node_table(shown, graph, shown->output, error);
  case FORMAT_JSON:
    if (!gs_export_scenario(scenario, shown->text->str, shown->text->len,
                            (const GsOverride *)(void *)shown->overrides->items->data,
                            shown->overrides->items->len, out, error))
      return false;
    gs_output_mark(out, GS_MARK_JSON);
    return true;
  }
  g_assert_not_reached();
}

static int show(const TopologyArgs *args, const Shown *shown, GsColor color) {
  bool to_file = args->output && !g_str_equal(args->output, "-");
  GsStyle style =
      to_file ? (GsStyle){.color = color == GS_COLOR_ALWAYS} : gs_style_for(stdout, color);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  if (!write_format(shown, style, text, &error) ||
      (to_file && !gs_output_file(args->output, text, &error))) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  return to_file ? GS_EXIT_DONE : gs_output_text(text, GS_EXIT_DONE);
}

/** Whether the file, or files, that it is to write are no one else's. */
static bool may_write(const TopologyArgs *args, const GsScenario *scenario, Format format,
                      GError **error) {
  g_autofree char *nodes = format == FORMAT_CSV ? nodes_file(args->output) : NULL;
  g_auto(GsOutputPlan) plan;
  gs_output_plan_init(&plan);
  plan.force = args->force;
  return gs_output_plan_reads_scenario(&plan, args->operands[0], scenario, error) &&
         gs_output_plan_writes(&plan, "--output", args->output, GS_OUTPUT_GRAPH, error) &&
         (!nodes || gs_output_plan_writes(&plan, "--output", nodes, GS_OUTPUT_GRAPH, error));
}

static int show_operand(const TopologyArgs *args, const GsOverrides *overrides, uint64_t nodes,
                        Format format, GsColor color) {
  const char *operand = args->operands[0];
  GsTopologyKind kind = GS_TOPOLOGY_FILE;
  if (!gs_family_find(operand, &kind) && is_word(operand))
    return unknown_kind(operand);
  if (kind == GS_TOPOLOGY_FILE && args->nodes)
    return gs_cli_usage_error(
        "topology", "topology: --nodes is for a kind; for a scenario give --set topology.nodes=%s",
        args->nodes);
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text =
      kind == GS_TOPOLOGY_FILE ? NULL : text_of_kind(args, kind, (uint32_t)nodes);
  g_autoptr(GsScenario) scenario =
      text ? gs_overrides_parse(overrides, text, gs_topology_kind_names[kind], &error)
           : gs_overrides_load(overrides, operand, &text, &error);
  if (!scenario) {
    gs_cli_error("%s", error->message);
    return GS_EXIT_WRONG;
  }
  gs_warn_scenario(scenario);
  if (!may_write(args, scenario, format, &error)) {
    gs_cli_error("topology: %s", error->message);
    return GS_EXIT_WRONG;
  }
  Shown shown = {scenario, text, overrides, format, args->json, args->output};
  return show(args, &shown, color);
}

/** The format that the options and the file's ending say. */
static bool choose_format(const TopologyArgs *args, int *format, GError **error) {
  static const GsFileForm facts_forms[] = {{"the facts as JSON (--json)", "json"}, {NULL, NULL}};
  int facts = 0;
  if (args->format && !gs_option_word("--format", args->format, format_names, format, error))
    return false;
  if (!args->output || g_str_equal(args->output, "-"))
    return true;
  if (args->json)
    return gs_file_form("--output", args->output, facts_forms, facts, facts, &facts, error);
  return gs_file_form("--output", args->output, file_forms,
                      args->format ? *format : GS_FILE_FORM_ANY, FORMAT_TEXT, format, error);
}

int gs_cmd_topology(char **given) {
  g_auto(TopologyArgs) args = {0};
  g_auto(GsOverrides) overrides;
  gs_overrides_init(&overrides);
  GOptionEntry entries[TOPOLOGY_OPTIONS];
  list_options(&args, entries);
  g_auto(GStrv) rest = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  int color = GS_COLOR_AUTO, format = FORMAT_TEXT;
  uint64_t nodes = DEFAULT_NODES;
  if (!gs_options_parse(&rest, entries, false, &error))
    return gs_cli_usage_error("topology", "topology: %s", error->message);
  if (args.help) {
    g_autoptr(GString) text = g_string_new(NULL);
    gs_cmd_topology_help(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  if ((args.color && !gs_option_word("--color", args.color, gs_color_names, &color, &error)) ||
      !choose_format(&args, &format, &error) ||
      (args.nodes && !gs_option_number("--nodes", args.nodes, 1, GS_NODES_MAX, &nodes, &error)) ||
      !gs_overrides_read(&overrides, args.set, args.seed, NULL, &error))
    return gs_cli_usage_error("topology", "topology: %s", error->message);
  if (format == FORMAT_CSV && (!args.output || g_str_equal(args.output, "-")))
    return gs_cli_usage_error("topology", "topology: csv is two files, links and nodes; give "
                                          "--output links.csv");
  if (args.json && args.format)
    return gs_cli_usage_error("topology", "topology: --json writes what the text says; it does not "
                                          "go with --format");
  if (!args.operands)
    return gs_cli_usage_error("topology",
                              "topology: a scenario file or a kind is missing, such as ring");
  if (args.operands[1])
    return gs_cli_usage_error("topology", "topology: one scenario or kind at a time");
  gs_interrupt_ends();
  return show_operand(&args, &overrides, nodes, (Format)format, (GsColor)color);
}

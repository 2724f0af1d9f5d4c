/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "sim/base/text.h"
#include "sim/report/print.h"
#include "sim/report/table.h"

/** Up to this many nodes each has a row; beyond that only those out of sync, up to ODD_SHOWN. */
#define ALL_SHOWN 20
#define ODD_SHOWN 10
#define ISLANDS_SHOWN 10
#define NAME_WIDTH 24
#define SIBLINGS_WIDTH 30

static bool in_sync(const GsNodeState *node) {
  return node->in_sync || node->is_down;
}

static char *sibling_names(const GsResults *results, const GsNodeState *node) {
  g_autoptr(GString) names = g_string_new(NULL);
  /* No longer than what a cell shows. */
  for (uint32_t i = 0; i < node->sibling_count && names->len <= 4 * SIBLINGS_WIDTH; i++)
    g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                           gs_results_name(results, node->siblings[i]));
  return gs_text_clean(names->str);
}

static GsTable *new_node_table(void) {
  GsTable *table = gs_table_new();
  gs_table_column(table, "id", true, 0);
  gs_table_column(table, "name", false, NAME_WIDTH);
  gs_table_column(table, "production", true, 0);
  gs_table_column(table, "consumption", true, 0);
  gs_table_column(table, "net", true, 0);
  gs_table_column(table, "gridnet", true, 0);
  gs_table_column(table, "true net", true, 0);
  gs_table_column(table, "in sync", false, 0);
  gs_table_column(table, "siblings", false, SIBLINGS_WIDTH);
  return table;
}

static void add_node(GsTable *table, const GsResults *results, const GsNodeState *node) {
  bool good = in_sync(node);
  gs_table_cell(table, g_strdup_printf("%" PRId64, node->id), GS_STYLE_FAINT);
  gs_table_cell(table, gs_text_clean(node->name), GS_STYLE_NONE);
  gs_table_cell(table, gs_text_int(node->production), GS_STYLE_NONE);
  gs_table_cell(table, gs_text_int(node->consumption), GS_STYLE_NONE);
  gs_table_cell(table, gs_text_int(node->production - node->consumption), GS_STYLE_NONE);
  gs_table_cell(table, gs_text_int(node->gridnet), good ? GS_STYLE_NONE : GS_STYLE_BAD);
  char *right = node->is_down ? g_strdup("-")
                : node->open  ? g_strdup("?")
                              : gs_text_int(node->true_net);
  const char *word = node->is_down ? "down" : good ? "yes" : "no";
  gs_table_cell(table, right, GS_STYLE_NONE);
  gs_table_cell(table, g_strdup(word), good && !node->is_down ? GS_STYLE_GOOD : GS_STYLE_BAD);
  gs_table_cell(table, sibling_names(results, node), GS_STYLE_NONE);
}

/** Production, consumption, gridnets and siblings of many nodes in a few lines. */
static void print_summary(const GsResults *results, GsStyle style, GString *out) {
  int64_t production = 0, consumption = 0;
  uint64_t siblings = 0;
  uint32_t fewest = UINT32_MAX, most = 0;
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    production += node->production;
    consumption += node->consumption;
    siblings += node->sibling_count;
    fewest = MIN(fewest, node->sibling_count);
    most = MAX(most, node->sibling_count);
  }
  g_autofree char *unit = gs_text_clean(results->scenario->unit);
  g_autofree char *p = gs_text_int(production);
  g_autofree char *c = gs_text_int(consumption);
  g_autofree char *n = gs_text_int(production - consumption);
  gs_print_fact(out, style, "energy", "production %s %s, consumption %s %s, net %s %s", p, unit, c,
                unit, n, unit);
  g_autofree char *f = gs_text_count(fewest);
  g_autofree char *m = gs_text_count(most);
  if (fewest == most)
    gs_print_fact(out, style, "siblings", "%s per node", f);
  else
    gs_print_fact(out, style, "siblings", "%s to %s per node, mean %.1f", f, m,
                  (double)siblings / results->node_count);
  g_autofree char *good = gs_text_count(results->node_count - results->out_of_sync);
  g_autofree char *all = gs_text_count(results->node_count);
  gs_print_mark(out, style, results->out_of_sync ? GS_STYLE_BAD : GS_STYLE_GOOD, "in sync",
                "%s of %s", good, all);
}

static void print_odd_ones(const GsResults *results, GsStyle style, GString *out) {
  if (results->out_of_sync == 0)
    return;
  g_autoptr(GsTable) table = new_node_table();
  uint32_t shown = 0;
  for (uint32_t i = 0; i < results->node_count && shown < ODD_SHOWN; i++)
    if (!in_sync(&results->nodes[i])) {
      add_node(table, results, &results->nodes[i]);
      shown++;
    }
  if (results->out_of_sync > shown) {
    g_autofree char *more = gs_text_count(results->out_of_sync - shown);
    g_autofree char *line = g_strdup_printf("… and %s more out of sync", more);
    gs_table_line(table, line);
  }
  g_string_append_c(out, '\n');
  gs_table_print(table, style, out);
}

typedef struct {
  uint32_t island, nodes, out_of_sync;
  int64_t net;
  const char *first;
} Island;

static int larger_first(gconstpointer a, gconstpointer b) {
  const Island *x = a, *y = b;
  if (x->nodes != y->nodes)
    return x->nodes < y->nodes ? 1 : -1;
  return (x->island > y->island) - (x->island < y->island);
}

static void add_island(GsTable *table, const Island *island) {
  g_autofree char *name = gs_text_clean(island->first);
  gs_table_cell(table, island->nodes == 1 ? g_strdup(name) : g_strdup_printf("%s and others", name),
                GS_STYLE_NONE);
  gs_table_cell(table, gs_text_count(island->nodes), GS_STYLE_NONE);
  gs_table_cell(table, gs_text_int(island->net), GS_STYLE_NONE);
  gs_table_cell(table, island->out_of_sync > 0 ? gs_text_count(island->out_of_sync) : g_strdup("-"),
                island->out_of_sync > 0 ? GS_STYLE_BAD : GS_STYLE_FAINT);
}

static void print_islands(const GsResults *results, GsStyle style, GString *out) {
  if (results->island_count < 2)
    return;
  g_autoptr(GArray) islands = g_array_new(FALSE, TRUE, sizeof(Island));
  g_array_set_size(islands, results->island_count);
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    if (node->is_down)
      continue;
    Island *island = &g_array_index(islands, Island, node->island);
    island->island = node->island;
    island->net = node->true_net;
    island->first = island->first ? island->first : node->name;
    island->nodes++;
    island->out_of_sync += !in_sync(node);
  }
  g_array_sort(islands, larger_first);

  g_autofree char *count = gs_text_count(islands->len);
  g_autofree char *heading = g_strdup_printf("Islands (%s)", count);
  gs_print_section(heading, style, out);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, "island of", false, NAME_WIDTH + 11);
  gs_table_column(table, "nodes", true, 0);
  gs_table_column(table, "true net", true, 0);
  gs_table_column(table, "out of sync", true, 0);
  for (guint i = 0; i < MIN(islands->len, ISLANDS_SHOWN); i++)
    add_island(table, &g_array_index(islands, Island, i));
  if (islands->len > ISLANDS_SHOWN) {
    g_autofree char *more = gs_text_count(islands->len - ISLANDS_SHOWN);
    g_autofree char *line = g_strdup_printf("… and %s more", more);
    gs_table_line(table, line);
  }
  gs_table_print(table, style, out);
}

void gs_print_nodes(const GsResults *results, GsStyle style, GString *out) {
  bool all = results->node_count <= ALL_SHOWN;
  g_autofree char *unit = gs_text_clean(results->scenario->unit);
  g_autofree char *heading =
      all ? g_strdup_printf("Nodes (energies in %s)", unit) : g_strdup("Nodes");
  gs_print_section(heading, style, out);
  if (all) {
    g_autoptr(GsTable) table = new_node_table();
    for (uint32_t i = 0; i < results->node_count; i++)
      add_node(table, results, &results->nodes[i]);
    gs_table_print(table, style, out);
  } else {
    print_summary(results, style, out);
    print_odd_ones(results, style, out);
  }
  print_islands(results, style, out);
}

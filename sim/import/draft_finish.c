/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "sim/base/labels.h"
#include "sim/import/draft_parts.h"
#include "sim/topology/graph.h"

/** So many names of columns are told where they are not used. */
#define COLUMNS_SHOWN 8
/** Most bytes of one of them that are told. */
#define COLUMN_BYTES_SHOWN 60

/** Says of the first `count` what the column says of all of which it says nothing else. */
static void fill(GsColumn *column, uint32_t count, char point) {
  const char *text = column->otherwise;
  if (!text)
    return;
  if (column->texts)
    g_ptr_array_set_size(column->texts, (gint)MAX(column->texts->len, count));
  for (guint i = 0; column->texts && i < count; i++)
    if (!column->texts->pdata[i])
      column->texts->pdata[i] = g_strdup(text);
  if (column->numbers)
    g_array_set_size(column->numbers, MAX(column->numbers->len, count));
  GsDecimal number = gs_decimal_parse(text, strlen(text), point);
  for (guint i = 0; column->numbers && i < count; i++)
    if (g_array_index(column->numbers, GsDecimal, i).state == GS_DECIMAL_NONE)
      g_array_index(column->numbers, GsDecimal, i) = number;
  double place = gs_draft_read_place(text, strlen(text), point);
  while (column->places && column->places->len < count)
    g_array_append_val(column->places, place);
  for (guint i = 0; column->places && i < count; i++)
    if (isnan(g_array_index(column->places, double, i)))
      g_array_index(column->places, double, i) = place;
}

/** The column of that role that counts, for all `count`; or NULL. */
static GsColumn *take_column(const GsDraft *draft, GsOf of, GsRole role, uint32_t count) {
  GsColumn *column = gs_draft_find_role(draft, of, role);
  if (column)
    fill(column, count, draft->point);
  return column;
}

/* ---- Links ---- */

static uint32_t smaller_end(const GsDraftLink *link) {
  return MIN(link->from, link->to);
}

static uint32_t larger_end(const GsDraftLink *link) {
  return MAX(link->from, link->to);
}

/** One pass of a counting sort by one of the ends; stable. */
static void sort_pass(const GsDraftLink *links, const uint32_t *from, uint32_t *to, uint32_t count,
                      uint32_t *starts, uint32_t nodes, uint32_t (*end_of)(const GsDraftLink *)) {
  memset(starts, 0, ((gsize)nodes + 1) * sizeof *starts);
  for (uint32_t i = 0; i < count; i++)
    starts[end_of(&links[from[i]]) + 1]++;
  for (uint32_t i = 0; i < nodes; i++)
    starts[i + 1] += starts[i];
  for (uint32_t i = 0; i < count; i++)
    to[starts[end_of(&links[from[i]])]++] = from[i];
}

/** What was found while links became one. */
typedef struct {
  GsOccurrences loops, repeated, opposite, latencies;
} Merged;

/** The numbers of all links but loops, by their ends and then as in the file. */
static uint32_t *sorted(const GsDraft *draft, uint32_t *count, Merged *merged) {
  const GsDraftLink *links = (const GsDraftLink *)(const void *)draft->links->data;
  uint32_t nodes = draft->ids.ids->len;
  uint32_t *order = g_new(uint32_t, MAX(draft->links->len, 1));
  *count = 0;
  for (uint32_t i = 0; i < draft->links->len; i++) {
    if (links[i].from == links[i].to)
      gs_occurs(&merged->loops, gs_draft_line(draft, i));
    else
      order[(*count)++] = i;
  }
  g_autofree uint32_t *scratch = g_new(uint32_t, MAX(*count, 1));
  g_autofree uint32_t *starts = g_new(uint32_t, (gsize)nodes + 1);
  sort_pass(links, order, scratch, *count, starts, nodes, larger_end);
  sort_pass(links, scratch, order, *count, starts, nodes, smaller_end);
  return order;
}

static const char *latency_of(const GsColumn *column, uint32_t link) {
  return column && link < column->texts->len ? column->texts->pdata[link] : NULL;
}

/** A link that is there already; the first latency that is said counts. */
static void merge(const GsDraft *draft, const GsDraftLink *first, const GsDraftLink *link,
                  uint32_t number, GsColumn *column, GsGraph *graph, Merged *merged) {
  guint64 line = gs_draft_line(draft, number);
  bool turned = link->from != first->from;
  if (!turned || !draft->mirrored) {
    gs_occurs(turned && draft->directed ? &merged->opposite : &merged->repeated, line);
    graph->parallel_dropped++;
  }
  const char *said = latency_of(column, number);
  if (!said)
    return;
  char **kept = (char **)&graph->latencies->pdata[graph->links - 1];
  if (!*kept)
    *kept = g_strdup(said);
  else if (!g_str_equal(*kept, said))
    gs_occurs(&merged->latencies, line);
}

static void note_merged(GsDraft *draft, const Merged *merged) {
  if (draft->directed && draft->links->len > 0)
    gs_draft_note(draft, "directed", (GsOccurrences){.count = 1},
                  "the links of the file have a direction, which is not used: links here go both "
                  "ways",
                  NULL);
  gs_draft_note(draft, "links-merged", merged->opposite,
                "a link that is there in the other direction, too, became one with it",
                "%s links that are there in the other direction, too, became one with it");
  gs_draft_note(draft, "links-merged", merged->repeated, "a repeated link was left out",
                "%s repeated links were left out");
  gs_draft_note(draft, "not-used", merged->latencies,
                "a repeated link has another latency than the first, which counts",
                "%s repeated links have another latency than the first, which counts");
  gs_draft_note(draft, "loops-dropped", merged->loops, "a link of a node to itself was left out",
                "%s links of nodes to themselves were left out");
}

static void take_links(GsDraft *draft, GsGraph *graph) {
  Merged merged = {0};
  uint32_t count;
  g_autofree uint32_t *order = sorted(draft, &count, &merged);
  const GsDraftLink *links = (const GsDraftLink *)(const void *)draft->links->data;
  GsColumn *latency = take_column(draft, GS_OF_LINKS, GS_ROLE_LATENCY, draft->links->len);
  if (latency) {
    latency->used = true;
    graph->latencies = g_ptr_array_new_full(count, g_free);
  }
  graph->edges = g_new(GsEdge, MAX(count, 1));
  const GsDraftLink *first = NULL;
  for (uint32_t i = 0; i < count; i++) {
    const GsDraftLink *link = &links[order[i]];
    if (first && smaller_end(first) == smaller_end(link) && larger_end(first) == larger_end(link)) {
      merge(draft, first, link, order[i], latency, graph, &merged);
      continue;
    }
    first = link;
    graph->edges[graph->links++] = (GsEdge){.a = smaller_end(link), .b = larger_end(link)};
    if (latency)
      g_ptr_array_add(graph->latencies, g_strdup(latency_of(latency, order[i])));
  }
  graph->edges = g_renew(GsEdge, graph->edges, MAX(graph->links, 1));
  graph->loops_dropped = (uint32_t)merged.loops.count;
  note_merged(draft, &merged);
}

/* ---- Nodes ---- */

/** The label, else the id: never the place in the file. */
static void take_names(GsDraft *draft, GsGraph *graph) {
  GsColumn *labels = take_column(draft, GS_OF_NODES, GS_ROLE_LABEL, graph->nodes);
  for (uint32_t i = 0; labels && i < labels->texts->len; i++) {
    char *label = labels->texts->pdata[i];
    if (!label || !*g_strstrip(label))
      continue;
    g_free(draft->ids.ids->pdata[i]);
    draft->ids.ids->pdata[i] = g_steal_pointer(&labels->texts->pdata[i]);
  }
  if (labels)
    labels->used = true;
  g_ptr_array_add(draft->ids.ids, NULL);
  graph->labels = (char **)g_ptr_array_steal(draft->ids.ids, NULL);
  GsLabelChanges changes = {0};
  gs_labels_tidy(graph->labels, graph->nodes, &changes);
  const char *renamed = changes.repeated > 0 ? graph->labels[changes.first_repeated] : "";
  g_autofree char *one =
      g_strdup_printf("a name that another node has got a number behind it: \"%s\"", renamed);
  g_autofree char *many = g_strdup_printf(
      "%%s names that other nodes have got a number behind them; the first is \"%s\" now", renamed);
  gs_draft_note(draft, "renamed", (GsOccurrences){.count = changes.repeated}, one, many);
  gs_draft_note(draft, "renamed", (GsOccurrences){.count = changes.cut},
                "a name that was too long was cut", "%s names that were too long were cut");
  gs_draft_note(draft, "renamed", (GsOccurrences){.count = changes.cleaned},
                "a name lost characters that cannot be shown",
                "%s names lost characters that cannot be shown");
  gs_draft_note(draft, "renamed", (GsOccurrences){.count = changes.numbered},
                "a node without a name that can be used got one by its place",
                "%s nodes without names that can be used got them by their places");
}

/** All nodes have one; those of which nothing was said have GS_DECIMAL_NONE. */
static GsDecimal *take_numbers(GsColumn *column, uint32_t nodes) {
  if (!column)
    return NULL;
  column->used = true;
  g_array_set_size(column->numbers, nodes);
  return (GsDecimal *)(void *)g_array_free(g_steal_pointer(&column->numbers), FALSE);
}

static double *take_coordinates(GsColumn *column, uint32_t nodes) {
  double nowhere = (double)NAN;
  column->used = true;
  while (column->places->len < nodes)
    g_array_append_val(column->places, nowhere);
  return (double *)(void *)g_array_free(g_steal_pointer(&column->places), FALSE);
}

/** Said of each of both, with where it is first. */
static void note_no_numbers(GsDraft *draft, const GsColumn *column) {
  g_autofree char *one =
      g_strdup_printf("\"%s\" of a node is no number, and its place is not used", column->name);
  g_autofree char *many = g_strdup_printf(
      "%%s values of \"%s\" of nodes are no numbers, and places with them are not used",
      column->name);
  gs_draft_note(draft, "not-used", column->no_places, one, many);
}

static GsPlaces *take_places(GsDraft *draft, uint32_t nodes) {
  static const struct {
    GsPlacesKind kind;
    GsRole x, y;
  } pairs[] = {{GS_PLACES_ON_EARTH, GS_ROLE_LONGITUDE, GS_ROLE_LATITUDE},
               {GS_PLACES_DOWNWARD, GS_ROLE_X, GS_ROLE_DOWN_Y},
               {GS_PLACES_UPWARD, GS_ROLE_X, GS_ROLE_Y}};
  for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
    GsColumn *x = take_column(draft, GS_OF_NODES, pairs[i].x, nodes);
    GsColumn *y = take_column(draft, GS_OF_NODES, pairs[i].y, nodes);
    if (!x || !y)
      continue;
    note_no_numbers(draft, x);
    note_no_numbers(draft, y);
    return gs_places_new(pairs[i].kind, nodes, take_coordinates(x, nodes),
                         take_coordinates(y, nodes), x->name, y->name);
  }
  return NULL;
}

static void note_outside(GsDraft *draft, const GsGraph *graph) {
  const GsPlaces *places = graph->places;
  if (!places || places->outside == 0)
    return;
  const char *where = places->kind == GS_PLACES_ON_EARTH ? "not on Earth" : "too far away";
  const char *whose = graph->labels[places->first_outside];
  g_autofree char *text =
      places->outside == 1
          ? g_strdup_printf("a place that is %s is not used: that of \"%s\"", where, whose)
          : g_strdup_printf("%u places that are %s are not used; the first is that of \"%s\"",
                            places->outside, where, whose);
  gs_draft_add_note(draft, "not-used", places->outside, text, 0);
}

/** What the file calls the graph, or its unit; NULL: nothing. */
static char *take_word(const GsDraft *draft, GsRole role) {
  GsColumn *column = take_column(draft, GS_OF_GRAPH, role, 1);
  if (!column)
    return NULL;
  column->used = true;
  return g_steal_pointer(&column->texts->pdata[0]);
}

/* ---- What is not used ---- */

static void append_name(GString *text, const char *name) {
  g_autofree char *start = g_strndup(name, COLUMN_BYTES_SHOWN);
  g_autofree char *valid = g_utf8_make_valid(start, -1);
  g_string_append_printf(text, "\"%s%s\"", valid,
                         strlen(name) > COLUMN_BYTES_SHOWN ? "\u2026" : "");
}

static void note_unused(GsDraft *draft, GsOf of) {
  static const char *const whose[GS_OFS] = {"nodes", "links", "the graph"};
  g_autoptr(GString) text = g_string_new(NULL);
  GsOccurrences occurrences = {0};
  guint all = 0, shown = 0;
  for (guint i = 0; i < draft->columns[of]->len; i++) {
    const GsColumn *column = draft->columns[of]->pdata[i];
    all += !column->used && column->said.count > 0;
  }
  for (guint i = 0; i < draft->columns[of]->len && shown < MIN(all, COLUMNS_SHOWN); i++) {
    const GsColumn *column = draft->columns[of]->pdata[i];
    if (column->used || column->said.count == 0)
      continue;
    if (shown > 0)
      g_string_append(text, shown + 1 == all ? " and " : ", ");
    append_name(text, column->name);
    if (occurrences.first_line == 0 || column->said.first_line < occurrences.first_line)
      occurrences.first_line = column->said.first_line;
    shown++;
  }
  if (all > shown)
    g_string_append_printf(text, " and %u more", all - shown);
  g_string_append_printf(text, " of %s in the file %s not used", whose[of],
                         all == 1 ? "is" : "are");
  if (all > 0)
    gs_draft_add_note(draft, "not-used", all, text->str, occurrences.first_line);
}

GsGraph *gs_draft_finish(GsDraft *draft, GError **error) {
  if (draft->ids.ids->len == 0) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: has no nodes; must have at least one",
                draft->source);
    return NULL;
  }
  if (!gs_draft_fits(draft, error))
    return NULL;
  GsGraph *graph = g_new0(GsGraph, 1);
  graph->nodes = draft->ids.ids->len;
  graph->name = take_word(draft, GS_ROLE_LABEL);
  graph->unit = draft->unit ? g_steal_pointer(&draft->unit) : take_word(draft, GS_ROLE_UNIT);
  /* What is no longer needed makes room for what is made. */
  gs_draft_ids_close(&draft->ids);
  take_links(draft, graph);
  g_clear_pointer(&draft->links, g_array_unref);
  g_clear_pointer(&draft->lines, g_array_unref);
  take_names(draft, graph);
  graph->production =
      take_numbers(take_column(draft, GS_OF_NODES, GS_ROLE_PRODUCTION, graph->nodes), graph->nodes);
  graph->consumption = take_numbers(
      take_column(draft, GS_OF_NODES, GS_ROLE_CONSUMPTION, graph->nodes), graph->nodes);
  graph->places = take_places(draft, graph->nodes);
  note_outside(draft, graph);
  for (GsOf of = GS_OF_NODES; of < GS_OFS; of++)
    note_unused(draft, of);
  graph->notes = g_steal_pointer(&draft->notes);
  return graph;
}

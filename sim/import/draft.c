/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/draft.h"

#include <math.h>
#include <string.h>

#include "core/json/json.h"
#include "sim/import/draft_parts.h"
#include "sim/topology/graph.h"

static void free_column(gpointer data) {
  GsColumn *column = data;
  g_free(column->name);
  g_free(column->otherwise);
  g_clear_pointer(&column->texts, g_ptr_array_unref);
  g_clear_pointer(&column->numbers, g_array_unref);
  g_clear_pointer(&column->places, g_array_unref);
  g_free(column);
}

GsDraft *gs_draft_new(const char *source) {
  GsDraft *draft = g_new0(GsDraft, 1);
  draft->source = source;
  gs_draft_ids_init(&draft->ids);
  draft->links = g_array_new(FALSE, FALSE, sizeof(GsDraftLink));
  draft->lines = g_array_new(FALSE, FALSE, sizeof(GsDraftLines));
  draft->named = g_array_new(FALSE, TRUE, sizeof(uint32_t));
  for (guint of = 0; of < GS_OFS; of++)
    draft->columns[of] = g_ptr_array_new_with_free_func(free_column);
  for (guint of = 0; of < GS_OFS; of++)
    draft->column_of[of] = g_hash_table_new(g_str_hash, g_str_equal);
  draft->notes = g_ptr_array_new_with_free_func(gs_graph_note_free);
  draft->point = '.';
  return draft;
}

void gs_draft_free(GsDraft *draft) {
  if (!draft)
    return;
  gs_draft_ids_clear(&draft->ids);
  g_clear_pointer(&draft->links, g_array_unref);
  g_clear_pointer(&draft->lines, g_array_unref);
  g_clear_pointer(&draft->json_keys, g_ptr_array_unref);
  g_clear_pointer(&draft->named, g_array_unref);
  for (guint of = 0; of < GS_OFS; of++) {
    g_hash_table_unref(draft->column_of[of]);
    g_ptr_array_unref(draft->columns[of]);
  }
  g_clear_pointer(&draft->notes, g_ptr_array_unref);
  g_free(draft->unit);
  g_free(draft);
}

const char *gs_draft_source(const GsDraft *draft) {
  return draft->source;
}

/* ---- Nodes and links ---- */

bool gs_draft_find(const GsDraft *draft, const char *id, gsize length, uint32_t *node) {
  return gs_draft_ids_find(&draft->ids, id, length, node);
}

uint32_t gs_draft_node(GsDraft *draft, const char *id, gsize length) {
  return gs_draft_ids_add(&draft->ids, id, length);
}

bool gs_draft_count_nodes(GsDraft *draft, guint64 count, GError **error) {
  if (!gs_graph_check_size(draft->source, (double)count, 0, error))
    return false;
  for (guint64 i = 1; i <= count; i++) {
    char name[24];
    g_snprintf(name, sizeof name, "%" G_GUINT64_FORMAT, i);
    gs_draft_node(draft, name, strlen(name));
  }
  return true;
}

uint32_t gs_draft_nodes(const GsDraft *draft) {
  return draft->ids.ids->len;
}

const char *gs_draft_id(const GsDraft *draft, uint32_t node) {
  return draft->ids.ids->pdata[node];
}

/** Whether the run of links goes on with that line. */
static bool goes_on(GsDraftLines *run, uint32_t link, guint64 line) {
  if (link == run->first + 1 && line >= run->line && line - run->line <= UINT32_MAX) {
    run->step = (uint32_t)(line - run->line);
    return true;
  }
  return line == run->line + (guint64)run->step * (link - run->first);
}

uint32_t gs_draft_link(GsDraft *draft, uint32_t from, uint32_t to, guint64 line) {
  g_assert(from < draft->ids.ids->len && to < draft->ids.ids->len);
  GsDraftLink link = {.from = from, .to = to};
  uint32_t number = draft->links->len;
  g_array_append_val(draft->links, link);
  GsDraftLines *last =
      number > 0 ? &g_array_index(draft->lines, GsDraftLines, draft->lines->len - 1) : NULL;
  if (!last || !goes_on(last, number, line)) {
    GsDraftLines run = {.line = line, .first = number};
    g_array_append_val(draft->lines, run);
  }
  return number;
}

guint64 gs_draft_line(const GsDraft *draft, uint32_t link) {
  guint low = 0, high = draft->lines->len;
  while (high - low > 1) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(draft->lines, GsDraftLines, middle).first <= link)
      low = middle;
    else
      high = middle;
  }
  const GsDraftLines *run = &g_array_index(draft->lines, GsDraftLines, low);
  return run->line + (guint64)run->step * (link - run->first);
}

uint32_t gs_draft_links(const GsDraft *draft) {
  return draft->links->len;
}

bool gs_draft_fits(const GsDraft *draft, GError **error) {
  return gs_graph_check_size(draft->source, draft->ids.ids->len, draft->links->len, error);
}

void gs_draft_set_directed(GsDraft *draft) {
  draft->directed = true;
}

void gs_draft_set_mirrored(GsDraft *draft) {
  draft->mirrored = true;
}

void gs_draft_set_unit(GsDraft *draft, const char *unit) {
  g_free(draft->unit);
  draft->unit = g_strdup(unit);
}

void gs_draft_set_point(GsDraft *draft, char point) {
  draft->point = point;
}

/* ---- What is said of them ---- */

/** Better names come first. */
static const struct {
  GsOf of;
  const char *name;
  GsRole role;
} roles[] = {
    {GS_OF_NODES, "label", GS_ROLE_LABEL},
    {GS_OF_NODES, "name", GS_ROLE_LABEL},
    {GS_OF_NODES, "shared name", GS_ROLE_LABEL}, /* of Cytoscape */
    {GS_OF_NODES, "production", GS_ROLE_PRODUCTION},
    {GS_OF_NODES, "consumption", GS_ROLE_CONSUMPTION},
    {GS_OF_NODES, "longitude", GS_ROLE_LONGITUDE},
    {GS_OF_NODES, "lon", GS_ROLE_LONGITUDE},
    {GS_OF_NODES, "lng", GS_ROLE_LONGITUDE},
    {GS_OF_NODES, "long", GS_ROLE_LONGITUDE},
    {GS_OF_NODES, "latitude", GS_ROLE_LATITUDE},
    {GS_OF_NODES, "lat", GS_ROLE_LATITUDE},
    {GS_OF_NODES, "x", GS_ROLE_X},
    {GS_OF_NODES, "y", GS_ROLE_Y},
    {GS_OF_LINKS, "latency", GS_ROLE_LATENCY},
    {GS_OF_GRAPH, "name", GS_ROLE_LABEL},
    {GS_OF_GRAPH, "label", GS_ROLE_LABEL},
    {GS_OF_GRAPH, "unit", GS_ROLE_UNIT},
};

static GsRole role_of(GsOf of, const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
    if (roles[i].of == of && g_ascii_strcasecmp(roles[i].name, name) == 0)
      return roles[i].role;
  return GS_ROLE_UNUSED;
}

/** Small is better. */
static guint rank_of(const GsColumn *column) {
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
    if (roles[i].role == column->role && g_ascii_strcasecmp(roles[i].name, column->name) == 0)
      return i;
  return 0;
}

GsColumn *gs_draft_find_role(const GsDraft *draft, GsOf of, GsRole role) {
  GsColumn *best = NULL;
  for (guint i = 0; i < draft->columns[of]->len; i++) {
    GsColumn *column = draft->columns[of]->pdata[i];
    if (column->role == role && column->said.count > 0 &&
        (!best || rank_of(column) < rank_of(best)))
      best = column;
  }
  return best;
}

static void make_room(GsColumn *column) {
  switch (column->role) {
  case GS_ROLE_LABEL:
  case GS_ROLE_UNIT:
  case GS_ROLE_LATENCY:
    column->texts = g_ptr_array_new_with_free_func(g_free);
    break;
  case GS_ROLE_PRODUCTION:
  case GS_ROLE_CONSUMPTION:
    column->numbers = g_array_new(FALSE, TRUE, sizeof(GsDecimal));
    break;
  case GS_ROLE_LONGITUDE:
  case GS_ROLE_LATITUDE:
  case GS_ROLE_X:
  case GS_ROLE_Y:
  case GS_ROLE_DOWN_Y:
    column->places = g_array_new(FALSE, FALSE, sizeof(double));
    break;
  default:
    break;
  }
}

guint gs_draft_column(GsDraft *draft, GsOf of, const char *name, GsRole role) {
  GPtrArray *columns = draft->columns[of];
  gpointer known = g_hash_table_lookup(draft->column_of[of], name);
  if (known)
    return GPOINTER_TO_UINT(known) - 1;
  GsColumn *column = g_new0(GsColumn, 1);
  column->name = g_strdup(name);
  column->role = role == GS_ROLE_BY_NAME ? role_of(of, name) : role;
  make_room(column);
  g_ptr_array_add(columns, column);
  g_hash_table_insert(draft->column_of[of], column->name, GUINT_TO_POINTER(columns->len));
  return columns->len - 1;
}

GsRole gs_draft_role(const GsDraft *draft, GsOf of, guint column) {
  return ((const GsColumn *)draft->columns[of]->pdata[column])->role;
}

/** A place may have more digits than are kept of an energy. */
double gs_draft_read_place(const char *text, gsize length, char point) {
  g_autofree char *copy = g_strndup(text, length);
  char *mark = point == '.' ? NULL : strchr(copy, point), *end;
  if (mark)
    *mark = '.';
  double value = g_ascii_strtod(g_strstrip(copy), &end);
  return end == copy || *end ? (double)NAN : value;
}

static void say_place(GsColumn *column, uint32_t index, double value) {
  double nowhere = (double)NAN;
  while (column->places->len <= index)
    g_array_append_val(column->places, nowhere);
  g_array_index(column->places, double, index) = value;
}

void gs_draft_say(GsDraft *draft, GsOf of, guint number, uint32_t index, const char *text,
                  gsize length, guint64 line) {
  GsColumn *column = draft->columns[of]->pdata[number];
  if (length == 0)
    return;
  gs_occurs(&column->said, line);
  if (column->texts) {
    if (index >= column->texts->len)
      g_ptr_array_set_size(column->texts, (gint)index + 1);
    g_free(column->texts->pdata[index]);
    column->texts->pdata[index] = g_strndup(text, length);
  } else if (column->numbers) {
    if (index >= column->numbers->len)
      g_array_set_size(column->numbers, index + 1);
    g_array_index(column->numbers, GsDecimal, index) = gs_decimal_parse(text, length, draft->point);
  } else if (column->places) {
    double place = gs_draft_read_place(text, length, draft->point);
    if (!isfinite(place))
      gs_occurs(&column->no_places, line);
    say_place(column, index, place);
  }
}

void gs_draft_say_otherwise(GsDraft *draft, GsOf of, guint number, const char *text, gsize length,
                            guint64 line) {
  GsColumn *column = draft->columns[of]->pdata[number];
  if (length == 0)
    return;
  gs_occurs(&column->said, line);
  g_free(column->otherwise);
  column->otherwise = g_strndup(text, length);
}

void gs_draft_add(GsDraft *draft, guint number, uint32_t node, GsDecimal energy, guint64 line) {
  GsColumn *column = draft->columns[GS_OF_NODES]->pdata[number];
  g_assert(column->numbers);
  if (node >= column->numbers->len)
    g_array_set_size(column->numbers, node + 1);
  GsDecimal *sum = &g_array_index(column->numbers, GsDecimal, node);
  *sum = gs_decimal_add(*sum, energy);
  gs_occurs(&column->said, line);
}

/* ---- Notes ---- */

void gs_occurs(GsOccurrences *occurrences, guint64 line) {
  if (occurrences->count++ == 0)
    occurrences->first_line = line;
}

void gs_draft_set_part(GsDraft *draft, const char *part) {
  draft->part = part;
}

void gs_draft_set_json(GsDraft *draft, const char *text, gsize length) {
  draft->json = text;
  draft->json_length = length;
  draft->json_keys = g_ptr_array_new_with_free_func(g_free);
}

void gs_draft_json_member(GsDraft *draft, const char *key) {
  g_ptr_array_add(draft->json_keys, g_strdup(key));
}

/** "line 3, column 14: /links/1"; the other way round from gs_draft_json_line. */
static char *json_place(const GsDraft *draft, guint64 line) {
  guint member = (guint)(line >> 32) - 1, element = (guint)line - 1;
  g_autofree char *place = gs_json_element_place(draft->json, draft->json_length, member, element);
  g_autoptr(GString) key = g_string_new(draft->json_keys->pdata[member]);
  g_string_replace(key, "~", "~0", 0);
  g_string_replace(key, "/", "~1", 0);
  return element == G_MAXUINT ? g_strdup_printf("%s: /%s", place, key->str)
                              : g_strdup_printf("%s: /%s/%u", place, key->str, element);
}

static char *place_text(const GsDraft *draft, guint64 line) {
  return draft->json ? json_place(draft, line)
                     : g_strdup_printf("line %" G_GUINT64_FORMAT "%s%s", line,
                                       draft->part ? " of " : "", draft->part ? draft->part : "");
}

void gs_draft_add_note(GsDraft *draft, const char *kind, guint64 count, const char *text,
                       guint64 first_line) {
  GsGraphNote *note = g_new(GsGraphNote, 1);
  *note = (GsGraphNote){.kind = kind, .count = (uint32_t)MIN(count, UINT32_MAX)};
  g_autofree char *place = first_line ? place_text(draft, first_line) : NULL;
  note->text = place ? g_strdup_printf("%s (%s%s)", text, count == 1 ? "" : "first in ", place)
                     : g_strdup(text);
  g_ptr_array_add(draft->notes, note);
}

void gs_draft_note(GsDraft *draft, const char *kind, GsOccurrences occurrences, const char *one,
                   const char *many) {
  if (occurrences.count == 0)
    return;
  g_autoptr(GString) text = g_string_new(occurrences.count == 1 ? one : many);
  if (occurrences.count > 1) {
    g_autofree char *count = g_strdup_printf("%" G_GUINT64_FORMAT, occurrences.count);
    g_string_replace(text, "%s", count, 1);
  }
  gs_draft_add_note(draft, kind, occurrences.count, text->str, occurrences.first_line);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/edge_list.h"

#include <stdbool.h>
#include <string.h>

#include "core/error.h"
#include "core/utf8.h"
#include "sim/topology/graph.h"

/** Most bytes of a wrong text that a message shows. */
#define SHOWN_BYTES_MAX 60

typedef struct {
  const char *source;
  guint64 line;
  GHashTable *number_of; /* name to number plus 1; the names are those in `names` */
  GPtrArray *names;
  GArray *edges;
  uint32_t longer_lines;
  guint64 first_longer_line;
  GString *first, *second; /* those of the line */
} Reader;

static bool is_separator(char c) {
  return c == ',' || g_ascii_isspace(c);
}

/** The next name of a line; false when there is none. */
static bool next_name(const char **at, const char *end, GString *name) {
  while (*at < end && is_separator(**at))
    (*at)++;
  const char *start = *at;
  while (*at < end && !is_separator(**at))
    (*at)++;
  g_string_truncate(name, 0);
  g_string_append_len(name, start, *at - start);
  return name->len > 0;
}

static uint32_t number_of(Reader *reader, const char *name) {
  gpointer known = g_hash_table_lookup(reader->number_of, name);
  if (known)
    return GPOINTER_TO_UINT(known) - 1;
  char *copy = g_strdup(name);
  g_ptr_array_add(reader->names, copy);
  g_hash_table_insert(reader->number_of, copy, GUINT_TO_POINTER(reader->names->len));
  return reader->names->len - 1;
}

/** Takes quotes off a name. False when only one is there: a name with a space would be cut in two.
 */
static bool unquote(GString *name) {
  if (name->str[0] != '"')
    return true;
  if (name->len < 3 || name->str[name->len - 1] != '"')
    return false;
  g_string_truncate(name, name->len - 1);
  g_string_erase(name, 0, 1);
  return true;
}

static bool fail_name(const Reader *reader, const char *what, const char *name, const char *rule,
                      GError **error) {
  g_autofree char *valid = g_utf8_make_valid(name, -1);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s:%" G_GUINT64_FORMAT ": %s (%.*s); %s",
              reader->source, reader->line, what, gs_utf8_bytes_up_to(valid, SHOWN_BYTES_MAX),
              valid, rule);
  return false;
}

static bool read_line(Reader *reader, const char *line, const char *end, GError **error) {
  const char *at = line;
  GString *first = reader->first, *second = reader->second;
  if (!next_name(&at, end, first) || first->str[0] == '#' || first->str[0] == '%')
    return true;
  if (!next_name(&at, end, second))
    return fail_name(reader, "one name", first->str, "a line must name two nodes", error);
  if (!unquote(first) || !unquote(second))
    return fail_name(reader, "half a name", first->str[0] == '"' ? first->str : second->str,
                     "names have no spaces in them", error);
  GsEdge edge = {.a = number_of(reader, first->str)};
  edge.b = number_of(reader, second->str);
  g_array_append_val(reader->edges, edge);
  while (at < end && is_separator(*at))
    at++;
  if (at < end && *at != '#' && *at != '%' && reader->longer_lines++ == 0)
    reader->first_longer_line = reader->line;
  return gs_graph_check_size(reader->source, reader->names->len, reader->edges->len, error);
}

static bool read_lines(Reader *reader, const char *text, gsize length, GError **error) {
  const char *end = text + length;
  if (memchr(text, '\0', length)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: holds NUL bytes, so it is no list of links",
                reader->source);
    return false;
  }
  if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
    text += 3;
  while (text < end) {
    const char *line_end = memchr(text, '\n', (gsize)(end - text));
    if (!line_end)
      line_end = end;
    reader->line++;
    if (!read_line(reader, text, line_end, error))
      return false;
    text = line_end < end ? line_end + 1 : end;
  }
  return true;
}

GsGraph *gs_edge_list_read(const char *text, gsize length, const char *source, GError **error) {
  Reader reader = {.source = source,
                   .number_of = g_hash_table_new(g_str_hash, g_str_equal),
                   .names = g_ptr_array_new_with_free_func(g_free),
                   .edges = g_array_new(FALSE, FALSE, sizeof(GsEdge)),
                   .first = g_string_new(NULL),
                   .second = g_string_new(NULL)};
  GsGraph *graph = NULL;
  if (read_lines(&reader, text, length, error)) {
    uint32_t nodes = reader.names->len, links = reader.edges->len;
    graph = gs_graph_new(nodes, (GsEdge *)(void *)g_array_free(reader.edges, FALSE), links);
    reader.edges = NULL;
    g_ptr_array_set_free_func(reader.names, NULL);
    g_ptr_array_add(reader.names, NULL);
    graph->labels = (char **)g_ptr_array_steal(reader.names, NULL);
    graph->longer_lines = reader.longer_lines;
    graph->first_longer_line = reader.first_longer_line;
  }
  if (reader.edges)
    g_array_unref(reader.edges);
  g_ptr_array_unref(reader.names);
  g_hash_table_unref(reader.number_of);
  g_string_free(reader.first, TRUE);
  g_string_free(reader.second, TRUE);
  return graph;
}

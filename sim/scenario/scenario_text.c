/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/scenario_text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/json.h"
#include "core/json_writer.h"
#include "core/limits.h"
#include "sim/import/form.h"
#include "sim/import/unpack.h"
#include "sim/scenario/recognise.h"
#include "sim/scenario/source.h"

/** Bytes at the beginning of a file by which it is known: licences stand in front of some. */
#define HEAD_BYTES ((gsize)256 << 10)

/** The beginning of a regular file; NULL: it is none, or cannot be read. */
static GString *read_head(const char *path) {
  struct stat info;
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (file < 0)
    return NULL;
  g_autoptr(GString) head = NULL;
  if (fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
    head = g_string_sized_new(HEAD_BYTES);
    ssize_t got = read(file, head->str, HEAD_BYTES);
    g_string_set_size(head, (gsize)MAX(got, 0));
  }
  close(file);
  return g_steal_pointer(&head);
}

/** What stands in JSON may be a scenario, a sweep, results, or a graph. */
static bool is_node_link(const char *path) {
  static const char *const read[] = {"directed", "multigraph", "nodes", "links", "edges",
                                     "topology", "schedule",   "axes",  "again", NULL};
  g_autoptr(GString) text = gs_source_read(path, GS_SCENARIO_BYTES_MAX, NULL);
  GsJsonLimits limits = {.max_bytes = GS_SCENARIO_BYTES_MAX,
                         .max_depth = GS_JSON_DEPTH_MAX,
                         .long_members = read + 2,
                         .read_members = read};
  g_autoptr(GsJsonDoc) doc = text ? gs_json_parse(text->str, text->len, NULL, &limits, NULL) : NULL;
  return doc && gs_recognise_node_link(doc);
}

bool gs_scenario_text_is_graph(const char *path) {
  g_autoptr(GString) head = strcmp(path, "-") == 0 ? NULL : read_head(path);
  if (!head)
    return false;
  if (gs_is_packed(head->str, head->len))
    return true;
  switch (gs_form_of_text(head->str, head->len).format) {
  case GS_GRAPH_NODE_LINK:
    return is_node_link(path);
  case GS_GRAPH_TABLE:
    return gs_form_of_name(path) == GS_GRAPH_TABLE || gs_recognise_table(head->str, head->len);
  case GS_GRAPH_AUTO:
    return false;
  default:
    return true;
  }
}

static GString *make(const char *path) {
  g_autofree char *name = g_path_get_basename(path);
  GString *text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 2);
  gs_json_begin_object(json);
  gs_json_write_key(json, "topology");
  gs_json_begin_object(json);
  gs_json_member_string(json, "file", name);
  gs_json_end_object(json);
  gs_json_end_object(json);
  g_string_append_c(text, '\n');
  return text;
}

bool gs_scenario_text_is_made(const char *text, gsize length, const char *path) {
  g_autoptr(GString) made = make(path);
  return length == made->len && memcmp(text, made->str, length) == 0;
}

GString *gs_scenario_text_read(const char *path, GError **error) {
  if (gs_scenario_text_is_graph(path))
    return make(path);
  return gs_source_read(path, GS_SCENARIO_BYTES_MAX, error);
}

char *gs_scenario_text_name(const char *path) {
  g_autofree char *name = g_path_get_basename(path);
  char *packed = g_str_has_suffix(name, ".gz") ? strrchr(name, '.') : NULL;
  if (packed)
    *packed = '\0';
  char *ending = gs_form_of_name(name) != GS_GRAPH_AUTO ? strrchr(name, '.') : NULL;
  if (ending && ending != name)
    *ending = '\0';
  else if (packed)
    *packed = '.';
  return g_steal_pointer(&name);
}

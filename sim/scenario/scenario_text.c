/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/scenario_text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"
#include "sim/base/source.h"
#include "sim/import/form.h"
#include "sim/import/pypsa.h"
#include "sim/import/unpack.h"
#include "sim/scenario/recognise.h"

/** Bytes at the beginning of a file by which it is known: licences stand in front of some. */
#define HEAD_BYTES ((gsize)256 << 10)

/** What a text that was made is shorter than. */
#define MADE_BYTES_MAX ((gsize)64 << 10)
/** How the table of a network is named as an override names it. */
#define TABLE_MEMBER "pypsa."
#define UNUSED "unused"

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

static bool is_folder(const char *path) {
  return strcmp(path, "-") != 0 && g_file_test(path, G_FILE_TEST_IS_DIR);
}

/** The file of a table in a folder of PyPSA; NULL: it is not there. Free with g_free. */
static char *table_file(const char *folder, GsPypsaTable table) {
  g_autofree char *name = g_strconcat(gs_pypsa_table_name(table), ".csv", NULL);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&name) : NULL;
}

static bool is_pypsa(const char *path) {
  g_autofree char *buses = is_folder(path) ? table_file(path, GS_PYPSA_BUSES) : NULL;
  return buses != NULL;
}

bool gs_scenario_text_is_graph(const char *path) {
  if (is_folder(path))
    return is_pypsa(path);
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

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/** "snapshots, stores": tables of a folder that are not read; NULL: there are none. */
static char *unused_tables(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *file; dir && (file = g_dir_read_name(dir));) {
    const char *ending = g_str_has_suffix(file, ".csv") ? strrchr(file, '.') : NULL;
    g_autofree char *name = ending ? g_strndup(file, (gsize)(ending - file)) : NULL;
    bool used = !name || !g_utf8_validate(name, -1, NULL);
    for (GsPypsaTable table = 0; table < GS_PYPSA_TABLES && !used; table++)
      used = strcmp(name, gs_pypsa_table_name(table)) == 0;
    if (!used)
      g_ptr_array_add(names, g_steal_pointer(&name));
  }
  g_ptr_array_sort(names, by_name);
  g_ptr_array_add(names, NULL);
  return names->len > 1 ? g_strjoinv(", ", (char **)names->pdata) : NULL;
}

GPtrArray *gs_scenario_text_members(const char *path, const char *named) {
  GPtrArray *members = g_ptr_array_new_with_free_func(g_free);
  if (!is_pypsa(path)) {
    g_ptr_array_add(members, g_strdup("file"));
    g_ptr_array_add(members, g_strdup(named));
    return members;
  }
  for (GsPypsaTable table = 0; table < GS_PYPSA_TABLES; table++) {
    g_autofree char *file = table_file(path, table);
    if (!file)
      continue;
    g_ptr_array_add(members, g_strconcat(TABLE_MEMBER, gs_pypsa_table_name(table), NULL));
    g_ptr_array_add(members, g_build_filename(named, file, NULL));
  }
  char *unused = unused_tables(path);
  if (unused) {
    g_ptr_array_add(members, g_strdup(TABLE_MEMBER UNUSED));
    g_ptr_array_add(members, unused);
  }
  return members;
}

static GString *write_scenario(const GPtrArray *members) {
  GString *text = g_string_new(NULL);
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(text, 2);
  gs_json_begin_object(json);
  gs_json_write_key(json, "topology");
  gs_json_begin_object(json);
  bool tables = g_str_has_prefix(members->pdata[0], TABLE_MEMBER);
  if (tables) {
    gs_json_write_key(json, "pypsa");
    gs_json_begin_object(json);
  }
  for (guint i = 0; i < members->len; i += 2) {
    const char *member = members->pdata[i];
    gs_json_member_string(json, tables ? member + strlen(TABLE_MEMBER) : member,
                          members->pdata[i + 1]);
  }
  if (tables)
    gs_json_end_object(json);
  gs_json_end_object(json);
  gs_json_end_object(json);
  g_string_append_c(text, '\n');
  return text;
}

GString *gs_scenario_text_make(const char *path) {
  g_autofree char *name = g_path_get_basename(path);
  g_autoptr(GPtrArray) members = gs_scenario_text_members(path, name);
  return write_scenario(members);
}

/** What a text that was made for the path says, wherever the path is by now; else what nothing
 * says. */
static GPtrArray *members_of(const char *text, gsize length, const char *path) {
  GPtrArray *members = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *name = g_path_get_basename(path);
  if (length > MADE_BYTES_MAX || !g_strstr_len(text, (gssize)length, "\"pypsa\"")) {
    g_ptr_array_add(members, g_strdup("file"));
    g_ptr_array_add(members, g_steal_pointer(&name));
    return members;
  }
  for (GsPypsaTable table = 0; table < GS_PYPSA_TABLES; table++) {
    const char *known = gs_pypsa_table_name(table);
    g_autofree char *member = g_strdup_printf("\"%s\":", known);
    if (table != GS_PYPSA_BUSES && !g_strstr_len(text, (gssize)length, member))
      continue;
    g_ptr_array_add(members, g_strconcat(TABLE_MEMBER, known, NULL));
    g_ptr_array_add(members, g_strdup_printf("%s/%s.csv", name, known));
  }
  const char *unused = g_strstr_len(text, (gssize)length, "\"" UNUSED "\": \"");
  if (unused) {
    unused += strlen("\"" UNUSED "\": \"");
    const char *close = memchr(unused, '"', (gsize)(text + length - unused));
    g_ptr_array_add(members, g_strdup(TABLE_MEMBER UNUSED));
    g_ptr_array_add(members, g_strndup(unused, close ? (gsize)(close - unused) : 0));
  }
  return members;
}

bool gs_scenario_text_is_made(const char *text, gsize length, const char *path) {
  if (length == 0)
    return false;
  g_autoptr(GPtrArray) members = members_of(text, length, path);
  g_autoptr(GString) made = write_scenario(members);
  return length == made->len && memcmp(text, made->str, length) == 0;
}

GString *gs_scenario_text_read(const char *path, GError **error) {
  if (gs_scenario_text_is_graph(path))
    return gs_scenario_text_make(path);
  if (is_folder(path)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: found a directory; must be a file or a pipe, or a folder of PyPSA, which has "
                "buses.csv",
                path);
    return NULL;
  }
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

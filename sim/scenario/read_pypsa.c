/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/pypsa.h"
#include "sim/scenario/read_parts.h"

/** The tables of a network, as they are named one by one. */
typedef struct {
  GsPypsaFile files[GS_PYPSA_TABLES];
  char *paths[GS_PYPSA_TABLES];
} Tables;

static void clear_tables(Tables *tables) {
  for (guint i = 0; i < GS_PYPSA_TABLES; i++) {
    g_clear_pointer(&tables->files[i].content, g_bytes_unref);
    g_free(tables->paths[i]);
  }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tables, clear_tables)

static bool read_table(GsReader *reader, const GsJson *value, GsPypsaTable table, Tables *tables) {
  /* What files of a scenario are known by, for as long as there are any. */
  static const char *const inputs[GS_PYPSA_TABLES] = {
      [GS_PYPSA_BUSES] = "topology.pypsa.buses",
      [GS_PYPSA_LINES] = "topology.pypsa.lines",
      [GS_PYPSA_LINKS] = "topology.pypsa.links",
      [GS_PYPSA_TRANSFORMERS] = "topology.pypsa.transformers",
      [GS_PYPSA_LOADS] = "topology.pypsa.loads",
      [GS_PYPSA_LOADS_P_SET] = "topology.pypsa.loads-p_set",
      [GS_PYPSA_GENERATORS] = "topology.pypsa.generators",
      [GS_PYPSA_GENERATORS_P_SET] = "topology.pypsa.generators-p_set",
  };
  g_autofree char *name = NULL;
  GsPypsaFile *file = &tables->files[table];
  if (!value)
    return true;
  if (!gs_read_string(reader, value, &name))
    return false;
  file->path = tables->paths[table] = gs_input_path(reader->scenario->source, name);
  file->content = gs_read_input(reader, value, inputs[table], file->path);
  return file->content != NULL;
}

/** Tables that are there and not read. */
static bool read_unused(GsReader *reader, const GsJson *value) {
  g_autofree char *names = NULL;
  if (!value)
    return true;
  if (!gs_read_string(reader, value, &names))
    return false;
  gs_reader_warn(reader, value, "not-used", 1, "other tables of the network are not used: %s",
                 names);
  return true;
}

GsGraph *gs_read_pypsa(GsReader *reader, const GsJson *value) {
  const char *members[GS_PYPSA_TABLES + 2] = {NULL};
  for (GsPypsaTable i = 0; i < GS_PYPSA_TABLES; i++)
    members[i] = gs_pypsa_table_name(i);
  members[GS_PYPSA_TABLES] = "unused";
  const GsJson *pypsa = gs_json_member(value, "pypsa");
  g_auto(Tables) tables = {.paths = {NULL}};
  if (!gs_read_object(reader, pypsa, members))
    return NULL;
  if (!gs_json_member(pypsa, "buses")) {
    gs_reader_fail_missing(reader, pypsa, "buses", "a network of PyPSA");
    return NULL;
  }
  for (GsPypsaTable i = 0; i < GS_PYPSA_TABLES; i++)
    if (!read_table(reader, gs_json_member(pypsa, members[i]), i, &tables))
      return NULL;
  if (!read_unused(reader, gs_json_member(pypsa, "unused")))
    return NULL;
  g_autofree char *folder = g_path_get_dirname(tables.files[GS_PYPSA_BUSES].path);
  g_autofree char *name = g_strdup_printf("network of PyPSA in %s", folder);
  g_autoptr(GError) problem = NULL;
  GsGraph *graph = gs_import_pypsa(tables.files, &problem);
  return gs_read_imported(reader, pypsa, name, graph, problem);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/pypsa_table.h"

#include <stdarg.h>
#include <string.h>

#include "core/error.h"
#include "sim/import/import.h"
#include "sim/import/readers.h"
#include "sim/import/unpack.h"

static const struct {
  const char *name, *file;
} tables[GS_PYPSA_TABLES] = {
    [GS_PYPSA_BUSES] = {"buses", "buses.csv"},
    [GS_PYPSA_LINES] = {"lines", "lines.csv"},
    [GS_PYPSA_LINKS] = {"links", "links.csv"},
    [GS_PYPSA_TRANSFORMERS] = {"transformers", "transformers.csv"},
    [GS_PYPSA_LOADS] = {"loads", "loads.csv"},
    [GS_PYPSA_LOADS_P_SET] = {"loads-p_set", "loads-p_set.csv"},
    [GS_PYPSA_GENERATORS] = {"generators", "generators.csv"},
    [GS_PYPSA_GENERATORS_P_SET] = {"generators-p_set", "generators-p_set.csv"},
};

const char *gs_pypsa_table_name(GsPypsaTable table) {
  return tables[table].name;
}

const char *gs_pypsa_table_file(GsPypsaTable table) {
  return tables[table].file;
}

bool gs_pypsa_wrong(const GsPypsaRows *rows, GError **error, const char *format, ...) {
  va_list list;
  va_start(list, format);
  g_autofree char *message = g_strdup_vprintf(format, list);
  va_end(list);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s:%" G_GUINT64_FORMAT ": %s", rows->path,
              MAX(rows->cells.line, 1), message);
  return false;
}

static bool next_row(GsPypsaRows *rows, GError **error) {
  const char *problem = NULL;
  if (gs_cells_next(&rows->cells, &problem))
    return true;
  rows->failed = problem != NULL;
  if (problem)
    gs_pypsa_wrong(rows, error, "%s", problem);
  return false;
}

bool gs_pypsa_rows_init(GsPypsaRows *rows, const GsPypsaFile *files, GsPypsaTable table,
                        GError **error) {
  const GsPypsaFile *file = &files[table];
  *rows = (GsPypsaRows){.path = file->path, .failed = true};
  gsize length;
  const char *text = g_bytes_get_data(file->content, &length);
  rows->content = gs_is_packed(text, length)
                      ? gs_unpack(file->content, file->path, GS_GRAPH_BYTES_MAX, error)
                      : g_bytes_ref(file->content);
  text = rows->content ? g_bytes_get_data(rows->content, &length) : NULL;
  gs_cells_init(&rows->cells, text ? text : "", text ? length : 0, ',');
  if (!rows->content || !gs_read_check_text(file->path, text ? text : "", length, error))
    return false;
  rows->failed = false;
  if (!next_row(rows, error))
    return rows->failed
               ? false
               : gs_pypsa_wrong(rows, error, "is empty; its first row must name its columns");
  rows->columns = rows->cells.count;
  rows->names = g_new0(char *, rows->columns + 1);
  for (guint i = 0; i < rows->columns; i++)
    rows->names[i] = g_strndup(rows->cells.cells[i].text, rows->cells.cells[i].length);
  return true;
}

void gs_pypsa_rows_clear(GsPypsaRows *rows) {
  gs_cells_clear(&rows->cells);
  g_clear_pointer(&rows->content, g_bytes_unref);
  g_clear_pointer(&rows->names, g_strfreev);
}

guint gs_pypsa_column(const GsPypsaRows *rows, const char *name) {
  for (guint i = 1; i < rows->columns; i++)
    if (strcmp(rows->names[i], name) == 0)
      return i;
  return GS_PYPSA_NO_COLUMN;
}

bool gs_pypsa_next(GsPypsaRows *rows, GError **error) {
  if (!next_row(rows, error))
    return false;
  if (rows->cells.count <= rows->columns)
    return true;
  rows->failed = true;
  return gs_pypsa_wrong(rows, error, "a row of %u cells; the first row names %u columns",
                        rows->cells.count, rows->columns);
}

GsCell gs_pypsa_cell(const GsPypsaRows *rows, guint column) {
  return column < rows->cells.count ? rows->cells.cells[column] : (GsCell){.text = "", .length = 0};
}

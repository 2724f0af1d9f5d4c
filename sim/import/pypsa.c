/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/pypsa.h"

#include "core/error.h"

static const char *const table_names[GS_PYPSA_TABLES] = {
    [GS_PYPSA_BUSES] = "buses",           [GS_PYPSA_LINES] = "lines",
    [GS_PYPSA_LINKS] = "links",           [GS_PYPSA_TRANSFORMERS] = "transformers",
    [GS_PYPSA_LOADS] = "loads",           [GS_PYPSA_LOADS_P_SET] = "loads-p_set",
    [GS_PYPSA_GENERATORS] = "generators", [GS_PYPSA_GENERATORS_P_SET] = "generators-p_set",
};

const char *gs_pypsa_table_name(GsPypsaTable table) {
  return table_names[table];
}

GsGraph *gs_import_pypsa(const GsPypsaFile files[GS_PYPSA_TABLES], GError **error) {
  (void)files;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "not read yet");
  return NULL;
}

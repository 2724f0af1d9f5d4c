/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/readers.h"

bool gs_read_gml(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                 GError **error) {
  (void)import, (void)text, (void)length;
  return gs_read_wrong(draft, 0, error, "not read yet");
}

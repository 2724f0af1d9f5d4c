/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/warning.h"

GsWarning *gs_warning_new(const char *kind, char *place, char *text, uint32_t count) {
  GsWarning *warning = g_new(GsWarning, 1);
  *warning = (GsWarning){.kind = kind, .place = place, .text = text, .count = count};
  return warning;
}

GsWarning *gs_warning_copy(const GsWarning *warning) {
  return gs_warning_new(warning->kind, g_strdup(warning->place), g_strdup(warning->text),
                        warning->count);
}

void gs_warning_free(gpointer data) {
  GsWarning *warning = data;
  g_free(warning->place);
  g_free(warning->text);
  g_free(warning);
}

char *gs_warning_line(const GsWarning *warning) {
  return g_strdup_printf("%s: %s", warning->place, warning->text);
}

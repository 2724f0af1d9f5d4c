/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/import_about.h"

#include <string.h>

#include "sim/base/text.h"

/** "power.m (SHA-256 b1af0833849040c0…)" for each file that was read. */
static void append_files(const GsScenario *scenario, GString *out) {
  for (guint i = 0; i < scenario->inputs->len; i++) {
    const GsInputFile *input = scenario->inputs->pdata[i];
    g_string_append_printf(out, "%s%s (SHA-256 %.*s\u2026)",
                           i == 0                           ? ""
                           : i + 1 == scenario->inputs->len ? " and "
                                                            : ", ",
                           input->named, GS_FINGERPRINT_SHOWN, input->fingerprint);
  }
}

/** What the line about the graph says behind the place of its file: " with its production …". */
static const char *taken_from(const GsScenario *scenario) {
  const GsInputFile *first = scenario->inputs->pdata[0];
  g_autofree char *folder = g_path_get_dirname(first->path);
  const char *const places[] = {first->path, folder};
  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    const char *at = strstr(scenario->topology, places[i]);
    if (at && (i == 0 || scenario->inputs->len > 1))
      return at + strlen(places[i]);
  }
  return "";
}

char *gs_import_about(const GsScenario *scenario) {
  g_autofree char *nodes = gs_text_plural(scenario->node_count, "node");
  g_autofree char *links = gs_text_plural(scenario->link_count, "link");
  GString *out = g_string_new("Imported from ");
  append_files(scenario, out);
  static const char with[] = " with its ";
  const char *taken = taken_from(scenario);
  bool has_more = g_str_has_prefix(taken, with);
  g_string_append_printf(out, ": %s and %s%s%s.", nodes, links,
                         has_more ? ", with the file's " : "",
                         has_more ? taken + strlen(with) : taken);
  for (guint i = 0; i < scenario->warnings->len; i++) {
    const GsWarning *warning = scenario->warnings->pdata[i];
    g_string_append_printf(out, "%s%s", i == 0 ? " Of the file: " : "; ", warning->text);
  }
  if (scenario->warnings->len > 0)
    g_string_append_c(out, '.');
  return g_string_free(out, FALSE);
}

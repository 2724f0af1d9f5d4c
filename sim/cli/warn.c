/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/warn.h"

#include "sim/cli/cli.h"

void gs_warn_scenario(const GsScenario *scenario) {
  for (guint i = 0; i < scenario->warnings->len; i++) {
    g_autofree char *line = gs_warning_line(scenario->warnings->pdata[i]);
    gs_cli_error("warning: %s", line);
  }
}

void gs_warn_addresses(const GArray *served) {
  for (guint i = 0; i < served->len; i++) {
    const char *address = g_array_index(served, GsServed, i).address;
    if (g_str_has_prefix(address, "0.0.0.0:") || g_str_has_prefix(address, "[::]:"))
      gs_cli_error("warning: siblings are told the address %s, which they cannot call; better "
                   "listen on the one by which they know this machine",
                   address);
  }
}

void gs_warn_serving(const char *line, void *data) {
  (void)data;
  gs_cli_error("warning: %s", line);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/watch.h"

#include <inttypes.h>
#include <string.h>

/** A name as Python's repr() writes a string, which is what readers of such lines expect. */
static void append_quoted(GString *out, const char *name) {
  char quote = strchr(name, '\'') && !strchr(name, '"') ? '"' : '\'';
  g_string_append_c(out, quote);
  for (const char *at = name; *at; at++) {
    if (*at == quote || *at == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *at);
  }
  g_string_append_c(out, quote);
}

void gs_watch_print_node(const GsResults *results, uint32_t index, GString *out) {
  const GsNodeState *node = &results->nodes[index];
  const char *http = results->scenario->nodes[index].http;
  g_string_append_printf(out, "[Node] id=%" PRId64 " address=", node->id);
  if (http)
    g_string_append(out, http);
  else
    g_string_append_printf(out, "sim:%" PRId64, node->id);
  g_string_append_printf(out, " name=%s energy=(%" PRId64 ", %" PRId64 ") siblings=[", node->name,
                         node->production, -node->consumption);
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    if (i > 0)
      g_string_append(out, ", ");
    append_quoted(out, gs_results_name(results, node->siblings[i]));
  }
  g_string_append_printf(out, "] gridnet=%" PRId64 "\n", node->gridnet);
}

void gs_watch_print(const GsResults *so_far, int64_t now_ns, GString *out) {
  /* Milliseconds are enough unless the interval is finer than that. */
  bool fine = now_ns % (GS_SECOND_NS / 1000) != 0;
  for (uint32_t i = 0; i < so_far->node_count; i++) {
    int64_t seconds = now_ns / GS_SECOND_NS, rest = now_ns % GS_SECOND_NS;
    if (fine)
      g_string_append_printf(out, "%5" PRId64 ".%09" PRId64 " s  ", seconds, rest);
    else
      g_string_append_printf(out, "%5" PRId64 ".%03" PRId64 " s  ", seconds, rest / 1000000);
    gs_watch_print_node(so_far, i, out);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/watch.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/text.h"

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
  g_autoptr(GString) line = g_string_new(NULL);
  g_string_append_printf(line, "[Node] id=%" PRId64 " address=", node->id);
  if (http)
    g_string_append(line, http);
  else
    g_string_append_printf(line, "sim:%" PRId64, node->id);
  g_string_append_printf(line, " name=%s energy=(%" PRId64 ", %" PRId64 ") siblings=[", node->name,
                         node->production, -node->consumption);
  for (uint32_t i = 0; i < node->sibling_count; i++) {
    if (i > 0)
      g_string_append(line, ", ");
    append_quoted(line, gs_results_name(results, node->siblings[i]));
  }
  g_string_append_printf(line, "] gridnet=%" PRId64, node->gridnet);
  g_autofree char *clean = gs_text_clean(line->str);
  g_string_append_printf(out, "%s\n", clean);
}

void gs_watch_print(const GsResults *so_far, int64_t now_ns, GString *out) {
  /* Milliseconds are enough unless the interval is finer than that. */
  bool fine = now_ns % GS_MILLISECOND_NS != 0;
  for (uint32_t i = 0; i < so_far->node_count; i++) {
    int64_t seconds = now_ns / GS_SECOND_NS, rest = now_ns % GS_SECOND_NS;
    if (fine)
      g_string_append_printf(out, "%5" PRId64 ".%09" PRId64 " s  ", seconds, rest);
    else
      g_string_append_printf(out, "%5" PRId64 ".%03" PRId64 " s  ", seconds,
                             rest / GS_MILLISECOND_NS);
    gs_watch_print_node(so_far, i, out);
  }
}

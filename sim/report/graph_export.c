/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/graph_export.h"

#include <inttypes.h>

#include "sim/report/xml_text.h"

/** In quotes. Labels of DOT know escapes that start with a backslash, and entities. */
static void append_dot(GString *out, const char *text) {
  g_string_append_c(out, '"');
  for (const char *at = text; *at; at++)
    if (*at == '&') {
      g_string_append(out, "&amp;");
    } else {
      if (*at == '"' || *at == '\\')
        g_string_append_c(out, '\\');
      g_string_append_c(out, *at);
    }
  g_string_append_c(out, '"');
}

void gs_export_dot(const GsScenario *scenario, const GsGraph *graph, GString *out) {
  g_string_append(out, "graph {\n  label=");
  append_dot(out, scenario->name);
  g_string_append(out, ";\n");
  for (uint32_t i = 0; i < graph->nodes; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    g_string_append_printf(out, "  n%u [label=", i);
    append_dot(out, node->name);
    g_string_append_printf(out, ", production=%" PRId64 ", consumption=%" PRId64 "];\n",
                           node->production, node->consumption);
  }
  for (uint32_t i = 0; i < graph->links; i++)
    g_string_append_printf(out, "  n%u -- n%u;\n", graph->edges[i].a, graph->edges[i].b);
  g_string_append(out, "}\n");
}

void gs_export_graphml(const GsScenario *scenario, const GsGraph *graph, GString *out) {
  g_string_append(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
                  "  <key id=\"l\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n"
                  "  <key id=\"p\" for=\"node\" attr.name=\"production\" attr.type=\"long\"/>\n"
                  "  <key id=\"c\" for=\"node\" attr.name=\"consumption\" attr.type=\"long\"/>\n"
                  "  <graph id=\"G\" edgedefault=\"undirected\">\n");
  for (uint32_t i = 0; i < graph->nodes; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    g_string_append_printf(out, "    <node id=\"n%u\"><data key=\"l\">", i);
    gs_xml_append(out, node->name);
    g_string_append_printf(
        out, "</data><data key=\"p\">%" PRId64 "</data><data key=\"c\">%" PRId64 "</data></node>\n",
        node->production, node->consumption);
  }
  for (uint32_t i = 0; i < graph->links; i++)
    g_string_append_printf(out, "    <edge source=\"n%u\" target=\"n%u\"/>\n", graph->edges[i].a,
                           graph->edges[i].b);
  g_string_append(out, "  </graph>\n</graphml>\n");
}

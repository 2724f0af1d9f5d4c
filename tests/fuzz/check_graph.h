/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/topology/topology.h"

/** What a graph that was made of a file must be, and a message about one that was not. */

static inline void require(bool ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "FAILED: %s\n", what);
  abort();
}

static inline void check_graph(const GsGraph *graph) {
  for (uint32_t i = 0; i < graph->links; i++) {
    GsEdge edge = graph->edges[i], before = graph->edges[i ? i - 1 : 0];
    require(edge.a < edge.b && edge.b < graph->nodes, "a link that is none");
    require(i == 0 || before.a < edge.a || (before.a == edge.a && before.b < edge.b),
            "links out of order, or twice");
  }
  for (uint32_t i = 0; graph->labels && i < graph->nodes; i++)
    require(graph->labels[i] && g_utf8_validate(graph->labels[i], -1, NULL), "a name not in UTF-8");
  require(!graph->latencies || graph->latencies->len == graph->links, "latencies of other links");
}

static inline void check_outcome(const GsGraph *graph, const GError *error) {
  if (graph)
    check_graph(graph);
  else
    require(error && g_utf8_validate(error->message, -1, NULL) && !strchr(error->message, '\n'),
            error ? error->message : "no error");
}

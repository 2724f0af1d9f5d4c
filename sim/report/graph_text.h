/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/json/json_writer.h"
#include "sim/report/style.h"
#include "sim/scenario/scenario.h"
#include "sim/topology/facts.h"

/** What the grid of a scenario is like, and what the protocol will cost on it. */
typedef struct {
  const GsScenario *scenario; /**< borrowed */
  const GsGraph *graph;       /**< borrowed: from gs_scenario_graph */
  GsGraphFacts facts;
  /** Nodes by their number of siblings, and islands by their number of nodes; ascending. */
  GArray *degrees, *islands; /**< of GsGraphClass */
  /** In the largest island, the one with most links of several: a wave, and an update. */
  uint64_t island_links, wave_messages, flood_messages, update_messages;
} GsGraphReport;

/** `count` things have this size. */
typedef struct {
  uint32_t size, count;
} GsGraphClass;

/** NULL with an error as gs_graph_facts. */
GsGraphReport *gs_graph_report_new(const GsScenario *scenario, const GsGraph *graph,
                                   GError **error);
void gs_graph_report_free(GsGraphReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsGraphReport, gs_graph_report_free)

/** For a person. */
void gs_graph_report_print(const GsGraphReport *report, GsStyle style, GString *out);
/** One object. What is not known is null. */
void gs_graph_report_write(const GsGraphReport *report, GsJsonWriter *json);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json/json_writer.h"
#include "sim/study/study_report.h"
#include "sim/topology/layout.h"

/** A graph as it is drawn, and when each node came into sync in one run. */
struct GsDrawing {
  uint32_t cell;
  char *label;
  uint32_t nodes, links;
  GsPoint *points;
  GsEdge *edges;
  double *since_s; /**< from the disturbance; NaN: not in sync at the end */
  uint32_t disturbed_count;
  uint32_t *disturbed;
};

void gs_drawing_write(const GsDrawing *drawing, const GsSweep *sweep, GsJsonWriter *json);

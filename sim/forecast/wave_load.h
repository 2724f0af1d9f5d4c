/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/wave.h"
#include "sim/topology/adjacency.h"

/**
 * What the waves of a disturbance hold while they are under way, over time. A
 * disturbance is a flood from one node of an island, upon which every node
 * starts a wave when the flood reaches it. Where every message takes one hop of
 * time that is known exactly: each node's Asks go out when the first Ask reaches
 * it, and its answer when the last of its answers is there. A number of waves
 * and of nodes stand for all.
 */

/** Steps of time in a load. */
#define GS_WAVE_LOAD_STEPS 128u

typedef struct {
  uint32_t nodes;   /**< of the island; each starts one wave */
  uint64_t links;   /**< of the island */
  uint32_t sampled; /**< waves that were looked at */
  uint32_t steps;   /**< at most GS_WAVE_LOAD_STEPS, at least 1 */
  double
      step_hops; /**< length of a step: the time that so many messages take one after the other */
  uint32_t watched;      /**< nodes that were looked at */
  GsWaveForm *forms;     /**< of the waves of each of them */
  double *open;          /**< waves that node w has open in step s: [w * steps + s] */
  double *nets;          /**< in each step, the pieces of nets of all waves */
  double *messages;      /**< … messages that are handled, and those that are sent meanwhile */
  double flood_messages; /**< the same of the flood alone, at most */
} GsWaveLoad;

/**
 * The load of a disturbance at `from`. Looks at as many waves as take about a
 * tenth of a second, at all of them when the island is small, and at the first
 * one however large it is: O(nodes + links).
 */
GsWaveLoad *gs_wave_load_new(const GsAdjacency *grid, uint32_t from);
void gs_wave_load_free(GsWaveLoad *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsWaveLoad, gs_wave_load_free)

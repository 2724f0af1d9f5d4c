/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/** What a run takes of memory and how it is divided, for forecasts: they ask, and copy nothing. */

/** Bytes. */
typedef struct {
  uint32_t node;     /**< an actor and its inbox, besides what a node keeps on the heap */
  uint32_t letter;   /**< a message on its way where all links are alike */
  uint32_t delivery; /**< … and where they are not, or nodes have a pace */
} GsRunSizes;
GsRunSizes gs_run_sizes(void);

/** Lanes of a run of so many nodes; `workers` as in GsRunOptions. */
uint32_t gs_run_lanes(uint32_t workers, uint32_t nodes);

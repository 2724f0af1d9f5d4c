/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/measure/peaks.h"

/**
 * When disturbances were over. Convergence is for good: a disturbance is over at
 * the first moment, from when it last changed something on, from which all nodes
 * stayed in sync until the truth changed again, or the run ended. Nodes that fall
 * out of sync although the truth stayed (a late overwrite) take it back from all
 * that were over since the truth last changed; once the truth changes while all
 * are in sync, what was over before stays so. Where disturbances overlap, one is
 * over no earlier than all that came before it and are not over yet.
 *
 * Each call is amortised O(1). Not thread-safe.
 */
typedef struct {
  int64_t over_ns; /**< when it was over last, though that be taken back; -1: never since changed */
  bool pending;    /**< may be taken back */
  bool waiting;    /**< for the next moment at which all nodes are in sync */
  uint64_t from;   /**< number of the moment from which it waits */
  uint64_t wrong_nodes, wrong_by; /**< most while it waited before */
} GsCourse;

typedef struct {
  GArray *courses;  /**< of GsCourse, by cause */
  GArray *waiting;  /**< of uint32_t: causes */
  GArray *pending;  /**< of uint32_t: causes that were over since the truth last changed */
  uint64_t moments; /**< judged so far */
  GsPeaks wrong_nodes, wrong_by;
  int64_t in_sync_since_ns; /**< all nodes, at the end of each moment; -1: they are not */
} GsConvergence;

void gs_convergence_init(GsConvergence *convergence);
void gs_convergence_clear(GsConvergence *convergence);

/** A disturbance begins; causes are counted from 0 in the order in which they begin. */
void gs_convergence_begin(GsConvergence *convergence, uint32_t cause);
/** It changed an energy or a link now: it is not over before the nodes know. */
void gs_convergence_reopen(GsConvergence *convergence, uint32_t cause);
/**
 * The end of a moment: whether all nodes are in sync, and whether the truth
 * changed at this moment. Moments ascend.
 */
void gs_convergence_judge(GsConvergence *convergence, int64_t now_ns, bool in_sync,
                          bool truth_changed);
/** How wrong nodes are at the end of the moment, before it is judged: how many are out of sync, and
 * by how much all together. */
void gs_convergence_see(GsConvergence *convergence, uint64_t wrong_nodes, uint64_t wrong_by);
/** The most of both at the end of any moment at which a disturbance was not over. */
void gs_convergence_wrong(const GsConvergence *convergence, uint32_t cause, uint64_t *wrong_nodes,
                          uint64_t *wrong_by);
/** When a disturbance was over (absolute time), as far as is known; -1: it is not. */
int64_t gs_convergence_over_ns(const GsConvergence *convergence, uint32_t cause);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/effects.h"
#include "core/holdings.h"
#include "sim/measure/results.h"
#include "sim/scenario/scenario.h"

/**
 * Checks that every run can be held to, whatever its scenario says:
 *
 *   in-sync   at the end all nodes are in sync;
 *   rest      the run has come to rest by itself, and then no wave is open;
 *   siblings  at the end, whoever of the nodes that are up is a sibling of one has it
 *             as a sibling, too;
 *   sums      each own wave that is back has the sum of nets that its nodes had
 *             at some moment since that wave began;
 *   ids       no own wave that is back counts an id twice;
 *   memory    when the run has come to rest by itself, no node holds more than
 *             gs_checker_most_held says.
 *
 * Where the scenario says `within`, the run must have been in sync for good, and come to rest, so
 * soon after the last disturbance.
 *
 * The first three look at the results, memory at nodes, the others at each wave as it is back.
 * A checker belongs to one run and is told by its coordinator; not thread-safe.
 */
typedef struct GsChecker GsChecker;

/** For a run of that scenario, which is borrowed; NULL when the set is empty. */
GsChecker *gs_checker_new(const GsScenario *scenario, GsCheckSet checks);
/** NULL is fine. */
void gs_checker_free(GsChecker *checker);

/** Whether the checks are about waves, so that the checker must be told of them. */
bool gs_check_set_needs_waves(GsCheckSet checks);

/**
 * What happened to an own wave: it starts, or it is back, with the nets that it
 * counted. Each node's in the order of time. O(1), and O(waves that the node has out + counted).
 */
void gs_checker_wave_starts(GsChecker *checker, int64_t now_ns, uint32_t node, GsMasterId wave);
void gs_checker_wave_is_back(GsChecker *checker, int64_t now_ns, uint32_t node, const GsNote *done,
                             const GsCountedNet *counted);
/** It is ended without a result. */
void gs_checker_wave_is_given_up(GsChecker *checker, uint32_t node, GsMasterId wave);
/** A node has another net; before the waves that are back at that moment or later. O(1). */
void gs_checker_net(GsChecker *checker, int64_t now_ns, uint32_t node, int64_t net);

/**
 * The most that a node may hold at rest in a grid of so many nodes, to which so many disturbances
 * happened (open waves are those of rest): waves that are done as its limit has it, or as may be
 * open at once (one of each node for each disturbance and one more); so many nets of each as there
 * are nodes; as many floods as nodes, and GS_CLOSED_WAVES_MAX; its siblings suspected; a handshake
 * with each other node.
 */
GsNodeHoldings gs_checker_most_held(uint32_t nodes, uint64_t disturbances, uint32_t siblings);
/** What a node holds at rest, and the most of it. O(1). */
void gs_checker_holds(GsChecker *checker, int64_t now_ns, uint32_t node,
                      const GsNodeHoldings *holds, const GsNodeHoldings *most);
/**
 * The run is over: puts what was checked and found into its results, which are otherwise complete.
 * A run that was stopped says nothing about its end.
 */
void gs_checker_judge(GsChecker *checker, GsResults *results);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/effects.h"
#include "core/message.h"
#include "sim/measure/last_in_sync.h"
#include "sim/measure/sync_monitor.h"
#include "sim/measure/sync_series.h"
#include "sim/measure/violation.h"
#include "sim/network/loss.h"
#include "sim/scenario/scenario.h"

/** What a run measured. Only messages between nodes count; what the schedule injects does not. */

typedef struct {
  uint64_t by_kind[GS_ENVELOPE_TYPES][GS_MESSAGE_TYPES];
} GsMessageCounts;

uint64_t gs_message_counts_total(const GsMessageCounts *counts);
uint64_t gs_message_counts_by_envelope(const GsMessageCounts *counts, GsEnvelopeType envelope);
uint64_t gs_message_counts_by_type(const GsMessageCounts *counts, GsMessageType type);

/** Disturbances that are measured one by one; later ones count in the totals only. */
#define GS_DISTURBANCES_KEPT 10000u
_Static_assert(GS_DISTURBANCES_KEPT <= GS_CAUSE_MAX, "a cause fits, also that of all later ones");

/** One occurrence of the schedule and all that it caused, also where others overlap it. */
typedef struct {
  int64_t at_ns;
  uint32_t entry; /**< index in the scenario's schedule; UINT32_MAX: a handshake of `links` */
  bool ends;      /**< it is that a fault is over by itself */
  char *what;     /**< "A: production 0, consumption 10" */
  GsMessageCounts messages;
  /**
   * From at_ns to the first moment after it took effect (a node's energy
   * changed, a link was made on both sides) from which all nodes stayed in sync until
   * the truth changed again or the run ended; -1: there is none. See convergence.h.
   */
  int64_t converged_after_ns;
  /** Longest chain of messages, each sent while the one before was handled, that ended in a change
   * of a gridnet; at most GS_HOPS_MAX. */
  uint32_t hops;
  uint64_t wire_bytes; /**< as in GsResults */
  /** The most nodes that were out of sync at the end of any moment at which it was not over, and
   * the largest sum of the differences of their gridnets from their true nets. */
  uint64_t wrong_nodes, wrong_by;
} GsDisturbance;

typedef struct {
  int64_t id;
  const char *name; /**< the scenario's */
  int64_t production, consumption, gridnet;
  int64_t true_net; /**< sum of the nets of all nodes that it is connected to */
  bool is_down;     /**< in no island, and neither in sync nor out of it */
  bool open;        /**< its island goes on in foreign nodes: true_net has only part of it */
  bool in_sync;     /**< with true_net, or `open`: with the other nodes here */
  int64_t in_sync_since_ns;  /**< without a break; 0: from the start; -1: it is not in sync */
  GsWrongSpan longest_wrong; /**< up to the end of the run */
  uint32_t island;           /**< 0 … islands − 1; UINT32_MAX: it is down */
  uint32_t sibling_count;
  uint32_t *siblings; /**< indices of nodes, in the order they were added; inside one block.
                           From node_count on: foreign nodes, see gs_results_name */
} GsNodeState;

typedef struct {
  const GsScenario *scenario; /**< borrowed */
  const char *runner;
  uint32_t workers;
  bool served; /**< its nodes were, by the wall clock */

  uint32_t node_count;
  uint64_t link_count; /**< live at the end: on both sides */
  uint32_t island_count;
  GsNodeState *nodes;
  uint32_t *sibling_block;
  GPtrArray *foreign_names; /**< of foreign nodes (char *), from node_count on; NULL: none */

  bool stopped;   /**< by progress(), before its end */
  bool quiescent; /**< nothing was left to happen */
  bool converged; /**< at the end all nodes were in sync */
  int64_t now_ns; /**< simulated time reached; at the end: of the last event */
  int64_t
      end_ns; /**< the same, or the scenario's `until` when that cut the run; known at the end */
  int64_t disturbed_at_ns; /**< moment of the last disturbance, also of those not kept; -1: none */
  int64_t converged_at_ns; /**< last moment at which the grid came into sync (0: never out of it);
                              -1: not in sync */
  int64_t quiescent_at_ns; /**< moment of the last event; -1: not quiescent */
  uint32_t out_of_sync;    /**< nodes at the end */
  GsSyncSeries series;     /**< nodes out of sync over time; owned */
  /** Nodes out of sync × nanoseconds, from time 0 to the end of the run; at most UINT64_MAX. */
  uint64_t out_of_sync_node_ns;
  GsSyncErrors errors; /**< how wrong nodes were, from time 0 to the end of the run */
  /** The node with the longest time in which it was wrong without a break, of several the first;
   * UINT32_MAX: none ever was. */
  uint32_t longest_wrong_node;
  uint32_t down; /**< nodes at the end */
  uint64_t
      told_lost; /**< of what the schedule told: to nodes that were down, or paused to the end */
  uint64_t open_waves; /**< own and relayed waves still open at the end, over all nodes */

  GsMessageCounts messages;          /**< sent */
  GsMessageCounts recovery_messages; /**< of those, what nodes sent on their own */
  uint32_t hops; /**< largest of all disturbances, also of those not kept one by one */
  /**
   * Bytes of the JSON bodies, had every message gone over HTTP between loopback
   * addresses (core/wire/wire_size.h). Where an id is in `nets` twice it may be counted twice.
   */
  uint64_t wire_bytes;
  uint64_t delivered; /**< at rest: messages sent, less those lost, and their doubles */
  GsNetworkFaults network_faults;
  uint64_t drops[GS_DROP_REASONS];
  uint64_t superseded; /**< own waves whose result came too late to be used */
  uint64_t suspected;  /**< times that a node suspected a sibling (docs/PROTOCOL.md, Recovery) */
  /** Of those: at that moment the sibling was down, or the link did not work in both directions; or
   * neither. Of foreign siblings nobody knows. */
  uint64_t suspected_rightly, suspected_wrongly;
  uint64_t trusted_again;    /**< times that it trusted it again */
  uint64_t waves_limited;    /**< own waves that were ended by their limit */
  uint64_t told_undelivered; /**< times that a node took the news that a message did not arrive */
  uint64_t largest_mailbox;  /**< most messages that waited at one node at one moment */

  uint32_t disturbance_count;
  GsDisturbance *disturbances;
  uint64_t disturbances_left_out;  /**< beyond those that are kept one by one: in the totals only */
  uint64_t disturbances_unchecked; /**< those of them of which their entries expect something */

  GsCheckSet checked; /**< checks that were made: `expect` names them, or the run's options */
  GArray *violations; /**< of GsViolation, in the order of GsCheck; NULL: nothing was checked */

  GsLastInSync *last; /**< owned; NULL: nobody asked (sim/run/last_search.h) */

  char digest[33];        /**< 128 bits of the trace's digest in hex */
  double wall_s;          /**< of the run itself, without loading */
  double start_s, stop_s; /**< of making the actors (threads, links), and of ending them */
  gsize memory_bytes;     /**< most bytes that the run's pools held */
  uint64_t needed_bytes;  /**< … as estimated before; 0: was not */
} GsResults;

/** Part of the time of all nodes that were up, in which they were in sync; 1 where there was none.
 */
double gs_results_in_sync_share(const GsResults *results);
/** Mean difference of gridnets from true nets over that time. */
double gs_results_mean_error(const GsResults *results);
/** The longest time in which a node was wrong without a break; for_ns 0: none ever was. */
GsWrongSpan gs_results_longest_wrong(const GsResults *results);
/** Name of a node or foreign node by its index. */
const char *gs_results_name(const GsResults *results, uint32_t index);

/** A violation in a sentence: which check, where, when and what; free with g_free. */
char *gs_violation_text(const GsResults *results, const GsViolation *violation);

void gs_results_free(GsResults *results);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsResults, gs_results_free)

/**
 * Compares with the scenario's `expect` and the expectations of its schedule.
 * Returns one line per expectation that was not met (char *), empty when all
 * were; free with g_ptr_array_unref.
 */
GPtrArray *gs_results_unmet(const GsResults *results);

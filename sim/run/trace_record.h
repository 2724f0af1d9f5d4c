/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "core/effects.h"
#include "core/message.h"

/**
 * What a run notes of itself: changes, for whoever measures, and records of
 * single messages, for whoever traces. Both come between windows, in the order
 * of time, then node, then how the node did it.
 */

/** Something that the measurement wants to know. */
typedef struct {
  int64_t time_ns;
  uint32_t node;
  uint32_t sequence; /**< within its lane and window */
  GsNote note;
} GsObservation;

/** What happened to an own wave, for whoever checks: it starts, is back or is ended by its limit.
 */
typedef struct {
  int64_t time_ns;
  uint32_t node;
  uint32_t first_counted; /**< where the nets begin that it counted, among its lane's */
  GsNote note;
} GsWaveSeen;

typedef enum {
  GS_TRACE_SEND,
  GS_TRACE_DELIVERY,
  GS_TRACE_DROP,
  GS_TRACE_GRIDNET,
  GS_TRACE_ENERGY,  /**< a node has another net */
  GS_TRACE_SIBLING, /**< a node has a sibling that is new or has moved */
  GS_TRACE_WAVE_START,
  GS_TRACE_WAVE_DONE,  /**< an own wave is back */
  GS_TRACE_SUPERSEDED, /**< … whose sum is not used; right after that */
  GS_TRACE_LOST,   /**< a message is sent and does not arrive; there is no GS_TRACE_SEND of it */
  GS_TRACE_DOUBLE, /**< the message just sent arrives once more, at due_ns */
  GS_TRACE_UNDELIVERED, /**< a node is told that a message of its own was not delivered */
  GS_TRACE_SUSPECTED,   /**< a node waits for no answer of a sibling any more */
  GS_TRACE_TRUSTED,     /**< … and does so again */
  GS_TRACE_LIMITED,     /**< an own wave is ended by its limit, without a result */
  GS_TRACE_WAITS,       /**< at a pace: a message waits to be sent, behind those before it */
  GS_TRACE_FAULT,       /**< something goes wrong */
  GS_TRACE_FAULT_END,   /**< … is over, by itself or as the schedule says */
  GS_TRACE_WAKE, /**< a node acts on its own: what follows of it is not because of a message */
} GsTraceKind;

typedef struct GsTraceRecord {
  int64_t time_ns, due_ns;
  uint32_t node; /**< of a fault of a link: the end that is named first; UINT32_MAX: of all links,
                    or between groups */
  GsTraceKind kind;
  GsMessage message; /**< of a message; otherwise its `cause`, `hops` and `master` only; of a fault
                        of a link `to`, its other end, or GS_ENDPOINT_NONE */
  int64_t value; /**< drop: reason; lost: GsLossReason; gridnet, energy: value; sibling, suspected,
                    trusted: endpoint;
                    wave that is back: its sum; fault: GsScheduleKind; or the sum of nets */
  uint32_t
      nets; /**< number of nets; of a partition: of groups; of a cut: 1 in one direction alone */
  uint32_t tries; /**< sent, lost: how often it was tried in all, or 0 where that was once */
} GsTraceRecord;

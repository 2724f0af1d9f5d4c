/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/effects.h"
#include "sim/base/time.h"
#include "sim/run/trace_record.h"
#include "sim/run/view.h"

/**
 * A run on the wall clock, and what connects it to the world outside: people
 * and foreign nodes. Simulated time then follows the clock, one second a
 * second; endpoints from the number of actors on stand for foreign nodes. All
 * functions are called by the coordinator, between windows.
 */

/** What one exposed node handled and sent. Written by whoever runs it, read between windows. */
typedef struct {
  uint64_t received[GS_ENVELOPE_TYPES][GS_MESSAGE_TYPES];
  uint64_t sent[GS_ENVELOPE_TYPES][GS_MESSAGE_TYPES];
  uint64_t drops[GS_DROP_REASONS];
  uint64_t heard;      /**< messages that came from outside the process and were handled */
  uint64_t on_its_own; /**< of `sent`, what recovery had it send */
  /** As in the results of a run: siblings suspected and trusted again, own waves ended by their
   * limit, messages that it was told were not delivered. */
  uint64_t suspected, trusted_again, waves_limited, told_undelivered;
} GsTally;

/** A message that came from outside, or what the transport says of one that went there. */
typedef struct {
  GsMessage message; /**< `outside` set, `nets` not; or as gs_is_report has it */
  GArray *nets;      /**< of GsWireNet: those that a Response brings; NULL: none. Owned */
  char *what;        /**< what a person told a node, in words; NULL: from a foreign node. Owned */
} GsOutsideMail;

/**
 * Whether what a node is told is a message of its own on which the transport gave up: it was sent
 * by this node, `to` says to whom; without its nets.
 */
static inline bool gs_is_report(const GsMessage *told) {
  return told->from != GS_ENDPOINT_NONE && !told->outside;
}

typedef struct GsLive {
  /**
   * Waits until the clock shows `until_ns` of simulated time (GS_TIME_NEVER:
   * for good), or mail has come (if `for_mail`), or the run is to end (then
   * `ending` is set, at this and every further call). Returns the time that the
   * clock shows.
   */
  int64_t (*wait)(int64_t until_ns, bool for_mail, bool *ending, void *data);
  /** The run begins to end: nothing more is to be accepted. Called once. */
  void (*close)(void *data);
  /** Appends what has come since as GsOutsideMail. */
  void (*receive)(const GsRunView *view, GArray *mail, void *data);
  /** Sends a message that leaves the process; its nets stay the caller's, but may be made flat. */
  void (*send)(const GsRunView *view, const GsMessage *message, void *data);
  /** Whether this node's messages to that actor leave the process too. */
  bool (*leaves)(uint32_t from, uint32_t to, void *data);
  /** Whether it wants to be told of messages and changes in the windows to come. */
  bool (*traces)(void *data);
  /** What happened in a window, in order; only after traces() said so. */
  void (*happened)(const GsRunView *view, const GsTraceRecord *records, guint count, void *data);
  /** A window is over; about to wait if `idle`. */
  void (*look)(const GsRunView *view, bool idle, void *data);
  /** Name of a foreign node; lives as long as the run. */
  const char *(*foreign_name)(GsEndpoint endpoint, void *data);
  /** The tally of an actor, or NULL. */
  GsTally *(*tally)(uint32_t actor, void *data);
  uint64_t hash_salt; /**< secret, for tables of ids that come from outside */
  /** What the ids of an actor's waves and floods begin with. */
  uint64_t (*id_space)(uint32_t actor, void *data);
  void *data;
} GsLive;

/**
 * Mail is told at multiples of this. What comes at about the same time then
 * shares its windows, and so does all that follows from it: a wake-up costs as
 * much as a hundred messages.
 */
#define GS_MAIL_GRAIN_NS INT64_C(200000)
/** Longest that a run goes on after it was told to end, for what is still under way. */
#define GS_DRAIN_NS (2 * GS_SECOND_NS)

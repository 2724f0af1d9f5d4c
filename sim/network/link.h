/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/faults/fault_plan.h"
#include "sim/scenario/scenario.h"

/**
 * The in-memory network's model of its links: what a message on a link takes,
 * and that it keeps its place (FIFO) where the scenario says so.
 */

/** What the scenario says of the network, prepared for questions by pair of nodes. */
typedef struct {
  const GsScenario *scenario;
  GsLinkNetwork all;        /**< what holds for links that say nothing themselves */
  GsFaultPlan *faults;      /**< what goes wrong; NULL: nothing. Owned */
  GHashTable *own_networks; /**< pair → what the link says about itself and from when on, or NULL */
  /** Every link has the same constant latency, there is no jitter, and at most messages are lost.
   */
  bool uniform;
  int64_t uniform_ns; /**< that latency */
  bool may_fail;      /**< gs_link_fate is to be asked: messages may be lost or doubled */
  /** No message between nodes that are linked, by the scenario or gs_network_link(), takes less:
   * the width of a conservative window. */
  int64_t lookahead_ns;
} GsNetwork;

void gs_network_init(GsNetwork *network, const GsScenario *scenario);
/** Two nodes may speak to each other from now on that the scenario does not link: where that takes
 * less than all there was, lookahead_ns becomes less. Not while messages are sent. */
void gs_network_link(GsNetwork *network, uint32_t a, uint32_t b, int64_t now_ns);
void gs_network_clear(GsNetwork *network);
/** About what a message takes on links that say nothing themselves. */
double gs_network_usual_ns(const GsNetwork *network);

/** A jitter that does not fit its 32 bits: 4.3 s or more; it is drawn again when it is used. */
#define GS_JITTER_LONG UINT32_MAX

/** One direction of a link, as the sender keeps it. */
typedef struct {
  uint32_t to;
  uint16_t drawn;  /**< of `jitters`, the last ones, that are not used yet */
  bool has_jitter; /**< it is not constantly 0 */
  int64_t latency_ns;
  int64_t last_due_ns;        /**< FIFO: nothing sent later may arrive earlier */
  int64_t until_ns;           /**< from here on latency and jitter are to be looked for anew */
  uint32_t jitters[GS_DRAWS]; /**< of the next messages, in nanoseconds, or GS_JITTER_LONG */
  uint64_t count;             /**< of jitters that were drawn: the counter of the next draw */
  const GsDistribution *jitter;
} GsLink;

/** What may become of messages in one direction of a link, where something may; all-zero: it is to
 * be looked for. */
typedef struct {
  double loss, duplicate;
  int64_t until_ns;                           /**< from here on these are to be looked for anew */
  uint64_t count;                             /**< of messages so far */
  const GsPinnedMessage *pinned, *pinned_end; /**< of those to come, in order; NULL: none */
} GsLinkOdds;

/** The links of one sender, in the order in which they were added. */
typedef struct {
  uint32_t count, room;
  GsLinkOdds *odds;  /**< of each, where messages may fail; NULL: nobody asked yet */
  GHashTable *by_to; /**< made when there are many and one is not where it was guessed to be */
  GsLink links[];
} GsLinks;

/** An all-zero set is empty, and all of it in networks that need none. */
typedef struct {
  GsLinks *made;
} GsSenderLinks;

void gs_sender_links_clear(GsSenderLinks *set);
/** Makes an empty set with room for `room` links, at least one. */
void gs_sender_links_reserve(GsSenderLinks *set, uint32_t room);
/** Adds a link; there must be none to that receiver. The first one is number 0. */
void gs_sender_links_add(GsSenderLinks *set, uint32_t to);

/* ---- What is seldom needed of the following ---- */

/** Finds a link in a set, or adds it. */
GsLink *gs_sender_links_look_for(GsSenderLinks *set, uint32_t to);
/** Has a link take what holds for it from now on. */
void gs_link_take_network(const GsNetwork *network, GsLink *link, uint32_t from, int64_t now_ns);
/** Draws the jitters of the next messages of a link; all are used. */
void gs_link_draw_jitters(const GsNetwork *network, GsLink *link, uint32_t from);
/** The next jitter of a link, which has it as GS_JITTER_LONG. */
int64_t gs_link_long_jitter_ns(const GsNetwork *network, const GsLink *link, uint32_t from);

/** The odds of a link of the set. */
GsLinkOdds *gs_sender_links_odds(GsSenderLinks *set, const GsLink *link);
/** Has them be what holds for the link from now on. */
void gs_link_take_odds(const GsNetwork *network, const GsLink *link, GsLinkOdds *odds,
                       uint32_t from, int64_t now_ns);
/** What the scenario says of the message with that number, or NULL; numbers ascend one by one. */
const GsPinnedMessage *gs_link_next_pinned(GsLinkOdds *odds, uint64_t number);

static inline GsLink *gs_sender_links_find(GsSenderLinks *set, uint32_t to, uint32_t guess) {
  GsLinks *made = set->made;
  if (G_LIKELY(made && guess < made->count && made->links[guess].to == to))
    return &made->links[guess];
  return gs_sender_links_look_for(set, to);
}

static inline int64_t gs_link_next_jitter_ns(const GsNetwork *network, GsLink *link,
                                             uint32_t from) {
  if (!link->drawn)
    gs_link_draw_jitters(network, link, from);
  int64_t jitter = link->jitters[GS_DRAWS - link->drawn];
  if (G_UNLIKELY(jitter == GS_JITTER_LONG))
    jitter = gs_link_long_jitter_ns(network, link, from);
  link->drawn--;
  return jitter;
}

/**
 * What becomes of a message that `from` sends to `to` at `now_ns` where nothing can fail (elsewhere
 * fate.h says it): when it
 * arrives; counts it. `guess` is the number that its link probably has in the set,
 * which is then found at once; it is added when there is none. What an add_sibling
 * says of the link holds from its moment on; in FIFO networks a message still
 * arrives no earlier than those sent before it. `now_ns` must not descend. Never
 * before now + network->lookahead_ns. One thread at a time per set.
 */
static inline int64_t gs_link_due_ns(const GsNetwork *network, GsSenderLinks *set, uint32_t from,
                                     uint32_t to, uint32_t guess, int64_t now_ns) {
  GsLink *link = gs_sender_links_find(set, to, guess);
  if (G_UNLIKELY(now_ns >= link->until_ns))
    gs_link_take_network(network, link, from, now_ns);
  int64_t due = now_ns + link->latency_ns;
  if (link->has_jitter)
    due += gs_link_next_jitter_ns(network, link, from);
  if (network->scenario->fifo) {
    due = MAX(due, link->last_due_ns);
    link->last_due_ns = due;
  }
  return due;
}

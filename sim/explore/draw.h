/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "sim/explore/tree.h"
#include "sim/scenario/check_names.h"

/**
 * Draws scenarios: what a base says stays, what it leaves open is drawn from a seed (the grid, its
 * energies, network, synchronisation, how links are made, what disturbs it). Each seed has a
 * subset of all kinds of its own, so that rare combinations come up as well (swarm testing). All
 * that goes wrong heals; who has left stays away. All must be in sync within a bound after that,
 * which the scenario says (`within`).
 */

/** What a drawn scenario has in it. */
typedef enum {
  GS_DRAWN_ENERGY,     /**< energies change */
  GS_DRAWN_REPEATS,    /**< … again and again */
  GS_DRAWN_LINK,       /**< links are made while it runs */
  GS_DRAWN_FLOOD,      /**< nodes are told to flood, or to start a wave */
  GS_DRAWN_HANDSHAKE,  /**< the first links are made by handshakes */
  GS_DRAWN_LATENCY,    /**< links differ */
  GS_DRAWN_JITTER,     /**< messages differ */
  GS_DRAWN_OVERTAKING, /**< messages may overtake each other */
  GS_DRAWN_COALESCE,   /**< reasons share waves */
  GS_DRAWN_RECOVERY,   /**< nodes have rules of recovery */
  GS_DRAWN_TRIES,      /**< messages are tried four times */
  GS_DRAWN_DOUBLES,    /**< messages arrive twice */
  GS_DRAWN_LOSS_LASTS, /**< messages are lost, to the end */
  GS_DRAWN_LOSS,       /**< messages are lost, while other things go wrong */
  GS_DRAWN_CRASH,      /**< nodes crash and start again */
  GS_DRAWN_RESTART,    /**< … when the schedule says so */
  GS_DRAWN_FORGET,     /**< … without what they knew */
  GS_DRAWN_FLAP,       /**< … or links are cut, again and again */
  GS_DRAWN_PAUSE,      /**< nodes handle nothing for some time */
  GS_DRAWN_SLOW,       /**< nodes are slow */
  GS_DRAWN_LEAVE,      /**< nodes are gone for good */
  GS_DRAWN_CUT,        /**< links are cut and heal */
  GS_DRAWN_ONE_WAY,    /**< … in one direction */
  GS_DRAWN_PARTITION,  /**< … between groups */
  GS_DRAWN_DEGRADE,    /**< links lose or take long for some time */
  GS_DRAWN_CHANCE,     /**< faults by chance */
} GsDrawnKind;
#define GS_DRAWN_KINDS 26u
/** From this one on they are what may go wrong. */
#define GS_DRAWN_FIRST_FAULT GS_DRAWN_TRIES
extern const char *const gs_drawn_names[GS_DRAWN_KINDS + 1];

typedef struct {
  const GsTree *base; /**< an object; borrowed */
  /** Of the base's grid, borrowed (char *); NULL: it has none, and one is drawn. */
  const GPtrArray *names;
  const GPtrArray *families;        /**< of names (char *) of those to draw from, borrowed */
  uint32_t least_nodes, most_nodes; /**< of a grid that is drawn */
  bool has_links;                   /**< the base's grid */
  GsCheckSet checks;                /**< that each is to pass */
  /** … whose network loses to the end, or whose losses nobody looked for: what is certain then. */
  GsCheckSet lossy_checks;
} GsDrawPlan;

/** Appends the scenario of a seed; returns the set of its kinds, a bit each. Pure. About 5 us. */
uint32_t gs_draw_scenario(const GsDrawPlan *plan, uint64_t seed, GString *out);

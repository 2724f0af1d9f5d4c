/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "sim/explore/tree.h"
#include "sim/scenario/check_names.h"

/**
 * Draws scenarios: what a base says stays, what it leaves open is drawn from a seed (the grid, its
 * energies, network, synchronisation, how links are made, what disturbs it). Each seed has a
 * subset of all kinds of its own, so that rare combinations come up as well (swarm testing).
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
  GS_DRAWN_RECOVERY,   /**< nodes have the standard rules of recovery */
  GS_DRAWN_CRASH,      /**< nodes crash and start again */
  GS_DRAWN_CUT,        /**< links are cut and heal */
} GsDrawnKind;
#define GS_DRAWN_KINDS 12u
extern const char *const gs_drawn_names[GS_DRAWN_KINDS + 1];

typedef struct {
  const GsTree *base; /**< an object; borrowed */
  /** Of the base's grid, borrowed (char *); NULL: it has none, and one is drawn. */
  const GPtrArray *names;
  const GPtrArray *families;        /**< of names (char *) of those to draw from, borrowed */
  uint32_t least_nodes, most_nodes; /**< of a grid that is drawn */
  GsCheckSet checks;                /**< that each is to pass */
} GsDrawPlan;

/** Appends the scenario of a seed; returns the set of its kinds, a bit each. Pure. About 5 us. */
uint32_t gs_draw_scenario(const GsDrawPlan *plan, uint64_t seed, GString *out);

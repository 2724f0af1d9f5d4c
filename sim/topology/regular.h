/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/topology/draws.h"
#include "sim/topology/topology.h"

/**
 * Random graphs in which each of `nodes` has `k` links, k < nodes, nodes × k
 * even. All of them are equally likely, by one of two ways; above half of all
 * pairs, what a graph of the other degree, nodes − 1 − k, leaves out. Returns
 * the nodes × k/2 links (free with g_free), in no order to rely on. Thread-safe.
 */
GsEdge *gs_regular(uint32_t nodes, uint32_t k, uint64_t seed);

/**
 * Whether gs_regular is exact: up to k = 4, for k = 5 up to 10,000 nodes, for
 * k = 6 up to 200 (k the smaller of the two degrees).
 */
bool gs_regular_is_exact(uint32_t nodes, uint32_t k);

/**
 * Exactly uniform: ends of links are paired at random until no node is linked to
 * itself or twice to another (Bollobás 1980; each graph comes from equally many
 * pairings). That takes about exp((k² − 1)/4) pairings, each given up at its
 * first fault: 42 for k = 4. For k up to half of the other nodes.
 */
GsEdge *gs_regular_by_pairing(uint32_t nodes, uint32_t k, GsDraws *draws);

/** Switches that are tried per link, and in all at least. */
#define GS_REGULAR_SWITCHES 10
#define GS_REGULAR_SWITCHES_LEAST 1000

/**
 * Uniform but for what is left of the start: a random pairing, of which the
 * pairs that are at fault, (k² − 1)/4 in the mean, are exchanged with others; then
 * 10 switches are tried per link (and 1,000 at least). A switch takes two links
 * a–b and c–d at random and makes them a–d and c–b, unless that makes a loop or a
 * repetition. There and back are equally likely and any such graph can be
 * reached, so the chain tends to the uniform law (Cooper, Dyer and Greenhill
 * 2007). For k up to half of the other nodes. O(links).
 */
GsEdge *gs_regular_by_switches(uint32_t nodes, uint32_t k, GsDraws *draws);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/** Every limit on what comes from outside, by name. Errors quote these names' values. */

/** Largest production or consumption of a node, in the scenario's unit: 2^40. */
#define GS_ENERGY_MAX ((int64_t)1 << 40)
/** Largest integer, and down to its negative, that every reader of JSON keeps exact: 2^53. */
#define GS_JSON_EXACT_MAX ((int64_t)1 << 53)
/** Largest node id: no reader rounds a larger number to it. */
#define GS_NODE_ID_MAX (GS_JSON_EXACT_MAX - 1)
/** Largest sum of the productions, or of the consumptions, of all nodes: sums and their differences
 * fit an int64_t with room. Below 2^20 nodes none can be larger. */
#define GS_ENERGY_SUM_MAX ((int64_t)1 << 60)
/** Most nodes of one grid: their numbers take 24 bits of a message. */
#define GS_NODES_MAX ((uint32_t)1 << 24)
/** Most nodes of a grid that is served: messages carry the nets of all by id, and any energy may
 * come in. */
#define GS_SERVED_NODES_MAX ((uint32_t)1 << 20)
/** Most ids in the nets of one Response that comes in. */
#define GS_NETS_MAX ((uint32_t)1 << 20)
/** Most siblings of one node. */
#define GS_SIBLINGS_MAX ((uint32_t)(1 << 24) - 1)
/** Most nodes that the entries of one schedule may draw together: what a short file makes long. */
#define GS_DRAWN_NODES_MAX ((uint32_t)1 << 24)
/** Most nodes and links that the faults of one scenario hit, counted at each occurrence. */
#define GS_FAULT_EFFECTS_MAX ((uint32_t)1 << 22)
/** Longest name of a node or scenario, in bytes. */
#define GS_NAME_BYTES_MAX 200
/** Deepest nesting of a JSON document. */
#define GS_JSON_DEPTH_MAX 64
/**
 * Most values of a JSON document that are in memory together: 80 to 150 bytes
 * each, whereas a text can have one in two bytes. Lists of nodes and links and
 * schedules may be longer.
 */
#define GS_JSON_VALUES_MAX ((uint64_t)1 << 21)
/** Largest message body on the wire, in bytes. */
#define GS_ENVELOPE_BYTES_MAX ((uint64_t)64 << 20)
/** Largest scenario file, in bytes. */
#define GS_SCENARIO_BYTES_MAX ((uint64_t)512 << 20)
/**
 * Waves, own and passed on, whose answers a node waits for when it has foreign
 * siblings: those that never answer must not cost ever more memory. In a
 * simulation everybody answers, and there is no such limit.
 */
#define GS_OPEN_WAVES_MAX ((uint32_t)1 << 18)
/** Finished waves that a node remembers for late duplicate Asks when it has few open ones. */
#define GS_CLOSED_WAVES_MAX 24
/** The same where messages may come late or twice: then it knows waves for some time that are done.
 */
#define GS_REMEMBERED_WAVES_MAX 1024
/** Nets that a node keeps of what it answered, to answer the same again: 16 bytes each. */
#define GS_KEPT_NETS_MAX ((uint32_t)1 << 16)
/** Handshakes that a node has begun and that nobody has answered. */
#define GS_HANDSHAKES_MAX 256
/** Floods that a node remembers exactly; older ones move to the ring of retired floods. */
#define GS_FLOODS_MAX ((uint32_t)1 << 16)
/** Retired floods that a node still knows. */
#define GS_RETIRED_FLOODS 64

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/decimal.h"
#include "core/message.h"

/** Mark of a whole tree of nets: an id may be in it twice. */
#define GS_NETS_TWICE 1u
/** Mark of one: somebody had to ask again for part of it. */
#define GS_NETS_LATE 2u

/**
 * The `nets` of an UpdateNet Response: node id to net, as a tree of pieces. A
 * relaying node puts one piece of its own on top of those it collected, which
 * costs O(1) however large they are; ids can still be walked one by one.
 */
struct GsNets {
  GsNets *next; /**< next part of the same parent */
  GsNets *first_part, *last_part;
  int64_t id, net;     /**< the one that this piece adds */
  int64_t sum;         /**< of all nets in the tree, duplicates counted twice */
  uint32_t count;      /**< of pieces in the tree */
  uint32_t may_repeat; /**< GS_NETS_TWICE: an id may be in it twice, sum is not to be trusted */
  uint64_t text_bytes; /**< of all pieces as JSON members, each with a separator */
};

_Static_assert(sizeof(GsNets) <= 64, "a piece fits a cache line");

/** Bytes of `"id": net` and the ", " that stands between two of them. */
static inline uint32_t gs_nets_piece_bytes(int64_t id, int64_t net) {
  return 6 + gs_decimal_bytes(id) + gs_decimal_bytes(net);
}

/** Makes a tree of one piece of so many bytes. */
static inline void gs_nets_init_sized(GsNets *nets, int64_t id, int64_t net, uint32_t bytes) {
  *nets = (GsNets){.id = id, .net = net, .sum = net, .count = 1, .text_bytes = bytes};
}

/** Makes a tree of one piece. */
static inline void gs_nets_init(GsNets *nets, int64_t id, int64_t net) {
  gs_nets_init_sized(nets, id, net, gs_nets_piece_bytes(id, net));
}

/** Sum of nets. Within the limits none overflows; what foreign nodes make up may wrap round. */
static inline int64_t gs_nets_plus(int64_t a, int64_t b) {
  return (int64_t)((uint64_t)a + (uint64_t)b);
}

/** Counts what is in `part` as part of `nets`. */
static inline void gs_nets_count_in(GsNets *nets, const GsNets *part) {
  nets->sum = gs_nets_plus(nets->sum, part->sum);
  nets->count += part->count;
  nets->may_repeat |= part->may_repeat;
  nets->text_bytes += part->text_bytes;
}

/** Puts `part` (a whole tree, taken over) below `nets`. O(1). */
static inline void gs_nets_add(GsNets *nets, GsNets *part) {
  part->next = NULL;
  if (nets->last_part)
    nets->last_part->next = part;
  else
    nets->first_part = part;
  nets->last_part = part;
  gs_nets_count_in(nets, part);
}

/**
 * Collects trees as a ring, of which only the oldest is known: the latest is
 * next to it, and the oldest counts all, from then on, in place of its own tree.
 * So what was collected is put below a piece without a look at each. O(1).
 */
static inline void gs_nets_collect(GsNets **oldest, GsNets *part) {
  if (!*oldest) {
    *oldest = part->next = part;
    return;
  }
  part->next = (*oldest)->next;
  (*oldest)->next = part;
  gs_nets_count_in(*oldest, part);
}

/** Puts all that was collected (or NULL) below a piece that has no parts, the latest first. O(1).
 */
static inline void gs_nets_add_collected(GsNets *nets, GsNets *oldest) {
  if (!oldest)
    return;
  nets->first_part = oldest->next;
  nets->last_part = oldest;
  oldest->next = NULL;
  gs_nets_count_in(nets, oldest);
}

/** Called for each id in turn; false stops the walk. */
typedef bool (*GsNetsVisit)(int64_t id, int64_t net, void *data);
/**
 * Walks all pieces, the root first, in a fixed order. Uses no stack and no
 * memory: on the way it makes the tree flat (all pieces become parts of the
 * root), which changes neither sum nor count. Returns false when the visitor
 * stopped it; the rest is then still a tree. O(count).
 */
bool gs_nets_foreach(GsNets *nets, GsNetsVisit visit, void *data);

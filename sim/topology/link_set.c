/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/link_set.h"

/** Up to so many nodes there is a bit per pair, in both directions: 8 MiB. Above, links are at
 * most half of all pairs (GS_GRAPH_LINKS_MAX), so that drawing again soon finds a free one. */
#define DENSE_MAX 8192u

struct GsLinkSet {
  uint32_t words;  /**< per row of bits; 0: a hash table */
  uint64_t *bits;  /**< nodes × words */
  uint64_t *slots; /**< 0: free; else a link, smaller end first, plus 1 */
  uint64_t mask;
};

GsLinkSet *gs_link_set_new(uint32_t nodes, uint32_t links) {
  GsLinkSet *set = g_new0(GsLinkSet, 1);
  if (nodes <= DENSE_MAX) {
    set->words = nodes / 64 + 1;
    set->bits = g_new0(uint64_t, (gsize)nodes * set->words);
  } else {
    set->mask = 1023;
    while (set->mask < 2 * (uint64_t)links)
      set->mask = 2 * set->mask + 1;
    set->slots = g_new0(uint64_t, set->mask + 1);
  }
  return set;
}

void gs_link_set_free(GsLinkSet *set) {
  if (!set)
    return;
  g_free(set->bits);
  g_free(set->slots);
  g_free(set);
}

bool gs_link_set_is_dense(const GsLinkSet *set) {
  return set->words > 0;
}

static uint64_t key_of(uint32_t a, uint32_t b) {
  return ((uint64_t)MIN(a, b) << 32 | MAX(a, b)) + 1;
}

/** Where the key would be if nothing were in its way. */
static uint64_t home_of(const GsLinkSet *set, uint64_t key) {
  return (key * UINT64_C(0x9e3779b97f4a7c15)) >> 24 & set->mask;
}

/** The key's slot, or the free one where it would come. */
static uint64_t slot_of(const GsLinkSet *set, uint64_t key) {
  uint64_t at = home_of(set, key);
  while (set->slots[at] != 0 && set->slots[at] != key)
    at = (at + 1) & set->mask;
  return at;
}

static void flip(GsLinkSet *set, uint32_t a, uint32_t b) {
  set->bits[(gsize)a * set->words + b / 64] ^= UINT64_C(1) << b % 64;
  set->bits[(gsize)b * set->words + a / 64] ^= UINT64_C(1) << a % 64;
}

bool gs_link_set_has(const GsLinkSet *set, uint32_t a, uint32_t b) {
  if (set->words)
    return set->bits[(gsize)a * set->words + b / 64] >> b % 64 & 1;
  return set->slots[slot_of(set, key_of(a, b))] != 0;
}

void gs_link_set_expect(const GsLinkSet *set, uint32_t a, uint32_t b) {
  if (!set->words)
    __builtin_prefetch(&set->slots[home_of(set, key_of(a, b))]);
}

void gs_link_set_add(GsLinkSet *set, uint32_t a, uint32_t b) {
  g_assert(a != b);
  if (set->words) {
    flip(set, a, b);
    return;
  }
  uint64_t key = key_of(a, b);
  set->slots[slot_of(set, key)] = key;
}

void gs_link_set_remove(GsLinkSet *set, uint32_t a, uint32_t b) {
  if (set->words) {
    flip(set, a, b);
    return;
  }
  uint64_t hole = slot_of(set, key_of(a, b));
  set->slots[hole] = 0;
  /* What came behind it because it was there moves up. */
  for (uint64_t at = (hole + 1) & set->mask; set->slots[at] != 0; at = (at + 1) & set->mask) {
    uint64_t home = home_of(set, set->slots[at]);
    if (((at - home) & set->mask) >= ((at - hole) & set->mask)) {
      set->slots[hole] = set->slots[at];
      set->slots[at] = 0;
      hole = at;
    }
  }
}

uint32_t gs_link_set_other(const GsLinkSet *set, uint32_t a, uint32_t place) {
  g_assert(set->words > 0);
  for (uint32_t word = 0;; word++) {
    uint64_t free = ~set->bits[(gsize)a * set->words + word];
    if (word == a / 64)
      free &= ~(UINT64_C(1) << a % 64);
    uint32_t count = (uint32_t)__builtin_popcountll(free);
    if (place >= count) {
      place -= count;
      continue;
    }
    for (; place > 0; place--)
      free &= free - 1;
    return word * 64 + (uint32_t)__builtin_ctzll(free);
  }
}

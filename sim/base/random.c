/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/random.h"

#include <assert.h>
#include <Random123/philox.h>

static inline __attribute__((always_inline)) void philox(uint64_t seed, uint32_t words[4]) {
  philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  philox4x32_ctr_t counter = {{words[0], words[1], words[2], words[3]}};
  philox4x32_ctr_t out = philox4x32_R(10, counter, key);
  for (int i = 0; i < 4; i++)
    words[i] = out.v[i];
}

static inline __attribute__((always_inline)) void block(GsDraw at, uint32_t words[4]) {
  assert(at.count >> 56 == 0 && (uint64_t)at.purpose >> 8 == 0);
  words[0] = (uint32_t)at.count;
  words[1] = (uint32_t)(at.count >> 32) | (uint32_t)at.purpose << 24;
  words[2] = (uint32_t)at.who;
  words[3] = (uint32_t)(at.who >> 32);
  philox(at.seed, words);
}

void gs_random_block(GsDraw at, uint32_t words[4]) {
  block(at, words);
}

GsRandomTries gs_random_tries(GsDraw at) {
  GsRandomTries tries = {.seed = at.seed};
  gs_random_block(at, tries.words);
  return tries;
}

static uint64_t next_u64(GsRandomTries *tries) {
  /* The coordinates fill the counter, so further blocks of a draw hash the one before. */
  if (tries->used == 2) {
    philox(tries->seed, tries->words);
    tries->used = 0;
  }
  const uint32_t *half = tries->words + 2 * tries->used++;
  return half[0] | (uint64_t)half[1] << 32;
}

static double unit(uint64_t bits) {
  return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

double gs_random_tries_unit(GsRandomTries *tries) {
  return unit(next_u64(tries));
}

uint64_t gs_random_u64(GsDraw at) {
  uint32_t words[4];
  block(at, words);
  return words[0] | (uint64_t)words[1] << 32;
}

double gs_random_unit(GsDraw at) {
  return unit(gs_random_u64(at));
}

uint64_t gs_random_below(GsDraw at, uint64_t bound) {
  assert(bound > 0);
  GsRandomTries tries = gs_random_tries(at);
  /* The high half of bits × bound; each value has equally many bits that lead
   * to it once the lowest 2^64 mod bound of the low halves are left out. */
  uint64_t left_out = -bound % bound;
  unsigned __int128 product;
  do
    product = (unsigned __int128)next_u64(&tries) * bound;
  while ((uint64_t)product < left_out);
  return (uint64_t)(product >> 64);
}

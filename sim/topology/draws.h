/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "sim/base/random.h"

/**
 * The random numbers that one graph is made of, one after the other: the blocks
 * of counter-based randomness with rising counts. The same seed and stream give
 * the same numbers anywhere. Not to be shared between threads.
 */
typedef struct {
  GsDraw at;
  uint32_t words[4], left;
} GsDraws;

/** `stream`: different ones have nothing to do with each other. */
static inline GsDraws gs_draws(uint64_t seed, uint64_t stream) {
  return (GsDraws){.at = {.seed = seed, .purpose = GS_PURPOSE_TOPOLOGY, .who = stream}};
}

static inline uint32_t gs_draws_word(GsDraws *draws) {
  if (draws->left == 0) {
    gs_random_block(draws->at, draws->words);
    draws->at.count++;
    draws->left = 4;
  }
  return draws->words[--draws->left];
}

/** Evenly in [0, bound), without bias (as gs_random_below does it). `bound` > 0. About 5 ns. */
static inline uint32_t gs_draws_below(GsDraws *draws, uint32_t bound) {
  uint32_t left_out = -bound % bound;
  uint64_t product;
  do
    product = (uint64_t)gs_draws_word(draws) * bound;
  while ((uint32_t)product < left_out);
  return (uint32_t)(product >> 32);
}

/** Evenly in [0, 1), in steps of 2^-52. */
static inline double gs_draws_unit(GsDraws *draws) {
  uint64_t high = gs_draws_word(draws);
  return (double)((high << 32 | gs_draws_word(draws)) >> 12) * 0x1p-52;
}

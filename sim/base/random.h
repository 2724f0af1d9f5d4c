/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/**
 * Counter-based randomness (Random123's philox4x32-10; Salmon et al., SC'11): a
 * draw is a hash of its coordinates, so that it does not depend on who drew
 * before. No state, thread-safe.
 */
typedef enum {
  GS_PURPOSE_LATENCY = 1,    /**< of a link, once */
  GS_PURPOSE_JITTER,         /**< of a message on a link */
  GS_PURPOSE_PACE,           /**< start moment of a node's tickers */
  GS_PURPOSE_SCHEDULE,       /**< energies drawn by the schedule */
  GS_PURPOSE_NODE_ENERGY,    /**< energies drawn when the grid is made */
  GS_PURPOSE_TOPOLOGY,       /**< seed of a graph generator */
  GS_PURPOSE_NODE_CHOICE,    /**< nodes drawn by a schedule entry */
  GS_PURPOSE_LOSS,           /**< of a message on a link: whether a try of it is lost */
  GS_PURPOSE_DUPLICATE,      /**< … whether a try that arrives does so twice */
  GS_PURPOSE_RETRY_JITTER,   /**< … the jitter of a try after the first */
  GS_PURPOSE_DOUBLE_JITTER,  /**< … of its double */
  GS_PURPOSE_FAULT_GAP = 12, /**< time to the next of a fault that comes by chance */
  GS_PURPOSE_FAULT_LENGTH,   /**< how long a fault lasts */
  GS_PURPOSE_FAULT_CHOICE,   /**< links, groups, and nodes of a fault that comes by chance */
  GS_PURPOSE_EXPLORE = 20,   /**< what a scenario of `gridsim explore` is */
} GsPurpose;

/** Coordinates of a draw. */
typedef struct {
  uint64_t seed;
  GsPurpose purpose; /**< below 2^8 */
  uint64_t
      who; /**< node, or link (sender and receiver in 32 bits each), or schedule entry and node */
  uint64_t count; /**< how many draws for this purpose and this one came before; below 2^56 */
} GsDraw;

/**
 * The 128 random bits of a draw: philox of the counter (count, low word first,
 * with the purpose in its top 8 bits; who, low word first) under the key seed
 * (low word first). Different coordinates are different inputs.
 */
void gs_random_block(GsDraw at, uint32_t words[4]);

/** 64 random bits: the first half of the block. About 15 ns. */
uint64_t gs_random_u64(GsDraw at);
/** Evenly in (0, 1): never 0, never 1. */
double gs_random_unit(GsDraw at);
/** The same of `at` and the counts after it, in less time than three of them take. */
#define GS_DRAWS 8
void gs_random_units(const GsDraw *at, double units[GS_DRAWS]);
/** Evenly in [0, bound), by rejection, without bias. `bound` > 0. */
uint64_t gs_random_below(GsDraw at, uint64_t bound);

/** As many random bits for one draw as it needs: for methods that reject. */
typedef struct {
  uint64_t seed;
  uint32_t words[4];
  uint32_t used; /**< halves of `words` that were handed out */
} GsRandomTries;

GsRandomTries gs_random_tries(GsDraw at);
/** Evenly in (0, 1): never 0, never 1. */
double gs_random_tries_unit(GsRandomTries *tries);

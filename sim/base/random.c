/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/random.h"

#include <assert.h>
#include <Random123/philox.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

#ifdef __SSE2__

/** Two states of philox: each word is the lower half of 64 bits, whatever is in the upper ones. */
typedef struct {
  __m128i word[4];
} Pair;

static inline Pair pair_of(GsDraw at) {
  uint64_t next = at.count + 1;
  int top = (int)((uint32_t)at.purpose << 24);
  return (Pair){{_mm_set_epi64x((int64_t)next, (int64_t)at.count),
                 _mm_set_epi64x((int64_t)(next >> 32) | top, (int64_t)(at.count >> 32) | top),
                 _mm_set1_epi64x((int64_t)at.who), _mm_set1_epi64x((int64_t)(at.who >> 32))}};
}

static inline void round_of(Pair *pair, __m128i key0, __m128i key1) {
  __m128i *word = pair->word;
  __m128i product0 = _mm_mul_epu32(word[0], _mm_set1_epi64x(PHILOX_M4x32_0));
  __m128i product1 = _mm_mul_epu32(word[2], _mm_set1_epi64x(PHILOX_M4x32_1));
  word[0] = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product1, 32), word[1]), key0);
  word[2] = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product0, 32), word[3]), key1);
  word[1] = product1;
  word[3] = product0;
}

static inline void take_units(const Pair *pair, double units[2]) {
  uint64_t low[2], high[2];
  _mm_storeu_si128((__m128i *)(void *)low, pair->word[0]);
  _mm_storeu_si128((__m128i *)(void *)high, pair->word[1]);
  for (int i = 0; i < 2; i++)
    units[i] = unit((uint32_t)low[i] | high[i] << 32);
}

void gs_random_units(GsDraw at, double units[GS_DRAWS]) {
  assert((at.count + GS_DRAWS - 1) >> 56 == 0 && (uint64_t)at.purpose >> 8 == 0);
  Pair first = pair_of(at);
  at.count += 2;
  Pair second = pair_of(at);
  uint32_t key0 = (uint32_t)at.seed, key1 = (uint32_t)(at.seed >> 32);
  for (int i = 0; i < 10; i++) {
    __m128i keys0 = _mm_set1_epi64x(key0), keys1 = _mm_set1_epi64x(key1);
    round_of(&first, keys0, keys1);
    round_of(&second, keys0, keys1);
    key0 += PHILOX_W32_0;
    key1 += PHILOX_W32_1;
  }
  take_units(&first, units);
  take_units(&second, units + 2);
}

#else

void gs_random_units(GsDraw at, double units[GS_DRAWS]) {
  for (int i = 0; i < GS_DRAWS; i++, at.count++)
    units[i] = gs_random_unit(at);
}

#endif

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

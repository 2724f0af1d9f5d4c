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

static inline Pair pair_of(const GsDraw *at, uint64_t after) {
  uint64_t count = at->count + after, next = count + 1;
  int64_t top = (int64_t)at->purpose << 24;
  return (Pair){{_mm_set_epi64x((int64_t)next, (int64_t)count),
                 _mm_set_epi64x((int64_t)(next >> 32) | top, (int64_t)(count >> 32) | top),
                 _mm_set1_epi64x((int64_t)at->who), _mm_set1_epi64x((int64_t)(at->who >> 32))}};
}

static inline __attribute__((always_inline)) void round_of(Pair *pair, __m128i key0, __m128i key1) {
  __m128i *word = pair->word;
  __m128i product0 = _mm_mul_epu32(word[0], _mm_set1_epi64x(PHILOX_M4x32_0));
  __m128i product1 = _mm_mul_epu32(word[2], _mm_set1_epi64x(PHILOX_M4x32_1));
  word[0] = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product1, 32), word[1]), key0);
  word[2] = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product0, 32), word[3]), key1);
  word[1] = product1;
  word[3] = product0;
}

/** As `unit` has it: whole numbers below 2^52 are the fraction of one that is 2^52 larger. */
static inline void store_units(const Pair *pair, double units[2]) {
  __m128i low = _mm_srli_epi64(_mm_slli_epi64(pair->word[0], 32), 44);
  __m128i high = _mm_srli_epi64(_mm_slli_epi64(pair->word[1], 32), 12);
  __m128d more = _mm_set1_pd(0x1p52);
  __m128d bits = _mm_castsi128_pd(_mm_or_si128(_mm_or_si128(low, high), _mm_castpd_si128(more)));
  __m128d middle = _mm_add_pd(_mm_sub_pd(bits, more), _mm_set1_pd(0.5));
  _mm_storeu_pd(units, _mm_mul_pd(middle, _mm_set1_pd(0x1p-52)));
}

void gs_random_units(const GsDraw *at, double units[GS_DRAWS]) {
  assert((at->count + GS_DRAWS - 1) >> 56 == 0 && (uint64_t)at->purpose >> 8 == 0);
  /* A round is a chain of operations that wait for each other: four chains take as long as one. */
  Pair a = pair_of(at, 0), b = pair_of(at, 2), c = pair_of(at, 4), d = pair_of(at, 6);
  __m128i key0 = _mm_set1_epi64x((uint32_t)at->seed);
  __m128i key1 = _mm_set1_epi64x((uint32_t)(at->seed >> 32));
  for (int i = 0; i < 10; i++) {
    round_of(&a, key0, key1);
    round_of(&b, key0, key1);
    round_of(&c, key0, key1);
    round_of(&d, key0, key1);
    key0 = _mm_add_epi32(key0, _mm_set1_epi64x(PHILOX_W32_0));
    key1 = _mm_add_epi32(key1, _mm_set1_epi64x(PHILOX_W32_1));
  }
  store_units(&a, units);
  store_units(&b, units + 2);
  store_units(&c, units + 4);
  store_units(&d, units + 6);
}

#else

void gs_random_units(const GsDraw *at, double units[GS_DRAWS]) {
  GsDraw next = *at;
  for (int i = 0; i < GS_DRAWS; i++, next.count++)
    units[i] = gs_random_unit(next);
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

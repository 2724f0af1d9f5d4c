/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/wheel.h"

/** A letter as it is dealt to its receiver. */
typedef struct {
  uint64_t key; /**< nanoseconds since some moment × 2^24 + sender */
  const GsLetter *letter;
} GsDealtLetter;

/** Widest bucket whose keys fit. */
#define GS_BUCKET_WIDTH_MOST (INT64_C(1) << 39)

/** Keys count from `begin_ns` on. */
static inline uint64_t gs_dealt_key(const GsPostmark *mark, int64_t begin_ns) {
  return (uint64_t)(mark->due_ns - begin_ns) << 24 | mark->from;
}
static inline int64_t gs_dealt_due_ns(uint64_t key, int64_t begin_ns) {
  return begin_ns + (int64_t)(key >> 24);
}
static inline GsEndpoint gs_dealt_from(uint64_t key) {
  return key & 0xFFFFFF;
}
/** The least key of a letter that is due at a moment. */
static inline uint64_t gs_dealt_key_at(int64_t moment_ns, int64_t begin_ns) {
  return (uint64_t)(moment_ns - begin_ns) << 24;
}

/**
 * Sorts letters by key; those with the same key stay in their order, which is
 * that of the sender's counter. `scratch` has room for `count` letters, `places`
 * for GS_SORT_PLACES(count). O(count) where moments are spread over the bucket,
 * otherwise O(count log count).
 */
void gs_letter_sort(GsDealtLetter *letters, uint32_t count, int64_t width_ns,
                    GsDealtLetter *scratch, uint32_t *places);
#define GS_SORT_PLACES(count) (2 * (gsize)(count) + 2)

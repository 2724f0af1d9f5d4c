/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/wheel.h"

/** A letter of the bucket that is open, as it is dealt to its receiver. */
typedef struct {
  uint64_t key; /**< nanoseconds since the bucket began × 2^24 + sender */
  const GsTimedLetter *letter;
} GsDealtLetter;

/** Widest bucket whose keys fit. */
#define GS_BUCKET_WIDTH_MOST (INT64_C(1) << 39)

static inline uint64_t gs_dealt_key(const GsTimedLetter *letter, int64_t begin_ns) {
  return (uint64_t)(letter->due_ns - begin_ns) << 24 | letter->from;
}
/** The least key of a letter that is due so long after the bucket began. */
static inline uint64_t gs_dealt_key_at(int64_t after_ns) {
  return (uint64_t)after_ns << 24;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/json/json.h"

/** Longer words are nobody's typing error. */
#define WORD_BYTES_MAX 64

/** Edits from a to b, swaps of neighbours counted as one. O(|a| |b|). */
static gsize edit_distance(const char *a, gsize a_length, const char *b, gsize b_length) {
  gsize rows[3][WORD_BYTES_MAX + 1];
  gsize *before = rows[0], *above = rows[1], *row = rows[2];
  for (gsize j = 0; j <= b_length; j++)
    above[j] = j;
  for (gsize i = 1; i <= a_length; i++) {
    row[0] = i;
    for (gsize j = 1; j <= b_length; j++) {
      gsize edits = above[j - 1] + (a[i - 1] != b[j - 1]);
      edits = MIN(edits, MIN(above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        edits = MIN(edits, before[j - 2] + 1);
      row[j] = edits;
    }
    gsize *spent = before;
    before = above;
    above = row;
    row = spent;
  }
  return above[b_length];
}

const char *gs_nearest_word(const char *word, const char *const *allowed) {
  gsize length = strlen(word);
  gsize best = MAX(length / 3, 1) + 1;
  const char *nearest = NULL;
  if (length > WORD_BYTES_MAX)
    return NULL;
  for (; *allowed; allowed++) {
    gsize other = strlen(*allowed);
    gsize difference = MAX(other, length) - MIN(other, length);
    if (other > WORD_BYTES_MAX || difference >= best)
      continue;
    gsize distance = edit_distance(word, length, *allowed, other);
    if (distance < best) {
      best = distance;
      nearest = *allowed;
    }
  }
  return nearest;
}

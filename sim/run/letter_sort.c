/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/letter_sort.h"

#include <string.h>

/** So few are sorted by insertion. */
#define FEW 16u

static void insert_each(GsDealtLetter *letters, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    GsDealtLetter letter = letters[i];
    uint32_t at = i;
    for (; at > 0 && letters[at - 1].key > letter.key; at--)
      letters[at] = letters[at - 1];
    letters[at] = letter;
  }
}

static void merge_sort(GsDealtLetter *letters, uint32_t count, GsDealtLetter *scratch) {
  if (count <= FEW) {
    insert_each(letters, count);
    return;
  }
  uint32_t half = count / 2;
  merge_sort(letters, half, scratch);
  merge_sort(letters + half, count - half, scratch);
  if (letters[half - 1].key <= letters[half].key)
    return;
  memcpy(scratch, letters, half * sizeof *letters);
  uint32_t left = 0, right = half, out = 0;
  while (left < half && right < count)
    letters[out++] = letters[right].key < scratch[left].key ? letters[right++] : scratch[left++];
  memcpy(letters + out, scratch + left, (half - left) * sizeof *letters);
}

/** Cut into as many slices of time as there are letters, or up to twice as many: most hold one or
 * two. */
static void sort_by_slices(GsDealtLetter *letters, uint32_t count, int64_t width_ns,
                           GsDealtLetter *scratch, uint32_t *places) {
  guint shift = 24;
  while ((uint64_t)(width_ns - 1) >> (shift - 24) >= 2 * (uint64_t)count)
    shift++;
  uint32_t slices = (uint32_t)((uint64_t)(width_ns - 1) >> (shift - 24)) + 1;
  memset(places, 0, (slices + 1) * sizeof *places);
  for (uint32_t i = 0; i < count; i++)
    places[(letters[i].key >> shift) + 1]++;
  uint32_t most = 0;
  for (uint32_t s = 1; s <= slices; s++) {
    most = MAX(most, places[s]);
    places[s] += places[s - 1];
  }
  for (uint32_t i = 0; i < count; i++)
    scratch[places[letters[i].key >> shift]++] = letters[i];
  memcpy(letters, scratch, count * sizeof *letters);
  if (most <= FEW) {
    insert_each(letters, count);
    return;
  }
  for (uint32_t s = 0, begin = 0; s < slices; begin = places[s++])
    merge_sort(letters + begin, places[s] - begin, scratch);
}

void gs_letter_sort(GsDealtLetter *letters, uint32_t count, int64_t width_ns,
                    GsDealtLetter *scratch, uint32_t *places) {
  uint32_t sorted = 1;
  while (sorted < count && letters[sorted - 1].key <= letters[sorted].key)
    sorted++;
  if (sorted >= count)
    return;
  if (count <= FEW)
    insert_each(letters, count);
  else
    sort_by_slices(letters, count, width_ns, scratch, places);
}

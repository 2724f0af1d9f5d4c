/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/peaks.h"

void gs_peaks_init(GsPeaks *peaks) {
  *peaks = (GsPeaks){.peaks = g_array_new(FALSE, FALSE, sizeof(GsPeak))};
}

void gs_peaks_clear(GsPeaks *peaks) {
  g_array_unref(peaks->peaks);
}

void gs_peaks_begin(GsPeaks *peaks, uint64_t number) {
  peaks->asked_from = number;
}

static const GsPeak *peak_at(const GsPeaks *peaks, guint place) {
  return &g_array_index(peaks->peaks, GsPeak, place);
}

void gs_peaks_put(GsPeaks *peaks, uint64_t number, uint64_t value) {
  GArray *all = peaks->peaks;
  while (all->len && peak_at(peaks, all->len - 1)->value <= value)
    g_array_set_size(all, all->len - 1);
  /* Who may ask asks from there or before: that one is larger. */
  if (all->len && peak_at(peaks, all->len - 1)->number >= peaks->asked_from)
    return;
  GsPeak peak = {number, value};
  g_array_append_val(all, peak);
}

uint64_t gs_peaks_since(const GsPeaks *peaks, uint64_t number) {
  guint low = 0, high = peaks->peaks->len; /* the first that is not before it */
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (peak_at(peaks, middle)->number < number)
      low = middle + 1;
    else
      high = middle;
  }
  return low < peaks->peaks->len ? peak_at(peaks, low)->value : 0;
}

void gs_peaks_forget(GsPeaks *peaks) {
  g_array_set_size(peaks->peaks, 0);
}

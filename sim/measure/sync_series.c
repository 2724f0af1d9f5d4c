/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/sync_series.h"

#include <glib.h>

void gs_sync_recorder_init(GsSyncRecorder *recorder) {
  *recorder = (GsSyncRecorder){.step_ns = 1};
  recorder->series.t_ns = g_new(int64_t, GS_SYNC_SERIES_MAX);
  recorder->series.out = g_new(uint32_t, GS_SYNC_SERIES_MAX);
}

void gs_sync_recorder_clear(GsSyncRecorder *recorder) {
  gs_sync_series_clear(&recorder->series);
}

/** Whether a new point at `t_ns` takes the place of the last one. */
static bool replaces_last(const GsSyncSeries *series, int64_t step_ns, int64_t t_ns) {
  if (!series->count)
    return false;
  int64_t last = series->t_ns[series->count - 1];
  /* The first point says how it began: only its own moment changes it. */
  return t_ns == last || (series->count > 1 && t_ns / step_ns == last / step_ns);
}

/** There is room. */
static void put(GsSyncSeries *series, int64_t step_ns, int64_t t_ns, uint32_t out) {
  series->count -= replaces_last(series, step_ns, t_ns);
  if (series->count && series->out[series->count - 1] == out)
    return;
  series->t_ns[series->count] = t_ns;
  series->out[series->count] = out;
  series->count++;
}

/** Puts all points anew, which never overtakes the reading. */
static void coarsen(GsSyncRecorder *recorder) {
  GsSyncSeries *series = &recorder->series;
  uint32_t count = series->count;
  recorder->step_ns *= 2;
  series->count = 0;
  for (uint32_t i = 0; i < count; i++)
    put(series, recorder->step_ns, series->t_ns[i], series->out[i]);
}

void gs_sync_recorder_put(GsSyncRecorder *recorder, int64_t t_ns, uint32_t out) {
  GsSyncSeries *series = &recorder->series;
  while (series->count == GS_SYNC_SERIES_MAX && !replaces_last(series, recorder->step_ns, t_ns))
    coarsen(recorder);
  put(series, recorder->step_ns, t_ns, out);
}

GsSyncSeries gs_sync_series_copy(const GsSyncSeries *series) {
  return (GsSyncSeries){
      .count = series->count,
      .t_ns = g_memdup2(series->t_ns, series->count * sizeof *series->t_ns),
      .out = g_memdup2(series->out, series->count * sizeof *series->out),
  };
}

void gs_sync_series_clear(GsSyncSeries *series) {
  g_free(series->t_ns);
  g_free(series->out);
  *series = (GsSyncSeries){0};
}

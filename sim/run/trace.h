/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/measure/sync_monitor.h"
#include "sim/run/run.h"
#include "sim/run/trace_record.h"
#include "sim/run/view.h"

/** What a window brought besides messages. */
typedef struct {
  const GsObservation *changes; /**< in the order of time, then node, then how the node did it */
  guint change_count;
  int64_t now_ns;  /**< its begin, at which it was told */
  uint32_t told;   /**< messages that the schedule told in it */
  int64_t last_ns; /**< latest moment so far at which a message was handled; 0: none was */
} GsWindowNews;

typedef struct {
  int64_t now_ns;
  const GsFaultPlan *faults;
  const uint32_t *forgetful; /**< nodes */
  guint forgetful_count;
} GsIslandNews;

/** Tells a monitor of it. */
static inline void gs_island_news_tell(const GsIslandNews *news, GsSyncMonitor *monitor) {
  for (guint i = 0; i < news->forgetful_count; i++)
    gs_sync_monitor_forget_siblings(monitor, news->forgetful[i]);
  gs_sync_monitor_change_islands(monitor, news->now_ns, news->faults);
}

/**
 * Where it is told what happens in a run: between windows, by the coordinator,
 * in the order of time, then node, then how the node did it. The same for every
 * runner and number of workers.
 */
struct GsTraceSink {
  void (*take)(const GsRunView *view, const GsTraceRecord *records, guint count, void *data);
  void *data;
  /**
   * Asked after each window whether records are still wanted: when no sink wants them, none are
   * made any more, which is most of what they cost. NULL: to the end.
   */
  bool (*wants)(void *data);
  /** What happened in a window, at the cost of what changed; told before its records. NULL: not. */
  void (*news)(const GsWindowNews *news, void *data);
  /**
   * So many messages of a kind (GS_MESSAGE_KIND) were sent at a moment of the window; in any order,
   * also several times for one moment. Together they are all that were sent. NULL: not told.
   */
  void (*sent)(int64_t time_ns, uint32_t kind, uint64_t count, void *data);
  /** Islands may be others from a moment on, and some nodes know their siblings no more: what a
   * sync monitor is to be told, before all else that happens at that moment. NULL: not told. */
  void (*islands)(const GsIslandNews *news, void *data);
};

/** Whether a record is one of those that are written as lines, and told over HTTP. */
static inline bool gs_trace_is_told(const GsTraceRecord *record) {
  switch (record->kind) {
  case GS_TRACE_SEND:
  case GS_TRACE_DELIVERY:
  case GS_TRACE_DROP:
  case GS_TRACE_GRIDNET:
  case GS_TRACE_LOST:
  case GS_TRACE_DOUBLE:
  case GS_TRACE_UNDELIVERED:
  case GS_TRACE_SUSPECTED:
  case GS_TRACE_TRUSTED:
  case GS_TRACE_LIMITED:
  case GS_TRACE_FAULT:
  case GS_TRACE_FAULT_END:
    return true;
  case GS_TRACE_ENERGY:
  case GS_TRACE_SIBLING:
  case GS_TRACE_WAVE_START:
  case GS_TRACE_WAVE_DONE:
  case GS_TRACE_SUPERSEDED:
  case GS_TRACE_WAITS:
  case GS_TRACE_WAKE:
    break;
  }
  return false;
}

/** What a record of a kind that is told is called in lines (docs/TRACE.md). */
const char *gs_trace_event_name(GsTraceKind kind);
/** Appends such a record as one line of JSON (docs/TRACE.md), without its end. */
void gs_trace_format(GString *line, const GsRunView *view, const GsTraceRecord *record);

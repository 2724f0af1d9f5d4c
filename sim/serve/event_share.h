/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/**
 * How much of its time a run spends on writing events. A message of a busy grid is handled in less
 * time than it takes to write down that it was, so who opens streams again and again could take
 * nearly all of it. When the share is used up, events are left out until it has grown again, and
 * readers are told so. Not thread-safe.
 */

/** Of the time that passes. */
#define GS_EVENT_SHARE 0.05
/** What a run that had no events for a while may spend at once: about what a reader may be behind.
 */
#define GS_EVENT_SAVED_S 0.02
/** So much has to be there before events go on. */
#define GS_EVENT_RESUME_S 0.005

typedef struct {
  double looked_s, left_s;
  double paused_s; /**< since when events are left out */
  bool paused;
} GsEventShare;

/** `now_s` here and below: gs_clock_s. */
void gs_event_share_init(GsEventShare *share, double now_s);
/** Whether events are written now. `skipped_s`: for how long they were not, when they go on; else
 * 0. */
bool gs_event_share_allows(GsEventShare *share, double now_s, double *skipped_s);
/** That so much was spent. */
void gs_event_share_spend(GsEventShare *share, double now_s, double spent_s);

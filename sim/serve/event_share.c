/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/event_share.h"

#include <glib.h>

void gs_event_share_init(GsEventShare *share, double now_s) {
  *share = (GsEventShare){.looked_s = now_s, .left_s = GS_EVENT_SAVED_S};
}

bool gs_event_share_allows(GsEventShare *share, double now_s, double *skipped_s) {
  double grown_s = (now_s - share->looked_s) * GS_EVENT_SHARE;
  share->left_s = MIN(share->left_s + grown_s, GS_EVENT_SAVED_S);
  share->looked_s = now_s;
  *skipped_s = 0;
  if (share->paused && share->left_s >= GS_EVENT_RESUME_S) {
    share->paused = false;
    *skipped_s = now_s - share->paused_s;
  }
  return !share->paused;
}

void gs_event_share_spend(GsEventShare *share, double now_s, double spent_s) {
  share->left_s -= spent_s;
  if (share->left_s >= 0 || share->paused)
    return;
  share->paused = true;
  share->paused_s = now_s;
}

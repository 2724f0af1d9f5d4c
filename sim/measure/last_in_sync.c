/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/last_in_sync.h"

void gs_last_in_sync_free(GsLastInSync *last) {
  if (!last)
    return;
  g_free(last->error);
  g_free(last->links);
  g_free(last);
}

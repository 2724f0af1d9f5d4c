/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/forecast/memory_need.h"

/** Whether a run fits the memory that it may use, and in words what to do when it does not. */

/** How much a run may use: what is free now, or what the user says. */
typedef struct {
  uint64_t bytes;   /**< UINT64_MAX: no limit */
  const char *what; /**< of what that is free ("the memory of this machine"); NULL: as was said */
  bool reserved;    /**< of that also stacks of threads are taken that are never used */
} GsMemoryRoom;

/** What is free now. Reads files of the system. */
GsMemoryRoom gs_memory_room_now(void);
/** False with a line (GS_ERROR_LIMIT) that says what is needed, what there is, and what helps. */
bool gs_memory_fits(const GsScenario *scenario, const GsMemoryPlan *plan, const GsMemoryNeed *used,
                    const GsMemoryRoom *room, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/** Checks of a run, as `expect` names them; what each means: sim/checks/check.h. */
typedef enum {
  GS_CHECK_IN_SYNC,
  GS_CHECK_REST,
  GS_CHECK_SIBLINGS,
  GS_CHECK_SUMS,
  GS_CHECK_IDS,
  GS_CHECK_MEMORY,
} GsCheck;
#define GS_CHECKS 6u

/** A set of them, a bit each. */
typedef uint32_t GsCheckSet;
#define GS_CHECKS_ALL ((1u << GS_CHECKS) - 1)
static inline GsCheckSet gs_check_set(GsCheck check) {
  return 1u << check;
}

/** "in-sync", …; NULL at the end. */
extern const char *const gs_check_names[GS_CHECKS + 1];

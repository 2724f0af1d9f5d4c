/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/** Simulated time is int64_t nanoseconds; these are its bounds. */

#define GS_MICROSECOND_NS INT64_C(1000)
#define GS_MILLISECOND_NS INT64_C(1000000)
#define GS_SECOND_NS INT64_C(1000000000)
/** Longest duration and latest moment of a scenario: 100 years. */
#define GS_TIME_MAX_NS (INT64_C(3155760000) * GS_SECOND_NS)
/** "Until nothing is left to happen". */
#define GS_TIME_NEVER INT64_MAX

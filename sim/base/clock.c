/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/clock.h"

#include <time.h>

static double seconds_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double gs_clock_s(void) {
  return seconds_of(CLOCK_MONOTONIC);
}

double gs_clock_unix_s(void) {
  return seconds_of(CLOCK_REALTIME);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/looks.h"

uint32_t gs_looks_first(const GsSweep *sweep) {
  if (!(sweep->precision > 0))
    return sweep->repeat;
  return MIN(MAX(sweep->repeat, GS_LOOK_FIRST_RUNS), sweep->repeat_most);
}

uint32_t gs_looks_without_chance(const GsSweep *sweep) {
  return sweep->repeat_given ? sweep->repeat : 1;
}

uint32_t gs_looks_next(const GsSweep *sweep, uint32_t runs) {
  if (!(sweep->precision > 0) || runs >= sweep->repeat_most)
    return 0;
  return MIN(2 * runs, sweep->repeat_most);
}

uint32_t gs_looks_count(const GsSweep *sweep) {
  uint32_t count = 1;
  for (uint32_t runs = gs_looks_first(sweep); (runs = gs_looks_next(sweep, runs)) != 0;)
    count++;
  return count;
}

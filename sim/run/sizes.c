/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/sizes.h"

#include <unistd.h>

#include "sim/run/simulation.h"

GsRunSizes gs_run_sizes(void) {
  return (GsRunSizes){.node = sizeof(GsActor) + sizeof(GsInbox),
                      .letter = sizeof(GsLetter) + sizeof(GsBundle),
                      .delivery = sizeof(GsPostmark) + sizeof(GsLetter) + sizeof(GsDealtLetter)};
}

uint32_t gs_run_lanes(uint32_t workers, uint32_t nodes) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  uint32_t lanes = workers ? workers : (uint32_t)MAX(cores, 1);
  return MIN(MIN(lanes, GS_LANES_MAX), MAX(nodes, 1));
}

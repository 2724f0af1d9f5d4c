/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network/loss.h"

#include <glib.h>

const char *gs_loss_reason_name(GsLossReason reason) {
  static const char *const names[] = {
      [GS_LOST_BY_CHANCE] = "chance", [GS_LOST_BY_CUT] = "cut", [GS_LOST_BY_DOWN] = "down"};
  return names[reason];
}

uint64_t gs_network_faults_lost(const GsNetworkFaults *faults) {
  uint64_t lost = 0;
  for (uint32_t reason = 0; reason < GS_LOSS_REASONS; reason++)
    lost += faults->lost[reason];
  return lost;
}

void gs_network_faults_add(GsNetworkFaults *sum, const GsNetworkFaults *faults) {
  for (uint32_t reason = 0; reason < GS_LOSS_REASONS; reason++)
    sum->lost[reason] += faults->lost[reason];
  sum->doubled += faults->doubled;
  sum->retried += faults->retried;
  sum->undelivered += faults->undelivered;
  sum->pinned += faults->pinned;
  sum->last_by_chance_ns = MAX(sum->last_by_chance_ns, faults->last_by_chance_ns);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/** What a network did to messages besides delivering them, in figures and words. */

/** Why a try of a message did not arrive. */
typedef enum {
  GS_LOST_BY_CHANCE, /**< the link's `loss`, or the scenario names the message */
  GS_LOST_BY_CUT,    /**< the link is cut */
  GS_LOST_BY_DOWN,   /**< the receiver is down */
} GsLossReason;
#define GS_LOSS_REASONS 3
/** "chance", "cut", "down"; static. */
const char *gs_loss_reason_name(GsLossReason reason);

typedef struct {
  uint64_t lost[GS_LOSS_REASONS]; /**< messages none of whose tries arrived, by why the last did not
                                   */
  uint64_t doubled;               /**< copies that arrived, or will, besides the messages */
  uint64_t retried;               /**< tries after the first ones */
  uint64_t undelivered;           /**< of those lost, the ones whose senders are told */
  uint64_t pinned;                /**< messages that the scenario names and that were sent */
  int64_t last_by_chance_ns;      /**< when the last was sent that was GS_LOST_BY_CHANCE, or its
                                       sender told of it; 0: none was */
} GsNetworkFaults;

/** Messages lost, for whatever reason. */
uint64_t gs_network_faults_lost(const GsNetworkFaults *faults);
void gs_network_faults_add(GsNetworkFaults *sum, const GsNetworkFaults *faults);

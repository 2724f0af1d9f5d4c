/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/node.h"

/** What a node holds, as it is found there, and not by what it has counted. */
typedef struct {
  uint32_t done_waves; /**< that it remembers */
  uint32_t floods;     /**< that it remembers, but for the few that are retired */
  uint64_t kept_nets;  /**< of what it answered */
  uint32_t suspected;  /**< siblings */
  uint32_t handshakes; /**< that it has begun and nobody has answered */
} GsNodeHoldings;
/** O(what it holds). */
GsNodeHoldings gs_node_holdings(const GsNode *node);

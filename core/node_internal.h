/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/node.h"

/** Shared by the files that make up the node; nobody else's business. */

/** Slot of the sender of a message, or GS_SLOT_UNKNOWN. */
uint32_t gs_node_sender_slot(const GsNode *node, const GsMessage *message);
/** A message from this node, with the fields that all have filled in. */
GsMessage *gs_node_send(GsNode *node, GsEffects *effects, GsEndpoint to, uint32_t slot,
                        GsEnvelopeType env, GsMessageType type, GsMasterId master, uint32_t cause);
void gs_node_drop(GsEffects *effects, const GsMessage *message, GsDropReason reason);

void gs_node_start_wave(GsNode *node, GsEffects *effects, uint32_t cause);
void gs_node_start_flood(GsNode *node, GsEffects *effects, uint32_t cause);
/**
 * The sibling of a slot is no more and the last one has taken its place: open
 * waves go on without its Response, and it is answered at `endpoint`.
 */
void gs_node_forget_slot(GsNode *node, uint32_t slot, GsEndpoint endpoint, GsEffects *effects,
                         uint32_t cause);
void gs_node_on_sync_grid(GsNode *node, const GsMessage *message, GsEffects *effects);
void gs_node_on_net_ask(GsNode *node, const GsMessage *message, GsEffects *effects);
void gs_node_on_net_response(GsNode *node, GsMessage *message, GsEffects *effects);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/node.h"

/**
 * One node by itself, given messages by hand. Its own id, endpoint and id space
 * are 1; the node N is at endpoint N.
 */
typedef struct {
  GsNode node;
  GsPool pool;
  GsEffects effects;
} GsRig;

/** A node with the siblings 2 to `last_sibling`; its name is "one". */
void gs_rig_init(GsRig *rig, uint32_t last_sibling, GsProtocol protocol, GsSync sync);
void gs_rig_clear(GsRig *rig);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsRig, gs_rig_clear)

/** Nets as a foreign node or this many others may send them: id, net, id, net, … */
GsNets *gs_rig_nets(GsRig *rig, guint pieces, const int64_t *ids_and_nets);

/** Handles a message and drops what follows from it. */
void gs_rig_give(GsRig *rig, GsMessage message);
/**
 * Handles a message and compares what follows, as text: messages first, then
 * notes, separated by "; ". Examples:
 *   "3< Ask UpdateNet 7:1 #4"                   to node 3; wave 7:1, req 4
 *   "2< Response UpdateNet 7:1 #9 {1: 5, 3: 4}" nets in their order
 *   "2< Ask AddSibling 1:1 #1 (1 one)"          who introduces itself
 *   "wave 1:1", "done 1:1 = 5", "superseded 1:1", "gridnet 5", "energy 0 to 5",
 *   "sibling 3", "dropped late-response"
 */
#define gs_rig_expect(rig, message, wanted)                                                        \
  gs_rig_expect_at(rig, message, wanted, __FILE__, __LINE__)
void gs_rig_expect_at(GsRig *rig, GsMessage message, const char *wanted, const char *file,
                      int line);

/** Messages to the node; `from` 0 is a person. */
GsMessage gs_msg(GsEndpoint from, GsEnvelopeType env, GsMessageType type);
GsMessage gs_msg_energy(int64_t production, int64_t consumption);
GsMessage gs_msg_net_ask(GsEndpoint from, uint64_t space, uint64_t count, uint64_t req);
GsMessage gs_msg_net_response(GsEndpoint from, uint64_t space, uint64_t count, GsNets *nets);
GsMessage gs_msg_sync(GsEndpoint from, uint64_t space, uint64_t count);
/** In a Tell `who` is to be added, otherwise it is the sender. */
GsMessage gs_msg_sibling(GsEndpoint from, GsEnvelopeType env, int64_t who, uint64_t req);

/** Numbers that look random, the same each time. */
uint64_t gs_test_random(uint64_t *state, uint64_t bound);

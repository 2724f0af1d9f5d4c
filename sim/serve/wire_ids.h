/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"

/**
 * How a node's counters are dressed up as UUIDs, and undressed again. On the
 * wire ids must be unique for ever: a node that starts anew and counts from
 * zero would start waves that its siblings have seen. So each process draws a
 * random part once. The ids of Asks also say who was asked, since a Response
 * does not say who sends it; nothing need be remembered for that.
 */
typedef struct GsWireIds GsWireIds;

/** Asks of foreign nodes whose `reqId` is remembered until they are answered. */
#define GS_ASKS_REMEMBERED 65536u

GsWireIds *gs_wire_ids_new(void);
void gs_wire_ids_free(GsWireIds *ids);

/** What the ids of waves and floods of an actor begin with (`id_space` of its node). */
uint64_t gs_wire_ids_space(const GsWireIds *ids, uint32_t actor);
/** A secret number of this process: it is in no id. */
uint64_t gs_wire_ids_secret(const GsWireIds *ids);
/** A UUID for something that is never asked about again. */
GsMasterId gs_wire_ids_fresh(GsWireIds *ids);
/** The `reqId` of an own Ask number `req` of `actor` to `asked`. */
GsMasterId gs_wire_ids_ask(const GsWireIds *ids, uint32_t actor, GsEndpoint asked, uint64_t req);
/** Who was asked, and the Ask's number; false when `actor` of this process never asked so. */
bool gs_wire_ids_asked(const GsWireIds *ids, uint32_t actor, GsMasterId req_id, GsEndpoint *asked,
                       uint64_t *req);

/**
 * Remembers the `reqId` of a foreign Ask and returns the number that stands for
 * it, never 0. The oldest of GS_ASKS_REMEMBERED is forgotten.
 */
uint64_t gs_wire_ids_remember(GsWireIds *ids, GsMasterId req_id);
/** The `reqId` that a number stands for; false when it was forgotten. */
bool gs_wire_ids_recall(const GsWireIds *ids, uint64_t number, GsMasterId *req_id);

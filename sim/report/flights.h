/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/message.h"

/**
 * Messages on their way, each with its number, found again where it is handled. Of each direction
 * of a link those under way wait in the order in which they arrive, so the one that is handled is
 * nearly always the first. One thread.
 */
typedef struct GsFlights GsFlights;

typedef struct {
  GsEndpoint from, to;
  uint32_t kind; /**< GS_MESSAGE_KIND */
  uint32_t next; /**< of the same direction of a link */
  GsMasterId master;
  uint64_t req;
  uint64_t id;
  int64_t due_ns;
} GsFlight;

GsFlights *gs_flights_new(void);
/** Frees it; NULL is fine. */
void gs_flights_free(GsFlights *flights);
/** A message sets out, to arrive at that moment. Amortised O(1) where none overtakes others. */
void gs_flights_put(GsFlights *flights, const GsMessage *message, int64_t due_ns, uint64_t id);
/** A message has arrived: the number of the first one on that link that is like it, which there
 * must be. O(1) where it is the first of all; memory is used again. */
uint64_t gs_flights_take(GsFlights *flights, const GsMessage *message);
/** Those that are still under way, of GsFlight, by number; free with g_array_unref. */
GArray *gs_flights_left(const GsFlights *flights);

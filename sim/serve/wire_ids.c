/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/wire_ids.h"

#include <sys/random.h>

#include "core/limits.h"

#define ACTOR_BITS 20
_Static_assert(GS_SERVED_NODES_MAX <= 1 << ACTOR_BITS, "an actor's number fits");
/** The number of an Ask, below the endpoint that it was sent to. */
#define REQ_BITS 40
#define REQ_MASK ((UINT64_C(1) << REQ_BITS) - 1)

typedef struct {
  uint64_t number;
  GsMasterId req_id;
} Asked;

struct GsWireIds {
  uint64_t random;       /**< the low ACTOR_BITS are 0 */
  uint64_t fresh_random; /**< of ids that are never looked up; another space */
  uint64_t fresh_count;
  uint64_t secret;
  uint64_t last_number;
  Asked *asked; /**< ring, made when first needed */
};

static uint64_t draw(void) {
  uint64_t bits = 0;
  ssize_t got = getrandom(&bits, sizeof bits, 0);
  g_assert(got == (ssize_t)sizeof bits);
  return bits;
}

GsWireIds *gs_wire_ids_new(void) {
  GsWireIds *ids = g_new0(GsWireIds, 1);
  ids->secret = draw();
  ids->random = draw() >> ACTOR_BITS << ACTOR_BITS;
  do
    ids->fresh_random = draw();
  while (ids->fresh_random >> ACTOR_BITS << ACTOR_BITS == ids->random);
  return ids;
}

void gs_wire_ids_free(GsWireIds *ids) {
  if (!ids)
    return;
  g_free(ids->asked);
  g_free(ids);
}

uint64_t gs_wire_ids_space(const GsWireIds *ids, uint32_t actor) {
  return ids->random | actor;
}

uint64_t gs_wire_ids_secret(const GsWireIds *ids) {
  return ids->secret;
}

GsMasterId gs_wire_ids_fresh(GsWireIds *ids) {
  return (GsMasterId){ids->fresh_random, ++ids->fresh_count};
}

GsMasterId gs_wire_ids_ask(const GsWireIds *ids, uint32_t actor, GsEndpoint asked, uint64_t req) {
  return (GsMasterId){ids->random | actor, (uint64_t)asked << REQ_BITS | (req & REQ_MASK)};
}

bool gs_wire_ids_asked(const GsWireIds *ids, uint32_t actor, GsMasterId req_id, GsEndpoint *asked,
                       uint64_t *req) {
  if (req_id.space != (ids->random | actor))
    return false;
  *asked = (GsEndpoint)(req_id.count >> REQ_BITS);
  *req = req_id.count & REQ_MASK;
  return true;
}

uint64_t gs_wire_ids_remember(GsWireIds *ids, GsMasterId req_id) {
  if (!ids->asked)
    ids->asked = g_new0(Asked, GS_ASKS_REMEMBERED);
  uint64_t number = ++ids->last_number;
  ids->asked[number % GS_ASKS_REMEMBERED] = (Asked){number, req_id};
  return number;
}

bool gs_wire_ids_recall(const GsWireIds *ids, uint64_t number, GsMasterId *req_id) {
  if (!number || !ids->asked || ids->asked[number % GS_ASKS_REMEMBERED].number != number)
    return false;
  *req_id = ids->asked[number % GS_ASKS_REMEMBERED].req_id;
  return true;
}

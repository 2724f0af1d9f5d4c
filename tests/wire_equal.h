/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "core/wire/wire.h"

static inline bool equal_ids(bool a_has, GsMasterId a, bool b_has, GsMasterId b) {
  return a_has == b_has && (!a_has || gs_master_id_equal(a, b));
}

static inline bool equal_numbers(bool a_has, int64_t a, bool b_has, int64_t b) {
  return a_has == b_has && (!a_has || a == b);
}

/** Whether two envelopes have the same members with the same values. */
static inline bool envelopes_are_equal(const GsWireEnvelope *a, const GsWireEnvelope *b) {
  guint a_nets = a->nets ? a->nets->len : 0, b_nets = b->nets ? b->nets->len : 0;
  return a->env == b->env && a->type == b->type && g_strcmp0(a->to, b->to) == 0 &&
         equal_ids(a->has_id, a->id, b->has_id, b->id) &&
         equal_ids(a->has_req_id, a->req_id, b->has_req_id, b->req_id) &&
         equal_ids(a->has_master_req_id, a->master_req_id, b->has_master_req_id,
                   b->master_req_id) &&
         equal_ids(a->has_msg_id, a->msg_id, b->has_msg_id, b->msg_id) &&
         a->has_timestamp == b->has_timestamp &&
         (!a->has_timestamp || !(a->timestamp < b->timestamp || a->timestamp > b->timestamp)) &&
         equal_numbers(a->has_return_id, a->return_id, b->has_return_id, b->return_id) &&
         a->sibling_id == b->sibling_id && g_strcmp0(a->sibling_name, b->sibling_name) == 0 &&
         g_strcmp0(a->sibling_address, b->sibling_address) == 0 &&
         equal_numbers(a->has_production, a->production, b->has_production, b->production) &&
         equal_numbers(a->has_consumption, a->consumption, b->has_consumption, b->consumption) &&
         a->has_nets == b->has_nets && a_nets == b_nets &&
         (a_nets == 0 || memcmp(a->nets->data, b->nets->data, a_nets * sizeof(GsWireNet)) == 0);
}

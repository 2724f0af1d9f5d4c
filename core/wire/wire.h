/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"

/**
 * The JSON form of a message, as it goes over HTTP (docs/PROTOCOL.md, Over HTTP),
 * both ways. A decoded envelope keeps names and addresses as text; what they
 * mean to a runtime (endpoints, waves) is not known here. Pure.
 */

/** One entry of `nets`. */
typedef struct {
  int64_t id, net;
} GsWireNet;

typedef struct {
  GsEnvelopeType env;
  GsMessageType type;

  /* Members of the envelope; all of them may be absent. */
  char *to; /**< "host:port"; NULL: absent */
  /* UUIDs as their 128 bits: space is the first half. */
  GsMasterId id, req_id, master_req_id;
  double timestamp;  /**< seconds since 1970 */
  int64_t return_id; /**< of the sending node; a Response has none */
  bool has_id, has_req_id, has_master_req_id, has_timestamp, has_return_id;

  /* `msg`; what is not of this type is zero. */
  bool has_msg_id;
  GsMasterId msg_id;

  int64_t sibling_id; /**< AddSibling: all three are there */
  char *sibling_name;
  char *sibling_address; /**< "host:port" */

  bool has_production, has_consumption; /**< UpdateEnergy */
  int64_t production, consumption;

  bool has_nets; /**< UpdateNet: `nets` is there and not null */
  GArray *nets;  /**< of GsWireNet, in document order, no id twice; NULL: none */
} GsWireEnvelope;

/**
 * Reads an envelope. Members that it does not know are ignored, null counts as
 * absent, integers may be numeric strings. `envelope` need not be initialised
 * and is overwritten; on success free what it holds with
 * gs_wire_envelope_clear, on an error it holds nothing. Errors: GS_ERROR_INPUT
 * and GS_ERROR_LIMIT, with place, JSON pointer and what is allowed.
 * O(length), and O(n log n) in the nets unless their ids ascend.
 */
bool gs_wire_decode(GsWireEnvelope *envelope, const char *body, gsize length, GError **error);

/**
 * Appends the envelope to `out` as one line, members and types in the
 * documented order. What decodes comes back equal; values out of the limits
 * are the caller's mistake and are not checked. O(size).
 */
void gs_wire_encode(const GsWireEnvelope *envelope, GString *out);

/** Frees what it holds and makes it empty. */
void gs_wire_envelope_clear(GsWireEnvelope *envelope);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsWireEnvelope, gs_wire_envelope_clear)

/** Adds an entry to `nets` (and makes `nets` present). */
void gs_wire_add_net(GsWireEnvelope *envelope, int64_t id, int64_t net);

/**
 * The id of the wave or flood: masterReqId, or reqId where that is absent.
 * False when there is neither, as in a person's message.
 */
static inline bool gs_wire_master_id(const GsWireEnvelope *envelope, GsMasterId *out) {
  *out = envelope->has_master_req_id ? envelope->master_req_id : envelope->req_id;
  return envelope->has_master_req_id || envelope->has_req_id;
}

/** Length of a UUID's text, and its NUL. */
#define GS_UUID_BYTES 37
/** 8-4-4-4-12 hexadecimal digits, lower case. */
void gs_uuid_format(GsMasterId id, char text[GS_UUID_BYTES]);
/** Reads that form, in either case. */
bool gs_uuid_parse(const char *text, GsMasterId *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * A message between nodes as it is inside the process (docs/PROTOCOL.md,
 * Messages; its JSON form is in wire.h). One cache line, since a run moves hundreds of
 * millions of them.
 */

/** Number of an actor (or foreign node) in its runtime; stands for an address. */
typedef uint32_t GsEndpoint;
/** The sender of a person's or a schedule's message. */
#define GS_ENDPOINT_NONE UINT32_MAX
/** The receiver's place for the sender among its siblings is not known. */
#define GS_SLOT_UNKNOWN ((1u << 24) - 1)

#define GS_CAUSE_BITS 14
#define GS_HOPS_BITS 18
/** Largest `cause` of a message. */
#define GS_CAUSE_MAX ((1u << GS_CAUSE_BITS) - 1)
/** The `cause` of what nodes do on their own (core/recovery.h). */
#define GS_CAUSE_RECOVERY GS_CAUSE_MAX
/** Largest `hops` of a message; longer chains stay at it. */
#define GS_HOPS_MAX ((1u << GS_HOPS_BITS) - 1)

typedef enum { GS_TELL, GS_ASK, GS_RESPONSE } GsEnvelopeType;
#define GS_ENVELOPE_TYPES 3
typedef enum { GS_ADD_SIBLING, GS_UPDATE_ENERGY, GS_SYNC_GRID, GS_UPDATE_NET } GsMessageType;
#define GS_MESSAGE_TYPES 4

/** The documented words ("Tell", "UpdateNet"); static strings. */
const char *gs_envelope_type_name(GsEnvelopeType type);
const char *gs_message_type_name(GsMessageType type);

/**
 * Names a wave or a flood (`masterReqId`): the initiator's id space and its
 * counter there. A foreign UUID is kept as its 128 bits.
 */
typedef struct {
  uint64_t space;
  uint64_t count;
} GsMasterId;

static inline bool gs_master_id_equal(GsMasterId a, GsMasterId b) {
  return a.space == b.space && a.count == b.count;
}

typedef struct GsNets GsNets;
typedef struct GsMessage GsMessage;

struct GsMessage {
  union {
    GsMessage *next; /**< for whoever holds the message: the next one of a mailbox */
    uint32_t
        receiver_slot; /**< among effects: the sender's slot of the receiver, or GS_SLOT_UNKNOWN */
  };
  GsEndpoint from; /**< GS_ENDPOINT_NONE: a person, or a foreign node that is no sibling */
  GsEndpoint to;
  union {
    struct {
      uint32_t cause : GS_CAUSE_BITS; /**< opaque tag, copied from a message to all it leads to */
      uint32_t hops : GS_HOPS_BITS;   /**< length of the chain of messages before it */
    };
    uint32_t cause_and_hops; /**< both */
  };
  union {
    struct {
      uint32_t slot : 24;          /**< hint: the receiver's sibling slot of the sender */
      uint32_t env : 2;            /**< GsEnvelopeType */
      uint32_t type : 2;           /**< GsMessageType */
      uint32_t has_production : 1; /**< UpdateEnergy: the member is there */
      uint32_t has_consumption : 1;
      uint32_t outside : 1;  /**< for whoever runs nodes: it came from another process */
      uint32_t is_whole : 1; /**< a letter's that stands for a whole message; otherwise 0 */
    };
    uint32_t slot_and_kind; /**< all of these */
  };
  GsMasterId master;
  union {
    uint64_t req;      /**< the asker's own number of this Ask; a Response carries it back */
    GsEndpoint to_add; /**< Tell AddSibling: where the sibling to add is */
  };
  union {
    GsNets *nets; /**< UpdateNet Response; NULL is `{}`; owned by the message */
    struct {
      int64_t production, consumption;
    } energy; /**< UpdateEnergy */
    struct {
      int64_t id;
      const char *name; /**< lives as long as the runtime */
    } sibling; /**< AddSibling: the sibling to add; in Ask and Response the sender itself */
  };
};

_Static_assert(sizeof(GsMessage) == 64, "a message is one cache line");

/** Whether it is one of a flood or wave, and so has a master. */
static inline bool gs_message_has_master(const GsMessage *message) {
  return message->type == GS_SYNC_GRID || message->type == GS_UPDATE_NET;
}

/** Where the bit-fields of `slot_and_kind` lie, as compilers do it; tested. To build it in a
 * register takes two instructions, in memory a wait. */
#define GS_ENV_SHIFT 24
#define GS_TYPE_SHIFT 26
/** The `slot_and_kind` of such a message. */
static inline uint32_t gs_message_slot_and_kind(uint32_t slot, GsEnvelopeType env,
                                                GsMessageType type) {
  return (slot & GS_SLOT_UNKNOWN) | (uint32_t)env << GS_ENV_SHIFT | (uint32_t)type << GS_TYPE_SHIFT;
}

/** The `cause_and_hops` of what follows from a message with that one: the same cause, one hop more.
 */
static inline uint32_t gs_cause_and_hops_after(uint32_t cause_and_hops) {
  return cause_and_hops >> GS_CAUSE_BITS == GS_HOPS_MAX ? cause_and_hops
                                                        : cause_and_hops + (1u << GS_CAUSE_BITS);
}

/** Envelope and type as one number, below GS_MESSAGE_KINDS. */
#define GS_MESSAGE_KIND(env, type) ((uint32_t)(type) << 2 | (uint32_t)(env))
#define GS_MESSAGE_KINDS 16
static inline uint32_t gs_message_kind(const GsMessage *message) {
  return message->slot_and_kind >> GS_ENV_SHIFT & (GS_MESSAGE_KINDS - 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/effects.h"
#include "core/message.h"
#include "core/wave_table.h"

/**
 * A node: the protocol (docs/PROTOCOL.md) as a pure state machine. One message in,
 * effects out. It calls nothing outside core, knows no time but what it is told, and
 * draws no random number, so every runner gets the same answers from it.
 */

/** Which of the original's rules hold (docs/PROTOCOL.md, What is repaired). */
typedef enum {
  GS_PROTOCOL_ECHO,     /**< repaired: only the latest own wave sets gridnet */
  GS_PROTOCOL_ORIGINAL, /**< every finished own wave sets gridnet, also an outdated one */
} GsProtocol;

/** When a reason for an own wave starts one. */
typedef enum {
  GS_SYNC_EVERY,    /**< always, as documented */
  GS_SYNC_COALESCE, /**< while an own wave is out, all further reasons lead to one wave after it */
} GsSync;

typedef struct {
  int64_t id;
  const char *name;
  GsEndpoint endpoint; /**< where others reach this node */
} GsContact;

typedef struct {
  int64_t id;
  const char *name; /**< borrowed: lives as long as the runtime */
} GsIdentity;

/**
 * Who is at the endpoints 0 … count − 1, as the runtime of these nodes knows:
 * then no node must keep that for each sibling. Ids differ.
 */
typedef struct {
  const GsIdentity *first;
  gsize stride; /**< bytes from one to the next, which may be part of something larger */
  uint32_t count;
} GsDirectory;

typedef struct GsRecoveryRules GsRecoveryRules;
typedef struct GsRecovery GsRecovery;

/** Who it is, is told by gs_node_sibling. */
typedef struct {
  GsEndpoint endpoint;
  uint32_t slot_there; /**< this node's slot at the sibling, or GS_SLOT_UNKNOWN */
} GsSibling;

/** What most messages need comes first: a node of a large grid lies in no cache. */
typedef struct {
  /* The protocol's own. */
  GsWaveTable waves;
  uint64_t id_space; /**< first half of the ids of its waves and floods */
  uint64_t last_req;
  GsSibling *siblings;
  uint32_t sibling_count;
  GsEndpoint endpoint;
  uint32_t own_waves_out, relays_out, closed_waves;
  uint32_t open_waves_max; /**< then one of the oldest is given up */
  bool may_answer_twice;   /**< so initiators must count its nets id by id */
  bool wave_due;           /**< coalesce: a further wave is due when the one that is out is back */
  uint8_t protocol, sync;
  bool recovers;  /**< `recovery` is there */
  bool remembers; /**< it keeps answered waves although no first Ask of them is to come */
  bool judges;    /**< it watches or suspects some sibling: then words of siblings are heeded */
  bool times;     /**< a first answer is waited for, which is timed */
  uint16_t retired_next;

  /* What it is and knows; readable by all, written by gs_node_* only. */
  int64_t id;
  int64_t production, consumption, gridnet;
  uint32_t piece_bytes;   /**< of its own piece of nets in JSON */
  const char *name;       /**< borrowed */
  GsIdentity *identities; /**< of the siblings; NULL: the directory has them all */
  const GsDirectory *directory;

  uint64_t last_master;         /**< counters: ids come from here, never from a clock or chance */
  uint64_t latest_wave;         /**< the own wave whose result counts */
  GsMasterId *retired_floods;   /**< ring against late duplicates; made when first needed */
  GHashTable *slot_of_endpoint; /**< made when there are many siblings */
  uint32_t sibling_room;
  uint32_t due_wave_cause;
  uint32_t give_up_next; /**< place in `waves` of the next one to give up */
  bool siblings_lent;    /**< by the runtime */
  GsRecovery *recovery;  /**< NULL: it does nothing about faults */
} GsNode;

typedef struct {
  int64_t id;
  const char *name; /**< borrowed: must outlive the node */
  GsEndpoint endpoint;
  uint64_t id_space;     /**< unique among the nodes that can meet; simulations use the node's id */
  uint64_t first_master; /**< ids of its waves and floods count up from here */
  uint32_t open_waves_max; /**< 0: no limit; GS_OPEN_WAVES_MAX where siblings may never answer */
  uint64_t hash_salt;      /**< secret where ids come from outside; 0 in simulations */
  /** Its nets may come twice from the start: in networks that lose, double or reorder. */
  bool may_answer_twice;
  bool is_paced; /**< it works at a pace, and so do others: messages may wait at nodes for long */
  GsProtocol protocol;
  GsSync sync;
  const GsDirectory *directory;    /**< borrowed, must outlive the node; NULL: nobody is known */
  const GsRecoveryRules *recovery; /**< borrowed, the same; NULL: none (core/recovery.h) */
} GsNodeConfig;

/** Makes a node without siblings, energies 0, in place. O(1), allocates nothing without recovery.
 */
void gs_node_init(GsNode *node, const GsNodeConfig *config);
/** Gives back its waves, to the pool where its messages were handled; it is handed none after. */
void gs_node_forget_waves(GsNode *node, GsPool *pool);
/** Gives back all it holds; `pool` may be NULL when its waves are forgotten. */
void gs_node_clear(GsNode *node, GsPool *pool);

static inline int64_t gs_node_net(const GsNode *node) {
  return node->production - node->consumption;
}

/**
 * Sets up state before the first message: energies within [0, GS_ENERGY_MAX]
 * and the gridnet to start with. Asserts the range.
 */
void gs_node_set_start(GsNode *node, int64_t production, int64_t consumption, int64_t gridnet);
/**
 * Gives room for siblings that are known in advance, to a node that has none;
 * it must outlive the node, which moves out when it needs more.
 */
void gs_node_lend_siblings(GsNode *node, GsSibling *room, uint32_t count);
/** Adds a sibling without a handshake, before the first message; both sides must be told. */
void gs_node_add_start_sibling(GsNode *node, const GsContact *contact, uint32_t slot_there);
/** The same for one that the directory has, into room that was made. */
void gs_node_add_known_sibling(GsNode *node, GsEndpoint endpoint, uint32_t slot_there);

/** Who a sibling is; valid until the node is handed a message. O(1). */
const GsIdentity *gs_node_sibling(const GsNode *node, uint32_t slot);
/** The slot of the sibling at an endpoint, or GS_SLOT_UNKNOWN. O(1) at many siblings. */
uint32_t gs_node_find_endpoint(const GsNode *node, GsEndpoint endpoint);
/** The slot of the sibling with an id, or GS_SLOT_UNKNOWN. O(siblings). */
uint32_t gs_node_find_id(const GsNode *node, int64_t id);

/**
 * Handles one message and appends what follows from it to `effects`. Takes the
 * nets that the message carries. False with `error` (GS_ERROR_INPUT) when the
 * message is out of bounds (energies); the node is then as it was. Amortised
 * O(1) plus O(siblings) for each wave or flood seen first. A node is handled by
 * one thread at a time.
 */
bool gs_node_step(GsNode *node, GsMessage *message, GsEffects *effects, GError **error);

/**
 * The same for a letter that holds an Ask or a Response of UpdateNet
 * (gs_letter_is_net), which is what a run mostly consists of: it is not made a
 * message before, and what follows goes into the effects' outbox where there is
 * one. Those never fail. `wave_guess`: of gs_node_prefetch_wave some time ago,
 * or GS_WAVE_NONE; a wrong one does no harm.
 */
void gs_node_take_letter(GsNode *node, GsEndpoint from, const GsLetter *letter, uint32_t wave_guess,
                         GsEffects *effects);

/**
 * The same for letters of one sender, one after the other, up to `end` or behind
 * the first that had messages or notes to follow. Returns the next one; there is
 * one at least.
 */
const GsLetter *gs_node_take_letters(GsNode *node, GsEndpoint from, const GsLetter *letters,
                                     const GsLetter *end, GsEffects *effects);

/** Has the processor fetch what the node will need whatever it is sent. */
static inline void gs_node_prefetch(const GsNode *node) {
  __builtin_prefetch(node->siblings);
  __builtin_prefetch(node->waves.waves, 1);
}
/** Whether its waves are too many for the processor's nearest cache: then what follows pays. */
static inline bool gs_node_has_many_waves(const GsNode *node) {
  return gs_wave_table_is_large(&node->waves);
}
/**
 * Finding a letter's wave in three steps, with some time between them, so that
 * the processor fetches meanwhile what the next step looks at, and misses of
 * several finds overlap: where it is to be found, the wave, what it has
 * collected. The node may handle letters between them.
 */
static inline uint32_t gs_node_prefetch_place(const GsNode *node, const GsLetter *letter) {
  return gs_wave_table_bucket(&node->waves, (GsMasterId){letter->space, letter->count});
}
/** `place`: of gs_node_prefetch_place. Returns a guess at the wave. */
static inline uint32_t gs_node_prefetch_wave(const GsNode *node, const GsLetter *letter,
                                             uint32_t place) {
  __builtin_prefetch(letter->nets);
  return gs_wave_table_first_in(&node->waves, place);
}
static inline void gs_node_prefetch_nets(const GsNode *node, uint32_t wave_guess) {
  gs_wave_table_prefetch_nets(&node->waves, wave_guess);
}

/** Waves, own and passed on, whose answers are still out. O(1). */
static inline uint32_t gs_node_open_waves(const GsNode *node) {
  return node->own_waves_out + node->relays_out;
}
/** Bytes that the node holds on the heap now. */
gsize gs_node_heap_bytes(const GsNode *node);

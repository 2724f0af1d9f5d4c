/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/node_internal.h"
#include "core/recovery.h"

/** Shared by the files that make up recovery; nobody else's business. */

/** What a node thinks of a sibling. */
typedef struct {
  uint8_t silent;     /**< looks since it said its last word */
  uint8_t unanswered; /**< looks since it is watched, without a Response; 0: it is not */
  bool is_suspected;  /**< nobody waits for it */
  bool is_deaf;       /**< suspected although words come from it */
} GsJudgement;

/** Somebody who was asked to be a sibling and has not answered. */
typedef struct {
  GsEndpoint endpoint;
  uint32_t tries;
  int64_t due_ns; /**< of the next try; INT64_MAX: when the node looks again */
} GsHandshake;

/** A wave that was passed on, and when; nobody has answered it. */
typedef struct {
  GsMasterId wave;
  int64_t since_ns;
} GsUnanswered;
/** So many are timed as long as no own wave was back. */
#define GS_UNANSWERED 8u

struct GsRecovery {
  const GsRecoveryRules *rules;
  bool may_lose;        /**< messages may be lost without anybody's fault */
  bool is_paced;        /**< messages may wait at nodes for long */
  int64_t resync_ns;    /**< when to look again; INT64_MAX: never */
  int64_t started_ns;   /**< when the latest own wave was started */
  int64_t told_ns;      /**< when it last told others that something happened */
  uint32_t told_often;  /**< so often was the gap before the next doubled */
  int64_t tell_ns;      /**< when it will; INT64_MAX: there is nothing to tell */
  uint64_t resync_wave; /**< the own wave that looks; 0: none is out */

  int64_t took_ns; /**< the latest own wave that was timed, also one that was late or ended */
  /** Of a node with a pace: how long messages wait at nodes, as it seems. The most that its own
   * work lately took, or half of what an answer to a probe did; a sixteenth less at each wake. */
  int64_t queue_ns;

  int64_t tick_ns; /**< when open waves grow older; means nothing while none is open */
  uint32_t ticks;
  uint32_t limits_in_a_row; /**< latest own waves that ended by their limit */

  uint64_t timed_wave;  /**< an own wave whose time is taken; 0: none */
  int64_t timed_ns;     /**< when it was started */
  bool is_unanswered;   /**< nobody has answered it */
  int64_t first_ns;     /**< smoothed: until a first answer came; 0: none came yet */
  int64_t smooth_ns;    /**< smoothed: until an own wave was back; 0: none was yet */
  int64_t deviation_ns; /**< smoothed: from that */

  GsUnanswered unanswered[GS_UNANSWERED]; /**< where messages may be lost */
  uint32_t unanswered_count;
  uint64_t probe_req; /**< a probe whose answer is timed; 0: none */
  int64_t probe_ns;   /**< when it was sent */

  GsJudgement *judgements; /**< by slot; made when first needed */
  uint32_t judgement_room;
  uint32_t watched, suspected;
  int64_t watch_ns; /**< when to look at those that are watched */

  uint32_t kept_nets; /**< that it keeps of what it answered */
  gsize kept_bytes;   /**< that those take */

  GArray *handshakes;   /**< of GsHandshake; NULL: none yet */
  int64_t handshake_ns; /**< of the next try; INT64_MAX: none is due */
};

/** How long an answer may take, as it seems now. */
int64_t gs_recovery_limit_ns(const GsRecovery *recovery);
/** How long a sibling that is alive may take to say so. */
int64_t gs_recovery_look_ns(const GsRecovery *recovery);

/** What seems to wait at nodes, and seemed to before; the longer counts. */
void gs_recovery_take_queue(GsRecovery *recovery, int64_t seen_ns, int64_t known_ns);

/** Lets open waves grow older, asks again and ends waves. */
void gs_recovery_tick(GsNode *node, GsEffects *effects);
/** A sibling of which something is overdue: from now on it is watched. */
void gs_recovery_watch(GsNode *node, uint32_t slot, GsEffects *effects);
/** Whether an Ask to a sibling is worth sending: it said something lately, as far as is known. */
bool gs_recovery_is_heard(const GsRecovery *recovery, uint32_t slot);
/** The probe that is timed is answered. */
void gs_recovery_take_probe(GsRecovery *recovery, int64_t now_ns);
/** Looks at those that are watched. */
void gs_recovery_look(GsNode *node, GsEffects *effects);
/** Nobody waits for suspected siblings in a wave that was just opened. */
void gs_recovery_leave_out_suspected(const GsNode *node, GsWave *wave);
/** Something happened that others have to learn of: a wave and a flood, now or soon. */
void gs_recovery_tell(GsNode *node, GsEffects *effects);
/** What it thought of siblings is forgotten. */
void gs_recovery_forget_judgements(GsNode *node);
/** Handshakes that are due are tried again. */
void gs_recovery_try_handshakes(GsNode *node, GsEffects *effects);
/**
 * Asks suspected siblings to be siblings, once: who started again and kept nothing learns so who
 * asks, and where, which a wave's Ask does not say between processes.
 */
void gs_recovery_ask_suspected(GsNode *node, GsEffects *effects);
/** Asks all who did not answer, once. */
void gs_recovery_ask_silent_contacts(GsNode *node, GsEffects *effects);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier.h"
#include "sim/run/lane_fates.h"
#include "sim/run/lane_work.h"
#include "sim/run/wakes.h"

/* A lane in a uniform network, where a window is one moment and mail comes in bundles. */

static inline void deliver_bundle(GsLane *lane, GsBundle *bundle) {
  GsInbox *inbox = &lane->sim->inboxes[bundle->to];
  bundle->next = NULL;
  if (inbox->first) {
    inbox->last->next = bundle;
  } else {
    inbox->first = bundle;
    gs_lane_activate(lane, bundle->to);
  }
  inbox->last = bundle;
}

/** A log that is being read. */
typedef struct {
  GsChunk *chunk;
  gsize at;
  GsBundle *bundle; /**< the next one; NULL: no more */
} Reading;

/** Inboxes of a large grid lie in no cache: all of a chunk are asked for before the first is used.
 */
static void begin_chunk(const GsSimulation *sim, Reading *reading, GsChunk *chunk) {
  *reading = (Reading){.chunk = chunk};
  if (!chunk)
    return;
  GsBundle *bundle;
  for (gsize at = 0; (bundle = gs_chunk_bundle(chunk, at)); at += gs_bundle_bytes(bundle->count))
    __builtin_prefetch(&sim->inboxes[bundle->to], 1);
  reading->bundle = gs_chunk_bundle(chunk, 0);
}

static inline void read_on(const GsSimulation *sim, Reading *reading) {
  reading->at += gs_bundle_bytes(reading->bundle->count);
  reading->bundle = gs_chunk_bundle(reading->chunk, reading->at);
  if (!reading->bundle)
    begin_chunk(sim, reading, reading->chunk->next);
}

/** The log whose next bundle has the least sender; how long it stays so. NULL: all are read. */
static Reading *least(Reading *readings, uint32_t count, uint32_t *until) {
  Reading *found = NULL;
  *until = UINT32_MAX;
  for (uint32_t i = 0; i < count; i++) {
    if (!readings[i].bundle)
      continue;
    if (!found || readings[i].bundle->from < found->bundle->from) {
      *until = found ? found->bundle->from : UINT32_MAX;
      found = &readings[i];
    } else {
      *until = MIN(*until, readings[i].bundle->from);
    }
  }
  return found;
}

/** Where there is no other one. */
static void deliver_log(GsLane *lane, const GsLog *log) {
  GsBundle *bundle;
  for (GsChunk *chunk = log->head; chunk; chunk = chunk->next) {
    for (gsize at = 0; (bundle = gs_chunk_bundle(chunk, at)); at += gs_bundle_bytes(bundle->count))
      deliver_bundle(lane, bundle);
  }
}

/** Each log is in the order of senders, and no sender is in two. */
void gs_lane_collect_logs(GsLane *lane, const GsLog *logs, uint32_t stride) {
  if (lane->sim->actor_count < GS_MANY_ACTORS && lane->sim->lane_count == 1) {
    deliver_log(lane, logs);
    return;
  }
  Reading readings[GS_LANES_MAX], *reading;
  uint32_t lanes = lane->sim->lane_count, until;
  for (uint32_t w = 0; w < lanes; w++)
    begin_chunk(lane->sim, &readings[w], logs[w * stride].head);
  while ((reading = least(readings, lanes, &until))) {
    do {
      GsBundle *bundle = reading->bundle;
      read_on(lane->sim, reading);
      deliver_bundle(lane, bundle);
    } while (reading->bundle && reading->bundle->from < until);
  }
}

static void write_letter(GsLane *lane, GsLetter *letter, const GsMessage *message, uint32_t hops) {
  if (gs_letter_fits(message)) {
    gs_letter_write(letter, message, hops);
    return;
  }
  GsLog *log = &lane->out[lane->sim->lane_of[message->to]];
  gs_letter_write_whole(letter, message, hops, &log->wholes, &lane->pool);
}

static void add_to_log(GsLane *lane, uint32_t from, uint32_t to, const GsLetter *letters,
                       uint32_t count) {
  GsLog *log = &lane->out[lane->sim->lane_of[to]];
  if (!log->count)
    log->min_due_ns = lane->sim->now_ns + lane->sim->network.uniform_ns;
  gs_log_add_letters(log, &lane->pool, from, to, letters, count);
}

/** Whether messages may be lost, and nobody has looked at them who knows already which ones are. */
static inline bool are_fates_open(const GsLane *lane) {
  return G_UNLIKELY(lane->sim->network.may_fail) && !lane->trace && !lane->sim->live;
}

/** Puts the letters of a slot that is listed into the log; more may follow. */
static void empty_slot(GsLane *lane, uint32_t index, uint32_t receiver_slot) {
  GsOutbox *outbox = &lane->outbox;
  GsOutboxSlot *slot = &outbox->slots[receiver_slot];
  GsLetter *letters = gs_outbox_letters(outbox, receiver_slot);
  uint32_t count = (uint32_t)(slot->end - letters);
  if (are_fates_open(lane))
    count = gs_lane_keep_arriving(lane, index, slot->to, receiver_slot, letters, count);
  if (G_LIKELY(count))
    add_to_log(lane, index, slot->to, letters, count);
  slot->left = 0;
}

static void empty_outbox(GsLane *lane, uint32_t index) {
  GsOutbox *outbox = &lane->outbox;
  for (uint32_t i = 0; i < outbox->written_count; i++) {
    empty_slot(lane, index, outbox->written[i]);
    outbox->slots[outbox->written[i]].is_listed = false;
  }
  outbox->written_count = 0;
}

/** To one who is no sibling, or became one just now: what is for siblings goes before it. Or what
 * fits no letter and may be lost. */
static G_GNUC_NO_INLINE void post_alone(GsLane *lane, uint32_t index, const GsMessage *message,
                                        uint32_t hops) {
  GsLetter letter;
  GsLossReason lost_by;
  empty_outbox(lane, index);
  if (are_fates_open(lane) && !gs_lane_arrives(lane, index, message->to, message->receiver_slot,
                                               gs_lane_nets_of(message), &lost_by))
    return;
  write_letter(lane, &letter, message, hops);
  add_to_log(lane, index, message->to, &letter, 1);
}

/** The first one of a slot, or one for which there is no room any more, or an odd one. */
static G_GNUC_NO_INLINE void post_first(GsLane *lane, uint32_t index, const GsMessage *message,
                                        uint32_t hops) {
  GsOutbox *outbox = &lane->outbox;
  uint32_t receiver_slot = message->receiver_slot;
  GsLetter *letter = gs_outbox_add(outbox, receiver_slot, message->to);
  if (!letter) {
    empty_slot(lane, index, receiver_slot);
    gs_outbox_begin(outbox, receiver_slot, message->to);
    letter = gs_outbox_add(outbox, receiver_slot, message->to);
  }
  write_letter(lane, letter, message, hops);
}

static inline void post(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops) {
  const GsOutbox *outbox = &lane->outbox;
  if (G_UNLIKELY(message->receiver_slot >= outbox->slot_count) ||
      (are_fates_open(lane) && !gs_letter_fits(message))) {
    post_alone(lane, index, message, hops);
    return;
  }
  GsOutboxSlot *slot = &outbox->slots[message->receiver_slot];
  if (G_LIKELY(slot->left && slot->to == message->to && gs_letter_fits(message))) {
    gs_letter_write(slot->end++, message, hops);
    slot->left--;
  } else {
    post_first(lane, index, message, hops);
  }
}

static bool is_lost(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops) {
  GsLossReason lost_by;
  if (gs_lane_arrives(lane, index, message->to, message->receiver_slot, gs_lane_nets_of(message),
                      &lost_by))
    return false;
  if (lane->trace)
    gs_lane_trace_lost(lane, index, message, hops, lane->sim->now_ns, lost_by, 1);
  return true;
}

/** Where somebody wants to know, or messages may leave the process. */
static G_GNUC_NO_INLINE void post_watched(GsLane *lane, uint32_t index, GsActor *actor,
                                          uint32_t hops) {
  int64_t now = lane->sim->now_ns;
  for (uint32_t i = 0; i < lane->effects.message_count; i++) {
    const GsMessage *message = &lane->effects.messages[i];
    gs_lane_count_sent(lane, actor, message);
    gs_lane_count_sent_by(actor, message);
    if (lane->sim->counting)
      lane->sim->carrier->mark_sent(lane, message, now);
    if (gs_lane_leaves(lane->sim, index, message->to)) {
      gs_lane_send_out(lane, index, message, hops, now);
      continue;
    }
    if (lane->sim->network.may_fail && !are_fates_open(lane) && is_lost(lane, index, message, hops))
      continue;
    post(lane, index, message, hops);
    if (lane->trace)
      gs_lane_trace_sent(lane, GS_TRACE_SEND, index, message, hops, now,
                         now + lane->sim->network.uniform_ns);
  }
}

/** What follows from a message. */
static inline void post_all(GsLane *lane, uint32_t index, GsActor *actor, uint32_t hops) {
  uint32_t count = lane->effects.message_count;
  lane->sent += count;
  if (G_UNLIKELY(lane->trace || lane->sim->watched)) {
    post_watched(lane, index, actor, hops);
    return;
  }
  for (const GsMessage *message = lane->effects.messages; count; message++, count--) {
    gs_lane_count_sent(lane, actor, message);
    post(lane, index, message, hops);
  }
}

/** All that follows from it is posted as messages. */
static G_GNUC_NO_INLINE void handle_message(GsLane *lane, uint32_t index, GsActor *actor,
                                            uint32_t from, const GsLetter *letter) {
  GsMessage message = {.from = from, .to = index};
  gs_letter_read(letter, &message);
  GsOutbox *outbox = g_steal_pointer(&lane->effects.outbox);
  gs_lane_count_received(actor, &message);
  gs_lane_step(lane, actor, index, &message, lane->sim->now_ns);
  post_all(lane, index, actor, gs_lane_hops_after(&message));
  gs_effects_reset(&lane->effects);
  lane->effects.outbox = outbox;
}

/** What a letter had to follow besides letters. */
static G_GNUC_NO_INLINE void take_rest(GsLane *lane, uint32_t index, GsActor *actor,
                                       const GsLetter *letter) {
  uint32_t hops = letter->cause_and_hops >> GS_CAUSE_BITS;
  if (lane->effects.note_count)
    gs_lane_take_notes(lane, actor, index, hops, lane->sim->now_ns);
  post_all(lane, index, actor, gs_cause_and_hops_after(letter->cause_and_hops) >> GS_CAUSE_BITS);
  gs_effects_reset(&lane->effects);
}

/** `sender`: of gs_lane_digest_of_sender; `wave_guess`: of gs_node_prefetch_wave. */
G_ALWAYS_INLINE static inline void handle_letter(GsLane *lane, uint32_t index, GsActor *actor,
                                                 uint32_t from, uint64_t sender,
                                                 const GsLetter *letter, uint32_t wave_guess) {
  GsEffects *effects = &lane->effects;
  if (G_UNLIKELY(!effects->outbox || !gs_letter_is_net(letter))) {
    handle_message(lane, index, actor, from, letter);
    return;
  }
  gs_lane_take_letter(lane, actor, from, sender, letter, wave_guess);
  if (G_UNLIKELY(effects->message_count | effects->note_count))
    take_rest(lane, index, actor, letter);
}

/** Letters that the node takes at once, at most. */
#define AT_ONCE 16u
/** So few are faster one by one. */
#define FEW 2u

/**
 * Handles as many letters as are alike: of UpdateNet and of one cause. What the
 * digest takes of them is worked out before, since the nets are the node's then.
 */
static const GsLetter *run_alike(GsLane *lane, uint32_t index, GsActor *actor, uint32_t from,
                                 uint64_t sender, const GsLetter *letter, const GsLetter *end) {
  uint64_t digests[AT_ONCE];
  uint32_t cause = letter->cause_and_hops & GS_CAUSE_MAX, count = 0;
  end = MIN(end, letter + AT_ONCE);
  const GsLetter *last = letter;
  for (; last < end && gs_letter_is_net(last) && (last->cause_and_hops & GS_CAUSE_MAX) == cause;
       last++)
    digests[count++] = gs_lane_digest_of_letter(sender, last);
  gs_lane_count_letters_of(lane, actor, cause);
  while (letter < last) {
    const GsLetter *next = gs_node_take_letters(&actor->node, from, letter, last, &lane->effects);
    uint64_t digest = actor->digest;
    for (uint32_t i = count - (uint32_t)(last - letter); letter < next; letter++, i++)
      digest = gs_lane_mix(digest, digests[i]);
    actor->digest = digest;
    if (lane->effects.message_count | lane->effects.note_count)
      take_rest(lane, index, actor, letter - 1);
  }
  return letter;
}

static void run_bundle(GsLane *lane, uint32_t index, GsActor *actor, const GsBundle *bundle) {
  uint64_t sender = gs_lane_digest_of_sender(lane->sim->now_ns, bundle->from);
  const GsLetter *letter = bundle->letters, *end = letter + bundle->count;
  if (bundle->count <= FEW) {
    for (; letter < end; letter++)
      handle_letter(lane, index, actor, bundle->from, sender, letter, GS_WAVE_NONE);
    return;
  }
  while (letter < end) {
    if (G_UNLIKELY(!lane->effects.outbox || !gs_letter_is_net(letter)))
      handle_message(lane, index, actor, bundle->from, letter++);
    else
      letter = run_alike(lane, index, actor, bundle->from, sender, letter, end);
  }
}

/** A letter among the bundles of an inbox. */
typedef struct {
  const GsBundle *bundle; /**< NULL: behind the last one */
  uint32_t at;
} Place;

static inline const GsLetter *take_letter(Place *place) {
  const GsLetter *letter = &place->bundle->letters[place->at];
  if (++place->at == place->bundle->count)
    *place = (Place){.bundle = place->bundle->next};
  return letter;
}

/** Letters between one step of a find and the next; a power of two above three times that. */
#define LAG 4u
#define UNDER_WAY 16u

/**
 * Messages of a large grid are each of another wave, which lies somewhere in
 * megabytes. So three places run ahead of the letter that is handled and have
 * what it will need fetched, in three steps.
 */
static void run_looking_ahead(GsLane *lane, uint32_t index, GsActor *actor, const GsBundle *first) {
  const GsNode *node = &actor->node;
  Place place = {first, 0}, wave = place, nets = place, here = place;
  uint32_t found[UNDER_WAY];
  for (uint32_t n = 0; here.bundle; n++) {
    if (place.bundle)
      found[n % UNDER_WAY] = gs_node_prefetch_place(node, take_letter(&place));
    if (n >= LAG && wave.bundle) {
      uint32_t *at = &found[(n - LAG) % UNDER_WAY];
      *at = gs_node_prefetch_wave(node, take_letter(&wave), *at);
    }
    if (n >= 2 * LAG && nets.bundle) {
      take_letter(&nets);
      gs_node_prefetch_nets(node, found[(n - 2 * LAG) % UNDER_WAY]);
    }
    if (n < 3 * LAG)
      continue;
    uint32_t from = here.bundle->from;
    uint64_t sender = gs_lane_digest_of_sender(lane->sim->now_ns, from);
    handle_letter(lane, index, actor, from, sender, take_letter(&here),
                  found[(n - 3 * LAG) % UNDER_WAY]);
  }
}

void gs_lane_handle_bundles(const GsMail *mail) {
  GsLane *lane = mail->lane;
  uint32_t index = mail->actor;
  GsActor *actor = &lane->sim->actors[index];
  uint64_t injected = 0, sent = 0;
  gs_outbox_open(&lane->outbox, actor->node.sibling_count);
  for (GsMessage *message = mail->told; message; message = message->next, injected++) {
    gs_lane_handle_told(lane, index, message, lane->sim->now_ns);
    post_all(lane, index, actor, gs_lane_hops_after(message));
  }
  if (G_LIKELY(!lane->trace && !lane->sim->live))
    lane->effects.outbox = &lane->outbox;
  gs_effects_reset(&lane->effects);
  lane->effects.now_ns = lane->sim->now_ns;
  bool large = gs_node_has_many_waves(&actor->node);
  if (large)
    run_looking_ahead(lane, index, actor, mail->bundles);
  for (const GsBundle *bundle = mail->bundles; bundle; bundle = bundle->next) {
    sent += bundle->count;
    __builtin_prefetch(bundle->next);
    if (!large)
      run_bundle(lane, index, actor, bundle);
  }
  lane->effects.outbox = NULL;
  gs_lane_count_letters(lane, actor);
  if (G_UNLIKELY(gs_wakes_of_node(actor) <= lane->sim->now_ns)) {
    gs_wakes_handle(lane, index, lane->sim->now_ns);
    post_all(lane, index, actor, 1);
  }
  empty_outbox(lane, index);
  lane->delivered += sent;
  lane->last_event_ns = lane->sim->now_ns;
  lane->largest_mailbox = MAX(lane->largest_mailbox, injected + sent);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier_timed.h"

#include "core/recovery.h"
#include "sim/run/lane_fates.h"
#include "sim/run/lane_work.h"
#include "sim/run/wakes.h"

void gs_timed_collect(GsLane *lane, const GsExchange *exchange) {
  gs_dealer_collect(lane, gs_exchange_letters(exchange, lane), lane->sim->lane_count);
}

int64_t gs_timed_next_ns(GsLane *lane) {
  return gs_dealer_next_ns(&lane->dealer);
}

/** Never beyond the bucket, nor where something that is sent in the window may arrive. */
int64_t gs_timed_window_end_ns(const GsSimulation *sim, int64_t moment) {
  int64_t width = sim->wheel_time.width_ns;
  return MIN(moment + MAX(sim->network.lookahead_ns, 1), (moment / width + 1) * width);
}

int64_t gs_timed_free_ns(const GsSimulation *sim) {
  return sim->window_end_ns;
}

void gs_timed_mark_sent(GsLane *lane, const GsMessage *message, int64_t now_ns) {
  uint32_t kind = gs_message_kind(message);
  GArray *marks = lane->marks;
  GsSentMark *last = marks->len ? &g_array_index(marks, GsSentMark, marks->len - 1) : NULL;
  if (last && last->time_ns == now_ns && last->kind == kind) {
    last->count++;
    return;
  }
  GsSentMark mark = {.time_ns = now_ns, .kind = kind, .count = 1};
  g_array_append_val(marks, mark);
}

/** A letter that is on its way from now on, still to be written. */
typedef struct {
  GsLetter *letter;
  GsLetterList *list; /**< it is in */
  int64_t due_ns;
} Posted;

static inline Posted post(GsLane *lane, uint32_t index, uint32_t to, uint32_t via, int64_t now_ns) {
  const GsSimulation *sim = lane->sim;
  GsActor *actor = &lane->sim->actors[index];
  int64_t due = gs_link_due_ns(&sim->network, &actor->links, index, to, via, now_ns);
  g_assert(!sim->network.lookahead_ns || due >= sim->window_end_ns);
  GsLetterList *list = gs_wheel_list(&lane->wheels[sim->lane_of[to]], &sim->wheel_time, due);
  GsLetter *letter = gs_letter_list_add(list, &lane->pool, (GsPostmark){due, to, index});
  return (Posted){letter, list, due};
}

void gs_timed_send(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                   int64_t now_ns) {
  GsSimulation *sim = lane->sim;
  GsActor *actor = &sim->actors[index];
  lane->sent++;
  gs_lane_count_sent(lane, actor, message);
  gs_lane_count_sent_by(actor, message);
  if (G_UNLIKELY(sim->counting))
    sim->carrier->mark_sent(lane, message, now_ns);
  if (gs_lane_leaves(sim, index, message->to)) {
    gs_lane_send_out(lane, index, message, hops, now_ns);
    return;
  }
  if (G_UNLIKELY(sim->network.may_fail)) {
    gs_lane_send_fated(lane, index, message, hops, now_ns);
    return;
  }
  if (G_UNLIKELY(!actor->links.made))
    gs_lane_make_links(actor);
  Posted posted = post(lane, index, message->to, message->receiver_slot, now_ns);
  if (G_LIKELY(gs_letter_fits(message)))
    gs_letter_write(posted.letter, message, hops);
  else
    gs_letter_write_whole(posted.letter, message, hops, &posted.list->wholes, &lane->pool);
  if (lane->trace)
    gs_lane_trace_sent(lane, GS_TRACE_SEND, index, message, hops, now_ns, posted.due_ns);
}

/** What waits for an actor: as many as come at one moment. */
typedef struct {
  int64_t now_ns;
  uint64_t count;
} Waiting;

static inline void count_waiting(GsLane *lane, Waiting *waiting, int64_t now) {
  waiting->count = now == waiting->now_ns ? waiting->count + 1 : 1;
  waiting->now_ns = now;
  lane->largest_mailbox = MAX(lane->largest_mailbox, waiting->count);
}

static void send_messages(GsLane *lane, uint32_t index, uint32_t hops, int64_t now) {
  for (uint32_t i = 0; i < lane->effects.message_count; i++)
    gs_timed_send(lane, index, &lane->effects.messages[i], hops, now);
  gs_effects_reset(&lane->effects);
}

static void handle_message(GsLane *lane, uint32_t index, GsActor *actor, GsMessage *message,
                           int64_t now) {
  GsOutbox *outbox = g_steal_pointer(&lane->effects.outbox);
  gs_lane_count_received(actor, message);
  gs_lane_step(lane, actor, index, message, now);
  send_messages(lane, index, gs_lane_hops_after(message), now);
  lane->effects.outbox = outbox;
}

/** It was counted with the letters that are delivered. */
static G_GNUC_NO_INLINE void handle_report(GsLane *lane, uint32_t index, const GsLetter *letter,
                                           int64_t now) {
  GsOutbox *outbox = g_steal_pointer(&lane->effects.outbox);
  lane->delivered--;
  uint32_t hops = gs_lane_take_report(lane, index, letter, now);
  send_messages(lane, index, MIN(hops + 1, GS_HOPS_MAX), now);
  lane->effects.outbox = outbox;
}

/** Deadlines before `end_ns`; what comes in at their moment came before them. */
static void wake_before(GsLane *lane, uint32_t index, const GsActor *actor, int64_t end_ns) {
  while (gs_wakes_of_node(actor) < end_ns) {
    GsOutbox *outbox = g_steal_pointer(&lane->effects.outbox);
    int64_t now = MAX(gs_wakes_of_node(actor), lane->sim->now_ns);
    gs_wakes_handle(lane, index, now);
    send_messages(lane, index, 1, now);
    lane->last_event_ns = MAX(lane->last_event_ns, now);
    lane->effects.outbox = outbox;
  }
}

static G_GNUC_NO_INLINE void send_fated_letters(GsLane *lane, uint32_t index, uint32_t via,
                                                int64_t now) {
  GsOutboxSlot *slot = &lane->outbox.slots[via];
  for (const GsLetter *letter = gs_outbox_letters(&lane->outbox, via); letter < slot->end;
       letter++) {
    GsMessage message = {.from = index, .to = slot->to};
    gs_letter_read(letter, &message);
    message.receiver_slot = via;
    gs_lane_send_fated(lane, index, &message, message.hops, now);
  }
}

/** Sends what the node has written while it handled one letter. */
static inline void empty_outbox(GsLane *lane, uint32_t index, GsActor *actor, int64_t now) {
  GsOutbox *outbox = &lane->outbox;
  if (G_UNLIKELY(!actor->links.made))
    gs_lane_make_links(actor);
  for (uint32_t i = 0; i < outbox->written_count; i++) {
    uint32_t via = outbox->written[i];
    GsOutboxSlot *slot = &outbox->slots[via];
    const GsLetter *letter = gs_outbox_letters(outbox, via);
    if (G_UNLIKELY(lane->sim->network.may_fail)) {
      send_fated_letters(lane, index, via, now);
      letter = slot->end;
    }
    for (; letter < slot->end; letter++)
      *post(lane, index, slot->to, via, now).letter = *letter;
    slot->left = 0;
    slot->is_listed = false;
  }
  outbox->written_count = 0;
}

static inline void handle(GsLane *lane, uint32_t index, GsActor *actor, GsEndpoint from,
                          const GsLetter *letter, int64_t now, uint32_t wave_guess) {
  GsEffects *effects = &lane->effects;
  if (G_UNLIKELY(!effects->outbox || !gs_letter_is_net(letter))) {
    if (G_UNLIKELY(gs_letter_is_report(from, index))) {
      handle_report(lane, index, letter, now);
      return;
    }
    GsMessage message = {.from = from, .to = index};
    gs_letter_read(letter, &message);
    handle_message(lane, index, actor, &message, now);
    return;
  }
  gs_lane_take_letter(lane, actor, from, gs_lane_digest_of_sender(now, from), letter, wave_guess);
  empty_outbox(lane, index, actor, now);
  if (G_UNLIKELY(effects->message_count | effects->note_count)) {
    gs_lane_take_notes(lane, actor, index, letter->cause_and_hops >> GS_CAUSE_BITS, now);
    send_messages(lane, index, gs_cause_and_hops_after(letter->cause_and_hops) >> GS_CAUSE_BITS,
                  now);
  }
}

/* Letters lie where their senders wrote them, and each is of another wave, which
 * lies somewhere in megabytes where there are many. So what they need is fetched
 * in steps, each for all letters: themselves, then the buckets of their waves and
 * the nets that they bring, the waves, the nets of the waves. */

static void fetch_letters(const GsDealtLetter *letters, uint32_t count) {
  for (uint32_t n = 0; n < count; n++)
    __builtin_prefetch(letters[n].letter);
}

static void fetch_buckets(const GsWaveTable *waves, const GsDealtLetter *letters, uint32_t count,
                          uint32_t *guesses) {
  for (uint32_t n = 0; n < count; n++) {
    const GsLetter *letter = letters[n].letter;
    __builtin_prefetch(letter->nets);
    guesses[n] = GS_WAVE_NONE;
    if (waves->buckets)
      guesses[n] = gs_wave_table_bucket(waves, (GsMasterId){letter->space, letter->count});
  }
}

static void fetch_waves(const GsWaveTable *waves, uint32_t count, uint32_t *guesses) {
  for (uint32_t n = 0; n < count; n++)
    guesses[n] = gs_wave_table_first_in(waves, guesses[n]);
}

static void fetch_nets(const GsWaveTable *waves, uint32_t count, const uint32_t *guesses) {
  for (uint32_t n = 0; n < count; n++)
    gs_wave_table_prefetch_nets(waves, guesses[n]);
}

/** For its first letters. A node with few waves has them all in a line or two. */
static void fetch(const GsMail *mail, uint32_t step) {
  const GsWaveTable *waves = &mail->lane->sim->actors[mail->actor].node.waves;
  uint32_t count = MIN(mail->letter_count, GS_LETTERS_COMING);
  if (step == 0)
    fetch_letters(mail->letters, count);
  else if (step == 1)
    fetch_buckets(waves, mail->letters, count, mail->guesses);
  else if (step == 2 && waves->buckets)
    fetch_waves(waves, count, mail->guesses);
  else if (waves->buckets)
    fetch_nets(waves, count, mail->guesses);
}

static void run_letters(const GsMail *mail, GsActor *actor, Waiting *waiting) {
  GsLane *lane = mail->lane;
  GsMail rest = *mail;
  while (rest.letter_count) {
    uint32_t count = MIN(rest.letter_count, GS_LETTERS_COMING);
    for (uint32_t n = 0; n < count; n++, rest.letters++) {
      uint64_t key = rest.letters->key;
      int64_t now = gs_dealt_due_ns(key, rest.begin_ns);
      if (G_UNLIKELY(actor->node.recovery)) {
        wake_before(lane, rest.actor, actor, now);
        lane->effects.now_ns = now;
      }
      count_waiting(lane, waiting, now);
      handle(lane, rest.actor, actor, gs_dealt_from(key), rest.letters->letter, now,
             rest.guesses[n]);
    }
    rest.letter_count -= count;
    for (uint32_t step = 0; rest.letter_count && step < GS_FETCH_STEPS; step++)
      fetch(&rest, step);
  }
}

void gs_timed_take_mail(GsMail *mail) {
  GsActor *actor = &mail->lane->sim->actors[mail->actor];
  mail->told = actor->first;
  actor->first = actor->last = NULL;
  gs_dealer_take(mail);
}

static void handle_mail(const GsMail *mail) {
  GsLane *lane = mail->lane;
  const GsSimulation *sim = lane->sim;
  GsActor *actor = &lane->sim->actors[mail->actor];
  Waiting waiting = {.now_ns = -1};
  for (GsMessage *message = mail->told; message; message = message->next) {
    count_waiting(lane, &waiting, sim->now_ns);
    gs_lane_handle_told(lane, mail->actor, message, sim->now_ns);
    send_messages(lane, mail->actor, gs_lane_hops_after(message), sim->now_ns);
  }
  if (mail->letter_count) {
    gs_effects_reset(&lane->effects);
    gs_outbox_open(&lane->outbox, actor->node.sibling_count);
    lane->effects.outbox = lane->trace || sim->watched ? NULL : &lane->outbox;
    run_letters(mail, actor, &waiting);
    lane->effects.outbox = NULL;
    gs_lane_count_letters(lane, actor);
    lane->delivered += mail->letter_count;
  }
  lane->last_event_ns = MAX(lane->last_event_ns, waiting.now_ns);
  if (G_UNLIKELY(actor->node.recovery))
    wake_before(lane, mail->actor, actor, sim->window_end_ns);
}

const GsCarrier gs_carrier_timed = {.name = "timed",
                                    .by_wheel = true,
                                    .collect = gs_timed_collect,
                                    .next_ns = gs_timed_next_ns,
                                    .take_mail = gs_timed_take_mail,
                                    .fetch = fetch,
                                    .handle_mail = handle_mail,
                                    .window_end_ns = gs_timed_window_end_ns,
                                    .free_ns = gs_timed_free_ns,
                                    .mark_sent = gs_timed_mark_sent};

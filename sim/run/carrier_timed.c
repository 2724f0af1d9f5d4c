/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier_timed.h"

#include "core/recovery.h"
#include "sim/run/lane_fates.h"
#include "sim/run/lane_work.h"
#include "sim/run/wakes.h"

void gs_timed_collect(GsLane *lane, const GsExchange *exchange) {
  gs_timed_mail_collect(lane, gs_exchange_letters(exchange, lane), lane->sim->lane_count);
}

int64_t gs_timed_next_ns(GsLane *lane) {
  return gs_timed_mail_next_ns(&lane->mail);
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

/** A letter that is on its way from now on, still to be written; and the list that it is in. */
static inline GsTimedLetter *post(GsLane *lane, uint32_t index, uint32_t to, uint32_t via,
                                  int64_t now_ns, GsLetterList **list) {
  const GsSimulation *sim = lane->sim;
  GsActor *actor = &lane->sim->actors[index];
  int64_t due = gs_link_due_ns(&sim->network, &actor->links, index, to, via, now_ns);
  g_assert(!sim->network.lookahead_ns || due >= sim->window_end_ns);
  *list = gs_wheel_list(&lane->wheels[sim->lane_of[to]], &sim->wheel_time, due);
  GsTimedLetter *letter = gs_letter_list_add(*list, &lane->pool, due);
  letter->due_ns = due;
  letter->to = to;
  letter->from = index;
  return letter;
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
  GsLetterList *list;
  GsTimedLetter *letter = post(lane, index, message->to, message->receiver_slot, now_ns, &list);
  if (G_LIKELY(gs_letter_fits(message)))
    gs_letter_write(&letter->letter, message, hops);
  else
    gs_letter_write_whole(&letter->letter, message, hops, &list->wholes, &lane->pool);
  if (lane->trace)
    gs_lane_trace_sent(lane, GS_TRACE_SEND, index, message, hops, now_ns, letter->due_ns);
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
static G_GNUC_NO_INLINE void handle_report(GsLane *lane, uint32_t index,
                                           const GsTimedLetter *letter) {
  GsOutbox *outbox = g_steal_pointer(&lane->effects.outbox);
  lane->delivered--;
  uint32_t hops = gs_lane_take_report(lane, letter, letter->due_ns);
  send_messages(lane, index, MIN(hops + 1, GS_HOPS_MAX), letter->due_ns);
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
    for (; letter < slot->end; letter++) {
      GsLetterList *list;
      post(lane, index, slot->to, via, now, &list)->letter = *letter;
    }
    slot->left = 0;
    slot->is_listed = false;
  }
  outbox->written_count = 0;
}

static inline void handle(GsLane *lane, uint32_t index, GsActor *actor, const GsTimedLetter *timed,
                          uint32_t wave_guess) {
  const GsLetter *letter = &timed->letter;
  int64_t now = timed->due_ns;
  GsEffects *effects = &lane->effects;
  if (G_UNLIKELY(!effects->outbox || !gs_letter_is_net(letter))) {
    if (G_UNLIKELY(gs_letter_is_report(timed))) {
      handle_report(lane, index, timed);
      return;
    }
    GsMessage message = {.from = timed->from, .to = index};
    gs_letter_read(letter, &message);
    handle_message(lane, index, actor, &message, now);
    return;
  }
  gs_lane_take_letter(lane, actor, timed->from, gs_lane_digest_of_sender(now, timed->from), letter,
                      wave_guess);
  empty_outbox(lane, index, actor, now);
  if (G_UNLIKELY(effects->message_count | effects->note_count)) {
    gs_lane_take_notes(lane, actor, index, letter->cause_and_hops >> GS_CAUSE_BITS, now);
    send_messages(lane, index, gs_cause_and_hops_after(letter->cause_and_hops) >> GS_CAUSE_BITS,
                  now);
  }
}

static inline void ask_for_letter(const GsTimedLetter *letter) {
  __builtin_prefetch(letter);
  __builtin_prefetch((const char *)(letter + 1) - 1);
}

/** Letters between one step of looking ahead and the next; a power of two above three times that.
 */
#define LAG 4u
#define UNDER_WAY 16u

/**
 * Letters lie where their senders wrote them, and each is of another wave, which
 * lies somewhere in megabytes where there are many. So what a letter needs is
 * fetched in steps, some letters ahead: itself, then the bucket of its wave, the
 * wave with the nets that the letter brings, the nets of the wave.
 */
static void run_letters(GsLane *lane, uint32_t index, GsActor *actor, const GsDealtLetter *letters,
                        uint32_t count, Waiting *waiting) {
  const GsWaveTable *waves = &actor->node.waves;
  bool is_large = gs_wave_table_is_large(waves);
  uint32_t found[UNDER_WAY];
  for (uint32_t n = 0; n < count + 4 * LAG; n++) {
    if (n < count)
      ask_for_letter(letters[n].letter);
    if (is_large && n >= LAG && n - LAG < count) {
      const GsLetter *letter = &letters[n - LAG].letter->letter;
      found[(n - LAG) % UNDER_WAY] =
          gs_wave_table_bucket(waves, (GsMasterId){letter->space, letter->count});
    }
    if (n >= 2 * LAG && n - 2 * LAG < count) {
      uint32_t *at = &found[(n - 2 * LAG) % UNDER_WAY];
      __builtin_prefetch(letters[n - 2 * LAG].letter->letter.nets);
      if (is_large)
        *at = gs_wave_table_first_in(waves, *at);
    }
    if (is_large && n >= 3 * LAG && n - 3 * LAG < count)
      gs_wave_table_prefetch_nets(waves, found[(n - 3 * LAG) % UNDER_WAY]);
    if (n < 4 * LAG)
      continue;
    const GsTimedLetter *letter = letters[n - 4 * LAG].letter;
    uint32_t guess = is_large ? found[(n - 4 * LAG) % UNDER_WAY] : GS_WAVE_NONE;
    if (G_UNLIKELY(actor->node.recovery)) {
      wake_before(lane, index, actor, letter->due_ns);
      lane->effects.now_ns = letter->due_ns;
    }
    count_waiting(lane, waiting, letter->due_ns);
    handle(lane, index, actor, letter, guess);
  }
}

void gs_timed_take_mail(GsMail *mail) {
  GsActor *actor = &mail->lane->sim->actors[mail->actor];
  mail->told = actor->first;
  actor->first = actor->last = NULL;
  mail->letters = gs_timed_mail_take(mail->lane, mail->actor, &mail->letter_count);
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
    run_letters(lane, mail->actor, actor, mail->letters, mail->letter_count, &waiting);
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
                                    .handle_mail = handle_mail,
                                    .window_end_ns = gs_timed_window_end_ns,
                                    .free_ns = gs_timed_free_ns,
                                    .mark_sent = gs_timed_mark_sent};

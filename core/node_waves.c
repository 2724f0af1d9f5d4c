/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/limits.h"
#include "core/node_internal.h"

/*
 * Waves (the echo algorithm: Chang 1982, Segall 1983;
 * docs/PROTOCOL.md, Wave). What keeps memory bounded without forgetting too early: on every
 * link that is no tree edge of a wave each side sends one Ask, and whoever
 * sends one also answers `{}`; a tree edge answers with nets. So a node knows
 * from each answer whether an Ask of that sibling is still to come, and forgets
 * the wave when none is.
 */

/** An Ask or a Response of UpdateNet, of whatever it came as. */
typedef struct {
  GsMasterId master;
  uint64_t req;
  GsNets *nets; /**< of a Response; taken */
  GsEndpoint from;
  uint32_t slot; /**< hint */
  uint32_t cause_and_hops;
  const GsLetter *letter; /**< it came as; NULL: as a message */
} NetMail;

/** Of what follows from it. */
static inline uint32_t after(const NetMail *mail) {
  return gs_cause_and_hops_after(mail->cause_and_hops);
}

static void drop(GsEffects *effects, const NetMail *mail, GsDropReason reason) {
  gs_effects_add_note(effects, GS_NOTE_DROPPED, mail->cause_and_hops & GS_CAUSE_MAX, reason, 0,
                      mail->master);
}

static void forget_wave(GsNode *node, GsPool *pool, GsWave *wave) {
  gs_wave_table_remove(&node->waves, pool, wave);
}

static GsEndpoint parent_of(const GsNode *node, const GsWave *wave) {
  uint32_t slot = gs_wave_parent_slot(wave, node->waves.form);
  return slot == GS_SLOT_UNKNOWN ? wave->parent : node->siblings[slot].endpoint;
}

static NetMail of_message(const GsMessage *message) {
  return (NetMail){.master = message->master,
                   .req = message->req,
                   .from = message->from,
                   .slot = message->slot,
                   .cause_and_hops = message->cause_and_hops};
}

static inline void write_letter(const GsNode *node, GsLetter *letter, uint32_t slot,
                                GsEnvelopeType env, GsMasterId master, uint64_t req,
                                uint32_t cause_and_hops, GsNets *nets) {
  letter->space = master.space;
  letter->count = (uint32_t)master.count;
  letter->req = (uint32_t)req;
  letter->cause_and_hops = cause_and_hops;
  letter->slot_and_kind =
      gs_message_slot_and_kind(node->siblings[slot].slot_there, env, GS_UPDATE_NET);
  letter->nets = nets;
}

/** Whether what is sent to the siblings of slots below that may be letters. */
static inline bool may_write(const GsEffects *effects, uint32_t slots, uint64_t count,
                             uint64_t req) {
  return effects->outbox && slots <= effects->outbox->slot_count && (count | req) <= UINT32_MAX &&
         !effects->message_count;
}

static inline uint64_t next_req(GsNode *node, GsMasterId master, uint64_t mark) {
  return node->recovers ? gs_node_req_in(node, master, mark) : ++node->last_req;
}

/** `mark`: of the Ask that is passed on; 0 for an own wave. */
static void ask(GsNode *node, GsEffects *effects, uint32_t slot, GsMasterId master, uint64_t mark,
                uint32_t cause_and_hops) {
  GsMessage *message =
      gs_node_send_to_slot(node, effects, slot, GS_ASK, GS_UPDATE_NET, master, cause_and_hops);
  message->req = next_req(node, master, mark);
}

static void ask_siblings(GsNode *node, GsEffects *effects, GsMasterId master, uint64_t mark,
                         uint32_t except, uint32_t cause_and_hops) {
  for (uint32_t slot = 0; slot < node->sibling_count; slot++) {
    if (slot != except)
      ask(node, effects, slot, master, mark, cause_and_hops);
  }
}

/** The same by letters, as far as there is room. */
static inline void pass_on(GsNode *node, GsEffects *effects, GsMasterId master, uint64_t mark,
                           uint32_t except, uint32_t cause_and_hops) {
  uint64_t last_req = node->recovers ? 0 : node->last_req + node->sibling_count;
  if (!may_write(effects, node->sibling_count, master.count, last_req)) {
    ask_siblings(node, effects, master, mark, except, cause_and_hops);
    return;
  }
  for (uint32_t slot = 0; slot < node->sibling_count; slot++) {
    if (slot == except)
      continue;
    GsLetter *letter = gs_outbox_add(effects->outbox, slot, node->siblings[slot].endpoint);
    if (G_UNLIKELY(!letter)) {
      ask(node, effects, slot, master, mark, cause_and_hops);
      continue;
    }
    write_letter(node, letter, slot, GS_ASK, master, next_req(node, master, mark), cause_and_hops,
                 NULL);
    effects->asks++;
  }
}

static void set_gridnet(GsNode *node, GsEffects *effects, uint32_t cause, int64_t value,
                        GsMasterId master) {
  if (node->gridnet == value)
    return;
  node->gridnet = value;
  gs_effects_add_note(effects, GS_NOTE_GRIDNET, cause, value, 0, master);
}

static void finish_relay(GsNode *node, GsWave *wave, GsEffects *effects, uint32_t cause_and_hops);
static void finish_own(GsNode *node, GsWave *wave, GsEffects *effects, uint32_t cause_and_hops);

static bool may_be_given_up(const GsNode *node, const GsWave *wave) {
  if (wave->kind == GS_WAVE_OWN)
    return gs_wave_master(wave, node->waves.form).count != node->latest_wave;
  return wave->kind == GS_WAVE_RELAY;
}

static void drop_own(GsNode *node, GsWave *wave, GsEffects *effects) {
  gs_pool_give_collected(effects->pool, wave->nets);
  node->own_waves_out--;
  forget_wave(node, effects->pool, wave);
}

/**
 * Makes room for one more open wave. Places in the table are used in turn, so
 * the one given up is among the oldest. Its asker gets what was collected; an
 * own one that is not the latest would not count anyway.
 */
static G_GNUC_NO_INLINE void give_one_up(GsNode *node, GsEffects *effects,
                                         uint32_t cause_and_hops) {
  GsWave *wave;
  do {
    if (node->give_up_next >= node->waves.used)
      node->give_up_next = 0;
    wave = gs_wave_table_at(&node->waves, node->give_up_next++);
  } while (!may_be_given_up(node, wave));
  gs_effects_add_note(effects, GS_NOTE_DROPPED, cause_and_hops & GS_CAUSE_MAX, GS_DROP_GIVEN_UP, 0,
                      gs_wave_master(wave, node->waves.form));
  if (wave->kind == GS_WAVE_OWN) {
    drop_own(node, wave, effects);
    return;
  }
  node->may_answer_twice = true; /* a further Ask of it is answered as if it were new */
  gs_wave_await_none(wave, node->waves.form);
  finish_relay(node, wave, effects, cause_and_hops);
}

static inline void limit_open_waves(GsNode *node, GsEffects *effects, uint32_t cause_and_hops) {
  if (G_UNLIKELY(gs_node_open_waves(node) >= node->open_waves_max))
    give_one_up(node, effects, cause_and_hops);
}

void gs_node_start_wave(GsNode *node, GsEffects *effects, uint32_t cause_and_hops) {
  uint32_t cause = cause_and_hops & GS_CAUSE_MAX;
  if (node->sync == GS_SYNC_COALESCE && node->own_waves_out) {
    node->wave_due = true;
    node->due_wave_cause = cause;
    return;
  }
  GsMasterId master = {node->id_space, ++node->last_master};
  node->latest_wave = master.count;
  if (G_UNLIKELY(node->recovery))
    gs_node_recovery_wave_started(node, effects);
  gs_effects_add_note(effects, GS_NOTE_WAVE_START, cause, 0, 0, master);
  if (!node->sibling_count) {
    GsCountedNet own = {node->id, gs_node_net(node)};
    if (effects->counted)
      g_array_append_val(effects->counted, own);
    gs_effects_add_note(effects, GS_NOTE_WAVE_DONE, cause, gs_node_net(node),
                        effects->counted != NULL, master);
    set_gridnet(node, effects, cause, gs_node_net(node), master);
    return;
  }
  limit_open_waves(node, effects, cause_and_hops);
  GsWaveStart start = {.master = master,
                       .kind = GS_WAVE_OWN,
                       .slots = node->sibling_count,
                       .parent_slot = GS_SLOT_UNKNOWN,
                       .parent = GS_ENDPOINT_NONE};
  GsWave *wave = gs_wave_table_insert(&node->waves, effects->pool, &start);
  gs_wave_await(wave, node->waves.form, node->sibling_count, GS_SLOT_UNKNOWN);
  node->own_waves_out++;
  ask_siblings(node, effects, master, 0, GS_SLOT_UNKNOWN, cause_and_hops);
  if (G_LIKELY(!node->recovers))
    return;
  gs_node_wave_opened(node, wave, effects->now_ns);
  if (gs_wave_is_answered(wave, node->waves.form))
    finish_own(node, wave, effects, cause_and_hops);
}

/** To the sibling of a slot, or where that is not known, to an endpoint. */
G_ALWAYS_INLINE static inline void respond(const GsNode *node, GsEffects *effects, GsEndpoint to,
                                           uint32_t slot, GsMasterId master, uint64_t req,
                                           uint32_t cause_and_hops, GsNets *nets) {
  GsMessage *response;
  if (slot >= node->sibling_count) {
    response = gs_node_send(node, effects, to, GS_RESPONSE, GS_UPDATE_NET, master, cause_and_hops);
  } else {
    GsLetter *letter = NULL;
    if (may_write(effects, slot + 1, master.count, req))
      letter = gs_outbox_add(effects->outbox, slot, node->siblings[slot].endpoint);
    if (G_LIKELY(letter)) {
      write_letter(node, letter, slot, GS_RESPONSE, master, req, cause_and_hops, nets);
      effects->responses++;
      effects->nets_bytes += nets ? nets->text_bytes - 2 : 0;
      return;
    }
    response = gs_node_send_to_slot(node, effects, slot, GS_RESPONSE, GS_UPDATE_NET, master,
                                    cause_and_hops);
  }
  response->req = req;
  response->nets = nets;
}

/** The same to an Ask that came as a letter, however it has to be. */
static G_GNUC_NO_INLINE void respond_to_letter(const GsNode *node, GsEffects *effects,
                                               GsEndpoint from, const GsLetter *ask, uint32_t slot,
                                               GsNets *nets) {
  GsMasterId master = {ask->space, ask->count};
  respond(node, effects, from, slot, master, ask->req, gs_cause_and_hops_after(ask->cause_and_hops),
          nets);
}

/** To an Ask, by a letter where that can be. */
G_ALWAYS_INLINE static inline void answer(const GsNode *node, GsEffects *effects,
                                          const NetMail *ask, uint32_t slot, GsNets *nets) {
  if (!ask->letter) {
    respond(node, effects, ask->from, slot, ask->master, ask->req, after(ask), nets);
    return;
  }
  GsLetter *letter = NULL;
  if (slot < node->sibling_count && may_write(effects, slot + 1, 0, 0))
    letter = gs_outbox_add(effects->outbox, slot, ask->from);
  if (G_UNLIKELY(!letter)) {
    respond_to_letter(node, effects, ask->from, ask->letter, slot, nets);
    return;
  }
  memcpy(letter, ask->letter, offsetof(GsLetter, cause_and_hops));
  letter->nets = nets;
  letter->cause_and_hops = after(ask);
  letter->slot_and_kind =
      gs_message_slot_and_kind(node->siblings[slot].slot_there, GS_RESPONSE, GS_UPDATE_NET);
  effects->responses++;
  effects->nets_bytes += nets ? nets->text_bytes - 2 : 0;
}

static inline GsNets *own_nets(const GsNode *node, GsEffects *effects) {
  GsNets *nets = gs_pool_take_nets(effects->pool);
  gs_nets_init_sized(nets, node->id, gs_node_net(node), node->piece_bytes);
  nets->may_repeat = node->may_answer_twice ? GS_NETS_TWICE : 0;
  return nets;
}

/** An Ask of a wave that is new here. */
static G_GNUC_NO_INLINE void join(GsNode *node, GsEffects *effects, GsMasterId master, uint64_t req,
                                  GsEndpoint from, uint32_t slot, uint32_t cause_and_hops) {
  limit_open_waves(node, effects, cause_and_hops);
  GsWaveStart start = {.master = master,
                       .kind = GS_WAVE_RELAY,
                       .slots = node->sibling_count,
                       .mark = req,
                       .parent_slot = slot,
                       .parent = from};
  GsWave *wave = gs_wave_table_insert(&node->waves, effects->pool, &start);
  gs_wave_await(wave, node->waves.form, node->sibling_count, slot);
  node->relays_out++;
  pass_on(node, effects, master, req, slot, cause_and_hops);
  if (G_LIKELY(!node->recovers))
    return;
  gs_node_wave_opened(node, wave, effects->now_ns);
  if (gs_wave_is_answered(wave, node->waves.form))
    finish_relay(node, wave, effects, cause_and_hops);
}

/**
 * The very Ask that made this node take part, once more (HTTP clients try
 * again). Its one Response carries the nets: an empty one must not come first.
 */
static inline bool is_sent_again(const GsNode *node, const GsWave *wave, const NetMail *ask) {
  return (wave->kind == GS_WAVE_RELAY || wave->kind == GS_WAVE_CLOSED) &&
         gs_wave_has_mark(wave, node->waves.form, ask->req) && parent_of(node, wave) == ask->from;
}

/** An Ask of a wave that is known here. */
G_ALWAYS_INLINE static inline void on_duplicate_ask(GsNode *node, GsWave *wave, uint32_t slot,
                                                    GsEffects *effects) {
  if (slot == GS_SLOT_UNKNOWN || (wave->kind != GS_WAVE_RELAY && wave->kind != GS_WAVE_CLOSED))
    return;
  bool was = gs_wave_take_awaited(wave, node->waves.form, slot);
  if (wave->kind == GS_WAVE_CLOSED && was && gs_wave_is_over(wave, node->waves.form) &&
      !gs_node_remembers_waves(node)) {
    node->closed_waves--;
    forget_wave(node, effects->pool, wave);
  }
}

/** What it thinks of the asker; true: the Ask is answered, since nets would not arrive. */
static G_GNUC_NO_INLINE bool heed_asker(GsNode *node, const NetMail *ask, uint32_t slot,
                                        GsEffects *effects, GsWave **wave) {
  if (gs_node_heed(node, slot, false, effects))
    *wave = gs_wave_table_find(&node->waves, ask->master);
  if (*wave || !gs_node_thinks_deaf(node, slot))
    return false;
  answer(node, effects, ask, slot, NULL);
  return true;
}

/** What it answered that Ask before, where it has kept that. */
static G_GNUC_NO_INLINE bool answer_as_before(const GsNode *node, const NetMail *ask, GsWave *wave,
                                              uint32_t slot, GsEffects *effects) {
  GsNets *nets = gs_node_kept_answer(wave, effects->pool);
  if (!nets)
    return false;
  wave->age = MIN(wave->age, GS_WAVE_AGE_LATE) & GS_WAVE_AGE_MAX; /* it may be asked for again */
  answer(node, effects, ask, slot, nets);
  return true;
}

G_ALWAYS_INLINE static inline void take_ask(GsNode *node, const NetMail *ask, GsWave *wave,
                                            GsEffects *effects) {
  uint32_t slot = gs_node_sender_slot(node, ask->from, ask->slot);
  if (G_UNLIKELY(node->judges) && heed_asker(node, ask, slot, effects, &wave))
    return;
  if (wave && is_sent_again(node, wave, ask)) {
    if (node->recovers && answer_as_before(node, ask, wave, slot, effects))
      return;
    if (!node->recovers || !gs_node_answers_again(node, wave, effects->now_ns)) {
      drop(effects, ask, GS_DROP_REPEATED_ASK);
      return;
    }
    gs_node_end_wave(node, wave, effects);
    wave = NULL;
  }
  if (wave || ask->master.space == node->id_space) {
    if (wave)
      on_duplicate_ask(node, wave, slot, effects);
    answer(node, effects, ask, slot, NULL);
    return;
  }
  if (slot == GS_SLOT_UNKNOWN) {
    node->may_answer_twice = true;
    if (node->recovers)
      gs_node_greet(node, effects, ask->from);
  }
  if (node->sibling_count == (slot != GS_SLOT_UNKNOWN)) {
    answer(node, effects, ask, slot, own_nets(node, effects));
    return;
  }
  join(node, effects, ask->master, ask->req, ask->from, slot, after(ask));
}

bool gs_node_on_net_ask(GsNode *node, const GsMessage *message, GsEffects *effects) {
  if (message->from == GS_ENDPOINT_NONE) {
    gs_node_drop(effects, message, GS_DROP_UNKNOWN_ASKER);
    return true;
  }
  NetMail ask = of_message(message);
  take_ask(node, &ask, gs_wave_table_find(&node->waves, ask.master), effects);
  return true;
}

/** Remembers no more answered waves than there is reason for. */
static inline void limit_answered(GsNode *node, GsEffects *effects) {
  uint32_t most = MAX(GS_CLOSED_WAVES_MAX, node->relays_out);
  if (G_UNLIKELY(gs_node_remembers_waves(node)))
    most = MAX(most, GS_REMEMBERED_WAVES_MAX);
  if (G_UNLIKELY(node->closed_waves > most))
    gs_node_forget_answered(node, most / 2, effects);
}

/** Whether it has been out for so long that somebody was asked again; never without recovery. */
static inline bool is_late(const GsWave *wave) {
  return wave->age >= GS_WAVE_AGE_LATE;
}

static void finish_relay(GsNode *node, GsWave *wave, GsEffects *effects, uint32_t cause_and_hops) {
  GsNets *nets = own_nets(node, effects);
  if (is_late(wave))
    nets->may_repeat |= GS_NETS_LATE;
  gs_nets_add_collected(nets, wave->nets);
  wave->nets = NULL;
  if (G_UNLIKELY(gs_node_remembers_waves(node)))
    gs_node_keep_answer(node, wave, nets, effects->pool);
  GsWaveForm form = node->waves.form;
  respond(node, effects, parent_of(node, wave), gs_wave_parent_slot(wave, form),
          gs_wave_master(wave, form), gs_wave_mark(wave, form), cause_and_hops, nets);
  node->relays_out--;
  if (!gs_wave_close(wave, form) && !gs_node_remembers_waves(node)) {
    forget_wave(node, effects->pool, wave);
    return;
  }
  node->closed_waves++;
  limit_answered(node, effects);
}

static void finish_own(GsNode *node, GsWave *wave, GsEffects *effects, uint32_t cause_and_hops) {
  uint32_t cause = cause_and_hops & GS_CAUSE_MAX;
  GsMasterId master = gs_wave_master(wave, node->waves.form);
  GsNets *nets = wave->nets;
  bool was_late = is_late(wave) || (nets && nets->may_repeat & GS_NETS_LATE);
  forget_wave(node, effects->pool, wave);
  node->own_waves_out--;
  guint before = effects->counted ? effects->counted->len : 0;
  int64_t sum = gs_node_collected_sum(node, nets, effects);
  guint counted = effects->counted ? effects->counted->len - before : 0;
  gs_pool_give_collected(effects->pool, nets);
  gs_effects_add_note(effects, GS_NOTE_WAVE_DONE, cause, sum, counted, master);
  bool is_news = sum != node->gridnet;
  if (master.count == node->latest_wave || node->protocol == GS_PROTOCOL_ORIGINAL)
    set_gridnet(node, effects, cause, sum, master);
  else
    gs_effects_add_note(effects, GS_NOTE_SUPERSEDED, cause, sum, 0, master);
  gs_node_retire_floods_before(node, master.count, effects);
  if (G_UNLIKELY(node->recovery))
    gs_node_recovery_wave_done(node, &(GsWaveDone){master.count, is_news, was_late}, effects,
                               cause_and_hops);
  if (node->wave_due && !node->own_waves_out) {
    node->wave_due = false;
    gs_node_start_wave(node, effects, (cause_and_hops & ~GS_CAUSE_MAX) | node->due_wave_cause);
  }
}

void gs_node_finish_wave(GsNode *node, GsWave *wave, GsEffects *effects, uint32_t cause_and_hops) {
  if (wave->kind == GS_WAVE_OWN)
    finish_own(node, wave, effects, cause_and_hops);
  else
    finish_relay(node, wave, effects, cause_and_hops);
}

G_ALWAYS_INLINE static inline void take_response(GsNode *node, const NetMail *response,
                                                 GsWave *wave, GsEffects *effects) {
  uint32_t slot = gs_node_sender_slot(node, response->from, response->slot);
  if (gs_node_heed(node, slot, true, effects))
    wave = gs_wave_table_find(&node->waves, response->master);
  if (!wave || (wave->kind != GS_WAVE_OWN && wave->kind != GS_WAVE_RELAY) ||
      slot == GS_SLOT_UNKNOWN || !gs_wave_take_pending(wave, node->waves.form, slot)) {
    gs_pool_give_nets(effects->pool, response->nets);
    drop(effects, response, GS_DROP_LATE_RESPONSE);
    return;
  }
  if (G_UNLIKELY(node->times) && (wave->kind == GS_WAVE_OWN || node->remembers))
    gs_node_first_answer(node, response->master,
                         is_late(wave) ||
                             (response->nets && response->nets->may_repeat & GS_NETS_LATE),
                         effects->now_ns);
  if (response->nets) {
    if (wave->kind == GS_WAVE_RELAY) /* a child of ours in the wave's tree asks nothing back */
      gs_wave_take_awaited(wave, node->waves.form, slot);
    gs_nets_collect(&wave->nets, response->nets);
  }
  if (!gs_wave_is_answered(wave, node->waves.form))
    return;
  if (wave->kind == GS_WAVE_OWN)
    finish_own(node, wave, effects, after(response));
  else
    finish_relay(node, wave, effects, after(response));
}

bool gs_node_on_net_response(GsNode *node, GsMessage *message, GsEffects *effects) {
  NetMail response = of_message(message);
  response.nets = g_steal_pointer(&message->nets);
  take_response(node, &response, gs_wave_table_find(&node->waves, response.master), effects);
  return true;
}

G_ALWAYS_INLINE static inline void take_letter(GsNode *node, GsEndpoint from,
                                               const GsLetter *letter, GsWave *wave,
                                               GsEffects *effects) {
  NetMail mail = {.master = {letter->space, letter->count},
                  .req = letter->req,
                  .nets = letter->nets,
                  .from = from,
                  .slot = letter->slot_and_kind & GS_SLOT_UNKNOWN,
                  .cause_and_hops = letter->cause_and_hops,
                  .letter = letter};
  if ((letter->slot_and_kind >> GS_ENV_SHIFT & 3) == GS_ASK)
    take_ask(node, &mail, wave, effects);
  else
    take_response(node, &mail, wave, effects);
}

void gs_node_take_letter(GsNode *node, GsEndpoint from, const GsLetter *letter, uint32_t wave_guess,
                         GsEffects *effects) {
  GsMasterId master = {letter->space, letter->count};
  GsWave *wave = gs_wave_table_find_at(&node->waves, wave_guess, master);
  take_letter(node, from, letter, wave, effects);
}

const GsLetter *gs_node_take_letters(GsNode *node, GsEndpoint from, const GsLetter *letters,
                                     const GsLetter *end, GsEffects *effects) {
  do {
    GsMasterId master = {letters->space, letters->count};
    take_letter(node, from, letters, gs_wave_table_find(&node->waves, master), effects);
    letters++;
  } while (letters < end && !(effects->message_count | effects->note_count));
  return letters;
}

void gs_node_ask_again(GsNode *node, GsEffects *effects, uint32_t slot, const GsWave *wave) {
  GsWaveForm form = node->waves.form;
  uint64_t mark = wave->kind == GS_WAVE_OWN ? 0 : gs_wave_mark(wave, form);
  ask(node, effects, slot, gs_wave_master(wave, form), mark, GS_CAUSE_RECOVERY);
}

void gs_node_end_wave(GsNode *node, GsWave *wave, GsEffects *effects) {
  if (wave->kind == GS_WAVE_OWN) {
    drop_own(node, wave, effects);
    return;
  }
  if (wave->kind == GS_WAVE_CLOSED) {
    gs_node_forget_answer(node, wave, effects->pool);
    return;
  }
  gs_pool_give_collected(effects->pool, wave->nets);
  node->relays_out--;
  forget_wave(node, effects->pool, wave);
}

void gs_node_give_up_relay(GsNode *node, GsWave *wave, GsEffects *effects) {
  gs_pool_give_collected(effects->pool, wave->nets);
  wave->nets = NULL;
  wave->age = 0;
  gs_wave_await_none(wave, node->waves.form);
  gs_wave_close(wave, node->waves.form);
  node->relays_out--;
  node->closed_waves++;
  limit_answered(node, effects);
}

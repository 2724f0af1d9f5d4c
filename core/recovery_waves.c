/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/recovery_parts.h"

/*
 * How long waves may take. There is no deadline for each wave: all open waves of a
 * node grow older together, at ticks that are as far apart as an answer may
 * take. A wave that is late is asked for again, each time that it grows older;
 * that takes twice as long each time.
 */

/** Until anybody answered anything: the original program takes so long. */
#define LIMIT_FIRST_NS INT64_C(20000000000)
/** The same where messages may be lost, at first; twice as long after each tick (as RFC 6298). */
#define LIMIT_FIRST_LOSSY_NS INT64_C(1000000000)
#define LOOK_FIRST_NS INT64_C(5000000000)
/** The clock of a busy machine is no reason to ask again. */
#define LIMIT_LEAST_NS INT64_C(500000000)
#define LOOK_LEAST_NS INT64_C(250000000)
/** So many hops away may the farthest node be, as long as no wave was back. */
#define HOPS_GUESSED 32
/** So many first answers is the limit where messages may be lost. */
#define LIMIT_ANSWERS_LOSSY 4
/** So often is a word waited for as a first answer took. */
#define LOOK_ANSWERS 4
/** At a pace a message waits at whom it is for, and the answer at whom it was asked: siblings have
 * as much to do. So often is a word waited for as messages wait, and an answer of a wave. */
#define LOOK_QUEUES 2
#define LIMIT_QUEUES 8
/** As many first answers, at most, does the time of a wave count in which something was late. */
#define LATE_ANSWERS 8
/** Own waves that end by their limit, before only the next look starts one. */
#define LIMITS_IN_A_ROW 3u
/** So long does a wave stay at the age before the last where messages may be lost … */
#define PATIENCE_LEAST_NS INT64_C(32000000000)
/** … but not for more ticks. */
#define LAST_AGE_TICKS 256u
/** An answered wave of which no Ask is to come is forgotten then. */
#define AGE_REMEMBERED 4u

/** Where messages may be lost, all that lies between a node and the loss waits for the same answer:
 * were limits what whole waves take, some would give up before others ask again. */
static int64_t lossy_limit_ns(const GsRecovery *recovery) {
  if (recovery->first_ns)
    return MAX(LIMIT_LEAST_NS, LIMIT_ANSWERS_LOSSY * recovery->first_ns);
  return MIN(LIMIT_FIRST_NS, LIMIT_FIRST_LOSSY_NS << MIN(recovery->ticks, 8));
}

/** From the round trips seen. */
static int64_t learned_limit_ns(const GsRecovery *recovery) {
  if (recovery->may_lose)
    return lossy_limit_ns(recovery);
  if (recovery->smooth_ns)
    return MAX(LIMIT_LEAST_NS, 2 * recovery->smooth_ns + 4 * recovery->deviation_ns);
  return recovery->first_ns ? MAX(LIMIT_LEAST_NS, HOPS_GUESSED * recovery->first_ns)
                            : LIMIT_FIRST_NS;
}

int64_t gs_recovery_limit_ns(const GsRecovery *recovery) {
  if (recovery->rules->limit_ns)
    return recovery->rules->limit_ns;
  return MAX(learned_limit_ns(recovery), LIMIT_QUEUES * recovery->queue_ns);
}

int64_t gs_recovery_look_ns(const GsRecovery *recovery) {
  if (recovery->rules->limit_ns)
    return recovery->rules->limit_ns;
  int64_t queue = LOOK_QUEUES * recovery->queue_ns;
  if (!recovery->first_ns)
    return MAX(LOOK_FIRST_NS, queue);
  int64_t look = MAX(LOOK_LEAST_NS, LOOK_ANSWERS * recovery->first_ns);
  return MIN(gs_recovery_limit_ns(recovery), MAX(look, queue));
}

/**
 * Ages above the first two take twice as many ticks each. Where messages may be lost the last one
 * takes longer: nodes whose ticks are short would give waves up before others ask again.
 */
static uint32_t ticks_of_age(const GsRecovery *recovery, uint32_t age) {
  uint32_t ticks = age < GS_WAVE_AGE_LATE ? 1 : 1u << (age - GS_WAVE_AGE_LATE);
  int64_t limit = gs_recovery_limit_ns(recovery);
  if (!recovery->may_lose || age != GS_WAVE_AGE_MAX - 1 || limit * ticks >= PATIENCE_LEAST_NS)
    return ticks;
  return MIN(LAST_AGE_TICKS, (uint32_t)(PATIENCE_LEAST_NS / limit));
}

static bool grows_older(const GsRecovery *recovery, uint32_t age) {
  return age < GS_WAVE_AGE_MAX && recovery->ticks % ticks_of_age(recovery, age) == 0;
}

/** True when it did. */
static bool grow_older(const GsRecovery *recovery, GsWave *wave) {
  if (!gs_wave_asks(wave) || !grows_older(recovery, wave->age))
    return false;
  wave->age = (wave->age + 1u) & GS_WAVE_AGE_MAX;
  return true;
}

/** While no wave is open nobody is woken: answered waves grow older when somebody asks. */
static void catch_up(const GsNode *node, int64_t now_ns) {
  GsRecovery *recovery = node->recovery;
  if (recovery->tick_ns > now_ns)
    return;
  int64_t limit = gs_recovery_limit_ns(recovery), missed = (now_ns - recovery->tick_ns) / limit + 1;
  recovery->tick_ns += missed * limit;
  if (!node->closed_waves)
    return;
  for (missed = MIN(missed, 4 * GS_WAVE_AGE_MAX); missed > 0; missed--) {
    recovery->ticks++;
    for (uint32_t place = 0; place < node->waves.used; place++)
      grow_older(recovery, gs_wave_table_at(&node->waves, place));
  }
}

/** Whether first answers to waves that are passed on say more than is known. */
static bool times_relays(const GsNode *node) {
  return node->recovery->may_lose && !node->recovery->smooth_ns;
}

static void time_answers_if_needed(GsNode *node) {
  const GsRecovery *recovery = node->recovery;
  node->times = recovery->is_unanswered || (recovery->unanswered_count && times_relays(node));
}

/**
 * Own waves wait for all that lies below a sibling. Where messages may be lost that takes until
 * somebody asks again, and nobody knows yet when to. In a wave that is passed on
 * somebody answers at once, as a rule.
 */
static void time_relay(GsNode *node, const GsWave *wave, int64_t now_ns) {
  GsRecovery *recovery = node->recovery;
  uint32_t count = recovery->unanswered_count;
  if (count == GS_UNANSWERED && now_ns - recovery->unanswered[0].since_ns > LOOK_FIRST_NS)
    count = 0; /* what was lost is not waited for */
  if (wave->kind != GS_WAVE_RELAY || count == GS_UNANSWERED)
    return;
  recovery->unanswered[count] = (GsUnanswered){gs_wave_master(wave, node->waves.form), now_ns};
  recovery->unanswered_count = count + 1;
  node->times = true;
}

void gs_node_wave_opened(GsNode *node, GsWave *wave, int64_t now_ns) {
  GsRecovery *recovery = node->recovery;
  if (G_UNLIKELY(times_relays(node)))
    time_relay(node, wave, now_ns);
  if (gs_node_open_waves(node) == 1 && recovery->tick_ns <= now_ns) {
    catch_up(node, now_ns);
    recovery->tick_ns = now_ns + gs_recovery_limit_ns(recovery);
    wave->age = 0;
  }
  if (G_UNLIKELY(recovery->suspected))
    gs_recovery_leave_out_suspected(node, wave);
}

bool gs_node_answers_again(GsNode *node, GsWave *wave, int64_t now_ns) {
  if (wave->kind != GS_WAVE_CLOSED)
    return false;
  if (!gs_node_open_waves(node))
    catch_up(node, now_ns);
  if (wave->age < GS_WAVE_AGE_LATE || gs_wave_is_given_up(wave, node->waves.form))
    return false;
  node->may_answer_twice = true;
  return true;
}

static bool is_outdated(const GsNode *node, const GsWave *wave) {
  return wave->kind == GS_WAVE_OWN && node->protocol == GS_PROTOCOL_ECHO &&
         gs_wave_master(wave, node->waves.form).count != node->latest_wave;
}

/** Whether there is no reason to wait for it any longer, or to remember it. */
static bool has_ended(const GsNode *node, const GsWave *wave) {
  if (!gs_wave_asks(wave))
    return false;
  if (wave->kind == GS_WAVE_CLOSED && !wave->kept && gs_wave_is_over(wave, node->waves.form) &&
      !gs_wave_is_given_up(wave, node->waves.form))
    return wave->age >= AGE_REMEMBERED;
  return wave->age == GS_WAVE_AGE_MAX || (wave->age >= GS_WAVE_AGE_LATE && is_outdated(node, wave));
}

static void ask_late(GsNode *node, const GsWave *wave, GsEffects *effects) {
  for (uint32_t slot = 0; slot < node->sibling_count; slot++) {
    if (!gs_wave_is_pending(wave, node->waves.form, slot))
      continue;
    gs_recovery_watch(node, slot, effects);
    if (!gs_recovery_is_heard(node->recovery, slot))
      continue;
    node->may_answer_twice = true;
    gs_node_ask_again(node, effects, slot, wave);
  }
}

static void time_no_more(GsNode *node) {
  node->recovery->timed_wave = 0;
  node->recovery->is_unanswered = false;
  time_answers_if_needed(node);
}

/** Ends one wave; true when a further own wave should be started. */
static bool end(GsNode *node, GsWave *wave, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  GsMasterId master = gs_wave_master(wave, node->waves.form);
  bool is_latest = wave->kind == GS_WAVE_OWN && master.count == node->latest_wave;
  node->may_answer_twice |= wave->kind == GS_WAVE_CLOSED; /* who asks in it now starts it anew */
  if (wave->kind == GS_WAVE_RELAY) {
    gs_effects_add_note(effects, GS_NOTE_DROPPED, GS_CAUSE_RECOVERY, GS_DROP_GIVEN_UP, 0, master);
    gs_node_give_up_relay(node, wave, effects);
    return false;
  }
  if (wave->kind == GS_WAVE_OWN) {
    gs_effects_add_note(effects, GS_NOTE_WAVE_LIMIT, GS_CAUSE_RECOVERY, 0, 0, master);
    if (recovery->timed_wave == master.count) {
      recovery->took_ns = effects->now_ns - recovery->timed_ns;
      time_no_more(node);
    }
  }
  gs_node_end_wave(node, wave, effects);
  return is_latest && recovery->limits_in_a_row++ < LIMITS_IN_A_ROW;
}

static bool end_all_that_have_ended(GsNode *node, GsEffects *effects) {
  bool start = false;
  for (uint32_t place = 0; place < node->waves.used; place++) {
    GsWave *wave = gs_wave_table_at(&node->waves, place);
    const char *before = node->waves.waves;
    if (!has_ended(node, wave))
      continue;
    start |= end(node, wave, effects);
    if (node->waves.waves != before)
      place = UINT32_MAX; /* all that are left have moved */
  }
  return start;
}

static bool waits(const GsWave *wave) {
  return wave->kind == GS_WAVE_OWN || wave->kind == GS_WAVE_RELAY;
}

void gs_recovery_tick(GsNode *node, GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  bool some_ended = false;
  recovery->ticks++;
  for (uint32_t place = 0; place < node->waves.used; place++) {
    GsWave *wave = gs_wave_table_at(&node->waves, place);
    bool is_due = grow_older(recovery, wave) || recovery->may_lose;
    if (has_ended(node, wave))
      some_ended = true;
    else if (is_due && wave->age >= GS_WAVE_AGE_LATE && waits(wave))
      ask_late(node, wave, effects);
  }
  recovery->tick_ns = effects->now_ns + gs_recovery_limit_ns(recovery);
  bool start = some_ended && end_all_that_have_ended(node, effects);
  if (start || (node->wave_due && !node->own_waves_out)) {
    node->wave_due = false;
    gs_node_start_wave(node, effects, GS_CAUSE_RECOVERY);
  }
}

void gs_node_recovery_wave_started(GsNode *node, const GsEffects *effects) {
  GsRecovery *recovery = node->recovery;
  recovery->started_ns = effects->now_ns;
  bool is_lost = recovery->timed_wave &&
                 (effects->now_ns - recovery->timed_ns) / 64 > gs_recovery_limit_ns(recovery);
  if (!node->sibling_count || (recovery->timed_wave && !is_lost))
    return;
  recovery->timed_wave = node->latest_wave;
  recovery->timed_ns = effects->now_ns;
  recovery->is_unanswered = node->times = true;
}

/** A tick that was planned while less was known may be far away. */
static void plan_tick_anew(GsRecovery *recovery, int64_t now_ns) {
  recovery->tick_ns = MIN(recovery->tick_ns, now_ns + gs_recovery_limit_ns(recovery));
}

void gs_recovery_take_probe(GsRecovery *recovery, int64_t now_ns) {
  int64_t took = MAX(1, now_ns - recovery->probe_ns);
  recovery->probe_req = 0;
  if (recovery->is_paced)
    gs_recovery_take_queue(recovery, took / 2, recovery->queue_ns);
  if (!recovery->may_lose)
    return;
  recovery->first_ns =
      recovery->first_ns ? recovery->first_ns + (took - recovery->first_ns) / 8 : took;
  plan_tick_anew(recovery, now_ns);
}

/** The quickest counts: others waited for somebody. */
static void take_quickest(GsRecovery *recovery, int64_t took_ns, int64_t now_ns) {
  int64_t took = MAX(1, took_ns);
  recovery->first_ns = recovery->first_ns ? MIN(recovery->first_ns, took) : took;
  plan_tick_anew(recovery, now_ns);
}

static void take_relay_answer(GsRecovery *recovery, GsMasterId wave, int64_t now_ns) {
  for (uint32_t i = 0; i < recovery->unanswered_count; i++) {
    GsUnanswered *unanswered = &recovery->unanswered[i];
    if (!gs_master_id_equal(unanswered->wave, wave))
      continue;
    int64_t took = now_ns - unanswered->since_ns;
    *unanswered = recovery->unanswered[--recovery->unanswered_count];
    take_quickest(recovery, took, now_ns);
    return;
  }
}

static void take_first_answer(GsRecovery *recovery, int64_t now_ns) {
  int64_t took = MAX(1, now_ns - recovery->timed_ns);
  if (recovery->may_lose) {
    take_quickest(recovery, took, now_ns);
    return;
  }
  recovery->first_ns =
      recovery->first_ns ? recovery->first_ns + (took - recovery->first_ns) / 8 : took;
  plan_tick_anew(recovery, now_ns);
}

void gs_node_first_answer(GsNode *node, GsMasterId wave, bool is_late, int64_t now_ns) {
  GsRecovery *recovery = node->recovery;
  bool is_own = wave.space == node->id_space && wave.count == recovery->timed_wave;
  if (is_own && recovery->is_unanswered) {
    recovery->is_unanswered = false;
    if (!is_late)
      take_first_answer(recovery, now_ns);
  } else if (!is_late && times_relays(node)) {
    take_relay_answer(recovery, wave, now_ns);
  }
  time_answers_if_needed(node);
}

/**
 * As TCP does it (RFC 6298). A wave of which something was asked for again says more
 * about limits than about the grid: were its time taken as it is, limits would
 * grow by their own effect.
 */
static void take_time(GsRecovery *recovery, int64_t took, bool was_late) {
  if (was_late && !recovery->first_ns)
    return;
  if (was_late)
    took = MIN(took, LATE_ANSWERS * recovery->first_ns);
  took = MAX(1, took);
  if (!recovery->smooth_ns) {
    recovery->smooth_ns = took;
    recovery->deviation_ns = took / 2;
    return;
  }
  int64_t off = took - recovery->smooth_ns;
  recovery->deviation_ns += (ABS(off) - recovery->deviation_ns) / 4;
  recovery->smooth_ns += off / 8;
}

void gs_node_recovery_wave_done(GsNode *node, const GsWaveDone *done, GsEffects *effects,
                                uint32_t cause_and_hops) {
  GsRecovery *recovery = node->recovery;
  recovery->limits_in_a_row = 0;
  if (done->wave == recovery->timed_wave) {
    recovery->took_ns = effects->now_ns - recovery->timed_ns;
    take_time(recovery, recovery->took_ns, done->was_late);
    plan_tick_anew(recovery, effects->now_ns);
    time_no_more(node);
  }
  if (recovery->resync_wave != done->wave)
    return;
  recovery->resync_wave = 0;
  /* Who has started another wave since was told meanwhile: whoever has the news tells it. */
  if (done->is_news && done->wave == node->latest_wave)
    gs_node_start_flood(node, effects, cause_and_hops);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network/fate.h"

/** A message that is on its way, try by try. */
typedef struct {
  const GsNetwork *network;
  const GsLink *link;
  const GsLinkOdds *odds;
  const GsPinnedMessage *pinned; /**< NULL: the scenario does not name it */
  uint32_t from;
  int64_t jitter_ns; /**< of its first try */
  uint64_t number;   /**< of those of this link, from 0 */
} Sending;

static GsDraw draw_of(const Sending *sending, GsPurpose purpose, uint32_t try_number) {
  uint64_t who = (uint64_t)sending->from << 32 | sending->link->to;
  return (GsDraw){sending->network->scenario->seed, purpose, who,
                  sending->number * GS_TRIES_MAX + try_number};
}

/** What is impossible or certain is not drawn. */
static bool happens(const Sending *sending, double probability, GsPurpose purpose,
                    uint32_t try_number) {
  if (probability <= 0)
    return false;
  return probability >= 1 || gs_random_unit(draw_of(sending, purpose, try_number)) < probability;
}

static int64_t drawn_jitter_ns(const Sending *sending, GsPurpose purpose, uint32_t try_number) {
  if (!sending->link->has_jitter)
    return 0;
  return gs_distribution_draw(sending->link->jitter, draw_of(sending, purpose, try_number), 0,
                              GS_TIME_MAX_NS);
}

/** What goes wrong at a moment with what is sent then. */
typedef struct {
  bool is_cut, is_down; /**< the link; its sender, who then tries no more */
  double loss;
  int64_t latency_ns;
  double slow_by;
} Holding;

static Holding holding_at(const Sending *sending, int64_t at_ns) {
  const GsFaultPlan *faults = sending->network->faults;
  Holding holding = {
      .loss = sending->odds->loss, .latency_ns = sending->link->latency_ns, .slow_by = 1};
  if (!faults)
    return holding;
  GsLinkFault link = gs_fault_plan_link(faults, sending->from, sending->link->to, at_ns);
  GsNodeFault sender = gs_fault_plan_node(faults, sending->from, at_ns);
  holding.is_cut = link.is_cut;
  holding.is_down = sender.is_down;
  holding.slow_by = sender.slow_by;
  if (link.loss >= 0)
    holding.loss = link.loss;
  if (link.latency_ns >= 0)
    holding.latency_ns = link.latency_ns;
  return holding;
}

static int64_t times(int64_t ns, double by) {
  return by > 1 ? (int64_t)MIN((double)ns * by, (double)GS_TIME_MAX_NS) : ns;
}

/** A message that keeps its order arrives no earlier than those before it. */
static int64_t in_order(const Sending *sending, int64_t due) {
  return sending->network->scenario->fifo ? MAX(due, sending->link->last_due_ns) : due;
}

/**
 * When a message that arrives at `due` is handled: a node that is paused does it when it resumes.
 * False: what goes wrong meanwhile loses it.
 */
static bool is_handled(const Sending *sending, int64_t *due, GsLossReason *reason) {
  const GsFaultPlan *faults = sending->network->faults;
  uint32_t to = sending->link->to;
  if (!faults)
    return true;
  *reason = GS_LOST_BY_CUT;
  if (gs_fault_plan_link(faults, sending->from, to, *due).is_cut)
    return false;
  *reason = GS_LOST_BY_DOWN;
  for (;;) {
    GsNodeFault receiver = gs_fault_plan_node(faults, to, *due);
    if (receiver.is_down || receiver.resumes_ns == GS_TIME_NEVER)
      return false;
    if (!receiver.resumes_ns)
      return true;
    *due = MIN(receiver.until_ns, receiver.resumes_ns);
  }
}

/** When a try that is made then arrives. */
static int64_t due_ns(const Sending *sending, const Holding *holding, uint32_t try_number,
                      int64_t at_ns) {
  if (sending->pinned && try_number == 0)
    return at_ns + sending->pinned->latency_ns;
  int64_t jitter = try_number == 0 ? sending->jitter_ns
                                   : drawn_jitter_ns(sending, GS_PURPOSE_RETRY_JITTER, try_number);
  return at_ns + times(holding->latency_ns + jitter, holding->slow_by);
}

/** Whether a try does not arrive, and why; otherwise when. */
static bool is_try_lost(const Sending *sending, const Holding *holding, uint32_t try_number,
                        int64_t at_ns, int64_t *due, GsLossReason *reason) {
  *reason = GS_LOST_BY_CHANCE;
  if (sending->pinned ? sending->pinned->latency_ns < 0
                      : happens(sending, holding->loss, GS_PURPOSE_LOSS, try_number))
    return true;
  *reason = GS_LOST_BY_CUT;
  if (holding->is_cut)
    return true;
  *due = in_order(sending, due_ns(sending, holding, try_number, at_ns));
  return !is_handled(sending, due, reason);
}

/** When it is sure that a try which was made at `at_ns` was the last one, and in vain. */
static int64_t told_ns(const Sending *sending, int64_t at_ns, int64_t now_ns) {
  int64_t latency = MIN(sending->link->latency_ns, GS_TIME_MAX_NS / 2);
  int64_t told = at_ns + MAX(sending->network->scenario->retry_after_ns, 2 * latency);
  return MAX(told, now_ns + sending->network->lookahead_ns);
}

/** What was sent after it arrives no earlier. */
static void remember_due(const Sending *sending, GsLink *link, int64_t due) {
  if (sending->network->scenario->fifo)
    link->last_due_ns = MAX(due, link->last_due_ns);
}

static void arrive(const Sending *sending, const Holding *holding, GsLink *link,
                   uint32_t try_number, int64_t at_ns, GsFate *fate) {
  remember_due(sending, link, fate->due_ns);
  bool is_named = sending->pinned && sending->pinned->double_ns >= 0;
  if (!is_named && !happens(sending, sending->odds->duplicate, GS_PURPOSE_DUPLICATE, try_number))
    return;
  int64_t jitter = drawn_jitter_ns(sending, GS_PURPOSE_DOUBLE_JITTER, try_number);
  int64_t takes =
      is_named ? sending->pinned->double_ns : times(holding->latency_ns + jitter, holding->slow_by);
  int64_t due = in_order(sending, at_ns + takes);
  GsLossReason reason;
  if (!is_handled(sending, &due, &reason))
    return;
  fate->double_due_ns = due;
  remember_due(sending, link, due);
}

GsFate gs_link_fate(const GsNetwork *network, GsSenderLinks *set, uint32_t from, uint32_t to,
                    uint32_t guess, int64_t now_ns) {
  GsLink *link = gs_sender_links_find(set, to, guess);
  if (now_ns >= link->until_ns)
    gs_link_take_network(network, link, from, now_ns);
  GsLinkOdds *odds = gs_sender_links_odds(set, link);
  if (now_ns >= odds->until_ns)
    gs_link_take_odds(network, link, odds, from, now_ns);
  Sending sending = {.network = network,
                     .link = link,
                     .odds = odds,
                     .from = from,
                     .jitter_ns =
                         link->has_jitter ? gs_link_next_jitter_ns(network, link, from) : 0,
                     .number = odds->count++};
  sending.pinned = gs_link_next_pinned(odds, odds->count);
  GsFate fate = {.is_pinned = sending.pinned != NULL,
                 .due_ns = GS_TIME_NEVER,
                 .double_due_ns = GS_TIME_NEVER,
                 .told_ns = GS_TIME_NEVER};
  uint32_t tries = network->scenario->tries, made = 1;
  int64_t at_ns = now_ns;
  Holding holding = holding_at(&sending, at_ns);
  int64_t due = GS_TIME_NEVER;
  bool has_sender = true; /* who is down tries no more, and is told nothing */
  while ((fate.is_lost = is_try_lost(&sending, &holding, made - 1, at_ns, &due, &fate.lost_by)) &&
         has_sender && made < tries) {
    int64_t next_ns = MIN(at_ns + network->scenario->retry_after_ns, GS_TIME_MAX_NS);
    Holding next = holding_at(&sending, next_ns);
    has_sender = !next.is_down;
    if (!has_sender)
      break;
    at_ns = next_ns;
    holding = next;
    made++;
  }
  fate.retries = made - 1;
  if (!fate.is_lost) {
    fate.due_ns = due;
    arrive(&sending, &holding, link, made - 1, at_ns, &fate);
  } else if (tries > 1 && has_sender) {
    fate.told_ns = told_ns(&sending, at_ns, now_ns);
  }
  return fate;
}

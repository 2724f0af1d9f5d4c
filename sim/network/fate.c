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

/** When a try that is made then arrives. */
static int64_t due_ns(const Sending *sending, uint32_t try_number, int64_t at_ns) {
  if (sending->pinned && try_number == 0)
    return at_ns + sending->pinned->latency_ns;
  int64_t jitter = try_number == 0 ? sending->jitter_ns
                                   : drawn_jitter_ns(sending, GS_PURPOSE_RETRY_JITTER, try_number);
  return at_ns + sending->link->latency_ns + jitter;
}

/** Whether a try does not arrive, and why. */
static bool is_try_lost(const Sending *sending, uint32_t try_number, GsLossReason *reason) {
  *reason = GS_LOST_BY_CHANCE;
  if (sending->pinned)
    return sending->pinned->latency_ns < 0;
  return happens(sending, sending->odds->loss, GS_PURPOSE_LOSS, try_number);
}

static int64_t in_order(const GsNetwork *network, GsLink *link, int64_t due) {
  if (!network->scenario->fifo)
    return due;
  link->last_due_ns = MAX(due, link->last_due_ns);
  return link->last_due_ns;
}

/** When it is sure that a try which was made at `at_ns` was the last one, and in vain. */
static int64_t told_ns(const Sending *sending, int64_t at_ns, int64_t now_ns) {
  int64_t latency = MIN(sending->link->latency_ns, GS_TIME_MAX_NS / 2);
  int64_t told = at_ns + MAX(sending->network->scenario->retry_after_ns, 2 * latency);
  return MAX(told, now_ns + sending->network->lookahead_ns);
}

static void arrive(const Sending *sending, GsLink *link, uint32_t try_number, int64_t at_ns,
                   GsFate *fate) {
  const GsNetwork *network = sending->network;
  fate->due_ns = in_order(network, link, due_ns(sending, try_number, at_ns));
  if (!happens(sending, sending->odds->duplicate, GS_PURPOSE_DUPLICATE, try_number))
    return;
  int64_t jitter = drawn_jitter_ns(sending, GS_PURPOSE_DOUBLE_JITTER, try_number);
  fate->double_due_ns = in_order(network, link, at_ns + link->latency_ns + jitter);
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
  while ((fate.is_lost = is_try_lost(&sending, made - 1, &fate.lost_by)) && made < tries) {
    at_ns = MIN(at_ns + network->scenario->retry_after_ns, GS_TIME_MAX_NS);
    made++;
  }
  fate.retries = made - 1;
  if (!fate.is_lost)
    arrive(&sending, link, made - 1, at_ns, &fate);
  else if (tries > 1)
    fate.told_ns = told_ns(&sending, at_ns, now_ns);
  return fate;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/lane_fates.h"

#include "core/recovery.h"
#include "sim/network/fate.h"
#include "sim/run/lane_work.h"

static void count(GsLane *lane, const GsFate *fate, int64_t now_ns) {
  GsNetworkFaults *faults = &lane->faults;
  faults->retried += fate->retries;
  faults->pinned += fate->is_pinned;
  faults->lost[fate->lost_by] += fate->is_lost;
  faults->undelivered += fate->told_ns < GS_TIME_NEVER;
  faults->doubled += fate->double_due_ns < GS_TIME_NEVER;
  int64_t over_ns = fate->told_ns < GS_TIME_NEVER ? fate->told_ns : now_ns;
  if (fate->is_lost && fate->lost_by == GS_LOST_BY_CHANCE)
    faults->last_by_chance_ns = MAX(faults->last_by_chance_ns, over_ns);
}

static GsFate fate_of(GsLane *lane, uint32_t index, uint32_t to, uint32_t via, int64_t now_ns) {
  const GsSimulation *sim = lane->sim;
  GsSenderLinks *links = &lane->sim->actors[index].links;
  if (!links->made)
    gs_lane_make_links(&lane->sim->actors[index]);
  GsFate fate = gs_link_fate(&sim->network, links, index, to, via, now_ns);
  count(lane, &fate, now_ns);
  return fate;
}

GsNets *gs_lane_nets_of(const GsMessage *message) {
  bool has_nets = gs_message_kind(message) == GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET);
  return has_nets ? message->nets : NULL;
}

bool gs_lane_arrives(GsLane *lane, uint32_t index, uint32_t to, uint32_t via, GsNets *nets,
                     GsLossReason *lost_by) {
  GsFate fate = fate_of(lane, index, to, via, lane->sim->now_ns);
  if (!fate.is_lost)
    return true;
  gs_pool_give_nets(&lane->pool, nets);
  *lost_by = fate.lost_by;
  return false;
}

uint32_t gs_lane_keep_arriving(GsLane *lane, uint32_t index, uint32_t to, uint32_t via,
                               GsLetter *letters, uint32_t count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    GsMessage message = {0};
    GsLossReason lost_by;
    gs_letter_read(&letters[i], &message);
    if (gs_lane_arrives(lane, index, to, via, gs_lane_nets_of(&message), &lost_by))
      letters[kept++] = letters[i];
  }
  return kept;
}

/** `whole`: as it is, with its sender and its receiver. */
static void put(GsLane *lane, uint32_t index, uint32_t to, const GsMessage *message, uint32_t hops,
                int64_t due_ns, bool whole) {
  const GsSimulation *sim = lane->sim;
  g_assert(!sim->network.lookahead_ns || due_ns >= sim->window_end_ns);
  GsLetterList *list = gs_wheel_list(&lane->wheels[sim->lane_of[to]], &sim->wheel_time, due_ns);
  GsLetter *letter = gs_letter_list_add(list, &lane->pool, (GsPostmark){due_ns, to, index});
  if (!whole && gs_letter_fits(message))
    gs_letter_write(letter, message, hops);
  else
    gs_letter_write_whole(letter, message, hops, &list->wholes, &lane->pool);
}

static void put_double(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                       int64_t due_ns) {
  GsMessage copy = *message;
  GsNets *nets = gs_lane_nets_of(message);
  if (nets)
    copy.nets = gs_pool_copy_nets(&lane->pool, nets);
  put(lane, index, message->to, &copy, hops, due_ns, false);
}

/** A letter to itself that stands for the message without its nets, which nobody needs. */
static void put_report(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                       int64_t due_ns) {
  GsMessage copy = *message;
  if (gs_lane_nets_of(message))
    copy.nets = NULL;
  put(lane, index, index, &copy, hops, due_ns, true);
}

static void trace(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                  int64_t now_ns, const GsFate *fate) {
  if (fate->is_lost)
    gs_lane_trace_lost(lane, index, message, hops, now_ns, fate->lost_by, fate->retries + 1);
  else
    gs_lane_trace_tried(lane, GS_TRACE_SEND, index, message, hops, now_ns, fate->due_ns,
                        fate->retries + 1);
  if (fate->double_due_ns < GS_TIME_NEVER)
    gs_lane_trace_sent(lane, GS_TRACE_DOUBLE, index, message, hops, now_ns, fate->double_due_ns);
}

void gs_lane_send_fated(GsLane *lane, uint32_t index, const GsMessage *message, uint32_t hops,
                        int64_t now_ns) {
  GsFate fate = fate_of(lane, index, message->to, message->receiver_slot, now_ns);
  if (lane->trace)
    trace(lane, index, message, hops, now_ns, &fate);
  if (fate.double_due_ns < GS_TIME_NEVER) /* before the message has left with its nets */
    put_double(lane, index, message, hops, fate.double_due_ns);
  if (!fate.is_lost) {
    put(lane, index, message->to, message, hops, fate.due_ns, false);
    return;
  }
  if (fate.told_ns < GS_TIME_NEVER)
    put_report(lane, index, message, hops, fate.told_ns);
  gs_pool_give_nets(&lane->pool, gs_lane_nets_of(message));
}

uint32_t gs_lane_take_report(GsLane *lane, uint32_t index, const GsLetter *letter, int64_t now_ns) {
  GsActor *actor = &lane->sim->actors[index];
  GsMessage message = *letter->whole_message;
  uint64_t sender = gs_lane_digest_of_sender(now_ns, message.to);
  uint32_t kind = gs_message_kind(&message);
  actor->digest =
      gs_lane_mix(actor->digest, ~gs_lane_digest_of(sender, kind, message.master, 0, 0));
  lane->reports++;
  if (lane->trace)
    gs_lane_trace(lane, GS_TRACE_UNDELIVERED, index, now_ns, now_ns, &message, 0);
  gs_effects_reset(&lane->effects);
  lane->effects.now_ns = now_ns;
  gs_node_undelivered(&actor->node, &message, &lane->effects);
  if (lane->effects.note_count)
    gs_lane_take_notes(lane, actor, index, message.hops, now_ns);
  return message.hops;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/mail.h"

#include "sim/run/carrier.h"
#include "sim/run/wakes.h"

bool gs_mail_take_next(GsMail *mail) {
  uint32_t actor = gs_lane_next_active(mail->lane);
  if (actor == GS_NO_ACTOR)
    return false;
  gs_mail_take(mail, actor);
  return true;
}

void gs_mail_take(GsMail *mail, uint32_t actor) {
  mail->actor = actor;
  mail->lane->sim->carrier->take_mail(mail);
}

bool gs_mail_is_cut_off(const GsLane *lane, uint32_t from, uint32_t to, int64_t now_ns) {
  return from != to && gs_fault_plan_link(lane->sim->faults, from, to, now_ns).is_cut;
}

void gs_mail_discard_letter(GsLane *lane, const GsLetter *letter) {
  GsMessage message;
  gs_letter_read(letter, &message);
  if (message.type == GS_UPDATE_NET && message.env == GS_RESPONSE)
    gs_pool_give_nets(&lane->pool, message.nets);
}

/** Nobody is there to handle it. */
static void discard(const GsMail *mail) {
  GsLane *lane = mail->lane;
  if (lane->sim->carrier->by_wheel) {
    lane->delivered += mail->letter_count;
    for (uint32_t i = 0; i < mail->letter_count; i++)
      gs_mail_discard_letter(lane, &mail->letters[i].letter->letter);
    return;
  }
  for (const GsBundle *bundle = mail->bundles; bundle; bundle = bundle->next) {
    lane->delivered += bundle->count;
    for (uint32_t i = 0; i < bundle->count; i++)
      gs_mail_discard_letter(lane, &bundle->letters[i]);
  }
}

void gs_mail_handle(const GsMail *mail) {
  const GsSimulation *sim = mail->lane->sim;
  if (G_UNLIKELY(sim->faults) && sim->actors[mail->actor].is_down) {
    discard(mail);
    return;
  }
  sim->carrier->handle_mail(mail);
  if (G_UNLIKELY(sim->wakes))
    gs_wakes_plan(mail->lane, mail->actor);
}

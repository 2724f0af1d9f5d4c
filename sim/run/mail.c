/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/mail.h"

#include "sim/run/carrier.h"
#include "sim/run/lane_fates.h"
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

/** Nobody is there to be told what was not delivered; all else was lost as it was sent. */
static void discard(const GsMail *mail) {
  if (!mail->lane->sim->carrier->by_wheel) {
    g_assert(!mail->bundles);
    return;
  }
  for (uint32_t i = 0; i < mail->letter_count; i++)
    g_assert(gs_letter_is_report(mail->letters[i].letter));
  mail->lane->reports += mail->letter_count;
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

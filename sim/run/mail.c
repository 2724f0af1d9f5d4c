/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/mail.h"

#include <string.h>

#include "sim/run/carrier.h"
#include "sim/run/lane_fates.h"
#include "sim/run/wakes.h"

/** How many mails ahead of the one that is handled; the last step is one mail ahead. */
#define FOUND_AHEAD (FETCHED_AHEAD(0) + 2)
#define TAKEN_AHEAD (FETCHED_AHEAD(0) + 1)
#define FETCHED_AHEAD(step) (GS_FETCH_STEPS - (step))
_Static_assert(FOUND_AHEAD < GS_MAILS_COMING, "they have places");

static inline GsMail *coming(GsLane *lane, uint32_t number) {
  return &lane->coming.mails[number % GS_MAILS_COMING].mail;
}

static void find(GsLane *lane, uint32_t until) {
  GsMailsComing *mails = &lane->coming;
  while (mails->found < until) {
    uint32_t actor = gs_lane_next_active(lane);
    if (actor == GS_NO_ACTOR)
      return;
    GsMail *mail = coming(lane, mails->found);
    mail->lane = lane;
    mail->actor = actor;
    mail->guesses = mails->mails[mails->found++ % GS_MAILS_COMING].guesses;
    gs_lane_ask_for_actor(lane->sim, actor);
  }
}

static bool take_looked_at(GsMail *mail) {
  GsLane *lane = mail->lane;
  GsMailsComing *mails = &lane->coming;
  const GsCarrier *carrier = lane->sim->carrier;
  uint32_t next = mails->handed;
  find(lane, next + FOUND_AHEAD + 1);
  for (; mails->taken < MIN(mails->found, next + TAKEN_AHEAD + 1); mails->taken++) {
    carrier->take_mail(coming(lane, mails->taken));
    gs_node_prefetch(&lane->sim->actors[coming(lane, mails->taken)->actor].node);
  }
  for (uint32_t step = 0; step < GS_FETCH_STEPS; step++) {
    uint32_t *fetched = &mails->fetched[step];
    for (; *fetched < MIN(mails->found, next + FETCHED_AHEAD(step) + 1); ++*fetched)
      carrier->fetch(coming(lane, *fetched), step);
  }
  if (next == mails->found) {
    mails->found = mails->taken = mails->handed = 0;
    memset(mails->fetched, 0, sizeof mails->fetched);
    return false;
  }
  *mail = *coming(lane, mails->handed++);
  return true;
}

bool gs_mail_take_next(GsMail *mail) {
  if (mail->lane->sim->carrier->fetch)
    return take_looked_at(mail);
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
    g_assert(gs_letter_is_report(gs_dealt_from(mail->letters[i].key), mail->actor));
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

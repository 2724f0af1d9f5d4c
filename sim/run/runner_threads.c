/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/system_room.h"
#include "sim/base/thread.h"
#include "sim/run/mailbox.h"
#include "sim/run/runner.h"

/*
 * One thread per node, asleep on its mailbox: it takes its mail of the window,
 * has its node handle it, and what follows goes out. Of a lane one mail is under
 * way at a time: whoever has handled its own brings the next actor's. So as many
 * threads are awake as there are lanes, however many actors there are, and each
 * is woken once per window.
 *
 * Before that the mail of a lane is sorted (collected). Where there is much of
 * it all lanes sort theirs at the same time: the first one's is with the
 * coordinator, each of the others has a sorter, asleep on a mailbox as well.
 */

/** Below this many messages all lanes are sorted before another thread is awake. */
#define WORTH_WAKING 400

/** From here on it is asked first whether the system lets so many threads start. */
#define THREADS_ASKED 1000

/** A thread that sleeps until there is mail. */
typedef struct {
  GsRunner *runner;
  GsMailbox *mailbox;
  pthread_t thread;
} Sleeper;

struct GsRunner {
  GsSimulation *sim;
  GsMail *mail; /**< per lane: that which is under way */
  GsMail last;  /**< of no lane: no more will come */
  Sleeper *actors, *sorters;
  uint32_t actors_started, sorters_started;
  GsMailbox *done; /**< here a lane's mail ends */
  GsCollect collect;
  void *data;
};

static void bring_next(GsRunner *runner, GsMail *mail) {
  bool more = gs_mail_take_next(mail);
  gs_mailbox_push(more ? runner->actors[mail->actor].mailbox : runner->done, mail);
}

static void *live(void *data) {
  Sleeper *actor = data;
  GsRunner *runner = actor->runner;
  for (GsMail *mail; (mail = gs_mailbox_pop(actor->mailbox))->lane;) {
    g_assert(&runner->actors[mail->actor] == actor);
    gs_mail_handle(mail);
    bring_next(runner, mail);
  }
  return NULL;
}

static void *sort(void *data) {
  Sleeper *sorter = data;
  GsRunner *runner = sorter->runner;
  for (GsMail *mail; (mail = gs_mailbox_pop(sorter->mailbox))->lane;) {
    runner->collect(mail->lane, runner->data);
    bring_next(runner, mail);
  }
  return NULL;
}

static bool start_sleeper(GsRunner *runner, Sleeper *sleeper, void *(*body)(void *),
                          GError **error) {
  *sleeper = (Sleeper){.runner = runner, .mailbox = gs_mailbox_new()};
  if (gs_thread_start(&sleeper->thread, GS_ACTOR_STACK_BYTES, body, sleeper, error))
    return true;
  gs_mailbox_free(sleeper->mailbox);
  return false;
}

static void stop_sleepers(GsRunner *runner, Sleeper *sleepers, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    gs_mailbox_push(sleepers[i].mailbox, &runner->last);
  for (uint32_t i = 0; i < count; i++) {
    gs_thread_join(sleepers[i].thread);
    gs_mailbox_free(sleepers[i].mailbox);
  }
  g_free(sleepers);
}

static void stop(GsRunner *runner) {
  stop_sleepers(runner, runner->sorters, runner->sorters_started);
  stop_sleepers(runner, runner->actors, runner->actors_started);
  gs_mailbox_free(runner->done);
  g_free(runner->mail);
  g_free(runner);
}

/** All lanes but the first have one. */
static uint32_t sorters_of(const GsSimulation *sim) {
  return sim->lane_count - 1;
}

static bool start_all(GsRunner *runner, GError **error) {
  uint32_t actors = runner->sim->actor_count, sorters = sorters_of(runner->sim);
  for (uint32_t i = 0; i < actors; i++, runner->actors_started++) {
    if (start_sleeper(runner, &runner->actors[i], live, error))
      continue;
    g_prefix_error(error, "cannot start the thread of node %u of %u: ", i + 1, actors);
    return false;
  }
  for (uint32_t i = 0; i < sorters; i++, runner->sorters_started++) {
    if (start_sleeper(runner, &runner->sorters[i], sort, error))
      continue;
    g_prefix_error(error, "cannot start the thread that sorts mail %u of %u: ", i + 1, sorters);
    return false;
  }
  return true;
}

/**
 * Of a lane's actors and its sorter one thread at a time is awake. Where lanes have
 * all processors to themselves, those of each stay on one: the system would wake
 * the next one behind another lane's and leave its own processor idle. Where there
 * is one lane, they stay on the coordinator's, and whoever wakes the next goes to
 * sleep before that one runs: to wake a thread elsewhere, or to be put aside by it
 * with its mailbox still locked, costs twice the switches.
 */
static void keep_together(GsRunner *runner) {
  const GsSimulation *sim = runner->sim;
  bool is_one = sim->lane_count == 1;
  if (sim->live || (!is_one && sim->lane_count != gs_thread_processors()))
    return;
  for (uint32_t i = 0; i < sim->actor_count; i++) {
    if (is_one)
      gs_thread_keep_here(runner->actors[i].thread);
    else
      gs_thread_keep_on(runner->actors[i].thread, sim->lane_of[i]);
  }
  for (uint32_t lane = 1; lane < sim->lane_count; lane++)
    gs_thread_keep_on(runner->sorters[lane - 1].thread, lane);
}

static GsRunner *start(GsSimulation *sim, GError **error) {
  if (sim->actor_count >= THREADS_ASKED &&
      !gs_threads_fit(sim->actor_count, sorters_of(sim), &gs_system_files, error))
    return NULL;
  GsRunner *runner = g_new0(GsRunner, 1);
  runner->sim = sim;
  runner->mail = g_new0(GsMail, sim->lane_count);
  for (uint32_t i = 0; i < sim->lane_count; i++)
    runner->mail[i].lane = &sim->lanes[i];
  runner->done = gs_mailbox_new();
  runner->actors = g_new0(Sleeper, sim->actor_count);
  runner->sorters = g_new0(Sleeper, sim->lane_count);
  if (start_all(runner, error)) {
    keep_together(runner);
    return runner;
  }
  stop(runner);
  return NULL;
}

static void run_window(GsRunner *runner, GsCollect collect, void *data, uint64_t messages) {
  uint32_t lanes = runner->sim->lane_count, here = messages < WORTH_WAKING ? lanes : 1;
  runner->collect = collect;
  runner->data = data;
  for (uint32_t i = here; i < lanes; i++)
    gs_mailbox_push(runner->sorters[i - 1].mailbox, &runner->mail[i]);
  for (uint32_t i = 0; i < here; i++) {
    collect(runner->mail[i].lane, data);
    bring_next(runner, &runner->mail[i]);
  }
  while (lanes--)
    gs_mailbox_pop(runner->done);
}

const GsRunnerClass gs_runner_threads = {"threads", start, run_window, stop};

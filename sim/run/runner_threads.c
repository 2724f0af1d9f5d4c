/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/system_room.h"
#include "sim/base/thread.h"
#include "sim/run/mailbox.h"
#include "sim/run/runner.h"

/*
 * One thread per node, asleep on its mailbox. In a window each lane passes
 * through the mailboxes of its active actors one after the other: whoever has
 * it handles the actor's own messages with it and hands it on. So as many
 * threads are awake as there are lanes, however many actors there are, and each
 * is woken once per window. Where there is much mail, lanes also collect it at
 * the same time: one is with the coordinator, the others with their first actors.
 */

/** Below this many messages a lane is collected before another thread is awake. */
#define WORTH_WAKING 400

/** From here on it is asked first whether the system lets so many threads start. */
#define THREADS_ASKED 1000

typedef struct {
  GsRunner *runner;
  GsMailbox *mailbox;
  pthread_t thread;
  uint32_t index;
} Actor;

struct GsRunner {
  GsSimulation *sim;
  Actor *actors;
  uint32_t started;
  GsMailbox *done; /**< lanes come back here */
  GsCollect collect;
  void *data;
  bool *uncollected; /**< per lane, for whoever has it */
};

static void pass_on(GsRunner *runner, GsLane *lane) {
  uint32_t next = gs_lane_next_active(lane);
  gs_mailbox_push(next == UINT32_MAX ? runner->done : runner->actors[next].mailbox, lane);
}

static void collect(GsRunner *runner, GsLane *lane) {
  runner->uncollected[lane->index] = false;
  runner->collect(lane, runner->data);
}

static void *live(void *data) {
  Actor *actor = data;
  GsRunner *runner = actor->runner;
  /* The runner itself stands for "no more mail". */
  for (void *item; (item = gs_mailbox_pop(actor->mailbox)) != runner;) {
    GsLane *lane = item;
    if (runner->uncollected[lane->index])
      collect(runner, lane);
    else
      gs_lane_run_actor(lane, actor->index);
    pass_on(runner, lane);
  }
  return NULL;
}

static void stop(GsRunner *runner) {
  for (uint32_t i = 0; i < runner->started; i++)
    gs_mailbox_push(runner->actors[i].mailbox, runner);
  for (uint32_t i = 0; i < runner->started; i++) {
    gs_thread_join(runner->actors[i].thread);
    gs_mailbox_free(runner->actors[i].mailbox);
  }
  gs_mailbox_free(runner->done);
  g_free(runner->actors);
  g_free(runner->uncollected);
  g_free(runner);
}

static GsRunner *start(GsSimulation *sim, GError **error) {
  if (sim->actor_count >= THREADS_ASKED &&
      !gs_threads_fit(sim->actor_count, &gs_system_files, error))
    return NULL;
  GsRunner *runner = g_new0(GsRunner, 1);
  runner->sim = sim;
  runner->actors = g_new0(Actor, sim->actor_count);
  runner->done = gs_mailbox_new();
  runner->uncollected = g_new0(bool, sim->lane_count);
  for (uint32_t i = 0; i < sim->actor_count; i++) {
    Actor *actor = &runner->actors[i];
    *actor = (Actor){.runner = runner, .mailbox = gs_mailbox_new(), .index = i};
    if (!gs_thread_start(&actor->thread, GS_ACTOR_STACK_BYTES, live, actor, error)) {
      g_prefix_error(error, "cannot start the thread of node %u of %u: ", i + 1, sim->actor_count);
      gs_mailbox_free(actor->mailbox);
      stop(runner);
      return NULL;
    }
    runner->started++;
  }
  return runner;
}

static void run_window(GsRunner *runner, GsCollect collect_mail, void *data, uint64_t messages) {
  GsSimulation *sim = runner->sim;
  runner->collect = collect_mail;
  runner->data = data;
  uint32_t out = 0, here = messages < WORTH_WAKING ? sim->lane_count : 1;
  for (uint32_t i = here; i < sim->lane_count; i++) {
    runner->uncollected[i] = true;
    gs_mailbox_push(runner->actors[sim->lanes[i].first_actor].mailbox, &sim->lanes[i]);
    out++;
  }
  for (uint32_t i = 0; i < here; i++) {
    collect(runner, &sim->lanes[i]);
    if (!sim->lanes[i].active_count)
      continue;
    pass_on(runner, &sim->lanes[i]);
    out++;
  }
  while (out--)
    gs_mailbox_pop(runner->done);
}

const GsRunnerClass gs_runner_threads = {"threads", start, run_window, stop};

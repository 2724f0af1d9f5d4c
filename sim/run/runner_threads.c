/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/mailbox.h"
#include "sim/run/runner.h"
#include "sim/run/thread.h"

/*
 * One thread per node, asleep on its mailbox. In a window each lane passes
 * through the mailboxes of its active actors one after the other: whoever has
 * it handles the actor's own messages with it and hands it on. So as many
 * threads are awake as there are lanes, however many actors there are, and each
 * is woken once per window.
 */

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
};

static void pass_on(GsRunner *runner, GsLane *lane) {
  uint32_t next = gs_lane_next_active(lane);
  gs_mailbox_push(next == UINT32_MAX ? runner->done : runner->actors[next].mailbox, lane);
}

static void *live(void *data) {
  Actor *actor = data;
  /* The runner itself stands for "no more mail". */
  for (void *item; (item = gs_mailbox_pop(actor->mailbox)) != actor->runner;) {
    GsLane *lane = item;
    gs_lane_run_actor(lane, actor->index);
    pass_on(actor->runner, lane);
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
  g_free(runner);
}

static GsRunner *start(GsSimulation *sim, GError **error) {
  GsRunner *runner = g_new0(GsRunner, 1);
  runner->sim = sim;
  runner->actors = g_new0(Actor, sim->actor_count);
  runner->done = gs_mailbox_new();
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

static void run_window(GsRunner *runner, GsCollect collect, void *data, uint64_t messages) {
  (void)messages;
  GsSimulation *sim = runner->sim;
  for (uint32_t i = 0; i < sim->lane_count; i++)
    collect(&sim->lanes[i], data);
  uint32_t out = 0;
  for (uint32_t i = 0; i < sim->lane_count; i++) {
    if (!sim->lanes[i].active_count)
      continue;
    out++;
    pass_on(runner, &sim->lanes[i]);
  }
  while (out--)
    gs_mailbox_pop(runner->done);
}

const GsRunnerClass gs_runner_threads = {"threads", start, run_window, stop};

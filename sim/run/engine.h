/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/checks/check.h"
#include "sim/measure/sync_monitor.h"
#include "sim/run/exchange.h"
#include "sim/run/runner.h"
#include "sim/run/simulation.h"
#include "sim/run/view.h"
#include "sim/scenario/schedule.h"

/** The coordinator's own: what one run consists of besides the simulation. For the files of run/.
 */

/** Something that was told: by the schedule, or from outside (then `what` says it). */
typedef struct {
  GsOccurrence occurrence; /**< from outside: only its moment */
  char *what;
} GsDisturbed;

/** What others see of it. */
struct GsRunView {
  const GsSimulation *sim;
  GsSyncMonitor *monitor;
};

typedef struct {
  GsSimulation sim;
  GsRunView view;
  const GsScenario *scenario;
  const GsRunOptions *options;
  const GsRunnerClass *runner_class;
  GsRunner *runner;
  GsSchedule *schedule;
  GsSyncMonitor *monitor;
  GsChecker *checker; /**< NULL: nothing is checked */
  GArray *waves;      /**< of what the checker is told in a window; NULL: it is told nothing */

  GsExchange exchange; /**< mail on its way between lanes */

  GArray *injected;     /**< of GsMessage: what the schedule tells in this window */
  GArray *starting;     /**< of GsMessage: … to nodes that are back after a crash */
  GArray *held;         /**< of GsMessage: what nodes are told that are paused */
  uint64_t told_lost;   /**< … that were down */
  GArray *forgetful;    /**< of uint32_t: nodes that know their siblings no more, at this moment */
  bool islands_change;  /**< what goes wrong at this moment may change islands */
  GArray *disturbances; /**< of GsDisturbed; the index is the cause */
  GArray *mail; /**< of GsOutsideMail: what came from outside and is told in the next window */
  int64_t disturbed_ns; /**< moment of the last disturbance; -1: there was none */
  uint64_t left_out;    /**< disturbances that are not kept one by one */
  uint64_t unchecked;   /**< those of them of which something is expected */
  uint64_t expected;    /**< messages that all that was told leads to, by the closed form */
  bool links_told;      /**< some of them for a new link */
  bool unforeseen;      /**< while something was under way, so that there are fewer or more */
  GArray *observations; /**< scratch: those of all lanes */
  GsTraceMerge merge;   /**< scratch */
  bool live_listens;    /**< live: wants what this window brought */

  GsResults *results; /**< filled as far as known; handed to watch() */
  int64_t until_ns, next_watch_ns;
  int64_t last_event_ns;
  int64_t changed_ns; /**< latest moment at which a node learned something, or the truth changed */
  double began_s, asked_s;
  int64_t mail_ns; /**< moment at which the mail is told; GS_TIME_NEVER: there is none */
  bool stopped, quiescent;
  bool draining;          /**< live: told to end; what is under way may still arrive */
  int64_t wall_ns;        /**< live: what the clock showed last */
  uint32_t foreign_cause; /**< live: what foreign nodes cause; UINT32_MAX: nothing yet */
} GsEngine;

/** Tells the schedule's occurrences of this moment, then what came from outside; all go before
 * the network's mail. */
void gs_engine_inject(GsEngine *engine);
/** Has something go wrong, or be right again, at the moment of the window (engine_faults.c). */
void gs_engine_take_fault(GsEngine *engine, const GsOccurrence *occurrence, uint32_t cause);
/** All that goes wrong at this moment did: leaves of what is told only what nodes take now. */
void gs_engine_sort_told(GsEngine *engine);
/** Moment of the next thing to happen; GS_TIME_NEVER: nothing is left. */
int64_t gs_engine_next_moment(GsEngine *engine);
/** The same of wakes, where all other things come at `next`: a run ends by itself although nodes
 * would look again for ever (engine_rest.c). */
int64_t gs_engine_with_wakes(GsEngine *engine, int64_t next);
/** Whether looking again is in vain at `moment`: nothing more is scheduled, and all are in sync, or
 * whole periods of it have changed nothing. */
bool gs_engine_rests(const GsEngine *engine, int64_t moment);
/** Has lanes note what the checks want to know; before anything runs. */
void gs_engine_start_checks(GsEngine *engine);
/** Tells the checker what this window brought (engine_checks.c). */
void gs_engine_tell_checks(GsEngine *engine);
/** Puts what was found into the results, which are complete. */
/** At rest: what nodes hold, before the simulation ends. */
void gs_engine_check_holdings(GsEngine *engine);
void gs_engine_end_checks(GsEngine *engine);
/** Runs the window that begins at `moment`. */
void gs_engine_run_window(GsEngine *engine, int64_t moment);
/** Whether a sink still wants records. */
bool gs_engine_is_traced(const GsEngine *engine);
/** Whether records are made from now on; between windows. */
void gs_engine_set_traces(GsEngine *engine, bool wanted);
/** Runs on the wall clock until it is told to end. */
void gs_engine_run_live(GsEngine *engine);
/** Fills the engine's results with how things stand. */
void gs_engine_fill_states(GsEngine *engine);
/** Fills in everything that is known at the end, and ends the simulation. */
void gs_engine_fill_results(GsEngine *engine);

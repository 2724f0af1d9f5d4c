/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/measure/sync_monitor.h"
#include "sim/run/trace.h"

/**
 * What the page of a run needs to know of how it went, collected as it happens
 * in memory that is bounded by the limits below and the number of nodes. The
 * same for every runner and number of workers.
 */

/** Messages that are kept one by one, the first ones; later ones are in the rates only. */
#define GS_RECORD_MESSAGES_MAX 4000u
/** Grids of up to this many nodes have each change of each node kept … */
#define GS_RECORD_STEPS_NODES_MAX 32u
/** … but no more changes than this in all. */
#define GS_RECORD_STEPS_MAX 20000u
/** Bins of time with something in them, of rates and of bands; with more, bins become twice as
 * wide. */
#define GS_RECORD_BINS_MAX 512u
/** Bins of rates are so wide in the end that no more of them make up the run. */
#define GS_RECORD_RATES_SHOWN 256
/** Nodes, evenly chosen, that quartiles are of; with no more nodes, all. */
#define GS_RECORD_SAMPLED_MAX 1000u

typedef struct {
  GsMessage message; /**< without its nets */
  int64_t sent_ns;
  int64_t due_ns; /**< −1: it is lost */
  int64_t sum;    /**< of the nets */
  uint32_t nets;
} GsRecordedMessage;

typedef struct {
  int64_t bin; /**< begins at bin × rate_ns */
  uint64_t counts[GS_ENVELOPE_TYPES][GS_MESSAGE_TYPES];
} GsRecordedRate;

/** A node has this value from this moment on. */
typedef struct {
  int64_t at_ns, value;
  uint32_t node;
  bool truth; /**< its true net, otherwise its gridnet */
  bool none;  /**< it has none: it is down */
} GsRecordedStep;

/** How the nodes stand from this moment on. */
typedef struct {
  int64_t at_ns;
  uint32_t out_of_sync;
  int64_t gridnet[5]; /**< least, quartiles, largest, of the sampled nodes that are up */
  int64_t true_net_min, true_net_max; /**< over the same nodes: islands may differ */
  bool none;                          /**< all of these nodes are down: nothing of the two above */
  GsSyncSums sums;                    /**< up to this moment */
  uint64_t worst; /**< largest error from this moment until before the next that is recorded; of
                       nodes that did not change meanwhile, of the sampled ones */
} GsRecordedBand;

typedef struct {
  const GsScenario *scenario; /**< borrowed */
  GsSyncMonitor *monitor;
  int64_t *gridnet;    /**< per node */
  int64_t *changed_ns; /**< per node: when its gridnet last changed */
  int64_t *truth_ns;   /**< per island, at its node of gs_sync_monitor_island: when the truth did */
  int64_t *truth;      /**< per node of a small grid: as last recorded */
  int64_t *sorted;     /**< gridnets of the sampled nodes that are up, in order of size */
  uint32_t sorted_count;
  bool *is_down;                /**< per node */
  bool truth_moved;             /**< the two below are to be found anew */
  int64_t truth_min, truth_max; /**< of the sampled nodes */

  GArray *messages;        /**< of GsRecordedMessage */
  uint64_t messages_cut;   /**< that are not among them; after the run */
  uint64_t happened_count; /**< messages that were sent or told */
  GArray *rates;           /**< of GsRecordedRate; bins without messages are not there */
  int64_t rate_ns;
  GArray *steps; /**< of GsRecordedStep, the values at the start first; NULL: too many nodes */
  bool steps_cut;
  GArray *bands; /**< of GsRecordedBand; the first is how it began */
  int64_t band_ns;
  bool moved;                /**< something changed since the last band */
  int64_t moved_ns;          /**< when */
  int64_t first_ns, last_ns; /**< of what happened; -1: nothing did */
  GsSyncSums last_second;    /**< of the second behind the last band, as if nothing happened */
} GsRunRecord;

/** The scenario is borrowed until the record is freed. */
GsRunRecord *gs_run_record_new(const GsScenario *scenario);
/**
 * The record is borrowed by the sink. It takes changes and counts, O(1) each or as good as, and
 * records only until it has the messages that it keeps one by one, so that a run with it takes
 * little longer than without.
 */
GsTraceSink gs_run_record_sink(GsRunRecord *record);
/** After the run: completes the last band, and makes bins of rates wide enough. */
void gs_run_record_finish(GsRunRecord *record);
/** NULL is fine. */
void gs_run_record_free(GsRunRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsRunRecord, gs_run_record_free)

/** Nodes that bands are of. */
uint32_t gs_run_record_sampled(const GsRunRecord *record);

/** How wrong the nodes were from a recorded moment until the next. */
typedef struct {
  int64_t at_ns;
  bool none;            /**< no node was up */
  double in_sync_share; /**< of the time of nodes that were up */
  double mean_error;    /**< over that time */
  uint64_t worst;       /**< GsRecordedBand; at least the mean, rounded down */
} GsRecordedError;
/** Of band `i`; false: no time passed from it to the next. After gs_run_record_finish. O(1). */
bool gs_run_record_error(const GsRunRecord *record, guint i, GsRecordedError *error);
/**
 * Since when a node has had the right gridnet for good; -1: it has not. `truth_ns` is set to when
 * what is right last changed.
 */
int64_t gs_run_record_since_ns(GsRunRecord *record, uint32_t node, int64_t *truth_ns);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/** What is measured of each run, and what is known of its graph. */
typedef enum {
  GS_METRIC_CONVERGENCE, /**< s; of the disturbance that took longest */
  GS_METRIC_MESSAGES,    /**< between nodes */
  GS_METRIC_TELL,
  GS_METRIC_ASK,
  GS_METRIC_RESPONSE,
  GS_METRIC_ADD_SIBLING,
  GS_METRIC_UPDATE_ENERGY,
  GS_METRIC_SYNC_GRID,
  GS_METRIC_UPDATE_NET,
  GS_METRIC_WIRE_BYTES,
  GS_METRIC_LARGEST_MAILBOX,
  GS_METRIC_HOPS,           /**< longest chain of messages that changed a gridnet */
  GS_METRIC_OUT_OF_SYNC,    /**< node·s */
  GS_METRIC_LOST,           /**< messages none of whose tries arrived */
  GS_METRIC_UNDELIVERED,    /**< … of which their senders were told */
  GS_METRIC_RETRIED,        /**< tries after the first */
  GS_METRIC_DOUBLED,        /**< messages that arrived twice */
  GS_METRIC_IN_SYNC_SHARE,  /**< part of the time of all nodes that were up in which they were in
                               sync */
  GS_METRIC_MEAN_ERROR,     /**< difference of gridnets from true nets over that time */
  GS_METRIC_WORST_ERROR,    /**< … of one node at the end of a moment */
  GS_METRIC_LOST_BY_CHANCE, /**< of GS_METRIC_LOST, by why the last try did not arrive */
  GS_METRIC_LOST_BY_CUT,
  GS_METRIC_LOST_BY_DOWN,
  GS_METRIC_SUSPECTED, /**< times that a node suspected a sibling */
  GS_METRIC_SUSPECTED_RIGHTLY,
  GS_METRIC_SUSPECTED_WRONGLY,
  GS_METRIC_RECOVERY_MESSAGES, /**< of GS_METRIC_MESSAGES, those that nodes sent on their own */
  GS_METRIC_WAVES_LIMITED,     /**< own waves that were ended by their limit */
  GS_METRIC_LONGEST_WRONG,     /**< s; a node was wrong without a break */
  GS_METRICS,
} GsMetric;

typedef enum {
  GS_FACT_NODES,
  GS_FACT_LINKS,
  GS_FACT_COMPONENTS,
  GS_FACT_DIAMETER,
  GS_FACT_RADIUS,
  GS_FACT_MEAN_DISTANCE,
  GS_FACT_DEGREE_MIN,
  GS_FACT_DEGREE_MEAN,
  GS_FACT_DEGREE_MAX,
  GS_FACT_CLUSTERING,
  GS_FACT_ALGEBRAIC_CONNECTIVITY,
  GS_FACTS,
} GsFact;

typedef struct {
  const char *key;   /**< in JSON, CSV and options */
  const char *label; /**< in words */
  const char
      *unit;    /**< "s", "B", "node·s", "share"; "": a count, or energy in the scenario's unit */
  double ticks; /**< whole numbers that a unit is counted in: 1e9 for ns; 0: is no count */
  bool more_is_better;
} GsQuantity;

extern const GsQuantity gs_metrics[GS_METRICS];
extern const GsQuantity gs_facts[GS_FACTS];

/** The metric of a key; errors name the nearest one, or all. `metric` may be NULL. */
bool gs_metric_find(const char *key, GsMetric *metric, GError **error);

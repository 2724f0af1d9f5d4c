/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/metric.h"

#include "core/error.h"
#include "core/json/json.h"
#include "sim/base/quote.h"

const GsQuantity gs_metrics[GS_METRICS] = {
    [GS_METRIC_CONVERGENCE] = {"convergence", "convergence time", "s", 1e9, false},
    [GS_METRIC_MESSAGES] = {"messages", "messages", "", 1, false},
    [GS_METRIC_TELL] = {"tell", "Tell messages", "", 1, false},
    [GS_METRIC_ASK] = {"ask", "Ask messages", "", 1, false},
    [GS_METRIC_RESPONSE] = {"response", "Response messages", "", 1, false},
    [GS_METRIC_ADD_SIBLING] = {"add_sibling", "AddSibling messages", "", 1, false},
    [GS_METRIC_UPDATE_ENERGY] = {"update_energy", "UpdateEnergy messages", "", 1, false},
    [GS_METRIC_SYNC_GRID] = {"sync_grid", "SyncGrid messages", "", 1, false},
    [GS_METRIC_UPDATE_NET] = {"update_net", "UpdateNet messages", "", 1, false},
    [GS_METRIC_WIRE_BYTES] = {"wire_bytes", "bytes on the wire", "B", 1, false},
    [GS_METRIC_LARGEST_MAILBOX] = {"largest_mailbox", "largest mailbox", "", 1, false},
    [GS_METRIC_HOPS] = {"hops", "hops", "", 1, false},
    [GS_METRIC_OUT_OF_SYNC] = {"out_of_sync", "nodes out of sync × time", "node·s", 1e9, false},
    [GS_METRIC_LOST] = {"lost", "lost messages", "", 1, false},
    [GS_METRIC_UNDELIVERED] = {"undelivered", "messages told to be undelivered", "", 1, false},
    [GS_METRIC_RETRIED] = {"retried", "repeated tries", "", 1, false},
    [GS_METRIC_DOUBLED] = {"doubled", "messages that arrived twice", "", 1, false},
    [GS_METRIC_IN_SYNC_SHARE] = {"in_sync_share", "share of node-time in sync", "share", 1e12,
                                 true},
    [GS_METRIC_MEAN_ERROR] = {"mean_error", "mean error", "", 1e12, false},
    [GS_METRIC_WORST_ERROR] = {"worst_error", "worst error", "", 1, false},
    [GS_METRIC_LOST_BY_CHANCE] = {"lost_by_chance", "messages lost by chance", "", 1, false},
    [GS_METRIC_LOST_BY_CUT] = {"lost_by_cut", "messages lost on cut links", "", 1, false},
    [GS_METRIC_LOST_BY_DOWN] = {"lost_by_down", "messages lost to nodes that were down", "", 1,
                                false},
    [GS_METRIC_SUSPECTED] = {"suspected", "suspicions", "", 1, false},
    [GS_METRIC_SUSPECTED_RIGHTLY] = {"suspected_rightly", "right suspicions", "", 1, false},
    [GS_METRIC_SUSPECTED_WRONGLY] = {"suspected_wrongly", "wrong suspicions", "", 1, false},
    [GS_METRIC_RECOVERY_MESSAGES] = {"recovery_messages", "messages that nodes sent on their own",
                                     "", 1, false},
    [GS_METRIC_WAVES_LIMITED] = {"waves_limited", "own waves ended by their limit", "", 1, false},
    [GS_METRIC_LONGEST_WRONG] = {"longest_wrong", "longest time that a node was wrong", "s", 1e9,
                                 false},
};

const GsQuantity gs_facts[GS_FACTS] = {
    [GS_FACT_NODES] = {"nodes", "nodes", "", 0, false},
    [GS_FACT_LINKS] = {"links", "links", "", 0, false},
    [GS_FACT_COMPONENTS] = {"components", "components", "", 0, false},
    [GS_FACT_DIAMETER] = {"largest_island_diameter", "diameter", "", 0, false},
    [GS_FACT_RADIUS] = {"largest_island_radius", "radius", "", 0, false},
    [GS_FACT_MEAN_DISTANCE] = {"mean_distance", "mean distance", "", 0, false},
    [GS_FACT_DEGREE_MIN] = {"degree_min", "least degree", "", 0, false},
    [GS_FACT_DEGREE_MEAN] = {"degree_mean", "mean degree", "", 0, false},
    [GS_FACT_DEGREE_MAX] = {"degree_max", "greatest degree", "", 0, false},
    [GS_FACT_CLUSTERING] = {"clustering", "clustering", "", 0, false},
    [GS_FACT_ALGEBRAIC_CONNECTIVITY] = {"algebraic_connectivity", "algebraic connectivity", "", 0,
                                        false},
};

bool gs_metric_find(const char *key, GsMetric *metric, GError **error) {
  const char *keys[GS_METRICS + 1] = {NULL};
  for (int i = 0; i < GS_METRICS; i++) {
    keys[i] = gs_metrics[i].key;
    if (!g_str_equal(keys[i], key))
      continue;
    if (metric)
      *metric = (GsMetric)i;
    return true;
  }
  g_autofree char *quoted = gs_quote(key), *known = gs_quote_words(keys, " or ");
  const char *nearest = gs_nearest_word(key, keys);
  if (nearest)
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s is not measured; did you mean \"%s\"?", quoted,
                nearest);
  else
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s is not measured; give %s", quoted, known);
  return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/checks/check.h"

#include <inttypes.h>

#include "core/limits.h"
#include "sim/base/duration.h"
#include "sim/base/text.h"

/** A node had this net from a moment on. */
typedef struct {
  int64_t since_ns, net;
} NetSince;

typedef struct {
  GsMasterId master;
  int64_t began_ns;
} WaveOut;

typedef struct {
  GArray *nets;  /**< of NetSince, the first since ever */
  GArray *waves; /**< of WaveOut, in their order */
} NodePast;

struct GsChecker {
  const GsScenario *scenario;
  GsCheckSet checks;
  NodePast *past;               /**< per node; NULL: no check is about waves */
  GHashTable *by_id;            /**< a node's id to its index */
  GsViolation found[GS_CHECKS]; /**< no `text`: passed so far */
  GArray *ids;                  /**< scratch */
};

bool gs_check_set_needs_waves(GsCheckSet checks) {
  return checks & (gs_check_set(GS_CHECK_SUMS) | gs_check_set(GS_CHECK_IDS));
}

static void make_past(GsChecker *checker) {
  const GsScenario *scenario = checker->scenario;
  checker->past = g_new0(NodePast, scenario->node_count);
  checker->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    NetSince start = {INT64_MIN, node->production - node->consumption};
    checker->past[i].nets = g_array_new(FALSE, FALSE, sizeof(NetSince));
    checker->past[i].waves = g_array_new(FALSE, FALSE, sizeof(WaveOut));
    g_array_append_val(checker->past[i].nets, start);
    g_hash_table_insert(checker->by_id, (gpointer)(guintptr)&node->id, GUINT_TO_POINTER(i));
  }
}

GsChecker *gs_checker_new(const GsScenario *scenario, GsCheckSet checks) {
  if (!checks)
    return NULL;
  GsChecker *checker = g_new0(GsChecker, 1);
  checker->scenario = scenario;
  checker->checks = checks;
  checker->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
  if (gs_check_set_needs_waves(checks))
    make_past(checker);
  return checker;
}

void gs_checker_free(GsChecker *checker) {
  if (!checker)
    return;
  for (uint32_t i = 0; checker->past && i < checker->scenario->node_count; i++) {
    g_array_unref(checker->past[i].nets);
    g_array_unref(checker->past[i].waves);
  }
  for (guint i = 0; i < GS_CHECKS; i++)
    g_free(checker->found[i].text);
  g_clear_pointer(&checker->by_id, g_hash_table_unref);
  g_array_unref(checker->ids);
  g_free(checker->past);
  g_free(checker);
}

/** Notes that a check is not passed; true: for the first time, so that it needs a text. */
static bool fail(GsChecker *checker, GsCheck check, uint32_t node, int64_t at_ns) {
  GsViolation *found = &checker->found[check];
  if (found->text) {
    found->more++;
    return false;
  }
  *found = (GsViolation){.check = check, .node = node, .at_ns = at_ns};
  return true;
}

static bool is_wanted(const GsChecker *checker, GsCheck check) {
  return checker->checks & gs_check_set(check);
}

/* ---- Waves ---- */

void gs_checker_wave_starts(GsChecker *checker, int64_t now_ns, uint32_t node, GsMasterId wave) {
  WaveOut out = {wave, now_ns};
  g_array_append_val(checker->past[node].waves, out);
}

void gs_checker_net(GsChecker *checker, int64_t now_ns, uint32_t node, int64_t net) {
  NetSince since = {now_ns, net};
  g_array_append_val(checker->past[node].nets, since);
}

/** Takes the wave out; false: it never began. */
static bool take_wave(NodePast *past, GsMasterId wave, int64_t *began_ns) {
  for (guint i = 0; i < past->waves->len; i++) {
    const WaveOut *out = &g_array_index(past->waves, WaveOut, i);
    if (out->master.space != wave.space || out->master.count != wave.count)
      continue;
    *began_ns = out->began_ns;
    g_array_remove_index(past->waves, i);
    return true;
  }
  return false;
}

void gs_checker_wave_is_given_up(GsChecker *checker, uint32_t node, GsMasterId wave) {
  int64_t began_ns;
  take_wave(&checker->past[node], wave, &began_ns);
}

/** Whether a node had that net between two moments, both included. */
static bool had_net(const NodePast *past, int64_t net, int64_t from_ns, int64_t to_ns) {
  for (guint i = past->nets->len; i-- > 0;) {
    const NetSince *since = &g_array_index(past->nets, NetSince, i);
    if (since->since_ns > to_ns)
      continue;
    if (since->net == net)
      return true;
    /* What was before a change at the very moment may have been seen at it, too. */
    if (since->since_ns < from_ns)
      return false;
  }
  return false;
}

static char *describe_net(const GsChecker *checker, const GsCountedNet *net, const GsNote *done,
                          int64_t began_ns) {
  g_autofree char *began = gs_duration_format(began_ns);
  gpointer index;
  if (!g_hash_table_lookup_extended(checker->by_id, &net->id, NULL, &index))
    return g_strdup_printf("wave %" PRIu64 ", which began at %s, counted id %" PRId64
                           ", which no node has",
                           done->master.count, began, net->id);
  return g_strdup_printf("wave %" PRIu64 ", which began at %s, counted %" PRId64
                         " of \"%s\", which has not had that net since",
                         done->master.count, began, net->net,
                         checker->scenario->nodes[GPOINTER_TO_UINT(index)].name);
}

static void check_sum(GsChecker *checker, int64_t now_ns, uint32_t node, const GsNote *done,
                      const GsCountedNet *counted, int64_t began_ns) {
  int64_t sum = 0;
  for (int64_t i = 0; i < done->value2; i++) {
    gpointer index;
    const GsCountedNet *net = &counted[i];
    sum = gs_nets_plus(sum, net->net);
    bool known = g_hash_table_lookup_extended(checker->by_id, &net->id, NULL, &index);
    if (known && had_net(&checker->past[GPOINTER_TO_UINT(index)], net->net, began_ns, now_ns))
      continue;
    if (fail(checker, GS_CHECK_SUMS, node, now_ns))
      checker->found[GS_CHECK_SUMS].text = describe_net(checker, net, done, began_ns);
    return;
  }
  if (sum != done->value && fail(checker, GS_CHECK_SUMS, node, now_ns))
    checker->found[GS_CHECK_SUMS].text =
        g_strdup_printf("wave %" PRIu64 " came to %" PRId64 ", but what it counted makes %" PRId64,
                        done->master.count, done->value, sum);
}

static gint compare_ids(gconstpointer a, gconstpointer b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? -1 : x > y;
}

static void check_ids(GsChecker *checker, int64_t now_ns, uint32_t node, const GsNote *done,
                      const GsCountedNet *counted) {
  g_array_set_size(checker->ids, 0);
  for (int64_t i = 0; i < done->value2; i++)
    g_array_append_val(checker->ids, counted[i].id);
  g_array_sort(checker->ids, compare_ids);
  for (guint i = 1; i < checker->ids->len; i++) {
    int64_t id = g_array_index(checker->ids, int64_t, i);
    if (id != g_array_index(checker->ids, int64_t, i - 1))
      continue;
    if (fail(checker, GS_CHECK_IDS, node, now_ns))
      checker->found[GS_CHECK_IDS].text =
          g_strdup_printf("wave %" PRIu64 " counted id %" PRId64 " twice", done->master.count, id);
    return;
  }
}

void gs_checker_wave_is_back(GsChecker *checker, int64_t now_ns, uint32_t node, const GsNote *done,
                             const GsCountedNet *counted) {
  int64_t began_ns;
  bool began = take_wave(&checker->past[node], done->master, &began_ns);
  if (is_wanted(checker, GS_CHECK_SUMS) && began)
    check_sum(checker, now_ns, node, done, counted, began_ns);
  if (is_wanted(checker, GS_CHECK_SUMS) && !began && fail(checker, GS_CHECK_SUMS, node, now_ns))
    checker->found[GS_CHECK_SUMS].text =
        g_strdup_printf("wave %" PRIu64 " is back, which never began", done->master.count);
  if (is_wanted(checker, GS_CHECK_IDS))
    check_ids(checker, now_ns, node, done, counted);
}

/* ---- The end ---- */

static void check_in_sync(GsChecker *checker, const GsResults *results) {
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    if (node->in_sync || node->is_down || !fail(checker, GS_CHECK_IN_SYNC, i, results->end_ns))
      continue;
    checker->found[GS_CHECK_IN_SYNC].text = g_strdup_printf(
        "gridnet %" PRId64 " at the end, where %" PRId64 " is true", node->gridnet, node->true_net);
  }
}

/** The node that was the last to be in sync. */
static uint32_t last_in_sync(const GsResults *results) {
  uint32_t last = UINT32_MAX;
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    bool later =
        last == UINT32_MAX || node->in_sync_since_ns > results->nodes[last].in_sync_since_ns;
    if (!node->is_down && later)
      last = i;
  }
  return last;
}

/** Of what was so at the end: whether it has been soon enough. Takes the first of it. */
static void check_within(GsChecker *checker, const GsResults *results, GsCheck check, uint32_t node,
                         int64_t since_ns) {
  int64_t within_ns = checker->scenario->expect.within_ns;
  int64_t disturbed_ns = MAX(results->disturbed_at_ns, 0), after_ns = since_ns - disturbed_ns;
  if (within_ns < 0 || after_ns <= within_ns || !fail(checker, check, node, since_ns))
    return;
  g_autofree char *after = gs_duration_format(after_ns), *within = gs_duration_format(within_ns);
  g_autofree char *disturbed = gs_duration_format(disturbed_ns);
  checker->found[check].text =
      g_strdup_printf("%s only %s after the last disturbance, which was at %s; at most %s",
                      check == GS_CHECK_REST ? "at rest" : "in sync", after, disturbed, within);
}

static void check_rest(GsChecker *checker, const GsResults *results) {
  if (!results->quiescent) {
    if (fail(checker, GS_CHECK_REST, UINT32_MAX, results->end_ns))
      checker->found[GS_CHECK_REST].text = g_strdup("the run has not come to rest");
    return;
  }
  if (results->open_waves && fail(checker, GS_CHECK_REST, UINT32_MAX, results->end_ns)) {
    g_autofree char *waves = gs_text_plural(results->open_waves, "wave");
    checker->found[GS_CHECK_REST].text = g_strdup_printf("%s open at rest", waves);
    return;
  }
  check_within(checker, results, GS_CHECK_REST, UINT32_MAX, results->quiescent_at_ns);
}

static bool has_sibling(const GsNodeState *node, uint32_t sibling) {
  for (uint32_t s = 0; s < node->sibling_count; s++)
    if (node->siblings[s] == sibling)
      return true;
  return false;
}

static void check_siblings(GsChecker *checker, const GsResults *results) {
  for (uint32_t i = 0; i < results->node_count; i++) {
    const GsNodeState *node = &results->nodes[i];
    for (uint32_t s = 0; s < node->sibling_count && !node->is_down; s++) {
      uint32_t sibling = node->siblings[s];
      if (sibling >= results->node_count || results->nodes[sibling].is_down ||
          has_sibling(&results->nodes[sibling], i) ||
          !fail(checker, GS_CHECK_SIBLINGS, i, results->end_ns))
        continue;
      checker->found[GS_CHECK_SIBLINGS].text = g_strdup_printf(
          "has \"%s\" as a sibling at the end, but is none of it", results->nodes[sibling].name);
    }
  }
}

GsNodeHoldings gs_checker_most_held(uint32_t nodes, uint64_t disturbances, uint32_t siblings) {
  uint64_t at_once = nodes * (MIN(disturbances, UINT32_MAX / nodes - 1) + 1);
  uint64_t done = MAX(GS_REMEMBERED_WAVES_MAX, at_once);
  return (GsNodeHoldings){.done_waves = (uint32_t)done,
                          .floods = nodes + GS_CLOSED_WAVES_MAX,
                          .kept_nets = MIN(GS_KEPT_NETS_MAX, done * nodes),
                          .suspected = siblings,
                          .handshakes = MIN(GS_HANDSHAKES_MAX, nodes - 1)};
}

void gs_checker_holds(GsChecker *checker, int64_t now_ns, uint32_t node,
                      const GsNodeHoldings *holds, const GsNodeHoldings *most) {
  const struct {
    uint64_t found, most;
    const char *what;
  } all[] = {{holds->done_waves, most->done_waves, "waves that are done"},
             {holds->floods, most->floods, "floods"},
             {holds->kept_nets, most->kept_nets, "nets of answers"},
             {holds->suspected, most->suspected, "suspected siblings"},
             {holds->handshakes, most->handshakes, "handshakes"}};
  if (!is_wanted(checker, GS_CHECK_MEMORY))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
    if (all[i].found <= all[i].most)
      continue;
    if (fail(checker, GS_CHECK_MEMORY, node, now_ns))
      checker->found[GS_CHECK_MEMORY].text = g_strdup_printf(
          "holds %" PRIu64 " %s at rest, at most %" PRIu64, all[i].found, all[i].what, all[i].most);
    return;
  }
}

static void clear_violation(gpointer violation) {
  g_free(((GsViolation *)violation)->text);
}

void gs_checker_judge(GsChecker *checker, GsResults *results) {
  if (!results->stopped) {
    if (is_wanted(checker, GS_CHECK_IN_SYNC) && results->converged)
      check_within(checker, results, GS_CHECK_IN_SYNC, last_in_sync(results),
                   results->converged_at_ns);
    else if (is_wanted(checker, GS_CHECK_IN_SYNC))
      check_in_sync(checker, results);
    if (is_wanted(checker, GS_CHECK_REST))
      check_rest(checker, results);
    if (is_wanted(checker, GS_CHECK_SIBLINGS))
      check_siblings(checker, results);
  }
  results->checked = checker->checks;
  results->violations = g_array_new(FALSE, FALSE, sizeof(GsViolation));
  g_array_set_clear_func(results->violations, clear_violation);
  for (guint i = 0; i < GS_CHECKS; i++) {
    if (!checker->found[i].text)
      continue;
    g_array_append_val(results->violations, checker->found[i]);
    checker->found[i].text = NULL;
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/last_search.h"

#include "sim/run/trace.h"

/** A message that was sent or told, and the one whose handling led to it. */
typedef struct Step Step;
struct Step {
  Step *before;     /**< NULL: it was told */
  Step *behind;     /**< under way: just such a message that arrives later */
  uint32_t holders; /**< steps that it led to, and places below that point to it */
  uint32_t cause;
  uint64_t req;
  int64_t due_ns;
  GsChainLink link;
};

/** Something that changed at the moment that is looked at. */
typedef struct {
  uint32_t node, cause;
  GsLastChange change;
  Step *step; /**< that was handled then */
} Change;

typedef struct {
  int64_t moment_ns;
  uint32_t cause;
  GHashTable *under_way; /**< set of Step: the first to arrive of those that are alike */
  Step **handling;       /**< per node: the last one that it handled */
  GQueue *outbox;        /**< per node, at a pace: of Step, those whose messages wait to be sent */
  const Step *sent;      /**< the last one that set out; of use to the record after it */
  GArray *changes;       /**< of Change, in order */
} Search;

/** NULL: nothing led to it but the node itself. */
static Step *hold(Step *step) {
  if (step)
    step->holders++;
  return step;
}

/** Whatever leads to nothing any more goes, with what led to it. */
static void let_go(Step *step) {
  while (step && --step->holders == 0) {
    Step *before = step->before;
    g_free(step);
    step = before;
  }
}

static guint hash_step(gconstpointer key) {
  const Step *step = key;
  uint64_t hash = (uint64_t)step->link.from << 32 | step->link.to;
  hash = (hash ^ step->req ^ (uint64_t)step->link.type << 60) * UINT64_C(0x9E3779B97F4A7C15);
  hash ^= hash >> 32;
  hash =
      (hash ^ step->link.wave.space ^ step->link.wave.count << 40) * UINT64_C(0x9E3779B97F4A7C15);
  return (guint)(hash >> 32);
}

static gboolean are_alike(gconstpointer a, gconstpointer b) {
  const Step *x = a, *y = b;
  return x->link.from == y->link.from && x->link.to == y->link.to && x->link.env == y->link.env &&
         x->link.type == y->link.type && x->req == y->req &&
         gs_master_id_equal(x->link.wave, y->link.wave);
}

/** A Tell has no number of its own: what stands there is not carried along. */
static Step step_of(const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  return (Step){.cause = message->cause,
                .req = message->env == GS_TELL ? 0 : message->req,
                .due_ns = record->due_ns,
                .link = {.from = message->from,
                         .to = message->to,
                         .env = message->env,
                         .type = message->type,
                         .wave = message->master,
                         .sent_ns = record->time_ns,
                         .handled_ns = record->time_ns}};
}

static void set_out(Search *search, Step *step) {
  Step *first = g_hash_table_lookup(search->under_way, step);
  if (!first || step->due_ns < first->due_ns) {
    step->behind = first;
    g_hash_table_replace(search->under_way, step, step);
    return;
  }
  while (first->behind && first->behind->due_ns <= step->due_ns)
    first = first->behind;
  step->behind = first->behind;
  first->behind = step;
}

static Step *arrive(Search *search, const GsTraceRecord *record) {
  Step like = step_of(record);
  Step *step = g_hash_table_lookup(search->under_way, &like);
  g_assert(step);
  if (step->behind)
    g_hash_table_replace(search->under_way, step->behind, step->behind);
  else
    g_hash_table_remove(search->under_way, step);
  step->behind = NULL;
  step->link.handled_ns = record->time_ns;
  return step;
}

/** What follows from it begins here. */
static void take_wake(Search *search, const GsTraceRecord *record) {
  Step *step = g_new(Step, 1);
  *step = step_of(record);
  let_go(search->handling[record->node]);
  search->handling[record->node] = hold(step);
}

static void take_delivery(Search *search, const GsTraceRecord *record) {
  Step *step;
  if (record->message.from == GS_ENDPOINT_NONE) {
    step = g_new(Step, 1);
    *step = step_of(record);
    hold(step);
  } else {
    step = arrive(search, record);
  }
  let_go(search->handling[record->node]);
  search->handling[record->node] = step;
}

/** A node that starts again or looks again sends without having handled anything: as if told. */
static Step *handled_by(Search *search, const GsTraceRecord *record) {
  Step **handling = &search->handling[record->node];
  if (!*handling) {
    *handling = g_new(Step, 1);
    **handling = step_of(record);
    hold(*handling);
  }
  return hold(*handling);
}

static void take_send(Search *search, const GsTraceRecord *record) {
  Step *waited = g_queue_pop_head(&search->outbox[record->node]);
  Step *step = g_new(Step, 1);
  *step = step_of(record);
  step->before = waited ? waited : handled_by(search, record);
  search->sent = step;
  set_out(search, hold(step));
}

/** Of what was sent just before, for the same reason. */
static void take_double(Search *search, const GsTraceRecord *record) {
  Step *step = g_new(Step, 1);
  *step = step_of(record);
  step->before = hold(search->sent->before);
  set_out(search, hold(step));
}

static void take_change(Search *search, const GsTraceRecord *record, GsLastChange change) {
  if (record->time_ns != search->moment_ns)
    return;
  Change changed = {record->node, record->message.cause, change, handled_by(search, record)};
  g_array_append_val(search->changes, changed);
}

static void take(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  (void)view;
  Search *search = data;
  for (guint i = 0; i < count; i++) {
    const GsTraceRecord *record = &records[i];
    switch (record->kind) {
    case GS_TRACE_DELIVERY:
      take_delivery(search, record);
      break;
    case GS_TRACE_WAKE:
      take_wake(search, record);
      break;
    case GS_TRACE_WAITS:
      g_queue_push_tail(&search->outbox[record->node], handled_by(search, record));
      break;
    case GS_TRACE_SEND:
      take_send(search, record);
      break;
    case GS_TRACE_LOST:
      let_go(g_queue_pop_head(&search->outbox[record->node]));
      break;
    case GS_TRACE_DOUBLE:
      take_double(search, record);
      break;
    case GS_TRACE_GRIDNET:
      take_change(search, record, GS_LAST_GRIDNET);
      break;
    case GS_TRACE_ENERGY:
      take_change(search, record, GS_LAST_ENERGY);
      break;
    case GS_TRACE_SIBLING:
      take_change(search, record, GS_LAST_SIBLING);
      break;
    case GS_TRACE_DROP:
    case GS_TRACE_WAVE_START:
    case GS_TRACE_WAVE_DONE:
    case GS_TRACE_SUPERSEDED:
    case GS_TRACE_UNDELIVERED:
    case GS_TRACE_SUSPECTED:
    case GS_TRACE_TRUSTED:
    case GS_TRACE_LIMITED:
    case GS_TRACE_FAULT:
    case GS_TRACE_FAULT_END:
      break;
    }
  }
}

static void search_init(Search *search, const GsScenario *scenario) {
  search->under_way = g_hash_table_new(hash_step, are_alike);
  search->handling = g_new0(Step *, scenario->node_count);
  search->outbox = g_new0(GQueue, scenario->node_count);
  search->changes = g_array_new(FALSE, FALSE, sizeof(Change));
}

static void search_clear(Search *search, const GsScenario *scenario) {
  GHashTableIter each;
  gpointer key;
  g_hash_table_iter_init(&each, search->under_way);
  while (g_hash_table_iter_next(&each, &key, NULL)) {
    for (Step *step = key, *behind; step; step = behind) {
      behind = step->behind;
      let_go(step);
    }
  }
  g_hash_table_unref(search->under_way);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    let_go(search->handling[i]);
    for (Step *step; (step = g_queue_pop_head(&search->outbox[i]));)
      let_go(step);
  }
  for (guint i = 0; i < search->changes->len; i++)
    let_go(g_array_index(search->changes, Change, i).step);
  g_array_unref(search->changes);
  g_free(search->handling);
  g_free(search->outbox);
}

/** How well a change explains that all nodes are in sync from this moment on; 0: not. */
static int weight(const Search *search, const GsResults *results, const Change *change) {
  const GsNodeState *node = &results->nodes[change->node];
  if (change->change == GS_LAST_GRIDNET)
    return node->in_sync && node->in_sync_since_ns == search->moment_ns ? 3 : 0;
  /* What is right changed: as the disturbance says, or another, so that gridnets became right. */
  return change->cause == search->cause ? 2 : 1;
}

/** The change that made it so: of gridnets that of the node with the lowest id, otherwise the last
 * one. NULL: nothing did. */
static const Change *last_change(const Search *search, const GsResults *results) {
  const Change *found = NULL;
  int most = 1;
  for (guint i = 0; i < search->changes->len; i++) {
    const Change *change = &g_array_index(search->changes, Change, i);
    int weighs = weight(search, results, change);
    bool lower = weighs < 3 || !found || most < 3 ||
                 results->nodes[change->node].id <= results->nodes[found->node].id;
    if (weighs < most || (weighs == most && !lower))
      continue;
    found = change;
    most = weighs;
  }
  return found;
}

static void fill_chain(GsLastInSync *last, const Step *step) {
  for (const Step *at = step; at->before; at = at->before)
    last->length++;
  last->link_count = (uint32_t)MIN(last->length, (uint64_t)GS_CHAIN_KEPT);
  last->links = g_new(GsChainLink, MAX(last->link_count, 1));
  uint64_t hop = last->length;
  for (; step->before; step = step->before, hop--) {
    uint64_t behind = last->length - hop; /* so many come after it */
    if (hop <= GS_CHAIN_KEPT / 2)
      last->links[hop - 1] = step->link;
    else if (behind < GS_CHAIN_KEPT / 2)
      last->links[last->link_count - 1 - behind] = step->link;
  }
  last->told_node = step->link.to;
  last->told_ns = step->link.handled_ns;
  last->told_cause = step->cause;
}

/** Of those that were told together the one that the chain begins with says more. */
static void prefer_origin(GsLastInSync *last, const GsResults *again) {
  if (last->told_cause >= again->disturbance_count)
    return;
  const GsDisturbance *told = &again->disturbances[last->told_cause];
  const GsDisturbance *chosen = &again->disturbances[last->disturbance];
  if (told->at_ns == chosen->at_ns && told->converged_after_ns == chosen->converged_after_ns)
    last->disturbance = last->told_cause;
}

/** Nothing changed at a node when all came into sync: another disturbance began then. */
static void fill_turn(GsLastInSync *last, const Search *search, const GsResults *again) {
  if (again->disturbances[last->disturbance].at_ns == search->moment_ns)
    return;
  for (uint32_t i = 0; i < again->disturbance_count; i++) {
    if (again->disturbances[i].at_ns != search->moment_ns)
      continue;
    last->change = GS_LAST_TRUTH;
    last->at_ns = search->moment_ns;
    last->turn = i;
  }
}

static void fill_last(GsLastInSync *last, const Search *search, const GsResults *again) {
  const Change *change = last_change(search, again);
  last->state = GS_LAST_FOUND;
  if (!change) {
    fill_turn(last, search, again);
    return;
  }
  last->change = change->change;
  last->node = change->node;
  last->at_ns = search->moment_ns;
  fill_chain(last, change->step);
  prefer_origin(last, again);
}

static void run_again(GsLastInSync *last, Search *search, const GsScenario *scenario,
                      const GsLastSearch *how) {
  GsTraceSink sink = {.take = take, .data = search};
  GsRunOptions options = {.runner = GS_RUNNER_POOL,
                          .workers = 1,
                          .sinks = &sink,
                          .sink_count = 1,
                          .before_ns = search->moment_ns + 1,
                          .progress = how->progress,
                          .progress_data = how->progress_data};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsResults) again = gs_run(scenario, &options, &error);
  if (!again) {
    last->state = GS_LAST_FAILED;
    last->error = g_strdup(error->message);
  } else if (again->stopped) {
    last->state = GS_LAST_INTERRUPTED;
  } else {
    g_assert(again->converged);
    fill_last(last, search, again);
  }
}

/** That took longest; of several the last. UINT32_MAX: none was over. */
static uint32_t longest(const GsResults *results) {
  uint32_t found = UINT32_MAX;
  int64_t most = 0;
  for (uint32_t i = 0; i < results->disturbance_count; i++) {
    if (results->disturbances[i].converged_after_ns < most)
      continue;
    most = results->disturbances[i].converged_after_ns;
    found = i;
  }
  return found;
}

GsLastInSync *gs_last_search(const GsScenario *scenario, const GsResults *results,
                             const GsLastSearch *how) {
  GsLastInSync *last = g_new0(GsLastInSync, 1);
  last->messages_max = how->messages_max;
  last->disturbance = longest(results);
  if (results->stopped) {
    last->state = GS_LAST_INTERRUPTED;
  } else if (last->disturbance == UINT32_MAX) {
    last->state = GS_LAST_NONE;
  } else if (gs_message_counts_total(&results->messages) > how->messages_max) {
    last->state = GS_LAST_TOO_MANY;
  } else {
    const GsDisturbance *disturbance = &results->disturbances[last->disturbance];
    Search search = {.moment_ns = disturbance->at_ns + disturbance->converged_after_ns,
                     .cause = last->disturbance};
    search_init(&search, scenario);
    run_again(last, &search, scenario, how);
    search_clear(&search, scenario);
  }
  return last;
}

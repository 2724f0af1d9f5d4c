/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/pins.h"

#include "sim/base/duration.h"
#include "sim/base/time.h"
#include "sim/run/trace.h"

typedef struct {
  GsTree *pins;
  GHashTable *links; /**< (from, to) → Link */
  guint most;
  bool is_full;
} Pinning;

/** One direction of a link. */
typedef struct {
  uint64_t sent;
  GsTree *last; /**< the pin of the last of them */
} Link;

static void set_duration(GsTree *pin, const char *key, int64_t ns) {
  g_autofree char *text = gs_duration_format(ns);
  gs_tree_set(pin, key, gs_tree_string(text));
}

static Link *link_of(Pinning *pinning, uint32_t from, uint32_t to) {
  gpointer key = (gpointer)(guintptr)((uint64_t)from << 32 | to);
  Link *link = g_hash_table_lookup(pinning->links, key);
  if (!link)
    g_hash_table_insert(pinning->links, key, link = g_new0(Link, 1));
  return link;
}

static void take_sent(Pinning *pinning, const GsRunView *view, const GsTraceRecord *record) {
  Link *link = link_of(pinning, record->node, record->message.to);
  pinning->is_full |= gs_tree_count(pinning->pins) >= pinning->most;
  if (pinning->is_full)
    return;
  GsTree *pin = gs_tree_new(GS_JSON_OBJECT), *pair = gs_tree_new(GS_JSON_ARRAY);
  gs_tree_add(pair, gs_tree_string(gs_run_view_name(view, record->node)));
  gs_tree_add(pair, gs_tree_string(gs_run_view_name(view, record->message.to)));
  gs_tree_set(pin, "link", pair);
  gs_tree_set(pin, "number", gs_tree_number((double)++link->sent));
  if (record->kind == GS_TRACE_SEND) {
    set_duration(pin, "latency", record->due_ns - record->time_ns);
  } else {
    GsTree *lost = gs_tree_new(GS_JSON_BOOL);
    lost->number = 1;
    gs_tree_set(pin, "lost", lost);
  }
  link->last = pin;
  gs_tree_add(pinning->pins, pin);
}

static void take(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  Pinning *pinning = data;
  for (guint i = 0; i < count; i++) {
    const GsTraceRecord *record = &records[i];
    if (record->kind == GS_TRACE_SEND || record->kind == GS_TRACE_LOST)
      take_sent(pinning, view, record);
    else if (record->kind == GS_TRACE_DOUBLE && !pinning->is_full)
      set_duration(link_of(pinning, record->node, record->message.to)->last, "double",
                   record->due_ns - record->time_ns);
  }
}

GsTree *gs_pins_of_run(const GsAttempt *attempt, const GString *text, guint most) {
  Pinning pinning = {.pins = gs_tree_new(GS_JSON_ARRAY),
                     .links = g_hash_table_new_full(NULL, NULL, NULL, g_free),
                     .most = most};
  const GsTraceSink sink = {.take = take, .data = &pinning};
  GsAttempt traced = *attempt;
  traced.sink = &sink;
  g_autoptr(GsScenario) scenario = NULL;
  g_autoptr(GsResults) results = gs_attempt(&traced, text, &scenario, NULL);
  g_hash_table_unref(pinning.links);
  if (!results || pinning.is_full)
    g_clear_pointer(&pinning.pins, gs_tree_free);
  return pinning.pins;
}

static bool is_chance(const GsTree *scenario, const char *key) {
  const GsTree *value = gs_tree_member(gs_tree_member(scenario, "network"), key);
  if (!value)
    return false;
  /* A jitter is drawn, whatever it is; a latency where it is a distribution. */
  return !g_str_equal(key, "latency") || value->type == GS_JSON_OBJECT;
}

bool gs_pins_are_needed(const GsTree *scenario) {
  return is_chance(scenario, "latency") || is_chance(scenario, "jitter") ||
         is_chance(scenario, "loss") || is_chance(scenario, "duplicate");
}

void gs_pins_put(GsTree *scenario, GsTree *pins, const char *latency) {
  if (!gs_tree_member(scenario, "network"))
    gs_tree_set(scenario, "network", gs_tree_new(GS_JSON_OBJECT));
  GsTree *network = gs_tree_member(scenario, "network");
  gs_tree_drop(network, "jitter");
  gs_tree_drop(network, "loss");
  gs_tree_drop(network, "duplicate");
  gs_tree_drop(network, "latency");
  if (latency)
    gs_tree_set(network, "latency", gs_tree_string(latency));
  gs_tree_set(network, "messages", pins);
}

GsTree *gs_pins_in(const GsTree *scenario) {
  return gs_tree_member(gs_tree_member(scenario, "network"), "messages");
}

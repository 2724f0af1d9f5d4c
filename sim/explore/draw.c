/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/draw.h"

#include <inttypes.h>

#include "core/json/json_writer.h"
#include "sim/base/duration.h"
#include "sim/base/random.h"
#include "sim/base/time.h"
#include "sim/explore/drawing.h"
#include "sim/topology/family.h"

/** What a grid needs to be in sync beside the periods after which its nodes look again. */
#define SETTLES_MS 1800000
/** … and so many of these: one until somebody looks, one for whom the news of that did not reach,
 * one to spare. */
#define RESYNCS 3

const char *const gs_drawn_names[GS_DRAWN_KINDS + 1] = {"energies",
                                                        "repeated energies",
                                                        "new links",
                                                        "floods and waves",
                                                        "handshakes",
                                                        "latencies",
                                                        "jitter",
                                                        "overtaking",
                                                        "coalesce",
                                                        "recovery",
                                                        "four tries",
                                                        "doubled messages",
                                                        "loss to the end",
                                                        "loss",
                                                        "crashes",
                                                        "restarts",
                                                        "forgetful nodes",
                                                        "flapping",
                                                        "pauses",
                                                        "slow nodes",
                                                        "nodes that leave",
                                                        "cuts",
                                                        "one-way cuts",
                                                        "partitions",
                                                        "degraded links",
                                                        "faults by chance",
                                                        NULL};

uint32_t gs_drawing_below(Drawing *drawing, uint32_t bound) {
  GsDraw at = {drawing->seed, GS_PURPOSE_EXPLORE, 0, drawing->drawn++};
  return (uint32_t)gs_random_below(at, bound);
}

const char *gs_drawing_one_of(Drawing *drawing, guint count, const char *const *texts) {
  return texts[gs_drawing_below(drawing, count)];
}

bool gs_drawing_begin_member(Drawing *drawing, const char *key) {
  if (gs_tree_member(drawing->plan->base, key))
    return false;
  g_string_append_printf(drawing->out, ", \"%s\": ", key);
  return true;
}

void gs_drawing_append_name(Drawing *drawing, uint32_t node) {
  const GPtrArray *names = drawing->plan->names;
  if (!names) {
    g_string_append_printf(drawing->out, "\"N%u\"", node + 1);
    return;
  }
  g_autoptr(GsTree) name = gs_tree_string(names->pdata[node]);
  gs_tree_write(name, 0, drawing->out);
}

/** A grid of a family, with that family's defaults. */
static void append_topology(Drawing *drawing, const char *family) {
  GsTopologyKind kind = GS_TOPOLOGY_LINE;
  /* Some families have no grid that is so small. */
  if (drawing->nodes > 2)
    gs_family_find(family, &kind);
  GsTopologySpec spec = gs_family_defaults(kind, drawing->nodes);
  drawing->has_links =
      drawing->nodes > 1 && kind != GS_TOPOLOGY_ERDOS_RENYI && kind != GS_TOPOLOGY_GEOMETRIC;
  char number[GS_JSON_DOUBLE_BYTES];
  g_string_append_printf(drawing->out, "{\"kind\": \"%s\"", gs_topology_kind_names[kind]);
  if (kind == GS_TOPOLOGY_LATTICE)
    g_string_append_printf(drawing->out, ", \"rows\": %u, \"columns\": %u}", spec.rows,
                           spec.columns);
  else
    g_string_append_printf(drawing->out, ", \"nodes\": %u", drawing->nodes);
  if (kind == GS_TOPOLOGY_WATTS_STROGATZ)
    g_string_append_printf(drawing->out, ", \"k\": %u", drawing->nodes > 4 ? 4 : 2);
  if (kind == GS_TOPOLOGY_RANDOM_REGULAR)
    g_string_append_printf(drawing->out, ", \"k\": %u", drawing->nodes % 2 ? 2 : 3);
  if (kind == GS_TOPOLOGY_ERDOS_RENYI || kind == GS_TOPOLOGY_GEOMETRIC) {
    bool is_geometric = kind == GS_TOPOLOGY_GEOMETRIC;
    gs_json_double_text(number, is_geometric ? MIN(spec.radius, 1) : MIN(spec.p, 1));
    g_string_append_printf(drawing->out, ", \"%s\": %s", is_geometric ? "radius" : "p", number);
  }
  if (kind != GS_TOPOLOGY_LATTICE)
    g_string_append_c(drawing->out, '}');
}

static void draw_grid(Drawing *drawing) {
  const GsDrawPlan *plan = drawing->plan;
  if (plan->names) {
    drawing->nodes = plan->names->len;
    drawing->has_links = plan->has_links;
    return;
  }
  drawing->nodes =
      plan->least_nodes + gs_drawing_below(drawing, plan->most_nodes - plan->least_nodes + 1);
  const char *kind = plan->families->pdata[gs_drawing_below(drawing, plan->families->len)];
  if (gs_drawing_begin_member(drawing, "topology"))
    append_topology(drawing, kind);
  if (gs_drawing_begin_member(drawing, "energy"))
    g_string_append(drawing->out, "[{\"node\": \"*\", \"production\": {\"uniform\": [0, 99]}, "
                                  "\"consumption\": {\"uniform\": [0, 99]}}]");
}

/** How long after the last disturbance all must be in sync; 0: that is not certain. */
static int64_t bound_ms(const Drawing *drawing, int64_t resync_ms) {
  const GsTree *said = gs_tree_member(drawing->plan->base, "recovery");
  const GsTree *resync = said && said->children ? gs_tree_member(said, "resync") : NULL;
  int64_t resync_ns = resync_ms * GS_MILLISECOND_NS;
  if (resync && resync->type == GS_JSON_NUMBER)
    resync_ns = (int64_t)(resync->number * GS_SECOND_NS);
  else if (resync && !gs_duration_parse(resync->text, &resync_ns, NULL))
    return 0;
  return SETTLES_MS + RESYNCS * (resync_ns / GS_MILLISECOND_NS);
}

/** What nodes do about faults; returns after how long they look again. */
static int64_t draw_recovery(Drawing *drawing) {
  static const uint32_t resyncs_ms[] = {2000, 10000, 60000};
  uint32_t resync_ms = resyncs_ms[gs_drawing_below(drawing, G_N_ELEMENTS(resyncs_ms))];
  bool fixed = gs_drawing_once_in(drawing, 4);
  bool wanted = drawing->faults || gs_drawing_below(drawing, 2);
  if (!wanted || !gs_drawing_begin_member(drawing, "recovery"))
    return 60000;
  g_string_append_printf(drawing->out, "{\"limit\": \"%s\", \"resync\": \"%ums\"}",
                         fixed ? "1s" : "auto", resync_ms);
  gs_drawing_note(drawing, GS_DRAWN_RECOVERY);
  return resync_ms;
}

static void append_duration(GString *out, int64_t ms) {
  g_autofree char *text = gs_duration_format(ms * GS_MILLISECOND_NS);
  g_string_append_printf(out, "\"%s\"", text);
}

static void append_checks(Drawing *drawing, int64_t within_ms) {
  const GsDrawPlan *plan = drawing->plan;
  GsCheckSet checks = drawing->loses_to_the_end ? plan->lossy_checks : plan->checks;
  const char *before = "";
  g_string_append(drawing->out, ", \"expect\": {\"checks\": [");
  for (guint i = 0; i < GS_CHECKS; i++) {
    if (!(checks & 1u << i))
      continue;
    g_string_append_printf(drawing->out, "%s\"%s\"", before, gs_check_names[i]);
    before = ", ";
  }
  g_string_append_c(drawing->out, ']');
  if (within_ms && checks & (gs_check_set(GS_CHECK_IN_SYNC) | gs_check_set(GS_CHECK_REST))) {
    g_string_append(drawing->out, ", \"within\": ");
    append_duration(drawing->out, within_ms);
  }
  g_string_append_c(drawing->out, '}');
}

/** What it has of the base as it is: all but what is drawn, or said anew. */
static void append_base(Drawing *drawing) {
  static const char *const left_out[] = {"$schema", "seed", "network", "expect", NULL};
  const GsTree *base = drawing->plan->base;
  for (guint i = 0; i < gs_tree_count(base); i++) {
    const GsTree *member = gs_tree_at(base, i);
    if (g_strv_contains(left_out, member->key))
      continue;
    g_autoptr(GsTree) key = gs_tree_string(member->key);
    g_string_append(drawing->out, ", ");
    gs_tree_write(key, 0, drawing->out);
    g_string_append(drawing->out, ": ");
    gs_tree_write(member, 0, drawing->out);
  }
}

static void draw_ways(Drawing *drawing) {
  bool coalesces = gs_drawing_below(drawing, 2), shakes = gs_drawing_once_in(drawing, 4);
  if (coalesces && gs_drawing_begin_member(drawing, "sync")) {
    g_string_append(drawing->out, "\"coalesce\"");
    gs_drawing_note(drawing, GS_DRAWN_COALESCE);
  }
  if (shakes && gs_drawing_begin_member(drawing, "handshake")) {
    g_string_append(drawing->out, ONE_OF(drawing, "{\"at\": 0, \"every\": \"1ms\"}",
                                         "{\"at\": 0, \"every\": \"300ms\"}"));
    gs_drawing_note(drawing, GS_DRAWN_HANDSHAKE);
    drawing->last_ms = INT64_C(150) * drawing->nodes * (drawing->nodes - 1);
  }
}

uint32_t gs_draw_scenario(const GsDrawPlan *plan, uint64_t seed, GString *out) {
  Drawing drawing = {.plan = plan, .seed = seed, .out = out};
  g_string_append_printf(out, "{\"seed\": %" PRIu64, seed);
  append_base(&drawing);
  draw_grid(&drawing);
  gs_drawing_choose_faults(&drawing);
  gs_drawing_network(&drawing);
  draw_ways(&drawing);
  int64_t within_ms = bound_ms(&drawing, draw_recovery(&drawing));
  drawing.has_schedule = !gs_tree_member(plan->base, "schedule");
  gs_drawing_schedule(&drawing);
  gs_drawing_chances(&drawing);
  /* Nothing that goes on for ever goes unnoticed. */
  if (drawing.has_schedule && within_ms && gs_drawing_begin_member(&drawing, "until"))
    append_duration(out, drawing.last_ms + within_ms + 1000);
  append_checks(&drawing, within_ms);
  g_string_append_c(out, '}');
  return drawing.kinds;
}

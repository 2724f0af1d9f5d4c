/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/draw.h"

#include <inttypes.h>

#include "core/json/json_writer.h"
#include "sim/base/random.h"
#include "sim/topology/family.h"

const char *const gs_drawn_names[GS_DRAWN_KINDS + 1] = {
    "energies", "repeated energies", "new links", "floods and waves", "handshakes", "latencies",
    "jitter",   "overtaking",        "coalesce",  "recovery",         "crashes",    "cuts",
    NULL};

typedef struct {
  const GsDrawPlan *plan;
  uint64_t seed;
  uint32_t drawn; /**< so far */
  uint32_t kinds;
  uint32_t nodes;
  uint32_t span_ms; /**< in which all happens */
  bool has_links;   /**< for certain */
  GString *out;
} Drawing;

static uint32_t draw(Drawing *drawing, uint32_t bound) {
  GsDraw at = {drawing->seed, GS_PURPOSE_EXPLORE, 0, drawing->drawn++};
  return (uint32_t)gs_random_below(at, bound);
}

static const char *one_of(Drawing *drawing, guint count, const char *const *texts) {
  return texts[draw(drawing, count)];
}
#define ONE_OF(drawing, ...)                                                                       \
  one_of(drawing, G_N_ELEMENTS(((const char *const[]){__VA_ARGS__})),                              \
         (const char *const[]){__VA_ARGS__})

/** Begins a member that the base does not have; false: it has. */
static bool begin_member(Drawing *drawing, const char *key) {
  if (gs_tree_member(drawing->plan->base, key))
    return false;
  g_string_append_printf(drawing->out, ", \"%s\": ", key);
  return true;
}

static void note(Drawing *drawing, GsDrawnKind kind) {
  drawing->kinds |= 1u << kind;
}

static void append_name(Drawing *drawing, uint32_t node) {
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
  drawing->has_links = kind != GS_TOPOLOGY_ERDOS_RENYI && kind != GS_TOPOLOGY_GEOMETRIC;
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
    return;
  }
  drawing->nodes = plan->least_nodes + draw(drawing, plan->most_nodes - plan->least_nodes + 1);
  const char *kind = plan->families->pdata[draw(drawing, plan->families->len)];
  if (begin_member(drawing, "topology"))
    append_topology(drawing, kind);
  if (begin_member(drawing, "energy"))
    g_string_append(drawing->out, "[{\"node\": \"*\", \"production\": {\"uniform\": [0, 99]}, "
                                  "\"consumption\": {\"uniform\": [0, 99]}}]");
}

static void append_more(Drawing *drawing, bool *first, const char *key) {
  g_string_append_printf(drawing->out, "%s\"%s\": ", *first ? "" : ", ", key);
  *first = false;
}

/** The base's network with what it does not say. */
static void draw_network(Drawing *drawing) {
  const GsTree *said = gs_tree_member(drawing->plan->base, "network");
  bool first = true;
  uint32_t differ = draw(drawing, 2), varies = draw(drawing, 3), overtakes = draw(drawing, 2);
  g_string_append(drawing->out, ", \"network\": {");
  for (guint i = 0; i < gs_tree_count(said); i++) {
    append_more(drawing, &first, gs_tree_at(said, i)->key);
    gs_tree_write(gs_tree_at(said, i), 0, drawing->out);
  }
  if (!gs_tree_member(said, "latency")) {
    append_more(drawing, &first, "latency");
    g_string_append(drawing->out,
                    differ ? ONE_OF(drawing, "{\"uniform\": [\"1ms\", \"9ms\"]}",
                                    "{\"exponential\": \"5ms\"}",
                                    "{\"lognormal\": {\"median\": \"2ms\", \"sigma\": 1.5}}")
                           : ONE_OF(drawing, "0", "\"1ms\"", "\"1ms\"", "\"20ms\""));
    if (differ)
      note(drawing, GS_DRAWN_LATENCY);
  }
  if (!gs_tree_member(said, "jitter") && varies) {
    append_more(drawing, &first, "jitter");
    g_string_append(drawing->out,
                    ONE_OF(drawing, "\"1ms\"", "\"20ms\"", "{\"exponential\": \"5ms\"}",
                           "{\"lognormal\": {\"median\": \"5ms\", \"sigma\": 1.5}}"));
    note(drawing, GS_DRAWN_JITTER);
  }
  if (!gs_tree_member(said, "fifo") && overtakes) {
    append_more(drawing, &first, "fifo");
    g_string_append(drawing->out, "false");
    note(drawing, GS_DRAWN_OVERTAKING);
  }
  g_string_append_c(drawing->out, '}');
}

static void append_energies(Drawing *drawing) {
  uint32_t which = draw(drawing, 3);
  if (which != 1)
    g_string_append_printf(drawing->out, ", \"production\": %u", draw(drawing, 100));
  if (which != 0)
    g_string_append_printf(drawing->out, ", \"consumption\": %u", draw(drawing, 100));
}

/** What one entry does, of the kinds of this seed; `kinds` has one at least. */
static void append_entry(Drawing *drawing, uint32_t kinds) {
  uint32_t kind, at_ms = 1000 + draw(drawing, drawing->span_ms + 1);
  do
    kind = draw(drawing, 4);
  while (!(kinds & 1u << kind));
  g_string_append_printf(drawing->out, "{\"at\": \"%ums\", ", at_ms);
  uint32_t node = draw(drawing, drawing->nodes);
  if (kind == GS_DRAWN_LINK && drawing->nodes > 1) {
    g_string_append(drawing->out, "\"add_sibling\": [");
    append_name(drawing, node);
    g_string_append(drawing->out, ", ");
    append_name(drawing, (node + 1 + draw(drawing, drawing->nodes - 1)) % drawing->nodes);
    g_string_append(drawing->out, "]}");
    note(drawing, GS_DRAWN_LINK);
    return;
  }
  if (kind == GS_DRAWN_FLOOD) {
    g_string_append(drawing->out, ONE_OF(drawing, "\"sync_grid\": ", "\"update_net\": "));
    append_name(drawing, node);
    g_string_append_c(drawing->out, '}');
    note(drawing, GS_DRAWN_FLOOD);
    return;
  }
  note(drawing, GS_DRAWN_ENERGY);
  if (kind == GS_DRAWN_REPEATS) {
    uint32_t every_ms = 1 + draw(drawing, 1 + drawing->span_ms / 2);
    g_string_append_printf(drawing->out, "\"every\": \"%ums\", \"until\": \"%ums\", ", every_ms,
                           at_ms + every_ms * (1 + draw(drawing, 4)));
    note(drawing, GS_DRAWN_REPEATS);
  }
  g_string_append(drawing->out, "\"node\": ");
  append_name(drawing, node);
  append_energies(drawing);
  g_string_append_c(drawing->out, '}');
}

static void draw_schedule(Drawing *drawing) {
  static const uint32_t spans[] = {0, 10, 100, 1000};
  if (!begin_member(drawing, "schedule"))
    return;
  /* A bit each, as GsDrawnKind has the first four. */
  uint32_t kinds = 1 + draw(drawing, 15), entries = 1 + draw(drawing, 6);
  drawing->span_ms = spans[draw(drawing, G_N_ELEMENTS(spans))];
  g_string_append_c(drawing->out, '[');
  for (uint32_t i = 0; i < entries; i++) {
    g_string_append(drawing->out, i ? ", " : "");
    append_entry(drawing, kinds);
  }
  g_string_append_c(drawing->out, ']');
}

static void append_fault(Drawing *drawing, const char *what, const char *before) {
  g_string_append_printf(drawing->out,
                         "%s{\"%s\": {\"random\": 1}, \"mean_gap\": %s, \"for\": "
                         "{\"exponential\": %s}, \"from\": \"1s\", \"until\": \"10s\"}",
                         before, what, ONE_OF(drawing, "\"2s\"", "\"5s\""),
                         ONE_OF(drawing, "\"100ms\"", "\"1s\"", "\"3s\""));
}

/** All of them heal. Where nodes do nothing about them there are none, nor under other rules. */
static void draw_faults(Drawing *drawing) {
  const GsTree *base = drawing->plan->base, *recovery = gs_tree_member(base, "recovery");
  bool crashes = draw(drawing, 2), cuts = draw(drawing, 2) && drawing->has_links;
  bool is_none = recovery && g_strcmp0(recovery->text, "none") == 0;
  if ((!crashes && !cuts) || is_none || gs_tree_member(base, "protocol") ||
      !begin_member(drawing, "faults"))
    return;
  g_string_append_c(drawing->out, '[');
  if (crashes) {
    append_fault(drawing, "crash", "");
    note(drawing, GS_DRAWN_CRASH);
  }
  if (cuts) {
    append_fault(drawing, "cut", crashes ? ", " : "");
    note(drawing, GS_DRAWN_CUT);
  }
  g_string_append_c(drawing->out, ']');
}

static void append_checks(GString *out, GsCheckSet checks) {
  const char *before = "";
  g_string_append(out, ", \"expect\": {\"checks\": [");
  for (guint i = 0; i < GS_CHECKS; i++) {
    if (!(checks & 1u << i))
      continue;
    g_string_append_printf(out, "%s\"%s\"", before, gs_check_names[i]);
    before = ", ";
  }
  g_string_append(out, "]}");
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

uint32_t gs_draw_scenario(const GsDrawPlan *plan, uint64_t seed, GString *out) {
  Drawing drawing = {.plan = plan, .seed = seed, .out = out};
  g_string_append_printf(out, "{\"seed\": %" PRIu64, seed);
  append_base(&drawing);
  draw_grid(&drawing);
  draw_network(&drawing);
  bool coalesces = draw(&drawing, 2), shakes = draw(&drawing, 4) == 0, recovers = draw(&drawing, 2);
  if (coalesces && begin_member(&drawing, "sync")) {
    g_string_append(out, "\"coalesce\"");
    note(&drawing, GS_DRAWN_COALESCE);
  }
  if (shakes && begin_member(&drawing, "handshake")) {
    g_string_append(out, ONE_OF(&drawing, "{\"at\": 0, \"every\": \"1ms\"}",
                                "{\"at\": 0, \"every\": \"300ms\"}"));
    note(&drawing, GS_DRAWN_HANDSHAKE);
  }
  if (recovers && begin_member(&drawing, "recovery")) {
    g_string_append(out, "\"standard\"");
    note(&drawing, GS_DRAWN_RECOVERY);
  }
  draw_schedule(&drawing);
  draw_faults(&drawing);
  append_checks(out, plan->checks);
  g_string_append_c(out, '}');
  return drawing.kinds;
}

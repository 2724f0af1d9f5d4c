/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/drawing.h"

/** A grid keeps this many nodes at least for each that leaves it. */
#define STAY_PER_LEAVE 2u
/** Faults begin as early as what nodes are told. */
#define BEGIN_MS 1000u

void gs_drawing_choose_faults(Drawing *drawing) {
  static const uint32_t lengths_ms[] = {20, 200, 2000, 10000};
  const GsTree *base = drawing->plan->base, *recovery = gs_tree_member(base, "recovery");
  const GsTree *protocol = gs_tree_member(base, "protocol");
  bool none = gs_drawing_once_in(drawing, 4);
  uint32_t least = GS_DRAWN_FIRST_FAULT;
  /* As often few kinds as many: what many together hide, few show, and the other way round. */
  uint32_t once_in = 2 + gs_drawing_below(drawing, 5);
  for (uint32_t kind = least; kind < GS_DRAWN_KINDS; kind++)
    drawing->faults |= (uint32_t)gs_drawing_once_in(drawing, once_in) << kind;
  /* Where losing is for good nothing else can be expected, so that is rare. */
  if (!gs_drawing_once_in(drawing, 4))
    drawing->faults &= ~(1u << GS_DRAWN_LOSS_LASTS);
  drawing->faults_ms = lengths_ms[gs_drawing_below(drawing, G_N_ELEMENTS(lengths_ms))];
  /* Nodes that do nothing about faults cannot be held to anything then. */
  if (none || g_strcmp0(recovery ? recovery->text : NULL, "none") == 0 ||
      g_strcmp0(protocol ? protocol->text : NULL, "original") == 0)
    drawing->faults = 0;
}

/** A moment among those of the faults, before `end_ms` of them. */
static uint32_t moment(Drawing *drawing) {
  return BEGIN_MS + gs_drawing_below(drawing, drawing->faults_ms);
}

/** How long a fault lasts that begins then, to the end of all at most: `, "for": "…"`. */
static void append_for(Drawing *drawing, uint32_t at_ms) {
  static const uint32_t lengths_ms[] = {1, 10, 100, 1000, 5000};
  uint32_t most_ms = BEGIN_MS + drawing->faults_ms - at_ms;
  uint32_t lasts_ms = lengths_ms[gs_drawing_below(drawing, G_N_ELEMENTS(lengths_ms))];
  lasts_ms = MIN(1 + gs_drawing_below(drawing, 2 * lasts_ms), most_ms);
  g_string_append_printf(drawing->out, ", \"for\": \"%ums\"", lasts_ms);
  drawing->last_ms = MAX(drawing->last_ms, at_ms + lasts_ms);
}

static void append_keeps(Drawing *drawing) {
  if (!gs_drawing_has_fault(drawing, GS_DRAWN_FORGET) || gs_drawing_once_in(drawing, 3))
    return;
  g_string_append_printf(drawing->out, ", \"keeps\": %s",
                         ONE_OF(drawing, "\"energy\"", "\"nothing\""));
  gs_drawing_note(drawing, GS_DRAWN_FORGET);
}

/** Ends the entry of a fault, and begins one later that ends the fault. */
static void begin_end(Drawing *drawing, uint32_t at_ms) {
  g_string_append_c(drawing->out, '}');
  gs_drawing_begin_entry(
      drawing, at_ms + 1 + gs_drawing_below(drawing, BEGIN_MS + drawing->faults_ms - at_ms));
}

static void append_crash(Drawing *drawing, uint32_t at_ms) {
  uint32_t node = gs_drawing_below(drawing, drawing->nodes);
  g_string_append(drawing->out, "\"crash\": ");
  gs_drawing_append_name(drawing, node);
  append_keeps(drawing);
  if (!gs_drawing_has_fault(drawing, GS_DRAWN_RESTART) || gs_drawing_once_in(drawing, 3)) {
    append_for(drawing, at_ms);
    g_string_append_c(drawing->out, '}');
    return;
  }
  begin_end(drawing, at_ms);
  g_string_append(drawing->out, "\"restart\": ");
  gs_drawing_append_name(drawing, node);
  g_string_append_c(drawing->out, '}');
  gs_drawing_note(drawing, GS_DRAWN_RESTART);
}

/** Down and up again and again, or a link that is cut so. */
static void append_flapping(Drawing *drawing, uint32_t at_ms) {
  uint32_t every_ms = 2 + gs_drawing_below(drawing, MAX(drawing->faults_ms / 4, 1));
  uint32_t down_ms = 1 + gs_drawing_below(drawing, every_ms - 1);
  uint32_t last_ms = at_ms + every_ms * (1 + gs_drawing_below(drawing, 6));
  g_string_append_printf(drawing->out, "\"every\": \"%ums\", \"until\": \"%ums\", ", every_ms,
                         last_ms);
  if (drawing->has_links && gs_drawing_once_in(drawing, 3)) {
    g_string_append(drawing->out, "\"cut\": {\"random\": 1}");
  } else {
    g_string_append(drawing->out, "\"crash\": ");
    gs_drawing_append_name(drawing, gs_drawing_below(drawing, drawing->nodes));
    append_keeps(drawing);
  }
  g_string_append_printf(drawing->out, ", \"for\": \"%ums\"}", down_ms);
  drawing->last_ms = MAX(drawing->last_ms, last_ms + down_ms);
}

static void append_pause(Drawing *drawing, uint32_t at_ms) {
  g_string_append(drawing->out, "\"pause\": ");
  gs_drawing_append_name(drawing, gs_drawing_below(drawing, drawing->nodes));
  append_for(drawing, at_ms);
  g_string_append_c(drawing->out, '}');
}

static void append_slow(Drawing *drawing, uint32_t at_ms) {
  g_string_append(drawing->out, "\"slow\": ");
  gs_drawing_append_name(drawing, gs_drawing_below(drawing, drawing->nodes));
  g_string_append_printf(drawing->out, ", \"by\": %s", ONE_OF(drawing, "2", "10", "100"));
  append_for(drawing, at_ms);
  g_string_append_c(drawing->out, '}');
}

/** One or several links, or all; a cut that is healed by an entry ends so for all. */
static void append_cut(Drawing *drawing, uint32_t at_ms) {
  g_string_append(drawing->out, "\"cut\": ");
  g_string_append(drawing->out, ONE_OF(drawing, "{\"random\": 1}", "{\"random\": 1}", "\"*\""));
  if (!gs_drawing_once_in(drawing, 3)) {
    append_for(drawing, at_ms);
    g_string_append_c(drawing->out, '}');
    return;
  }
  begin_end(drawing, at_ms);
  g_string_append(drawing->out, "\"heal\": \"*\"}");
}

static void append_one_way(Drawing *drawing, uint32_t at_ms) {
  g_string_append(drawing->out, "\"cut\": {\"random\": 1}, \"one_way\": true");
  append_for(drawing, at_ms);
  g_string_append_c(drawing->out, '}');
}

static void append_partition(Drawing *drawing, uint32_t at_ms) {
  uint32_t groups = 2 + gs_drawing_below(drawing, MIN(drawing->nodes - 1, 3));
  if (gs_drawing_below(drawing, 2)) {
    g_string_append_printf(drawing->out, "\"partition\": {\"random\": %u}", groups);
  } else {
    g_string_append(drawing->out, "\"partition\": [[");
    gs_drawing_append_name(drawing, gs_drawing_below(drawing, drawing->nodes));
    g_string_append(drawing->out, "], \"*rest\"]");
  }
  append_for(drawing, at_ms);
  g_string_append_c(drawing->out, '}');
}

static void append_degrade(Drawing *drawing, uint32_t at_ms) {
  g_string_append_printf(drawing->out, "\"degrade\": {%s}, \"links\": %s",
                         ONE_OF(drawing, "\"loss\": 0.1", "\"loss\": 0.5", "\"loss\": 1",
                                "\"latency\": \"50ms\"", "\"latency\": \"1s\"",
                                "\"loss\": 0.2, \"latency\": \"100ms\""),
                         ONE_OF(drawing, "{\"random\": 1}", "\"*\""));
  append_for(drawing, at_ms);
  g_string_append_c(drawing->out, '}');
}

/** The whole network loses until the faults end. */
static void append_loss(Drawing *drawing, uint32_t at_ms) {
  g_string_append_printf(
      drawing->out, "\"degrade\": {\"loss\": %s}, \"links\": \"*\", \"for\": \"%ums\"}",
      ONE_OF(drawing, "0.01", "0.05", "0.2", "0.4"), BEGIN_MS + drawing->faults_ms - at_ms);
  drawing->last_ms = MAX(drawing->last_ms, BEGIN_MS + (int64_t)drawing->faults_ms);
}

typedef struct {
  GsDrawnKind kind;
  bool of_links;  /**< there must be one */
  uint32_t nodes; /**< there must be */
  uint32_t most;  /**< entries */
  void (*append)(Drawing *drawing, uint32_t at_ms);
} FaultKind;

static const FaultKind fault_kinds[] = {
    {GS_DRAWN_CRASH, false, 1, 3, append_crash},
    {GS_DRAWN_FLAP, false, 1, 1, append_flapping},
    {GS_DRAWN_PAUSE, false, 1, 2, append_pause},
    {GS_DRAWN_SLOW, false, 1, 2, append_slow},
    {GS_DRAWN_CUT, true, 2, 3, append_cut},
    {GS_DRAWN_ONE_WAY, true, 2, 2, append_one_way},
    {GS_DRAWN_PARTITION, false, 2, 2, append_partition},
    {GS_DRAWN_DEGRADE, true, 2, 2, append_degrade},
    {GS_DRAWN_LOSS, true, 2, 1, append_loss},
};

/** Different nodes, of which most stay. */
static void append_leaves(Drawing *drawing) {
  uint32_t most = drawing->nodes / (1 + STAY_PER_LEAVE);
  if (!most || !gs_drawing_has_fault(drawing, GS_DRAWN_LEAVE))
    return;
  uint32_t count = 1 + gs_drawing_below(drawing, most);
  uint32_t first = gs_drawing_below(drawing, drawing->nodes);
  for (uint32_t i = 0; i < count; i++) {
    gs_drawing_begin_entry(drawing, moment(drawing));
    g_string_append(drawing->out, "\"leave\": ");
    gs_drawing_append_name(drawing, (first + 2 * i) % drawing->nodes);
    g_string_append_c(drawing->out, '}');
  }
  gs_drawing_note(drawing, GS_DRAWN_LEAVE);
}

void gs_drawing_fault_entries(Drawing *drawing) {
  for (guint i = 0; i < G_N_ELEMENTS(fault_kinds); i++) {
    const FaultKind *fault = &fault_kinds[i];
    bool can_be = drawing->nodes >= fault->nodes && (drawing->has_links || !fault->of_links);
    if (!can_be || !gs_drawing_has_fault(drawing, fault->kind))
      continue;
    uint32_t count = 1 + gs_drawing_below(drawing, fault->most);
    for (uint32_t k = 0; k < count; k++) {
      uint32_t at_ms = fault->kind == GS_DRAWN_LOSS ? 0 : moment(drawing);
      gs_drawing_begin_entry(drawing, at_ms);
      fault->append(drawing, at_ms);
    }
    gs_drawing_note(drawing, fault->kind);
  }
  append_leaves(drawing);
}

/* ---- By chance ---- */

static const struct {
  const char *what;
  bool of_links;
} chances[] = {
    {"\"crash\": {\"random\": 1}", false},
    {"\"crash\": {\"random\": 1}, \"keeps\": \"nothing\"", false},
    {"\"pause\": {\"random\": 1}", false},
    {"\"slow\": {\"random\": 1}, \"by\": 20", false},
    {"\"cut\": {\"random\": 1}", true},
    {"\"cut\": {\"random\": 1}, \"one_way\": true", true},
    {"\"degrade\": {\"loss\": 0.3}, \"links\": \"*\"", true},
    {"\"partition\": {\"random\": 2}", true},
};

static void append_chance(Drawing *drawing) {
  uint32_t which;
  do
    which = gs_drawing_below(drawing, G_N_ELEMENTS(chances));
  while (chances[which].of_links && !drawing->has_links);
  /* Lengths that have a bound, so that the end of all faults has one. */
  static const uint32_t parts[] = {2, 5, 20}, lengths[] = {100, 20, 4};
  uint32_t gap_ms = MAX(drawing->faults_ms / parts[gs_drawing_below(drawing, 3)], 1);
  uint32_t most_ms = 1 + drawing->faults_ms / lengths[gs_drawing_below(drawing, 3)];
  uint32_t until_ms = BEGIN_MS + drawing->faults_ms;
  g_string_append_printf(drawing->out,
                         "{%s, \"mean_gap\": \"%ums\", \"for\": {\"uniform\": [\"1ms\", \"%ums\"]},"
                         " \"from\": \"%ums\", \"until\": \"%ums\"}",
                         chances[which].what, gap_ms, most_ms, BEGIN_MS, until_ms);
  drawing->last_ms = MAX(drawing->last_ms, (int64_t)until_ms + most_ms);
}

void gs_drawing_chances(Drawing *drawing) {
  /* What the base tells nodes leaves no other place for faults. */
  bool wanted =
      gs_drawing_has_fault(drawing, GS_DRAWN_CHANCE) || (drawing->faults && !drawing->has_schedule);
  if (!wanted || !gs_drawing_begin_member(drawing, "faults"))
    return;
  uint32_t count = 1 + gs_drawing_below(drawing, 3);
  g_string_append_c(drawing->out, '[');
  for (uint32_t i = 0; i < count; i++) {
    g_string_append(drawing->out, i ? ", " : "");
    append_chance(drawing);
  }
  g_string_append_c(drawing->out, ']');
  gs_drawing_note(drawing, GS_DRAWN_CHANCE);
}

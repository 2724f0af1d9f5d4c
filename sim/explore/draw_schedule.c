/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/drawing.h"

/** What is told to nodes: as GsDrawnKind has the first ones. */
#define TOLD_KINDS 4u

void gs_drawing_begin_entry(Drawing *drawing, uint32_t at_ms) {
  g_string_append_printf(drawing->out, "%s{\"at\": \"%ums\", ", drawing->entries++ ? ", " : "",
                         at_ms);
  drawing->last_ms = MAX(drawing->last_ms, at_ms);
}

static void append_energies(Drawing *drawing) {
  uint32_t which = gs_drawing_below(drawing, 3);
  if (which != 1)
    g_string_append_printf(drawing->out, ", \"production\": %u", gs_drawing_below(drawing, 100));
  if (which != 0)
    g_string_append_printf(drawing->out, ", \"consumption\": %u", gs_drawing_below(drawing, 100));
}

/** Soon again, while what it led to is still under way, or some time later. */
static void append_every(Drawing *drawing, uint32_t at_ms) {
  bool soon = gs_drawing_below(drawing, 2);
  uint32_t every_ms = 1 + gs_drawing_below(drawing, soon ? 10 : 1 + drawing->span_ms / 2);
  uint32_t last_ms = at_ms + every_ms * (1 + gs_drawing_below(drawing, 4));
  g_string_append_printf(drawing->out, "\"every\": \"%ums\", \"until\": \"%ums\", ", every_ms,
                         last_ms);
  drawing->last_ms = MAX(drawing->last_ms, last_ms);
  gs_drawing_note(drawing, GS_DRAWN_REPEATS);
}

/** What one entry does, of the kinds of this seed; `kinds` has one at least. */
static void append_told(Drawing *drawing, uint32_t kinds) {
  uint32_t kind, at_ms = 1000 + gs_drawing_below(drawing, drawing->span_ms + 1);
  do
    kind = gs_drawing_below(drawing, TOLD_KINDS);
  while (!(kinds & 1u << kind));
  gs_drawing_begin_entry(drawing, at_ms);
  uint32_t node = gs_drawing_below(drawing, drawing->nodes);
  if (kind == GS_DRAWN_LINK && drawing->nodes > 1) {
    g_string_append(drawing->out, "\"add_sibling\": [");
    gs_drawing_append_name(drawing, node);
    g_string_append(drawing->out, ", ");
    uint32_t other = node + 1 + gs_drawing_below(drawing, drawing->nodes - 1);
    gs_drawing_append_name(drawing, other % drawing->nodes);
    g_string_append(drawing->out, "]}");
    gs_drawing_note(drawing, GS_DRAWN_LINK);
    return;
  }
  if (kind == GS_DRAWN_FLOOD) {
    g_string_append(drawing->out, ONE_OF(drawing, "\"sync_grid\": ", "\"update_net\": "));
    gs_drawing_append_name(drawing, node);
    g_string_append_c(drawing->out, '}');
    gs_drawing_note(drawing, GS_DRAWN_FLOOD);
    return;
  }
  gs_drawing_note(drawing, GS_DRAWN_ENERGY);
  if (kind == GS_DRAWN_REPEATS)
    append_every(drawing, at_ms);
  g_string_append(drawing->out, "\"node\": ");
  gs_drawing_append_name(drawing, node);
  append_energies(drawing);
  g_string_append_c(drawing->out, '}');
}

void gs_drawing_schedule(Drawing *drawing) {
  static const uint32_t spans[] = {0, 10, 100, 1000};
  if (!gs_drawing_begin_member(drawing, "schedule"))
    return;
  uint32_t kinds = 1 + gs_drawing_below(drawing, (1u << TOLD_KINDS) - 1);
  uint32_t entries = 1 + gs_drawing_below(drawing, 6);
  drawing->span_ms = spans[gs_drawing_below(drawing, G_N_ELEMENTS(spans))];
  g_string_append_c(drawing->out, '[');
  for (uint32_t i = 0; i < entries; i++)
    append_told(drawing, kinds);
  gs_drawing_fault_entries(drawing);
  g_string_append_c(drawing->out, ']');
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/drawing.h"

typedef struct {
  Drawing *drawing;
  const GsTree *said; /**< the base's network; NULL: it has none */
  bool first;
} Network;

/** Begins a member that the base's network does not have; false: it has. */
static bool begin(Network *network, const char *key) {
  if (gs_tree_member(network->said, key))
    return false;
  g_string_append_printf(network->drawing->out, "%s\"%s\": ", network->first ? "" : ", ", key);
  network->first = false;
  return true;
}

static void append_said(Network *network) {
  for (guint i = 0; i < gs_tree_count(network->said); i++) {
    const GsTree *member = gs_tree_at(network->said, i);
    g_autoptr(GsTree) key = gs_tree_string(member->key);
    g_string_append(network->drawing->out, network->first ? "" : ", ");
    gs_tree_write(key, 0, network->drawing->out);
    g_string_append(network->drawing->out, ": ");
    gs_tree_write(member, 0, network->drawing->out);
    network->first = false;
  }
}

static void draw_latency(Network *network) {
  Drawing *drawing = network->drawing;
  bool differ = gs_drawing_below(drawing, 2);
  if (!begin(network, "latency"))
    return;
  g_string_append(drawing->out,
                  differ ? ONE_OF(drawing, "{\"uniform\": [\"1ms\", \"9ms\"]}",
                                  "{\"exponential\": \"5ms\"}",
                                  "{\"lognormal\": {\"median\": \"2ms\", \"sigma\": 1.5}}")
                         : ONE_OF(drawing, "0", "\"1ms\"", "\"1ms\"", "\"20ms\""));
  if (differ)
    gs_drawing_note(drawing, GS_DRAWN_LATENCY);
}

/** How messages of one link differ, and whether they may overtake each other. */
static void draw_order(Network *network) {
  Drawing *drawing = network->drawing;
  bool overtakes = gs_drawing_below(drawing, 2);
  /* Nothing overtakes where all take the same. */
  bool varies = gs_drawing_below(drawing, 3) || overtakes;
  if (varies && begin(network, "jitter")) {
    /* Also a message that takes longest, from a node that is slow, has arrived within the bound:
     * with a sigma of 2 one in a million takes half a minute, from a slow node an hour. */
    g_string_append(drawing->out,
                    ONE_OF(drawing, "\"1ms\"", "\"20ms\"", "{\"exponential\": \"5ms\"}",
                           "{\"lognormal\": {\"median\": \"5ms\", \"sigma\": 1}}",
                           "{\"lognormal\": {\"median\": \"2ms\", \"sigma\": 1.5}}"));
    gs_drawing_note(drawing, GS_DRAWN_JITTER);
  }
  if (overtakes && begin(network, "fifo")) {
    g_string_append(drawing->out, "false");
    gs_drawing_note(drawing, GS_DRAWN_OVERTAKING);
  }
}

static void draw_failures(Network *network) {
  Drawing *drawing = network->drawing;
  if (gs_drawing_has_fault(drawing, GS_DRAWN_TRIES) && begin(network, "transport")) {
    g_string_append_printf(drawing->out, "{\"tries\": 4, \"after\": %s}",
                           ONE_OF(drawing, "\"10ms\"", "\"50ms\"", "\"200ms\""));
    gs_drawing_note(drawing, GS_DRAWN_TRIES);
  }
  if (gs_drawing_has_fault(drawing, GS_DRAWN_DOUBLES) && begin(network, "duplicate")) {
    g_string_append(drawing->out, ONE_OF(drawing, "0.01", "0.1", "0.3"));
    gs_drawing_note(drawing, GS_DRAWN_DOUBLES);
  }
  if (gs_drawing_has_fault(drawing, GS_DRAWN_LOSS_LASTS) && begin(network, "loss")) {
    g_string_append(drawing->out, ONE_OF(drawing, "0.01", "0.05", "0.2"));
    gs_drawing_note(drawing, GS_DRAWN_LOSS_LASTS);
    drawing->loses_to_the_end = true;
  }
}

void gs_drawing_network(Drawing *drawing) {
  Network network = {drawing, gs_tree_member(drawing->plan->base, "network"), true};
  const GsTree *loss = gs_tree_member(network.said, "loss");
  drawing->loses_to_the_end = loss && !(loss->type == GS_JSON_NUMBER && loss->number == 0);
  g_string_append(drawing->out, ", \"network\": {");
  append_said(&network);
  draw_latency(&network);
  draw_order(&network);
  draw_failures(&network);
  g_string_append_c(drawing->out, '}');
}

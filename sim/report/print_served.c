/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/print_served.h"

#include "sim/base/text.h"
#include "sim/report/print.h"
#include "sim/report/table.h"

#define NAME_WIDTH 24

static void name_cell(GsTable *table, const GsScenario *scenario, const GsServed *served) {
  gs_table_cell(table, gs_text_clean(scenario->nodes[served->node].name), GS_STYLE_NONE);
}

void gs_print_listening(const GsScenario *scenario, const GArray *served, GsStyle style,
                        GString *out) {
  g_autofree char *name = gs_text_clean(scenario->name);
  g_autofree char *nodes = gs_text_plural(scenario->node_count, "node");
  g_string_append_printf(out, "%s: %s, %u over HTTP; Ctrl-C ends\n", name, nodes, served->len);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, NULL, false, NAME_WIDTH);
  gs_table_column(table, NULL, false, 0);
  for (guint i = 0; i < served->len; i++) {
    const GsServed *entry = &g_array_index(served, GsServed, i);
    name_cell(table, scenario, entry);
    gs_table_cell(table, g_strdup_printf("http://%s/messaging", entry->address), GS_STYLE_NONE);
  }
  /* Addresses are there to be copied: whole on every terminal. */
  gs_table_print(table, (GsStyle){.color = style.color}, out);
  const char *first = g_array_index(served, GsServed, 0).address;
  g_string_append_printf(
      out,
      "Try\n"
      "  curl --request GET 'http://%s/messaging' --header 'Content-Type: application/json' \\\n"
      "    --data-raw '{\"envType\": \"Tell\", \"msgType\": \"UpdateEnergy\", "
      "\"msg\": {\"production\": 5, \"consumption\": 10}}'\n"
      "  curl http://%s/state        also /metrics, /events, /health\n\n",
      first, first);
}

/** What became of siblings that were not, where there is something to say. */
static void print_no_siblings(const GsServeReport *report, GsStyle style, GString *out) {
  uint64_t ids = 0, peers = 0, asks = 0;
  for (guint i = 0; i < report->served->len; i++) {
    const GsServed *served = &g_array_index(report->served, GsServed, i);
    ids += served->refused_id;
    peers += served->refused_peers;
    asks += served->asks_failed;
  }
  g_autofree char *of_ids = gs_text_plural(ids, "AddSibling message");
  g_autofree char *of_peers = gs_text_plural(peers, "AddSibling message");
  g_autofree char *of_asks = gs_text_plural(asks, "Ask");
  if (ids)
    gs_print_fact(out, style, "ids", "%s refused, with the id of another node", of_ids);
  if (peers)
    gs_print_fact(out, style, "neighbours", "%s refused, as too many foreign nodes were known",
                  of_peers);
  if (asks)
    gs_print_fact(out, style, "no siblings", "%s to be a sibling failed", of_asks);
}

void gs_print_served(const GsScenario *scenario, const GsServeReport *report, GsStyle style,
                     GString *out) {
  static const char *const headings[] = {"accepted", "handled", "lost",
                                         "left",     "refused", "forbidden"};
  gs_print_section("Over HTTP", style, out);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, "node", false, NAME_WIDTH);
  gs_table_column(table, "address", false, 0);
  for (guint i = 0; i < G_N_ELEMENTS(headings); i++)
    gs_table_column(table, headings[i], true, 0);
  for (guint i = 0; i < report->served->len; i++) {
    const GsServed *served = &g_array_index(report->served, GsServed, i);
    const uint64_t counts[] = {served->accepted, served->handled, served->lost,
                               served->left,     served->refused, served->forbidden};
    name_cell(table, scenario, served);
    gs_table_cell(table, g_strdup(served->address), GS_STYLE_NONE);
    for (guint c = 0; c < G_N_ELEMENTS(counts); c++)
      gs_table_cell(table, gs_text_count(counts[c]),
                    c >= 2 && counts[c] ? GS_STYLE_NOTICE : GS_STYLE_NONE);
  }
  gs_table_print(table, style, out);
  print_no_siblings(report, style, out);
  if (!report->sent && !report->unsent)
    return;
  g_autofree char *sent = gs_text_plural(report->sent, "message");
  g_autofree char *delivered = gs_text_count(report->delivered);
  g_autofree char *not_delivered = gs_text_count(report->undelivered);
  g_autofree char *unsent = gs_text_count(report->unsent);
  gs_print_fact(out, style, "sent out", "%s: %s delivered, %s not; %s more were not sent", sent,
                delivered, not_delivered, unsent);
}

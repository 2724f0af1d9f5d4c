/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/text.h"
#include "sim/report/print.h"
#include "sim/report/table.h"
#include "sim/report/words.h"

/** Up to ALL_SHOWN every disturbance has a row; beyond that the first and last ones. */
#define ALL_SHOWN 20
#define FIRST_SHOWN 10
#define LAST_SHOWN 5

typedef struct {
  GsTable *table;
  bool types[GS_MESSAGE_TYPES]; /**< has a column */
} DisturbanceTable;

static void add_row(const GsResults *results, const DisturbanceTable *rows, uint32_t i) {
  const GsDisturbance *disturbance = &results->disturbances[i];
  GsTable *table = rows->table;
  gs_table_cell(table, gs_text_duration(disturbance->at_ns), GS_STYLE_NONE);
  gs_table_cell(table, gs_text_clean(disturbance->what), GS_STYLE_NONE);
  gs_table_cell(table, gs_text_count(gs_message_counts_total(&disturbance->messages)),
                GS_STYLE_NONE);
  for (int type = 0; type < GS_MESSAGE_TYPES; type++) {
    if (!rows->types[type])
      continue;
    uint64_t count = gs_message_counts_by_type(&disturbance->messages, (GsMessageType)type);
    gs_table_cell(table, count > 0 ? gs_text_count(count) : g_strdup("-"), GS_STYLE_FAINT);
  }
  if (results->scenario->has_faults) {
    uint64_t wrong = disturbance->wrong_nodes;
    gs_table_cell(table, wrong ? gs_text_count(wrong) : g_strdup("-"), GS_STYLE_NONE);
    gs_table_cell(table, wrong ? gs_text_count(disturbance->wrong_by) : g_strdup("-"),
                  GS_STYLE_NONE);
  }
  gs_table_cell(table, gs_words_hops(disturbance->hops), GS_STYLE_NONE);
  if (disturbance->converged_after_ns < 0)
    gs_table_cell(table, g_strdup(results->quiescent ? "never" : "not yet"), GS_STYLE_BAD);
  else
    gs_table_cell(table, gs_text_span(disturbance->converged_after_ns), GS_STYLE_GOOD);
}

static void print_spread(const char *what, GsSpread spread, bool times, GsTable *table) {
  if (spread.count == 0)
    return;
  int64_t values[] = {spread.min, spread.median, spread.max};
  gs_table_cell(table, g_strdup(what), GS_STYLE_NONE);
  for (guint i = 0; i < G_N_ELEMENTS(values); i++)
    gs_table_cell(table, times ? gs_text_span(values[i]) : gs_text_int(values[i]), GS_STYLE_NONE);
}

/** Smallest, median and largest over all disturbances. */
static void print_summary(const GsResults *results, GsStyle style, GString *out) {
  uint32_t count = results->disturbance_count, converged = 0;
  g_autofree int64_t *messages = g_new(int64_t, count);
  g_autofree int64_t *times = g_new(int64_t, count);
  for (uint32_t i = 0; i < count; i++) {
    const GsDisturbance *disturbance = &results->disturbances[i];
    messages[i] = (int64_t)gs_message_counts_total(&disturbance->messages);
    if (disturbance->converged_after_ns >= 0)
      times[converged++] = disturbance->converged_after_ns;
  }
  g_autoptr(GsTable) table = gs_table_new();
  g_autofree char *all = gs_text_count(count);
  g_autofree char *heading =
      g_strdup_printf("over %s %s", results->disturbances_left_out ? "the first" : "all", all);
  gs_table_column(table, heading, false, 0);
  gs_table_column(table, "smallest", true, 0);
  gs_table_column(table, "median", true, 0);
  gs_table_column(table, "largest", true, 0);
  print_spread("messages", gs_spread_of(messages, count), false, table);
  print_spread("in sync after", gs_spread_of(times, converged), true, table);
  g_string_append_c(out, '\n');
  gs_table_print(table, style, out);
  if (converged < count) {
    g_autofree char *never = gs_text_plural(count - converged, "disturbance");
    g_string_append_printf(out, "  %safter %s the grid %s into sync for good%s\n",
                           gs_style_begin(style, GS_STYLE_BAD), never,
                           results->quiescent ? "never came" : "had not come",
                           gs_style_end(style, GS_STYLE_BAD));
  }
}

void gs_print_disturbances(const GsResults *results, GsStyle style, GString *out) {
  uint32_t count = results->disturbance_count;
  if (count == 0)
    return;
  gs_print_section("Disturbances", style, out);
  g_autoptr(GsTable) table = gs_table_new();
  DisturbanceTable rows = {.table = table};
  for (uint32_t i = 0; i < count; i++)
    for (int type = 0; type < GS_MESSAGE_TYPES; type++)
      rows.types[type] |=
          gs_message_counts_by_type(&results->disturbances[i].messages, (GsMessageType)type) > 0;
  gs_table_column(table, "at", true, 0);
  gs_table_column(table, "what", false, 0);
  gs_table_shrinks(table, GS_PRINT_TABLE_WIDTH);
  gs_table_column(table, "messages", true, 0);
  for (int type = 0; type < GS_MESSAGE_TYPES; type++)
    if (rows.types[type])
      gs_table_column(table, gs_message_type_name((GsMessageType)type), true, 0);
  if (results->scenario->has_faults) {
    gs_table_column(table, "nodes wrong", true, 0);
    g_autofree char *unit = gs_text_clean(results->scenario->unit);
    g_autofree char *by = g_strconcat("by ", unit, NULL);
    gs_table_column(table, by, true, 0);
    gs_table_optional(table);
  }
  gs_table_column(table, "hops", true, 0);
  gs_table_optional(table);
  gs_table_column(table, "in sync after", true, 0);

  bool all = count <= ALL_SHOWN;
  for (uint32_t i = 0; i < (all ? count : FIRST_SHOWN); i++)
    add_row(results, &rows, i);
  if (!all) {
    g_autofree char *more = gs_text_count(count - FIRST_SHOWN - LAST_SHOWN);
    g_autofree char *line = g_strdup_printf("… %s more …", more);
    gs_table_line(table, line);
    for (uint32_t i = count - LAST_SHOWN; i < count; i++)
      add_row(results, &rows, i);
  }
  gs_table_print(table, style, out);
  if (results->disturbances_left_out > 0) {
    g_autofree char *later = gs_text_count(results->disturbances_left_out);
    g_string_append_printf(out, "  … and %s later ones, which count in the totals only\n", later);
  }
  if (!all)
    print_summary(results, style, out);
}

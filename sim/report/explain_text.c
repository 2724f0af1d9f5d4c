/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/explain.h"

#include <inttypes.h>

#include "sim/base/text.h"
#include "sim/report/print.h"
#include "sim/report/table.h"
#include "sim/report/words.h"

/** From here on it is worth saying how long a run may take. */
#define LARGE_MESSAGES 5000000
/** What runs reached where gridsim was developed; for rough estimates only. */
#define MESSAGES_PER_S 2e6

static void print_grid(const GsExplanation *explanation, GsStyle style, GString *out) {
  const GsScenario *scenario = explanation->scenario;
  g_autofree char *nodes = gs_text_plural(scenario->node_count, "node");
  g_autofree char *links = gs_text_plural(explanation->links, "link");
  g_autofree char *islands = gs_text_plural(explanation->islands, "island");
  g_autofree char *topology = gs_words_topology(scenario);
  gs_print_fact(out, style, "grid", "%s, %s, %s; %s", nodes, links, islands, topology);
  if (explanation->links != explanation->links_at_start) {
    g_autofree char *first_links = gs_text_plural(explanation->links_at_start, "link");
    g_autofree char *first_islands = gs_text_plural(explanation->islands_at_start, "island");
    gs_print_fact(out, style, "at first", "%s, %s", first_links, first_islands);
  }
  g_autofree char *min = gs_text_count(explanation->degree_min);
  g_autofree char *max = gs_text_count(explanation->degree_max);
  if (explanation->degree_min == explanation->degree_max)
    gs_print_fact(out, style, "siblings", "%s per node", min);
  else
    gs_print_fact(out, style, "siblings", "%s to %s per node, mean %.1f", min, max,
                  2 * (double)explanation->links / scenario->node_count);
  g_autofree char *unit = gs_text_clean(scenario->unit);
  g_autofree char *p = gs_text_int(explanation->production);
  g_autofree char *c = gs_text_int(explanation->consumption);
  g_autofree char *n = gs_text_int(explanation->production - explanation->consumption);
  gs_print_fact(out, style, "energy", "production %s %s, consumption %s %s, net %s %s", p, unit, c,
                unit, n, unit);
}

static void print_rules(const GsScenario *scenario, GsStyle style, GString *out) {
  g_autofree char *network = gs_words_network(scenario);
  g_autofree char *pace = gs_words_pace(scenario);
  gs_print_fact(out, style, "network", "%s", network);
  gs_print_fact(out, style, "pace", "%s", pace);
  gs_print_fact(out, style, "protocol", "%s, sync %s", gs_words_protocol_name(scenario->protocol),
                gs_words_sync_name(scenario->sync));
  g_autofree char *recovery = gs_words_recovery_why(scenario, false);
  gs_print_fact(out, style, "recovery", "%s", recovery);
  gs_print_fact(out, style, "start", "%s",
                scenario->cold ? "cold: no node knows the grid's net"
                               : "settled: every node knows its island's net");
  gs_print_fact(out, style, "seed", "%" PRIu64, scenario->seed);
  if (scenario->until_ns == GS_TIME_NEVER) {
    gs_print_fact(out, style, "ends", "when nothing is left to happen");
  } else {
    g_autofree char *until = gs_text_duration(scenario->until_ns);
    gs_print_fact(out, style, "ends", "at %s, or when nothing is left to happen", until);
  }
}

static char *messages_text(uint64_t messages) {
  return messages == UINT64_MAX ? g_strdup("beyond counting") : gs_text_count(messages);
}

static void print_schedule(const GsExplanation *explanation, GsStyle style, GString *out) {
  if (explanation->occurrences == 0) {
    gs_print_section("Schedule", style, out);
    g_string_append(out, "  nothing happens\n");
    return;
  }
  g_autofree char *count = gs_text_plural(explanation->occurrences, "disturbance");
  g_autofree char *heading =
      g_strdup_printf("Schedule (%s%s)", explanation->more_occurrences ? "more than " : "", count);
  gs_print_section(heading, style, out);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, "at", true, 0);
  gs_table_column(table, "what", false, 0);
  gs_table_shrinks(table, GS_PRINT_TABLE_WIDTH);
  gs_table_column(table, "messages", true, 0);
  for (guint i = 0; i < explanation->first->len; i++) {
    const GsForecastRow *row = &g_array_index(explanation->first, GsForecastRow, i);
    gs_table_cell(table, gs_text_duration(row->at_ns), GS_STYLE_NONE);
    gs_table_cell(table, gs_text_clean(row->what), GS_STYLE_NONE);
    gs_table_cell(table, messages_text(row->messages), GS_STYLE_NONE);
  }
  if (explanation->occurrences > explanation->first->len) {
    g_autofree char *more = gs_text_count(explanation->occurrences - explanation->first->len);
    g_autofree char *line =
        g_strdup_printf("… and %s%s more", explanation->more_occurrences ? "at least " : "", more);
    gs_table_line(table, line);
  }
  gs_table_print(table, style, out);
}

/** How long it may take, where that is long, and how much memory. */
static void print_cost(const GsExplanation *explanation, GsStyle style, GString *out) {
  if (explanation->messages > LARGE_MESSAGES) {
    double seconds = (double)explanation->messages / MESSAGES_PER_S;
    /* Years do not become clearer by counting them. */
    bool absurd = seconds > 365.0 * 86400;
    g_autofree char *time = absurd ? g_strdup("more than a year")
                                   : gs_text_duration(((int64_t)seconds + 1) * GS_SECOND_NS);
    gs_print_mark(out, style, absurd ? GS_STYLE_BAD : GS_STYLE_NOTICE, "takes", "very roughly %s",
                  time);
  }
  g_autofree char *memory = gs_text_bytes(explanation->memory.bytes);
  bool lossless = explanation->trust != GS_FORECAST_LOSSLESS;
  gs_print_fact(out, style, "memory", "about %s%s", memory,
                lossless ? "" : "; more if waves stay open");
}

static void print_forecast(const GsExplanation *explanation, GsStyle style, GString *out) {
  gs_print_section("Forecast", style, out);
  g_autofree char *messages = messages_text(explanation->messages);
  if (explanation->messages == UINT64_MAX)
    gs_print_fact(out, style, "messages", "beyond counting");
  else if (explanation->trust == GS_FORECAST_LOSSLESS)
    gs_print_fact(out, style, "messages", "%s%s, were none of them lost or doubled",
                  explanation->more_occurrences ? "more than " : "", messages);
  else if (explanation->more_occurrences)
    gs_print_fact(out, style, "messages", "more than %s", messages);
  else if (explanation->trust == GS_FORECAST_AT_MOST)
    gs_print_fact(out, style, "messages", "at most %s", messages);
  else if (explanation->trust == GS_FORECAST_WITHOUT_FAULTS)
    gs_print_fact(out, style, "messages", "%s if nothing went wrong", messages);
  else if (explanation->trust == GS_FORECAST_AT_REST)
    gs_print_fact(out, style, "messages", "%s, if the grid is at rest before each new link",
                  messages);
  else
    gs_print_fact(out, style, "messages", "exactly %s, in every run", messages);
  print_cost(explanation, style, out);
}

static void print_expectations(const GsScenario *scenario, GsStyle style, GString *out) {
  uint32_t stated = gs_words_expectations(scenario);
  g_autofree char *count = gs_text_plural(stated, "expectation");
  gs_print_fact(out, style, "expected", "%s", stated > 0 ? count : "nothing in particular");
}

void gs_explanation_print(const GsExplanation *explanation, GsStyle style, GString *out) {
  const GsScenario *scenario = explanation->scenario;
  gs_print_heading(scenario->name, scenario->about, style, out);
  gs_print_set(scenario->set, style, out);
  print_grid(explanation, style, out);
  print_rules(scenario, style, out);
  print_expectations(scenario, style, out);
  print_schedule(explanation, style, out);
  print_forecast(explanation, style, out);
}

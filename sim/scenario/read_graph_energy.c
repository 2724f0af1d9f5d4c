/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/limits.h"
#include "sim/base/quote.h"
#include "sim/scenario/read_parts.h"

/** Units of power, each with the power of ten of it in W; smaller ones last. */
static const struct {
  const char *name;
  int power;
} units[] = {{"TW", 12}, {"GW", 9}, {"MW", 6}, {"kW", 3}, {"W", 0}, {"mW", -3}};

#define UNIT_LIST "TW, GW, MW, kW, W or mW"
/** Where no unit holds all digits, none smaller than this one is rounded to: W. */
#define ROUNDED_TO 4

/** -1: it is none of them. */
static int find_unit(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (strcmp(units[i].name, name) == 0)
      return (int)i;
  return -1;
}

/** A column of the file, and who can use it. */
typedef struct {
  const GsDecimal *numbers;
  const char *name;
  bool used;
} Column;

/** Whether each is a number of 0 or more, and one is more than 0; says what is not. */
static bool are_energies(GsReader *reader, const GsJson *value, const Column *column) {
  const GsScenario *scenario = reader->scenario;
  uint32_t wrong = 0, first = 0;
  bool any = false;
  for (uint32_t i = 0; column->numbers && i < scenario->node_count; i++) {
    const GsDecimal *number = &column->numbers[i];
    any |= number->state == GS_DECIMAL_NUMBER && number->digits > 0;
    bool good = number->state == GS_DECIMAL_NONE ||
                (number->state == GS_DECIMAL_NUMBER && number->digits >= 0);
    if (!good && wrong++ == 0)
      first = i;
  }
  if (wrong == 0)
    return any;
  g_autofree char *who = gs_quote(scenario->nodes[first].name);
  g_autofree char *text = gs_decimal_text(column->numbers[first]);
  gs_reader_warn(reader, value, "not-used", wrong,
                 "\"%s\" of nodes in the graph file is not used: that of %s is %s, and all must be "
                 "numbers of 0 or more, with at most 18 digits",
                 column->name, who, *text ? text : "no number");
  return false;
}

/** Whether all are whole numbers that nodes can have, times 10^power; if not, the first that is
 * not. */
static bool are_whole(const Column columns[2], uint32_t nodes, int power, const Column **column,
                      uint32_t *node) {
  for (guint k = 0; k < 2; k++)
    for (uint32_t i = 0; columns[k].used && i < nodes; i++) {
      int64_t whole;
      const GsDecimal *number = &columns[k].numbers[i];
      if (number->state == GS_DECIMAL_NONE ||
          (gs_decimal_whole(*number, power, &whole) && whole <= GS_ENERGY_MAX))
        continue;
      *column = &columns[k];
      *node = i;
      return false;
    }
  return true;
}

/** The largest unit, from the file's downwards, in which all are whole; -1: there is none. */
static int exact_unit(const Column columns[2], uint32_t nodes, int file_unit) {
  const Column *column;
  uint32_t node;
  for (int i = file_unit; i < (int)G_N_ELEMENTS(units); i++)
    if (are_whole(columns, nodes, units[file_unit].power - units[i].power, &column, &node))
      return i;
  return -1;
}

/** How far the scenario's unit is from the file's (NULL: not known), as a power of ten; false: it
 * cannot be said. */
static bool find_power(GsReader *reader, const char *there, const GsJson *named, int *power) {
  *power = 0;
  if (!there || strcmp(there, reader->scenario->unit) == 0)
    return true;
  int unit = find_unit(reader->scenario->unit), file_unit = find_unit(there);
  if (unit < 0 || file_unit < 0) {
    g_autofree char *quoted = gs_quote(reader->scenario->unit);
    return gs_reader_fail(
        reader, named,
        "found %s; the energies of the graph file are in %s, and the unit must be " UNIT_LIST,
        quoted, there);
  }
  *power = units[file_unit].power - units[unit].power;
  return true;
}

/** Refuses a unit in which something would have decimals, and says which would do. */
static bool refuse_unit(GsReader *reader, const GsJson *named, const char *there,
                        const Column columns[2], const Column *column, uint32_t node) {
  const GsScenario *scenario = reader->scenario;
  int file_unit = find_unit(there ? there : scenario->unit);
  int exact = file_unit < 0 ? -1 : exact_unit(columns, scenario->node_count, file_unit);
  g_autofree char *who = gs_quote(scenario->nodes[node].name);
  g_autofree char *text = gs_decimal_text(column->numbers[node]);
  g_autofree char *would =
      exact >= 0 && there ? g_strdup_printf("\"unit\": \"%s\" would do", units[exact].name)
      : there ? g_strdup("no unit would do; without \"unit\" they are rounded, and that is said")
              : g_strdup("if the file has them in another unit, say \"topology\": {\"unit\": "
                         "\"MW\"}, or whichever it is");
  const char *unit = there ? there : scenario->unit;
  return gs_reader_fail(
      reader, named,
      "%s of %s in the graph file is %s %s, and energies must be whole numbers of "
      "%s, at most %" G_GINT64_FORMAT "; %s",
      column->name, who, text, unit, scenario->unit, GS_ENERGY_MAX, would);
}

/** A number × 10^power, rounded half up; -1: too large. */
static int64_t rounded(GsDecimal number, int power) {
  int64_t whole;
  if (gs_decimal_whole(number, power, &whole))
    return whole <= GS_ENERGY_MAX ? whole : -1;
  int64_t digits = number.digits;
  int exponent = number.exponent + power;
  if (exponent >= 0)
    return -1;
  for (; exponent < -1 && digits > 0; exponent++)
    digits /= 10;
  return digits / 10 + (digits % 10 >= 5);
}

static bool take(GsReader *reader, const GsJson *value, const Column columns[2], int power) {
  GsScenario *scenario = reader->scenario;
  guint64 changed = 0;
  for (guint k = 0; k < 2; k++)
    for (uint32_t i = 0; columns[k].used && i < scenario->node_count; i++) {
      const GsDecimal number = columns[k].numbers[i];
      if (number.state == GS_DECIMAL_NONE)
        continue;
      int64_t whole, energy = rounded(number, power);
      if (energy < 0) {
        g_autofree char *who = gs_quote(scenario->nodes[i].name);
        g_autofree char *text = gs_decimal_text(number);
        return gs_reader_fail(reader, value,
                              "%s of %s in the graph file is %s; at most %" G_GINT64_FORMAT
                              " %s are allowed",
                              columns[k].name, who, text, GS_ENERGY_MAX, scenario->unit);
      }
      changed += !gs_decimal_whole(number, power, &whole);
      *(k == 0 ? &scenario->nodes[i].production : &scenario->nodes[i].consumption) = energy;
    }
  if (changed > 0)
    gs_reader_warn(reader, value, "rounded", (uint32_t)MIN(changed, UINT32_MAX),
                   "energies in the graph file have more digits than any unit could hold: "
                   "%" G_GUINT64_FORMAT " %s rounded to whole %s",
                   changed, changed == 1 ? "is" : "are", scenario->unit);
  return true;
}

/** Where the scenario names no unit, the file decides. */
static void choose_unit(GsScenario *scenario, const char *there, const Column columns[2]) {
  int file_unit = find_unit(there);
  if (file_unit < 0) {
    g_free(scenario->unit);
    scenario->unit = g_strdup(there);
    return;
  }
  int unit = exact_unit(columns, scenario->node_count, file_unit);
  g_free(scenario->unit);
  scenario->unit = g_strdup(units[unit < 0 ? MAX(ROUNDED_TO, file_unit) : unit].name);
}

bool gs_read_graph_energies(GsReader *reader, const GsJson *value, const GsGraph *graph,
                            GsTaken *taken) {
  GsScenario *scenario = reader->scenario;
  const GsJson *root = gs_json_root(reader->doc), *named = gs_json_member(root, "unit");
  if (!graph->production && !graph->consumption)
    return true;
  bool both = graph->production && graph->consumption;
  if (gs_json_member(root, "energy")) {
    gs_reader_warn(reader, value, "not-used", both ? 2 : 1,
                   "\"%s%s%s\" of nodes in the graph file %s not used: the scenario has \"energy\"",
                   graph->production ? "production" : "", both ? "\" and \"" : "",
                   graph->consumption ? "consumption" : "", both ? "are" : "is");
    return true;
  }
  Column columns[2] = {{.numbers = graph->production, .name = "production"},
                       {.numbers = graph->consumption, .name = "consumption"}};
  for (guint k = 0; k < 2; k++)
    columns[k].used = are_energies(reader, value, &columns[k]);
  if (!columns[0].used && !columns[1].used)
    return true;
  int power;
  const Column *column;
  uint32_t node;
  const char *there = graph->unit;
  /* Where nobody says a unit they are in the one that a scenario has by itself. */
  if (!named && !there && !are_whole(columns, scenario->node_count, 0, &column, &node))
    there = units[find_unit(scenario->unit)].name;
  if (there && !named)
    choose_unit(scenario, there, columns);
  if (!find_power(reader, there, named, &power))
    return false;
  if (named && !are_whole(columns, scenario->node_count, power, &column, &node))
    return refuse_unit(reader, named, there, columns, column, node);
  if (!take(reader, value, columns, power))
    return false;
  taken->production = columns[0].used;
  taken->consumption = columns[1].used;
  taken->file_unit = there;
  return true;
}

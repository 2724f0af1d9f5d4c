/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/import/matpower_code.h"
#include "sim/import/readers.h"

/* The format is described in MATPOWER's own caseformat.m. */

/** Cells of a row that are looked at. */
#define ROW_CELLS 13
/** Bus type of one that is out of the grid. */
#define ISOLATED 4

typedef struct {
  GsDraft *draft;
  GsCase power_case;
  guint production, consumption; /**< columns of the draft */
  GArray *isolated;              /**< per node */
  bool with_loads, with_generation;
  GsOccurrences no_numbers, feeding, pumping, gens_off, branches_off, isolated_buses,
      isolated_energies;
  GError **error;
} Reading;

/* ---- Cells ---- */

static GsDecimal number_of(const GsMatlabCell *cell) {
  return gs_decimal_parse(cell->text, cell->length, '.');
}

/** A whole number that must be there: a bus, a type, a status. */
static bool read_whole(Reading *reading, const GsMatlabCell *cell, const char *what, guint64 line,
                       int64_t *whole) {
  if (gs_decimal_whole(number_of(cell), 0, whole))
    return true;
  g_autofree char *shown = gs_shown(cell->text, cell->length);
  return gs_read_wrong(reading->draft, line, reading->error,
                       "found %s as %s; must be a whole number", shown, what);
}

static bool check_columns(Reading *reading, const char *what, guint count, guint least,
                          guint64 line) {
  return count >= least ||
         gs_read_wrong(reading->draft, line, reading->error,
                       "this row of mpc.%s has %u column%s; must have at least %u", what, count,
                       count == 1 ? "" : "s", least);
}

/** The node of a bus that mpc.bus has. */
static bool find_bus(Reading *reading, const GsMatlabCell *cell, const char *what, guint64 line,
                     uint32_t *node) {
  int64_t number;
  char id[32];
  if (!read_whole(reading, cell, what, line, &number))
    return false;
  g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, number);
  return gs_draft_find(reading->draft, id, strlen(id), node) ||
         gs_read_wrong(reading->draft, line, reading->error,
                       "%s is bus %s; mpc.bus has none of that number", what, id);
}

static bool is_isolated(const Reading *reading, uint32_t node) {
  return g_array_index(reading->isolated, bool, node);
}

/**
 * Gives a node power that it takes in, or with `given` gives. What is less than nothing is the
 * other: a load that feeds in, a generator that pumps.
 */
static void add_power(Reading *reading, uint32_t node, GsDecimal power, bool given, guint64 line) {
  if (power.state == GS_DECIMAL_NO_NUMBER) {
    gs_occurs(&reading->no_numbers, line);
    return;
  }
  if (power.state == GS_DECIMAL_NONE || power.digits == 0)
    return;
  if (is_isolated(reading, node)) {
    gs_occurs(&reading->isolated_energies, line);
    return;
  }
  if (power.digits < 0) {
    gs_occurs(given ? &reading->pumping : &reading->feeding, line);
    power.digits = -power.digits;
    given = !given;
  }
  gs_draft_add(reading->draft, given ? reading->production : reading->consumption, node, power,
               line);
}

/* ---- Rows ---- */

static bool read_bus(Reading *reading, const GsMatlabCell *cells, guint count, guint64 line) {
  int64_t number, type;
  char id[32];
  uint32_t known;
  if (!check_columns(reading, "bus", count, 3, line) ||
      !read_whole(reading, &cells[0], "a bus", line, &number) ||
      !read_whole(reading, &cells[1], "the type of a bus", line, &type))
    return false;
  g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, number);
  if (gs_draft_find(reading->draft, id, strlen(id), &known))
    return gs_read_wrong(reading->draft, line, reading->error,
                         "a second bus with the number %s; must be unique", id);
  uint32_t node = gs_draft_node(reading->draft, id, strlen(id));
  bool isolated = type == ISOLATED;
  g_array_append_val(reading->isolated, isolated);
  if (isolated)
    gs_occurs(&reading->isolated_buses, line);
  if (reading->with_loads)
    add_power(reading, node,
              gs_decimal_multiply(number_of(&cells[2]), reading->power_case.loads.factor), false,
              line);
  return true;
}

static bool read_gen(Reading *reading, const GsMatlabCell *cells, guint count, guint64 line) {
  uint32_t node;
  if (!check_columns(reading, "gen", count, 8, line) ||
      !find_bus(reading, &cells[0], "the bus of a generator", line, &node))
    return false;
  GsDecimal status = number_of(&cells[7]);
  if (status.state != GS_DECIMAL_NUMBER) {
    g_autofree char *shown = gs_shown(cells[7].text, cells[7].length);
    return gs_read_wrong(reading->draft, line, reading->error,
                         "found %s as the status of a generator; must be a number", shown);
  }
  if (status.digits <= 0)
    gs_occurs(&reading->gens_off, line);
  else if (reading->with_generation)
    add_power(reading, node,
              gs_decimal_multiply(number_of(&cells[1]), reading->power_case.generation.factor),
              true, line);
  return true;
}

static bool read_link(Reading *reading, const char *what, guint status_column,
                      const GsMatlabCell *cells, guint count, guint64 line) {
  uint32_t from, to;
  int64_t status;
  if (!check_columns(reading, what, count, status_column, line) ||
      !find_bus(reading, &cells[0], "an end of a branch", line, &from) ||
      !find_bus(reading, &cells[1], "an end of a branch", line, &to) ||
      !read_whole(reading, &cells[status_column - 1], "the status of a branch", line, &status))
    return false;
  if (status == 0 || is_isolated(reading, from) || is_isolated(reading, to))
    gs_occurs(&reading->branches_off, line);
  else
    gs_draft_link(reading->draft, from, to, line);
  return true;
}

static bool read_branch(Reading *reading, const GsMatlabCell *cells, guint count, guint64 line) {
  return read_link(reading, "branch", 11, cells, count, line);
}

static bool read_dcline(Reading *reading, const GsMatlabCell *cells, guint count, guint64 line) {
  return read_link(reading, "dcline", 3, cells, count, line);
}

static bool read_rows(Reading *reading, GsCasePart part,
                      bool (*read)(Reading *, const GsMatlabCell *, guint, guint64)) {
  GsMatlabRows rows;
  GsMatlabCell cells[ROW_CELLS];
  guint count;
  guint64 line = 0;
  if (!reading->power_case.has[part] ||
      !gs_matlab_open(&reading->power_case.parts[part], '[', &rows))
    return true;
  while (gs_matlab_row(&rows, cells, ROW_CELLS, &count, &line))
    if (!read(reading, cells, count, line) || !gs_draft_fits(reading->draft, reading->error))
      return false;
  return true;
}

/** In a string a doubled quote is one. */
static void append_without_doubled_quotes(GString *out, GsMatlabCell cell) {
  for (gsize i = 0; i < cell.length; i++) {
    g_string_append_c(out, cell.text[i]);
    if (cell.quote && cell.text[i] == cell.quote && i + 1 < cell.length &&
        cell.text[i + 1] == cell.quote)
      i++;
  }
}

/** Names of buses, in the order of mpc.bus; others than as many as buses are none. */
static void read_names(Reading *reading) {
  GsMatlabRows rows;
  GsMatlabCell cell;
  guint count;
  guint64 line = 0;
  const GsStatement *names = &reading->power_case.parts[GS_CASE_BUS_NAME];
  uint32_t node = 0, nodes = gs_draft_nodes(reading->draft);
  if (!reading->power_case.has[GS_CASE_BUS_NAME] || !gs_matlab_open(names, '{', &rows))
    return;
  guint column = gs_draft_column(reading->draft, GS_OF_NODES, "bus_name", GS_ROLE_LABEL);
  g_autoptr(GString) name = g_string_new(NULL);
  for (; gs_matlab_row(&rows, &cell, 1, &count, &line); node++)
    if (node < nodes) {
      g_string_truncate(name, 0);
      append_without_doubled_quotes(name, cell);
      gs_draft_say(reading->draft, GS_OF_NODES, column, node, name->str, name->len, line);
    }
  GsOccurrences wrong = {.count = node != nodes, .first_line = names->line};
  gs_draft_note(
      reading->draft, "not-used", wrong,
      "mpc.bus_name has not as many names as there are buses: names may be those of others", NULL);
}

/* ---- Notes ---- */

static void note_code(Reading *reading, const char *what, GsDecimal factor, guint64 line,
                      guint64 code_line) {
  if (line > 0 && code_line == 0) {
    g_autofree char *number = gs_decimal_text(factor);
    g_autofree char *text =
        g_strdup_printf("%s are times %s, as code of the file says", what, number);
    gs_draft_note(reading->draft, "scaled", (GsOccurrences){1, line}, text, NULL);
  }
  if (code_line > 0) {
    g_autofree char *text =
        g_strdup_printf("%s are not used: code that is not run changes them", what);
    gs_draft_note(reading->draft, "not-used", (GsOccurrences){1, code_line}, text, NULL);
  }
}

static void note_all(Reading *reading) {
  GsDraft *draft = reading->draft;
  const GsCase *power_case = &reading->power_case;
  note_code(reading, "loads", power_case->loads.factor, power_case->loads.line,
            power_case->loads.code_line);
  note_code(reading, "powers of generators", power_case->generation.factor,
            power_case->generation.line, power_case->generation.code_line);
  gs_draft_note(draft, "out-of-service", reading->gens_off,
                "a generator that is out of service was left out",
                "%s generators that are out of service were left out");
  gs_draft_note(draft, "out-of-service", reading->branches_off,
                "a branch that is out of service was left out",
                "%s branches that are out of service were left out");
  gs_draft_note(draft, "out-of-service", reading->isolated_buses,
                "a bus of type 4 (isolated) is a node without links",
                "%s buses of type 4 (isolated) are nodes without links");
  gs_draft_note(draft, "not-used", reading->isolated_energies,
                "a load or generator at an isolated bus was left out",
                "%s loads and generators at isolated buses were left out");
  gs_draft_note(draft, "negative", reading->feeding, "a load of less than 0 is production",
                "%s loads of less than 0 are production");
  gs_draft_note(draft, "negative", reading->pumping, "a generation of less than 0 is consumption",
                "%s generations of less than 0 are consumption");
  gs_draft_note(draft, "not-used", reading->no_numbers,
                "a power that is no number of at most 18 digits was left out",
                "%s powers that are no numbers of at most 18 digits were left out");
  if (power_case->not_used->len > 0) {
    g_ptr_array_add(power_case->not_used, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)power_case->not_used->pdata);
    g_autofree char *text = g_strdup_printf("other parts of the case are not used: %s", list);
    gs_draft_note(draft, "not-used", (GsOccurrences){.count = 1}, text, NULL);
  }
  gs_draft_note(draft, "not-used", (GsOccurrences){.count = 1},
                "of buses number, type and Pd are used, of generators bus, Pg and status, of "
                "branches ends and status; nothing else",
                NULL);
}

/* ---- The case ---- */

static bool is_function(const GsStatement *statement) {
  static const char word[] = "function";
  const char *text = statement->left ? statement->left : statement->right;
  gsize length = statement->left ? statement->left_length : statement->right_length;
  return length > strlen(word) && memcmp(text, word, strlen(word)) == 0 &&
         g_ascii_isspace(text[strlen(word)]);
}

static bool read_statements(Reading *reading, const char *text, gsize length) {
  GsMatlab matlab = {.start = text, .at = text, .end = text + length, .line = 1};
  GsStatement statement;
  const char *problem;
  bool in_function = false;
  while (gs_matlab_next(&matlab, &statement, &problem)) {
    /* What follows is called, if at all, by code that is not run. */
    if (is_function(&statement) && in_function)
      break;
    in_function |= is_function(&statement);
    if (!is_function(&statement))
      gs_case_take(&reading->power_case, &statement);
  }
  return !problem || gs_read_wrong(reading->draft, matlab.line, reading->error, "%s", problem);
}

static bool read_case(Reading *reading, const char *text, gsize length) {
  GsCase *power_case = &reading->power_case;
  if (!read_statements(reading, text, length))
    return false;
  if (power_case->changed_line > 0)
    return gs_read_wrong(reading->draft, power_case->changed_line, reading->error,
                         "code changes buses, generators or branches, and is not run; only what "
                         "is written out is read");
  if (!power_case->has[GS_CASE_BUS] || !power_case->has[GS_CASE_BRANCH])
    return gs_read_wrong(reading->draft, 0, reading->error,
                         "no mpc.%s; a MATPOWER case must have mpc.bus and mpc.branch",
                         power_case->has[GS_CASE_BUS] ? "branch" : "bus");
  reading->with_loads = power_case->loads.code_line == 0;
  reading->with_generation = power_case->generation.code_line == 0;
  gs_draft_set_unit(reading->draft, "MW");
  reading->production = gs_draft_column(reading->draft, GS_OF_NODES, "production", GS_ROLE_BY_NAME);
  reading->consumption =
      gs_draft_column(reading->draft, GS_OF_NODES, "consumption", GS_ROLE_BY_NAME);
  if (!read_rows(reading, GS_CASE_BUS, read_bus) || !read_rows(reading, GS_CASE_GEN, read_gen) ||
      !read_rows(reading, GS_CASE_BRANCH, read_branch) ||
      !read_rows(reading, GS_CASE_DCLINE, read_dcline))
    return false;
  read_names(reading);
  note_all(reading);
  return true;
}

bool gs_read_matpower(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                      GError **error) {
  (void)import;
  Reading reading = {.draft = draft, .error = error};
  reading.isolated = g_array_new(FALSE, FALSE, sizeof(bool));
  gs_case_init(&reading.power_case);
  bool good = read_case(&reading, text, length);
  gs_case_clear(&reading.power_case);
  g_array_unref(reading.isolated);
  return good;
}

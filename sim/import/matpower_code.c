/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/matpower_code.h"

#include <string.h>

/** So many names of parts that are not used are kept. */
#define NOT_USED_MAX 64
/** Variables that are kept. */
#define NUMBERS_MAX 1000
/** Longest left side that is looked into. */
#define LEFT_BYTES_MAX 1000

static const char *const part_names[GS_CASE_PARTS] = {"bus", "gen", "branch", "dcline", "bus_name"};

/** Columns by the names that MATPOWER's own constants have; "used" are those that are read. */
static const struct {
  GsCasePart part;
  const char *name;
  guint column;
} constants[] = {
    {GS_CASE_BUS, "BUS_I", 1},
    {GS_CASE_BUS, "BUS_TYPE", 2},
    {GS_CASE_BUS, "PD", 3},
    {GS_CASE_GEN, "GEN_BUS", 1},
    {GS_CASE_GEN, "PG", 2},
    {GS_CASE_GEN, "GEN_STATUS", 8},
    {GS_CASE_BRANCH, "F_BUS", 1},
    {GS_CASE_BRANCH, "T_BUS", 2},
    {GS_CASE_BRANCH, "BR_STATUS", 11},
    {GS_CASE_DCLINE, "c.F_BUS", 1},
    {GS_CASE_DCLINE, "c.T_BUS", 2},
    {GS_CASE_DCLINE, "c.BR_STATUS", 3},
};

void gs_case_init(GsCase *power_case) {
  *power_case = (GsCase){.not_used = g_ptr_array_new_with_free_func(g_free)};
  power_case->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  power_case->loads.factor = power_case->generation.factor = gs_decimal_parse("1", 1, '.');
}

void gs_case_clear(GsCase *power_case) {
  g_hash_table_unref(power_case->numbers);
  g_ptr_array_unref(power_case->not_used);
}

/* ---- Columns ---- */

/** What a statement does to a part: bits of its columns; column 0 is "one that is not known". */
typedef guint32 Columns;
#define UNKNOWN_COLUMN ((Columns)1)

static Columns used_columns(GsCasePart part) {
  Columns used = UNKNOWN_COLUMN;
  for (guint i = 0; i < G_N_ELEMENTS(constants); i++)
    if (constants[i].part == part)
      used |= (Columns)1 << constants[i].column;
  return used;
}

static Columns column_bit(GsCasePart part, const char *word) {
  if (g_ascii_isdigit(*word)) {
    guint64 number = g_ascii_strtoull(word, NULL, 10);
    return number >= 1 && number < 32 ? (Columns)1 << number : number >= 32 ? 0 : UNKNOWN_COLUMN;
  }
  for (guint i = 0; i < G_N_ELEMENTS(constants); i++)
    if (constants[i].part == part && strcmp(constants[i].name, word) == 0)
      return (Columns)1 << constants[i].column;
  /* Other constants are columns that are not used; small letters are somebody's variables. */
  for (const char *at = word; *at; at++)
    if (!g_ascii_isupper(*at) && *at != '_' && !g_ascii_isdigit(*at))
      return UNKNOWN_COLUMN;
  return 0;
}

/** Columns of "(:, PD)" or "(:, [PD, QD])"; `*all_rows`: it begins with ":". */
static Columns columns_of(GsCasePart part, const char *index, bool *all_rows) {
  const char *comma = strchr(index, ',');
  g_autofree char *rows = comma ? g_strndup(index, (gsize)(comma - index)) : NULL;
  *all_rows = rows && strcmp(g_strstrip(rows), "(:") == 0;
  if (!comma)
    return UNKNOWN_COLUMN;
  Columns columns = 0;
  g_auto(GStrv) words = g_strsplit_set(comma + 1, " \t,[]()", -1);
  for (char **word = words; *word; word++)
    if (**word)
      columns |= column_bit(part, *word);
  return columns;
}

/* ---- Factors ---- */

static char *without_blanks(const char *text, gsize length) {
  GString *out = g_string_sized_new(length);
  for (gsize i = 0; i < length; i++) {
    /* A line that is continued: the rest of it is a comment. */
    if (length - i >= 3 && memcmp(text + i, "...", 3) == 0)
      while (i + 1 < length && text[i] != '\n')
        i++;
    if (!g_ascii_isspace(text[i]))
      g_string_append_c(out, text[i]);
  }
  return g_string_free(out, FALSE);
}

/** 1 / number, where that has an end. */
static GsDecimal inverse(GsDecimal number) {
  GsDecimal none = {.state = GS_DECIMAL_NO_NUMBER};
  if (number.state != GS_DECIMAL_NUMBER || number.digits == 0)
    return none;
  int64_t power = 1;
  for (int zeros = 0; zeros <= 18; zeros++) {
    if (power % number.digits == 0) {
      g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT "e%d", power / number.digits,
                                              -zeros - number.exponent);
      return gs_decimal_parse(text, strlen(text), '.');
    }
    if (zeros < 18)
      power *= 10;
  }
  return none;
}

static GsDecimal value_of(const GsCase *power_case, const char *word) {
  const GsDecimal *known = g_hash_table_lookup(power_case->numbers, word);
  return known ? *known : gs_decimal_parse(word, strlen(word), '.');
}

/** The factor of "X = X / 1e3", X being the left side; no number: it says something else. */
static GsDecimal factor_of(const GsCase *power_case, const GsStatement *statement) {
  GsDecimal none = {.state = GS_DECIMAL_NO_NUMBER};
  if (statement->right_length > LEFT_BYTES_MAX)
    return none;
  g_autofree char *left = without_blanks(statement->left, statement->left_length);
  g_autofree char *right = without_blanks(statement->right, statement->right_length);
  if (!g_str_has_prefix(right, left))
    return none;
  const char *rest = right + strlen(left);
  if (g_str_has_prefix(rest, ".*") || g_str_has_prefix(rest, "./"))
    rest++;
  if (*rest != '*' && *rest != '/')
    return none;
  GsDecimal value = value_of(power_case, rest + 1);
  if (value.state != GS_DECIMAL_NUMBER || value.digits <= 0)
    return none;
  return *rest == '*' ? value : inverse(value);
}

/* ---- Statements ---- */

/** Code that changes some rows or columns of a part. */
static void take_change(GsCase *power_case, GsCasePart part, const char *index,
                        const GsStatement *statement) {
  bool all_rows;
  Columns columns = columns_of(part, index, &all_rows) & used_columns(part);
  Columns energy = (Columns)1 << (part == GS_CASE_BUS ? 3 : 2);
  if (columns == 0 || part == GS_CASE_BUS_NAME)
    return;
  bool of_energy = columns == energy && (part == GS_CASE_BUS || part == GS_CASE_GEN);
  if (!of_energy) {
    power_case->changed_line = statement->line;
    return;
  }
  GsDecimal factor = all_rows && !statement->conditional
                         ? factor_of(power_case, statement)
                         : (GsDecimal){.state = GS_DECIMAL_NO_NUMBER};
  GsDecimal *all = part == GS_CASE_BUS ? &power_case->loads.factor : &power_case->generation.factor;
  GsDecimal product = gs_decimal_multiply(*all, factor);
  guint64 *line = part == GS_CASE_BUS ? &power_case->loads.line : &power_case->generation.line;
  guint64 *code =
      part == GS_CASE_BUS ? &power_case->loads.code_line : &power_case->generation.code_line;
  if (product.state != GS_DECIMAL_NUMBER || !power_case->has[part]) {
    *code = statement->line;
    return;
  }
  *all = product;
  *line = statement->line;
}

static void take_part(GsCase *power_case, GsCasePart part, const char *index,
                      const GsStatement *statement) {
  GsMatlabRows rows;
  bool is_literal = gs_matlab_open(statement, part == GS_CASE_BUS_NAME ? '{' : '[', &rows);
  if (*index) {
    take_change(power_case, part, index, statement);
  } else if (is_literal && !statement->conditional) {
    power_case->parts[part] = *statement;
    power_case->has[part] = true;
  } else if (part != GS_CASE_BUS_NAME) {
    power_case->changed_line = statement->line;
  }
}

static void take_other(GsCase *power_case, const char *name, const char *field,
                       const GsStatement *statement) {
  static const char *const quiet[] = {"version", "baseMVA", NULL};
  bool is_field = field != name;
  if (!is_field && g_hash_table_size(power_case->numbers) < NUMBERS_MAX &&
      statement->right_length <= LEFT_BYTES_MAX) {
    GsDecimal value = gs_decimal_parse(statement->right, statement->right_length, '.');
    if (statement->conditional)
      value.state = GS_DECIMAL_NO_NUMBER;
    g_hash_table_insert(power_case->numbers, g_strdup(name), g_memdup2(&value, sizeof value));
  }
  /* The case as a whole is made by a call. */
  if (strcmp(name, "mpc") == 0)
    power_case->changed_line = statement->line;
  if (!is_field || g_strv_contains(quiet, field) || power_case->not_used->len >= NOT_USED_MAX ||
      g_ptr_array_find_with_equal_func(power_case->not_used, field, g_str_equal, NULL))
    return;
  g_ptr_array_add(power_case->not_used, g_strdup(field));
}

void gs_case_take(GsCase *power_case, const GsStatement *statement) {
  if (!statement->left || statement->left_length > LEFT_BYTES_MAX || *statement->left == '[')
    return;
  g_autofree char *left = g_strndup(statement->left, statement->left_length);
  gsize name_length = strcspn(left, "({");
  g_autofree char *name = g_strndup(left, name_length);
  g_strchomp(name);
  const char *index = left + name_length;
  const char *point = strchr(name, '.');
  const char *field = point ? point + 1 : name;
  for (GsCasePart part = 0; part < GS_CASE_PARTS; part++)
    if (strcmp(field, part_names[part]) == 0) {
      take_part(power_case, part, index, statement);
      return;
    }
  if (!strpbrk(name, " \t"))
    take_other(power_case, name, field, statement);
}

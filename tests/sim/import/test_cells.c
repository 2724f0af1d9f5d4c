/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/import/cells.h"

/** "1:A|B 2:'C'": rows by their lines, quoted cells in '. Ends in "!problem". */
static char *shown(const char *text, gsize length, char separator) {
  g_auto(GsCells) cells;
  const char *problem;
  GString *out = g_string_new(NULL);
  gs_cells_init(&cells, text, length, separator);
  while (gs_cells_next(&cells, &problem)) {
    g_string_append_printf(out, "%s%" G_GUINT64_FORMAT ":", out->len ? " " : "", cells.line);
    for (guint i = 0; i < cells.count; i++) {
      const GsCell *cell = &cells.cells[i];
      g_string_append_printf(out, "%s%s%.*s%s", i ? "|" : "", cell->quoted ? "'" : "",
                             (int)cell->length, cell->text, cell->quoted ? "'" : "");
    }
  }
  if (problem)
    g_string_append_printf(out, "%s%" G_GUINT64_FORMAT "!%s", out->len ? " " : "", cells.line,
                           problem);
  return g_string_free(out, FALSE);
}

static void assert_cells(const char *text, char separator, const char *expected) {
  g_autofree char *found = shown(text, strlen(text), separator);
  cr_expect_str_eq(found, expected);
}

Test(cells, rows_are_cut_as_rfc_4180_says) {
  assert_cells("aaa,bbb,ccc\r\nzzz,yyy,xxx", ',', "1:aaa|bbb|ccc 2:zzz|yyy|xxx");
  assert_cells("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,\"b\"\"bb\"\n", ',',
               "1:'aaa'|'b\r\nbb'|'ccc' 3:zzz|'b\"bb'");
  assert_cells("\"a\"\"\",\"\"\"b\",\"\"\"\",\"\"", ',', "1:'a\"'|'\"b'|'\"'|''");
  assert_cells(",a,,\n", ',', "1:|a||");
}

Test(cells, line_ends_blanks_and_marks_of_other_programs_are_known) {
  assert_cells("\xef\xbb\xbf"
               "a;b\rc;d\r\r\ne;f",
               ';', "1:a|b 2:c|d 4:e|f");
  assert_cells("\n  \n a , \"b c\" ,d e \n\t\n", ',', "3:a|'b c'|d e");
  assert_cells("\ta\t b \t\n", '\t', "1:|a|b|");
  assert_cells("", ',', "");
  assert_cells(" \n", '\t', "");
}

Test(cells, blanks_separate_only_where_they_are_said_to) {
  assert_cells("  New York\t\"Los Angeles\"  3 \n", GS_CELLS_BLANKS, "1:New|York|'Los Angeles'|3");
  assert_cells("New York,Los Angeles\n", ',', "1:New York|Los Angeles");
  assert_cells("5\" pipe,A\n", ',', "1:5\" pipe|A");
}

Test(cells, what_is_no_row_is_told_with_its_line) {
  assert_cells("a,b\n\"c,\nd\n", ',', "1:a|b 2!a quote that is not closed");
  assert_cells("\"", ',', "1!a quote that is not closed");
  assert_cells("a\n\"b\"c,d\n", ',', "1:a 2!text behind a closing quote");
  assert_cells("\"a\"\"b\" \"c\"d", GS_CELLS_BLANKS, "1!text behind a closing quote");
}

/** Whatever is put in quotes comes out as it was, in any separator and of any length. */
Test(cells, what_is_written_in_quotes_is_read_as_it_was) {
  static const char parts[] = "a\",;\t \n\r|\xc3\xbc";
  g_autoptr(GRand) rand = g_rand_new_with_seed(7);
  for (guint round = 0; round < 2000; round++) {
    char separator = ",;\t "[round % 4];
    g_autoptr(GString) written = g_string_new(NULL);
    g_autoptr(GString) whole = g_string_new(NULL);
    guint count = (guint)g_rand_int_range(rand, 1, 5);
    for (guint i = 0; i < count; i++) {
      g_string_append(written, i ? (char[]){separator, '"', '\0'} : "\"");
      for (gint k = g_rand_int_range(rand, 0, 9); k > 0; k--) {
        char c = parts[g_rand_int_range(rand, 0, (gint32)strlen(parts))];
        g_string_append(written, c == '"' ? "\"\"" : (char[]){c, '\0'});
        g_string_append_c(whole, c);
      }
      g_string_append_c(written, '"');
      g_string_append_c(whole, '\x01');
    }
    g_auto(GsCells) cells;
    const char *problem;
    gs_cells_init(&cells, written->str, written->len, separator);
    cr_assert(gs_cells_next(&cells, &problem));
    cr_assert_eq(cells.count, count);
    g_autoptr(GString) read = g_string_new(NULL);
    for (guint i = 0; i < cells.count; i++) {
      g_string_append_len(read, cells.cells[i].text, (gssize)cells.cells[i].length);
      g_string_append_c(read, '\x01');
    }
    cr_assert_str_eq(read->str, whole->str);
    cr_assert(!gs_cells_next(&cells, &problem) && !problem);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/base/text.h"
#include "sim/report/style.h"
#include "sim/report/table.h"

static void expect_text(char *found, const char *wanted) {
  cr_expect_str_eq(found, wanted, "found \"%s\", wanted \"%s\"", found, wanted);
  g_free(found);
}

Test(text, counts_have_separators_between_thousands) {
  expect_text(gs_text_count(0), "0");
  expect_text(gs_text_count(999), "999");
  expect_text(gs_text_count(1000), "1,000");
  expect_text(gs_text_count(6005001), "6,005,001");
  expect_text(gs_text_count(UINT64_MAX), "18,446,744,073,709,551,615");
  expect_text(gs_text_int(-1204), "-1,204");
  expect_text(gs_text_int(-100), "-100");
  expect_text(gs_text_int(INT64_MIN), "-9,223,372,036,854,775,808");
}

Test(text, one_is_never_called_all_of_them) {
  expect_text(gs_text_all(1, "run"), "The only run");
  expect_text(gs_text_all(2, "run"), "Both runs");
  expect_text(gs_text_all(1100, "run"), "All 1,100 runs");
  expect_text(gs_text_part(1, 1, "node"), "the only node");
  expect_text(gs_text_part(0, 1, "node"), "0 of 1 node");
  expect_text(gs_text_part(1, 8, "node"), "1 of 8 nodes");
}

Test(text, nouns_are_in_the_plural_except_for_one) {
  expect_text(gs_text_plural(0, "node"), "0 nodes");
  expect_text(gs_text_plural(1, "node"), "1 node");
  expect_text(gs_text_plural(2000, "node"), "2,000 nodes");
}

Test(text, moments_are_in_the_unit_that_suits_them) {
  expect_text(gs_text_duration(0), "0 s");
  expect_text(gs_text_duration(7), "7 ns");
  expect_text(gs_text_duration(340000), "340 µs");
  expect_text(gs_text_duration(12500000), "12.5 ms");
  expect_text(gs_text_duration(1004000000), "1.004 s");
  expect_text(gs_text_duration(INT64_C(90) * 1000000000), "90 s");
  expect_text(gs_text_duration(INT64_C(123500) * 1000000), "2 min 3.5 s");
  expect_text(gs_text_duration(INT64_C(3600) * 1000000000), "1 h");
  expect_text(gs_text_duration(INT64_C(85200622) * 1000000), "23 h 40 min 0.622 s");
  expect_text(gs_text_duration(INT64_C(86400) * 1000000000), "24 h");
  expect_text(gs_text_duration(INT64_C(273600) * 1000000000), "3 d 4 h");
}

Test(text, measured_times_have_four_digits) {
  expect_text(gs_text_span(0), "0 s");
  expect_text(gs_text_span(90706123), "90.71 ms");
  expect_text(gs_text_span(509490000), "509.5 ms");
  expect_text(gs_text_span(1395123456), "1.395 s");
  expect_text(gs_text_span(10000000), "10 ms");
}

Test(text, delays_say_how_they_are_spread) {
  GsDistribution constant = gs_distribution_constant(10e6);
  GsDistribution jitter = {.kind = GS_DISTRIBUTION_UNIFORM, .a = 0, .b = 5e6};
  GsDistribution uniform = {.kind = GS_DISTRIBUTION_UNIFORM, .a = 1e6, .b = 5e6};
  GsDistribution exponential = {.kind = GS_DISTRIBUTION_EXPONENTIAL, .a = 2e6};
  GsDistribution lognormal = {.kind = GS_DISTRIBUTION_LOGNORMAL, .a = 2e6, .b = 0.4};
  expect_text(gs_text_delay(&constant), "10 ms");
  expect_text(gs_text_delay(&jitter), "up to 5 ms");
  expect_text(gs_text_delay(&uniform), "1 ms to 5 ms");
  expect_text(gs_text_delay(&exponential), "exponential, mean 2 ms");
  expect_text(gs_text_delay(&lognormal), "lognormal, median 2 ms, sigma 0.4");
}

Test(text, what_is_shown_as_zero_has_no_sign) {
  static const struct {
    double value;
    const char *plain, *with_sign;
  } cases[] = {{-1e-17, "0.00", "0.00"},
               {1e-17, "0.00", "0.00"},
               {-0.0, "0.00", "0.00"},
               {-0.0051, "-0.01", "-0.01"},
               {1, "1.00", "+1.00"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *plain = gs_text_fixed(cases[i].value, 2);
    g_autofree char *with_sign = gs_text_signed(cases[i].value, 2);
    cr_expect_str_eq(plain, cases[i].plain);
    cr_expect_str_eq(with_sign, cases[i].with_sign);
  }
  g_autofree char *count = gs_text_fixed(-0.4, 0);
  cr_expect_str_eq(count, "0");
}

Test(text, sizes_are_in_powers_of_1024) {
  expect_text(gs_text_bytes(0), "0 bytes");
  expect_text(gs_text_bytes(1536), "1.5 KiB");
  expect_text(gs_text_bytes(UINT64_C(320) << 20), "320 MiB");
}

Test(text, foreign_text_cannot_drive_a_terminal) {
  expect_text(gs_text_clean("a\033[2Jb"), "a\\u001b[2Jb");
  expect_text(gs_text_clean("two\nlines"), "two lines");
  expect_text(gs_text_clean("Zürich \u202eabc"), "Zürich \\u202eabc");
  expect_text(gs_text_clean("a\U000e0041b"), "a\\udb40\\udc41b");
  expect_text(gs_text_clean("\xff"), "\xEF\xBF\xBD");
  expect_text(gs_text_clean(NULL), "");
}

Test(text, width_is_what_a_terminal_takes) {
  cr_expect_eq(gs_text_width("Zürich"), 6);
  cr_expect_eq(gs_text_width("発電所"), 6);
  cr_expect_eq(gs_text_width("e\u0301"), 1);
}

Test(text, what_is_too_wide_is_cut) {
  expect_text(gs_text_fit("abcdef", 6), "abcdef");
  expect_text(gs_text_fit("abcdefg", 6), "abcde…");
  expect_text(gs_text_fit("ab cdefg", 4), "ab…");
  expect_text(gs_text_fit("発電所", 5), "発電…");
  expect_text(gs_text_fit("発電所", 4), "発…");
  expect_text(gs_text_fit_middle("House 1, House 2: consumption drawn", 24),
              "House 1, Ho…mption drawn");
}

static void expect_lines(const char *lines, guint width, const char *wanted) {
  g_autoptr(GString) out = g_string_new(NULL);
  gs_text_fit_lines(out, lines, width);
  cr_expect_str_eq(out->str, wanted, "found \"%s\", wanted \"%s\"", out->str, wanted);
}

Test(text, lines_that_are_too_wide_go_on_where_their_text_began) {
  expect_lines("one two\n\nthree\n", 7, "one two\n\nthree\n");
  expect_lines("one two three", 7, "one two\n  three");
  expect_lines("  label  one two three", 14, "  label  one\n    two three");
  expect_lines("  label  one two three", 18, "  label  one two\n         three");
  expect_lines("incomprehensible", 5, "incomprehensible");
  expect_lines("\033[1mone\033[0m two", 7, "\033[1mone\033[0m two");
  expect_lines("\033[1mone\033[0m two", 6, "\033[1mone\033[0m\n  two");
  expect_lines("発電所 発電所", 12, "発電所\n  発電所");
}

/** What a table says at a width, of two texts and two numbers. */
static void expect_table(guint columns, const char *wanted) {
  g_autoptr(GsTable) table = gs_table_new();
  g_autoptr(GString) out = g_string_new(NULL);
  gs_table_column(table, "who", false, 0);
  gs_table_column(table, NULL, true, 0);
  gs_table_column(table, "sum", true, 0);
  gs_table_cell(table, g_strdup("a name of thirty characters"), GS_STYLE_NONE);
  gs_table_cell(table, g_strdup("1"), GS_STYLE_NONE);
  gs_table_cell(table, g_strdup("1,000"), GS_STYLE_NONE);
  gs_table_print(table, (GsStyle){.columns = columns}, out);
  cr_expect_str_eq(out->str, wanted, "found \"%s\", wanted \"%s\"", out->str, wanted);
}

Test(table, a_table_that_is_wider_than_the_terminal_says_what_it_left_out) {
  const char *whole = "  who                               sum\n"
                      "  a name of thirty characters  1  1,000\n";
  expect_table(0, whole);
  expect_table(39, whole);
  expect_table(38, "  who                              sum\n"
                   "  a name of th…ty characters  1  1,000\n"
                   "  (1 text is shortened; --json has\n"
                   "  all)\n");
  expect_table(24, "  who\n"
                   "  a name of…haracters  1\n"
                   "  (no room for: sum; 1\n"
                   "  text is shortened;\n"
                   "  --json has all)\n");
}

Test(text, long_text_is_broken_at_spaces) {
  g_autoptr(GString) out = g_string_new(NULL);
  gs_text_wrap(out, "one two  three four", 2, 10);
  cr_expect_str_eq(out->str, "  one two\n  three\n  four\n");
  g_string_truncate(out, 0);
  gs_text_wrap(out, "incomprehensible", 0, 5);
  cr_expect_str_eq(out->str, "incomprehensible\n");
}

static GsTable *small_table(void) {
  GsTable *table = gs_table_new();
  gs_table_column(table, "name", false, 8);
  gs_table_column(table, "net", true, 0);
  gs_table_column(table, "siblings", false, 0);
  gs_table_cell(table, g_strdup("Zürich"), GS_STYLE_NONE);
  gs_table_cell(table, g_strdup("-1,204"), GS_STYLE_BAD);
  gs_table_cell(table, g_strdup("B"), GS_STYLE_NONE);
  gs_table_line(table, "… 3 more …");
  gs_table_cell(table, g_strdup("発電所発電所"), GS_STYLE_NONE);
  gs_table_cell(table, g_strdup("7"), GS_STYLE_GOOD);
  gs_table_cell(table, NULL, GS_STYLE_NONE);
  return table;
}

Test(table, columns_are_aligned_and_lines_have_no_spaces_at_the_end) {
  g_autoptr(GsTable) table = small_table();
  g_autoptr(GString) out = g_string_new(NULL);
  gs_table_print(table, (GsStyle){.color = false}, out);
  cr_expect_str_eq(out->str, "  name        net  siblings\n"
                             "  Zürich   -1,204  B\n"
                             "  … 3 more …\n"
                             "  発電所…       7\n"
                             "  (1 text is shortened; --json has all)\n");
}

Test(table, colour_does_not_move_anything) {
  g_autoptr(GsTable) table = small_table();
  g_autoptr(GString) out = g_string_new(NULL);
  gs_table_print(table, (GsStyle){.color = true}, out);
  cr_expect(strstr(out->str, "  Zürich   \033[1;31m-1,204\033[0m  B\n"));
}

Test(table, one_column_shrinks_to_the_page) {
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, "what", false, 0);
  gs_table_shrinks(table, 30);
  gs_table_column(table, "n", true, 0);
  gs_table_cell(table, g_strdup("House 1, House 2: consumption drawn"), GS_STYLE_NONE);
  gs_table_cell(table, g_strdup("12"), GS_STYLE_NONE);
  g_autoptr(GString) out = g_string_new(NULL);
  gs_table_print(table, (GsStyle){.color = false}, out);
  cr_expect_str_eq(out->str, "  what                       n\n"
                             "  House 1, Ho…mption drawn  12\n"
                             "  (1 text is shortened; --json has all)\n");
}

Test(table, an_optional_column_is_there_only_where_it_fits) {
  static const char *const wanted[] = {"  what  hops   n\n"
                                       "  four     7  12\n",
                                       "  what        n\n"
                                       "  four long  12\n"
                                       "  (no room for: hops; --json has all)\n"};
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
    g_autoptr(GsTable) table = gs_table_new();
    gs_table_column(table, "what", false, 0);
    gs_table_shrinks(table, 16);
    gs_table_column(table, "hops", true, 0);
    gs_table_optional(table);
    gs_table_column(table, "n", true, 0);
    gs_table_cell(table, g_strdup(i ? "four long" : "four"), GS_STYLE_NONE);
    gs_table_cell(table, g_strdup("7"), GS_STYLE_NONE);
    gs_table_cell(table, g_strdup("12"), GS_STYLE_NONE);
    g_autoptr(GString) out = g_string_new(NULL);
    gs_table_print(table, (GsStyle){.color = false}, out);
    cr_expect_str_eq(out->str, wanted[i], "found:\n%s", out->str);
  }
}

Test(table, a_table_without_headings_starts_with_its_rows) {
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, NULL, false, 0);
  gs_table_cell(table, g_strdup("x"), GS_STYLE_NONE);
  g_autoptr(GString) out = g_string_new(NULL);
  gs_table_print(table, (GsStyle){.color = false}, out);
  cr_expect_str_eq(out->str, "  x\n");
}

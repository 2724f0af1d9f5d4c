/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/cli/file_form.h"

static const GsFileForm forms[] = {
    {"text", "txt"}, {"an SVG picture", "svg"}, {"a graph in DOT", "dot gv"}, {NULL, NULL}};

/** The form that a path gets, or -1 and the reason. */
static int form_of(const char *path, int asked, char **reason) {
  g_autoptr(GError) error = NULL;
  int form = -1;
  bool good = gs_file_form("--output", path, forms, asked, 0, &form, &error);
  cr_assert_eq(good, error == NULL);
  *reason = error ? g_strdup(error->message) : NULL;
  return good ? form : -1;
}

Test(file_form, the_ending_decides_unless_a_form_is_asked_for) {
  static const struct {
    const char *path;
    int asked, form;
  } cases[] = {
      {"x.svg", GS_FILE_FORM_ANY, 1},
      {"X.SVG", GS_FILE_FORM_ANY, 1},
      {"x.dot", GS_FILE_FORM_ANY, 2},
      {"a.svg/x.gv", GS_FILE_FORM_ANY, 2},
      {"x", GS_FILE_FORM_ANY, 0},
      {"x", 2, 2},
      {"x.gv", 2, 2},
      {"run.2024", GS_FILE_FORM_ANY, 0},
      {"run.2024", 1, 1},
      {"a.json/x", GS_FILE_FORM_ANY, 0},
      {".svg", GS_FILE_FORM_ANY, 0},
      {"x.", GS_FILE_FORM_ANY, 0},
      {"/dev/null", 1, 1},
      {"tmp.Xk2", GS_FILE_FORM_ANY, 0},
      {"x.png", GS_FILE_FORM_ANY, -1},
      {"x.svg", 2, -1},
      {"x.dot", 1, -1},
      {"x.tar.gz", GS_FILE_FORM_ANY, -1},
      {"x.graphml", GS_FILE_FORM_ANY, -1},
      {"x.txt", 1, -1},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *reason = NULL;
    cr_expect_eq(form_of(cases[i].path, cases[i].asked, &reason), cases[i].form, "%s: %s",
                 cases[i].path, reason ? reason : "fine");
  }
}

Test(file_form, a_refusal_names_both_and_what_is_allowed) {
  g_autofree char *other = NULL, *asked = NULL;
  form_of("fig.png", GS_FILE_FORM_ANY, &other);
  cr_expect_str_eq(other,
                   "--output: \"fig.png\" would be text, but .png is the ending of a picture "
                   "of pixels; give it .txt, .svg, .dot or .gv");
  form_of("fig.svg", 2, &asked);
  cr_expect_str_eq(asked,
                   "--output: \"fig.svg\" would be a graph in DOT, but .svg is the ending of "
                   "an SVG picture; give it .dot or .gv");
}

Test(file_form, a_page_is_not_called_text_and_lines_may_be) {
  static const GsFileForm page[] = {{"an HTML page", "html htm"}, {NULL, NULL}};
  static const GsFileForm lines[] = {{"lines of JSON", "jsonl"}, {NULL, NULL}};
  g_autoptr(GError) error = NULL;
  int form;
  cr_expect(gs_file_form("--trace", "a.txt", lines, GS_FILE_FORM_ANY, 0, &form, NULL));
  cr_expect(gs_file_form("--report", "a.2024", page, GS_FILE_FORM_ANY, 0, &form, NULL));
  cr_expect_not(gs_file_form("--report", "a.TXT", page, GS_FILE_FORM_ANY, 0, &form, &error));
  cr_expect_str_eq(error->message, "--report: \"a.TXT\" would be an HTML page, but .txt is the "
                                   "ending of text; give it .html or .htm");
}

Test(file_form, a_folder_is_not_called_like_a_file) {
  g_autoptr(GError) error = NULL;
  cr_expect(gs_folder_form("--out", "results", "files", NULL));
  cr_expect(gs_folder_form("--out", "results.d/", "files", NULL));
  cr_expect(gs_folder_form("--out", "v1.2", "files", NULL));
  cr_expect_not(gs_folder_form("--out", "no/such/table.csv/", "files", &error));
  cr_expect_str_eq(error->message,
                   "--out: \"no/such/table.csv/\" would be a folder with files, but "
                   ".csv is the ending of a CSV table; give it a name without that");
}

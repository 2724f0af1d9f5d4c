/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/file_form.h"

#include <string.h>

#include "core/error.h"
#include "sim/base/quote.h"

/** Formats that people have endings for, whether gridsim writes them or not. */
static const GsFileForm known[] = {
    {"an HTML page", "html htm xhtml"},
    {"an SVG picture", "svg svgz"},
    {"a picture of pixels", "png jpg jpeg gif webp bmp tif tiff"},
    {"a document of pages", "pdf ps eps"},
    {"a JSON document", "json"},
    {"lines of JSON", "jsonl ndjson"},
    {"a CSV table", "csv tsv"},
    {"a spreadsheet", "xlsx xls ods"},
    {"a text document", "md rst tex docx odt"},
    {"a graph in DOT", "dot gv"},
    {"GraphML", "graphml"},
    {"a graph file", "gml gexf net pajek lgl ncol edges edgelist"},
    {"a Mermaid diagram", "mmd mermaid"},
    {"XML", "xml"},
    {"YAML", "yaml yml"},
    {"a database", "db sqlite parquet"},
    {"an archive", "gz bz2 xz zst zip tar tgz 7z"},
    {NULL, NULL},
};
/** And those of what is read as it is; what is drawn by a browser is not. */
static const GsFileForm plain[] = {{"text", "txt log"}, {NULL, NULL}};
static const char *const drawn[] = {"html", "svg"};

/** The ending, in small letters and without its dot; NULL: there is none. */
static char *ending_of(const char *path) {
  g_autofree char *base = g_path_get_basename(path);
  const char *dot = strrchr(base, '.');
  return dot && dot > base && dot[1] ? g_ascii_strdown(dot + 1, -1) : NULL;
}

/** The first of the forms that has the ending, or -1. */
static int form_with(const GsFileForm *forms, const char *ending) {
  for (int i = 0; forms[i].name; i++) {
    g_auto(GStrv) endings = g_strsplit(forms[i].endings, " ", -1);
    if (g_strv_contains((const char *const *)endings, ending))
      return i;
  }
  return -1;
}

/** ".dot or .gv". */
static char *allowed_endings(const GsFileForm *forms, int only) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
  for (int i = 0; forms[i].name; i++) {
    g_auto(GStrv) endings = g_strsplit(forms[i].endings, " ", -1);
    for (char **ending = endings; *ending && (only < 0 || only == i); ending++)
      g_ptr_array_add(all, g_strconcat(".", *ending, NULL));
  }
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < all->len; i++)
    g_string_append_printf(out, "%s%s",
                           i == 0              ? ""
                           : i + 1 == all->len ? " or "
                                               : ", ",
                           (const char *)all->pdata[i]);
  return g_string_free(out, FALSE);
}

static bool refuse(const char *option, const char *path, const char *would, const char *ending,
                   const char *means, const char *allowed, GError **error) {
  g_autofree char *quoted = gs_quote(path);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s: %s would be %s, but .%s is the ending of %s; %s", option, quoted, would, ending,
              means, allowed);
  return false;
}

static bool is_drawn(const GsFileForm *form) {
  for (guint i = 0; i < G_N_ELEMENTS(drawn); i++)
    if (g_str_has_prefix(form->endings, drawn[i]))
      return true;
  return false;
}

bool gs_file_form(const char *option, const char *path, const GsFileForm *forms, int asked,
                  int usual, int *form, GError **error) {
  g_autofree char *ending = ending_of(path);
  int says = ending ? form_with(forms, ending) : -1;
  *form = asked != GS_FILE_FORM_ANY ? asked : says >= 0 ? says : usual;
  if (!ending || says == *form)
    return true;
  int other = form_with(known, ending);
  bool text = form_with(plain, ending) >= 0 && is_drawn(&forms[*form]);
  if (says < 0 && other < 0 && !text)
    return true;
  g_autofree char *endings = allowed_endings(forms, asked);
  g_autofree char *allowed = g_strdup_printf("give it %s", endings);
  return refuse(option, path, forms[*form].name, ending,
                says >= 0 ? forms[says].name
                : text    ? plain[0].name
                          : known[other].name,
                allowed, error);
}

bool gs_folder_form(const char *option, const char *path, const char *holds, GError **error) {
  g_autofree char *ending = ending_of(path);
  int other = ending ? form_with(known, ending) : -1;
  if (other < 0 || g_file_test(path, G_FILE_TEST_IS_DIR))
    return true;
  g_autofree char *would = g_strdup_printf("a folder with %s", holds);
  return refuse(option, path, would, ending, known[other].name, "give it a name without that",
                error);
}

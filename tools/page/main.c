/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "sim/report/html.h"

/** Puts a report page together from a document in a file, for working on the pages and testing
 * them without a run. */
int main(int argc, char **argv) {
  if (argc != 3 || (strcmp(argv[1], "compare") != 0 && strcmp(argv[1], "run") != 0)) {
    fprintf(stderr, "usage: gridsim-page compare|run DOCUMENT.json >PAGE.html\n");
    return 2;
  }
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;
  if (!g_file_get_contents(argv[2], &json, NULL, &error)) {
    fprintf(stderr, "gridsim-page: %s\n", error->message);
    return 2;
  }
  g_autoptr(GString) page = g_string_new(NULL);
  gs_html_page(page, "gridsim", argv[1], json);
  if (fwrite(page->str, 1, page->len, stdout) != page->len || fflush(stdout) != 0) {
    perror("gridsim-page");
    return 1;
  }
  return 0;
}

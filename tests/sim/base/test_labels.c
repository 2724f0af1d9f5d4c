/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/limits.h"
#include "sim/base/labels.h"

Test(labels, become_short_unique_lines_of_text) {
  char long_name[301];
  memset(long_name, 'x', 300);
  long_name[300] = '\0';
  const char *given[] = {"A",       "A",         "A (2)", "A", "",        NULL,      "N5",
                         "a\tb\nc", " \x1b[31m", "\xff",  "*", long_name, long_name, "\u202eevil"};
  const char *expected[] = {"A",     "A (2)", "A (2) (2)", "A (3)", "N5", "N6", "N5 (2)",
                            "a b c", "[31m",  "\ufffd",    "N11",   NULL, NULL, "evil"};
  guint count = G_N_ELEMENTS(given);
  char **labels = g_new0(char *, count + 1);
  for (guint i = 0; i < count; i++)
    labels[i] = g_strdup(given[i]);
  GsLabelChanges changes = {0};
  gs_labels_tidy(labels, count, &changes);
  for (guint i = 0; i < count; i++)
    if (expected[i])
      cr_assert_str_eq(labels[i], expected[i]);
  cr_assert_eq(strlen(labels[11]), GS_NAME_BYTES_MAX);
  cr_assert_eq(strlen(labels[12]), GS_NAME_BYTES_MAX);
  cr_assert(g_str_has_suffix(labels[12], "x (2)"));
  g_strfreev(labels);
}

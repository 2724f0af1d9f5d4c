/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"

typedef struct {
  gboolean help;
  char *seed, *color;
  char **set, **operands;
} Args;

Test(options, of_a_table_are_read_and_forgotten_again) {
  Args args = {0};
  const GOptionEntry entries[] = {GS_ROW_SEED(&args), GS_ROW_SET_AS_RUN(&args), GS_ROW_COLOR(&args),
                                  GS_ROW_HELP(&args), GS_ROW_OPERANDS(&args),   {0}};
  g_auto(GStrv) given = g_strsplit("run --seed 7 --set a=1 ring --set=b=2 -h", " ", -1);
  g_autoptr(GError) error = NULL;
  cr_assert(gs_options_parse(&given, entries, false, &error), "%s", error->message);
  cr_expect(args.help && g_str_equal(args.seed, "7") && !args.color);
  g_autofree char *set = g_strjoinv(" ", args.set), *operands = g_strjoinv(" ", args.operands);
  cr_expect_str_eq(set, "a=1 b=2");
  cr_expect_str_eq(operands, "ring");
  gs_options_clear(entries);
  cr_expect(!args.seed && !args.color && !args.set && !args.operands);
  gs_options_clear(entries);
}

Test(options, that_are_not_known_are_named_with_the_nearest) {
  Args args = {0};
  const GOptionEntry entries[] = {GS_ROW_SEED(&args), {0}};
  g_auto(GStrv) given = g_strsplit("run --sed 7", " ", -1);
  g_autoptr(GError) error = NULL;
  cr_assert_not(gs_options_parse(&given, entries, false, &error));
  cr_expect_str_eq(error->message, "unknown option '--sed'; did you mean '--seed'?");
  gs_options_clear(entries);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/remove_folder.h"
#include "sim/cli/command_text.h"

Test(command_text, a_shell_reads_the_same_words_again) {
  g_auto(GStrv) words =
      g_strsplit("run@--set@nodes.0.name=A 'b' $c `d` \"e\"\\@@~/x@=ls@a*b@-j4@é\n;&|", "@", -1);
  g_autofree char *text = gs_command_text("gridsim", words);
  g_auto(GStrv) read = NULL;
  cr_assert(g_shell_parse_argv(text, NULL, &read, NULL));
  cr_assert_str_eq(read[0], "gridsim");
  cr_assert(g_strv_equal((const char *const *)words, (const char *const *)read + 1), "%s", text);
  cr_assert(strstr(text, " '~/x' '=ls' 'a*b' -j4 "), "%s", text);
}

Test(command_text, plain_words_stay_as_they_are_and_bytes_become_text) {
  g_auto(GStrv) words = g_strsplit("--vary=network.latency=1ms,10ms 5% a/b_c.json \xff", " ", -1);
  g_autofree char *text = gs_command_text("gridsim compare", words);
  cr_assert_str_eq(text, "gridsim compare --vary=network.latency=1ms,10ms 5% a/b_c.json '\ufffd'");
}

static void make_file(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  cr_assert(g_file_set_contents(path, "", 0, NULL));
}

Test(remove_folder, all_goes_that_is_inside_and_nothing_that_is_linked) {
  g_autofree char *folder = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  g_autofree char *elsewhere = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  g_autofree char *deep = g_build_filename(folder, "a", "b", NULL);
  g_autofree char *link = g_build_filename(deep, "link", NULL);
  g_autofree char *kept = g_build_filename(elsewhere, "kept", NULL);
  cr_assert(g_mkdir_with_parents(deep, 0700) == 0);
  make_file(folder, ".hidden");
  make_file(deep, "file");
  make_file(elsewhere, "kept");
  cr_assert(symlink(elsewhere, link) == 0);
  cr_assert(gs_remove_folder(folder, NULL));
  cr_assert(!g_file_test(folder, G_FILE_TEST_EXISTS) && g_file_test(kept, G_FILE_TEST_EXISTS));
  cr_assert(gs_remove_folder(elsewhere, NULL));

  g_autoptr(GError) error = NULL;
  cr_assert(!gs_remove_folder(folder, &error));
  cr_assert(g_str_has_prefix(error->message, "cannot remove ") && strstr(error->message, folder));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/error.h"
#include "sim/base/remove_folder.h"
#include "sim/scenario/scenario.h"

static char *folder;

static void make_folder(void) {
  folder = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  cr_assert(folder);
}

static void remove_folder(void) {
  cr_assert(gs_remove_folder(folder, NULL));
  g_free(folder);
}

TestSuite(input_files, .init = make_folder, .fini = remove_folder);

static const char grid[] = "{\"topology\": {\"file\": \"net.edges\"}}";

static void write_net(const char *text) {
  g_autofree char *path = g_build_filename(folder, "net.edges", NULL);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
}

static GsScenario *read_grid(GsInputFiles *files, GError **error) {
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.files = files;
  g_autofree char *source = g_build_filename(folder, "grid.json", NULL);
  return gs_scenario_parse_within(&limits, grid, strlen(grid), source, NULL, 0, error);
}

Test(input_files, a_scenario_knows_the_file_that_it_read_by_its_content) {
  write_net("abc");
  g_autoptr(GError) error = NULL;
  cr_assert_not(read_grid(NULL, &error), "one name is no link");
  write_net("a b\n");
  g_autoptr(GsScenario) scenario = read_grid(NULL, NULL);
  cr_assert(scenario);
  cr_assert_eq(scenario->inputs->len, 1);
  const GsInputFile *input = scenario->inputs->pdata[0];
  g_autofree char *path = g_build_filename(folder, "net.edges", NULL);
  cr_assert_str_eq(input->member, "topology.file");
  cr_assert_str_eq(input->named, "net.edges");
  cr_assert_str_eq(input->path, path);
  cr_assert_eq(input->bytes, 4);
  /* By printf 'a b\n' | sha256sum. */
  cr_assert_str_eq(input->fingerprint,
                   "01186fcf04b4b447f393e552964c08c7b419c1ad7a25c342a0b631b1967d3a27");
}

Test(input_files, a_scenario_keeps_its_text_and_what_was_overridden) {
  const GsOverride overrides[] = {{"topology.kind", "ring"}, {"topology.nodes", "7"}};
  const char text[] = "{\"topology\": {}}";
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse(text, strlen(text), "x.json", overrides, 2, NULL);
  cr_assert(scenario);
  cr_assert_eq(scenario->inputs->len, 0);
  cr_assert_eq(g_bytes_get_size(scenario->text), strlen(text));
  cr_assert_eq(scenario->overrides->len, 4);
  cr_assert_str_eq(scenario->overrides->pdata[3], "7");
}

Test(input_files, shared_files_are_read_once) {
  GsInputFiles *files = gs_input_files_new();
  write_net("a b\n");
  g_autoptr(GsScenario) before = read_grid(files, NULL);
  write_net("a b\nb c\nc d\n");
  g_autoptr(GsScenario) after = read_grid(files, NULL);
  g_autoptr(GsScenario) fresh = read_grid(NULL, NULL);
  cr_assert(before && after && fresh);
  cr_assert_eq(after->link_count, 1, "the file that was edited got in");
  cr_assert_eq(fresh->link_count, 3);
  const GsInputFile *first = before->inputs->pdata[0], *second = after->inputs->pdata[0];
  cr_assert_str_eq(first->fingerprint, second->fingerprint);
  gs_input_files_free(files);
}

Test(input_files, sealed_files_are_all_there_is) {
  g_autoptr(GError) error = NULL;
  GsInputFiles *files = gs_input_files_new();
  gs_input_files_seal(files, "the page");
  write_net("a b\n");
  cr_assert_not(read_grid(files, &error));
  cr_assert(g_str_has_suffix(error->message, "net.edges: is not in the page"), "%s",
            error->message);
  g_autofree char *path = g_build_filename(folder, "net.edges", NULL);
  g_autoptr(GBytes) content = g_bytes_new_static("a b\nb c\n", 8);
  gs_input_files_add(files, path, content);
  g_autoptr(GsScenario) scenario = read_grid(files, NULL);
  cr_assert(scenario && scenario->link_count == 2);
  gs_input_files_free(files);
}

Test(input_files, only_regular_files_are_read_and_nothing_is_waited_for, .timeout = 10) {
  g_autofree char *fifo = g_build_filename(folder, "fifo.gml", NULL);
  g_autofree char *dir = g_build_filename(folder, "sub.gml", NULL);
  cr_assert_eq(mkfifo(fifo, 0600), 0);
  cr_assert_eq(g_mkdir(dir, 0700), 0);
  const char *paths[] = {fifo, dir, "/dev/zero"};
  const char *rests[] = {": is no regular file; must be a regular file",
                         ": is a folder; must be a regular file",
                         ": is no regular file; must be a regular file"};
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++) {
    char fingerprint[GS_FINGERPRINT_DIGITS + 1];
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = g_strconcat(paths[i], rests[i], NULL);
    cr_assert_null(gs_input_files_read(NULL, paths[i], 100, fingerprint, &error));
    cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
    cr_expect_str_eq(error->message, expected);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/operand.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/json/json.h"
#include "sim/cli/cli.h"

#define ENDING ".json"

char *gs_shipped_folder(void) {
  static const char *const places[] = {"../share/gridsim/scenarios", "../../scenarios"};
  char *program = realpath("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname(program) : NULL;
  free(program);
  for (guint i = 0; folder && i < G_N_ELEMENTS(places); i++) {
    g_autofree char *place = g_build_filename(folder, places[i], NULL);
    g_autofree char *schema = g_build_filename(place, "scenario.schema.json", NULL);
    char *real = g_file_test(schema, G_FILE_TEST_EXISTS) ? realpath(place, NULL) : NULL;
    if (real)
      return real;
  }
  return NULL;
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

char **gs_shipped_names(bool sweeps) {
  g_autofree char *folder = gs_shipped_folder();
  g_autofree char *place = folder ? g_build_filename(folder, sweeps ? "sweeps" : ".", NULL) : NULL;
  g_autoptr(GDir) dir = place ? g_dir_open(place, 0, NULL) : NULL;
  GPtrArray *names = g_ptr_array_new();
  for (const char *file; dir && (file = g_dir_read_name(dir));) {
    if (!g_str_has_suffix(file, ENDING) || g_str_has_suffix(file, ".schema.json"))
      continue;
    g_autofree char *name = g_strndup(file, strlen(file) - strlen(ENDING));
    g_ptr_array_add(names, g_strconcat(sweeps ? "sweeps/" : "", name, NULL));
  }
  g_ptr_array_sort(names, by_name);
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

/** The shipped file of that name, or NULL. */
static char *find_shipped(const char *operand) {
  g_autofree char *folder = gs_shipped_folder();
  if (!folder || g_path_is_absolute(operand) || strstr(operand, "..") || !*operand)
    return NULL;
  const char *name = g_str_has_prefix(operand, "scenarios/") ? strchr(operand, '/') + 1 : operand;
  const char *ending = g_str_has_suffix(name, ENDING) ? "" : ENDING;
  static const char *const below[] = {"", "sweeps/"};
  for (guint i = 0; i < G_N_ELEMENTS(below); i++) {
    g_autofree char *path = g_strconcat(folder, "/", below[i], name, ending, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
      return g_steal_pointer(&path);
  }
  return NULL;
}

/** Says that a word names nothing, and what it may have been meant to. */
static void fail_unknown(const char *operand, GError **error) {
  g_auto(GStrv) scenarios = gs_shipped_names(false), sweeps = gs_shipped_names(true);
  const char *near = gs_nearest_word(operand, (const char *const *)scenarios);
  if (!near)
    near = gs_nearest_word(operand, (const char *const *)sweeps);
  g_autofree char *list = g_strjoinv(", ", scenarios);
  g_autofree char *folder = gs_shipped_folder();
  if (near)
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: there is no such file; did you mean %s, a scenario that ships?", operand,
                near);
  else if (folder)
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: there is no such file, and no scenario of that name in %s; there are %s",
                operand, folder, list);
  else
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: there is no such file", operand);
}

char *gs_operand_file(const char *operand, bool quiet, GError **error) {
  struct stat info;
  if (strcmp(operand, "-") == 0 || stat(operand, &info) == 0) {
    char *path = g_strdup(operand);
    /* A folder is called the same with and without what ends its name. */
    for (gsize end = strlen(path); end > 1 && path[end - 1] == '/'; end--)
      path[end - 1] = '\0';
    return path;
  }
  char *shipped = find_shipped(operand);
  if (shipped) {
    if (!quiet)
      gs_cli_error("%s is %s", operand, shipped);
    return shipped;
  }
  /* What looks like a path is for the reader to complain of. */
  if (strpbrk(operand, "/."))
    return g_strdup(operand);
  fail_unknown(operand, error);
  return NULL;
}

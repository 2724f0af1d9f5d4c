/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/remove_folder.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "core/error.h"

/** The first failure is kept. */
static bool fail(const char *path, int reason, GError **error) {
  if (error && !*error)
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "cannot remove %s: %s", path, g_strerror(reason));
  return false;
}

bool gs_remove_folder(const char *path, GError **error) {
  bool gone = true;
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    if (g_unlink(inside) == 0)
      continue;
    int reason = errno;
    if (g_file_test(inside, G_FILE_TEST_IS_DIR) && !g_file_test(inside, G_FILE_TEST_IS_SYMLINK))
      gone = gs_remove_folder(inside, error) && gone;
    else
      gone = fail(inside, reason, error);
  }
  return g_rmdir(path) == 0 ? gone : fail(path, errno, error);
}

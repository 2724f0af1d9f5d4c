/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/web.h"

#include <gio/gio.h>

/** Made by glib-compile-resources. */
G_GNUC_INTERNAL GResource *gs_web_get_resource(void);

const char *gs_web_file(const char *name, size_t *length) {
  g_autofree char *path = g_strconcat("/gridsim/", name, NULL);
  /* The resource is static: so is the text, which ends in NUL. */
  g_autoptr(GBytes) bytes =
      g_resource_lookup_data(gs_web_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_assert(bytes);
  return g_bytes_get_data(bytes, length);
}

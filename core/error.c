/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"

/** Not G_DEFINE_QUARK: that keeps the number in writable global data. */
GQuark gs_error_quark(void) {
  return g_quark_from_static_string("gridsim-error-quark");
}

bool gs_fail_input(GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autoptr(GError) own = g_error_new_valist(GS_ERROR, GS_ERROR_INPUT, format, args);
  va_end(args);
  g_propagate_error(error, g_steal_pointer(&own));
  return false;
}

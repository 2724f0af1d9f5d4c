/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"

/** Not G_DEFINE_QUARK: that keeps the number in writable global data. */
GQuark gs_error_quark(void) {
  return g_quark_from_static_string("gridsim-error-quark");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/served.h"

void gs_serve_report_clear(GsServeReport *report) {
  g_clear_pointer(&report->served, g_array_unref);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** A figure as people read it, by its unit: "5.02 ms", "4,145,153", "1.2 MiB". Free with g_free. */
char *gs_quantity_text(double value, const char *unit);

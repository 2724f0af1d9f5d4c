/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/serve/routes.h"

/** The pages that show an exposed node. All append to `out`; all are thread-safe. */

/** JSON: the node, its siblings, gridnet and counters. */
void gs_page_state(GsRoutes *routes, GsPort *port, GString *out);
/** Prometheus' text format, version 0.0.4. */
void gs_page_metrics(GsRoutes *routes, GsPort *port, guint address, GString *out);
/** The state alone in one line: what an event of it carries. */
void gs_page_state_event(GsPort *port, GString *out);

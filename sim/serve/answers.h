/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/serve/routes.h"

/** What an exposed node answers to those who want to see it. All append to `out`; all are
 * thread-safe. */

/** JSON: the node, its siblings, gridnet and counters. */
void gs_answer_state(GsRoutes *routes, GsPort *port, GString *out);
/** Prometheus' text format, version 0.0.4. */
void gs_answer_metrics(GsRoutes *routes, GsPort *port, guint address, GString *out);
/** The state alone in one line: what an event of it carries. */
void gs_answer_state_event(GsPort *port, GString *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/measure/served.h"
#include "sim/report/style.h"
#include "sim/scenario/scenario.h"

/** Where nodes listen, with a request to copy. */
void gs_print_listening(const GsScenario *scenario, const GArray *served, GsStyle style,
                        GString *out);
/** What came in over HTTP and what went out. */
void gs_print_served(const GsScenario *scenario, const GsServeReport *report, GsStyle style,
                     GString *out);

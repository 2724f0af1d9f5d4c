/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/simulation.h"

/** Appends a record as one line of JSON, without its end. */
void gs_trace_format(GString *line, const GsSimulation *sim, const GsTraceRecord *record);
/** Writes records as JSON lines, in their order. Errors stay in the stream. */
void gs_trace_write(FILE *file, const GsSimulation *sim, const GArray *records);

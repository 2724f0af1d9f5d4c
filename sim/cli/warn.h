/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/serve/serve.h"

/** Warnings on standard error, of what is legal and perhaps not meant. */
void gs_warn_scenario(const GsScenario *scenario);
/** A line that a GsServeCalls.warns is told; `data` is not used. Thread-safe. */
void gs_warn_serving(const char *line, void *data);
/** Of nodes that listen everywhere: their siblings are told an address that nobody can call. */
void gs_warn_addresses(const GArray *served);

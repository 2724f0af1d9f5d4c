/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json/json_writer.h"
#include "sim/report/style.h"
#include "sim/scenario/warning.h"

/** Warnings in reports, the same in all of them. */

/** The member "warnings": an array of objects with kind, place, text and count; empty: none. */
void gs_warnings_write(GsJsonWriter *json, const GPtrArray *warnings);
/** The members of one of those objects, which is open. */
void gs_warning_write(GsJsonWriter *json, const GsWarning *warning);
/** A section for a terminal; nothing where there are none. */
void gs_warnings_print(const GPtrArray *warnings, GsStyle style, GString *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/** Fields of tables in CSV (RFC 4180). */

/** A field, in quotes where it has to be. */
void gs_csv_append(GString *out, const char *text);
/** A text that people chose: behind an apostrophe where a spreadsheet would read a formula. */
void gs_csv_append_foreign(GString *out, const char *text);
/** Whether it gets one. */
bool gs_csv_is_formula(const char *text);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/limits.h"

/** What every message says of a name that is none. */
#define GS_NAME_FORM "1 to " G_STRINGIFY(GS_NAME_BYTES_MAX) " bytes without control characters"

/**
 * What keeps a text from being a name, of a node or of anything else that is written into tables
 * and messages: "is empty", "has a control character"; NULL where it is UTF-8 of that form. Pure.
 */
const char *gs_name_problem(const char *text);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/** Text of a file of sim/report/web/, or of a library beside it, that is inside the program. */
const char *gs_web_file(const char *name, size_t *length);

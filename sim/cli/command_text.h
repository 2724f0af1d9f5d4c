/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * A command line as text that a shell reads as these words again; free with g_free.
 *
 * @param program how it begins; not quoted
 * @param words ended by NULL; each is quoted where a shell would see more in it than text
 * @return valid UTF-8: bytes that are none are replaced by U+FFFD, and only then the command is
 *         not quite what was given
 */
char *gs_command_text(const char *program, char **words);

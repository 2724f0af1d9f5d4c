/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * Removes a folder of our own with all that is in it. Symbolic links are removed, not followed.
 * What cannot be removed stays, and the rest goes; an error (GS_ERROR_SYSTEM) names the first
 * that stayed.
 */
bool gs_remove_folder(const char *path, GError **error);

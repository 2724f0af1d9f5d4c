/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * The length of what looks like an entity at the "&": "&amp;", "&#252;", "&#xfc;", "&uuml;"; 0:
 * nothing does. The character is 0 where it is none that is known. Pure, O(1).
 */
gsize gs_entity(const char *at, const char *end, gunichar *character);

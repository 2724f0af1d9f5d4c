/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** Appends foreign text so that it can stand in XML, between tags or in quotes. What XML cannot
 * hold (control characters, bytes that are no UTF-8) becomes U+FFFD. */
void gs_xml_append(GString *out, const char *text);

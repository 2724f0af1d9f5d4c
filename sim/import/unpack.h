/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/** Whether a content is packed with gzip (RFC 1952). */
bool gs_is_packed(const void *content, gsize length);

/**
 * Unpacks one: all of its members, at most `most` bytes in all and at most
 * GS_UNPACK_RATIO_MAX times the packed size (but always 1 MiB). `path` stands in front of messages.
 * Errors: GS_ERROR_INPUT (damaged, or cut off), GS_ERROR_LIMIT. Pure; time and memory linear in
 * what comes out. Free with g_bytes_unref.
 */
GBytes *gs_unpack(GBytes *packed, const char *path, guint64 most, GError **error);

/** Text packs 3 to 30 times; more is made to fill a memory. */
#define GS_UNPACK_RATIO_MAX 200

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"
#include "sim/import/import.h"

/**
 * The readers, one for each form. Each goes through all of the text, which may hold anything,
 * and tells the draft what it finds; false with GS_ERROR_INPUT or GS_ERROR_LIMIT, "PATH:LINE: …".
 * Pure and linear in the length. What they take is told in docs/GRAPH_FILES.md.
 */
typedef bool (*GsGraphReader)(GsDraft *draft, const GsImport *import, const char *text,
                              gsize length, GError **error);

bool gs_read_graphml(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                     GError **error);
bool gs_read_gml(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                 GError **error);
bool gs_read_table(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                   GError **error);
bool gs_read_matrix_market(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                           GError **error);
bool gs_read_node_link(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                       GError **error);
bool gs_read_pajek(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                   GError **error);
bool gs_read_matpower(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                      GError **error);
bool gs_read_dot(GsDraft *draft, const GsImport *import, const char *text, gsize length,
                 GError **error);

/** Readers take text as it is, which is UTF-8 without NUL: false says where it is not. */
bool gs_read_check_text(const char *path, const char *text, gsize length, GError **error);
/**
 * "PATH:LINE: " and the message, with GS_ERROR_INPUT; line 0: "PATH: ". Text from a file in it has
 * to be shown by gs_shown. Always false.
 */
bool gs_read_wrong(const GsDraft *draft, guint64 line, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/** The start of a text of a file as it can stand in a message, in quotes. Free with g_free. */
char *gs_shown(const char *text, gsize length);

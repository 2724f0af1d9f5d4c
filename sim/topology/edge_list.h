/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/topology/topology.h"

/**
 * Reads lines of two names, with white space or commas between them; what
 * follows on a line is ignored, as are empty lines and those that start with
 * # or %. Nodes are numbered as they first appear; labels are the names, not
 * tidied. `source` names it in messages ("grid.edges:7: …"). igraph's reader of
 * such files is not used: it knows no comments and takes no more columns than three.
 */
GsGraph *gs_edge_list_read(const char *text, gsize length, const char *source, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/** How many names were changed, and how; one name may be in several. */
typedef struct {
  uint32_t repeated;       /**< another node had it before, */
  uint32_t first_repeated; /**< and the place of the first of them */
  uint32_t cut;            /**< longer than GS_NAME_BYTES_MAX */
  uint32_t cleaned;        /**< characters that would break a line or a table */
  uint32_t numbered;       /**< NULL, "" or "*" */
} GsLabelChanges;

/**
 * Makes names of nodes out of what a file calls them, in place: valid UTF-8 on
 * one line without control characters, at most GS_NAME_BYTES_MAX bytes; NULL,
 * "" and "*" (which means all nodes) become "N" and the node's number from 1; a
 * name that was there before gets " (2)", " (3)", … O(bytes).
 */
void gs_labels_tidy(char **labels, uint32_t count, GsLabelChanges *changes);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/explore/hunt.h"
#include "sim/explore/shrink.h"

/** A failure as it is told: what is left of its scenario, and where it was written. */
typedef struct {
  const GsFailure *failure; /**< borrowed */
  GsShrunk shrunk;
  GString *scenario;   /**< the text of a file */
  GString *transcript; /**< of it */
  char *file;          /**< NULL: not written */
} GsFound;

void gs_found_clear(GsFound *found);
/** Has the hunt go on from the first of what was found (of GsFound, in the order of seeds) that was
 * stopped while it was made smaller. */
void gs_found_settle(const GArray *found, uint64_t first_seed, GsHunt *hunt);

/** How much was tried and what was found, for a person; `found` of GsFound. */
void gs_explore_text(const GsHunt *hunt, uint64_t first_seed, const GArray *found, GString *out);
/** The same as one JSON document. */
void gs_explore_json(const GsHunt *hunt, uint64_t first_seed, const GArray *found, GString *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "core/json/json_writer.h"

/**
 * Which program this is, for what it writes. The same sources give the same
 * texts, whenever and wherever they are built.
 */

/**
 * Counts up when the same scenario and seed give another digest or other figures than before: a
 * study does not go on across such a change.
 */
#define GS_RESULTS_VERSION 5

/** "0.1.0"; static. */
const char *gs_version(void);
/** The commit it was built from: "85e9e8c60b3d", with "-dirty" behind it when files had been
 * changed since, or "unknown"; static. */
const char *gs_commit(void);
/** Whether two commits are surely the same sources: equal, known, and without changes. */
bool gs_commit_is_same(const char *a, const char *b);
/** "0.1.0 (85e9e8c60b3d)"; static. */
const char *gs_version_text(void);
/** Members "version", "commit" and "results_version" of an object. */
void gs_version_write(GsJsonWriter *json);

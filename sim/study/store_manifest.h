/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/sweep.h"

/** study.json: what is in a directory of results. For store.c. */

/** As it was read. */
typedef struct {
  GsSweep *sweep; /**< NULL: there is no study */
  char *made_by;  /**< "0.1.0 (85e9e8c60b3d)" */
  bool same;      /**< surely by the same sources as this program */
} GsManifest;

void gs_manifest_clear(GsManifest *manifest);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsManifest, gs_manifest_clear)

/** Whether there is a study, of whatever form. */
bool gs_manifest_exists(const char *directory);
/** Reads it and what is in inputs/. Errors name the directory or the file. */
bool gs_manifest_read(const char *directory, GsManifest *manifest, GError **error);
/** Whether what is there belongs to `sweep`; otherwise the error says what differs. */
bool gs_manifest_check(const char *directory, const GsManifest *before, const GsSweep *sweep,
                       GError **error);
/** Writes it with its inputs, as made by this program. */
bool gs_manifest_write(const char *directory, const GsSweep *all, GError **error);
/** Moves what a study left into a new folder inside the directory; its path, free with g_free. */
char *gs_manifest_set_aside(const char *directory, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/cli/explore_args.h"
#include "sim/explore/progress_file.h"

/** A search that goes on where the same command ended, in the folder of `--out`. */
typedef struct {
  char *path;                /**< NULL: there is no folder */
  GsSearchProgress progress; /**< what was done before, in all */
  double saved_s;
} ExploreResume;

void gs_explore_resume_clear(ExploreResume *resume);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExploreResume, gs_explore_resume_clear)

/** Reads how far it was, and has the plan begin there. Says so where another search was. */
bool gs_explore_resume_begin(const ExploreArgs *args, ExplorePlan *plan, ExploreResume *resume,
                             GError **error);
/** Writes how far it is; while it goes on, only now and then, and not beyond what failed. */
bool gs_explore_resume_save(ExploreResume *resume, const GsHunt *so_far, bool is_over,
                            GError **error);
/** The command line that goes on after what was done; free with g_free. */
char *gs_explore_resume_command(char *const *given, const ExplorePlan *plan, const GsHunt *hunt,
                                bool has_folder);

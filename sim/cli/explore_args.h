/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/draw.h"
#include "sim/explore/hunt.h"

/** What `gridsim explore` is asked for. */
typedef struct {
  gboolean help, json, quiet;
  char *from, *runs, *lasts, *jobs, *out, *topology, *nodes, *checks, *failures;
  char **set, **operands;
} ExploreArgs;

#define GS_EXPLORE_OPTIONS 15
void gs_explore_list_options(ExploreArgs *args, GOptionEntry entries[GS_EXPLORE_OPTIONS]);

/** The same as values; owns what is in it. */
typedef struct {
  GsTree *base;
  GPtrArray *names, *families; /**< see GsDrawPlan */
  GsDrawPlan draw;
  GsHuntOptions hunt;
} ExplorePlan;

void gs_explore_plan_clear(ExplorePlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExplorePlan, gs_explore_plan_clear)
/** False with an error where an option is wrong. */
bool gs_explore_plan_options(const ExploreArgs *args, ExplorePlan *plan, GError **error);
/** Reads the scenario to begin with, if there is one. */
bool gs_explore_plan_base(const ExploreArgs *args, ExplorePlan *plan, GError **error);

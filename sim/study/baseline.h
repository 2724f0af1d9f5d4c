/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/sweep.h"

/**
 * What every run of a sweep does, in words: the scenario, what --set changed in it,
 * and the network, pace and protocol as they run, with what the axes vary named as
 * such. Loads the scenario of the first cell. Free with g_free.
 */
char *gs_study_baseline(const GsSweep *sweep);

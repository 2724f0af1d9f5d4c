/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/outcome.h"

/**
 * Draws convergence time and messages over the number of nodes (or the axis of
 * numbers with most values), and the nodes in sync over time in the setting that
 * comes last, into DIRECTORY/plots. `left_out` says what is not there and why, or
 * NULL; where gnuplot cannot draw them scripts and data are there all the same.
 * Free with g_free. Errors: GS_ERROR_SYSTEM.
 */
bool gs_study_plots(const GsFindings *findings, const char *directory, char **left_out,
                    GError **error);

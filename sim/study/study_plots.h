/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/outcome.h"

/**
 * Draws convergence time and messages over the number of nodes, and the nodes
 * in sync over time, into DIRECTORY/plots. Where gnuplot cannot draw them,
 * scripts and data are there all the same and `left_out` says why; free with
 * g_free. Errors: GS_ERROR_SYSTEM.
 */
bool gs_study_plots(const GsFindings *findings, const char *directory, char **left_out,
                    GError **error);

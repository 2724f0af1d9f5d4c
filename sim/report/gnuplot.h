/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Plots as SVG files for papers, drawn by gnuplot where it is installed. It is
 * a process of its own: the only one that gridsim ever starts. Scripts and data
 * are written beside the plots, so that a plot can be changed and drawn again.
 */

typedef enum {
  GS_GNUPLOT_ERROR_MISSING, /**< gnuplot is not in PATH */
  GS_GNUPLOT_ERROR_FAILED,  /**< it ended with an error; the message has its last words */
} GsGnuplotError;
#define GS_GNUPLOT_ERROR (gs_gnuplot_error_quark())
GQuark gs_gnuplot_error_quark(void);

/** Runs a script in `directory`, which is where it reads and writes, and waits for it. */
bool gs_gnuplot_run(const char *directory, const char *script_name, GError **error);

/** A point of a line; what is not known is NaN. */
typedef struct {
  double x, y;
  double low, high;               /**< interval of y */
  double theory_low, theory_high; /**< bounds; equal where theory is exact */
} GsPlotPoint;

/**
 * Texts may come from anywhere: what is not a letter, a digit, a space or one of
 * . , : ; - + * / % = ( ) becomes _.
 */
typedef struct {
  const char *name; /**< in the key */
  const GsPlotPoint *points;
  uint32_t n_points;
} GsPlotSeries;

typedef struct {
  const char *file_name; /**< our own, a plain word: "convergence" */
  const char *title, *x_label, *y_label;
  bool log_x, log_y; /**< points at or below 0 are left out */
  bool y_share;      /**< y goes from 0 to 1 */
  const GsPlotSeries *series;
  uint32_t n_series;
} GsPlot;

/**
 * Writes FILE.gp and FILE.dat of each plot into `directory`, which must be
 * there, and lets gnuplot draw FILE.svg; of more than 12 series several, FILE-2
 * and so on, with the same axes, and removes what is left there of more. The key is
 * below, where it takes no room from the plot. A plot without any point that can be
 * drawn is left out. Without gnuplot scripts and data are written all the same,
 * and the error is GS_GNUPLOT_ERROR_MISSING. The same plots give the same bytes
 * with the same gnuplot, which works in a temporary folder of its own. Other errors: of
 * writing (GS_ERROR), of gnuplot and that folder (GS_GNUPLOT_ERROR_FAILED).
 */
bool gs_plots_write(const char *directory, const GsPlot *plots, uint32_t n_plots, GError **error);

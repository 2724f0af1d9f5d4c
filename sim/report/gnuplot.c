/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/gnuplot.h"

#include <math.h>
#include <string.h>

#include "core/json_writer.h"

/* Colours of Okabe and Ito, which colour-blind people can tell apart; black last. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#000000"};
/* Circle, square, triangle, diamond, their hollow ones, cross, star. */
static const int markers[] = {7, 5, 9, 13, 6, 4, 8, 12, 2, 3};
/* More values than that on an axis get the usual ticks. */
#define TICKS_MOST 12
/* Room on a logarithmic axis before the first and after the last point. */
#define LOG_MARGIN 1.15
#define LAST_WORDS 400

GQuark gs_gnuplot_error_quark(void) {
  return g_quark_from_string("gs-gnuplot-error-quark");
}

bool gs_gnuplot_available(void) {
  g_autofree char *path = g_find_program_in_path("gnuplot");
  return path;
}

bool gs_gnuplot_run(const char *directory, const char *script_name, GError **error) {
  /* Without settings of the user, which would make plots differ between people. */
  char program[] = "gnuplot", defaults[] = "--default-settings";
  g_autofree char *script = g_strdup(script_name);
  char *argv[] = {program, defaults, script, NULL};
  g_autofree char *words = NULL;
  g_autoptr(GError) problem = NULL;
  int status = 0;
  if (!g_spawn_sync(directory, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                    NULL, NULL, &words, &status, &problem)) {
    bool missing = g_error_matches(problem, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
    g_set_error(error, GS_GNUPLOT_ERROR,
                missing ? GS_GNUPLOT_ERROR_MISSING : GS_GNUPLOT_ERROR_FAILED, "%s",
                missing ? "gnuplot is not installed" : problem->message);
    return false;
  }
  if (g_spawn_check_wait_status(status, &problem))
    return true;
  g_strstrip(words);
  size_t length = strlen(words);
  g_autofree char *last =
      g_utf8_make_valid(length > LAST_WORDS ? words + length - LAST_WORDS : words, -1);
  g_set_error(error, GS_GNUPLOT_ERROR, GS_GNUPLOT_ERROR_FAILED, "gnuplot: %s: %s: %s", script_name,
              problem->message, last);
  return false;
}

/* --- text and numbers ----------------------------------------------------------- */

/* Text between quotes, in a script or in data, with nothing in it that gnuplot reads as more. */
static void append_text(GString *out, char quote, const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  g_string_append_c(out, quote);
  for (char *at = valid; *at; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    bool plain = c < 0x80 ? g_ascii_isalnum((char)c) || strchr(" .,:;-+*/%=()", (int)c)
                          : g_unichar_isgraph(c) || c == 0xa0;
    if (plain)
      g_string_append_unichar(out, c);
    else
      g_string_append_c(out, '_');
  }
  g_string_append_c(out, quote);
}

static void append_number(GString *out, double value) {
  char text[GS_JSON_DOUBLE_BYTES];
  if (isfinite(value)) {
    gs_json_double_text(text, value);
    g_string_append_printf(out, " %s", text);
  } else {
    g_string_append(out, " NaN");
  }
}

static double drawable(double value, bool log) {
  return isfinite(value) && (!log || value > 0) ? value : NAN;
}

/* --- data -------------------------------------------------------------------------- */

/* What of a series can be drawn: gnuplot fails when it is to draw nothing. */
typedef struct {
  bool line, intervals, theory, exact;
} Drawable;

static Drawable what_of(const GsPlot *plot, const GsPlotSeries *series) {
  Drawable what = {.exact = true};
  for (uint32_t i = 0; i < series->n_points; i++) {
    const GsPlotPoint *point = &series->points[i];
    if (isnan(drawable(point->x, plot->log_x)))
      continue;
    bool y = !isnan(drawable(point->y, plot->log_y));
    what.line |= y;
    what.intervals |= y && !isnan(drawable(point->low, plot->log_y)) &&
                      !isnan(drawable(point->high, plot->log_y));
    if (isnan(drawable(point->theory_low, plot->log_y)) ||
        isnan(drawable(point->theory_high, plot->log_y)))
      continue;
    what.theory = true;
    what.exact &= point->theory_low == point->theory_high;
  }
  return what;
}

/* A block for each series, named by its first line. */
static void append_data(GString *out, const GsPlot *plot) {
  for (uint32_t i = 0; i < plot->n_series; i++) {
    const GsPlotSeries *series = &plot->series[i];
    g_string_append(out, i ? "\n\n" : "");
    append_text(out, '"', series->name);
    g_string_append(out, " y low high theory_low theory_high\n");
    for (uint32_t k = 0; k < series->n_points; k++) {
      const GsPlotPoint *point = &series->points[k];
      const double values[] = {point->y, point->low, point->high, point->theory_low,
                               point->theory_high};
      append_number(out, drawable(point->x, plot->log_x));
      for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
        append_number(out, drawable(values[v], plot->log_y));
      g_string_append_c(out, '\n');
    }
  }
}

/* --- script ------------------------------------------------------------------------ */

static int compare_doubles(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* On a logarithmic axis gnuplot goes on to the next power of ten and has ticks there only: sizes
 * are rarely such, so that few of them are the ticks themselves. */
static void append_sizes(GString *out, const GsPlot *plot) {
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
  for (uint32_t i = 0; plot->log_x && i < plot->n_series; i++) {
    for (uint32_t k = 0; k < plot->series[i].n_points; k++) {
      double x = drawable(plot->series[i].points[k].x, true);
      if (!isnan(x))
        g_array_append_val(values, x);
    }
  }
  g_array_sort(values, compare_doubles);
  guint distinct = 0;
  double *value = (double *)(gpointer)values->data;
  for (guint i = 0; i < values->len; i++) {
    if (i == 0 || value[i] != value[distinct - 1])
      value[distinct++] = value[i];
  }
  if (distinct == 0)
    return;
  g_string_append(out, "set xrange [");
  append_number(out, value[0] / LOG_MARGIN);
  g_string_append(out, ":");
  append_number(out, value[distinct - 1] * LOG_MARGIN);
  g_string_append(out, "]\n");
  if (distinct > TICKS_MOST)
    return;
  g_string_append(out, "set xtics (");
  for (guint i = 0; i < distinct; i++) {
    g_string_append(out, i ? "," : "");
    append_number(out, value[i]);
  }
  g_string_append(out, ")\n");
}

static void append_settings(GString *out, const GsPlot *plot) {
  g_string_append_printf(out,
                         "# Made by gridsim; draws %s.svg from %s.dat.\n"
                         "set encoding utf8\n"
                         "set terminal svg noenhanced size 760,500 fixed font 'Helvetica,14' "
                         "linewidth 1.3 background rgb 'white'\n"
                         "set output '%s.svg'\n",
                         plot->file_name, plot->file_name, plot->file_name);
  const char *const labels[][2] = {
      {"title", plot->title}, {"xlabel", plot->x_label}, {"ylabel", plot->y_label}};
  for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
    g_string_append_printf(out, "set %s ", labels[i][0]);
    append_text(out, '\'', labels[i][1]);
    g_string_append_c(out, '\n');
  }
  if (plot->log_x || plot->log_y)
    g_string_append_printf(out, "set logscale %s%s\n", plot->log_x ? "x" : "",
                           plot->log_y ? "y" : "");
  append_sizes(out, plot);
  g_string_append(out, "set format '%g'\n"
                       "set border 3\n"
                       "set tics nomirror out\n"
                       "set grid linecolor rgb '#d9dde3' linewidth 0.5\n"
                       "set key outside right top Left reverse noenhanced samplen 2.5\n"
                       "set bars 0.6\n");
}

static void append_series(GString *out, const char *file, uint32_t index, Drawable what) {
  const char *colour = colours[index % G_N_ELEMENTS(colours)];
  const int marker = markers[index % G_N_ELEMENTS(markers)];
  const uint32_t dash = what.exact && what.theory ? 1 : 1 + index / G_N_ELEMENTS(colours);
  if (what.theory && !what.exact)
    g_string_append_printf(out,
                           "  '%s.dat' index %u using 1:5:6 with filledcurves fillstyle "
                           "transparent solid 0.1 noborder fillcolor rgb '%s' notitle, \\\n",
                           file, index, colour);
  for (int column = 5; what.theory && column <= (what.exact ? 5 : 6); column++)
    g_string_append_printf(out,
                           "  '%s.dat' index %u using 1:%d with lines linecolor rgb '%s' "
                           "dashtype 2 linewidth 0.8 notitle, \\\n",
                           file, index, column, colour);
  if (what.intervals)
    g_string_append_printf(out,
                           "  '%s.dat' index %u using 1:2:3:4 with yerrorbars linecolor rgb '%s' "
                           "pointtype 0 notitle, \\\n",
                           file, index, colour);
  if (what.line)
    g_string_append_printf(out,
                           "  '%s.dat' index %u using 1:2 with linespoints linecolor rgb '%s' "
                           "dashtype %u pointtype %d pointsize 0.7 title columnheader(1), \\\n",
                           file, index, colour, dash, marker);
}

/* Whether there is anything to draw. */
static bool append_plot(GString *out, const GsPlot *plot) {
  append_settings(out, plot);
  g_string_append(out, "plot \\\n");
  gsize before = out->len;
  for (uint32_t i = 0; i < plot->n_series; i++)
    append_series(out, plot->file_name, i, what_of(plot, &plot->series[i]));
  if (out->len == before)
    return false;
  g_string_truncate(out, out->len - strlen(", \\\n"));
  g_string_append_c(out, '\n');
  return true;
}

static bool write_file(const char *directory, const char *name, const char *suffix,
                       const GString *text, GError **error) {
  g_autofree char *file = g_strconcat(name, suffix, NULL);
  g_autofree char *path = g_build_filename(directory, file, NULL);
  return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

bool gs_plots_write(const char *directory, const GsPlot *plots, uint32_t n_plots, GError **error) {
  g_autoptr(GPtrArray) scripts = g_ptr_array_new_with_free_func(g_free);
  for (uint32_t i = 0; i < n_plots; i++) {
    g_autoptr(GString) script = g_string_new(NULL);
    g_autoptr(GString) data = g_string_new(NULL);
    if (!append_plot(script, &plots[i]))
      continue;
    append_data(data, &plots[i]);
    if (!write_file(directory, plots[i].file_name, ".dat", data, error) ||
        !write_file(directory, plots[i].file_name, ".gp", script, error))
      return false;
    g_ptr_array_add(scripts, g_strconcat(plots[i].file_name, ".gp", NULL));
  }
  for (guint i = 0; i < scripts->len; i++) {
    if (!gs_gnuplot_run(directory, g_ptr_array_index(scripts, i), error))
      return false;
  }
  return true;
}

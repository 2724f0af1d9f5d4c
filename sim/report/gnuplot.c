/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/gnuplot.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/json/json_writer.h"
#include "sim/base/plain_file.h"
#include "sim/base/remove_folder.h"
#include "sim/base/replace_file.h"
#include "sim/base/text.h"

/** Colours of Okabe and Ito, which colour-blind people can tell apart; black last. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#000000"};
/** Circle, square, triangle, diamond, their hollow ones, cross, star. */
static const int markers[] = {7, 5, 9, 13, 6, 4, 8, 12, 2, 3};
/** More values than that on an axis get the usual ticks. */
#define TICKS_MOST 12
/** Room on a logarithmic axis before the first and after the last point. */
#define LOG_MARGIN 1.15
#define LAST_WORDS 400
/** Of a script, its data or its picture. */
#define PLOT_BYTES_MAX ((uint64_t)256 << 20)
/** More lines in one picture nobody tells apart. */
#define SERIES_PER_PART 12u
/** Sizes in pixels: the picture, its height without the key, and parts of the key. */
#define WIDTH 760
#define HEIGHT 460u
#define KEY_ROW 20u
#define KEY_SAMPLE 62u
#define LETTER 8u
/** Letters of a name in the key. */
#define NAME_MOST 78u

GQuark gs_gnuplot_error_quark(void) {
  return g_quark_from_string("gs-gnuplot-error-quark");
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

/* ---- Text and numbers ---- */

/** Text between quotes, in a script or in data, with nothing in it that gnuplot reads as more. */
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

/* ---- Data ---- */

/** What of a series can be drawn: gnuplot fails when it is to draw nothing. */
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

/** A block for each series, named by its first line. */
static void append_data(GString *out, const GsPlot *plot, uint32_t first, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const GsPlotSeries *series = &plot->series[first + i];
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

/* ---- Script ---- */

static gint compare_doubles(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** Of all series, so that the parts of a plot can be laid beside each other. */
static GArray *sizes_of(const GsPlot *plot) {
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));
  for (uint32_t i = 0; i < plot->n_series; i++)
    for (uint32_t k = 0; k < plot->series[i].n_points; k++) {
      double x = drawable(plot->series[i].points[k].x, plot->log_x);
      if (!isnan(x))
        g_array_append_val(values, x);
    }
  g_array_sort(values, compare_doubles);
  guint distinct = 0;
  double *value = (double *)(gpointer)values->data;
  for (guint i = 0; i < values->len; i++)
    if (i == 0 || value[i] != value[distinct - 1])
      value[distinct++] = value[i];
  g_array_set_size(values, distinct);
  return g_steal_pointer(&values);
}

/** On a logarithmic axis gnuplot goes on to the next power of ten and has ticks there only: sizes
 * are rarely such, so that few of them are the ticks themselves. */
static void append_sizes(GString *out, const GsPlot *plot) {
  g_autoptr(GArray) values = sizes_of(plot);
  const double *value = (const double *)(gconstpointer)values->data;
  if (!plot->log_x || values->len == 0)
    return;
  g_string_append(out, "set xrange [");
  append_number(out, value[0] / LOG_MARGIN);
  g_string_append(out, ":");
  append_number(out, value[values->len - 1] * LOG_MARGIN);
  g_string_append(out, "]\n");
  if (values->len > TICKS_MOST)
    return;
  g_string_append(out, "set xtics (");
  for (guint i = 0; i < values->len; i++) {
    g_string_append(out, i ? "," : "");
    append_number(out, value[i]);
  }
  g_string_append(out, ")\n");
}

/** What is drawn of all series, from the lowest to the highest; false: nothing. */
static bool heights_of(const GsPlot *plot, double *low, double *high) {
  *low = INFINITY;
  *high = -INFINITY;
  for (uint32_t i = 0; i < plot->n_series; i++)
    for (uint32_t k = 0; k < plot->series[i].n_points; k++) {
      const GsPlotPoint *point = &plot->series[i].points[k];
      const double values[] = {point->y, point->low, point->high, point->theory_low,
                               point->theory_high};
      for (size_t v = 0; v < G_N_ELEMENTS(values); v++) {
        double y = drawable(values[v], plot->log_y);
        *low = isnan(y) ? *low : MIN(*low, y);
        *high = isnan(y) ? *high : MAX(*high, y);
      }
    }
  return *low <= *high;
}

static void append_heights(GString *out, const GsPlot *plot) {
  double low, high;
  if (plot->y_share) {
    g_string_append(out, "set yrange [0:1.02]\nset ytics 0,0.2,1\n");
    return;
  }
  if (!heights_of(plot, &low, &high))
    return;
  if (plot->log_y) {
    low /= LOG_MARGIN;
    high *= LOG_MARGIN;
  } else {
    low = MIN(low, 0);
    high = high > low ? high + (high - low) / 20 : low + 1;
  }
  g_string_append(out, "set yrange [");
  append_number(out, low);
  g_string_append(out, ":");
  append_number(out, high);
  g_string_append(out, "]\n");
}

/* ---- Parts ---- */

/** Some of the series of a plot, in files of their own. */
typedef struct {
  const GsPlot *plot;
  uint32_t number, count; /**< from 1 on */
  uint32_t first, series;
  char *file;
} Part;

static void part_clear(Part *part) {
  g_free(part->file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Part, part_clear)

/** About the same number in each. */
static void part_init(Part *part, const GsPlot *plot, uint32_t number) {
  uint32_t count = MAX((plot->n_series + SERIES_PER_PART - 1) / SERIES_PER_PART, 1);
  uint32_t first = (uint32_t)((uint64_t)plot->n_series * (number - 1) / count);
  uint32_t end = (uint32_t)((uint64_t)plot->n_series * number / count);
  *part = (Part){.plot = plot, .number = number, .count = count, .first = first};
  part->series = end - first;
  part->file =
      number == 1 ? g_strdup(plot->file_name) : g_strdup_printf("%s-%u", plot->file_name, number);
}

/** The key is below, in as many columns as there is room for: names may be long. */
static uint32_t key_columns(const Part *part) {
  guint widest = 1;
  for (uint32_t i = 0; i < part->series; i++)
    widest = MAX(widest, gs_text_width(part->plot->series[part->first + i].name));
  widest = MIN(widest, NAME_MOST);
  return CLAMP((WIDTH - 60) / (KEY_SAMPLE + widest * LETTER), 1, 4);
}

static void append_settings(GString *out, const Part *part) {
  const GsPlot *plot = part->plot;
  uint32_t columns = key_columns(part), rows = (part->series + columns - 1) / columns;
  g_string_append_printf(out,
                         "# Made by gridsim; draws %s.svg from %s.dat.\n"
                         "set encoding utf8\n"
                         "set terminal svg noenhanced size %d,%u fixed font 'Helvetica,14' "
                         "linewidth 1.3 background rgb 'white'\n"
                         "set output '%s.svg'\n",
                         part->file, part->file, WIDTH, HEIGHT + rows * KEY_ROW, part->file);
  g_autofree char *title =
      part->count == 1 ? g_strdup(plot->title)
                       : g_strdup_printf("%s (%u of %u)", plot->title, part->number, part->count);
  const char *const labels[][2] = {
      {"title", title}, {"xlabel", plot->x_label}, {"ylabel", plot->y_label}};
  for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
    g_string_append_printf(out, "set %s ", labels[i][0]);
    append_text(out, '\'', labels[i][1]);
    g_string_append(out, i == 1 ? " offset 0,0.6\n" : "\n"); /* off the key */
  }
  if (plot->log_x || plot->log_y)
    g_string_append_printf(out, "set logscale %s%s\n", plot->log_x ? "x" : "",
                           plot->log_y ? "y" : "");
  append_sizes(out, plot);
  append_heights(out, plot);
  g_string_append_printf(out,
                         "set format '%%g'\n"
                         "set border 3\n"
                         "set tics nomirror out\n"
                         "set grid linecolor rgb '#d9dde3' linewidth 0.5\n"
                         "set key below center vertical maxrows %u Left reverse noenhanced "
                         "samplen 2.5\n"
                         "set bars 0.6\n",
                         rows);
}

static void append_series(GString *out, const Part *part, uint32_t index, Drawable what) {
  const char *colour = colours[index % G_N_ELEMENTS(colours)];
  const int marker = markers[index % G_N_ELEMENTS(markers)];
  const uint32_t dash = what.exact && what.theory ? 1 : 1 + index / G_N_ELEMENTS(colours);
  if (what.theory && !what.exact)
    g_string_append_printf(out,
                           "  '%s.dat' index %u using 1:5:6 with filledcurves fillstyle "
                           "transparent solid 0.1 noborder fillcolor rgb '%s' notitle, \\\n",
                           part->file, index, colour);
  for (int column = 5; what.theory && column <= (what.exact ? 5 : 6); column++)
    g_string_append_printf(out,
                           "  '%s.dat' index %u using 1:%d with lines linecolor rgb '%s' "
                           "dashtype 2 linewidth 0.8 notitle, \\\n",
                           part->file, index, column, colour);
  if (what.intervals)
    g_string_append_printf(out,
                           "  '%s.dat' index %u using 1:2:3:4 with yerrorbars linecolor rgb '%s' "
                           "pointtype 0 notitle, \\\n",
                           part->file, index, colour);
  if (!what.line)
    return;
  g_string_append_printf(out,
                         "  '%s.dat' index %u using 1:2 with linespoints linecolor rgb '%s' "
                         "dashtype %u pointtype %d pointsize 0.7 title ",
                         part->file, index, colour, dash, marker);
  g_autofree char *name =
      gs_text_fit_middle(part->plot->series[part->first + index].name, NAME_MOST);
  append_text(out, '\'', name);
  g_string_append(out, ", \\\n");
}

/** Whether there is anything to draw. */
static bool append_plot(GString *out, const Part *part) {
  append_settings(out, part);
  g_string_append(out, "plot \\\n");
  gsize before = out->len;
  for (uint32_t i = 0; i < part->series; i++)
    append_series(out, part, i, what_of(part->plot, &part->plot->series[part->first + i]));
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
  return gs_replace_file(path, text->str, text->len, error);
}

/** Draws in a folder of our own, so that gnuplot opens nothing that may lie in `directory`, and
 * takes the picture over. The script draws the same when it is run by hand. */
static bool draw(const char *directory, const char *file, GError **error) {
  static const char *const parts[] = {".gp", ".dat", ".svg"};
  g_autoptr(GError) problem = NULL;
  g_autofree char *scratch = g_dir_make_tmp("gridsim-plot-XXXXXX", &problem);
  bool good = scratch != NULL;
  if (!good)
    g_set_error(error, GS_GNUPLOT_ERROR, GS_GNUPLOT_ERROR_FAILED, "%s", problem->message);
  for (size_t i = 0; good && i < G_N_ELEMENTS(parts); i++) {
    bool drawn = i + 1 == G_N_ELEMENTS(parts);
    g_autofree char *script = g_strconcat(file, ".gp", NULL);
    g_autofree char *name = g_strconcat(file, parts[i], NULL);
    const char *from = drawn ? scratch : directory, *to = drawn ? directory : scratch;
    g_autofree char *source = g_build_filename(from, name, NULL);
    good = !drawn || gs_gnuplot_run(scratch, script, error);
    GString *text = good ? gs_plain_read(source, PLOT_BYTES_MAX, error) : NULL;
    good = text && write_file(to, name, "", text, error);
    if (text)
      g_string_free(text, TRUE);
  }
  if (scratch)
    gs_remove_folder(scratch, NULL);
  return good;
}

/** What an earlier plot with more series, or with something to draw, left there. */
static void remove_part(const char *directory, const char *file) {
  static const char *const suffixes[] = {".gp", ".dat", ".svg"};
  for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
    g_autofree char *name = g_strconcat(file, suffixes[i], NULL);
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_unlink(path);
  }
}

static bool write_part(const char *directory, const Part *part, GPtrArray *files, GError **error) {
  g_autoptr(GString) script = g_string_new(NULL), data = g_string_new(NULL);
  if (!append_plot(script, part)) {
    remove_part(directory, part->file);
    return true;
  }
  append_data(data, part->plot, part->first, part->series);
  if (!write_file(directory, part->file, ".dat", data, error) ||
      !write_file(directory, part->file, ".gp", script, error))
    return false;
  g_ptr_array_add(files, g_strdup(part->file));
  return true;
}

bool gs_plots_write(const char *directory, const GsPlot *plots, uint32_t n_plots, GError **error) {
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
  for (uint32_t i = 0; i < n_plots; i++) {
    uint32_t number = 1, count = 1;
    for (; number <= count; number++) {
      g_auto(Part) part;
      part_init(&part, &plots[i], number);
      count = part.count;
      if (!write_part(directory, &part, files, error))
        return false;
    }
    for (bool more = true; more; number++) {
      g_autofree char *file = g_strdup_printf("%s-%u", plots[i].file_name, number);
      g_autofree char *name = g_strconcat(file, ".gp", NULL);
      g_autofree char *path = g_build_filename(directory, name, NULL);
      more = g_file_test(path, G_FILE_TEST_EXISTS);
      if (more)
        remove_part(directory, file);
    }
  }
  for (guint i = 0; i < files->len; i++) {
    if (!draw(directory, g_ptr_array_index(files, i), error))
      return false;
  }
  return true;
}

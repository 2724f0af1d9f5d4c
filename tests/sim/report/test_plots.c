/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "sim/base/remove_folder.h"
#include "sim/report/gnuplot.h"

static bool gnuplot_is_there(void) {
  g_autofree char *path = g_find_program_in_path("gnuplot");
  return path;
}

/** Tests are run where gnuplot is; elsewhere what needs it is skipped. */
#define NEEDS_GNUPLOT()                                                                            \
  do {                                                                                             \
    if (!gnuplot_is_there())                                                                       \
      cr_skip_test("gnuplot is not installed");                                                    \
  } while (0)

static char *folder(void) {
  g_autoptr(GError) error = NULL;
  char *made = g_dir_make_tmp("gridsim-plots-XXXXXX", &error);
  cr_assert(made, "%s", error ? error->message : "");
  return made;
}

static char *read_file(const char *directory, const char *name) {
  g_autofree char *path = g_build_filename(directory, name, NULL);
  char *text = NULL;
  return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

static void remove_folder(char *directory) {
  cr_assert(gs_remove_folder(directory, NULL));
  g_free(directory);
}

static const GsPlotPoint ring[] = {{8, 0.14, 0.13, 0.15, 0.1, 0.2},
                                   {16, 0.26, 0.25, 0.27, 0.2, 0.4},
                                   {32, 0.53, NAN, NAN, 0.4, 0.8}};
static const GsPlotPoint star[] = {{8, 0.04, 0.03, 0.05, NAN, NAN},
                                   {16, 0.04, 0.03, 0.05, NAN, NAN}};
static const GsPlotSeries both[] = {{"ring", ring, 3}, {"star", star, 2}};
static const GsPlot convergence = {.file_name = "convergence",
                                   .title = "Convergence time",
                                   .x_label = "nodes",
                                   .y_label = "convergence time (s)",
                                   .log_x = true,
                                   .log_y = true,
                                   .series = both,
                                   .n_series = 2};

Test(plots, a_plot_has_its_title_labels_and_series) {
  NEEDS_GNUPLOT();
  char *directory = folder();
  g_autoptr(GError) error = NULL;
  cr_assert(gs_plots_write(directory, &convergence, 1, &error), "%s", error ? error->message : "");
  g_autofree char *svg = read_file(directory, "convergence.svg");
  cr_assert(svg);
  const char *const words[] = {
      ">Convergence time<", ">nodes<", ">convergence time (s)<", ">ring<", ">star<", "</svg>"};
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    cr_expect(strstr(svg, words[i]), "no %s", words[i]);
  /* Sizes are the ticks. */
  cr_expect(strstr(svg, ">8<") && strstr(svg, ">16<") && strstr(svg, ">32<"));
  remove_folder(directory);
}

Test(plots, the_same_plot_has_the_same_bytes) {
  NEEDS_GNUPLOT();
  char *one = folder(), *two = folder();
  cr_assert(gs_plots_write(one, &convergence, 1, NULL));
  cr_assert(gs_plots_write(two, &convergence, 1, NULL));
  const char *const names[] = {"convergence.gp", "convergence.dat", "convergence.svg"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *a = read_file(one, names[i]), *b = read_file(two, names[i]);
    cr_assert(a && b);
    cr_expect_str_eq(a, b);
  }
  remove_folder(one);
  remove_folder(two);
}

Test(plots, points_are_written_to_the_last_digit) {
  char *directory = folder();
  gs_plots_write(directory, &convergence, 1, NULL);
  g_autofree char *data = read_file(directory, "convergence.dat");
  cr_expect_str_eq(data, "\"ring\" y low high theory_low theory_high\n"
                         " 8 0.14 0.13 0.15 0.1 0.2\n"
                         " 16 0.26 0.25 0.27 0.2 0.4\n"
                         " 32 0.53 NaN NaN 0.4 0.8\n"
                         "\n\n\"star\" y low high theory_low theory_high\n"
                         " 8 0.04 0.03 0.05 NaN NaN\n"
                         " 16 0.04 0.03 0.05 NaN NaN\n");
  remove_folder(directory);
}

Test(plots, no_text_runs_anything) {
  char *directory = folder();
  const char evil[] = "`touch owned` '; system('touch owned') # \" \\\n$x {/Bold a} @a µ";
  const GsPlotSeries series[] = {{evil, star, 2}};
  GsPlot plot = convergence;
  plot.title = plot.x_label = plot.y_label = evil;
  plot.series = series;
  plot.n_series = 1;
  g_autoptr(GError) error = NULL;
  bool done = gs_plots_write(directory, &plot, 1, &error);
  cr_expect(done || !gnuplot_is_there(), "%s", error ? error->message : "");
  g_autofree char *owned = g_build_filename(directory, "owned", NULL);
  cr_expect(!g_file_test(owned, G_FILE_TEST_EXISTS));
  const char *const names[] = {"convergence.gp", "convergence.dat"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *text = read_file(directory, names[i]);
    cr_expect(!strpbrk(text, "`$@{"), "%s", text);
    cr_expect(strstr(text, "_touch owned_ _; system(_touch owned_) _ _ ___x _/Bold a_ _a µ"));
  }
  if (done) {
    g_autofree char *svg = read_file(directory, "convergence.svg");
    cr_expect(strstr(svg, "_touch owned_"));
  }
  remove_folder(directory);
}

Test(plots, what_cannot_be_drawn_is_left_out) {
  char *directory = folder();
  const GsPlotPoint nothing[] = {
      {0, 1, 1, 1, 1, 1}, {1, 0, 0, 0, 0, 0}, {NAN, 1, 1, 1, 1, 1}, {2, INFINITY, 1, 1, NAN, 1}};
  const GsPlotSeries series[] = {{"nothing", nothing, 4}, {"none", NULL, 0}, {"ring", ring, 3}};
  GsPlot plots[] = {convergence, convergence, convergence};
  plots[0].file_name = "empty";
  plots[0].series = series;
  plots[1].file_name = "without";
  plots[1].n_series = 0;
  plots[2].file_name = "some";
  plots[2].series = series;
  plots[2].n_series = 3;
  g_autoptr(GError) error = NULL;
  cr_expect(gs_plots_write(directory, plots, 3, &error) || !gnuplot_is_there(), "%s",
            error ? error->message : "");
  g_autofree char *empty = read_file(directory, "empty.gp"),
                  *without = read_file(directory, "without.gp"),
                  *some = read_file(directory, "some.gp");
  cr_expect(!empty && !without && some);
  remove_folder(directory);
}

Test(plots, a_script_that_fails_says_why) {
  NEEDS_GNUPLOT();
  char *directory = folder();
  g_autofree char *path = g_build_filename(directory, "bad.gp", NULL);
  cr_assert(g_file_set_contents(path, "plot nonsense_function(x)\n", -1, NULL));
  g_autoptr(GError) error = NULL;
  cr_expect(!gs_gnuplot_run(directory, "bad.gp", &error));
  cr_assert(g_error_matches(error, GS_GNUPLOT_ERROR, GS_GNUPLOT_ERROR_FAILED));
  cr_expect(strstr(error->message, "bad.gp") && strstr(error->message, "nonsense_function"), "%s",
            error->message);
  remove_folder(directory);
}

Test(plots, without_gnuplot_scripts_are_written_and_it_is_said) {
  char *directory = folder();
  g_setenv("PATH", directory, TRUE);
  cr_expect(!gnuplot_is_there());
  g_autoptr(GError) error = NULL;
  cr_expect(!gs_plots_write(directory, &convergence, 1, &error));
  cr_expect(g_error_matches(error, GS_GNUPLOT_ERROR, GS_GNUPLOT_ERROR_MISSING));
  g_autofree char *script = read_file(directory, "convergence.gp");
  cr_expect(script);
  remove_folder(directory);
}

/** A number in the SVG after `before`; NaN: it is not there. */
static double number_after(const char *svg, const char *before) {
  const char *at = strstr(svg, before);
  return at ? g_ascii_strtod(at + strlen(before), NULL) : (double)NAN;
}

/** How wide the axis at the bottom is: from the tick of 8 to that of 32. */
static double width_between_ticks(const char *svg) {
  double x[2] = {NAN, NAN};
  static const char *const labels[] = {">8<", ">32<"};
  for (guint i = 0; i < 2; i++) {
    const char *at = strstr(svg, labels[i]);
    const char *group = at ? g_strrstr_len(svg, at - svg, "translate(") : NULL;
    x[i] = group ? number_after(group, "translate(") : (double)NAN;
  }
  return x[1] - x[0];
}

Test(plots, any_number_of_series_leaves_the_plot_its_room) {
  NEEDS_GNUPLOT();
  static const uint32_t numbers[] = {1, 7, 12, 13, 18, 40};
  for (guint n = 0; n < G_N_ELEMENTS(numbers); n++) {
    char *directory = folder();
    g_autofree GsPlotSeries *series = g_new0(GsPlotSeries, numbers[n]);
    for (uint32_t i = 0; i < numbers[n]; i++)
      series[i] = (GsPlotSeries){
          i % 2 ? "watts-strogatz k=6 p=0.1, latency 10ms, jitter 5ms" : "ring", ring, 3};
    GsPlot plot = convergence;
    plot.series = series;
    plot.n_series = numbers[n];
    cr_assert(gs_plots_write(directory, &plot, 1, NULL));
    uint32_t parts = (numbers[n] + 11) / 12;
    for (uint32_t part = 1; part <= parts + 1; part++) {
      g_autofree char *name =
          part == 1 ? g_strdup("convergence.svg") : g_strdup_printf("convergence-%u.svg", part);
      g_autofree char *svg = read_file(directory, name);
      cr_expect_eq(svg != NULL, part <= parts, "%u series, part %u", numbers[n], part);
      if (svg)
        cr_expect_gt(width_between_ticks(svg), 400, "%u series: %g", numbers[n],
                     width_between_ticks(svg));
    }
    plot.n_series = 1;
    cr_assert(gs_plots_write(directory, &plot, 1, NULL));
    g_autofree char *stale = read_file(directory, "convergence-2.svg");
    cr_expect_null(stale, "what is left of more is removed");
    remove_folder(directory);
  }
}

Test(plots, a_share_goes_from_0_to_1) {
  char *directory = folder();
  const GsPlotPoint rising[] = {{0, 0, NAN, NAN, NAN, NAN}, {1, 1, NAN, NAN, NAN, NAN}};
  const GsPlotSeries series[] = {{"ring", rising, 2}};
  GsPlot plot = {.file_name = "share",
                 .title = "t",
                 .x_label = "x",
                 .y_label = "y",
                 .y_share = true,
                 .series = series,
                 .n_series = 1};
  gs_plots_write(directory, &plot, 1, NULL);
  g_autofree char *script = read_file(directory, "share.gp");
  cr_expect(strstr(script, "set yrange [0:1.02]\nset ytics 0,0.2,1\n"), "%s", script);
  remove_folder(directory);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "sim/report/gnuplot.h"
#include "sim/report/remove_folder.h"

/* Tests are run where gnuplot is; elsewhere what needs it is skipped. */
#define NEEDS_GNUPLOT()                                                                            \
  do {                                                                                             \
    if (!gs_gnuplot_available())                                                                   \
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
  cr_expect(done || !gs_gnuplot_available(), "%s", error ? error->message : "");
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
  cr_expect(gs_plots_write(directory, plots, 3, &error) || !gs_gnuplot_available(), "%s",
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
  cr_expect(!gs_gnuplot_available());
  g_autoptr(GError) error = NULL;
  cr_expect(!gs_plots_write(directory, &convergence, 1, &error));
  cr_expect(g_error_matches(error, GS_GNUPLOT_ERROR, GS_GNUPLOT_ERROR_MISSING));
  g_autofree char *script = read_file(directory, "convergence.gp");
  cr_expect(script);
  remove_folder(directory);
}

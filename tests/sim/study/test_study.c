/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "sim/base/remove_folder.h"
#include "sim/study/outcome.h"
#include "sim/study/sealed_lines.h"
#include "sim/study/sweep_file.h"

/* ---- Support ---- */

static GsSweep *sweep_of(const char *topologies, const char *nodes, uint32_t repeat) {
  GsSweep *sweep = gs_sweep_new();
  g_auto(GStrv) kinds = g_strsplit(topologies, ",", -1), sizes = g_strsplit(nodes, ",", -1);
  for (char **kind = kinds; *kind; kind++)
    cr_assert(gs_axis_add(gs_sweep_axis(sweep, "topology"), *kind, *kind, NULL));
  for (char **size = sizes; *size; size++)
    cr_assert(gs_axis_add(gs_sweep_axis(sweep, "nodes"), *size, *size, NULL));
  sweep->repeat = repeat;
  cr_assert(gs_sweep_finish(sweep, NULL));
  return sweep;
}

static char *new_directory(void) {
  char *directory = g_dir_make_tmp("gridsim-test-XXXXXX", NULL);
  cr_assert(directory);
  return directory;
}

static void remove_directory(const char *path) {
  cr_assert(gs_remove_folder(path, NULL));
}

static GsStore *must_open(const char *directory, const GsSweep *sweep) {
  g_autoptr(GError) error = NULL;
  GsStore *store = gs_store_open(directory, sweep, &error);
  cr_assert(store, "%s", error ? error->message : "");
  /* Tests may be built from changed sources, which are never sure to be the same. */
  if (gs_store_made_by(store))
    cr_assert(gs_store_trust(store, NULL));
  return store;
}

/** Plans and does all of a sweep in a directory; its findings. */
static GsFindings *study(const GsSweep *sweep, const char *directory, uint32_t jobs) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsStudyRuns) runs = gs_study_plan(sweep, &error);
  g_autoptr(GsStore) store = must_open(directory, sweep);
  GsStudyOptions options = {.jobs = jobs};
  cr_assert(gs_study_run(sweep, runs, store, &options, &error), "%s", error ? error->message : "");
  GsFindings *findings = gs_findings_new(sweep, runs, store, GS_METRIC_CONVERGENCE, &error);
  cr_assert(findings);
  return findings;
}

static const GsOutcome *outcome(const GsFindings *findings, uint32_t cell) {
  return findings->outcomes->pdata[cell];
}

/* ---- Samples ---- */

Test(study, a_sample_read_back_gives_the_same_line) {
  GsSample sample = {.repetition = 3, .seed = (1ull << 53) - 2, .converged = true};
  for (int i = 0; i < GS_METRICS; i++)
    sample.metrics[i] = i == GS_METRIC_CONVERGENCE ? (double)NAN : 1e9 / (i + 3.0);
  for (int i = 0; i < GS_FACTS; i++)
    sample.facts[i] = i % 3 == 0 ? (double)NAN : sqrt(i);
  sample.messages = 1e15;
  sample.hops_low = 7;
  sample.hops_high = sample.low_s = sample.high_s = (double)NAN;
  sample.step_count = GS_SAMPLE_STEPS_MAX;
  for (uint32_t i = 0; i < sample.step_count; i++)
    sample.steps[i] = (GsSampleStep){i / 7.0, UINT32_MAX - i};
  g_strlcpy(sample.digest, "00112233445566778899aabbccddeeff", sizeof sample.digest);
  g_autoptr(GString) once = g_string_new(NULL), twice = g_string_new(NULL);
  gs_sample_write(&sample, once);
  g_auto(GsSample) back;
  cr_assert(gs_sample_read(&back, once->str, once->len), "%s", once->str);
  gs_sample_write(&back, twice);
  cr_expect_str_eq(once->str, twice->str);
  cr_expect_eq(back.steps[63].out, UINT32_MAX - 63);

  g_autoptr(GString) failed = g_string_new(NULL), again = g_string_new(NULL);
  g_auto(GsSample) problem = {0}, read;
  gs_sample_fail(&problem, 9, 10, "no \"such\" graph\n");
  gs_sample_write(&problem, failed);
  cr_assert(gs_sample_read(&read, failed->str, failed->len));
  gs_sample_write(&read, again);
  cr_expect_str_eq(failed->str, again->str);
}

Test(study, no_part_of_a_line_is_a_sample) {
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) sweep = sweep_of("ring", "6", 1);
  G_GNUC_UNUSED g_autoptr(GsFindings) findings = study(sweep, directory, 1);
  g_autofree char *path = g_build_filename(directory, "runs", "topology=ring,nodes=6.jsonl", NULL);
  g_autofree char *line = NULL;
  gsize length;
  cr_assert(g_file_get_contents(path, &line, &length, NULL));
  g_auto(GsSample) sample;
  cr_assert(gs_sample_read(&sample, line, length));
  for (gsize part = 0; part + 1 < length; part++) {
    g_autofree char *cut = g_memdup2(line, MAX(part, 1));
    GsSample none;
    cr_assert_not(gs_sample_read(&none, cut, part), "%.*s", (int)part, line);
  }
  remove_directory(directory);
}

/* ---- The store ---- */

/** What opening and counting a cell says; NULL: nothing. Free with g_free. */
static char *complaint(const GsSweep *sweep, const char *directory, uint32_t cell) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsStore) store = must_open(directory, sweep);
  uint32_t count;
  return gs_store_count(store, cell, &count, &error) ? NULL : g_strdup(error->message);
}

Test(study, a_line_that_was_torn_is_cut_off_and_done_again) {
  static const char *const tails[] = {"{\"repetition\": 4, \"se", "{}", "\x01\x02", ""};
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) sweep = sweep_of("ring,star", "6", 4);
  G_GNUC_UNUSED g_autoptr(GsFindings) findings = study(sweep, directory, 2);
  g_autofree char *path = g_build_filename(directory, "runs", "topology=star,nodes=6.jsonl", NULL);
  g_autofree char *whole = NULL;
  cr_assert(g_file_get_contents(path, &whole, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS(tails); i++) {
    const char *end = strchr(whole, '\n') + 1;
    if (i % 2 == 0)
      end = strchr(end, '\n') + 1; /* of the second line */
    g_autofree char *good = g_strndup(whole, (gsize)(end - whole));
    g_autofree char *torn = g_strconcat(good, tails[i], NULL);
    cr_assert(g_file_set_contents(path, torn, -1, NULL));
    G_GNUC_UNUSED g_autoptr(GsFindings) again = study(sweep, directory, 1);
    g_autofree char *after = NULL;
    cr_assert(g_file_get_contents(path, &after, NULL, NULL));
    cr_expect_str_eq(after, whole, "after %s", tails[i]);
  }
  remove_directory(directory);
}

Test(study, a_whole_line_that_is_not_as_it_was_written_is_an_error_and_stays) {
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) sweep = sweep_of("ring,star", "6", 4);
  G_GNUC_UNUSED g_autoptr(GsFindings) findings = study(sweep, directory, 2);
  g_autofree char *path = g_build_filename(directory, "runs", "topology=star,nodes=6.jsonl", NULL);
  g_autofree char *whole = NULL;
  cr_assert(g_file_get_contents(path, &whole, NULL, NULL));
  g_autofree char *first = g_strndup(whole, (gsize)(strchr(whole, '\n') + 1 - whole));
  g_autofree char *edited = g_strdup(first);
  *strchr(edited, '4') = '5'; /* some digit */
  g_autoptr(GString) no_run = g_string_new("{\"x\": 1}\n");
  gs_line_seal(no_run);
  g_auto(GsSample) other_seed = {0};
  g_autoptr(GString) of_other_seed = g_string_new(NULL);
  gs_sample_fail(&other_seed, 1, 7, "no such graph");
  gs_sample_write(&other_seed, of_other_seed);
  gs_line_seal(of_other_seed);
  const struct {
    const char *tail, *says;
  } tails[] = {{"\n", ":2: this line is not as it was written"},
               {"{}\n", ":2: this line is not as it was written"},
               {"\x01\x02\n", ":2: this line is not as it was written"},
               {edited, ":2: this line is not as it was written"},
               {first, ":2: this line is repetition 0 with seed 1; here must be repetition 1"},
               {of_other_seed->str, ":2: this line is repetition 1 with seed 7; here must be "
                                    "repetition 1 with seed 2"},
               {no_run->str, ":2: this line is no run"}};
  for (guint i = 0; i < G_N_ELEMENTS(tails); i++) {
    g_autofree char *other = g_strconcat(first, tails[i].tail, NULL);
    cr_assert(g_file_set_contents(path, other, -1, NULL));
    g_autofree char *said = complaint(sweep, directory, 1), *after = NULL;
    cr_expect(said && g_str_has_prefix(said, path) && strstr(said, tails[i].says), "%s", said);
    cr_assert(g_file_get_contents(path, &after, NULL, NULL));
    cr_expect_str_eq(after, other);
  }
  remove_directory(directory);
}

Test(study, a_directory_is_used_by_one_at_a_time_and_for_one_sweep) {
  g_autofree char *directory = new_directory();
  g_autoptr(GError) error = NULL;
  g_autoptr(GsSweep) sweep = sweep_of("ring", "6", 4), other = sweep_of("ring", "6,7", 2);
  {
    G_GNUC_UNUSED g_autoptr(GsStore) store = must_open(directory, sweep);
    cr_expect_null(gs_store_open(directory, sweep, &error));
    cr_expect(error && strstr(error->message, "another gridsim is working there"));
    g_clear_error(&error);
  }
  {
    g_autoptr(GsStore) more = must_open(directory, other);
    cr_expect(more, "other values and repetitions of the same axes are welcome");
  }
  other->seed = 2;
  cr_expect_null(gs_store_open(directory, other, &error));
  cr_expect(error && strstr(error->message, "its first seed: 1, here: 2"), "%s", error->message);
  remove_directory(directory);
}

Test(study, file_names_of_keys_are_plain_and_different) {
  g_autofree char *plain = gs_store_file_name("topology=ring,nodes=8", ".jsonl");
  cr_expect_str_eq(plain, "topology=ring,nodes=8.jsonl");
  g_autofree char *odd = gs_store_file_name("../a b/\xC3\xA9%", "");
  cr_expect_str_eq(odd, "%2E.%2Fa%20b%2F%C3%A9%25");
  g_autofree char *long_a = g_strnfill(5000, 'x'), *long_b = g_strconcat(long_a, "y", NULL);
  g_autofree char *name_a = gs_store_file_name(long_a, ".json");
  g_autofree char *name_b = gs_store_file_name(long_b, ".json");
  cr_expect_lt(strlen(name_a), 255);
  cr_expect_str_neq(name_a, name_b);
}

/* ---- What is found ---- */

Test(study, lossless_cells_have_the_closed_forms_and_their_growth) {
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) sweep =
      sweep_of("line,ring,star,tree,lattice,complete,erdos-renyi,barabasi-albert,watts-strogatz,"
               "random-regular,geometric",
               "8,12,20,32", 5);
  g_autoptr(GsFindings) findings = study(sweep, directory, 2);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    cr_expect_eq(outcome(findings, cell)->messages_equal, GS_YES, "%s",
                 outcome(findings, cell)->key);
    cr_expect_eq(outcome(findings, cell)->within, GS_YES, "%s", outcome(findings, cell)->key);
    cr_expect_eq(outcome(findings, cell)->converged, 5);
  }
  uint32_t checked = 0;
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *growth = &g_array_index(findings->growths, GsGrowthFinding, i);
    if (growth->metric != GS_METRIC_MESSAGES)
      continue;
    cr_expect(growth->has_theory);
    cr_expect_float_eq(growth->growth.exponent, growth->theory.exponent, 1e-9, "%s", growth->label);
    checked++;
  }
  cr_expect_eq(checked, 11);
  remove_directory(directory);
}

Test(study, the_best_of_each_size_is_marked_and_comes_first) {
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) sweep = sweep_of("ring,complete,line", "8,16", 3);
  g_autoptr(GsFindings) findings = study(sweep, directory, 2);
  static const char *const order[] = {"complete 8",  "ring 8",  "line 8",
                                      "complete 16", "ring 16", "line 16"};
  for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
    const GsOutcome *at = outcome(findings, g_array_index(findings->order, uint32_t, i));
    cr_expect_str_eq(at->label, order[i]);
    cr_expect_eq(at->best, i % 3 == 0);
  }
  remove_directory(directory);
}

Test(study, the_course_of_a_cell_goes_from_all_out_of_sync_to_all_in_sync) {
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) sweep = sweep_of("ring,tree,watts-strogatz", "24", 6);
  g_autoptr(GsFindings) findings = study(sweep, directory, 2);
  for (uint32_t cell = 0; cell < 3; cell++) {
    const GsOutcome *at = outcome(findings, cell);
    cr_expect_float_eq(at->course_share[0], 0, 1e-12, "%s", at->key);
    cr_expect_float_eq(at->course_share[GS_COURSE_POINTS - 1], 1, 1e-12, "%s", at->key);
    for (uint32_t i = 1; i < GS_COURSE_POINTS; i++)
      cr_expect_geq(at->course_share[i], at->course_share[i - 1]);
    cr_expect_float_eq(at->course_t_s[GS_COURSE_POINTS - 1], at->metrics[GS_METRIC_CONVERGENCE].max,
                       1e-12);
  }
  remove_directory(directory);
}

Test(study, with_a_precision_whole_batches_are_run_whatever_was_there_before) {
  g_autofree char *once = new_directory(), *twice = new_directory();
  g_autoptr(GsSweep) sweep = sweep_of("erdos-renyi", "20", 8),
                     few = sweep_of("erdos-renyi", "20", 11);
  sweep->precision = 0.04;
  g_autoptr(GsFindings) direct = study(sweep, once, 2);
  uint32_t runs = outcome(direct, 0)->runs;
  cr_expect(runs > 8 && runs % 8 == 0, "%u runs", runs);
  cr_expect_leq(gs_summary_precision(&outcome(direct, 0)->metrics[GS_METRIC_CONVERGENCE], 2), 0.04);
  G_GNUC_UNUSED g_autoptr(GsFindings) before = study(few, twice, 1);
  g_autoptr(GsFindings) after = study(sweep, twice, 3);
  cr_expect_eq(outcome(after, 0)->runs, runs);
  cr_expect_float_eq(outcome(after, 0)->metrics[GS_METRIC_CONVERGENCE].mean,
                     outcome(direct, 0)->metrics[GS_METRIC_CONVERGENCE].mean, 0);
  remove_directory(once);
  remove_directory(twice);
}

Test(study, runs_beyond_those_asked_for_are_kept_and_in_no_figure) {
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) more = sweep_of("erdos-renyi", "12", 5),
                     few = sweep_of("erdos-renyi", "12", 4);
  g_autoptr(GsFindings) of_more = study(more, directory, 1);
  g_autoptr(GsFindings) of_few = study(few, directory, 1);
  cr_expect(of_more->runs_spare == 0 && outcome(of_more, 0)->runs == 5);
  cr_expect(of_few->runs_spare == 1 && outcome(of_few, 0)->runs == 4);
  cr_expect_eq(outcome(of_few, 0)->metrics[GS_METRIC_CONVERGENCE].n, 4);
  cr_expect(of_few->left_out && strstr(of_few->left_out, "1 run of these cells, beyond the"), "%s",
            of_few->left_out);
  remove_directory(directory);
}

Test(study, a_cell_in_which_runs_end_out_of_sync_is_never_the_best) {
  static const char text[] = "{\"scenario\": \"original-flaw.json\","
                             " \"axes\": {\"protocol\": [\"original\", \"echo\"]}, \"repeat\": 30}";
  g_autofree char *directory = new_directory();
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  cr_assert(gs_sweep_read(sweep, text, strlen(text), "scenarios/x.json", NULL));
  cr_assert(gs_sweep_finish(sweep, NULL));
  g_autoptr(GsFindings) findings = study(sweep, directory, 2);
  const GsOutcome *original = outcome(findings, 0), *echo = outcome(findings, 1);
  cr_assert_lt(original->converged, 30);
  cr_expect_eq(original->counted[GS_METRIC_CONVERGENCE], original->converged);
  cr_expect_eq(gs_outcome_without_convergence(original), 30 - original->converged);
  cr_expect_not(original->best);
  cr_expect(echo->best);
  cr_expect_eq(g_array_index(findings->order, uint32_t, 0), 1);
  remove_directory(directory);
}

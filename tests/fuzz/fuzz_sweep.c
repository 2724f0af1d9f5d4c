/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>

#include "sim/study/sample.h"
#include "sim/study/sweep_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(const GError *error) {
  g_assert_nonnull(error);
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
  g_assert_null(strchr(error->message, '\n'));
}

static void read_sweep(const char *text, gsize length) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  sweep->no_files = true;
  if (!gs_sweep_read(sweep, text, length, "fuzz.json", &error) || !gs_sweep_finish(sweep, &error)) {
    check_error(error);
    return;
  }
  g_assert_cmpuint(sweep->cell_count, >, 0);
  g_assert_cmpuint(sweep->cell_count, <=, GS_SWEEP_CELLS_MAX);
  for (uint32_t cell = 0; cell < sweep->cell_count; cell += 1 + sweep->cell_count / 4) {
    g_free(gs_sweep_key(sweep, cell));
    g_free(gs_sweep_label(sweep, cell, GS_NO_AXIS));
    g_autoptr(GError) problem = NULL;
    g_autofree char *scenario = gs_sweep_scenario_text(sweep, cell, NULL, &problem);
    if (!scenario)
      check_error(problem);
  }
}

/** What is read as a sample is written as the same line. */
static void read_sample(const char *text, gsize length) {
  g_auto(GsSample) sample = {0}, again = {0};
  if (!gs_sample_read(&sample, text, length))
    return;
  g_autoptr(GString) once = g_string_new(NULL), twice = g_string_new(NULL);
  gs_sample_write(&sample, once);
  g_assert_true(gs_sample_read(&again, once->str, once->len));
  gs_sample_write(&again, twice);
  g_assert_true(g_string_equal(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  read_sweep((const char *)data, size);
  read_sample((const char *)data, size);
  return 0;
}

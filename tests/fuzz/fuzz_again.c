/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/study/again.h"
#include "sim/study/sweep_file.h"

#define CELLS_TRIED 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A page or document of somebody else that is to be verified. Nothing of it is run here. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(GError) error = NULL;
  GArray *runs = NULL;
  uint64_t count = 0;
  g_autoptr(GsSweep) sweep =
      gs_again_read((const char *)data, size, "fuzz.html", &runs, &count, &error);
  if (!sweep) {
    g_assert_true(error && g_utf8_validate(error->message, -1, NULL));
    g_assert_null(strchr(error->message, '\n'));
    return 0;
  }
  g_assert_cmpuint(sweep->cell_count, <=, GS_SWEEP_CELLS_MAX);
  for (uint32_t cell = 0; cell < MIN(sweep->cell_count, CELLS_TRIED); cell++) {
    g_autoptr(GError) problem = NULL;
    g_autofree char *scenario = gs_sweep_scenario_text(sweep, cell, NULL, &problem);
    g_assert_true(scenario || (problem && !strchr(problem->message, '\n')));
  }
  g_array_unref(runs);
  return 0;
}

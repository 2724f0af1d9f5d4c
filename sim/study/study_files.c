/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "sim/base/plain_file.h"
#include "sim/base/replace_file.h"
#include "sim/report/html.h"
#include "sim/study/study_plots.h"
#include "sim/study/study_report.h"

/** What is collected before it is written out. */
#define FLUSH_BYTES ((gsize)1 << 20)

static bool write_file(const char *directory, const char *name, const GString *text,
                       GError **error) {
  g_autofree char *path = g_build_filename(directory, name, NULL);
  return gs_replace_file(path, text->str, text->len, error);
}

typedef struct {
  const GsSweep *all; /**< whose cells are written */
  uint32_t cell;
  uint32_t used; /**< runs of the cell that the figures count: the first ones */
  GString *buffer;
  GsReplacement replacement;
} Runs;

static void flush(Runs *runs) {
  fwrite(runs->buffer->str, 1, runs->buffer->len, runs->replacement.file);
  g_string_truncate(runs->buffer, 0);
}

static void add_run(const GsSample *sample, void *data) {
  Runs *runs = data;
  bool in_table = sample->repetition < runs->used;
  gs_study_runs_csv_line(runs->all, runs->cell, sample, in_table, runs->buffer);
  if (runs->buffer->len >= FLUSH_BYTES)
    flush(runs);
}

/** How many runs of each cell the figures count, by its key; of GUINT. */
static GHashTable *used_runs(const GsFindings *findings) {
  GHashTable *used = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    g_hash_table_insert(used, outcome->key, GUINT_TO_POINTER(outcome->runs));
  }
  return used;
}

/** All that are kept, piece by piece: there may be millions. */
static bool write_runs(const GsFindings *findings, const GsStore *store, const char *directory,
                       GError **error) {
  g_autofree char *path = g_build_filename(directory, "runs.csv", NULL);
  g_autoptr(GString) buffer = g_string_new(NULL);
  g_autoptr(GHashTable) used = used_runs(findings);
  Runs runs = {.all = gs_store_all(store), .buffer = buffer};
  if (!gs_replacement_begin(&runs.replacement, path, error))
    return false;
  gs_study_runs_csv_heading(findings->sweep, buffer);
  bool good = true;
  for (runs.cell = 0; good && runs.cell < runs.all->cell_count; runs.cell++) {
    g_autofree char *key = gs_sweep_key(runs.all, runs.cell);
    runs.used = GPOINTER_TO_UINT(g_hash_table_lookup(used, key));
    good = gs_store_each_kept(store, runs.cell, add_run, &runs, error);
  }
  flush(&runs);
  return gs_replacement_end(&runs.replacement, good, good ? error : NULL) && good;
}

/** A scenario per cell, to look at one of its runs closely. */
static bool write_scenarios(const GsFindings *findings, const char *directory, GError **error) {
  g_autofree char *folder = g_build_filename(directory, "scenarios", NULL);
  if (!gs_plain_folder(folder, error))
    return false;
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    g_autofree char *text =
        gs_sweep_scenario_text(findings->sweep, outcome->cell, "../inputs", error);
    if (!text)
      return false;
    g_autofree char *name = gs_store_file_name(outcome->key, ".json");
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (!gs_replace_file(path, text, strlen(text), error))
      return false;
  }
  return true;
}

static bool write_tables(const GsFindings *findings, const char *directory, GError **error) {
  g_autoptr(GString) cells = g_string_new(NULL), growth = g_string_new(NULL);
  g_autoptr(GString) effects = g_string_new(NULL);
  gs_study_effects_csv(findings, effects);
  gs_study_cells_csv(findings, cells);
  gs_study_growth_csv(findings, growth);
  return write_file(directory, "cells.csv", cells, error) &&
         write_file(directory, "growth.csv", growth, error) &&
         write_file(directory, "effects.csv", effects, error);
}

static bool write_report(const GsFindings *findings, const GsStudyAbout *about,
                         const char *directory, GError **error) {
  g_autoptr(GPtrArray) drawings = gs_study_drawings(findings, error);
  if (!drawings)
    return false;
  g_autoptr(GString) data = g_string_new(NULL), page = g_string_new(NULL);
  if (!gs_study_json(findings, about, drawings, data, error))
    return false;
  const char *name = findings->sweep->name ? findings->sweep->name : "compare";
  gs_html_page(page, name, "compare", data->str);
  return write_file(directory, "results.json", data, error) &&
         write_file(directory, "report.html", page, error);
}

bool gs_study_files(const GsFindings *findings, const GsStudyAbout *about, const GsStore *store,
                    const char *directory, char **plots_left_out, GError **error) {
  *plots_left_out = NULL;
  return write_scenarios(findings, directory, error) &&
         write_runs(findings, store, directory, error) &&
         write_tables(findings, directory, error) &&
         write_report(findings, about, directory, error) &&
         gs_study_plots(findings, directory, plots_left_out, error);
}

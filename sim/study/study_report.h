/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "sim/report/style.h"
#include "sim/study/outcome.h"

/** What a study found, for people and programs. Nothing depends on when or where it was run. */

typedef enum { GS_STUDY_TABLE, GS_STUDY_CSV, GS_STUDY_JSON, GS_STUDY_MARKDOWN } GsStudyFormat;
extern const char *const gs_study_format_names[]; /**< "table", "csv", "json", "markdown", NULL */

/** What a report says of the study besides its findings. */
typedef struct {
  const char *command;  /**< that does it again */
  const char *baseline; /**< what every run does, in words */
  const GsStore *store; /**< where the runs are that it embeds the digests of; NULL: none */
} GsStudyAbout;

/** The findings for a terminal. */
void gs_study_table(const GsFindings *findings, const GsStudyAbout *about, GsStyle style,
                    GString *out);
/** The table of the cells, as Markdown. */
void gs_study_markdown(const GsFindings *findings, const GsStudyAbout *about, GString *out);

/** A line per cell (RFC 4180, with a heading): all figures of all metrics. */
void gs_study_cells_csv(const GsFindings *findings, GString *out);
/** A line per growth exponent. */
void gs_study_growth_csv(const GsFindings *findings, GString *out);
/** A line per effect; an axis that it is over has "*". */
void gs_study_effects_csv(const GsFindings *findings, GString *out);
/** The heading of the table of runs, then a line per sample of a cell; `in_table`: the figures
 * count it. */
void gs_study_runs_csv_heading(const GsSweep *sweep, GString *out);
void gs_study_runs_csv_line(const GsSweep *sweep, uint32_t cell, const GsSample *sample,
                            bool in_table, GString *out);

/** A graph of the study with when each node came into sync. */
typedef struct GsDrawing GsDrawing;
/**
 * Does one run of each topology again, of a size that can be seen. Of GsDrawing;
 * free with g_ptr_array_unref. Errors: GS_ERROR_SYSTEM.
 */
GPtrArray *gs_study_drawings(const GsFindings *findings, GError **error);

/** All of it as one JSON document (docs/gridsim.1.scd). `drawings` may be NULL. Errors:
 * GS_ERROR_SYSTEM, of the store. */
bool gs_study_json(const GsFindings *findings, const GsStudyAbout *about, const GPtrArray *drawings,
                   GString *out, GError **error);

/**
 * Writes runs.csv, cells.csv, growth.csv, effects.csv, results.json, report.html, the cells
 * as scenarios and, where gnuplot is there, plots beside the runs. Each file is whole or as
 * it was before. `plots_left_out` (if any) is set to why there are no plots; free with g_free.
 */
bool gs_study_files(const GsFindings *findings, const GsStudyAbout *about, const GsStore *store,
                    const char *directory, char **plots_left_out, GError **error);

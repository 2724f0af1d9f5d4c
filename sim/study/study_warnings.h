/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json/json_writer.h"
#include "sim/report/style.h"
#include "sim/study/sweep.h"

/** What the scenarios of a study warn of, each once with the cells that it is about. */

/** Most that are kept; further ones are counted. */
#define GS_STUDY_WARNINGS_MAX 100u

typedef struct {
  GsWarning *warning;
  GArray *cells; /**< of uint32_t, rising */
} GsStudyWarning;

/** Of GsStudyWarning; free with g_ptr_array_unref. */
GPtrArray *gs_study_warnings_new(void);
/** Adds those of a cell's scenario; cells come in their order. */
void gs_study_warnings_add(GPtrArray *warnings, uint32_t cell, const GPtrArray *scenario_warnings);
/** "city.json:3:12: /topology/file: …, in ring 8 and star 8"; free with g_free. */
char *gs_study_warning_line(const GsStudyWarning *warning, const GsSweep *sweep);
/** The member "warnings" of the study's document, as gs_warnings_write() with the cells. */
void gs_study_warnings_write(GsJsonWriter *json, const GPtrArray *warnings);
/** A section for a terminal; nothing where there are none. */
void gs_study_warnings_print(const GPtrArray *warnings, const GsSweep *sweep, GsStyle style,
                             GString *out);

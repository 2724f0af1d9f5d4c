/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/study/sweep.h"

/** Largest sweep file, in bytes. */
#define GS_SWEEP_BYTES_MAX ((uint64_t)16 << 20)

/** Whether a JSON text is a sweep rather than a scenario: an object with "axes" or "cells". */
bool gs_sweep_is_one(const char *text, gsize length);

/**
 * Reads a sweep (scenarios/sweep.schema.json) into `sweep`, which is new.
 * Scenarios it names are looked for beside it. Errors as gs_scenario_parse.
 */
bool gs_sweep_read(GsSweep *sweep, const char *text, gsize length, const char *source,
                   GError **error);

/** "5%" or 0.05, from 0.01 % to 100 %. */
bool gs_sweep_read_precision(const char *text, double *precision, GError **error);

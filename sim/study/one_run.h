/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "sim/study/sweep.h"

/**
 * Does runs of a sweep, one after the other, and keeps what the next one can
 * use. Used by one thread.
 */
typedef struct GsOneRun GsOneRun;

/** `stop` is looked at while a run goes on (atomic). `lanes` of the pool work on it. */
GsOneRun *gs_one_run_new(const GsSweep *sweep, uint32_t lanes, int *stop);
void gs_one_run_free(GsOneRun *one);
/**
 * The line of a run (sample.h); also when it could not be made, such as a graph
 * that cannot be. NULL when it was stopped, or with an error (GS_ERROR_SYSTEM).
 */
GString *gs_one_run_do(GsOneRun *one, uint32_t cell, uint32_t repetition, GError **error);
/** Messages of all its runs so far. From any thread. */
uint64_t gs_one_run_messages(const GsOneRun *one);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/scenario/scenario.h"

/**
 * Which files a command reads and which it writes, known before it does anything: nothing that it
 * reads is written over, and nothing that gridsim did not write, unless that is asked for.
 *
 * Files are the same when device and inode are, whatever they are called. What is no regular file
 * (a pipe, a device) is written to as it is. One thread.
 */

/** What is written; a file of the same kind may be replaced by a newer one. */
typedef enum {
  GS_OUTPUT_PAGE,  /**< a page of --report */
  GS_OUTPUT_TRACE, /**< of --trace, in each of its formats */
  GS_OUTPUT_GRAPH, /**< what `gridsim topology` writes */
} GsOutputKind;

typedef struct {
  bool force;       /**< write over anything but a second output */
  GArray *inputs;   /**< of files, see the source */
  GPtrArray *names; /**< of char *: owned texts */
  GArray *outputs;
} GsOutputPlan;

void gs_output_plan_init(GsOutputPlan *plan);
void gs_output_plan_clear(GsOutputPlan *plan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsOutputPlan, gs_output_plan_clear)

/**
 * Says that a file is read ("-": standard input). False with an error (GS_ERROR_INPUT) where
 * standard output goes to the very file. A file that is not there is none. Called before
 * gs_output_plan_writes().
 */
bool gs_output_plan_reads(GsOutputPlan *plan, const char *path, GError **error);
/** The same for all that a scenario was read from; `operand` is what the command line calls it. */
bool gs_output_plan_reads_scenario(GsOutputPlan *plan, const char *operand,
                                   const GsScenario *scenario, GError **error);

/**
 * Says that an option ("--report") writes a file ("-": standard output, NULL: nothing). False with
 * an error (GS_ERROR_INPUT, GS_ERROR_SYSTEM) that names the option, the file and what to do: it is
 * read, it is written by another option, it is not gridsim's own or was changed since, it is a
 * folder, it cannot be made there. Reads the file that is there.
 */
bool gs_output_plan_writes(GsOutputPlan *plan, const char *option, const char *path,
                           GsOutputKind kind, GError **error);

/**
 * Says that a study is written into a folder (NULL: nothing): false with an error where something
 * in there is read. Whether the folder is a study's is for the study to say; its study.json may be
 * read to go on with it.
 */
bool gs_output_plan_folder(const GsOutputPlan *plan, const char *option, const char *folder,
                           GError **error);

/** Where a mark stands in what is exported. */
typedef enum {
  GS_MARK_JSON,    /**< a first member, "generator"; the text begins with "{\n" */
  GS_MARK_DOT,     /**< a comment on the first line */
  GS_MARK_SVG,     /**< the same in XML */
  GS_MARK_GRAPHML, /**< the same after the first line */
  GS_MARK_GML,     /**< a comment on the first line */
} GsOutputMark;

/**
 * Puts a mark into what is exported: that gridsim wrote it, and a checksum of all that follows, by
 * which a file that somebody has changed since is told from one that nobody has.
 */
void gs_output_mark(GString *text, GsOutputMark mark);

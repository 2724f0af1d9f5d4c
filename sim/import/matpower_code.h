/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "sim/base/decimal.h"
#include "sim/import/matpower_scan.h"

/** The matrices and lists of a case of which something is used. */
typedef enum {
  GS_CASE_BUS,
  GS_CASE_GEN,
  GS_CASE_BRANCH,
  GS_CASE_DCLINE,
  GS_CASE_BUS_NAME,
  GS_CASE_PARTS,
} GsCasePart;

/** What is left of a case when its statements are gone through; texts are those of the file. */
typedef struct {
  GsStatement parts[GS_CASE_PARTS];
  bool has[GS_CASE_PARTS];
  /** What code does to loads (column 3 of buses) and generation (column 2 of generators). */
  struct {
    GsDecimal factor;
    guint64 line;      /**< of the code that gives it; 0: there is none */
    guint64 code_line; /**< of code that does something else to them; 0: none */
  } loads, generation;
  GHashTable *numbers;  /**< variables: name → GsDecimal */
  GPtrArray *not_used;  /**< names of other parts */
  guint64 changed_line; /**< of code that changes buses or links themselves; 0: none */
} GsCase;

void gs_case_init(GsCase *power_case);
void gs_case_clear(GsCase *power_case);
/** Takes in one statement. It is never executed: one of the few forms that scale loads is done in
 * exact decimals, others that touch what is used are remembered by their lines. */
void gs_case_take(GsCase *power_case, const GsStatement *statement);

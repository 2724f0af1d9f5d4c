/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"

typedef enum {
  GS_GML_WORD,   /**< a key */
  GS_GML_NUMBER, /**< as it is written, also "NaN" and "-Inf" */
  GS_GML_TEXT,   /**< what is between quotes, as it is written */
  GS_GML_OPEN,   /**< [ */
  GS_GML_CLOSE,  /**< ] */
  GS_GML_END,
  GS_GML_WRONG, /**< `problem` says what */
} GsGmlKind;

typedef struct {
  GsGmlKind kind;
  const char *text;
  gsize length;
  guint64 line;
  const char *problem; /**< static */
} GsGmlToken;

/** Goes through a GML text. */
typedef struct {
  const char *at, *end;
  guint64 line;
} GsGmlScan;

/** Behind a mark of its encoding. */
GsGmlScan gs_gml_scan(const char *text, gsize length);
/** The next token, which points into the text; comments are none. O(its length). */
void gs_gml_next(GsGmlScan *scan, GsGmlToken *token);
bool gs_gml_is(const GsGmlToken *token, const char *word);

/**
 * What a text in quotes stands for: "&#252;" and "&uuml;" are one character. What begins so and is
 * none stays as it is, and is tallied. Free with g_free. O(length).
 */
char *gs_gml_unquote(const GsGmlToken *token, GsOccurrences *unknown);

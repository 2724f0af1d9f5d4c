/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/import/draft.h"

/**
 * The words and marks of a text in DOT. Comments, lines that begin with #, and
 * blanks are passed over. Pure, linear. The language is described on Graphviz's
 * page "DOT Language"; where Graphviz warns and goes on ("10a" as two names),
 * this is an error here.
 */

/** Longest word, in bytes; a picture as an HTML label would be one that is longer. */
#define GS_DOT_TOKEN_BYTES_MAX ((gsize)1 << 20)

typedef enum {
  GS_DOT_END,
  GS_DOT_WORD,   /**< letters, digits and _, or a number */
  GS_DOT_QUOTED, /**< in quotes, with parts of "+" joined */
  GS_DOT_HTML,   /**< in <>, which are still there */
  GS_DOT_MARK,   /**< one of {}[];,=: */
  GS_DOT_LINE,   /**< -- */
  GS_DOT_ARROW,  /**< -> */
} GsDotKind;

/** Until the next one is read. A backslash in a text is there unless it was before a quote or the
 * end of a line. */
typedef struct {
  GsDotKind kind;
  const char *text; /**< not NUL-terminated */
  gsize length;
  guint64 line; /**< where it begins */
} GsDotToken;

typedef struct {
  GsDraft *draft; /**< for messages */
  const char *start, *at, *end;
  guint64 line;    /**< of `at` */
  GString *joined; /**< text of a token that is not in one piece in the file */
  GsDotToken token;
} GsDotScan;

void gs_dot_begin(GsDotScan *scan, GsDraft *draft, const char *text, gsize length);
void gs_dot_clear(GsDotScan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsDotScan, gs_dot_clear)

/** Reads the next token into `scan->token`. */
bool gs_dot_next(GsDotScan *scan, GError **error);
/** The byte that the next token begins with, NUL: there is none; the token stays as it is. */
char gs_dot_peek(GsDotScan *scan);
/** Whether the next token is "--" or "->". */
bool gs_dot_peek_link(GsDotScan *scan);

bool gs_dot_is_id(const GsDotToken *token);
bool gs_dot_is_mark(const GsDotToken *token, char mark);
/** "node", "edge", … where they are not in quotes, in letters of any size. */
bool gs_dot_is_keyword(const GsDotToken *token, const char *keyword);

/** The token as it can stand behind "found". Free with g_free. */
char *gs_dot_shown(const GsDotToken *token);

/** Whether the text begins as a graph in DOT: [strict] graph|digraph [id] {. O(comments before). */
bool gs_dot_begins(const char *text, gsize length);

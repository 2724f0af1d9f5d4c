/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * How text suits people: emphasis by escape codes and lines that fit on a
 * terminal, neither elsewhere. Reports say the same without them.
 */
typedef enum { GS_COLOR_AUTO, GS_COLOR_ALWAYS, GS_COLOR_NEVER } GsColor;
extern const char *const gs_color_names[]; /**< "auto", "always", "never", NULL */

typedef enum {
  GS_STYLE_NONE,
  GS_STYLE_TITLE,  /**< bold */
  GS_STYLE_FAINT,  /**< what can be skipped */
  GS_STYLE_GOOD,   /**< green */
  GS_STYLE_BAD,    /**< red, bold */
  GS_STYLE_NOTICE, /**< yellow */
} GsStyleKind;

typedef struct {
  bool color;
  guint columns; /**< of the terminal; 0: none, lines are as long as their text makes them */
} GsStyle;

/**
 * What suits `stream`: with GS_COLOR_AUTO colour only on a terminal that is not
 * "dumb", and not when NO_COLOR is set and not empty (no-color.org).
 */
GsStyle gs_style_for(FILE *stream, GsColor color);
/**
 * Columns of the terminal that `stream` is, 0 where it is none. COLUMNS in the
 * environment wins over what the terminal says (POSIX, "Environment Variables").
 */
guint gs_style_columns(FILE *stream);
/** Escape code that begins a style ("" without colour); static. */
const char *gs_style_begin(GsStyle style, GsStyleKind kind);
/** Escape code that ends it. */
const char *gs_style_end(GsStyle style, GsStyleKind kind);

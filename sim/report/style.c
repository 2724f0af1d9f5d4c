/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/style.h"

#include <glib.h>
#include <unistd.h>

const char *const gs_color_names[] = {"auto", "always", "never", NULL};

static bool wants_color(FILE *stream) {
  const char *no_color = g_getenv("NO_COLOR");
  if (no_color && *no_color)
    return false;
  const char *term = g_getenv("TERM");
  return isatty(fileno(stream)) && term && *term && !g_str_equal(term, "dumb");
}

GsStyle gs_style_for(FILE *stream, GsColor color) {
  return (GsStyle){.color =
                       color == GS_COLOR_ALWAYS || (color == GS_COLOR_AUTO && wants_color(stream))};
}

const char *gs_style_begin(GsStyle style, GsStyleKind kind) {
  static const char *const codes[] = {
      [GS_STYLE_NONE] = "",         [GS_STYLE_TITLE] = "\033[1m",  [GS_STYLE_FAINT] = "\033[2m",
      [GS_STYLE_GOOD] = "\033[32m", [GS_STYLE_BAD] = "\033[1;31m", [GS_STYLE_NOTICE] = "\033[33m",
  };
  return style.color ? codes[kind] : "";
}

const char *gs_style_end(GsStyle style, GsStyleKind kind) {
  return style.color && kind != GS_STYLE_NONE ? "\033[0m" : "";
}

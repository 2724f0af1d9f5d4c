/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/style.h"

#include <sys/ioctl.h>
#include <unistd.h>

/** What is narrower is written as if it had these. */
#define COLUMNS_LEAST 20
#define COLUMNS_MOST 10000

const char *const gs_color_names[] = {"auto", "always", "never", NULL};

static bool wants_color(FILE *stream) {
  const char *no_color = g_getenv("NO_COLOR");
  if (no_color && *no_color)
    return false;
  const char *term = g_getenv("TERM");
  return isatty(fileno(stream)) && term && *term && !g_str_equal(term, "dumb");
}

guint gs_style_columns(FILE *stream) {
  if (!isatty(fileno(stream)))
    return 0;
  guint64 columns = 0;
  const char *given = g_getenv("COLUMNS");
  if (!given || !g_ascii_string_to_unsigned(given, 10, 1, COLUMNS_MOST, &columns, NULL)) {
    struct winsize size;
    columns = ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  }
  return MAX((guint)columns, COLUMNS_LEAST);
}

GsStyle gs_style_for(FILE *stream, GsColor color) {
  return (GsStyle){.color =
                       color == GS_COLOR_ALWAYS || (color == GS_COLOR_AUTO && wants_color(stream)),
                   .columns = gs_style_columns(stream)};
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/print.h"

#include "sim/base/text.h"

/** Columns of labels. */
#define LABEL_WIDTH 12

guint gs_print_width(GsStyle style) {
  return style.columns > 0 ? MIN(style.columns, GS_PRINT_WIDTH) : GS_PRINT_WIDTH;
}

void gs_print_fit(GString *out, gsize from, GsStyle style) {
  if (style.columns == 0)
    return;
  g_autofree char *printed = g_strdup(out->str + from);
  g_string_truncate(out, from);
  gs_text_fit_lines(out, printed, style.columns);
}

void gs_print_heading(const char *name, const char *about, GsStyle style, GString *out) {
  g_autofree char *clean = gs_text_clean(name);
  g_string_append_printf(out, "%s%s%s\n", gs_style_begin(style, GS_STYLE_TITLE), clean,
                         gs_style_end(style, GS_STYLE_TITLE));
  if (about && *about) {
    g_autofree char *text = gs_text_clean(about);
    gs_text_wrap(out, text, 0, gs_print_width(style));
  }
  g_string_append_c(out, '\n');
}

void gs_print_section(const char *heading, GsStyle style, GString *out) {
  g_string_append_printf(out, "\n%s%s%s\n", gs_style_begin(style, GS_STYLE_TITLE), heading,
                         gs_style_end(style, GS_STYLE_TITLE));
}

static void print_fact(GString *out, GsStyle style, GsStyleKind kind, const char *label,
                       const char *text) {
  guint indent = 2 + LABEL_WIDTH;
  g_autoptr(GString) lines = g_string_new(NULL);
  gs_text_wrap(lines, text, indent, gs_print_width(style));
  if (lines->len == 0)
    g_string_printf(lines, "%*s\n", (int)indent, "");
  /* The label goes where the first line is indented. */
  g_string_append_printf(out, "  %s%-*s %s%s", gs_style_begin(style, GS_STYLE_FAINT),
                         LABEL_WIDTH - 1, label, gs_style_end(style, GS_STYLE_FAINT),
                         gs_style_begin(style, kind));
  g_string_truncate(lines, lines->len - 1);
  g_string_append_printf(out, "%s%s\n", lines->str + indent, gs_style_end(style, kind));
}

void gs_print_fact(GString *out, GsStyle style, const char *label, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  print_fact(out, style, GS_STYLE_NONE, label, text);
}

void gs_print_set(const char *set, GsStyle style, GString *out) {
  if (!set)
    return;
  g_autofree char *clean = gs_text_clean(set);
  gs_print_fact(out, style, "set", "%s", clean);
}

void gs_print_mark(GString *out, GsStyle style, GsStyleKind kind, const char *label,
                   const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *text = g_strdup_vprintf(format, args);
  va_end(args);
  print_fact(out, style, kind, label, text);
}

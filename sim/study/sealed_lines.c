/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/sealed_lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"

#define BEFORE ", \"checksum\": \""
#define DIGITS 16
#define BEHIND "\"}\n"
#define SEAL_BYTES (strlen(BEFORE) + DIGITS + strlen(BEHIND))

static char *digits_of(const char *text, gsize length) {
  char *digits = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
  digits[DIGITS] = '\0';
  return digits;
}

void gs_line_seal(GString *line) {
  g_assert(g_str_has_suffix(line->str, "}\n"));
  g_string_truncate(line, line->len - strlen("}\n"));
  g_autofree char *digits = digits_of(line->str, line->len);
  g_string_append_printf(line, BEFORE "%s" BEHIND, digits);
}

/** Whether a line with its end has a checksum, and the right one. */
static bool is_sealed(const char *line, gsize length) {
  if (length < SEAL_BYTES)
    return false;
  gsize sealed = length - SEAL_BYTES;
  g_autofree char *digits = digits_of(line, sealed);
  g_autofree char *seal = g_strconcat(BEFORE, digits, BEHIND, NULL);
  return memcmp(line + sealed, seal, SEAL_BYTES) == 0;
}

void gs_sealed_lines_init(GsSealedLines *lines, const char *path, int file) {
  *lines = (GsSealedLines){.path = path, .file = fdopen(file, "r")};
  g_assert(lines->file);
  lines->line = g_malloc(GS_SEALED_LINE_BYTES_MAX + 1);
}

void gs_sealed_lines_clear(GsSealedLines *lines) {
  if (lines->file)
    fclose(lines->file);
  g_free(lines->line);
}

bool gs_sealed_lines_fail(const GsSealedLines *lines, GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *what = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s:%" G_GUINT64_FORMAT ": this line %s; take it out with all behind it, which does "
              "these runs again, or begin anew with compare --fresh",
              lines->path, lines->count, what);
  return false;
}

const char *gs_sealed_lines_next(GsSealedLines *lines, gsize *length, GError **error) {
  gsize used = 0;
  int c = 0;
  while (used <= GS_SEALED_LINE_BYTES_MAX && (c = getc_unlocked(lines->file)) != EOF) {
    lines->line[used++] = (char)c;
    if (c == '\n')
      break;
  }
  if (c == EOF && ferror(lines->file)) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be read: %s", lines->path,
                g_strerror(errno));
    return NULL;
  }
  if (c == EOF)
    return NULL;
  lines->count++;
  if (c != '\n')
    gs_sealed_lines_fail(lines, error, "has more than %" G_GSIZE_FORMAT " bytes",
                         GS_SEALED_LINE_BYTES_MAX);
  else if (!is_sealed(lines->line, used))
    gs_sealed_lines_fail(lines, error, "is not as it was written: its checksum is another");
  else {
    lines->good += (off_t)used;
    *length = used;
    return lines->line;
  }
  return NULL;
}

bool gs_sealed_lines_cut(GsSealedLines *lines, GError **error) {
  if (ftruncate(fileno(lines->file), lines->good) == 0)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "%s: cannot be cut: %s", lines->path,
              g_strerror(errno));
  return false;
}

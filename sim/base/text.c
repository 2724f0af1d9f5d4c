/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "sim/base/time.h"

#define US GS_MICROSECOND_NS
#define MS GS_MILLISECOND_NS
#define SECOND GS_SECOND_NS
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

char *gs_text_count(uint64_t count) {
  char digits[24];
  int length = g_snprintf(digits, sizeof digits, "%" PRIu64, count);
  GString *out = g_string_new(NULL);
  for (int i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0)
      g_string_append_c(out, ',');
    g_string_append_c(out, digits[i]);
  }
  return g_string_free(out, FALSE);
}

char *gs_text_int(int64_t value) {
  g_autofree char *size = gs_text_count(value < 0 ? -(uint64_t)value : (uint64_t)value);
  return g_strconcat(value < 0 ? "-" : "", size, NULL);
}

char *gs_text_plural(uint64_t count, const char *noun) {
  g_autofree char *number = gs_text_count(count);
  return g_strdup_printf("%s %s%s", number, noun, count == 1 ? "" : "s");
}

char *gs_text_all(uint64_t count, const char *noun) {
  if (count == 1)
    return g_strdup_printf("The only %s", noun);
  if (count == 2)
    return g_strdup_printf("Both %ss", noun);
  g_autofree char *all = gs_text_plural(count, noun);
  return g_strdup_printf("All %s", all);
}

char *gs_text_part(uint64_t part, uint64_t count, const char *noun) {
  if (count == 1 && part == 1)
    return g_strdup_printf("the only %s", noun);
  g_autofree char *some = gs_text_count(part), *all = gs_text_plural(count, noun);
  return g_strdup_printf("%s of %s", some, all);
}

/** Takes the text; 0 has no sign, also what is only shown as 0. */
static char *without_sign_of_zero(char *text) {
  if ((text[0] == '-' || text[0] == '+') && strspn(text + 1, "0.") == strlen(text + 1))
    memmove(text, text + 1, strlen(text));
  return text;
}

char *gs_text_fixed(double value, int decimals) {
  return without_sign_of_zero(g_strdup_printf("%.*f", decimals, value));
}

char *gs_text_signed(double value, int decimals) {
  return without_sign_of_zero(g_strdup_printf("%+.*f", decimals, value));
}

/** So many decimals at most, and no zeros at the end. */
static char *short_decimal(double value, int decimals) {
  char *text = g_strdup_printf("%.*f", decimals, value);
  if (decimals == 0)
    return text;
  char *end = text + strlen(text);
  while (end[-1] == '0')
    *--end = '\0';
  if (end[-1] == '.')
    *--end = '\0';
  return text;
}

/** The unit in which a time below two minutes is a number of at least one. */
static int64_t unit_of(int64_t ns, const char **name) {
  static const struct {
    int64_t ns;
    const char *name;
  } units[] = {{SECOND, "s"}, {MS, "ms"}, {US, "µs"}, {1, "ns"}};
  guint i = 0;
  while (i + 1 < G_N_ELEMENTS(units) && ns < units[i].ns)
    i++;
  *name = units[i].name;
  return units[i].ns;
}

/** "2 min 3.5 s": whole numbers of the large units, seconds for the rest. */
static char *in_large_units(int64_t ns) {
  static const struct {
    int64_t ns;
    const char *name;
  } units[] = {{DAY, "d"}, {HOUR, "h"}, {MINUTE, "min"}};
  GString *out = g_string_new(NULL);
  /* Days start to read better than hours at two of them. */
  bool days = ns >= 2 * DAY;
  for (guint i = days ? 0 : 1; i < G_N_ELEMENTS(units); i++) {
    if (ns >= units[i].ns)
      g_string_append_printf(out, "%s%" PRId64 " %s", out->len > 0 ? " " : "", ns / units[i].ns,
                             units[i].name);
    ns %= units[i].ns;
  }
  if (ns >= MS && !days) {
    g_autofree char *seconds = short_decimal((double)(ns / MS) / 1000, 3);
    g_string_append_printf(out, " %s s", seconds);
  }
  return g_string_free(out, FALSE);
}

char *gs_text_duration(int64_t ns) {
  if (ns == 0)
    return g_strdup("0 s");
  if (ns >= 2 * MINUTE)
    return in_large_units(ns);
  const char *name;
  int64_t unit = unit_of(ns, &name);
  g_autofree char *number = short_decimal((double)ns / (double)unit, 3);
  return g_strdup_printf("%s %s", number, name);
}

char *gs_text_span(int64_t ns) {
  if (ns == 0 || ns >= 2 * MINUTE)
    return gs_text_duration(ns);
  const char *name;
  int64_t unit = unit_of(ns, &name);
  double value = (double)ns / (double)unit;
  g_autofree char *number = short_decimal(value, value < 10 ? 3 : value < 100 ? 2 : 1);
  return g_strdup_printf("%s %s", number, name);
}

char *gs_text_delay(const GsDistribution *delay) {
  g_autofree char *a = gs_text_duration((int64_t)delay->a);
  g_autofree char *b = NULL;
  switch (delay->kind) {
  case GS_DISTRIBUTION_UNIFORM:
    b = gs_text_duration((int64_t)delay->b);
    if (delay->a <= 0)
      return g_strdup_printf("up to %s", b);
    return g_strdup_printf("%s to %s", a, b);
  case GS_DISTRIBUTION_EXPONENTIAL:
    return g_strdup_printf("exponential, mean %s", a);
  case GS_DISTRIBUTION_LOGNORMAL:
    b = short_decimal(delay->b, 3);
    return g_strdup_printf("lognormal, median %s, sigma %s", a, b);
  case GS_DISTRIBUTION_NORMAL:
    b = gs_text_duration((int64_t)delay->b);
    return g_strdup_printf("normal, mean %s, sd %s", a, b);
  case GS_DISTRIBUTION_CONSTANT:
    break;
  }
  return g_steal_pointer(&a);
}

char *gs_text_bytes(uint64_t bytes) {
  static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  double size = (double)bytes;
  guint unit = 0;
  while (size >= 1024 && unit + 1 < G_N_ELEMENTS(units)) {
    size /= 1024;
    unit++;
  }
  return g_strdup_printf(unit == 0 || size >= 100 ? "%.0f %s" : "%.1f %s", size, units[unit]);
}

/** As g_utf8_next_char(), which casts const away. */
static const char *next_char(const char *at) {
  return at + g_utf8_skip[(guchar)*at];
}

/** As in JSON, of which some of this text is. */
static void append_code(GString *out, gunichar c) {
  if (c > 0xffff)
    g_string_append_printf(out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
  else
    g_string_append_printf(out, "\\u%04x", c);
}

char *gs_text_clean(const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
  GString *out = g_string_new(NULL);
  for (const char *at = valid; *at; at = next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (c == '\n' || c == '\t')
      g_string_append_c(out, ' ');
    else if (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT)
      append_code(out, c);
    else
      g_string_append_unichar(out, c);
  }
  return g_string_free(out, FALSE);
}

static guint char_width(gunichar c) {
  return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

guint gs_text_width(const char *text) {
  guint width = 0;
  for (const char *at = text; *at; at = next_char(at))
    width += char_width(g_utf8_get_char(at));
  return width;
}

char *gs_text_fit(const char *text, guint width) {
  if (gs_text_width(text) <= width)
    return g_strdup(text);
  guint used = 0;
  const char *at = text;
  while (used + char_width(g_utf8_get_char(at)) + 1 <= width) {
    used += char_width(g_utf8_get_char(at));
    at = next_char(at);
  }
  while (at > text && at[-1] == ' ')
    at--;
  return g_strdup_printf("%.*s…", (int)(at - text), text);
}

char *gs_text_fit_middle(const char *text, guint width) {
  guint whole = gs_text_width(text);
  if (whole <= width || width < 8)
    return gs_text_fit(text, width);
  guint tail = width / 2;
  g_autofree char *head = gs_text_fit(text, width - tail);
  const char *at = text;
  for (guint skip = 0; skip < whole - tail; at = next_char(at))
    skip += char_width(g_utf8_get_char(at));
  while (*at == ' ')
    at++;
  return g_strconcat(head, at, NULL);
}

void gs_text_wrap(GString *out, const char *text, guint indent, guint width) {
  g_auto(GStrv) words = g_strsplit(text, " ", -1);
  guint column = 0;
  for (char **word = words; *word; word++) {
    if (!**word)
      continue;
    guint length = gs_text_width(*word);
    if (column > 0 && column + 1 + length > width) {
      g_string_append_c(out, '\n');
      column = 0;
    }
    if (column == 0) {
      g_string_append_printf(out, "%*s", (int)indent, "");
      column = indent;
    } else {
      g_string_append_c(out, ' ');
      column++;
    }
    g_string_append(out, *word);
    column += length;
  }
  if (column > 0)
    g_string_append_c(out, '\n');
}

/** Behind an escape code that begins here, or here. */
static const char *skip_escape(const char *at) {
  if (at[0] != '\033' || at[1] != '[')
    return at;
  const char *end = at + 2 + strspn(at + 2, "0123456789;");
  return *end ? end + 1 : end;
}

/** Columns of the first bytes of a line, escape codes left out. */
static guint shown_width(const char *line, const char *end) {
  guint width = 0;
  for (const char *at = line; at < end;) {
    const char *behind = skip_escape(at);
    if (behind == at) {
      width += char_width(g_utf8_get_char(at));
      behind = next_char(at);
    }
    at = behind;
  }
  return width;
}

/** Where a line goes on: where its text begins behind the last gap of two spaces, if there is room.
 */
static guint hanging_indent(const char *line, guint width) {
  gsize leading = strspn(line, " ");
  const char *text = line + leading;
  for (const char *gap = strstr(text, "  "); gap; gap = strstr(text, "  "))
    text = gap + strspn(gap, " ");
  guint indent = shown_width(line, text);
  return text > line + leading && *text && indent <= width / 2
             ? indent
             : (guint)MIN(leading + 2, (gsize)width / 2);
}

static void fit_line(GString *out, const char *line, guint width) {
  if (shown_width(line, line + strlen(line)) <= width) {
    g_string_append(out, line);
    return;
  }
  guint indent = hanging_indent(line, width);
  const char *word = line + strspn(line, " ");
  guint column = (guint)(word - line);
  g_string_append_len(out, line, word - line);
  for (bool first = true; *word; first = false) {
    const char *end = word + strcspn(word, " ");
    const char *before = word;
    while (before > line && before[-1] == ' ')
      before--;
    guint gap = first ? 0 : (guint)(word - before), needed = shown_width(word, end);
    if (!first && column + gap + needed > width) {
      g_string_append_printf(out, "\n%*s", (int)indent, "");
      column = indent;
    } else {
      g_string_append_printf(out, "%*s", (int)gap, "");
      column += gap;
    }
    g_string_append_len(out, word, end - word);
    column += needed;
    word = end + strspn(end, " ");
  }
}

void gs_text_fit_lines(GString *out, const char *lines, guint width) {
  g_auto(GStrv) each = g_strsplit(lines, "\n", -1);
  for (char **line = each; *line; line++) {
    fit_line(out, *line, width);
    if (line[1])
      g_string_append_c(out, '\n');
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json/json_scan.h"

#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/json/utf8.h"
#include "core/limits.h"

/** Most bytes of a wrong word that a message shows. */
#define WORD_BYTES_MAX 20

typedef struct {
  const GsJsonText *text;
  const char *at, *end;
  GsJsonIntegerBits *integers;
  GError **error;
  uint32_t depth, max_depth;
  const char *open[GS_JSON_DEPTH_CEILING]; /**< the brackets that are open at `at` */
} Scan;

#define fail_at(scan, place, ...)                                                                  \
  gs_json_fail_at((scan)->text, (gsize)((place) - (scan)->text->bytes), (scan)->error,             \
                  GS_ERROR_INPUT, __VA_ARGS__)

static bool fail_found(Scan *scan, const char *expected) {
  g_autofree char *found = gs_json_describe_char(scan->at, scan->end);
  if (scan->at == scan->end && scan->depth) {
    const char *open = scan->open[scan->depth - 1];
    g_autofree char *place = gs_json_place_text(scan->text, (gsize)(open - scan->text->bytes));
    return fail_at(scan, scan->at, "expected %s, found %s; the '%c' at %s is not closed", expected,
                   found, *open, place);
  }
  const char *before = scan->at;
  while (before > scan->text->bytes && memchr(" \n\t\r", before[-1], 4))
    before--;
  bool surplus_comma = scan->depth && before > scan->text->bytes && before[-1] == ',' &&
                       scan->at < scan->end && (*scan->at == ']' || *scan->at == '}');
  return fail_at(scan, scan->at, "expected %s, found %s%s", expected, found,
                 surplus_comma ? " (no ',' may stand before it)" : "");
}

static void skip_space(Scan *scan) {
  while (scan->at < scan->end &&
         (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
    scan->at++;
}

/** The value of four hexadecimal digits, or -1. */
static int hex4(const char *at, const char *end) {
  int value = 0;
  if (end - at < 4)
    return -1;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value(at[i]);
    if (digit < 0)
      return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** At a backslash in a string. */
static bool scan_escape(Scan *scan) {
  const char *at = scan->at;
  if (scan->end - at < 2 || !memchr("\"\\/bfnrtu", at[1], 9)) {
    g_autofree char *found = gs_json_describe_char(MIN(at + 1, scan->end), scan->end);
    return fail_at(scan, at,
                   "a '\\' in a string must be followed by one of \" \\ / b f n r t u, found %s",
                   found);
  }
  scan->at += 2;
  if (at[1] != 'u')
    return true;
  int code = hex4(scan->at, scan->end);
  if (code < 0)
    return fail_at(scan, at, "\\u in a string must be followed by four hexadecimal digits");
  if (code == 0)
    return fail_at(scan, at, "\\u0000 (NUL) is not allowed in a string");
  scan->at += 4;
  if (code < 0xD800 || code > 0xDFFF)
    return true;
  int low = -1;
  if (code <= 0xDBFF && scan->end - scan->at >= 2 && scan->at[0] == '\\' && scan->at[1] == 'u')
    low = hex4(scan->at + 2, scan->end);
  if (low < 0xDC00 || low > 0xDFFF)
    return fail_at(
        scan, at, "\\u%.4s in a string is half of a surrogate pair: it stands for nothing", at + 2);
  scan->at += 6;
  return true;
}

/** At an opening quote. */
static bool scan_string(Scan *scan) {
  const char *start = scan->at++;
  while (scan->at < scan->end) {
    guchar c = (guchar)*scan->at;
    if (c == '"') {
      scan->at++;
      return true;
    }
    if (c == '\\') {
      if (!scan_escape(scan))
        return false;
    } else if (c == '\n' || c == '\r') {
      return fail_at(scan, start,
                     "the string is not closed on its line (a line break in it is written \\n)");
    } else if (c < 0x20) {
      return fail_at(scan, scan->at,
                     "a control character (U+%04X) in a string must be written \\u%04x", c, c);
    } else {
      scan->at++;
    }
  }
  return fail_at(scan, start, "the string is never closed");
}

/**
 * Digits times a power of ten, as exactly as it takes: at most 16 significant
 * digits can be an integer of at most 2^53.
 */
typedef struct {
  uint64_t digits;
  int significant; /**< digits from the first to the last that are not 0 */
  int zeros;       /**< seen after them */
} Decimal;

static void add_digit(Decimal *decimal, char c) {
  if (c == '0') {
    decimal->zeros += decimal->significant > 0;
    return;
  }
  decimal->significant += 1 + decimal->zeros;
  if (decimal->significant <= 16) {
    for (; decimal->zeros > 0; decimal->zeros--)
      decimal->digits *= 10;
    decimal->digits = decimal->digits * 10 + (uint64_t)(c - '0');
  }
  decimal->zeros = 0;
}

/** Whether decimal * 10^exponent is an integer of at most 2^53. */
static bool exact_integer(const Decimal *decimal, int exponent, uint64_t *out) {
  *out = 0;
  if (decimal->significant == 0)
    return true;
  int tens = exponent + decimal->zeros;
  if (tens < 0 || decimal->significant + tens > 16)
    return false;
  *out = decimal->digits;
  for (; tens > 0; tens--)
    *out *= 10;
  return *out <= (uint64_t)GS_JSON_EXACT_MAX;
}

static const char *scan_digits(const char *at, const char *end, Decimal *decimal) {
  for (; at < end && g_ascii_isdigit(*at); at++)
    add_digit(decimal, *at);
  return at;
}

/** At the 'e'; sets `value` to something too large rather than overflowing. */
static const char *scan_exponent(const char *at, const char *end, int *value, bool *ok) {
  at++;
  bool negative = at < end && *at == '-';
  at += at < end && (*at == '-' || *at == '+');
  *ok = at < end && g_ascii_isdigit(*at);
  for (*value = 0; at < end && g_ascii_isdigit(*at); at++)
    *value = MIN(*value * 10 + (*at - '0'), 100000);
  if (negative)
    *value = -*value;
  return at;
}

double gs_json_number_value(const char *at, gsize length) {
  char text[GS_JSON_NUMBER_BYTES_MAX + 1];
  g_assert(length < sizeof text);
  memcpy(text, at, length);
  text[length] = '\0';
  return g_ascii_strtod(text, NULL);
}

GsJsonNumber gs_json_scan_number(const char *at, const char *end) {
  GsJsonNumber number = {.end = at};
  Decimal decimal = {0};
  const char *start = at;
  int exponent = 0, fraction = 0;
  if (at < end && *at == '+') {
    number.problem = "a number must not start with '+'";
    return number;
  }
  bool negative = at < end && *at == '-';
  at += negative;
  number.end = at;
  if (at == end || !g_ascii_isdigit(*at)) {
    number.problem = at < end && *at == '.' ? "a number must have a digit before its '.'"
                                            : "expected a digit after '-'";
    return number;
  }
  if (*at == '0' && end - at > 1 && g_ascii_isdigit(at[1])) {
    number.problem = "a number must not start with 0 unless it is 0 or 0.…";
    return number;
  }
  at = scan_digits(at, end, &decimal);
  if (at < end && *at == '.') {
    const char *first = at + 1;
    number.end = at = scan_digits(first, end, &decimal);
    if (at == first) {
      number.problem = "a number must have a digit after its '.'";
      return number;
    }
    fraction = (int)MIN(at - first, 100000);
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    bool ok;
    number.end = at = scan_exponent(at, end, &exponent, &ok);
    if (!ok) {
      number.problem = "a number must have a digit in its exponent";
      return number;
    }
    if (at - start <= GS_JSON_NUMBER_BYTES_MAX &&
        !isfinite(gs_json_number_value(start, (gsize)(at - start)))) {
      number.end = start;
      number.problem = "the number is too large: at most about 1.797e308 is allowed";
      return number;
    }
  }
  number.end = at;
  uint64_t size = 0;
  number.is_integer = exact_integer(&decimal, exponent - fraction, &size);
  number.integer = negative ? -(int64_t)size : (int64_t)size;
  return number;
}

static void append_bit(GsJsonIntegerBits *integers, bool bit) {
  guint8 empty = 0;
  if (integers->count % 8 == 0)
    g_byte_array_append(integers->bits, &empty, 1);
  integers->bits->data[integers->bits->len - 1] |= (guint8)(bit << integers->count % 8);
  integers->count++;
}

static bool scan_number(Scan *scan) {
  const char *start = scan->at;
  GsJsonNumber number = gs_json_scan_number(start, scan->end);
  if (number.problem)
    return fail_at(scan, number.end, "%s", number.problem);
  if (number.end - start > GS_JSON_NUMBER_BYTES_MAX)
    return gs_json_fail_at(scan->text, (gsize)(start - scan->text->bytes), scan->error,
                           GS_ERROR_LIMIT, "the number has %d characters, at most %d are allowed",
                           (int)MIN(number.end - start, G_MAXINT), GS_JSON_NUMBER_BYTES_MAX);
  append_bit(scan->integers, number.is_integer);
  scan->at = number.end;
  return true;
}

/** At a letter: true, false and null are values, NaN and others are not. */
static bool scan_word(Scan *scan) {
  static const char *const words[] = {"true", "false", "null"};
  const char *behind = scan->at;
  while (behind < scan->end && (g_ascii_isalnum(*behind) || *behind == '_'))
    behind++;
  gsize length = (gsize)(behind - scan->at);
  for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
    if (length == strlen(words[i]) && memcmp(scan->at, words[i], length) == 0) {
      scan->at = behind;
      return true;
    }
  return fail_at(
      scan, scan->at, "expected a value, found '%.*s%s' (words that are values: true, false, null)",
      length > WORD_BYTES_MAX ? gs_utf8_bytes_up_to(scan->at, WORD_BYTES_MAX) : (int)length,
      scan->at, length > WORD_BYTES_MAX ? "…" : "");
}

/** A member's key and the colon behind it. */
static bool scan_key(Scan *scan) {
  skip_space(scan);
  if (scan->at == scan->end || *scan->at != '"')
    return fail_found(scan, "a member's name in double quotes");
  if (!scan_string(scan))
    return false;
  skip_space(scan);
  if (scan->at == scan->end || *scan->at != ':')
    return fail_found(scan, "':' after a member's name");
  scan->at++;
  return true;
}

/** At a bracket. `value_next`: a value must follow, else the container is empty and closed. */
static bool scan_open(Scan *scan, bool *value_next) {
  if (scan->depth == scan->max_depth)
    return gs_json_fail_at(scan->text, (gsize)(scan->at - scan->text->bytes), scan->error,
                           GS_ERROR_LIMIT, "nested too deeply: at most %u levels are allowed",
                           scan->max_depth);
  bool in_object = *scan->at == '{';
  scan->open[scan->depth++] = scan->at++;
  skip_space(scan);
  if (scan->at < scan->end && *scan->at == (in_object ? '}' : ']')) {
    scan->at++;
    scan->depth--;
    *value_next = false;
    return true;
  }
  if (in_object && (scan->at == scan->end || *scan->at != '"'))
    return fail_found(scan, "a member's name in double quotes or '}'");
  *value_next = true;
  return !in_object || scan_key(scan);
}

/** One scalar, or the opening of a container up to its first value. */
static bool scan_value(Scan *scan, bool *value_next) {
  *value_next = false;
  skip_space(scan);
  if (scan->at == scan->end)
    return fail_found(scan, "a value");
  char c = *scan->at;
  if (c == '{' || c == '[')
    return scan_open(scan, value_next);
  if (c == '"')
    return scan_string(scan);
  if (c == '-' || c == '+' || g_ascii_isdigit(c))
    return scan_number(scan);
  if (g_ascii_isalpha(c))
    return scan_word(scan);
  if (c == '.')
    return fail_at(scan, scan->at, "a number must have a digit before its '.'");
  if (c == '/')
    return fail_at(scan, scan->at, "expected a value, found '/' (JSON has no comments)");
  return fail_found(scan, "a value");
}

/** Behind a value: closes what ends here, up to where the next value or the end must be. */
static bool scan_behind_value(Scan *scan, bool *value_next) {
  *value_next = false;
  while (scan->depth) {
    bool in_object = *scan->open[scan->depth - 1] == '{';
    skip_space(scan);
    char c = scan->at < scan->end ? *scan->at : '\0';
    if (c == ',') {
      scan->at++;
      *value_next = true;
      return !in_object || scan_key(scan);
    }
    if (c != (in_object ? '}' : ']'))
      return fail_found(scan,
                        in_object ? "',' or '}' after a member" : "',' or ']' after an element");
    scan->at++;
    scan->depth--;
  }
  skip_space(scan);
  if (scan->at < scan->end)
    return fail_found(scan, "nothing after the document's value");
  return true;
}

static bool check_bytes(Scan *scan, const GsJsonLimits *limits) {
  const GsJsonText *text = scan->text;
  const char *bad;
  if (text->length > limits->max_bytes)
    return gs_json_fail_at(text, 0, scan->error, GS_ERROR_LIMIT,
                           "the document has %" G_GSIZE_FORMAT " bytes, at most %" G_GUINT64_FORMAT
                           " are allowed",
                           text->length, limits->max_bytes);
  if (text->length == 0)
    return fail_at(scan, text->bytes, "the document is empty");
  if (text->length >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0)
    return fail_at(scan, text->bytes,
                   "the document starts with a byte order mark: save it as UTF-8 without one");
  if (g_utf8_validate_len(text->bytes, text->length, &bad))
    return true;
  if (*bad == '\0')
    return fail_at(scan, bad, "a NUL byte is not allowed");
  return fail_at(scan, bad, "the byte 0x%02X is not valid UTF-8", (guint)(guchar)*bad);
}

bool gs_json_scan(const GsJsonText *text, const GsJsonLimits *limits, GsJsonIntegerBits *integers,
                  GError **error) {
  Scan scan;
  scan.text = text;
  scan.at = text->bytes;
  scan.end = text->bytes + text->length;
  scan.integers = integers;
  scan.error = error;
  scan.depth = 0;
  scan.max_depth = MIN(limits->max_depth, GS_JSON_DEPTH_CEILING);
  if (!check_bytes(&scan, limits))
    return false;
  skip_space(&scan);
  if (scan.at == scan.end)
    return fail_at(&scan, scan.text->bytes, "the document is empty");
  bool value_next = true;
  while (value_next)
    if (!scan_value(&scan, &value_next) || (!value_next && !scan_behind_value(&scan, &value_next)))
      return false;
  return true;
}

/** Whether the bracket is closed at once. */
static bool is_empty(const char *bracket, const char *end) {
  const char *at = gs_json_skip_space(bracket + 1, end);
  return at < end && (*at == ']' || *at == '}');
}

uint64_t gs_json_count_values(const char *text, gsize length) {
  uint64_t values = 1;
  bool in_string = false;
  for (const char *at = text, *end = text + length; at < end; at++) {
    if (*at == '"')
      in_string = !in_string;
    else if (in_string)
      at += *at == '\\';
    else
      values += *at == ',' || ((*at == '[' || *at == '{') && !is_empty(at, end));
  }
  return values;
}

bool gs_json_integer_or_numeric_string(const GsJson *value, int64_t *out) {
  const char *text = gs_json_string(value);
  if (!text)
    return gs_json_integer(value, out);
  const char *end = text + strlen(text);
  GsJsonNumber number = gs_json_scan_number(text, end);
  if (number.problem || number.end != end || !number.is_integer ||
      end - text > GS_JSON_NUMBER_BYTES_MAX)
    return false;
  *out = number.integer;
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/dot_scan.h"

#include <string.h>

#include "core/error.h"
#include "sim/import/readers.h"

/** Behind a keyword that begins a graph, so much is looked at for its name. */
#define NAME_LOOKED_AT_MAX 256

void gs_dot_begin(GsDotScan *scan, GsDraft *draft, const char *text, gsize length) {
  static const char bom[] = "\xef\xbb\xbf";
  *scan = (GsDotScan){.draft = draft, .start = text, .at = text, .end = text + length, .line = 1};
  if (length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
    scan->start = scan->at = text + strlen(bom);
  scan->joined = g_string_new(NULL);
}

void gs_dot_clear(GsDotScan *scan) {
  if (scan->joined)
    g_string_free(scan->joined, TRUE);
  scan->joined = NULL;
}

/* ---- What is passed over ---- */

static bool starts_with(const GsDotScan *scan, const char *what) {
  gsize length = strlen(what);
  return (gsize)(scan->end - scan->at) >= length && memcmp(scan->at, what, length) == 0;
}

static void skip_line(GsDotScan *scan) {
  while (scan->at < scan->end && *scan->at != '\n' && *scan->at != '\r')
    scan->at++;
}

/** Whether there are only blanks before it on its line. */
static bool begins_line(const GsDotScan *scan) {
  const char *at = scan->at;
  while (at > scan->start && (at[-1] == ' ' || at[-1] == '\t'))
    at--;
  return at == scan->start || at[-1] == '\n' || at[-1] == '\r';
}

/** A comment that does not end takes all of the rest. */
static void skip_block(GsDotScan *scan) {
  for (scan->at += 2; scan->at < scan->end && !starts_with(scan, "*/"); scan->at++)
    scan->line += *scan->at == '\n';
  scan->at += scan->at < scan->end ? 2 : 0;
}

static void skip_gap(GsDotScan *scan) {
  while (scan->at < scan->end) {
    if (g_ascii_isspace(*scan->at)) {
      scan->line += *scan->at == '\n';
      scan->at++;
    } else if (starts_with(scan, "//") || (*scan->at == '#' && begins_line(scan))) {
      skip_line(scan);
    } else if (starts_with(scan, "/*")) {
      skip_block(scan);
    } else {
      return;
    }
  }
}

char gs_dot_peek(GsDotScan *scan) {
  skip_gap(scan);
  return scan->at < scan->end ? *scan->at : '\0';
}

bool gs_dot_peek_link(GsDotScan *scan) {
  skip_gap(scan);
  return starts_with(scan, "--") || starts_with(scan, "->");
}

/* ---- Tokens ---- */

static bool is_name_byte(char byte) {
  return g_ascii_isalnum(byte) || byte == '_' || (guchar)byte >= 0x80;
}

/** "-" of a number, which is none of "--" and "->". */
static bool is_sign(const char *at, const char *end) {
  return *at == '-' && at + 1 < end && (g_ascii_isdigit(at[1]) || at[1] == '.');
}

static bool too_long(const GsDotScan *scan, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "%s:%" G_GUINT64_FORMAT ": a text of more than %" G_GSIZE_FORMAT
              " bytes begins here; at most so many are allowed",
              gs_draft_source(scan->draft), scan->token.line, GS_DOT_TOKEN_BYTES_MAX);
  return false;
}

/** A number is -?(digits[.digits] | .digits); a name begins with no digit. */
static bool is_well_formed(const char *text, gsize length) {
  gsize at = text[0] == '-', dots = 0, digits = 0;
  if (at == 0 && !g_ascii_isdigit(text[0]) && text[0] != '.')
    return !memchr(text, '.', length) && !memchr(text, '-', length);
  for (; at < length; at++) {
    if (text[at] == '.')
      dots++;
    else if (g_ascii_isdigit(text[at]))
      digits++;
    else
      return false;
  }
  return digits > 0 && dots <= 1;
}

/** A name or a number, with all that touches it, for what touches it is a mistake. */
static bool take_word(GsDotScan *scan, GError **error) {
  const char *start = scan->at;
  while (scan->at < scan->end &&
         (is_name_byte(*scan->at) || *scan->at == '.' || is_sign(scan->at, scan->end)))
    scan->at++;
  scan->token.kind = GS_DOT_WORD;
  scan->token.text = start;
  scan->token.length = (gsize)(scan->at - start);
  if (scan->token.length > GS_DOT_TOKEN_BYTES_MAX)
    return too_long(scan, error);
  if (is_well_formed(start, scan->token.length))
    return true;
  g_autofree char *shown = gs_shown(start, scan->token.length);
  return gs_read_wrong(scan->draft, scan->token.line, error,
                       "found %s; what is neither a number nor letters, digits and _ must be in "
                       "quotes",
                       shown);
}

/** Adds what is in a pair of quotes to `joined`, from behind the first one. */
static bool join_quoted(GsDotScan *scan, GError **error) {
  while (scan->at < scan->end && *scan->at != '"') {
    gsize length = 1;
    bool escapes = *scan->at == '\\' && scan->at + 1 < scan->end;
    if (escapes && scan->at[1] == '"') {
      g_string_append_c(scan->joined, '"');
      length = 2;
    } else if (escapes && scan->at[1] == '\n') {
      length = 2;
    } else if (escapes && starts_with(scan, "\\\r\n")) {
      length = 3;
    } else {
      /* "\\" is a pair: its second one does not stand before a quote. */
      length = escapes && scan->at[1] == '\\' ? 2 : 1;
      g_string_append_len(scan->joined, scan->at, (gssize)length);
    }
    scan->line += memchr(scan->at, '\n', length) != NULL;
    scan->at += length;
    if (scan->joined->len > GS_DOT_TOKEN_BYTES_MAX)
      return too_long(scan, error);
  }
  if (scan->at == scan->end)
    return gs_read_wrong(scan->draft, scan->token.line, error,
                         "a text in quotes begins here and does not end");
  scan->at++;
  return true;
}

static bool take_quoted(GsDotScan *scan, GError **error) {
  scan->token.kind = GS_DOT_QUOTED;
  g_string_truncate(scan->joined, 0);
  for (;;) {
    scan->at++;
    if (!join_quoted(scan, error))
      return false;
    if (gs_dot_peek(scan) != '+')
      break;
    scan->at++;
    if (gs_dot_peek(scan) != '"')
      return gs_read_wrong(scan->draft, scan->line, error,
                           "found no text in quotes behind \"+\"; must be one");
  }
  scan->token.text = scan->joined->str;
  scan->token.length = scan->joined->len;
  return true;
}

static bool take_html(GsDotScan *scan, GError **error) {
  const char *start = scan->at;
  guint64 depth = 0;
  scan->token.kind = GS_DOT_HTML;
  do {
    if (scan->at == scan->end)
      return gs_read_wrong(scan->draft, scan->token.line, error,
                           "a text in <> begins here and does not end");
    depth += *scan->at == '<';
    depth -= *scan->at == '>';
    scan->line += *scan->at == '\n';
    scan->at++;
    if ((gsize)(scan->at - start) > GS_DOT_TOKEN_BYTES_MAX)
      return too_long(scan, error);
  } while (depth > 0);
  scan->token.text = start;
  scan->token.length = (gsize)(scan->at - start);
  return true;
}

static bool take_mark(GsDotScan *scan, GsDotKind kind, gsize length) {
  scan->token.kind = kind;
  scan->token.text = scan->at;
  scan->token.length = length;
  scan->at += length;
  return true;
}

bool gs_dot_next(GsDotScan *scan, GError **error) {
  skip_gap(scan);
  scan->token = (GsDotToken){.kind = GS_DOT_END, .text = "", .line = scan->line};
  if (scan->at == scan->end)
    return true;
  if (starts_with(scan, "--"))
    return take_mark(scan, GS_DOT_LINE, 2);
  if (starts_with(scan, "->"))
    return take_mark(scan, GS_DOT_ARROW, 2);
  if (*scan->at == '"')
    return take_quoted(scan, error);
  if (*scan->at == '<')
    return take_html(scan, error);
  if (strchr("{}[];,=:", *scan->at))
    return take_mark(scan, GS_DOT_MARK, 1);
  if (is_name_byte(*scan->at) || *scan->at == '.' || is_sign(scan->at, scan->end))
    return take_word(scan, error);
  g_autofree char *shown = gs_shown(scan->at, 1);
  return gs_read_wrong(scan->draft, scan->line, error,
                       "found %s, which is nothing in DOT; must be in quotes where it belongs to "
                       "a name",
                       shown);
}

/* ---- What a token is ---- */

bool gs_dot_is_id(const GsDotToken *token) {
  return token->kind == GS_DOT_WORD || token->kind == GS_DOT_QUOTED || token->kind == GS_DOT_HTML;
}

bool gs_dot_is_mark(const GsDotToken *token, char mark) {
  return token->kind == GS_DOT_MARK && *token->text == mark;
}

bool gs_dot_is_keyword(const GsDotToken *token, const char *keyword) {
  return token->kind == GS_DOT_WORD && token->length == strlen(keyword) &&
         g_ascii_strncasecmp(token->text, keyword, token->length) == 0;
}

char *gs_dot_shown(const GsDotToken *token) {
  return token->kind == GS_DOT_END ? g_strdup("the end of the file")
                                   : gs_shown(token->text, token->length);
}

/* ---- Recognition ---- */

/** Past the word, and what may follow it; false: it does not stand there. */
static bool pass_keyword(GsDotScan *scan, const char *keyword) {
  gsize length = strlen(keyword);
  if ((gsize)(scan->end - scan->at) < length ||
      g_ascii_strncasecmp(scan->at, keyword, length) != 0 ||
      (scan->at + length < scan->end && is_name_byte(scan->at[length])))
    return false;
  scan->at += length;
  skip_gap(scan);
  return true;
}

bool gs_dot_begins(const char *text, gsize length) {
  g_auto(GsDotScan) scan;
  gs_dot_begin(&scan, NULL, text, length);
  skip_gap(&scan);
  pass_keyword(&scan, "strict");
  if (!pass_keyword(&scan, "graph") && !pass_keyword(&scan, "digraph"))
    return false;
  const char *end = scan.at + MIN((gsize)(scan.end - scan.at), NAME_LOOKED_AT_MAX);
  if (scan.at < end && (*scan.at == '"' || *scan.at == '<'))
    return true;
  while (scan.at < end && (is_name_byte(*scan.at) || *scan.at == '.' || *scan.at == '-'))
    scan.at++;
  return gs_dot_peek(&scan) == '{';
}

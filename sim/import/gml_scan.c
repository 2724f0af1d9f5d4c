/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/gml_scan.h"

#include <string.h>

/** Longest key or number. */
#define WORD_BYTES_MAX 1000

GsGmlScan gs_gml_scan(const char *text, gsize length) {
  static const char bom[] = "\xef\xbb\xbf";
  bool marked = length >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0;
  return (GsGmlScan){.at = text + (marked ? strlen(bom) : 0), .end = text + length, .line = 1};
}

bool gs_gml_is(const GsGmlToken *token, const char *word) {
  return token->length == strlen(word) &&
         g_ascii_strncasecmp(token->text, word, token->length) == 0;
}

/** To the next token: comments go to the end of their lines. */
static void skip_blanks(GsGmlScan *scan) {
  for (; scan->at < scan->end; scan->at++) {
    if (*scan->at == '#') {
      const char *newline = memchr(scan->at, '\n', (gsize)(scan->end - scan->at));
      scan->at = newline ? newline : scan->end;
    }
    if (scan->at == scan->end || !(g_ascii_isspace(*scan->at) || *scan->at == '\v'))
      return;
    scan->line += *scan->at == '\n';
  }
}

static void take_text(GsGmlScan *scan, GsGmlToken *token) {
  const char *close = memchr(scan->at, '"', (gsize)(scan->end - scan->at));
  if (!close) {
    token->kind = GS_GML_WRONG;
    token->problem = "a text in quotes has no end";
    scan->at = scan->end;
    return;
  }
  token->kind = GS_GML_TEXT;
  token->text = scan->at;
  token->length = (gsize)(close - scan->at);
  for (const char *at = scan->at; (at = memchr(at, '\n', (gsize)(close - at))); at++)
    scan->line++;
  scan->at = close + 1;
}

static bool is_number(const GsGmlToken *token) {
  static const char *const words[] = {"nan", "inf", "infinity"};
  if (g_ascii_isdigit(*token->text) || strchr("+-.", *token->text)) {
    gsize digits = 0;
    while (digits < token->length &&
           (g_ascii_isdigit(token->text[digits]) || strchr("+-.eE", token->text[digits])))
      digits++;
    if (digits == token->length)
      return true;
  }
  GsGmlToken rest = *token;
  if (*rest.text == '-' || *rest.text == '+') {
    rest.text++;
    rest.length--;
  }
  for (guint i = 0; i < G_N_ELEMENTS(words); i++)
    if (gs_gml_is(&rest, words[i]))
      return true;
  return false;
}

static void take_word(GsGmlScan *scan, GsGmlToken *token) {
  const char *from = scan->at;
  while (scan->at < scan->end && !g_ascii_isspace(*scan->at) && *scan->at != '\v' &&
         !strchr("[]\"", *scan->at))
    scan->at++;
  token->text = from;
  token->length = (gsize)(scan->at - from);
  if (token->length > WORD_BYTES_MAX) {
    token->kind = GS_GML_WRONG;
    token->problem = "a word or number of more than 1000 bytes; at most so many are allowed";
  } else {
    token->kind = is_number(token) ? GS_GML_NUMBER : GS_GML_WORD;
  }
}

void gs_gml_next(GsGmlScan *scan, GsGmlToken *token) {
  skip_blanks(scan);
  *token = (GsGmlToken){.kind = GS_GML_END, .text = scan->at, .line = scan->line};
  if (scan->at == scan->end)
    return;
  token->length = 1;
  switch (*scan->at) {
  case '[':
  case ']':
    token->kind = *scan->at++ == '[' ? GS_GML_OPEN : GS_GML_CLOSE;
    break;
  case '"':
    scan->at++;
    take_text(scan, token);
    break;
  default:
    take_word(scan, token);
  }
}

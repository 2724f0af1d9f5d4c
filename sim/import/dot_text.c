/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/dot_text.h"

#include <string.h>

/** Longest entity, without & and ;. */
#define ENTITY_BYTES_MAX 8

/** Names of the characters from 160 on (HTML 4.01, 24.2.1). */
static const char *const latin[] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml",
};

static const struct {
  const char *name;
  char character;
} plain[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

/** The character of "amp", "#252" or "#xfc"; 0: it is not known. */
static gunichar entity(const char *name) {
  if (name[0] == '#') {
    bool hex = name[1] == 'x' || name[1] == 'X';
    const char *digits = name + 1 + hex;
    char *end = NULL;
    guint64 number = g_ascii_isxdigit(*digits) ? g_ascii_strtoull(digits, &end, hex ? 16 : 10) : 0;
    return number > 0 && *end == '\0' && number <= 0x10ffff && g_unichar_validate((gunichar)number)
               ? (gunichar)number
               : 0;
  }
  for (guint i = 0; i < G_N_ELEMENTS(plain); i++)
    if (strcmp(name, plain[i].name) == 0)
      return (gunichar)plain[i].character;
  for (guint i = 0; i < G_N_ELEMENTS(latin); i++)
    if (strcmp(name, latin[i]) == 0)
      return 160 + i;
  return 0;
}

/** What begins with &; gives the bytes that were read. */
static gsize append_entity(GString *out, const char *text, gsize length, guint *unknown) {
  char name[ENTITY_BYTES_MAX + 1];
  gsize end = 1;
  while (end < length && end <= ENTITY_BYTES_MAX &&
         (g_ascii_isalnum(text[end]) || text[end] == '#'))
    end++;
  if (end == 1 || end == length || text[end] != ';') {
    g_string_append_c(out, '&');
    return 1;
  }
  g_strlcpy(name, text + 1, end);
  gunichar character = entity(name);
  if (character) {
    g_string_append_unichar(out, character);
  } else {
    g_string_append_len(out, text, (gssize)end + 1);
    (*unknown)++;
  }
  return end + 1;
}

/** One byte, escape or entity; gives the bytes that were read. */
static gsize append_one(GString *out, const char *text, gsize length, guint *unknown) {
  if (*text == '&')
    return append_entity(out, text, length, unknown);
  if (*text != '\\' || length == 1) {
    g_string_append_c(out, *text);
    return 1;
  }
  g_string_append_c(out, strchr("nlr", text[1]) ? ' ' : text[1]);
  return 2;
}

void gs_dot_append_label(GString *out, const char *text, gsize length, const char *node,
                         const char *graph, guint *unknown) {
  for (gsize at = 0; at < length && out->len <= GS_DOT_LABEL_BYTES_MAX;) {
    char letter = text[at] == '\\' && at + 1 < length ? text[at + 1] : '\0';
    const char *name = letter == 'N' ? node : letter == 'G' ? graph : NULL;
    if (!name) {
      at += append_one(out, text + at, length - at, unknown);
      continue;
    }
    gsize rest = strlen(name);
    while (rest > 0 && out->len <= GS_DOT_LABEL_BYTES_MAX) {
      gsize read = append_one(out, name, rest, unknown);
      name += read;
      rest -= read;
    }
    at += 2;
  }
}

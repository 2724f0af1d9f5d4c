/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/graphml_tags.h"

#include <string.h>

#include "sim/import/readers.h"

GsTags gs_tags_of(const char *text, gsize length) {
  return (GsTags){.at = text, .end = text + length, .line = 1};
}

static void go_to(GsTags *tags, const char *to) {
  for (const char *at = tags->at; (at = memchr(at, '\n', (gsize)(to - at))); at++)
    tags->line++;
  tags->at = to;
}

static bool starts(const GsTags *tags, const char *word) {
  gsize length = strlen(word);
  return (gsize)(tags->end - tags->at) >= length && memcmp(tags->at, word, length) == 0;
}

/** What has tags in it that are none, up to its end; false: it does not stand here. */
static bool skip(GsTags *tags) {
  static const char *const kinds[][2] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
  if (tags->end - tags->at < 2 || (tags->at[1] != '!' && tags->at[1] != '?'))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
    if (!starts(tags, kinds[i][0]))
      continue;
    const char *from = tags->at + strlen(kinds[i][0]);
    const char *end = memmem(from, (gsize)(tags->end - from), kinds[i][1], strlen(kinds[i][1]));
    go_to(tags, end ? end + strlen(kinds[i][1]) : tags->end);
    return true;
  }
  return false;
}

/** Behind the tag's ">", or where the declarations in a document type begin. */
static const char *end_of_tag(const GsTags *tags) {
  bool is_type = starts(tags, "<!DOCTYPE");
  char quote = '\0';
  for (const char *at = tags->at; at < tags->end; at++) {
    if (quote)
      quote = *at == quote ? '\0' : quote;
    else if (*at == '"' || *at == '\'')
      quote = *at;
    else if (*at == '>' || (is_type && *at == '['))
      return at + 1;
  }
  return tags->end;
}

static GsTagKind kind_of(const char *text, gsize length) {
  if (length < 2 || text[1] == '!')
    return GS_TAG_DECLARES;
  if (text[1] == '/')
    return GS_TAG_CLOSES;
  return text[length - 1] == '>' && text[length - 2] == '/' ? GS_TAG_EMPTY : GS_TAG_OPENS;
}

bool gs_tags_next(GsTags *tags, GsTag *tag) {
  for (;;) {
    const char *start =
        tags->at < tags->end ? memchr(tags->at, '<', (gsize)(tags->end - tags->at)) : NULL;
    if (!start)
      return false;
    go_to(tags, start);
    if (skip(tags))
      continue;
    gsize length = (gsize)(end_of_tag(tags) - start);
    *tag = (GsTag){
        .kind = kind_of(start, length), .text = start, .length = length, .line = tags->line};
    go_to(tags, start + length);
    return true;
  }
}

/* ---- The check ---- */

/** Encodings in which "<" and ">" are those of ASCII, by the beginnings of their names. */
static const char *const encodings[] = {
    "utf-8", "utf8",  "us-ascii", "ascii",  "iso-8859-", "iso8859-", "latin", "windows-125",
    "cp125", "koi8-", "euc-",     "gb2312", "gbk",       "gb18030",  "big5",  "shift_jis",
};

/** What the declaration at the beginning calls the encoding; NULL: nothing. */
static char *encoding_of(const char *text, gsize length) {
  const char *start = g_strstr_len(text, (gssize)MIN(length, 200), "<?xml");
  const char *end = start ? g_strstr_len(start, (gssize)MIN(length, 400), "?>") : NULL;
  const char *name = end ? g_strstr_len(start, end - start, "encoding") : NULL;
  if (!name)
    return NULL;
  name += strlen("encoding");
  while (name < end && (g_ascii_isspace(*name) || *name == '='))
    name++;
  if (name == end || (*name != '"' && *name != '\''))
    return NULL;
  const char *close = memchr(name + 1, *name, (gsize)(end - name - 1));
  return close ? g_ascii_strdown(name + 1, close - name - 1) : NULL;
}

static bool check_encoding(const GsDraft *draft, const char *text, gsize length, GError **error) {
  g_autofree char *encoding = encoding_of(text, length);
  for (guint i = 0; encoding && i < G_N_ELEMENTS(encodings); i++)
    if (g_str_has_prefix(encoding, encodings[i]))
      return true;
  if (!encoding)
    return true;
  g_autofree char *shown = gs_shown(encoding, strlen(encoding));
  return gs_read_wrong(draft, 1, error,
                       "says that its encoding is %s, which is not read; convert it to UTF-8, and "
                       "say so in its first line",
                       shown);
}

bool gs_tags_check(const GsDraft *draft, const char *text, gsize length, guint *unclosed,
                   GError **error) {
  static const char entity[] = "<!ENTITY";
  GsTags tags = gs_tags_of(text, length);
  GsTag tag;
  guint depth = 0;
  if (!check_encoding(draft, text, length, error))
    return false;
  while (gs_tags_next(&tags, &tag)) {
    depth += tag.kind == GS_TAG_OPENS;
    depth -= tag.kind == GS_TAG_CLOSES && depth > 0;
    if (depth > GS_XML_DEPTH_MAX)
      return gs_read_wrong(draft, tag.line, error,
                           "elements are in others more than %d deep; at most so deep they may be",
                           GS_XML_DEPTH_MAX);
    if (tag.length > GS_XML_TAG_BYTES_MAX)
      return gs_read_wrong(draft, tag.line, error,
                           "a tag of %" G_GSIZE_FORMAT " bytes; at most %" G_GSIZE_FORMAT
                           " are allowed",
                           tag.length, GS_XML_TAG_BYTES_MAX);
    if (tag.length >= strlen(entity) && memcmp(tag.text, entity, strlen(entity)) == 0)
      return gs_read_wrong(draft, tag.line, error,
                           "declares an entity; entities are not expanded here: write what it "
                           "stands for in its places");
  }
  *unclosed = depth;
  return true;
}

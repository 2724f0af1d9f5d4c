/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/import/draft.h"

/**
 * Where the tags of an XML text are, without a look at what they say: before it
 * is parsed, so that nothing in it can be deeper or longer than is allowed, and
 * while it is parsed, since parsers tell no lines beyond the 65,535th.
 */
typedef enum { GS_TAG_OPENS, GS_TAG_CLOSES, GS_TAG_EMPTY, GS_TAG_DECLARES } GsTagKind;

typedef struct {
  GsTagKind kind;
  const char *text; /**< from its "<" */
  gsize length;
  guint64 line; /**< from 1, of its "<" */
} GsTag;

typedef struct {
  const char *at, *end;
  guint64 line;
} GsTags;

/** Deepest that elements may be in others. */
#define GS_XML_DEPTH_MAX 200
/** Longest tag, with all its attributes. */
#define GS_XML_TAG_BYTES_MAX ((gsize)64 << 10)

GsTags gs_tags_of(const char *text, gsize length);
/** The next tag; comments, CDATA sections and processing instructions are none. O(its distance). */
bool gs_tags_next(GsTags *tags, GsTag *tag);

/**
 * Whether the text may be parsed: within the limits, in an encoding in which tags are found, and
 * without entities of its own, which could stand for other files or for more text than there is
 * memory. `unclosed`: elements that have no end. Errors: GS_ERROR_INPUT. O(length).
 */
bool gs_tags_check(const GsDraft *draft, const char *text, gsize length, guint *unclosed,
                   GError **error);

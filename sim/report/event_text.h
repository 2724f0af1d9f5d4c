/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/message.h"

#define GS_EVENT_TEXT_BYTES ((gsize)1 << 16)
/** Pieces are copied in steps of so many bytes: as many may be read behind their ends. */
#define GS_EVENT_TEXT_STEP ((gsize)16)

/**
 * Text on its way into a stream, put together without formats: a trace has several events for
 * each of millions of messages. Errors stay in the stream, for its owner. One thread.
 */
typedef struct {
  FILE *file; /**< borrowed */
  gsize length;
  char bytes[GS_EVENT_TEXT_BYTES + GS_EVENT_TEXT_STEP];
} GsEventText;

/** Nothing is in the stream before. */
GsEventText *gs_event_text_new(FILE *file);
/** Frees it; what was not flushed is lost. NULL is fine. */
void gs_event_text_free(GsEventText *text);
/** Gives everything to the stream. */
void gs_event_text_flush(GsEventText *text);
/** Bytes that are longer than the room left. */
void gs_event_text_put_slowly(GsEventText *text, const char *bytes, gsize length);

static inline void gs_event_text_put(GsEventText *text, const char *bytes, gsize length) {
  if (G_UNLIKELY(length > GS_EVENT_TEXT_BYTES - text->length)) {
    gs_event_text_put_slowly(text, bytes, length);
    return;
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
}
/** The same for short ones behind which GS_EVENT_TEXT_STEP more may be read: without a call. */
static inline void gs_event_text_put_piece(GsEventText *text, const char *bytes, gsize length) {
  if (G_UNLIKELY(length > GS_EVENT_TEXT_BYTES - text->length)) {
    gs_event_text_put_slowly(text, bytes, length);
    return;
  }
  for (gsize i = 0; i < length; i += GS_EVENT_TEXT_STEP)
    memcpy(text->bytes + text->length + i, bytes + i, GS_EVENT_TEXT_STEP);
  text->length += length;
}
/** Puts a string literal. */
#define GS_PUT(text, literal) gs_event_text_put((text), "" literal, sizeof(literal) - 1)

void gs_event_text_put_string(GsEventText *text, const char *string);
void gs_event_text_put_unsigned(GsEventText *text, uint64_t value);
/** As JSON: beyond ±2^53 in quotes, as gs_json_write_int() does. */
void gs_event_text_put_int(GsEventText *text, int64_t value);
/** "space:count". */
void gs_event_text_put_wave(GsEventText *text, GsMasterId master);

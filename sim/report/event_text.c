/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/event_text.h"

#include "core/decimal.h"
#include "core/json/json_writer.h"

GsEventText *gs_event_text_new(FILE *file) {
  GsEventText *text = g_new(GsEventText, 1);
  text->file = file;
  text->length = 0;
  return text;
}

void gs_event_text_free(GsEventText *text) {
  g_free(text);
}

void gs_event_text_flush(GsEventText *text) {
  fwrite(text->bytes, 1, text->length, text->file);
  text->length = 0;
}

void gs_event_text_put_slowly(GsEventText *text, const char *bytes, gsize length) {
  gs_event_text_flush(text);
  if (length > GS_EVENT_TEXT_BYTES)
    fwrite(bytes, 1, length, text->file);
  else
    gs_event_text_put(text, bytes, length);
}

void gs_event_text_put_string(GsEventText *text, const char *string) {
  gs_event_text_put(text, string, strlen(string));
}

void gs_event_text_put_unsigned(GsEventText *text, uint64_t value) {
  if (GS_EVENT_TEXT_BYTES - text->length < GS_DECIMAL_DIGITS_MAX)
    gs_event_text_flush(text);
  text->length = (gsize)(gs_decimal_put(text->bytes + text->length, value) - text->bytes);
}

void gs_event_text_put_int(GsEventText *text, int64_t value) {
  bool quoted = !gs_json_is_exact(value);
  if (quoted)
    GS_PUT(text, "\"");
  if (value < 0)
    GS_PUT(text, "-");
  gs_event_text_put_unsigned(text, value < 0 ? -(uint64_t)value : (uint64_t)value);
  if (quoted)
    GS_PUT(text, "\"");
}

void gs_event_text_put_wave(GsEventText *text, GsMasterId master) {
  gs_event_text_put_unsigned(text, master.space);
  GS_PUT(text, ":");
  gs_event_text_put_unsigned(text, master.count);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/trace_lines.h"

#include <string.h>

#include "core/decimal.h"
#include "core/json/json_writer.h"

#define BUFFER_BYTES (1u << 16)
/** A line without its names, and what pieces may be copied beyond their ends. */
#define LINE_BYTES_MOST 512u
/** Pieces are copied in steps of so many bytes, and are followed by as many that may be read. */
#define STEP 16u

/** Text that is written again and again. */
typedef struct {
  char *text;
  gsize length;
} Piece;

/** A piece that says a number, as it was written last. */
typedef struct {
  int64_t value;
  gsize length;
  char text[64];
} Said;

struct GsTraceLines {
  FILE *file;
  uint32_t nodes;
  Piece *names; /**< of nodes, in quotes */
  char *block;  /**< where these are */
  Piece kinds[GS_MESSAGE_KINDS];
  Said time, due, cause;
  GString *other; /**< scratch */
  char *buffer;
  gsize used, line_most;
};

/* ---- Pieces ---- */

static inline char *put(char *at, const char *text, gsize length) {
  for (gsize i = 0; i < length; i += STEP)
    memcpy(at + i, text + i, STEP);
  return at + length;
}

static inline char *put_piece(char *at, const Piece *piece) {
  return put(at, piece->text, piece->length);
}

#define PUT(at, literal) (memcpy((at), "" literal, sizeof(literal) - 1), (at) + sizeof(literal) - 1)

/** As gs_json_write_int does. */
static inline char *put_int(char *at, int64_t value) {
  bool quoted = !gs_json_is_exact(value);
  if (quoted)
    *at++ = '"';
  if (value < 0)
    *at++ = '-';
  at = gs_decimal_put(at, value < 0 ? -(uint64_t)value : (uint64_t)value);
  if (quoted)
    *at++ = '"';
  return at;
}

/** Moments and causes are mostly those of the line before. */
static inline char *put_said(char *at, Said *said, int64_t value, const char *before,
                             const char *after) {
  if (G_UNLIKELY(said->value != value || !said->length)) {
    char *end = g_stpcpy(put_int(g_stpcpy(said->text, before), value), after);
    said->value = value;
    said->length = (gsize)(end - said->text);
  }
  return put(at, said->text, said->length);
}

static inline char *put_wave(char *at, GsMasterId master) {
  if (!master.count)
    return at;
  at = PUT(at, ", \"wave\": \"");
  at = gs_decimal_put(at, master.space);
  *at++ = ':';
  at = gs_decimal_put(at, master.count);
  *at++ = '"';
  return at;
}

/* ---- Lines ---- */

static void flush(GsTraceLines *lines) {
  fwrite(lines->buffer, 1, lines->used, lines->file);
  lines->used = 0;
}

static bool is_message(const GsTraceRecord *record) {
  return record->kind == GS_TRACE_SEND || record->kind == GS_TRACE_DELIVERY;
}

/** Whether it is of those that there are many of; others are rare. */
static bool is_common(const GsTraceLines *lines, const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  if (!is_message(record))
    return record->kind == GS_TRACE_GRIDNET;
  return record->tries < 2 && message->from < lines->nodes && message->to < lines->nodes &&
         (message->type == GS_UPDATE_NET || message->type == GS_SYNC_GRID);
}

static char *put_message(GsTraceLines *lines, char *at, const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  bool sent = record->kind == GS_TRACE_SEND;
  at = sent ? PUT(at, "send\", \"from\": ") : PUT(at, "delivery\", \"from\": ");
  at = put_piece(at, &lines->names[message->from]);
  at = PUT(at, ", \"to\": ");
  at = put_piece(at, &lines->names[message->to]);
  at = put_piece(at, &lines->kinds[gs_message_kind(message)]);
  at = put_wave(at, message->master);
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE) {
    at = PUT(at, ", \"nets\": ");
    at = gs_decimal_put(at, record->nets);
    at = PUT(at, ", \"sum\": ");
    at = put_int(at, record->value);
  }
  return sent ? put_said(at, &lines->due, record->due_ns, ", \"due_ns\": ", "") : at;
}

static char *put_gridnet(const GsTraceLines *lines, char *at, const GsTraceRecord *record) {
  at = PUT(at, "gridnet\", \"node\": ");
  at = put_piece(at, &lines->names[record->node]);
  at = put_wave(at, record->message.master);
  at = PUT(at, ", \"gridnet\": ");
  return put_int(at, record->value);
}

static void write_common(GsTraceLines *lines, const GsTraceRecord *record) {
  if (lines->used > BUFFER_BYTES)
    flush(lines);
  char *at = lines->buffer + lines->used;
  at = put_said(at, &lines->time, record->time_ns, "{\"t_ns\": ", ", \"event\": \"");
  at = is_message(record) ? put_message(lines, at, record) : put_gridnet(lines, at, record);
  at = put_said(at, &lines->cause, record->message.cause, ", \"cause\": ", "}\n");
  lines->used = (gsize)(at - lines->buffer);
}

static void write_other(GsTraceLines *lines, const GsRunView *view, const GsTraceRecord *record) {
  flush(lines);
  g_string_truncate(lines->other, 0);
  gs_trace_format(lines->other, view, record);
  g_string_append_c(lines->other, '\n');
  fwrite(lines->other->str, 1, lines->other->len, lines->file);
}

static void take(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  GsTraceLines *lines = data;
  for (guint i = 0; i < count; i++) {
    if (is_common(lines, &records[i]))
      write_common(lines, &records[i]);
    else if (gs_trace_is_told(&records[i]))
      write_other(lines, view, &records[i]);
  }
  flush(lines);
}

GsTraceSink gs_trace_lines_sink(GsTraceLines *lines) {
  return (GsTraceSink){.take = take, .data = lines};
}

/* ---- Begin and end ---- */

static void make_names(GsTraceLines *lines, const GsScenario *scenario) {
  g_autoptr(GString) block = g_string_new(NULL);
  g_autofree gsize *places = g_new(gsize, lines->nodes);
  static const char room[STEP] = {0};
  gsize most = 0;
  for (uint32_t i = 0; i < lines->nodes; i++) {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(block, 0);
    places[i] = block->len;
    gs_json_write_string(writer, scenario->nodes[i].name);
    lines->names[i].length = block->len - places[i];
    most = MAX(most, lines->names[i].length);
    g_string_append_len(block, room, STEP);
  }
  lines->line_most = LINE_BYTES_MOST + 2 * (most + STEP);
  lines->block = g_string_free(g_steal_pointer(&block), FALSE);
  for (uint32_t i = 0; i < lines->nodes; i++)
    lines->names[i].text = lines->block + places[i];
}

static void make_kinds(GsTraceLines *lines) {
  for (uint32_t env = 0; env < GS_ENVELOPE_TYPES; env++) {
    for (uint32_t type = 0; type < GS_MESSAGE_TYPES; type++) {
      Piece *piece = &lines->kinds[GS_MESSAGE_KIND(env, type)];
      piece->text = g_malloc0(64 + STEP);
      piece->length = (gsize)g_snprintf(piece->text, 64, ", \"env\": \"%s\", \"type\": \"%s\"",
                                        gs_envelope_type_name((GsEnvelopeType)env),
                                        gs_message_type_name((GsMessageType)type));
    }
  }
}

GsTraceLines *gs_trace_lines_new(FILE *file, const GsScenario *scenario) {
  GsTraceLines *lines = g_new0(GsTraceLines, 1);
  lines->file = file;
  lines->nodes = scenario->node_count;
  lines->names = g_new(Piece, lines->nodes);
  lines->other = g_string_new(NULL);
  make_names(lines, scenario);
  make_kinds(lines);
  lines->buffer = g_malloc(BUFFER_BYTES + lines->line_most);
  return lines;
}

void gs_trace_lines_free(GsTraceLines *lines) {
  if (!lines)
    return;
  for (uint32_t kind = 0; kind < GS_MESSAGE_KINDS; kind++)
    g_free(lines->kinds[kind].text);
  g_free(lines->names);
  g_free(lines->block);
  g_free(lines->buffer);
  g_string_free(lines->other, TRUE);
  g_free(lines);
}

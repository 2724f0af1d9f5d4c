/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/trace_mermaid.h"

#include <string.h>

#include "sim/base/duration.h"
#include "sim/base/text.h"
#include "sim/scenario/schedule.h"

/** Participants are P0, a person, and P1 for the first node and so on. */
#define PERSON 0u

/** A moment is noted over all who take part, a link over its ends. */
typedef enum { LINE_TIME, LINE_MESSAGE, LINE_LOST, LINE_NOTE, LINE_BOTH } LineKind;

typedef struct {
  LineKind kind;
  uint32_t from, to; /**< participants; a note is over `to` */
  GsEnvelopeType env;
  char *text; /**< escaped */
} Line;

struct GsTraceMermaid {
  const GsScenario *scenario;
  GHashTable *by_id; /**< a node's id (in the scenario) to its participant */
  GArray *lines;     /**< of Line */
  bool *takes_part;  /**< per participant */
  uint32_t messages; /**< that are drawn */
  uint64_t happened; /**< that were sent or told, by the counts of windows */
  uint64_t left_out; /**< … and are not drawn, of those that there was a record of */
  int64_t time_ns;   /**< of the last moment that was noted */
};

static void clear_line(gpointer line) {
  g_free(((Line *)line)->text);
}

GsTraceMermaid *gs_trace_mermaid_new(const GsScenario *scenario) {
  GsTraceMermaid *mermaid = g_new0(GsTraceMermaid, 1);
  mermaid->scenario = scenario;
  mermaid->time_ns = -1;
  mermaid->lines = g_array_new(FALSE, FALSE, sizeof(Line));
  g_array_set_clear_func(mermaid->lines, clear_line);
  mermaid->takes_part = g_new0(bool, (gsize)scenario->node_count + 1);
  mermaid->by_id = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    g_hash_table_insert(mermaid->by_id, &scenario->nodes[i].id, GUINT_TO_POINTER(i + 1));
  return mermaid;
}

void gs_trace_mermaid_free(GsTraceMermaid *mermaid) {
  if (!mermaid)
    return;
  g_hash_table_unref(mermaid->by_id);
  g_array_unref(mermaid->lines);
  g_free(mermaid->takes_part);
  g_free(mermaid);
}

/** Characters that are text wherever Mermaid reads one. */
static bool is_plain(gunichar c) {
  return c > 0x9f || g_ascii_isalnum((gchar)c) || (c < 0x80 && strchr(" .,()+/_'!?-", (int)c));
}

/** What turns text around or is not seen, but for what joins letters and pictures. */
static bool is_unseen(gunichar c) {
  return g_unichar_type(c) == G_UNICODE_FORMAT && c != 0x200c && c != 0x200d;
}

/** Others become Mermaid's entities. What cannot be seen is named. The word "end" would close a
 * block in some places. */
static void append_escaped(GString *out, const char *text) {
  bool escape_next = g_ascii_strcasecmp(text, "end") == 0;
  for (const char *at = text; *at; at = g_utf8_find_next_char(at, NULL)) {
    gunichar c = g_utf8_get_char(at);
    if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
      g_string_append_c(out, ' ');
    else if (is_unseen(c))
      g_string_append_printf(out, "#92;u%04x", c);
    else if (is_plain(c) && !escape_next)
      g_string_append_unichar(out, c);
    else
      g_string_append_printf(out, "#%u;", c);
    escape_next = false;
  }
}

static void add_line(GsTraceMermaid *mermaid, LineKind kind, uint32_t from, uint32_t to,
                     GsEnvelopeType env, char *text) {
  Line line = {kind, from, to, env, text};
  g_array_append_val(mermaid->lines, line);
  if (kind == LINE_MESSAGE || kind == LINE_LOST || kind == LINE_BOTH)
    mermaid->takes_part[from] = true;
  if (kind != LINE_TIME)
    mermaid->takes_part[to] = true;
}

static void note_time(GsTraceMermaid *mermaid, int64_t time_ns) {
  if (time_ns == mermaid->time_ns)
    return;
  mermaid->time_ns = time_ns;
  add_line(mermaid, LINE_TIME, PERSON, PERSON, GS_TELL, gs_duration_format(time_ns));
}

static void append_wave(const GsTraceMermaid *mermaid, const GsMessage *message, GString *out) {
  if (!message->master.count || message->type == GS_ADD_SIBLING)
    return;
  gpointer initiator = g_hash_table_lookup(mermaid->by_id, &message->master.space);
  g_string_append(out, message->type == GS_SYNC_GRID ? " (flood " : " (wave ");
  if (initiator)
    append_escaped(out, mermaid->scenario->nodes[GPOINTER_TO_UINT(initiator) - 1].name);
  else
    g_string_append_printf(out, "%" G_GUINT64_FORMAT, message->master.space);
  /* A colon in a text is no syntax. */
  g_string_append_printf(out, ":%" G_GUINT64_FORMAT ")", message->master.count);
}

static void append_payload(const GsTraceRecord *record, GString *out) {
  const GsMessage *message = &record->message;
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE && record->nets) {
    g_autofree char *nets = gs_text_plural(record->nets, "net");
    g_string_append_printf(out, ", %s, sum %" G_GINT64_FORMAT, nets, record->value);
  } else if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE) {
    g_string_append(out, ", no nets");
  } else if (message->type == GS_UPDATE_ENERGY) {
    if (message->has_production)
      g_string_append_printf(out, ", production %" G_GINT64_FORMAT, message->energy.production);
    if (message->has_consumption)
      g_string_append_printf(out, ", consumption %" G_GINT64_FORMAT, message->energy.consumption);
  } else if (message->type == GS_ADD_SIBLING && message->env == GS_TELL) {
    g_string_append_c(out, ' ');
    append_escaped(out, message->sibling.name);
  }
}

static void draw_message(GsTraceMermaid *mermaid, const GsTraceRecord *record) {
  note_time(mermaid, record->time_ns);
  const GsMessage *message = &record->message;
  bool lost = record->kind == GS_TRACE_LOST;
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "%s %s", gs_envelope_type_name(message->env),
                         gs_message_type_name(message->type));
  append_wave(mermaid, message, text);
  if (lost)
    g_string_append(text, ", lost");
  else
    append_payload(record, text);
  if (record->kind == GS_TRACE_DOUBLE)
    g_string_append(text, ", once more");
  if (record->tries > 1)
    g_string_append_printf(text, ", %u tries", record->tries);
  uint32_t from = message->from == GS_ENDPOINT_NONE ? PERSON : message->from + 1;
  add_line(mermaid, lost ? LINE_LOST : LINE_MESSAGE, from, message->to + 1, message->env,
           g_string_free(text, FALSE));
}

static void take_message(GsTraceMermaid *mermaid, const GsTraceRecord *record) {
  if (mermaid->messages >= GS_TRACE_MERMAID_MESSAGES_MAX) {
    mermaid->left_out++;
    return;
  }
  mermaid->messages++;
  draw_message(mermaid, record);
}

static void take_gridnet(GsTraceMermaid *mermaid, const GsTraceRecord *record) {
  if (mermaid->left_out)
    return;
  note_time(mermaid, record->time_ns);
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "gridnet %" G_GINT64_FORMAT, record->value);
  if (mermaid->scenario->unit && *mermaid->scenario->unit) {
    g_string_append_c(text, ' ');
    append_escaped(text, mermaid->scenario->unit);
  }
  add_line(mermaid, LINE_NOTE, PERSON, record->node + 1, GS_TELL, g_string_free(text, FALSE));
}

/** Of a link it is a note over both ends, of all of them over everybody who takes part. */
static void take_fault(GsTraceMermaid *mermaid, const GsTraceRecord *record) {
  if (mermaid->left_out)
    return;
  note_time(mermaid, record->time_ns);
  bool ends = record->kind == GS_TRACE_FAULT_END &&
              gs_schedule_kind_goes_wrong((GsScheduleKind)record->value);
  GString *text = g_string_new(ends ? "end of " : "");
  g_string_append(text, gs_schedule_kind_key((GsScheduleKind)record->value));
  if (record->node == UINT32_MAX) {
    if (record->value == GS_DO_PARTITION)
      g_string_append_printf(text, " into %u groups", record->nets);
    else
      g_string_append(text, " of all links");
    add_line(mermaid, LINE_TIME, PERSON, PERSON, GS_TELL, g_string_free(text, FALSE));
    return;
  }
  uint32_t one = record->node + 1, other = one;
  if (record->message.to != GS_ENDPOINT_NONE)
    other = record->message.to + 1;
  add_line(mermaid, one == other ? LINE_NOTE : LINE_BOTH, one, other, GS_TELL,
           g_string_free(text, FALSE));
}

static void take(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  (void)view;
  for (guint i = 0; i < count; i++) {
    const GsTraceRecord *record = &records[i];
    bool from_person = record->message.from == GS_ENDPOINT_NONE;
    /* What nodes send is drawn when it is sent; a person's message is only seen to arrive. */
    if (record->kind == GS_TRACE_SEND || record->kind == GS_TRACE_LOST ||
        (record->kind == GS_TRACE_DELIVERY && from_person))
      take_message(data, record);
    else if (record->kind == GS_TRACE_DOUBLE && !((GsTraceMermaid *)data)->left_out)
      draw_message(data, record); /* it is no other message */
    else if (record->kind == GS_TRACE_GRIDNET)
      take_gridnet(data, record);
    else if (record->kind == GS_TRACE_FAULT || record->kind == GS_TRACE_FAULT_END)
      take_fault(data, record);
  }
}

/** Further ones are only counted. At a pace a person's message may be told and never handled, so
 * there records say how many there are. */
static bool wants(void *data) {
  const GsTraceMermaid *mermaid = data;
  return !mermaid->left_out || mermaid->scenario->receive_every_ns;
}

static void take_news(const GsWindowNews *news, void *data) {
  ((GsTraceMermaid *)data)->happened += news->told;
}

static void take_sent(int64_t time_ns, uint32_t kind, uint64_t count, void *data) {
  (void)time_ns, (void)kind;
  ((GsTraceMermaid *)data)->happened += count;
}

static uint64_t left_out(const GsTraceMermaid *mermaid) {
  if (!mermaid->left_out || mermaid->scenario->receive_every_ns)
    return mermaid->left_out;
  return mermaid->happened - mermaid->messages;
}

GsTraceSink gs_trace_mermaid_sink(GsTraceMermaid *mermaid) {
  return (GsTraceSink){
      .take = take, .wants = wants, .news = take_news, .sent = take_sent, .data = mermaid};
}

static void write_participants(const GsTraceMermaid *mermaid, GString *out, uint32_t *first,
                               uint32_t *last) {
  const GsScenario *scenario = mermaid->scenario;
  *first = UINT32_MAX;
  for (uint32_t i = 0; i <= scenario->node_count; i++) {
    if (!mermaid->takes_part[i])
      continue;
    *first = MIN(*first, i);
    *last = i;
    if (i == PERSON) {
      g_string_append(out, "  actor P0 as person\n");
      continue;
    }
    g_string_append_printf(out, "  participant P%u as ", i);
    append_escaped(out, scenario->nodes[i - 1].name);
    g_string_append_c(out, '\n');
  }
}

static void write_line(const Line *line, uint32_t first, uint32_t last, GString *out) {
  static const char *const arrows[] = {[GS_TELL] = "-)", [GS_ASK] = "->>", [GS_RESPONSE] = "-->>"};
  static const char *const crosses[] = {[GS_TELL] = "-x", [GS_ASK] = "-x", [GS_RESPONSE] = "--x"};
  switch (line->kind) {
  case LINE_BOTH:
    g_string_append_printf(out, "  Note over P%u,P%u: %s\n", line->from, line->to, line->text);
    break;
  case LINE_TIME:
    if (first == UINT32_MAX) /* nobody takes part */
      break;
    g_string_append_printf(out, "  Note over P%u,P%u: %s\n", first, last, line->text);
    break;
  case LINE_MESSAGE:
    g_string_append_printf(out, "  P%u%sP%u: %s\n", line->from, arrows[line->env], line->to,
                           line->text);
    break;
  case LINE_LOST:
    g_string_append_printf(out, "  P%u%sP%u: %s\n", line->from, crosses[line->env], line->to,
                           line->text);
    break;
  case LINE_NOTE:
    g_string_append_printf(out, "  Note over P%u: %s\n", line->to, line->text);
    break;
  }
}

void gs_trace_mermaid_write(const GsTraceMermaid *mermaid, FILE *file) {
  g_autoptr(GString) out = g_string_new("sequenceDiagram\n  %% gridsim\n");
  uint32_t first, last = PERSON;
  write_participants(mermaid, out, &first, &last);
  for (guint i = 0; i < mermaid->lines->len; i++)
    write_line(&g_array_index(mermaid->lines, Line, i), first, last, out);
  uint64_t more = left_out(mermaid);
  if (more > 0) {
    g_autofree char *count = gs_text_count(more);
    g_string_append_printf(out, "  Note over P%u,P%u: %s more %s left out\n", first, last, count,
                           more == 1 ? "message was" : "messages were");
  }
  fwrite(out->str, 1, out->len, file);
}

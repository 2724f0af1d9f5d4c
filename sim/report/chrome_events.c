/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/chrome_events.h"

#include "core/json/json_writer.h"
#include "sim/report/event_text.h"
#include "sim/report/version.h"
#include "sim/scenario/schedule.h"

/** The grid is one process; the track of a node is its index + 1. */
#define PROCESS "1"

/** What is written again and again. */
typedef struct {
  char *text;
  gsize length;
} Piece;

struct GsChromeEvents {
  GsEventText *text;
  const GsScenario *scenario;
  uint32_t nodes;
  Piece *names;  /**< of nodes, as they are inside a string of JSON */
  Piece *tracks; /**< of nodes, as members of an event */
  Piece kinds[GS_MESSAGE_KINDS];
  Piece time; /**< of the moment of the last event */
  int64_t time_ns;
  bool begun; /**< an event is written */
};

/** Takes the text. */
static Piece piece_of(char *text) {
  gsize length = strlen(text);
  return (Piece){g_realloc(text, length + GS_EVENT_TEXT_STEP), length};
}

static inline void put(GsChromeEvents *events, const Piece *piece) {
  gs_event_text_put_piece(events->text, piece->text, piece->length);
}

static void put_name(GsChromeEvents *events, uint32_t node) {
  put(events, &events->names[node]);
}

static void put_time(GsChromeEvents *events, int64_t time_ns) {
  g_assert(time_ns >= 0);
  if (time_ns != events->time_ns) {
    events->time_ns = time_ns;
    g_free(events->time.text);
    events->time = piece_of(
        g_strdup_printf("%" G_GINT64_FORMAT ".%03d", time_ns / 1000, (int)(time_ns % 1000)));
  }
  put(events, &events->time);
}

/** The text of a string of JSON, without its quotes. */
static char *escaped(const char *text) {
  g_autoptr(GString) out = g_string_new(NULL);
  {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 0);
    gs_json_write_string(writer, text);
  }
  return g_strndup(out->str + 1, out->len - 2);
}

static void begin_event(GsChromeEvents *events, char phase) {
  GsEventText *text = events->text;
  if (events->begun)
    GS_PUT(text, ",");
  events->begun = true;
  GS_PUT(text, "\n{\"ph\":\"");
  gs_event_text_put(text, &phase, 1);
  GS_PUT(text, "\",\"pid\":" PROCESS);
}

static void begin_event_at(GsChromeEvents *events, char phase, uint32_t node, int64_t time_ns) {
  begin_event(events, phase);
  put(events, &events->tracks[node]);
  GS_PUT(events->text, ",\"ts\":");
  put_time(events, time_ns);
}

static void put_kind(GsChromeEvents *events, const GsMessage *message) {
  put(events, &events->kinds[GS_MESSAGE_KIND(message->env, message->type)]);
}

static void put_kind_as_name(GsChromeEvents *events, const char *before, const GsMessage *message) {
  GS_PUT(events->text, ",\"name\":\"");
  gs_event_text_put_string(events->text, before);
  put_kind(events, message);
  GS_PUT(events->text, "\"");
}

static void write_metadata(GsChromeEvents *events, const char *what, const uint32_t *node,
                           const char *name) {
  GsEventText *text = events->text;
  begin_event(events, 'M');
  if (node)
    put(events, &events->tracks[*node]);
  GS_PUT(text, ",\"name\":\"");
  gs_event_text_put_string(text, what);
  if (name) {
    GS_PUT(text, "\",\"args\":{\"name\":\"");
    gs_event_text_put_string(text, name);
    GS_PUT(text, "\"}}");
  } else if (node) {
    GS_PUT(text, "\",\"args\":{\"sort_index\":");
    gs_event_text_put_unsigned(text, *node);
    GS_PUT(text, "}}");
  }
}

static void write_head(GsChromeEvents *events, const char *const *left_out) {
  const GsScenario *scenario = events->scenario;
  g_autoptr(GString) head = g_string_new("{\"displayTimeUnit\": \"ns\",\n\"otherData\": ");
  {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(head, 0);
    g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, scenario->seed);
    g_autofree char *program = g_strdup_printf("gridsim %s", gs_version());
    gs_json_begin_object(writer);
    gs_json_member_string(writer, "program", program);
    gs_json_member_string(writer, "scenario", scenario->name);
    gs_json_member_string(writer, "seed", seed);
    if (*left_out) {
      gs_json_write_key(writer, "left_out");
      gs_json_begin_array(writer);
      for (; *left_out; left_out++)
        gs_json_write_string(writer, *left_out);
      gs_json_end_array(writer);
    }
    gs_json_end_object(writer);
  }
  g_string_append(head, ",\n\"traceEvents\": [");
  gs_event_text_put(events->text, head->str, head->len);
  g_autofree char *process = escaped(scenario->name ? scenario->name : "grid");
  write_metadata(events, "process_name", NULL, process);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    write_metadata(events, "thread_name", &i, events->names[i].text);
    write_metadata(events, "thread_sort_index", &i, NULL);
  }
}

static void make_pieces(GsChromeEvents *events) {
  events->nodes = events->scenario->node_count;
  events->names = g_new(Piece, events->nodes);
  events->tracks = g_new(Piece, events->nodes);
  for (uint32_t i = 0; i < events->nodes; i++) {
    events->names[i] = piece_of(escaped(events->scenario->nodes[i].name));
    events->tracks[i] = piece_of(g_strdup_printf(",\"tid\":%" G_GUINT64_FORMAT, (uint64_t)i + 1));
  }
  for (uint32_t env = 0; env < GS_ENVELOPE_TYPES; env++) {
    for (uint32_t type = 0; type < GS_MESSAGE_TYPES; type++)
      events->kinds[GS_MESSAGE_KIND(env, type)] =
          piece_of(g_strdup_printf("%s %s", gs_envelope_type_name((GsEnvelopeType)env),
                                   gs_message_type_name((GsMessageType)type)));
  }
  events->time_ns = -1;
}

GsChromeEvents *gs_chrome_events_new(FILE *file, const GsScenario *scenario,
                                     const char *const *left_out) {
  GsChromeEvents *events = g_new0(GsChromeEvents, 1);
  events->text = gs_event_text_new(file);
  events->scenario = scenario;
  make_pieces(events);
  write_head(events, left_out);
  return events;
}

void gs_chrome_events_finish(GsChromeEvents *events) {
  GS_PUT(events->text, "\n]}\n");
  gs_event_text_flush(events->text);
}

void gs_chrome_events_free(GsChromeEvents *events) {
  if (!events)
    return;
  /* The scenario may be gone by now. */
  for (uint32_t i = 0; i < events->nodes; i++) {
    g_free(events->names[i].text);
    g_free(events->tracks[i].text);
  }
  for (uint32_t kind = 0; kind < GS_MESSAGE_KINDS; kind++)
    g_free(events->kinds[kind].text);
  g_free(events->names);
  g_free(events->tracks);
  g_free(events->time.text);
  gs_event_text_free(events->text);
  g_free(events);
}

/* ---- Slices ---- */

static void put_cause(GsChromeEvents *events, const GsMessage *message) {
  GS_PUT(events->text, ",\"cause\":");
  gs_event_text_put_unsigned(events->text, message->cause);
}

static void put_wave(GsChromeEvents *events, GsMasterId master) {
  if (!master.count)
    return;
  GS_PUT(events->text, ",\"wave\":\"");
  gs_event_text_put_wave(events->text, master);
  GS_PUT(events->text, "\"");
}

static void put_payload(GsChromeEvents *events, const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  GsEventText *text = events->text;
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE) {
    GS_PUT(text, ",\"nets\":");
    gs_event_text_put_unsigned(text, record->nets);
    GS_PUT(text, ",\"sum\":");
    gs_event_text_put_int(text, record->value);
  }
  if (message->type == GS_UPDATE_ENERGY && message->has_production) {
    GS_PUT(text, ",\"production\":");
    gs_event_text_put_int(text, message->energy.production);
  }
  if (message->type == GS_UPDATE_ENERGY && message->has_consumption) {
    GS_PUT(text, ",\"consumption\":");
    gs_event_text_put_int(text, message->energy.consumption);
  }
  if (message->type == GS_ADD_SIBLING) {
    g_autofree char *sibling = escaped(message->sibling.name);
    GS_PUT(text, ",\"sibling\":\"");
    gs_event_text_put_string(text, sibling);
    GS_PUT(text, "\"");
  }
}

/** What came of a message: the records that follow it. */
static void put_outcome(GsChromeEvents *events, const GsTraceRecord *record,
                        const GsTraceRecord *end) {
  GsEventText *text = events->text;
  const GsTraceRecord *next = record + 1;
  for (; next < end && next->node == record->node && next->time_ns == record->time_ns; next++) {
    if (next->kind == GS_TRACE_DROP) {
      GS_PUT(text, ",\"dropped\":\"");
      gs_event_text_put_string(text, gs_drop_reason_name((GsDropReason)next->value));
      GS_PUT(text, "\"");
    } else if (next->kind == GS_TRACE_GRIDNET) {
      GS_PUT(text, ",\"gridnet\":");
      gs_event_text_put_int(text, next->value);
    } else if (next->kind == GS_TRACE_SEND || next->kind == GS_TRACE_LOST ||
               next->kind == GS_TRACE_DELIVERY) {
      return;
    }
  }
}

static void put_sender(GsChromeEvents *events, const GsMessage *message) {
  if (message->from == GS_ENDPOINT_NONE) {
    GS_PUT(events->text, ",\"args\":{\"from\":null");
    return;
  }
  GS_PUT(events->text, ",\"args\":{\"from\":\"");
  put_name(events, message->from);
  GS_PUT(events->text, "\"");
}

void gs_chrome_write_slice(GsChromeEvents *events, const GsTraceRecord *record,
                           const GsTraceRecord *end) {
  const GsMessage *message = &record->message;
  begin_event_at(events, 'X', record->node, record->time_ns);
  put_kind_as_name(events, "", message);
  GS_PUT(events->text, ",\"dur\":0,\"cat\":\"handled\"");
  put_sender(events, message);
  put_payload(events, record);
  put_outcome(events, record, end);
  put_cause(events, message);
  GS_PUT(events->text, "}}");
}

static void put_tries(GsChromeEvents *events, const GsTraceRecord *record) {
  if (record->tries < 2)
    return;
  GS_PUT(events->text, ",\"tries\":");
  gs_event_text_put_unsigned(events->text, record->tries);
}

/** All but its end. */
static void begin_bare_slice(GsChromeEvents *events, uint32_t node, int64_t time_ns,
                             const char *before, const GsMessage *message, const char *category) {
  begin_event_at(events, 'X', node, time_ns);
  put_kind_as_name(events, before, message);
  GS_PUT(events->text, ",\"dur\":0,\"cat\":\"");
  gs_event_text_put_string(events->text, category);
  GS_PUT(events->text, "\"");
}

void gs_chrome_write_lost(GsChromeEvents *events, const GsTraceRecord *record) {
  begin_bare_slice(events, record->node, record->time_ns, "lost ", &record->message, "lost");
  GS_PUT(events->text, ",\"args\":{\"reason\":\"");
  gs_event_text_put_string(events->text, gs_loss_reason_name((GsLossReason)record->value));
  GS_PUT(events->text, "\"");
  put_tries(events, record);
  GS_PUT(events->text, "}}");
}

void gs_chrome_write_bare_slice(GsChromeEvents *events, uint32_t node, int64_t time_ns,
                                const char *before, const GsMessage *message,
                                const char *category) {
  begin_bare_slice(events, node, time_ns, before, message, category);
  GS_PUT(events->text, "}");
}

void gs_chrome_write_judgement(GsChromeEvents *events, const GsTraceRecord *record) {
  bool suspects = record->kind == GS_TRACE_SUSPECTED;
  begin_event_at(events, 'X', record->node, record->time_ns);
  GS_PUT(events->text, ",\"name\":\"");
  gs_event_text_put_string(events->text, suspects ? "suspects " : "trusts ");
  put_name(events, (uint32_t)record->value);
  GS_PUT(events->text, "\",\"dur\":0,\"cat\":\"");
  gs_event_text_put_string(events->text, suspects ? "suspected" : "trusted");
  GS_PUT(events->text, "\",\"args\":{\"sibling\":\"");
  put_name(events, (uint32_t)record->value);
  GS_PUT(events->text, "\"}}");
}

/* ---- Messages on their way ---- */

/** An end of an arrow; it belongs to the slice written last on that track at that time. */
static void write_arrow(GsChromeEvents *events, char phase, uint32_t node, int64_t time_ns,
                        const GsMessage *message, uint64_t id) {
  begin_event_at(events, phase, node, time_ns);
  put_kind_as_name(events, "", message);
  GS_PUT(events->text, ",\"cat\":\"arrow\",\"id\":");
  gs_event_text_put_unsigned(events->text, id);
  if (phase == 'f')
    GS_PUT(events->text, ",\"bp\":\"e\"");
  GS_PUT(events->text, "}");
}

static void begin_message(GsChromeEvents *events, char phase, int64_t time_ns,
                          const GsMessage *message, uint64_t id) {
  begin_event_at(events, phase, message->from, time_ns);
  put_kind_as_name(events, "", message);
  GS_PUT(events->text, ",\"cat\":\"message\",\"id\":");
  gs_event_text_put_unsigned(events->text, id);
}

void gs_chrome_write_sent(GsChromeEvents *events, const GsTraceRecord *record, uint64_t id) {
  const GsMessage *message = &record->message;
  write_arrow(events, 's', record->node, record->time_ns, message, id);
  begin_message(events, 'b', record->time_ns, message, id);
  put_sender(events, message);
  GS_PUT(events->text, ",\"to\":\"");
  put_name(events, message->to);
  GS_PUT(events->text, "\",\"kind\":\"");
  put_kind(events, message);
  GS_PUT(events->text, "\"");
  put_wave(events, message->master);
  put_tries(events, record);
  put_cause(events, message);
  GS_PUT(events->text, "}}");
}

static void end_span(GsChromeEvents *events, GsSpanEnd how) {
  if (how == GS_SPAN_CUT)
    GS_PUT(events->text, ",\"args\":{\"open_at_end\":true}");
  GS_PUT(events->text, "}");
}

void gs_chrome_write_arrived(GsChromeEvents *events, int64_t time_ns, const GsMessage *message,
                             uint64_t id, GsSpanEnd how) {
  write_arrow(events, 'f', message->to, time_ns, message, id);
  begin_message(events, 'e', time_ns, message, id);
  end_span(events, how);
}

/* ---- Waves, and being in sync ---- */

static void begin_wave(GsChromeEvents *events, char phase, uint32_t node, GsMasterId master,
                       int64_t time_ns) {
  begin_event_at(events, phase, node, time_ns);
  GS_PUT(events->text, ",\"name\":\"wave of ");
  put_name(events, node);
  GS_PUT(events->text, "\",\"cat\":\"wave\",\"id\":\"");
  gs_event_text_put_wave(events->text, master);
  GS_PUT(events->text, "\"");
}

void gs_chrome_write_wave(GsChromeEvents *events, const GsTraceRecord *record) {
  begin_wave(events, 'b', record->node, record->message.master, record->time_ns);
  GS_PUT(events->text, ",\"args\":{\"cause\":");
  gs_event_text_put_unsigned(events->text, record->message.cause);
  GS_PUT(events->text, "}}");
}

void gs_chrome_write_wave_end(GsChromeEvents *events, uint32_t node, GsMasterId master,
                              int64_t time_ns, const GsTraceRecord *result, bool used) {
  begin_wave(events, 'e', node, master, time_ns);
  if (!result) {
    end_span(events, GS_SPAN_CUT);
    return;
  }
  if (result->kind == GS_TRACE_LIMITED) {
    GS_PUT(events->text, ",\"args\":{\"limited\":true}}");
    return;
  }
  if (result->kind == GS_TRACE_DROP) {
    GS_PUT(events->text, ",\"args\":{\"given_up\":true}}");
    return;
  }
  GS_PUT(events->text, ",\"args\":{\"sum\":");
  gs_event_text_put_int(events->text, result->value);
  if (!used)
    GS_PUT(events->text, ",\"superseded\":true");
  GS_PUT(events->text, "}}");
}

static void begin_out_of_sync(GsChromeEvents *events, char phase, uint32_t node, int64_t time_ns) {
  begin_event_at(events, phase, node, time_ns);
  GS_PUT(events->text, ",\"name\":\"");
  put_name(events, node);
  GS_PUT(events->text, " out of sync\",\"cat\":\"out of sync\",\"id\":");
  gs_event_text_put_unsigned(events->text, (uint64_t)node + 1);
}

void gs_chrome_write_out_of_sync(GsChromeEvents *events, uint32_t node, int64_t time_ns) {
  begin_out_of_sync(events, 'b', node, time_ns);
  GS_PUT(events->text, "}");
}

void gs_chrome_write_in_sync(GsChromeEvents *events, uint32_t node, int64_t time_ns,
                             GsSpanEnd how) {
  begin_out_of_sync(events, 'e', node, time_ns);
  end_span(events, how);
}

/* ---- Counters and disturbances ---- */

void gs_chrome_write_out_count(GsChromeEvents *events, int64_t time_ns, uint32_t count) {
  begin_event(events, 'C');
  GS_PUT(events->text, ",\"ts\":");
  put_time(events, time_ns);
  GS_PUT(events->text, ",\"name\":\"nodes out of sync\",\"args\":{\"nodes\":");
  gs_event_text_put_unsigned(events->text, count);
  GS_PUT(events->text, "}}");
}

void gs_chrome_write_gridnet(GsChromeEvents *events, const GsTraceRecord *record) {
  const char *unit = events->scenario->unit;
  g_autofree char *key = escaped(unit && *unit ? unit : "gridnet");
  char value[GS_JSON_DOUBLE_BYTES];
  begin_event(events, 'C');
  GS_PUT(events->text, ",\"ts\":");
  put_time(events, record->time_ns);
  GS_PUT(events->text, ",\"name\":\"gridnet ");
  put_name(events, record->node);
  GS_PUT(events->text, "\",\"args\":{\"");
  gs_event_text_put_string(events->text, key);
  GS_PUT(events->text, "\":");
  /* A counter must be a number, however large. */
  gs_event_text_put(events->text, value, gs_json_double_text(value, (double)record->value));
  GS_PUT(events->text, "}}");
}

void gs_chrome_write_disturbance(GsChromeEvents *events, const GsTraceRecord *record) {
  begin_event_at(events, 'i', record->node, record->time_ns);
  put_kind_as_name(events, "disturbance: ", &record->message);
  GS_PUT(events->text, ",\"cat\":\"disturbance\",\"s\":\"g\",\"args\":{\"node\":\"");
  put_name(events, record->node);
  GS_PUT(events->text, "\"");
  put_payload(events, record);
  put_cause(events, &record->message);
  GS_PUT(events->text, "}}");
}

/** What it is of, in its name or as members of its args. */
static void put_place(GsChromeEvents *events, const GsTraceRecord *record, bool as_members) {
  GsEventText *text = events->text;
  GsEndpoint other = record->message.to;
  bool is_link = record->node != UINT32_MAX && other != GS_ENDPOINT_NONE;
  if (record->value == GS_DO_PARTITION) {
    gs_event_text_put_string(text, as_members ? ",\"groups\":" : " into groups: ");
    gs_event_text_put_unsigned(text, record->nets);
    return;
  }
  if (record->node == UINT32_MAX) {
    gs_event_text_put_string(text, as_members ? ",\"link\":\"*\"" : " *");
    return;
  }
  gs_event_text_put_string(text, !as_members ? " " : is_link ? ",\"link\":[\"" : ",\"node\":\"");
  put_name(events, record->node);
  if (is_link) {
    const char *between = record->nets ? " \u2192 " : " \u2013 ";
    gs_event_text_put_string(text, as_members ? "\",\"" : between);
    put_name(events, other);
  }
  gs_event_text_put_string(text, !as_members ? "" : is_link ? "\"]" : "\"");
  if (as_members && is_link && record->nets)
    GS_PUT(text, ",\"one_way\":true");
}

void gs_chrome_write_fault(GsChromeEvents *events, const GsTraceRecord *record) {
  bool is_wide = record->node == UINT32_MAX, begins = record->kind == GS_TRACE_FAULT;
  const char *what = gs_schedule_kind_key((GsScheduleKind)record->value);
  bool is_end_alone = !gs_schedule_kind_goes_wrong((GsScheduleKind)record->value);
  begin_event(events, 'i');
  if (!is_wide)
    put(events, &events->tracks[record->node]);
  GS_PUT(events->text, ",\"ts\":");
  put_time(events, record->time_ns);
  GS_PUT(events->text, ",\"name\":\"");
  gs_event_text_put_string(events->text, begins || is_end_alone ? "" : "end of ");
  gs_event_text_put_string(events->text, what);
  put_place(events, record, false);
  GS_PUT(events->text, "\",\"cat\":\"");
  gs_event_text_put_string(events->text, begins ? "fault" : "fault-end");
  GS_PUT(events->text, "\",\"s\":\"");
  gs_event_text_put_string(events->text,
                           is_wide || record->message.to != GS_ENDPOINT_NONE ? "g" : "t");
  GS_PUT(events->text, "\",\"args\":{\"fault\":\"");
  gs_event_text_put_string(events->text, what);
  GS_PUT(events->text, "\"");
  put_place(events, record, true);
  put_cause(events, &record->message);
  GS_PUT(events->text, "}}");
}

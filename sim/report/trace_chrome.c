/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/trace_chrome.h"

#include "core/json_writer.h"
#include "sim/report/version.h"

/* The grid is one process; the track of a node is its index + 1. */
#define PROCESS 1

/* A message on its way, found again by all that tells it from others. */
typedef struct Flight Flight;
struct Flight {
  GsEndpoint from, to;
  uint32_t kind; /* envelope and type */
  GsMasterId master;
  uint64_t req;
  uint64_t id; /* of the arrow: the number of the message, from 1 */
  int64_t due_ns;
  Flight *next; /* the same message again, by the moments at which they arrive */
};

struct GsTraceChrome {
  FILE *file;
  const GsScenario *scenario;
  bool paced;
  bool counts; /* gridnets as counters */
  bool begun;  /* an event is written */
  uint64_t sent;
  GHashTable *flights; /* set of Flight */
  GString *event;
};

static guint hash_flight(gconstpointer key) {
  const Flight *flight = key;
  uint64_t hash = (uint64_t)flight->from << 32 | flight->to;
  hash = (hash ^ flight->kind ^ flight->master.space << 8) * UINT64_C(0x9E3779B97F4A7C15);
  hash =
      (hash ^ hash >> 32 ^ flight->master.count ^ flight->req << 24) * UINT64_C(0x9E3779B97F4A7C15);
  return (guint)(hash >> 32);
}

static gboolean equal_flights(gconstpointer a, gconstpointer b) {
  const Flight *x = a, *y = b;
  return x->from == y->from && x->to == y->to && x->kind == y->kind && x->req == y->req &&
         gs_master_id_equal(x->master, y->master);
}

static void free_flights(gpointer data) {
  for (Flight *flight = data, *next; flight; flight = next) {
    next = flight->next;
    g_free(flight);
  }
}

static Flight flight_of(const GsMessage *message) {
  return (Flight){.from = message->from,
                  .to = message->to,
                  .kind = (uint32_t)(message->env * GS_MESSAGE_TYPES + message->type),
                  .master = message->master,
                  .req = message->env == GS_TELL ? 0 : message->req};
}

static void put_flight(GsTraceChrome *chrome, const GsTraceRecord *record, uint64_t id) {
  Flight *flight = g_new(Flight, 1);
  *flight = flight_of(&record->message);
  flight->id = id;
  flight->due_ns = record->due_ns;
  Flight *head = g_hash_table_lookup(chrome->flights, flight);
  if (head && head->due_ns <= flight->due_ns) {
    while (head->next && head->next->due_ns <= flight->due_ns)
      head = head->next;
    flight->next = head->next;
    head->next = flight;
    return;
  }
  if (head)
    g_hash_table_steal(chrome->flights, head);
  flight->next = head;
  g_hash_table_add(chrome->flights, flight);
}

/* The number of the message that arrives. */
static uint64_t take_flight(GsTraceChrome *chrome, const GsMessage *message) {
  Flight key = flight_of(message);
  Flight *flight = g_hash_table_lookup(chrome->flights, &key);
  g_assert(flight);
  uint64_t id = flight->id;
  g_hash_table_steal(chrome->flights, flight);
  if (flight->next)
    g_hash_table_add(chrome->flights, flight->next);
  g_free(flight);
  return id;
}

/* Begins an event up to its name; the rest is up to the caller, then end_event(). */
static void begin_event(GsTraceChrome *chrome, const char *phase) {
  g_string_assign(chrome->event, chrome->begun ? ",\n" : "\n");
  g_string_append_printf(chrome->event, "{\"ph\": \"%s\", \"pid\": %d", phase, PROCESS);
  chrome->begun = true;
}

static void end_event(GsTraceChrome *chrome) {
  g_string_append_c(chrome->event, '}');
  fwrite(chrome->event->str, 1, chrome->event->len, chrome->file);
}

static void append_time(GString *out, int64_t ns) {
  g_string_append_printf(out, ", \"ts\": %" G_GINT64_FORMAT ".%03d", ns / 1000, (int)(ns % 1000));
}

static void append_track(GString *out, uint32_t node) {
  g_string_append_printf(out, ", \"tid\": %" G_GUINT64_FORMAT, (uint64_t)node + 1);
}

static void append_name(GString *out, const char *before, const GsMessage *message) {
  g_string_append_printf(out, ", \"name\": \"%s%s %s\"", before,
                         gs_envelope_type_name(message->env), gs_message_type_name(message->type));
}

static void write_metadata(GsTraceChrome *chrome, const char *what, const uint32_t *node,
                           const char *key, const char *text) {
  begin_event(chrome, "M");
  if (node)
    append_track(chrome->event, *node);
  g_string_append_printf(chrome->event, ", \"name\": \"%s\", \"args\": ", what);
  {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(chrome->event, 0);
    gs_json_begin_object(writer);
    if (text)
      gs_json_member_string(writer, key, text);
    else
      gs_json_member_int(writer, key, *node);
    gs_json_end_object(writer);
  }
  end_event(chrome);
}

static void write_head(GsTraceChrome *chrome) {
  const GsScenario *scenario = chrome->scenario;
  g_string_assign(chrome->event, "{\"displayTimeUnit\": \"ns\",\n\"otherData\": ");
  {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(chrome->event, 0);
    g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, scenario->seed);
    g_autofree char *program = g_strdup_printf("gridsim %s", gs_version());
    gs_json_begin_object(writer);
    gs_json_member_string(writer, "program", program);
    gs_json_member_string(writer, "scenario", scenario->name);
    gs_json_member_string(writer, "seed", seed);
    gs_json_end_object(writer);
  }
  g_string_append(chrome->event, ",\n\"traceEvents\": [");
  fwrite(chrome->event->str, 1, chrome->event->len, chrome->file);
  write_metadata(chrome, "process_name", NULL, "name", scenario->name ? scenario->name : "grid");
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    write_metadata(chrome, "thread_name", &i, "name", scenario->nodes[i].name);
    write_metadata(chrome, "thread_sort_index", &i, "sort_index", NULL);
  }
}

GsTraceChrome *gs_trace_chrome_new(FILE *file, const GsScenario *scenario) {
  GsTraceChrome *chrome = g_new0(GsTraceChrome, 1);
  chrome->file = file;
  chrome->scenario = scenario;
  chrome->paced = scenario->receive_every_ns || scenario->send_every_ns;
  chrome->counts = scenario->node_count <= GS_TRACE_CHROME_COUNTERS_MAX;
  chrome->flights = g_hash_table_new_full(hash_flight, equal_flights, free_flights, NULL);
  chrome->event = g_string_new(NULL);
  write_head(chrome);
  return chrome;
}

void gs_trace_chrome_free(GsTraceChrome *chrome) {
  if (!chrome)
    return;
  g_hash_table_unref(chrome->flights);
  g_string_free(chrome->event, TRUE);
  g_free(chrome);
}

static void write_wave(GsJsonWriter *writer, GsMasterId master) {
  if (!master.count)
    return;
  g_autofree char *wave =
      g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, master.space, master.count);
  gs_json_member_string(writer, "wave", wave);
}

static void write_payload(GsJsonWriter *writer, const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE) {
    gs_json_member_int(writer, "nets", record->nets);
    gs_json_member_int(writer, "sum", record->value);
  }
  if (message->type == GS_UPDATE_ENERGY && message->has_production)
    gs_json_member_int(writer, "production", message->energy.production);
  if (message->type == GS_UPDATE_ENERGY && message->has_consumption)
    gs_json_member_int(writer, "consumption", message->energy.consumption);
  if (message->type == GS_ADD_SIBLING)
    gs_json_member_string(writer, "sibling", message->sibling.name);
}

/* What came of a message: the records that follow it. */
static void write_outcome(GsJsonWriter *writer, const GsTraceRecord *record,
                          const GsTraceRecord *end) {
  const GsTraceRecord *next = record + 1;
  for (; next < end && next->node == record->node && next->time_ns == record->time_ns; next++) {
    if (next->kind == GS_TRACE_DROP)
      gs_json_member_string(writer, "dropped", gs_drop_reason_name((GsDropReason)next->value));
    else if (next->kind == GS_TRACE_GRIDNET)
      gs_json_member_int(writer, "gridnet", next->value);
    else if (next->kind == GS_TRACE_SEND || next->kind == GS_TRACE_DELIVERY)
      return;
  }
}

/* The slice of a message that is handled; its outcome is in the records before `end`. */
static void write_slice(GsTraceChrome *chrome, const GsTraceRecord *record,
                        const GsTraceRecord *end) {
  const GsMessage *message = &record->message;
  bool person = message->from == GS_ENDPOINT_NONE;
  begin_event(chrome, "X");
  append_track(chrome->event, record->node);
  append_time(chrome->event, record->time_ns);
  append_name(chrome->event, "", message);
  g_string_append(chrome->event, ", \"dur\": 0, \"cat\": \"message\", \"args\": ");
  {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(chrome->event, 0);
    gs_json_begin_object(writer);
    gs_json_member_string(writer, "from",
                          person ? NULL : chrome->scenario->nodes[message->from].name);
    write_wave(writer, message->master);
    write_payload(writer, record);
    write_outcome(writer, record, end);
    gs_json_member_int(writer, "cause", message->cause);
    gs_json_end_object(writer);
  }
  end_event(chrome);
}

/* A slice for an end of an arrow that no handled message is at. */
static void write_bare_slice(GsTraceChrome *chrome, uint32_t node, int64_t time_ns,
                             const char *before, const GsMessage *message, const char *category) {
  begin_event(chrome, "X");
  append_track(chrome->event, node);
  append_time(chrome->event, time_ns);
  append_name(chrome->event, before, message);
  g_string_append_printf(chrome->event, ", \"dur\": 0, \"cat\": \"%s\"", category);
  end_event(chrome);
}

/* An end of an arrow; it belongs to the slice written last on that track at that time. */
static void write_arrow(GsTraceChrome *chrome, bool start, uint32_t node, int64_t time_ns,
                        const GsMessage *message, uint64_t id) {
  begin_event(chrome, start ? "s" : "f");
  append_track(chrome->event, node);
  append_time(chrome->event, time_ns);
  append_name(chrome->event, "", message);
  g_string_append_printf(chrome->event, ", \"cat\": \"arrow\", \"id\": %" G_GUINT64_FORMAT "%s", id,
                         start ? "" : ", \"bp\": \"e\"");
  end_event(chrome);
}

static void write_counter(GsTraceChrome *chrome, const GsTraceRecord *record) {
  const GsScenario *scenario = chrome->scenario;
  begin_event(chrome, "C");
  append_time(chrome->event, record->time_ns);
  g_string_append(chrome->event, ", \"name\": ");
  {
    g_autofree char *name = g_strdup_printf("gridnet %s", scenario->nodes[record->node].name);
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(chrome->event, 0);
    gs_json_write_string(writer, name);
  }
  g_string_append(chrome->event, ", \"args\": ");
  {
    g_autoptr(GsJsonWriter) writer = gs_json_writer_new(chrome->event, 0);
    gs_json_begin_object(writer);
    bool unit = scenario->unit && *scenario->unit;
    /* A counter must be a number, however large. */
    gs_json_member_double(writer, unit ? scenario->unit : "gridnet", (double)record->value);
    gs_json_end_object(writer);
  }
  end_event(chrome);
}

static void take(const GsSimulation *sim, const GsTraceRecord *records, guint count, void *data) {
  (void)sim;
  GsTraceChrome *chrome = data;
  const GsTraceRecord *handled = NULL, *end = records + count;
  for (const GsTraceRecord *record = records; record < end; record++) {
    const GsMessage *message = &record->message;
    switch (record->kind) {
    case GS_TRACE_DELIVERY:
      handled = record;
      write_slice(chrome, record, end);
      if (message->from != GS_ENDPOINT_NONE)
        write_arrow(chrome, false, record->node, record->time_ns, message,
                    take_flight(chrome, message));
      break;
    case GS_TRACE_SEND:
      if (chrome->paced || !handled || handled->node != record->node ||
          handled->time_ns != record->time_ns)
        write_bare_slice(chrome, record->node, record->time_ns, "send ", message, "send");
      put_flight(chrome, record, ++chrome->sent);
      write_arrow(chrome, true, record->node, record->time_ns, message, chrome->sent);
      break;
    case GS_TRACE_GRIDNET:
      if (chrome->counts)
        write_counter(chrome, record);
      break;
    case GS_TRACE_DROP:
    case GS_TRACE_ENERGY:
    case GS_TRACE_SIBLING:
      break;
    }
  }
}

GsTraceSink gs_trace_chrome_sink(GsTraceChrome *chrome) {
  return (GsTraceSink){.take = take, .data = chrome};
}

static gint compare_ids(gconstpointer a, gconstpointer b) {
  const Flight *x = *(Flight *const *)a, *y = *(Flight *const *)b;
  return (x->id > y->id) - (x->id < y->id);
}

void gs_trace_chrome_finish(GsTraceChrome *chrome) {
  g_autoptr(GPtrArray) left = g_ptr_array_new();
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init(&iter, chrome->flights);
  while (g_hash_table_iter_next(&iter, &key, NULL))
    for (Flight *flight = key; flight; flight = flight->next)
      g_ptr_array_add(left, flight);
  g_ptr_array_sort(left, compare_ids);
  for (guint i = 0; i < left->len; i++) {
    const Flight *flight = left->pdata[i];
    GsMessage message = {.env = flight->kind / GS_MESSAGE_TYPES & 3u,
                         .type = flight->kind % GS_MESSAGE_TYPES & 3u};
    write_bare_slice(chrome, flight->to, flight->due_ns, "", &message, "on its way");
    write_arrow(chrome, false, flight->to, flight->due_ns, &message, flight->id);
  }
  fputs("\n]}\n", chrome->file);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/transcript.h"

#include <inttypes.h>

#include "sim/base/duration.h"
#include "sim/base/text.h"
#include "sim/network/loss.h"
#include "sim/run/run.h"
#include "sim/run/trace.h"
#include "sim/scenario/schedule.h"

/** What is left out first comes last. */
typedef enum {
  WEIGHT_CHANGE, /**< what is told, what nodes believe, what goes wrong */
  WEIGHT_WAVE,  /**< waves begin and are back; what becomes of messages that do not simply arrive */
  WEIGHT_NETS,  /**< messages of waves that carry nets, or ask for them */
  WEIGHT_OTHER, /**< floods, empty answers, handshakes */
  WEIGHTS
} Weight;

typedef struct {
  int64_t time_ns;
  uint32_t node; /**< UINT32_MAX: none */
  Weight weight;
  char *text;
} Line;

typedef struct {
  const GsScenario *scenario;
  GsSchedule *faults; /**< those to come */
  GArray *lines;      /**< of Line */
  GsMasterId *set_by; /**< per node: the latest own wave that is back */
  uint64_t counts[WEIGHTS];
} Transcript;

static void clear_line(gpointer line) {
  g_free(((Line *)line)->text);
}

static void add(Transcript *transcript, const GsTraceRecord *record, uint32_t node, Weight weight,
                const char *format, ...) G_GNUC_PRINTF(5, 6);
static void add(Transcript *transcript, const GsTraceRecord *record, uint32_t node, Weight weight,
                const char *format, ...) {
  va_list args;
  va_start(args, format);
  Line line = {record->time_ns, node, weight, g_strdup_vprintf(format, args)};
  va_end(args);
  transcript->counts[weight]++;
  g_array_append_val(transcript->lines, line);
}

/** "wave N1:3": the third that N1 has begun, floods among them. */
static char *wave_name(const Transcript *transcript, GsMasterId wave) {
  const GsScenario *scenario = transcript->scenario;
  for (uint32_t i = 0; i < scenario->node_count; i++)
    if ((uint64_t)scenario->nodes[i].id == (wave.space & ((UINT64_C(1) << 53) - 1)))
      return g_strdup_printf("%s:%" PRIu64, scenario->nodes[i].name, wave.count);
  return g_strdup_printf("%" PRIu64 ":%" PRIu64, wave.space, wave.count);
}

static void take_told(Transcript *transcript, const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  if (message->type == GS_ADD_SIBLING)
    add(transcript, record, record->node, WEIGHT_CHANGE, "is told to add a sibling, %s",
        message->sibling.name);
  else if (message->type == GS_SYNC_GRID)
    add(transcript, record, record->node, WEIGHT_CHANGE, "is told to start a flood");
  else if (message->type == GS_UPDATE_NET)
    add(transcript, record, record->node, WEIGHT_CHANGE, "is told to start a wave");
}

/** What goes wrong until a moment, that included, is told first. */
static void take_faults(Transcript *transcript, int64_t until_ns) {
  GsOccurrence occurrence;
  while (gs_schedule_peek_ns(transcript->faults) <= until_ns &&
         gs_schedule_pop(transcript->faults, &occurrence)) {
    g_autofree char *text = gs_occurrence_describe(transcript->faults, &occurrence);
    const GsTraceRecord at = {.time_ns = occurrence.at_ns};
    add(transcript, &at, UINT32_MAX, WEIGHT_CHANGE, "%s", text);
  }
}

/** "an Ask UpdateNet of wave N1:3" */
static char *message_words(const Transcript *transcript, const GsMessage *message) {
  g_autofree char *wave = wave_name(transcript, message->master);
  const char *envelope = gs_envelope_type_name(message->env);
  const char *type = gs_message_type_name(message->type);
  if (message->type == GS_ADD_SIBLING)
    return g_strdup_printf("%s %s", envelope, type);
  return g_strdup_printf("%s %s of %s", envelope, type, wave);
}

static void take_fate(Transcript *transcript, const GsRunView *view, const GsTraceRecord *record) {
  const char *to = gs_run_view_name(view, record->message.to);
  g_autofree char *what = message_words(transcript, &record->message);
  g_autofree char *due = gs_duration_format(record->due_ns);
  if (record->kind == GS_TRACE_LOST)
    add(transcript, record, record->node, WEIGHT_WAVE, "sends %s the %s, which is lost (%s)", to,
        what, gs_loss_reason_name((GsLossReason)record->value));
  else if (record->kind == GS_TRACE_DOUBLE)
    add(transcript, record, record->node, WEIGHT_WAVE, "… and the %s to %s arrives once more at %s",
        what, to, due);
  else
    add(transcript, record, record->node, WEIGHT_WAVE, "is told that %s did not get the %s", to,
        what);
}

static void take_send(Transcript *transcript, const GsRunView *view, const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  const char *to = gs_run_view_name(view, message->to);
  g_autofree char *due = gs_duration_format(record->due_ns);
  g_autofree char *wave = wave_name(transcript, message->master);
  switch (gs_message_kind(message)) {
  case GS_MESSAGE_KIND(GS_ASK, GS_UPDATE_NET):
    add(transcript, record, record->node, WEIGHT_NETS, "asks %s for wave %s, there at %s", to, wave,
        due);
    return;
  case GS_MESSAGE_KIND(GS_RESPONSE, GS_UPDATE_NET):
    if (record->nets) {
      g_autofree char *nets = gs_text_plural(record->nets, "node");
      add(transcript, record, record->node, WEIGHT_NETS,
          "answers %s, wave %s: %s, sum %" PRId64 ", there at %s", to, wave, nets, record->value,
          due);
    } else {
      add(transcript, record, record->node, WEIGHT_OTHER,
          "answers %s, wave %s: has taken part already, there at %s", to, wave, due);
    }
    return;
  case GS_MESSAGE_KIND(GS_TELL, GS_SYNC_GRID):
    add(transcript, record, record->node, WEIGHT_OTHER, "passes flood %s on to %s, there at %s",
        wave, to, due);
    return;
  default:
    add(transcript, record, record->node, WEIGHT_OTHER, "sends %s a %s %s, there at %s", to,
        gs_envelope_type_name(message->env), gs_message_type_name(message->type), due);
  }
}

static void take_wave_back(Transcript *transcript, const GsTraceRecord *record) {
  GsMasterId wave = record->message.master, *latest = &transcript->set_by[record->node];
  g_autofree char *name = wave_name(transcript, wave), *later = wave_name(transcript, *latest);
  bool is_late = latest->count > wave.count && latest->space == wave.space;
  if (is_late)
    add(transcript, record, record->node, WEIGHT_WAVE,
        "wave %s is back: %" PRId64 ", but it is older than %s, which was back before", name,
        record->value, later);
  else
    add(transcript, record, record->node, WEIGHT_WAVE, "wave %s is back: %" PRId64, name,
        record->value);
  if (!is_late)
    *latest = wave;
}

static void take_record(Transcript *transcript, const GsRunView *view,
                        const GsTraceRecord *record) {
  switch (record->kind) {
  case GS_TRACE_SEND:
    take_send(transcript, view, record);
    break;
  case GS_TRACE_DELIVERY:
    if (record->message.from == GS_ENDPOINT_NONE)
      take_told(transcript, record);
    break;
  case GS_TRACE_GRIDNET:
    add(transcript, record, record->node, WEIGHT_CHANGE, "gridnet is %" PRId64 " now",
        record->value);
    break;
  case GS_TRACE_ENERGY:
    add(transcript, record, record->node, WEIGHT_CHANGE, "net is %" PRId64 " now", record->value);
    break;
  case GS_TRACE_SIBLING:
    add(transcript, record, record->node, WEIGHT_CHANGE, "has a sibling, %s",
        gs_run_view_name(view, (GsEndpoint)record->value));
    break;
  case GS_TRACE_WAVE_START: {
    g_autofree char *name = wave_name(transcript, record->message.master);
    add(transcript, record, record->node, WEIGHT_WAVE, "starts wave %s", name);
    break;
  }
  case GS_TRACE_WAVE_DONE:
    take_wave_back(transcript, record);
    break;
  case GS_TRACE_SUPERSEDED:
    add(transcript, record, record->node, WEIGHT_WAVE, "does not use it");
    break;
  case GS_TRACE_LOST:
  case GS_TRACE_DOUBLE:
  case GS_TRACE_UNDELIVERED:
    take_fate(transcript, view, record);
    break;
  default:
    break;
  }
}

static void take(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  for (guint i = 0; i < count; i++) {
    take_faults(data, records[i].time_ns);
    take_record(data, view, &records[i]);
  }
}

/** The weight up to which all lines fit; the least there is where they do not. */
static Weight heaviest(const Transcript *transcript) {
  uint64_t lines = transcript->counts[WEIGHT_CHANGE];
  Weight weight = WEIGHT_CHANGE;
  while (weight + 1 < WEIGHTS && lines + transcript->counts[weight + 1] <= GS_TRANSCRIPT_LINES_MAX)
    lines += transcript->counts[++weight];
  return weight;
}

static void print_left_out(GString *out, uint64_t count) {
  g_autofree char *lines = gs_text_plural(count, "line");
  if (count)
    g_string_append_printf(out, "  … %s left out\n", lines);
}

static void print_lines(const Transcript *transcript, GString *out) {
  static const char *const without[] = {
      "waves and messages are", "messages between nodes are",
      "floods, handshakes and answers of nodes that have taken part already are", NULL};
  Weight most = heaviest(transcript);
  uint64_t fit = 0, lines = 0, at = 0;
  gsize names = 0;
  for (guint w = 0; w <= most; w++)
    lines += transcript->counts[w];
  fit = MIN(lines, GS_TRANSCRIPT_LINES_MAX);
  for (uint32_t i = 0; i < transcript->scenario->node_count; i++)
    names = MAX(names, (gsize)g_utf8_strlen(transcript->scenario->nodes[i].name, -1));
  for (guint i = 0; i < transcript->lines->len; i++) {
    const Line *line = &g_array_index(transcript->lines, Line, i);
    if (line->weight > most)
      continue;
    if (at++ == fit / 2 && lines > fit)
      print_left_out(out, lines - fit);
    if (at > fit / 2 && at <= lines - (fit - fit / 2))
      continue;
    bool has_node = line->node != UINT32_MAX;
    const char *name = has_node ? transcript->scenario->nodes[line->node].name : "";
    g_autofree char *time = gs_duration_format(line->time_ns);
    g_string_append_printf(out, "  %*s  %s%*s  %s\n", 11, time, name,
                           (int)(names - (gsize)g_utf8_strlen(name, -1)), "", line->text);
  }
  uint64_t hidden = transcript->lines->len - lines;
  if (most < WEIGHT_OTHER && hidden) {
    g_autofree char *count = gs_text_plural(hidden, "line");
    g_string_append_printf(out, "  (%s not shown, %s)\n", without[most], count);
  }
}

static void print_end(const GsResults *results, GString *out) {
  g_autofree char *end = gs_duration_format(results->end_ns);
  g_string_append_printf(out, "At the end, after %s,%s\n", end,
                         results->quiescent ? " nothing is under way, and" : "");
  for (uint32_t i = 0; i < MIN(results->node_count, 12); i++) {
    const GsNodeState *node = &results->nodes[i];
    g_string_append_printf(out, "  %s has net %" PRId64 " and gridnet %" PRId64, node->name,
                           node->production - node->consumption, node->gridnet);
    if (node->in_sync)
      g_string_append(out, ", which is right\n");
    else
      g_string_append_printf(out, ", where %" PRId64 " is true\n", node->true_net);
  }
  if (results->node_count > 12)
    g_string_append_printf(out, "  … and %u more nodes\n", results->node_count - 12);
}

bool gs_transcript(const GsScenario *scenario, GString *out, GError **error) {
  Transcript transcript = {.scenario = scenario};
  transcript.lines = g_array_new(FALSE, FALSE, sizeof(Line));
  g_array_set_clear_func(transcript.lines, clear_line);
  transcript.faults = gs_schedule_new_of_faults(scenario);
  transcript.set_by = g_new0(GsMasterId, scenario->node_count);
  const GsTraceSink sink = {.take = take, .data = &transcript};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 1, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) results = gs_run(scenario, &options, error);
  if (results) {
    take_faults(&transcript, results->end_ns);
    print_lines(&transcript, out);
    print_end(results, out);
  }
  g_array_unref(transcript.lines);
  g_free(transcript.set_by);
  gs_schedule_free(transcript.faults);
  return results != NULL;
}

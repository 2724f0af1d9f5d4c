/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/trace.h"

#include "core/json/json_writer.h"
#include "sim/scenario/schedule.h"

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
    if (record->kind == GS_TRACE_LOST || record->kind == GS_TRACE_UNDELIVERED)
      return; /* its nets are gone */
    gs_json_member_int(writer, "nets", record->nets);
    gs_json_member_int(writer, "sum", record->value);
  } else if (message->type == GS_UPDATE_ENERGY) {
    if (message->has_production)
      gs_json_member_int(writer, "production", message->energy.production);
    if (message->has_consumption)
      gs_json_member_int(writer, "consumption", message->energy.consumption);
  } else if (message->type == GS_ADD_SIBLING) {
    gs_json_member_string(writer, "sibling", message->sibling.name);
  }
}

static void write_message(GsJsonWriter *writer, const GsRunView *view,
                          const GsTraceRecord *record) {
  const GsMessage *message = &record->message;
  bool person = message->from == GS_ENDPOINT_NONE;
  gs_json_member_string(writer, "from", person ? NULL : gs_run_view_name(view, message->from));
  gs_json_member_string(writer, "to", gs_run_view_name(view, message->to));
  gs_json_member_string(writer, "env", gs_envelope_type_name(message->env));
  gs_json_member_string(writer, "type", gs_message_type_name(message->type));
  write_wave(writer, message->master);
  write_payload(writer, record);
  if (record->kind == GS_TRACE_SEND || record->kind == GS_TRACE_DOUBLE)
    gs_json_member_int(writer, "due_ns", record->due_ns);
  else if (record->kind == GS_TRACE_LOST)
    gs_json_member_string(writer, "reason", gs_loss_reason_name((GsLossReason)record->value));
  if (record->tries > 1)
    gs_json_member_int(writer, "tries", record->tries);
}

static void write_fault(GsJsonWriter *writer, const GsRunView *view, const GsTraceRecord *record) {
  GsScheduleKind kind = (GsScheduleKind)record->value;
  GsEndpoint other = record->message.to;
  gs_json_member_string(writer, "fault", gs_schedule_kind_key(kind));
  if (kind == GS_DO_PARTITION) {
    gs_json_member_int(writer, "groups", record->nets);
  } else if (record->node == UINT32_MAX) {
    gs_json_member_string(writer, "link", "*");
  } else if (other == GS_ENDPOINT_NONE) {
    gs_json_member_string(writer, "node", gs_run_view_name(view, record->node));
  } else {
    gs_json_write_key(writer, "link");
    gs_json_begin_array(writer);
    gs_json_write_string(writer, gs_run_view_name(view, record->node));
    gs_json_write_string(writer, gs_run_view_name(view, other));
    gs_json_end_array(writer);
    if (record->nets)
      gs_json_member_bool(writer, "one_way", true);
  }
}

static bool is_of_node(GsTraceKind kind) {
  return kind == GS_TRACE_DROP || kind == GS_TRACE_GRIDNET || kind == GS_TRACE_SUSPECTED ||
         kind == GS_TRACE_TRUSTED || kind == GS_TRACE_LIMITED;
}

/** What a node does that is no message. */
static void write_of_node(GsJsonWriter *writer, const GsRunView *view,
                          const GsTraceRecord *record) {
  gs_json_member_string(writer, "node", gs_run_view_name(view, record->node));
  write_wave(writer, record->message.master);
  if (record->kind == GS_TRACE_DROP)
    gs_json_member_string(writer, "reason", gs_drop_reason_name((GsDropReason)record->value));
  else if (record->kind == GS_TRACE_GRIDNET)
    gs_json_member_int(writer, "gridnet", record->value);
  else if (record->kind != GS_TRACE_LIMITED)
    gs_json_member_string(writer, "sibling", gs_run_view_name(view, (GsEndpoint)record->value));
}

const char *gs_trace_event_name(GsTraceKind kind) {
  static const char *const names[] = {[GS_TRACE_SEND] = "send",
                                      [GS_TRACE_DELIVERY] = "delivery",
                                      [GS_TRACE_DROP] = "drop",
                                      [GS_TRACE_GRIDNET] = "gridnet",
                                      [GS_TRACE_LOST] = "lost",
                                      [GS_TRACE_DOUBLE] = "double",
                                      [GS_TRACE_UNDELIVERED] = "undelivered",
                                      [GS_TRACE_SUSPECTED] = "suspected",
                                      [GS_TRACE_TRUSTED] = "trusted",
                                      [GS_TRACE_LIMITED] = "limited",
                                      [GS_TRACE_FAULT] = "fault",
                                      [GS_TRACE_FAULT_END] = "fault-end"};
  g_assert(kind < G_N_ELEMENTS(names) && names[kind]);
  return names[kind];
}

void gs_trace_format(GString *line, const GsRunView *view, const GsTraceRecord *record) {
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(line, 0);
  gs_json_begin_object(writer);
  gs_json_member_int(writer, "t_ns", record->time_ns);
  gs_json_member_string(writer, "event", gs_trace_event_name(record->kind));
  if (record->kind == GS_TRACE_FAULT || record->kind == GS_TRACE_FAULT_END)
    write_fault(writer, view, record);
  else if (is_of_node(record->kind))
    write_of_node(writer, view, record);
  else
    write_message(writer, view, record);
  gs_json_member_int(writer, "cause", record->message.cause);
  gs_json_end_object(writer);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/run_document.h"

void gs_run_document_seconds(GsJsonWriter *json, int64_t ns) {
  if (ns < 0)
    gs_json_write_null(json);
  else
    gs_json_write_double(json, (double)ns / (double)GS_SECOND_NS);
}

static void begin_list(GsJsonWriter *json, const char *key) {
  gs_json_write_key(json, key);
  gs_json_begin_array(json);
}

/* ---- Messages one by one ---- */

/** A message names its nodes by their places among those that it concerns, in the grid's order;
 * sets in `shown` which these are. */
static uint32_t *number_nodes(GsJsonWriter *json, const GsRunRecord *record, bool *shown) {
  uint32_t nodes = record->scenario->node_count;
  uint32_t *number = g_new0(uint32_t, nodes);
  for (guint i = 0; i < record->messages->len; i++) {
    const GsMessage *message = &g_array_index(record->messages, GsRecordedMessage, i).message;
    shown[message->to] = true;
    if (message->from != GS_ENDPOINT_NONE)
      shown[message->from] = true;
  }
  uint32_t next = 0;
  begin_list(json, "nodes");
  for (uint32_t i = 0; i < nodes; i++) {
    if (!shown[i])
      continue;
    gs_json_write_string(json, record->scenario->nodes[i].name);
    number[i] = next++;
  }
  gs_json_end_array(json);
  return number;
}

static char *payload_text(const GsRecordedMessage *kept) {
  const GsMessage *message = &kept->message;
  bool is_lost = kept->due_ns < 0;
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE)
    return is_lost      ? NULL /* its nets are gone */
           : kept->nets ? g_strdup_printf("%u net%s, sum %" G_GINT64_FORMAT, kept->nets,
                                          kept->nets == 1 ? "" : "s", kept->sum)
                        : g_strdup("no nets");
  if (message->type == GS_ADD_SIBLING)
    return g_strdup_printf("sibling %s", message->sibling.name);
  if (message->type != GS_UPDATE_ENERGY)
    return NULL;
  GString *text = g_string_new(NULL);
  if (message->has_production)
    g_string_append_printf(text, "production %" G_GINT64_FORMAT, message->energy.production);
  if (message->has_consumption)
    g_string_append_printf(text, "%sconsumption %" G_GINT64_FORMAT, text->len ? ", " : "",
                           message->energy.consumption);
  return g_string_free(text, FALSE);
}

static void write_message(GsJsonWriter *json, const GsRecordedMessage *kept,
                          const uint32_t *number) {
  const GsMessage *message = &kept->message;
  bool told = message->from == GS_ENDPOINT_NONE;
  g_autofree char *wave = message->master.count
                              ? g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                                message->master.space, message->master.count)
                              : NULL;
  g_autofree char *payload = payload_text(kept);
  gs_json_begin_array(json);
  gs_json_write_int(json, told ? -1 : (int64_t)number[message->from]);
  gs_json_write_int(json, number[message->to]);
  gs_run_document_seconds(json, kept->sent_ns);
  gs_run_document_seconds(json, kept->due_ns);
  gs_json_write_int(json, message->env);
  gs_json_write_int(json, message->type);
  gs_json_write_int(json, message->cause);
  gs_json_write_string(json, wave);
  gs_json_write_string(json, payload);
  if (kept->due_ns < 0)
    gs_json_write_string(json, gs_loss_reason_name((GsLossReason)kept->sum));
  gs_json_end_array(json);
}

static void write_spacetime(GsJsonWriter *json, const GsRunRecord *record,
                            const GsFaultList *faults) {
  gs_json_write_key(json, "spacetime");
  gs_json_begin_object(json);
  g_autofree bool *shown = g_new0(bool, record->scenario->node_count);
  g_autofree uint32_t *number = number_nodes(json, record, shown);
  begin_list(json, "messages");
  for (guint i = 0; i < record->messages->len; i++)
    write_message(json, &g_array_index(record->messages, GsRecordedMessage, i), number);
  gs_json_end_array(json);
  gs_json_member_int(json, "left_out", (int64_t)record->messages_cut);
  gs_json_member_int(json, "on_their_own", GS_CAUSE_RECOVERY);
  gs_run_document_fault_stretches(json, faults, number, shown);
  gs_json_end_object(json);
}

/* ---- Messages over time ---- */

static bool any_of_kind(const GsRunRecord *record, int env, int type) {
  for (guint i = 0; i < record->rates->len; i++) {
    if (g_array_index(record->rates, GsRecordedRate, i).counts[env][type])
      return true;
  }
  return false;
}

static void write_rates(GsJsonWriter *json, const GsRunRecord *record) {
  gs_json_write_key(json, "rates");
  gs_json_begin_object(json);
  gs_json_write_key(json, "width_s");
  gs_run_document_seconds(json, record->rate_ns);
  begin_list(json, "bins"); /* multiples of the width; those that are left out have no messages */
  for (guint i = 0; i < record->rates->len; i++)
    gs_json_write_int(json, g_array_index(record->rates, GsRecordedRate, i).bin);
  gs_json_end_array(json);
  begin_list(json, "kinds");
  for (int kind = 0; kind < GS_ENVELOPE_TYPES * GS_MESSAGE_TYPES; kind++) {
    int env = kind % GS_ENVELOPE_TYPES, type = kind / GS_ENVELOPE_TYPES;
    if (!any_of_kind(record, env, type))
      continue;
    g_autofree char *label = g_strdup_printf("%s %s", gs_envelope_type_name((GsEnvelopeType)env),
                                             gs_message_type_name((GsMessageType)type));
    gs_json_begin_object(json);
    gs_json_member_string(json, "label", label);
    begin_list(json, "counts");
    for (guint i = 0; i < record->rates->len; i++)
      gs_json_write_int(json,
                        (int64_t)g_array_index(record->rates, GsRecordedRate, i).counts[env][type]);
    gs_json_end_array(json);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
  gs_json_end_object(json);
}

/* ---- Gridnets over time ---- */

/** Of a node that is down there is none. */
static void write_energy(GsJsonWriter *json, int64_t value, bool none) {
  if (none)
    gs_json_write_null(json);
  else
    gs_json_write_int(json, value);
}

static void write_steps_of(GsJsonWriter *json, const GsRunRecord *record, const char *key,
                           uint32_t node, bool truth) {
  begin_list(json, key);
  for (guint i = 0; i < record->steps->len; i++) {
    const GsRecordedStep *step = &g_array_index(record->steps, GsRecordedStep, i);
    if (step->node != node || step->truth != truth)
      continue;
    gs_json_begin_array(json);
    gs_run_document_seconds(json, step->at_ns);
    write_energy(json, step->value, step->none);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
}

static void write_steps(GsJsonWriter *json, const GsRunRecord *record) {
  if (!record->steps || record->steps_cut) {
    gs_json_write_key(json, "steps");
    gs_json_write_null(json);
    return;
  }
  begin_list(json, "steps");
  for (uint32_t i = 0; i < record->scenario->node_count; i++) {
    gs_json_begin_object(json);
    gs_json_member_string(json, "name", record->scenario->nodes[i].name);
    write_steps_of(json, record, "gridnet", i, false);
    write_steps_of(json, record, "true_net", i, true);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

static void write_bands(GsJsonWriter *json, const GsRunRecord *record) {
  begin_list(json, "bands");
  for (guint i = 0; i < record->bands->len; i++) {
    const GsRecordedBand *band = &g_array_index(record->bands, GsRecordedBand, i);
    gs_json_begin_array(json);
    gs_run_document_seconds(json, band->at_ns);
    gs_json_write_int(json, band->out_of_sync);
    for (guint quarter = 0; quarter < G_N_ELEMENTS(band->gridnet); quarter++)
      write_energy(json, band->gridnet[quarter], band->none);
    write_energy(json, band->true_net_min, band->none);
    write_energy(json, band->true_net_max, band->none);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
  gs_json_member_int(json, "sampled", gs_run_record_sampled(record));
}

/** [from, share of the nodes that are up in sync, mean error, largest error] until the next. */
static void write_errors(GsJsonWriter *json, const GsRunRecord *record) {
  begin_list(json, "errors");
  for (guint i = 0; i < record->bands->len; i++) {
    GsRecordedError error;
    if (!gs_run_record_error(record, i, &error))
      continue;
    gs_json_begin_array(json);
    gs_run_document_seconds(json, error.at_ns);
    if (error.none) {
      gs_json_write_null(json);
      gs_json_write_null(json);
    } else {
      gs_json_write_double(json, error.in_sync_share);
      gs_json_write_double(json, error.mean_error);
    }
    write_energy(json, (int64_t)MIN(error.worst, (uint64_t)INT64_MAX), error.none);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
}

void gs_run_document_series(GsJsonWriter *json, const GsRunRecord *record,
                            const GsFaultList *faults) {
  gs_json_write_key(json, "first_s");
  gs_run_document_seconds(json, record->first_ns);
  gs_json_write_key(json, "last_s");
  gs_run_document_seconds(json, record->last_ns);
  write_spacetime(json, record, faults);
  write_rates(json, record);
  write_steps(json, record);
  write_bands(json, record);
  write_errors(json, record);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/results.h"

#include <inttypes.h>

#include "sim/base/duration.h"

uint64_t gs_message_counts_total(const GsMessageCounts *counts) {
  uint64_t total = 0;
  for (int envelope = 0; envelope < GS_ENVELOPE_TYPES; envelope++)
    total += gs_message_counts_by_envelope(counts, (GsEnvelopeType)envelope);
  return total;
}

uint64_t gs_message_counts_by_envelope(const GsMessageCounts *counts, GsEnvelopeType envelope) {
  uint64_t total = 0;
  for (int type = 0; type < GS_MESSAGE_TYPES; type++)
    total += counts->by_kind[envelope][type];
  return total;
}

uint64_t gs_message_counts_by_type(const GsMessageCounts *counts, GsMessageType type) {
  uint64_t total = 0;
  for (int envelope = 0; envelope < GS_ENVELOPE_TYPES; envelope++)
    total += counts->by_kind[envelope][type];
  return total;
}

double gs_results_in_sync_share(const GsResults *results) {
  uint64_t up_ns = results->errors.up_node_ns;
  return up_ns ? 1 - (double)results->out_of_sync_node_ns / (double)up_ns : 1;
}

double gs_results_mean_error(const GsResults *results) {
  uint64_t up_ns = results->errors.up_node_ns;
  return up_ns ? (double)results->errors.error_node_ns / (double)up_ns : 0;
}

GsWrongSpan gs_results_longest_wrong(const GsResults *results) {
  uint32_t node = results->longest_wrong_node;
  return node < results->node_count ? results->nodes[node].longest_wrong : (GsWrongSpan){0};
}

const char *gs_results_name(const GsResults *results, uint32_t index) {
  if (index < results->node_count)
    return results->nodes[index].name;
  index -= results->node_count;
  if (!results->foreign_names || index >= results->foreign_names->len ||
      !results->foreign_names->pdata[index])
    return "?";
  return results->foreign_names->pdata[index];
}

void gs_results_free(GsResults *results) {
  if (!results)
    return;
  for (uint32_t i = 0; i < results->disturbance_count; i++)
    g_free(results->disturbances[i].what);
  g_free(results->disturbances);
  g_free(results->nodes);
  g_free(results->sibling_block);
  gs_sync_series_clear(&results->series);
  g_clear_pointer(&results->violations, g_array_unref);
  gs_last_in_sync_free(results->last);
  g_clear_pointer(&results->foreign_names, g_ptr_array_unref);
  g_free(results);
}

static void add(GPtrArray *unmet, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add(GPtrArray *unmet, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_ptr_array_add(unmet, g_strdup_vprintf(format, args));
  va_end(args);
}

/** The count that an expectation's key names, and what to call it. */
static uint64_t count_of_key(const GsMessageCounts *counts, const char *key, const char **kind) {
  static const char *const envelopes[] = {"tell", "ask", "response"};
  *kind = "";
  for (int i = 0; i < GS_ENVELOPE_TYPES; i++)
    if (g_str_equal(key, envelopes[i])) {
      *kind = gs_envelope_type_name((GsEnvelopeType)i);
      return gs_message_counts_by_envelope(counts, (GsEnvelopeType)i);
    }
  for (int i = 0; i < GS_MESSAGE_TYPES; i++)
    if (g_str_equal(key, gs_message_type_name((GsMessageType)i))) {
      *kind = gs_message_type_name((GsMessageType)i);
      return gs_message_counts_by_type(counts, (GsMessageType)i);
    }
  return gs_message_counts_total(counts);
}

static void check_messages(const GsResults *results, GPtrArray *unmet) {
  const GArray *expected = results->scenario->expect.messages;
  for (guint i = 0; expected && i < expected->len; i++) {
    const GsExpectMessages *want = &g_array_index(expected, GsExpectMessages, i);
    const char *kind;
    uint64_t found = count_of_key(&results->messages, want->key, &kind);
    if (found != want->count)
      add(unmet, "expected %" PRIu64 " %s%smessage%s in all, found %" PRIu64, want->count, kind,
          *kind ? " " : "", want->count == 1 ? "" : "s", found);
  }
}

static void check_convergence(const GsResults *results, GPtrArray *unmet) {
  const GsScenarioExpect *expect = &results->scenario->expect;
  if (expect->converged == 1 && !results->converged)
    add(unmet,
        "expected all nodes to be in sync at the end, found %" PRIu32 " of %" PRIu32 " out of sync",
        results->out_of_sync, results->node_count);
  if (expect->converged == 0 && results->converged)
    add(unmet, "expected nodes to be out of sync at the end, found all in sync");

  if (expect->converged_within_ns < 0)
    return;
  g_autofree char *limit = gs_duration_format(expect->converged_within_ns);
  if (results->converged_at_ns < 0) {
    add(unmet, "expected all nodes to be in sync within %s, found %" PRIu32 " still out of sync",
        limit, results->out_of_sync);
  } else if (results->converged_at_ns > expect->converged_within_ns) {
    g_autofree char *found = gs_duration_format(results->converged_at_ns);
    add(unmet, "expected all nodes to be in sync within %s, found it after %s", limit, found);
  }
}

static void check_gridnets(const GsResults *results, GPtrArray *unmet) {
  const GsScenarioExpect *expect = &results->scenario->expect;
  if (expect->gridnet_all_given) {
    const GsNodeState *first = NULL;
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < results->node_count; i++)
      if (results->nodes[i].gridnet != expect->gridnet_all) {
        first = first ? first : &results->nodes[i];
        wrong++;
      }
    if (wrong == 1)
      add(unmet, "expected gridnet %" PRId64 " at every node, found %" PRId64 " at \"%s\"",
          expect->gridnet_all, first->gridnet, first->name);
    else if (wrong > 1)
      add(unmet,
          "expected gridnet %" PRId64 " at every node, found %" PRId64
          " at \"%s\" and others at %" PRIu32 " more",
          expect->gridnet_all, first->gridnet, first->name, wrong - 1);
  }
  for (guint i = 0; expect->gridnets && i < expect->gridnets->len; i++) {
    const GsExpectGridnet *want = &g_array_index(expect->gridnets, GsExpectGridnet, i);
    const GsNodeState *node = &results->nodes[want->node];
    if (node->gridnet != want->value)
      add(unmet, "expected gridnet %" PRId64 " at \"%s\", found %" PRId64, want->value, node->name,
          node->gridnet);
  }
}

static void check_disturbance(const GsResults *results, const GsDisturbance *disturbance,
                              GPtrArray *unmet) {
  if (disturbance->entry >= results->scenario->schedule_count)
    return;
  const GsScheduleExpect *expect = &results->scenario->schedule[disturbance->entry].expect;
  uint64_t messages = gs_message_counts_total(&disturbance->messages);
  bool wrong_count = expect->messages >= 0 && messages != (uint64_t)expect->messages;
  bool late = expect->converged_within_ns >= 0 &&
              (disturbance->converged_after_ns < 0 ||
               disturbance->converged_after_ns > expect->converged_within_ns);
  if (!wrong_count && !late)
    return;

  g_autofree char *at = gs_duration_format(disturbance->at_ns);
  if (wrong_count)
    add(unmet, "expected %" PRId64 " message%s for \"%s\" at %s, found %" PRIu64, expect->messages,
        expect->messages == 1 ? "" : "s", disturbance->what, at, messages);
  if (late) {
    g_autofree char *limit = gs_duration_format(expect->converged_within_ns);
    g_autofree char *found = gs_duration_format(disturbance->converged_after_ns);
    bool never = disturbance->converged_after_ns < 0;
    add(unmet, "expected all nodes in sync within %s of \"%s\" at %s, found it %s%s", limit,
        disturbance->what, at, never ? "not by the end of the run" : "after ", never ? "" : found);
  }
}

char *gs_violation_text(const GsResults *results, const GsViolation *violation) {
  g_autofree char *at = gs_duration_format(violation->at_ns);
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "check %s failed at %s", gs_check_names[violation->check], at);
  if (violation->node != UINT32_MAX)
    g_string_append_printf(out, " at \"%s\"", gs_results_name(results, violation->node));
  g_string_append_printf(out, ": %s", violation->text);
  if (violation->more)
    g_string_append_printf(out, " (and %" PRIu64 " more)", violation->more);
  return g_string_free(out, FALSE);
}

static void check_checks(const GsResults *results, GPtrArray *unmet) {
  for (guint i = 0; results->violations && i < results->violations->len; i++) {
    const GsViolation *violation = &g_array_index(results->violations, GsViolation, i);
    if (results->scenario->expect.checks & gs_check_set(violation->check))
      g_ptr_array_add(unmet, gs_violation_text(results, violation));
  }
}

GPtrArray *gs_results_unmet(const GsResults *results) {
  GPtrArray *unmet = g_ptr_array_new_with_free_func(g_free);
  check_convergence(results, unmet);
  check_gridnets(results, unmet);
  check_messages(results, unmet);
  check_checks(results, unmet);
  for (uint32_t i = 0; i < results->disturbance_count; i++)
    check_disturbance(results, &results->disturbances[i], unmet);
  if (results->disturbances_unchecked > 0)
    add(unmet,
        "expected something of %" PRIu64 " disturbance%s after the first %u, which %s not "
        "measured one by one",
        results->disturbances_unchecked, results->disturbances_unchecked == 1 ? "" : "s",
        results->disturbance_count, results->disturbances_unchecked == 1 ? "is" : "are");
  return unmet;
}

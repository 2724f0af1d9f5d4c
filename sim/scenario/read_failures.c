/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/limits.h"
#include "sim/base/decimal.h"
#include "sim/base/quote.h"
#include "sim/scenario/chance.h"
#include "sim/scenario/read_parts.h"

/* What may become of messages: chance, tries, and what a scenario says of single ones. */

#define A_PROBABILITY "a number from 0 to 1, or a percentage such as \"5%\""

/** Of a percentage; -1: it is none. The number nearest to what is written, as JSON's are. */
static double percentage(const char *text) {
  gsize length = strlen(text);
  if (length < 2 || text[length - 1] != '%' || !(g_ascii_isdigit(text[0]) || text[0] == '.'))
    return -1;
  GsDecimal number = gs_decimal_parse(text, length - 1, '.');
  if (number.state != GS_DECIMAL_NUMBER || number.digits < 0 || ABS(number.exponent) > 400)
    return -1;
  number.exponent = (int16_t)(number.exponent - (number.digits ? 2 : 0));
  g_autofree char *as_number = gs_decimal_text(number);
  return g_ascii_strtod(as_number, NULL);
}

bool gs_read_probability(GsReader *reader, const GsJson *value, double *out) {
  if (!value)
    return true;
  double found = -1;
  if (gs_json_type(value) == GS_JSON_NUMBER)
    found = gs_json_number(value);
  else if (gs_json_type(value) == GS_JSON_STRING)
    found = percentage(gs_json_string(value));
  if (!(found >= 0 && found <= 1))
    return gs_reader_fail_found(reader, value, A_PROBABILITY);
  *out = found;
  return true;
}

bool gs_read_transport(GsReader *reader, const GsJson *value) {
  static const char *const allowed[] = {"tries", "after", NULL};
  GsScenario *scenario = reader->scenario;
  if (!value)
    return true;
  if (!gs_read_object(reader, value, allowed) ||
      !gs_read_count(reader, gs_json_member(value, "tries"), 1, GS_TRIES_MAX, &scenario->tries) ||
      !gs_read_period(reader, gs_json_member(value, "after"), &scenario->retry_after_ns))
    return false;
  const GsJson *after = gs_json_member(value, "after");
  if (after && scenario->tries == 1)
    gs_reader_warn(reader, after, "not-used", 1,
                   "\"after\" is not used: each message is tried once");
  return true;
}

static bool read_pinned(GsReader *reader, const GsJson *value, GsPinnedMessage *pinned) {
  static const char *const allowed[] = {"link", "number", "latency", "double", "lost", NULL};
  if (!gs_read_object(reader, value, allowed))
    return false;
  const GsJson *link = gs_json_member(value, "link"), *number = gs_json_member(value, "number");
  const GsJson *latency = gs_json_member(value, "latency"), *lost = gs_json_member(value, "lost");
  if (!link || !number)
    return gs_reader_fail_missing(reader, value, link ? "number" : "link", "a message");
  if (!latency == !lost)
    return latency
               ? gs_reader_fail(reader, lost, "found \"latency\" and \"lost\"; give one of them")
               : gs_reader_fail_missing(reader, value, "latency\" or \"lost", "a message");
  const GsJson *twice = gs_json_member(value, "double");
  if (twice && !latency)
    return gs_reader_fail(reader, twice,
                          "found \"double\" of a message that is lost; leave it out");
  int64_t at = 0;
  bool is_lost = false;
  pinned->latency_ns = pinned->double_ns = -1;
  if (!gs_read_pair(reader, link, &pinned->from, &pinned->to) ||
      !gs_read_integer(reader, number, 1, GS_NODE_ID_MAX, &at) ||
      !gs_read_duration(reader, latency, &pinned->latency_ns) ||
      !gs_read_duration(reader, twice, &pinned->double_ns) || !gs_read_bool(reader, lost, &is_lost))
    return false;
  pinned->number = (uint64_t)at;
  if (lost && !is_lost)
    return gs_reader_fail_found(reader, lost, "true, or be left out");
  return true;
}

static gint compare_pinned(gconstpointer a, gconstpointer b) {
  const GsPinnedMessage *one = a, *other = b;
  if (one->from != other->from)
    return one->from < other->from ? -1 : 1;
  if (one->to != other->to)
    return one->to < other->to ? -1 : 1;
  return one->number < other->number ? -1 : one->number > other->number;
}

static bool check_each_once(GsReader *reader, const GsJson *value) {
  const GsScenario *scenario = reader->scenario;
  for (guint i = 1; i < scenario->pinned->len; i++) {
    const GsPinnedMessage *pinned = &g_array_index(scenario->pinned, GsPinnedMessage, i);
    if (compare_pinned(pinned - 1, pinned) != 0)
      continue;
    g_autofree char *from = gs_quote(scenario->nodes[pinned->from].name);
    g_autofree char *to = gs_quote(scenario->nodes[pinned->to].name);
    return gs_reader_fail(reader, value,
                          "message %" G_GUINT64_FORMAT " from %s to %s is named twice",
                          pinned->number, from, to);
  }
  return true;
}

/** Warns of messages between nodes that are never linked; `value` has them in this order. */
static void check_linked(GsReader *reader, const GsJson *value) {
  const GsScenario *scenario = reader->scenario;
  const GArray *pinned = scenario->pinned;
  g_autoptr(GHashTable) apart = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < pinned->len; i++) {
    const GsPinnedMessage *message = &g_array_index(pinned, GsPinnedMessage, i);
    uint64_t key = gs_pair_key(message->from, message->to);
    g_hash_table_add(apart, g_memdup2(&key, sizeof key));
  }
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    uint64_t key = gs_pair_key(scenario->links[i].a, scenario->links[i].b);
    g_hash_table_remove(apart, &key);
  }
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    const GsScheduleEntry *entry = &scenario->schedule[i];
    uint64_t key = gs_pair_key(entry->link.a, entry->link.b);
    if (entry->kind == GS_DO_ADD_SIBLING)
      g_hash_table_remove(apart, &key);
  }
  const GsJson *at = gs_json_first(value);
  for (guint i = 0; i < pinned->len; i++, at = gs_json_next(at)) {
    const GsPinnedMessage *message = &g_array_index(pinned, GsPinnedMessage, i);
    uint64_t key = gs_pair_key(message->from, message->to);
    if (!g_hash_table_contains(apart, &key))
      continue;
    g_autofree char *from = gs_quote(scenario->nodes[message->from].name);
    g_autofree char *to = gs_quote(scenario->nodes[message->to].name);
    gs_reader_warn(reader, at, "no-message", 1, "%s and %s are not linked; it is never sent", from,
                   to);
  }
}

bool gs_read_pinned(GsReader *reader, const GsJson *network) {
  const GsJson *value = network ? gs_json_member(network, "messages") : NULL;
  if (!value)
    return true;
  if (!gs_read_array(reader, value, 0))
    return false;
  for (const GsJson *one = gs_json_first(value); one; one = gs_json_next(one)) {
    GsPinnedMessage pinned;
    if (!read_pinned(reader, one, &pinned))
      return false;
    g_array_append_val(reader->scenario->pinned, pinned);
  }
  check_linked(reader, value);
  g_array_sort(reader->scenario->pinned, compare_pinned);
  return check_each_once(reader, value);
}

bool gs_check_expected_messages(GsReader *reader, const GsJson *root) {
  const GsScenario *scenario = reader->scenario;
  uint32_t expected = scenario->expect.messages->len;
  for (uint32_t i = 0; i < scenario->schedule_count; i++)
    expected += scenario->schedule[i].expect.messages >= 0;
  if (expected == 0 || !gs_scenario_may_fail(scenario) || !gs_scenario_draws(scenario))
    return true;
  const char *where = scenario->expect.messages->len > 0 ? "expect" : "schedule";
  gs_reader_warn(reader, gs_json_member(root, where), "messages-may-fail", expected,
                 "messages may be lost or doubled, so with another seed there may be other numbers "
                 "of them than those that are expected");
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/quote.h"
#include "sim/scenario/read_parts.h"

static guint link_hash(gconstpointer link) {
  const GsScenarioLink *l = link;
  /* The odd constant spreads neighbours such as all links of one hub. */
  uint64_t both = ((uint64_t)l->a << 32 | l->b) * UINT64_C(0x9E3779B97F4A7C15);
  return (guint)(both >> 32);
}

static gboolean link_equal(gconstpointer one, gconstpointer other) {
  const GsScenarioLink *l = one, *m = other;
  return l->a == m->a && l->b == m->b;
}

static bool read_link(GsReader *reader, const GsJson *value, GsScenarioLink *link) {
  static const char *const allowed[] = {"between", "latency", "jitter", NULL};
  const GsJson *between = value;
  link->latency = reader->scenario->latency;
  link->jitter = reader->scenario->jitter;
  switch (gs_json_type(value)) {
  case GS_JSON_ARRAY:
    break;
  case GS_JSON_OBJECT:
    if (!gs_read_allowed(reader, value, allowed))
      return false;
    between = gs_json_member(value, "between");
    if (!between)
      return gs_reader_fail_missing(reader, value, "between", "a link");
    const GsJson *latency = gs_json_member(value, "latency");
    const GsJson *jitter = gs_json_member(value, "jitter");
    link->own_network = latency || jitter;
    if (!gs_read_delay(reader, latency, false, &link->latency) ||
        !gs_read_delay(reader, jitter, true, &link->jitter))
      return false;
    break;
  default:
    return gs_reader_fail_found(reader, value,
                                "an array of the names of two nodes, or an object with "
                                "\"between\"");
  }
  uint32_t a, b;
  if (!gs_read_pair(reader, between, &a, &b))
    return false;
  link->a = MIN(a, b);
  link->b = MAX(a, b);
  return true;
}

bool gs_read_links(GsReader *reader, const GsJson *value) {
  GsScenario *scenario = reader->scenario;
  if (!value)
    return true;
  if (!gs_read_array(reader, value, 0))
    return false;
  guint count = gs_json_count(value);
  if (count > reader->limits->max_links)
    return gs_reader_fail_limit(reader, value, "%u links; at most %u are allowed", count,
                                reader->limits->max_links);
  scenario->links = g_new0(GsScenarioLink, count);
  scenario->link_count = count;
  g_autoptr(GHashTable) seen = g_hash_table_new(link_hash, link_equal);
  GsScenarioLink *link = scenario->links;
  for (const GsJson *item = gs_json_first(value); item; item = gs_json_next(item), link++) {
    if (!read_link(reader, item, link))
      return false;
    GsScenarioLink *first = g_hash_table_lookup(seen, link);
    if (first) {
      g_autofree char *a = gs_quote(scenario->nodes[link->a].name);
      g_autofree char *b = gs_quote(scenario->nodes[link->b].name);
      return gs_reader_fail(reader, item, "%s and %s are linked already by /links/%u", a, b,
                            (guint)(first - scenario->links));
    }
    g_hash_table_add(seen, link);
  }
  return true;
}

bool gs_read_handshake(GsReader *reader, const GsJson *value) {
  static const char *const allowed[] = {"at", "every", NULL};
  GsScenario *scenario = reader->scenario;
  if (!value)
    return true;
  scenario->handshake = true;
  if (!gs_read_object(reader, value, allowed) ||
      !gs_read_duration(reader, gs_json_member(value, "at"), &scenario->handshake_at_ns) ||
      !gs_read_duration(reader, gs_json_member(value, "every"), &scenario->handshake_every_ns))
    return false;
  if (scenario->link_count == 0 || scenario->handshake_every_ns == 0)
    return true;
  int64_t room = GS_TIME_MAX_NS - scenario->handshake_at_ns;
  if (room / scenario->handshake_every_ns < scenario->link_count - 1)
    return gs_reader_fail(reader, value, "the last of %u handshakes comes after 100 years",
                          scenario->link_count);
  int64_t last = scenario->handshake_at_ns +
                 scenario->handshake_every_ns * (int64_t)(scenario->link_count - 1);
  if (last > scenario->until_ns)
    gs_reader_warn(reader, value, "the scenario ends before its links are all made");
  return true;
}

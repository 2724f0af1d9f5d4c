/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/quote.h"
#include "sim/scenario/read_parts.h"

static uint64_t link_hash(const GsScenarioLink *link) {
  return gs_index_hash_number((uint64_t)link->a << 32 | link->b);
}

static bool link_same(const void *links, uint32_t index, const void *key) {
  const GsScenarioLink *one = (const GsScenarioLink *)links + index, *other = key;
  return one->a == other->a && one->b == other->b;
}

GsLinkNetwork gs_scenario_link_network(const GsScenario *scenario) {
  return (GsLinkNetwork){scenario->latency, scenario->jitter, scenario->loss, scenario->duplicate};
}

bool gs_read_link_network(GsReader *reader, const GsJson *object, GsLinkNetwork *out, bool *said) {
  static const char *const members[] = {GS_LINK_NETWORK_MEMBERS};
  *said = false;
  for (guint i = 0; i < G_N_ELEMENTS(members); i++)
    *said |= gs_json_member(object, members[i]) != NULL;
  *out = gs_scenario_link_network(reader->scenario);
  return gs_read_delay(reader, gs_json_member(object, "latency"), false, &out->latency) &&
         gs_read_delay(reader, gs_json_member(object, "jitter"), true, &out->jitter) &&
         gs_read_probability(reader, gs_json_member(object, "loss"), &out->loss) &&
         gs_read_probability(reader, gs_json_member(object, "duplicate"), &out->duplicate);
}

static bool read_link(GsReader *reader, const GsJson *value, uint32_t index) {
  static const char *const allowed[] = {"between", GS_LINK_NETWORK_MEMBERS, NULL};
  const GsJson *between = value;
  GsOwnNetwork own = {.link = index};
  switch (gs_json_type(value)) {
  case GS_JSON_ARRAY:
    break;
  case GS_JSON_OBJECT:
    if (gs_json_member(value, "source") && gs_json_member(value, "target"))
      return gs_reader_fail(reader, value,
                            "a link of a node\u2013link document, which is no scenario; here links "
                            "are [\"A\", \"B\"] or {\"between\": [\"A\", \"B\"], …}");
    if (!gs_read_allowed(reader, value, allowed))
      return false;
    between = gs_json_member(value, "between");
    if (!between)
      return gs_reader_fail_missing(reader, value, "between", "a link");
    bool said;
    if (!gs_read_link_network(reader, value, &own.network, &said))
      return false;
    if (said)
      g_array_append_val(reader->scenario->own_networks, own);
    break;
  default:
    return gs_reader_fail_found(reader, value,
                                "an array of the names of two nodes, or an object with "
                                "\"between\"");
  }
  uint32_t a, b;
  if (!gs_read_pair(reader, between, &a, &b))
    return false;
  reader->scenario->links[index] = (GsScenarioLink){MIN(a, b), MAX(a, b)};
  return true;
}

/** Checks that no link before it is the same. */
static bool check_new(GsReader *reader, const GsJson *value, uint32_t index, GsIndexTable *seen) {
  const GsScenario *scenario = reader->scenario;
  const GsScenarioLink *link = &scenario->links[index];
  uint64_t hash = link_hash(link);
  uint32_t first;
  if (!gs_index_table_find(seen, hash, link_same, scenario->links, link, &first)) {
    gs_index_table_add(seen, hash, index);
    return true;
  }
  g_autofree char *a = gs_quote(scenario->nodes[link->a].name);
  g_autofree char *b = gs_quote(scenario->nodes[link->b].name);
  return gs_reader_fail(reader, value, "%s and %s are linked already by /links/%u", a, b, first);
}

typedef struct {
  GsReader *reader;
  GsIndexTable seen; /**< the links so far */
} LinksReader;

static bool read_next_link(const GsJson *value, guint index, void *data) {
  LinksReader *links = data;
  return read_link(links->reader, value, index) &&
         check_new(links->reader, value, index, &links->seen);
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
  LinksReader links = {.reader = reader};
  gs_index_table_init(&links.seen, count);
  bool good = gs_json_each(reader->doc, value, read_next_link, &links);
  gs_index_table_clear(&links.seen);
  return good;
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
    gs_reader_warn(reader, value, "ends-early", 1,
                   "the scenario ends before its links are all made");
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/scenario.h"

#include <malloc.h>
#include <string.h>

#include "core/limits.h"
#include "core/name.h"
#include "sim/base/source.h"
#include "sim/scenario/chance.h"
#include "sim/scenario/read_parts.h"
#include "sim/scenario/recognise.h"
#include "sim/scenario/scenario_text.h"
#include "sim/topology/graph.h"

const GsScenarioLimits gs_scenario_default_limits = {
    .max_bytes = GS_SCENARIO_BYTES_MAX,
    .max_nodes = GS_NODES_MAX,
    .max_links = GS_GRAPH_LINKS_MAX,
    .max_energy_sum = GS_ENERGY_SUM_MAX,
    .long_bytes = 65536,
};

/** Names of nodes are kept in pieces of this. */
#define NAMES_CHUNK_BYTES 16384
/** Memory that smaller grids were made in is kept for the next one. */
#define NODES_LARGE 100000u

static void clear_messages(gpointer item) {
  g_free(((GsExpectMessages *)item)->key);
}

static GsScenario *scenario_new(const char *source) {
  GsScenario *scenario = g_new0(GsScenario, 1);
  scenario->source = g_strdup(source);
  scenario->unit = g_strdup("kW");
  scenario->seed = 1;
  scenario->names = g_string_chunk_new(NAMES_CHUNK_BYTES);
  scenario->latency = gs_distribution_constant((double)GS_LATENCY_USUAL_NS);
  scenario->fifo = true;
  scenario->tries = 1;
  scenario->retry_after_ns = GS_RETRY_AFTER_USUAL_NS;
  scenario->pinned = g_array_new(FALSE, FALSE, sizeof(GsPinnedMessage));
  scenario->topology_kind = GS_TOPOLOGY_FILE;
  scenario->until_ns = GS_TIME_NEVER;
  scenario->expect.converged = -1;
  scenario->expect.converged_within_ns = -1;
  scenario->expect.within_ns = -1;
  scenario->own_networks = g_array_new(FALSE, FALSE, sizeof(GsOwnNetwork));
  scenario->expect.gridnets = g_array_new(FALSE, FALSE, sizeof(GsExpectGridnet));
  scenario->expect.messages = g_array_new(FALSE, FALSE, sizeof(GsExpectMessages));
  g_array_set_clear_func(scenario->expect.messages, clear_messages);
  scenario->warnings = g_ptr_array_new_with_free_func(gs_warning_free);
  scenario->inputs = g_ptr_array_new_with_free_func(gs_input_file_free);
  scenario->overrides = g_ptr_array_new_with_free_func(g_free);
  return scenario;
}

static void fault_free(GsFault *fault) {
  if (!fault)
    return;
  g_free(fault->links);
  g_free(fault->group_of);
  g_free(fault);
}

void gs_scenario_free(GsScenario *scenario) {
  if (!scenario)
    return;
  gs_index_table_clear(&scenario->node_by_name);
  g_string_chunk_free(scenario->names);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    g_free(scenario->nodes[i].http);
  for (uint32_t i = 0; i < scenario->schedule_count; i++) {
    g_free(scenario->schedule[i].nodes);
    g_free(scenario->schedule[i].own_network);
    fault_free(scenario->schedule[i].fault);
  }
  g_free(scenario->nodes);
  g_free(scenario->links);
  g_array_unref(scenario->own_networks);
  g_array_unref(scenario->pinned);
  g_free(scenario->schedule);
  g_array_unref(scenario->expect.gridnets);
  g_array_unref(scenario->expect.messages);
  g_ptr_array_unref(scenario->warnings);
  g_ptr_array_unref(scenario->inputs);
  g_clear_pointer(&scenario->text, g_bytes_unref);
  g_ptr_array_unref(scenario->overrides);
  g_free(scenario->topology);
  gs_places_free(scenario->places);
  g_free(scenario->name);
  g_free(scenario->about);
  g_free(scenario->set);
  g_free(scenario->unit);
  g_free(scenario->token);
  g_free(scenario->source);
  g_free(scenario);
}

static bool has_name(const void *nodes, uint32_t index, const void *name) {
  return strcmp(((const GsScenarioNode *)nodes)[index].name, name) == 0;
}

/** Of names N1, N2, …: the index is in the name. */
static bool find_numbered(const GsScenario *scenario, const char *name, uint32_t *node) {
  uint32_t number = 0;
  for (const char *at = name + 1; *name == 'N' && g_ascii_isdigit(*at); at++) {
    number = number * 10 + (uint32_t)(*at - '0');
    /* Neither zero nor a zero in front, and before it can overflow. */
    if (number == 0 || number > scenario->node_count)
      return false;
    if (!at[1]) {
      *node = number - 1;
      return true;
    }
  }
  return false;
}

GsRecoveryReason gs_scenario_recovery_reason(const GsScenario *scenario, bool served) {
  if (scenario->recovery_said != GS_RECOVERY_UNSAID)
    return GS_RECOVERY_AS_SET;
  if (served)
    return GS_RECOVERY_AS_SERVED;
  if (scenario->has_faults)
    return GS_RECOVERY_FOR_FAULTS;
  return scenario->may_lose ? GS_RECOVERY_FOR_LOSS : GS_RECOVERY_NOT_NEEDED;
}

const GsRecoveryRules *gs_scenario_recovery(const GsScenario *scenario, bool served) {
  switch (gs_scenario_recovery_reason(scenario, served)) {
  case GS_RECOVERY_AS_SET:
    return scenario->recovery_said == GS_RECOVERY_NONE ? NULL : &scenario->recovery;
  case GS_RECOVERY_AS_SERVED:
    return &scenario->recovery_served;
  case GS_RECOVERY_FOR_FAULTS:
  case GS_RECOVERY_FOR_LOSS:
    return &scenario->recovery;
  case GS_RECOVERY_NOT_NEEDED:
    break;
  }
  return NULL;
}

bool gs_scenario_find_node(const GsScenario *scenario, const char *name, uint32_t *node) {
  if (scenario->numbered)
    return find_numbered(scenario, name, node);
  return gs_index_table_find(&scenario->node_by_name, gs_index_hash_text(name), has_name,
                             scenario->nodes, name, node);
}

/** "folder/city.json": "city". */
static char *name_of_source(const char *source) {
  g_autofree char *base = gs_scenario_text_name(source);
  return g_strdup(gs_source_is_stream(source) || gs_name_problem(base) ? "scenario" : base);
}

static bool read_general(GsReader *reader, const GsJson *root) {
  static const char *const protocols[] = {"echo", "original", NULL};
  static const char *const syncs[] = {"every", "coalesce", NULL};
  static const char *const starts[] = {"settled", "cold", NULL};
  GsScenario *scenario = reader->scenario;
  g_autofree char *schema = NULL, *generator = NULL;
  int64_t seed = (int64_t)scenario->seed;
  guint protocol = 0, sync = 0, start = 0;
  if (!gs_read_string(reader, gs_json_member(root, "$schema"), &schema) ||
      !gs_read_string(reader, gs_json_member(root, "generator"), &generator) ||
      !gs_read_label(reader, gs_json_member(root, "name"), &scenario->name) ||
      !gs_read_string(reader, gs_json_member(root, "about"), &scenario->about) ||
      !gs_read_label(reader, gs_json_member(root, "unit"), &scenario->unit) ||
      !gs_read_label(reader, gs_json_member(root, "token"), &scenario->token) ||
      !gs_read_integer(reader, gs_json_member(root, "seed"), 0, GS_NODE_ID_MAX, &seed) ||
      !gs_read_choice(reader, gs_json_member(root, "protocol"), protocols, &protocol) ||
      !gs_read_choice(reader, gs_json_member(root, "sync"), syncs, &sync) ||
      !gs_read_choice(reader, gs_json_member(root, "start"), starts, &start) ||
      !gs_read_duration(reader, gs_json_member(root, "until"), &scenario->until_ns))
    return false;
  scenario->seed = (uint64_t)seed;
  scenario->protocol = protocol == 0 ? GS_PROTOCOL_ECHO : GS_PROTOCOL_ORIGINAL;
  scenario->sync = sync == 0 ? GS_SYNC_EVERY : GS_SYNC_COALESCE;
  scenario->cold = start == 1;
  return true;
}

static bool read_grid(GsReader *reader, const GsJson *root) {
  const GsJson *nodes = gs_json_member(root, "nodes"), *links = gs_json_member(root, "links");
  const GsJson *topology = gs_json_member(root, "topology");
  if (nodes && topology)
    return gs_reader_fail(reader, topology, "found \"nodes\" and \"topology\"; give one of them");
  if (links && topology)
    return gs_reader_fail(reader, links,
                          "found \"links\" and \"topology\"; a topology has its own");
  if (!nodes && !topology)
    return gs_reader_fail_missing(reader, root, "nodes\" or \"topology", "a scenario");
  return gs_read_nodes(reader, nodes) && gs_read_links(reader, links) &&
         gs_read_topology(reader, topology);
}

static const char *const members[] = {
    "$schema",  "generator", "name",   "about",  "unit",    "seed",  "nodes",    "links",
    "topology", "handshake", "start",  "energy", "network", "pace",  "protocol", "sync",
    "recovery", "schedule",  "faults", "until",  "expect",  "token", NULL};

static bool read_scenario(GsReader *reader, const GsJson *root) {
  return gs_read_object(reader, root, members) && read_general(reader, root) &&
         gs_read_network(reader, gs_json_member(root, "network")) &&
         gs_read_pace(reader, gs_json_member(root, "pace")) &&
         gs_read_recovery(reader, gs_json_member(root, "recovery")) && read_grid(reader, root) &&
         gs_read_recovery_served(reader) &&
         gs_read_handshake(reader, gs_json_member(root, "handshake")) &&
         gs_read_start_energies(reader, gs_json_member(root, "energy")) &&
         gs_check_start_energy_sums(reader, root) &&
         gs_read_schedule(reader, gs_json_member(root, "schedule"),
                          gs_json_member(root, "faults")) &&
         gs_read_pinned(reader, gs_json_member(root, "network")) &&
         gs_read_expect(reader, gs_json_member(root, "expect")) &&
         gs_check_expected_messages(reader, root);
}

/** Keeps what it takes to read it again. */
static void keep_text(GsScenario *scenario, const char *text, gsize length,
                      const GsOverride *overrides, guint override_count) {
  if (length > GS_INPUT_KEPT_BYTES_MAX)
    return;
  scenario->text = g_bytes_new(text, length);
  for (guint i = 0; i < override_count; i++) {
    g_ptr_array_add(scenario->overrides, g_strdup(overrides[i].path));
    g_ptr_array_add(scenario->overrides, g_strdup(overrides[i].value));
  }
}

/** The seed is told everywhere anyhow. */
static char *describe_overrides(const GsOverride *overrides, guint count) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < count; i++) {
    const GsOverride *one = &overrides[i];
    if (strcmp(one->path, "seed") == 0)
      continue;
    g_string_append_printf(text, "%s%s%s%s", text->len ? ", " : "", one->value ? "" : "no ",
                           one->path, one->value ? "=" : "");
    g_string_append(text, one->value ? one->value : "");
  }
  return text->len ? g_strdup(text->str) : NULL;
}

static GsScenario *parse(const GsScenarioLimits *limits, const char *text, gsize length,
                         const char *source, const GsOverride *overrides, guint override_count,
                         GError **error) {
  static const char *const long_members[] = {"nodes", "links", "schedule", NULL};
  GsJsonLimits json_limits = {.max_bytes = limits->max_bytes,
                              .max_depth = GS_JSON_DEPTH_MAX,
                              .long_members = long_members,
                              .long_bytes = limits->long_bytes,
                              .read_members = members,
                              .unplaced = gs_scenario_text_is_made(text, length, source)};
  if (gs_recognise_text(text, length, source, error))
    return NULL;
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, length, source, &json_limits, error);
  if (!doc || gs_recognise_document(doc, source, error))
    return NULL;
  for (guint i = 0; i < override_count; i++)
    if (!gs_json_override(doc, overrides[i].path, overrides[i].value, error))
      return NULL;
  g_autoptr(GsScenario) scenario = scenario_new(source);
  GsReader reader = {.doc = doc, .scenario = scenario, .limits = limits, .error = error};
  if (!read_scenario(&reader, gs_json_root(doc)))
    return NULL;
  scenario->may_lose = gs_scenario_may_lose(scenario);
  if (!scenario->name)
    scenario->name = name_of_source(source);
  scenario->set = describe_overrides(overrides, override_count);
  gs_reader_finish_warnings(&reader);
  if (!limits->files)
    keep_text(scenario, text, length, overrides, override_count);
  return g_steal_pointer(&scenario);
}

GsScenario *gs_scenario_parse_within(const GsScenarioLimits *limits, const char *text, gsize length,
                                     const char *source, const GsOverride *overrides,
                                     guint override_count, GError **error) {
  GsScenario *scenario = parse(limits, text, length, source, overrides, override_count, error);
#ifdef __GLIBC__
  /* Making or reading a large grid takes more than the grid: the system gets that back. */
  if (scenario && scenario->node_count > NODES_LARGE)
    malloc_trim(0);
#endif
  return scenario;
}

GsScenario *gs_scenario_parse(const char *text, gsize length, const char *source,
                              const GsOverride *overrides, guint override_count, GError **error) {
  return gs_scenario_parse_within(&gs_scenario_default_limits, text, length, source, overrides,
                                  override_count, error);
}

GsScenario *gs_scenario_load(const char *path, const GsOverride *overrides, guint override_count,
                             GError **error) {
  g_autoptr(GString) text = gs_scenario_text_read(path, error);
  if (!text)
    return NULL;
  return gs_scenario_parse(text->str, text->len, gs_source_name(path), overrides, override_count,
                           error);
}

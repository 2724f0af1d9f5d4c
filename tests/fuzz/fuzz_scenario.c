/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>

#include "core/limits.h"
#include "sim/scenario/schedule.h"
#include "tests/scenario_text.h"

/** Enough of a schedule that may have any number of repetitions. */
#define OCCURRENCES_WALKED 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(const GError *error) {
  g_assert_nonnull(error);
  g_assert_true(g_utf8_validate(error->message, -1, NULL));
  g_assert_null(strchr(error->message, '\n'));
}

static void walk_schedule(const GsScenario *scenario) {
  g_autoptr(GsSchedule) schedule = gs_schedule_new(scenario);
  GsOccurrence occurrence;
  int64_t before_ns = 0;
  for (int i = 0; i < OCCURRENCES_WALKED && gs_schedule_pop(schedule, &occurrence); i++) {
    g_assert_cmpint(occurrence.at_ns, >=, before_ns);
    g_assert_cmpint(occurrence.at_ns, <=, MIN(GS_TIME_MAX_NS, scenario->until_ns));
    before_ns = occurrence.at_ns;
    g_free(gs_occurrence_describe(schedule, &occurrence));
    uint32_t count = gs_occurrence_node_count(schedule, &occurrence);
    uint32_t node = count ? gs_occurrence_node(schedule, &occurrence, count - 1) : 0;
    g_assert_cmpuint(node, <, scenario->node_count);
    if (occurrence.entry->fault)
      continue;
    g_assert_cmpuint(count, >, 0);
    bool has_production, has_consumption;
    int64_t production, consumption;
    gs_occurrence_energy(schedule, &occurrence, node, &has_production, &production,
                         &has_consumption, &consumption);
    g_assert_true(production >= 0 && production <= GS_ENERGY_MAX);
    g_assert_true(consumption >= 0 && consumption <= GS_ENERGY_MAX);
  }
}

static void check_scenario(const GsScenario *scenario) {
  g_assert_cmpuint(scenario->node_count, >, 0);
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    const GsScenarioNode *node = &scenario->nodes[i];
    uint32_t found;
    g_assert_true(gs_scenario_find_node(scenario, node->name, &found) && found == i);
    g_assert_true(node->production >= 0 && node->production <= GS_ENERGY_MAX);
    g_assert_true(node->consumption >= 0 && node->consumption <= GS_ENERGY_MAX);
  }
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    g_assert_cmpuint(scenario->links[i].a, <, scenario->links[i].b);
    g_assert_cmpuint(scenario->links[i].b, <, scenario->node_count);
  }
}

/** Read element by element, it must be the same scenario or the same error. */
static void check_element_by_element(GsScenarioLimits limits, const char *text, gsize length,
                                     const GsScenario *scenario, const GError *error) {
  limits.long_bytes = 0;
  g_autoptr(GError) other_error = NULL;
  g_autoptr(GsScenario) other =
      gs_scenario_parse_within(&limits, text, length, "fuzz.json", NULL, 0, &other_error);
  g_assert_true(!other == !scenario);
  if (!other) {
    g_assert_cmpstr(error->message, ==, other_error->message);
    return;
  }
  g_autofree char *found = gs_scenario_text(other), *wanted = gs_scenario_text(scenario);
  g_assert_cmpstr(found, ==, wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* Small graphs only, and no file of this machine. */
  const GsScenarioLimits limits = {.max_bytes = 1 << 16,
                                   .max_nodes = 64,
                                   .max_links = 512,
                                   .max_energy_sum = 40 * GS_ENERGY_MAX,
                                   .long_bytes = UINT64_MAX,
                                   .no_files = true};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse_within(&limits, (const char *)data, size, "fuzz.json", NULL, 0, &error);
  check_element_by_element(limits, (const char *)data, size, scenario, error);
  if (!scenario) {
    check_error(error);
    return 0;
  }
  check_scenario(scenario);
  walk_schedule(scenario);
  return 0;
}

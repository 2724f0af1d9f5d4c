/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/scenario/scenario.h"

#define OVERRIDES_MAX 16
#define NODES_MAX 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char scenario_text[] =
    "{\"name\": \"f\", \"seed\": 1, \"nodes\": [{\"name\": \"A\", \"production\": 1}, {\"name\": "
    "\"B\"}],"
    "\"links\": [[\"A\", \"B\"]], \"network\": {\"latency\": \"1ms\", \"jitter\": {\"uniform\": "
    "[0, \"1ms\"]}, \"fifo\": true}, \"schedule\": [{\"at\": \"1s\", \"node\": \"A\", "
    "\"production\": "
    "{\"from\": 1, \"to\": 9}, \"every\": \"1s\", \"until\": \"9s\"}], \"expect\": {\"converged\": "
    "true}}";

/** What --set may say: lines of PATH=VALUE, applied together to one scenario. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  GsScenarioLimits limits = gs_scenario_default_limits;
  limits.max_nodes = limits.max_links = NODES_MAX;
  limits.no_files = true;
  g_autofree char *text = g_strndup((const char *)data, size);
  g_auto(GStrv) lines = g_strsplit(text, "\n", OVERRIDES_MAX);
  GsOverride overrides[OVERRIDES_MAX];
  guint count = 0;
  for (char **line = lines; *line; line++) {
    char *equals = strchr(*line, '=');
    if (equals)
      *equals = '\0';
    overrides[count++] = (GsOverride){*line, equals ? equals + 1 : NULL};
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario = gs_scenario_parse_within(
      &limits, scenario_text, strlen(scenario_text), "f.json", overrides, count, &error);
  if (!scenario) {
    g_assert_true(error && g_utf8_validate(error->message, -1, NULL));
    g_assert_null(strchr(error->message, '\n'));
    return 0;
  }
  for (uint32_t i = 0; i < scenario->link_count; i++)
    g_assert_true(scenario->links[i].a < scenario->node_count &&
                  scenario->links[i].b < scenario->node_count);
  return 0;
}

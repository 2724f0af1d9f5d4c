/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/address.h"
#include "core/error.h"
#include "sim/serve/serve.h"

/** An address to listen on may have port 0: any that is free. */
#define LISTEN_PORT_MIN 0
#define FREE_PORT "127.0.0.1:0"
#define PORT_MAX 65535u

static void clear_exposure(gpointer data) {
  g_free(((GsExposure *)data)->address);
}

void gs_exposures_clear(GsExposures *exposures) {
  g_clear_pointer(&exposures->list, g_array_unref);
}

static bool read_one(const GsScenario *scenario, const char *text, char **addresses,
                     GError **error) {
  /* A name may have a '=' of its own. */
  uint32_t node;
  if (gs_scenario_find_node(scenario, text, &node)) {
    const char *own = scenario->nodes[node].http;
    g_free(addresses[node]);
    addresses[node] = g_strdup(own ? own : FREE_PORT);
    return true;
  }
  const char *equals = strrchr(text, '=');
  g_autofree char *name = equals ? g_strndup(text, (gsize)(equals - text)) : g_strdup(text);
  if (!gs_scenario_find_node(scenario, name, &node)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "--expose: the scenario has no node '%s'; try 'gridsim check' on it", name);
    return false;
  }
  if (!gs_address_split(equals + 1, LISTEN_PORT_MIN, NULL, NULL)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "--expose %s: '%s' is no address " GS_ADDRESS_FORM ", or 0 for any free one", name,
                equals + 1);
    return false;
  }
  g_free(addresses[node]);
  addresses[node] = g_strdup(equals + 1);
  return true;
}

static bool read_all(const GsScenario *scenario, const char *base, char **addresses,
                     GError **error) {
  gsize host_length;
  uint16_t first;
  if (!gs_address_split(base, 1, &host_length, &first)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "--expose-all: '%s' is no address " GS_ADDRESS_FORM, base);
    return false;
  }
  uint32_t port = first;
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    if (addresses[i])
      continue;
    if (port > PORT_MAX) {
      g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                  "--expose-all: from port %u on there are not enough ports for %u nodes", first,
                  scenario->node_count);
      return false;
    }
    addresses[i] = g_strdup_printf("%.*s:%u", (int)host_length, base, port++);
  }
  return true;
}

static void free_addresses(char **addresses, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    g_free(addresses[i]);
  g_free(addresses);
}

bool gs_exposures_read(GsExposures *exposures, const GsScenario *scenario, char **expose,
                       const char *expose_all, GError **error) {
  exposures->list = g_array_new(FALSE, FALSE, sizeof(GsExposure));
  g_array_set_clear_func(exposures->list, clear_exposure);
  char **addresses = g_new0(char *, scenario->node_count + 1);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    addresses[i] = expose_all ? NULL : g_strdup(scenario->nodes[i].http);
  bool good = true;
  for (; good && expose && *expose; expose++)
    good = read_one(scenario, *expose, addresses, error);
  good = good && (!expose_all || read_all(scenario, expose_all, addresses, error));
  for (uint32_t i = 0; good && i < scenario->node_count; i++) {
    GsExposure exposure = {i, g_steal_pointer(&addresses[i])};
    if (exposure.address)
      g_array_append_val(exposures->list, exposure);
  }
  free_addresses(addresses, scenario->node_count);
  if (!good || exposures->list->len)
    return good;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "no node is exposed: give --expose NODE or --expose-all 127.0.0.1:8081, or give "
              "nodes an \"http\" address in the scenario");
  return false;
}

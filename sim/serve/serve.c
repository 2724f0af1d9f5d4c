/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/serve.h"

#include "core/error.h"
#include "core/limits.h"
#include "sim/base/clock.h"
#include "sim/serve/gateway.h"
#include "sim/serve/routes.h"

/** How long messages to foreign nodes may still take when everything else has ended. */
#define CLIENT_DRAIN_MS 2000

typedef struct {
  const GsScenario *scenario;
  const GsServeOptions *options;
  GsPort *ports;
  guint port_count;
  GsHttpServer *server;
  GsHttpClient *client;
  GsGateway *gateway;
  GsRoutes routes;
  GError *start_error;
  uint64_t delivered, undelivered; /**< atomic; counted on the client's thread */
} Serve;

static void on_sent(GsHttpPeer *peer, GsHttpOutcome outcome, guint status, void *about,
                    void *data) {
  (void)status;
  Serve *serve = data;
  uint64_t *count = outcome == GS_HTTP_DELIVERED ? &serve->delivered : &serve->undelivered;
  __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
  gs_gateway_outcome(serve->gateway, peer, outcome, about);
}

static void clear_served(gpointer data) {
  g_free(((GsServed *)data)->address);
}

static GArray *list_served(const Serve *serve) {
  GArray *served = g_array_new(FALSE, TRUE, sizeof(GsServed));
  g_array_set_clear_func(served, clear_served);
  for (guint i = 0; i < serve->port_count; i++) {
    GsPort *port = &serve->ports[i];
    pthread_mutex_lock(&port->mutex);
    GsServed entry = {.node = port->actor,
                      .address = g_strdup(port->address),
                      .accepted = port->accepted,
                      .handled = port->view.tally.heard,
                      .lost = port->lost,
                      .left = gs_port_waiting(port),
                      .refused = port->refused_full,
                      .refused_id = port->refused_id,
                      .refused_peers = port->refused_peers,
                      .asks_failed = port->asked.failed,
                      .forbidden = port->forbidden};
    pthread_mutex_unlock(&port->mutex);
    g_array_append_val(served, entry);
  }
  return served;
}

static bool opening(void *data) {
  Serve *serve = data;
  if (!gs_http_server_start(serve->server, &serve->start_error))
    return false;
  const GsServeCalls *calls = &serve->options->calls;
  if (calls->started) {
    g_autoptr(GArray) served = list_served(serve);
    calls->started(served, calls->data);
  }
  return true;
}

static void closing(void *data) {
  gs_http_server_stop_accepting(((Serve *)data)->server);
}

/** Binds everything, or nothing. */
static bool open_ports(Serve *serve, GError **error) {
  const GArray *list = serve->options->exposures->list;
  serve->port_count = list->len;
  serve->ports = g_new0(GsPort, list->len);
  g_autofree const char **addresses = g_new(const char *, list->len);
  for (guint i = 0; i < list->len; i++) {
    const GsExposure *exposure = &g_array_index(list, GsExposure, i);
    gs_port_init(&serve->ports[i], exposure->node, &serve->scenario->nodes[exposure->node]);
    addresses[i] = exposure->address;
  }
  GsHttpLimits limits;
  gs_http_default_limits(&limits);
  if (serve->options->limits)
    limits = *serve->options->limits;
  serve->server = gs_http_server_new(addresses, list->len, serve->options->listen_any, &limits,
                                     gs_routes_handle, &serve->routes, error);
  if (serve->server)
    gs_http_server_allow_hosts(serve->server, serve->options->host_names);
  for (guint i = 0; serve->server && i < list->len; i++)
    serve->ports[i].address = gs_http_server_address(serve->server, i);
  return serve->server != NULL;
}

static void connect_parts(Serve *serve) {
  const GsServeOptions *options = serve->options;
  GsGatewayOptions gateway = {.wire = options->wire,
                              .mailbox_max =
                                  options->mailbox_max ? options->mailbox_max : GS_HTTP_MAILBOX_MAX,
                              .calls = &options->calls,
                              .opening = opening,
                              .closing = closing,
                              .data = serve,
                              .events = gs_routes_events(&serve->routes)};
  serve->gateway = gs_gateway_new(serve->scenario, serve->ports, serve->port_count, &gateway);
  gs_gateway_set_client(serve->gateway, serve->client);
  for (const char *const *at = options->siblings; at && *at; at++)
    gs_gateway_ask(serve->gateway, &serve->ports[0], *at);
  serve->routes = (GsRoutes){.gateway = serve->gateway,
                             .ports = serve->ports,
                             .port_count = serve->port_count,
                             .allow = options->allow,
                             .token = options->token,
                             .server = serve->server,
                             .recovery = gs_scenario_recovery(serve->scenario, true)};
  gs_event_share_init(&serve->routes.share, gs_clock_s());
}

static void fill_report(Serve *serve, GsServeReport *report) {
  GsGatewayCounts counts;
  gs_gateway_counts(serve->gateway, &counts);
  *report = (GsServeReport){.served = list_served(serve),
                            .sent = counts.sent,
                            .delivered = __atomic_load_n(&serve->delivered, __ATOMIC_RELAXED),
                            .undelivered = __atomic_load_n(&serve->undelivered, __ATOMIC_RELAXED),
                            .unsent = counts.queue_full + counts.no_address + counts.forgotten_ask};
}

static void clear(Serve *serve) {
  gs_http_client_free(serve->client);
  gs_http_server_free(serve->server);
  gs_gateway_free(serve->gateway);
  for (guint i = 0; i < serve->port_count; i++)
    gs_port_clear(&serve->ports[i]);
  g_free(serve->ports);
}

static bool can_be_served(const GsScenario *scenario, GError **error) {
  if (scenario->node_count <= GS_SERVED_NODES_MAX)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "%u nodes; at most %u can be served, since the nets of all go in one message",
              scenario->node_count, GS_SERVED_NODES_MAX);
  return false;
}

GsResults *gs_serve(const GsScenario *scenario, const GsServeOptions *options,
                    GsServeReport *report, GError **error) {
  if (!can_be_served(scenario, error))
    return NULL;
  Serve serve = {.scenario = scenario, .options = options};
  GsResults *results = NULL;
  /* With --wire own nodes are spoken to as well. */
  GsHttpClientLimits limits = {.peers_max = GS_FOREIGN_MAX + options->exposures->list->len};
  if (open_ports(&serve, error))
    serve.client =
        gs_http_client_new(options->allow, "/messaging", &limits, on_sent, &serve, error);
  if (serve.client) {
    connect_parts(&serve);
    GsRunOptions run = options->run;
    run.live = gs_gateway_live(serve.gateway);
    results = gs_run(scenario, &run, error);
    gs_http_client_drain(serve.client, CLIENT_DRAIN_MS);
    gs_http_client_stop(serve.client);
  }
  if (serve.start_error) {
    g_clear_pointer(&results, gs_results_free);
    g_clear_error(error);
    g_propagate_error(error, serve.start_error);
  }
  if (results) {
    results->stopped = false; /* being told to end is how serving ends */
    fill_report(&serve, report);
  }
  clear(&serve);
  return results;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/gateway.h"

#include <math.h>
#include <string.h>

#include "sim/base/clock.h"
#include "sim/serve/gateway_parts.h"

/** How long a wait goes on before it asks whether the run is to end. */
#define POLL_S 0.1
/** A busy run shows its state this often; one that waits shows it at once. */
#define LOOK_EVERY_S 0.02

static int64_t clock_ns(GsGateway *gateway) {
  double now = gs_clock_s();
  if (gateway->began_s < 0) {
    gateway->began_s = now;
    const GsGatewayOptions *options = &gateway->options;
    gateway->ending = options->opening && !options->opening(options->data);
  }
  return (int64_t)((now - gateway->began_s) * (double)GS_SECOND_NS);
}

/** Waits for mail until the clock shows `until_s`; the mutex is held. */
static void wait_for_mail(GsGateway *gateway, double until_s) {
  double whole = floor(until_s);
  struct timespec until = {.tv_sec = (time_t)whole,
                           .tv_nsec = (long)((until_s - whole) * (double)GS_SECOND_NS)};
  pthread_cond_timedwait(&gateway->come, &gateway->mutex, &until);
}

static bool told_to_end(GsGateway *gateway) {
  const GsServeCalls *calls = gateway->options.calls;
  if (!gateway->ending)
    gateway->ending = calls->interrupted(calls->data);
  return gateway->ending;
}

static void close_gateway(void *data) {
  GsGateway *gateway = data;
  if (gateway->options.closing)
    gateway->options.closing(gateway->options.data);
  pthread_mutex_lock(&gateway->mutex);
  gateway->closed = true;
  pthread_mutex_unlock(&gateway->mutex);
}

static int64_t wait_until(int64_t until_ns, bool for_mail, bool *ending, void *data) {
  GsGateway *gateway = data;
  bool come = false, was_ending = gateway->ending; /* before the run opens, which may fail */
  int64_t now = clock_ns(gateway);
  for (;;) {
    *ending = told_to_end(gateway);
    if (come || *ending != was_ending || now >= until_ns)
      return now;
    double left_s = (double)(until_ns - now) / (double)GS_SECOND_NS;
    pthread_mutex_lock(&gateway->mutex);
    gateway->listening = for_mail;
    if (!for_mail || (!gateway->posted->len && !gateway->woken))
      wait_for_mail(gateway, gs_clock_s() + MIN(left_s, POLL_S));
    gateway->listening = false;
    come = for_mail && (gateway->posted->len || gateway->woken);
    gateway->woken &= !come;
    pthread_mutex_unlock(&gateway->mutex);
    now = clock_ns(gateway);
  }
}

/** What a node has handled makes room for more. */
static void release_handled(GsGateway *gateway) {
  uint64_t bytes = 0;
  for (guint i = 0; i < gateway->port_count; i++) {
    for (; gateway->released[i] < gateway->ports[i].tally.heard; gateway->released[i]++)
      bytes += GPOINTER_TO_SIZE(g_queue_pop_head(&gateway->held[i]));
  }
  if (!bytes)
    return;
  pthread_mutex_lock(&gateway->mutex);
  gateway->held_bytes -= bytes;
  pthread_mutex_unlock(&gateway->mutex);
}

static void look(const GsRunView *view, bool idle, void *data) {
  GsGateway *gateway = data;
  double now = gs_clock_s();
  if (!idle && now - gateway->looked_s < LOOK_EVERY_S)
    return;
  gateway->looked_s = now;
  release_handled(gateway);
  const GsGatewayEvents *events = &gateway->options.events;
  for (guint i = 0; i < gateway->port_count; i++) {
    bool changed = gs_port_refresh(&gateway->ports[i], view);
    if (changed && events->state_changed)
      events->state_changed(&gateway->ports[i], events->data);
  }
}

static bool leaves(uint32_t from, uint32_t to, void *data) {
  GsGateway *gateway = data;
  return gateway->options.wire && gateway->port_of[from] && gateway->port_of[to];
}

static bool traces(void *data) {
  GsGateway *gateway = data;
  const GsGatewayEvents *events = &gateway->options.events;
  bool read = events->listens && events->listens(events->data);
  return read || gateway->options.calls->receiving;
}

static void happened(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  GsGateway *gateway = data;
  const GsServeCalls *calls = gateway->options.calls;
  for (guint i = 0; calls->receiving && i < count; i++) {
    if (records[i].kind != GS_TRACE_DELIVERY || !records[i].message.outside)
      continue;
    GString *text = g_queue_pop_head(&gateway->unhandled);
    calls->receiving(text, calls->data);
    g_string_free(text, TRUE);
  }
  const GsGatewayEvents *events = &gateway->options.events;
  if (events->happened)
    events->happened(view, records, count, events->data);
}

static const char *foreign_name(GsEndpoint endpoint, void *data) {
  GsGateway *gateway = data;
  pthread_mutex_lock(&gateway->peers_mutex);
  const char *name = gs_foreign_name(gateway->foreign, endpoint);
  pthread_mutex_unlock(&gateway->peers_mutex);
  return name;
}

static GsTally *tally(uint32_t actor, void *data) {
  GsPort *port = ((GsGateway *)data)->port_of[actor];
  return port ? &port->tally : NULL;
}

static uint64_t id_space(uint32_t actor, void *data) {
  return gs_wire_ids_space(((GsGateway *)data)->ids, actor);
}

static void clear_posted(gpointer data) {
  gs_wire_envelope_clear(&((GsPosted *)data)->envelope);
}

static void clear_to_ask(gpointer data) {
  g_free(((GsToAsk *)data)->address);
}

static GArray *new_posted(void) {
  GArray *posted = g_array_new(FALSE, FALSE, sizeof(GsPosted));
  g_array_set_clear_func(posted, clear_posted);
  return posted;
}

GsGateway *gs_gateway_new(const GsScenario *scenario, GsPort *ports, guint port_count,
                          const GsGatewayOptions *options) {
  GsGateway *gateway = g_new0(GsGateway, 1);
  gateway->ports = ports;
  gateway->port_count = port_count;
  gateway->options = *options;
  g_assert(!options->calls->receiving || scenario->node_count == 1);
  gateway->began_s = -1;
  gateway->node_count = scenario->node_count;
  gs_gateway_know_ids(gateway, scenario);
  gateway->ids = gs_wire_ids_new();
  gateway->foreign = gs_foreign_new(scenario->node_count, gs_gateway_forget_http, gateway);
  gateway->port_of = g_new0(GsPort *, scenario->node_count);
  gateway->own_http = g_new0(GsHttpPeer *, scenario->node_count);
  gateway->held = g_new0(GQueue, port_count);
  gateway->released = g_new0(uint64_t, port_count);
  for (guint i = 0; i < port_count; i++) {
    gateway->port_of[ports[i].actor] = &ports[i];
    gs_foreign_add_own(gateway->foreign, ports[i].address, ports[i].actor);
  }
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&gateway->come, &monotonic);
  pthread_condattr_destroy(&monotonic);
  pthread_mutex_init(&gateway->mutex, NULL);
  pthread_mutex_init(&gateway->peers_mutex, NULL);
  g_queue_init(&gateway->unhandled);
  gateway->posted = new_posted();
  gateway->taken = new_posted();
  gateway->reports = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  gateway->to_ask = g_array_new(FALSE, FALSE, sizeof(GsToAsk));
  g_array_set_clear_func(gateway->to_ask, clear_to_ask);
  gateway->live = (GsLive){.wait = wait_until,
                           .close = close_gateway,
                           .receive = gs_gateway_receive,
                           .send = gs_gateway_send,
                           .leaves = leaves,
                           .traces = traces,
                           .happened = happened,
                           .look = look,
                           .foreign_name = foreign_name,
                           .tally = tally,
                           .id_space = id_space,
                           .hash_salt = gs_wire_ids_secret(gateway->ids),
                           .data = gateway};
  return gateway;
}

static void free_text(gpointer text) {
  g_string_free(text, TRUE);
}

void gs_gateway_free(GsGateway *gateway) {
  if (!gateway)
    return;
  g_queue_clear_full(&gateway->unhandled, free_text);
  for (guint i = 0; i < gateway->port_count; i++)
    g_queue_clear(&gateway->held[i]);
  g_free(gateway->held);
  g_free(gateway->released);
  g_array_unref(gateway->posted);
  g_array_unref(gateway->taken);
  g_array_unref(gateway->reports);
  g_array_unref(gateway->to_ask);
  gs_wire_ids_free(gateway->ids);
  gs_foreign_free(gateway->foreign);
  gs_index_table_clear(&gateway->by_id);
  g_free(gateway->port_of);
  g_free(gateway->own_http);
  pthread_cond_destroy(&gateway->come);
  pthread_mutex_destroy(&gateway->mutex);
  pthread_mutex_destroy(&gateway->peers_mutex);
  g_free(gateway);
}

void gs_gateway_set_client(GsGateway *gateway, GsHttpClient *client) {
  gateway->client = client;
}

GsPort *gs_gateway_port(const GsGateway *gateway, uint32_t node) {
  return gateway->port_of[node];
}

const GsLive *gs_gateway_live(GsGateway *gateway) {
  return &gateway->live;
}

/** Both mutexes are held. */
static GsPostResult admit(GsGateway *gateway, GsPort *port, gsize bytes) {
  if (gateway->closed)
    return GS_POST_CLOSED;
  if (gs_port_waiting(port) >= gateway->options.mailbox_max ||
      gateway->held_bytes + bytes > GS_HTTP_MAILBOX_BYTES_MAX) {
    port->refused_full++;
    return GS_POST_FULL;
  }
  port->accepted++;
  return GS_POST_ACCEPTED;
}

/** `met`: who an AddSibling names, for which the mutex of foreign nodes is held. */
static GsPostResult put(GsGateway *gateway, GsPort *port, GsWireEnvelope *envelope, gsize bytes,
                        GsEndpoint met) {
  pthread_mutex_lock(&gateway->mutex);
  pthread_mutex_lock(&port->mutex);
  GsPostResult result = admit(gateway, port, bytes);
  pthread_mutex_unlock(&port->mutex);
  if (result == GS_POST_ACCEPTED) {
    GsPosted posted = {port, *envelope, bytes, met, NULL};
    if (envelope->type == GS_ADD_SIBLING) {
      gs_gateway_hear(gateway, port, &posted);
      posted.sibling_name = gs_foreign_name(gateway->foreign, met);
    }
    *envelope = (GsWireEnvelope){0};
    gateway->held_bytes += bytes;
    g_array_append_val(gateway->posted, posted);
    if (gateway->listening)
      pthread_cond_signal(&gateway->come);
    gateway->listening = false;
  }
  pthread_mutex_unlock(&gateway->mutex);
  return result;
}

GsPostResult gs_gateway_post(GsGateway *gateway, GsPort *port, GsWireEnvelope *envelope,
                             gsize bytes, GString *why) {
  GsEndpoint met = GS_ENDPOINT_NONE;
  if (envelope->type != GS_ADD_SIBLING)
    return put(gateway, port, envelope, bytes, met);
  pthread_mutex_lock(&gateway->peers_mutex);
  GsPostResult result = gs_gateway_claim(gateway, port, envelope, why);
  if (result == GS_POST_ACCEPTED)
    result = gs_gateway_meet(gateway, envelope, &met, why);
  bool refused = result != GS_POST_ACCEPTED;
  if (!refused)
    result = put(gateway, port, envelope, bytes, met);
  pthread_mutex_unlock(&gateway->peers_mutex);
  if (refused)
    gs_gateway_refuse(gateway, port, envelope, result, why);
  return result;
}

void gs_gateway_wake(GsGateway *gateway) {
  pthread_mutex_lock(&gateway->mutex);
  gateway->woken = true;
  pthread_cond_signal(&gateway->come);
  pthread_mutex_unlock(&gateway->mutex);
}

guint gs_gateway_peer_count(GsGateway *gateway) {
  pthread_mutex_lock(&gateway->peers_mutex);
  guint count = gs_foreign_count(gateway->foreign);
  pthread_mutex_unlock(&gateway->peers_mutex);
  return count;
}

void gs_gateway_peer(GsGateway *gateway, GsEndpoint endpoint, GsGatewayPeer *out) {
  *out = (GsGatewayPeer){0};
  pthread_mutex_lock(&gateway->peers_mutex);
  if (gs_foreign_name(gateway->foreign, endpoint)) {
    const GsForeignNode *entry = gs_foreign_entry(gateway->foreign, endpoint);
    out->known = true;
    g_strlcpy(out->address, entry->address, sizeof out->address);
    if (entry->http)
      gs_http_client_peer_stats(gateway->client, entry->http, &out->stats);
  }
  pthread_mutex_unlock(&gateway->peers_mutex);
}

void gs_gateway_counts(GsGateway *gateway, GsGatewayCounts *out) {
  pthread_mutex_lock(&gateway->peers_mutex);
  *out = gateway->counts;
  pthread_mutex_unlock(&gateway->peers_mutex);
}

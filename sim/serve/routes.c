/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/serve/routes.h"

#include <math.h>
#include <string.h>

#include "sim/base/clock.h"
#include "sim/run/trace.h"
#include "sim/serve/answers.h"

#define RETRY_AFTER_S 1
#define EVENTS_BETWEEN_LOOKS 64
#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

typedef enum { MESSAGING, STATE, METRICS, EVENTS, HEALTH, NO_PAGE } Page;

static Page find_page(const char *path) {
  static const char *const paths[] = {"/messaging", "/state", "/metrics", "/events", "/health"};
  for (int i = 0; i < NO_PAGE; i++)
    if (strcmp(path, paths[i]) == 0)
      return (Page)i;
  return NO_PAGE;
}

bool gs_routes_token_fits(const char *authorization, const char *token) {
  static const char scheme[] = "Bearer ";
  if (!authorization || g_ascii_strncasecmp(authorization, scheme, strlen(scheme)) != 0)
    return false;
  const char *given = authorization + strlen(scheme);
  gsize length = strlen(given), wanted = strlen(token);
  unsigned char differs = length != wanted;
  for (gsize i = 0; i < length; i++)
    differs |= (unsigned char)(given[i] ^ token[wanted ? i % wanted : 0]);
  return !differs;
}

static bool is_own(const GsRoutes *routes, const char *address) {
  g_autofree char *canonical = gs_foreign_canonical(address);
  for (guint i = 0; i < routes->port_count; i++) {
    g_autofree char *own = gs_foreign_canonical(routes->ports[i].address);
    if (strcmp(own, canonical) == 0)
      return true;
  }
  return false;
}

/** A message must not make this process call whoever it names. */
static bool may_call(GsRoutes *routes, GsPort *port, const GsWireEnvelope *envelope,
                     GError **error) {
  if (envelope->type != GS_ADD_SIBLING || is_own(routes, envelope->sibling_address) ||
      gs_http_allow_check(routes->allow, envelope->sibling_address, error))
    return true;
  pthread_mutex_lock(&port->mutex);
  port->forbidden++;
  pthread_mutex_unlock(&port->mutex);
  return false;
}

static guint refuse(GString *out, guint status, const char *description) {
  gs_http_error_body(out, status, description);
  return status;
}

guint gs_routes_post(GsRoutes *routes, GsPort *port, const char *body, gsize length, GString *out) {
  g_auto(GsWireEnvelope) envelope = {0};
  g_autoptr(GError) error = NULL;
  if (!length)
    return refuse(out, 400, "the body is empty; it must be a message in JSON");
  if (!gs_wire_decode(&envelope, body, length, &error))
    return refuse(out, 400, error->message);
  if (!may_call(routes, port, &envelope, &error))
    return refuse(out, 403, error->message);
  g_autoptr(GString) why = g_string_new(NULL);
  switch (gs_gateway_post(routes->gateway, port, &envelope, length, why)) {
  case GS_POST_FULL:
    return refuse(out, 503, "the node's mailbox is full; try again later");
  case GS_POST_CLOSED:
    return refuse(out, 503, "the node is shutting down");
  case GS_POST_ID_TAKEN:
    return refuse(out, 409, why->str);
  case GS_POST_ID_ASKED:
  case GS_POST_PEERS_FULL:
    return refuse(out, 503, why->str);
  case GS_POST_ACCEPTED:
    break;
  }
  return 200;
}

static void answer_messaging(GsRoutes *routes, GsPort *port, const GsHttpRequest *request,
                             GsHttpResponse *response) {
  response->status =
      gs_routes_post(routes, port, request->body, request->body_length, response->body);
  if (response->status == 503)
    response->retry_after_s = RETRY_AFTER_S;
}

static void answer_events(GsRoutes *routes, GsPort *port, GsHttpResponse *response) {
  if (!gs_http_response_events(response))
    return;
  g_atomic_int_set(&routes->listeners, 1);
  gs_gateway_wake(routes->gateway);
  g_string_append(response->body, "event: state\ndata: ");
  gs_answer_state_event(port, response->body);
  g_string_append(response->body, "\n\n");
}

static bool method_fits(Page page, const char *method, GsHttpResponse *response) {
  bool is_get = strcmp(method, "GET") == 0;
  bool fits = is_get || strcmp(method, page == MESSAGING ? "POST" : "HEAD") == 0;
  if (fits)
    return true;
  if (strcmp(method, "OPTIONS") != 0)
    gs_http_response_error(response, 405, NULL);
  response->allow = page == MESSAGING ? "GET, POST, OPTIONS" : "GET, HEAD, OPTIONS";
  return false;
}

static bool may_ask(const GsRoutes *routes, Page page, const GsHttpRequest *request,
                    GsHttpResponse *response) {
  if (!routes->token || page == HEALTH ||
      gs_routes_token_fits(request->authorization, routes->token))
    return true;
  gs_http_response_error(response, 401,
                         "the request must carry the node's token: Authorization: Bearer TOKEN");
  response->www_authenticate = "Bearer";
  return false;
}

void gs_routes_handle(const GsHttpRequest *request, GsHttpResponse *response, void *data) {
  GsRoutes *routes = data;
  GsPort *port = &routes->ports[request->address];
  Page page = find_page(request->path);
  if (page == NO_PAGE) {
    gs_http_response_error(response, 404, NULL);
    return;
  }
  if (!may_ask(routes, page, request, response) || !method_fits(page, request->method, response))
    return;
  switch (page) {
  case MESSAGING:
    answer_messaging(routes, port, request, response);
    break;
  case STATE:
    gs_answer_state(routes, port, response->body);
    break;
  case METRICS:
    response->content_type = METRICS_TYPE;
    gs_answer_metrics(routes, port, request->address, response->body);
    break;
  case EVENTS:
    answer_events(routes, port, response);
    break;
  case HEALTH:
    g_string_append(response->body, "{\"status\": \"ok\"}\n");
    break;
  case NO_PAGE:
    break;
  }
}

/** Readers are told that events were left out. */
static void tell_skipped(GsRoutes *routes, double skipped_s) {
  g_autofree char *text =
      g_strdup_printf("event: skipped\ndata: {\"for_ms\": %.0f}\n\n", ceil(skipped_s * 1e3));
  for (guint i = 0; i < routes->port_count; i++)
    gs_http_server_publish(routes->server, i, text, strlen(text));
}

/** Whether somebody may read events, and there is time to write them; asks the server now and then.
 */
static bool have_listeners(void *data) {
  GsRoutes *routes = data;
  routes->writes = false;
  if (!g_atomic_int_get(&routes->listeners))
    return false;
  GsHttpServerStats stats;
  g_atomic_int_set(&routes->listeners, 0);
  gs_http_server_stats(routes->server, GS_HTTP_ALL_ADDRESSES, &stats);
  if (!stats.streams)
    return false;
  g_atomic_int_set(&routes->listeners, 1);
  double skipped_s;
  routes->writes = gs_event_share_allows(&routes->share, gs_clock_s(), &skipped_s);
  if (skipped_s > 0)
    tell_skipped(routes, skipped_s);
  return routes->writes;
}

/** Over HTTP an event is what has happened to the node. */
static const char *event_name(GsTraceKind kind) {
  switch (kind) {
  case GS_TRACE_SEND:
    return "sent";
  case GS_TRACE_DELIVERY:
    return "received";
  case GS_TRACE_DROP:
    return "dropped";
  default:
    return gs_trace_event_name(kind);
  }
}

static void append_event(GString *text, const GsRunView *view, const GsTraceRecord *record) {
  g_string_append_printf(text, "event: %s\ndata: ", event_name(record->kind));
  gs_trace_format(text, view, record);
  g_string_append(text, "\n\n");
}

/** Up to the time that there is. */
static void publish_events(GsRoutes *routes, const GsRunView *view, const GsTraceRecord *records,
                           guint count, double end_s) {
  g_autoptr(GString) text = g_string_new(NULL);
  const GsPort *port = NULL;
  for (guint i = 0; i < count; i++) {
    const GsPort *of = gs_gateway_port(routes->gateway, records[i].node);
    if (!of || !gs_trace_is_told(&records[i]))
      continue;
    if (of != port && text->len > 0) {
      gs_http_server_publish(routes->server, (guint)(port - routes->ports), text->str, text->len);
      g_string_truncate(text, 0);
    }
    if (i % EVENTS_BETWEEN_LOOKS == 0 && gs_clock_s() > end_s)
      break;
    port = of;
    append_event(text, view, &records[i]);
  }
  if (text->len > 0)
    gs_http_server_publish(routes->server, (guint)(port - routes->ports), text->str, text->len);
}

static void happened(const GsRunView *view, const GsTraceRecord *records, guint count, void *data) {
  GsRoutes *routes = data;
  if (!routes->writes)
    return;
  double began_s = gs_clock_s();
  publish_events(routes, view, records, count, began_s + routes->share.left_s);
  double now_s = gs_clock_s();
  gs_event_share_spend(&routes->share, now_s, now_s - began_s);
  routes->writes = !routes->share.paused;
  if (routes->share.paused)
    __atomic_add_fetch(&routes->event_pauses, 1, __ATOMIC_RELAXED);
}

static void state_changed(GsPort *port, void *data) {
  GsRoutes *routes = data;
  if (!g_atomic_int_get(&routes->listeners))
    return;
  g_autoptr(GString) text = g_string_new("event: state\ndata: ");
  gs_answer_state_event(port, text);
  g_string_append(text, "\n\n");
  gs_http_server_publish(routes->server, (guint)(port - routes->ports), text->str, text->len);
}

GsGatewayEvents gs_routes_events(GsRoutes *routes) {
  return (GsGatewayEvents){.listens = have_listeners,
                           .happened = happened,
                           .state_changed = state_changed,
                           .data = routes};
}

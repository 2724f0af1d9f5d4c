/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "sim/http/allow.h"
#include "sim/http/server.h"
#include "sim/serve/event_share.h"
#include "sim/serve/gateway.h"

/**
 * What an exposed node answers over HTTP: /messaging as documented (see
 * docs/PROTOCOL.md), and beyond it /state, /metrics, /events and /health.
 */
typedef struct {
  GsGateway *gateway;
  GsPort *ports; /**< by the index of the address that they listen on */
  guint port_count;
  const GsHttpAllow *allow; /**< who may be named as a sibling */
  const char *token;        /**< what requests must carry; NULL: nothing */
  GsHttpServer *server;
  const GsRecoveryRules *recovery; /**< that its nodes have; NULL: none */
  gint listeners;                  /**< atomic: event streams may be open */
  uint64_t event_pauses;           /**< atomic: how often events were left out */
  /* The coordinator's own. */
  GsEventShare share; /**< begun with gs_event_share_init */
  bool writes;        /**< events, since somebody may read them and there is time */
} GsRoutes;

/** A GsHttpHandle; `data` is a GsRoutes. */
void gs_routes_handle(const GsHttpRequest *request, GsHttpResponse *response, void *data);

/**
 * What /messaging answers to a body, without HTTP around it; appends the JSON of
 * an error to `out` and returns the status. For the handler and for fuzzing.
 */
guint gs_routes_post(GsRoutes *routes, GsPort *port, const char *body, gsize length, GString *out);
/** Whether "Bearer TOKEN" is the token; takes the same time wherever they differ. */
bool gs_routes_token_fits(const char *authorization, const char *token);

/**
 * Has events written for those who read them, as long as there is time for that: what happened, and
 * states that changed. `routes` is borrowed.
 */
GsGatewayEvents gs_routes_events(GsRoutes *routes);

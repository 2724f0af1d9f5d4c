/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/clock.h"
#include "sim/http/server_parts.h"

/* Who makes room when all connections are taken. On one machine all clients have
 * the same address, so that a limit for it would be one for everybody. Instead
 * each listening address has a share: where it has more than that, its
 * connections that wait make room for others, idle ones first. */

/** Connections that are looked at for one to give way; the next look begins behind them. */
#define LOOK_MAX 512u
/** A request that is on its way for so long may give way for one on the same address. */
#define PARTIAL_S 1.0
#define MOST_WILLING 3u

/** Connections that each listening address may have, whatever others have. */
static guint share_of(const GsHttpServer *server) {
  return MAX(server->limits.connections_max / gs_http_listener_count(server->listener), 1);
}

/** How willingly a connection gives way, up to MOST_WILLING; 0: not at all. */
static guint willingness(GsHttpServer *server, GsHttpConnection *connection, guint for_address,
                         double now) {
  if (connection->leaving || !gs_http_is_waiting(connection))
    return 0;
  bool own = connection->address == for_address, idle = !connection->watched;
  bool over = server->open_at[connection->address] + own > share_of(server);
  if (over && idle)
    return MOST_WILLING;
  if (over && (!own || now - connection->since > PARTIAL_S))
    return 2;
  return own && idle;
}

GsHttpConnection *gs_http_who_gives_way(GsHttpServer *server, guint for_address) {
  GsHttpConnection *found = NULL;
  guint best = 0;
  double now = gs_clock_s();
  guint count = server->connections->len;
  for (guint i = 0; i < MIN(count, LOOK_MAX) && best < MOST_WILLING; i++) {
    server->look_next = (server->look_next + 1) % count;
    GsHttpConnection *connection = server->connections->pdata[server->look_next];
    guint willing = willingness(server, connection, for_address, now);
    if (willing > best) {
      best = willing;
      found = connection;
    }
  }
  return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "core/wire/wire.h"
#include "tests/sim/http/http_listener.h"

/**
 * For tests of serving: a scenario that is served, and foreign nodes beside it
 * that speak the wire protocol by hand, so that they can also do what no node
 * would. Everything asserts, and waits for what should happen for ten seconds.
 */

typedef struct GsTestServe GsTestServe;

/** Serves a scenario (' for ") of the nodes A, B, …, all exposed at free ports. */
GsTestServe *gs_test_serve_new(const char *scenario);
/** Where a node of it is ('A' is the first). */
const char *gs_test_serve_address(GsTestServe *serve, char node);
/** Sends a body (' for ") to a node, which must be answered with 200. */
void gs_test_serve_tell(GsTestServe *serve, char node, const char *format, ...) G_GNUC_PRINTF(3, 4);
/** A node's /state; free with g_free. */
char *gs_test_serve_state(GsTestServe *serve, char node);
/** Whether a node's /state has this text, now or soon. */
bool gs_test_serve_says(GsTestServe *serve, char node, const char *text);
#define gs_test_serve_soon(serve, node, text)                                                      \
  do {                                                                                             \
    bool soon_ = gs_test_serve_says(serve, node, text);                                            \
    g_autofree char *state_ = gs_test_serve_state(serve, node);                                    \
    cr_assert(soon_, "%s is not in %s", text, state_);                                             \
  } while (0)
/** Ends it; every message that was accepted must be handled, and none left. */
void gs_test_serve_end(GsTestServe *serve);

/** A foreign node, which answers 200 to everything unless its steps say otherwise. */
typedef struct {
  int64_t id;
  const char *name;
  int64_t net; /**< of itself, as be_leaves() tells it */
  GsTestListener *listener;
  guint read; /**< requests that were taken */
} GsForeign;

void gs_foreign_start(GsForeign *foreign, int64_t id, const char *name, const GsTestStep *steps,
                      guint count);
const char *gs_foreign_address(const GsForeign *foreign);
/** Asserts that it was sent no message twice. */
void gs_foreign_end(GsForeign *foreign);
/** Its next message; free with gs_wire_envelope_clear. */
GsWireEnvelope gs_foreign_take(GsForeign *foreign);
/** The same, which must be such a message. */
GsWireEnvelope gs_foreign_expect(GsForeign *foreign, GsEnvelopeType env, GsMessageType type);
/** That no further message comes within a quarter of a second. */
void gs_foreign_quiet(GsForeign *foreign);

/** A new UUID; free with g_free. */
char *gs_foreign_uuid(void);
char *gs_foreign_uuid_text(GsMasterId id);

/** It asks a node to be its sibling, and gets the Response. */
void gs_foreign_befriend(GsForeign *foreign, GsTestServe *serve, char node);
/** A Response of nets such as "'91': 7" to an Ask that came from the node. */
void gs_foreign_answer(GsTestServe *serve, char node, const GsWireEnvelope *ask, const char *nets);
/**
 * Both (the second may be NULL) answer a node's Asks with their nets, as nodes without other
 * siblings, until every own node's /state has the text, and nothing is open or under way.
 */
void gs_foreign_be_leaves(GsForeign *one, GsForeign *other, GsTestServe *serve, char node,
                          const char *until);

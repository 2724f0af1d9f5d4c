/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/serve/serve.h"
#include "tests/sim/http/http_support.h"

/** A grid that is served in a thread of its own while a test is its client. */
typedef struct {
  GsServeOptions options; /**< to be changed before it begins */
  GsHttpLimits limits;    /**< the defaults, to be changed before it begins */
  GsServeReport report;   /**< after the end */

  GsScenario *scenario;
  GsExposures exposures;
  GsHttpAllow *allow;
  GsResults *results;
  GPtrArray *addresses; /**< of the nodes, in the scenario's order */
  pthread_t thread;
  pthread_mutex_t mutex; /**< of `started` */
  pthread_cond_t change;
  bool started;
  gint stop;
} GsServedGrid;

/** Takes the scenario, whose nodes are all exposed at free ports. */
void gs_served_prepare(GsServedGrid *grid, GsScenario *scenario);
void gs_served_begin(GsServedGrid *grid);
/** Ends it and asserts that nothing accepted is unaccounted for. */
void gs_served_end(GsServedGrid *grid);

const char *gs_served_at(const GsServedGrid *grid, guint node);
/** Posts a body of this length to a node's /messaging. */
GsTestReply gs_served_post(const GsServedGrid *grid, guint node, const char *body, gsize length);
/** The same with a text that may use ' for ", and only the status. */
guint gs_served_tell(const GsServedGrid *grid, guint node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** A node's /state. */
GString *gs_served_state(const GsServedGrid *grid, guint node);
/** Waits until the text (' for ") is in a node's /state; fails the test if it never is. */
void gs_served_await(const GsServedGrid *grid, guint node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** A whole number of a node's /state by the name of its member. */
int64_t gs_served_number(const GsServedGrid *grid, guint node, const char *member);
/** Asserts that the node still does what it is told, by changing its energy to something new. */
void gs_served_assert_lives(const GsServedGrid *grid, guint node);

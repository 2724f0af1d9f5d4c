/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * A peer for tests of HTTP clients, on raw sockets: it answers with the bytes it
 * is told to, and keeps what it was sent. One thread; everything asserts.
 */
typedef struct GsTestListener GsTestListener;

typedef enum {
  GS_TEST_KEEP,  /**< leaves the connection open */
  GS_TEST_CLOSE, /**< closes it */
  GS_TEST_RESET, /**< resets it */
} GsTestThen;

/** What to do with one request; by default to leave it without an answer. */
typedef struct {
  const char *answer; /**< its bytes; NULL for none */
  gsize length;       /**< how many of them; 0 for all */
  gsize padding;      /**< so many 'x' after it */
  guint delay_ms;     /**< before all that */
  guint read_bytes;   /**< acts once so much of the request is there; 0 for all of it */
  bool at_once;       /**< acts as soon as there is a connection */
  GsTestThen then;
} GsTestStep;

#define GS_TEST_200 "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define GS_TEST_404 "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"

/** Listens on a free port of 127.0.0.1. The last step is for all further requests. */
GsTestListener *gs_test_listener_new(const GsTestStep *steps, guint count);
/** The same at a port that one had before. */
GsTestListener *gs_test_listener_new_at(uint16_t port, const GsTestStep *steps, guint count);
/** "127.0.0.1:port"; lives as long as it. */
const char *gs_test_listener_address(const GsTestListener *listener);
uint16_t gs_test_listener_port(const GsTestListener *listener);
/** Connections so far. */
guint gs_test_listener_connections(GsTestListener *listener);
/** Whole requests so far. */
guint gs_test_listener_requests(GsTestListener *listener);
/** Head (to its empty line) or body of one of them; free with g_free. */
char *gs_test_listener_head(GsTestListener *listener, guint index);
char *gs_test_listener_body(GsTestListener *listener, guint index);
void gs_test_listener_free(GsTestListener *listener);

/** A port of 127.0.0.1 that nobody listens on, as "127.0.0.1:port"; free with g_free. */
char *gs_test_dead_address(void);
/** One that lets no connection come about: neither accepted nor refused. */
char *gs_test_silent_address(void);

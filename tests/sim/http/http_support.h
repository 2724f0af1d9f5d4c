/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/** A bare HTTP client for tests: sends any bytes, and asserts that the sockets work. */

/** Connects to "HOST:PORT" with an IP address. The caller closes it. */
int gs_test_connect(const char *address);
/** Sends it all; false when the other side has closed. */
bool gs_test_send(int fd, const char *bytes, gsize length);
bool gs_test_send_text(int fd, const char *text);

typedef struct {
  guint status;  /**< 0: none came */
  char *head;    /**< status line and headers */
  GString *body; /**< as far as Content-Length says */
} GsTestReply;

/** Reads one response; status 0 if the connection ended or the time passed before. */
GsTestReply gs_test_read_reply(int fd, double seconds);
void gs_test_reply_clear(GsTestReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsTestReply, gs_test_reply_clear)
/** Whether the head has this line, in any case. */
bool gs_test_reply_has(const GsTestReply *reply, const char *line);

/** A connection of its own: sends the text and reads one response. */
GsTestReply gs_test_ask(const char *address, const char *text);
/** Appends what arrives until the text is in it, the end or the time; whether the text is in it. */
bool gs_test_read_until(int fd, GString *out, const char *text, double seconds);
/** Throws away what arrives; whether the other side closes within that time. */
bool gs_test_is_closed(int fd, double seconds);

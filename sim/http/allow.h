/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/socket.h>

/**
 * Which addresses may be called. Since a message can name an address to call,
 * only this machine's loopback may be (127.0.0.0/8, ::1 and "localhost") until
 * the user adds more. An IPv4 address written inside an IPv6 one (::ffff:a.b.c.d)
 * counts as the IPv4 address that it stands for. Nothing here looks names up.
 *
 * Readers may share one between threads as long as nobody adds to it.
 */
typedef struct GsHttpAllow GsHttpAllow;

/** Loopback only. Free with gs_http_allow_free. */
GsHttpAllow *gs_http_allow_new(void);
GsHttpAllow *gs_http_allow_copy(const GsHttpAllow *allow);
/** NULL is fine. */
void gs_http_allow_free(GsHttpAllow *allow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsHttpAllow, gs_http_allow_free)

/**
 * Allows more: a range ("10.0.0.0/8", "fd00::/8"), an address ("192.168.1.5",
 * "::1") or a host name ("meter.example"), which is then allowed exactly as it
 * is written, in either case of letters, whatever it resolves to. GS_ERROR_INPUT
 * for anything else: a port, a range that does not start at its first address,
 * or a name that some programs would read as a number.
 */
bool gs_http_allow_add(GsHttpAllow *allow, const char *text, GError **error);

/**
 * Whether "host:port" or "[IPv6]:port" may be called. GS_ERROR_INPUT with the
 * form that is wrong, or the option that would allow the address.
 */
bool gs_http_allow_check(const GsHttpAllow *allow, const char *address, GError **error);

/**
 * Whether a connection for `address`, which passed gs_http_allow_check, may be
 * opened to `socket_address`: for "localhost" to loopback only, for an allowed
 * name to any IPv4 or IPv6 address, for the rest to an allowed range only.
 */
bool gs_http_allow_socket(const GsHttpAllow *allow, const char *address,
                          const struct sockaddr *socket_address, socklen_t length);

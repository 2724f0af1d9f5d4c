/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Addresses "HOST:PORT": one form wherever one is given, in messages, scenarios and options.
 * Pure; nothing is looked up.
 */

/** What every message says of an address that is none. */
#define GS_ADDRESS_FORM "HOST:PORT with a port from 1 to 65535"
/** Longest host, as in the domain name system. */
#define GS_HOST_BYTES_MAX 253

/**
 * Splits an address: a host that gs_host_is_good, or an IPv6 address in brackets, and a port
 * without leading zeros from `port_min`: 1, or 0 where that means any free port. `host_length`
 * (with the brackets) and `port` may be NULL, and stay as they are where it is false.
 */
bool gs_address_split(const char *text, uint16_t port_min, gsize *host_length, uint16_t *port);

/** 1 to GS_HOST_BYTES_MAX letters, digits, '.', '-' and '_': a name or an IPv4 address. */
bool gs_host_is_good(const char *text, gsize length);

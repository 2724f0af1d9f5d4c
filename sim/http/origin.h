/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/http/head.h"

/**
 * Who may ask by which name. A node listens on this machine, and so do browsers:
 * any page that is open in one can make it send requests here. A page of another
 * site says so (`Origin`, RFC 6454; `Sec-Fetch-Site`), and a page whose own name
 * was made to lead here (DNS rebinding) asks for that name, where an address
 * cannot be made to lead elsewhere.
 */

/** What a request says about that, each NULL where it says nothing; borrowed. */
typedef struct {
  const char *host;       /**< the Host header */
  const char *target;     /**< of the request line; may begin with "http://HOST" */
  const char *origin;     /**< the Origin header */
  const char *fetch_site; /**< the Sec-Fetch-Site header */
} GsHttpOrigin;

/** Whether a text is the name of a machine: letters, digits, hyphens, underscores and dots. */
bool gs_http_is_host_name(const char *text);
/**
 * Whether the request may be answered: 400 for a Host that is none, 421 for one
 * that is a name other than `localhost` and `names` (NULL-terminated, may be
 * NULL), 403 for pages of others. Addresses of any form are allowed, and so is
 * saying nothing: curl, nodes and programs do. Pure.
 */
bool gs_http_origin_check(const GsHttpOrigin *origin, const char *const *names,
                          GsHttpComplaint *complaint);

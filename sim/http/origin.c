/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/origin.h"

#include <arpa/inet.h>
#include <string.h>

#include "core/address.h"

#define SCHEME "http://"

static bool refuse(GsHttpComplaint *complaint, guint status, const char *description) {
  *complaint = (GsHttpComplaint){status, description};
  return false;
}

bool gs_http_is_host_name(const char *text) {
  return text[0] != '.' && gs_host_is_good(text, strlen(text));
}

/** HTTP allows a Host to have a colon and no port, and a dot behind its name. */
static bool is_port(const char *text) {
  return *text == '\0' || (*text == ':' && strspn(text + 1, "0123456789") == strlen(text + 1));
}

/** HOST or HOST:PORT of `length` bytes without the port, in small letters; NULL if it is none. */
static char *host_of(const char *text, gsize length) {
  g_autofree char *all = g_ascii_strdown(text, (gssize)length);
  gsize end = all[0] == '[' ? strcspn(all, "]") + 1 : strcspn(all, ":");
  if (end > length || !is_port(all + end) || end == 0 || end > GS_HOST_BYTES_MAX + 1)
    return NULL;
  all[end] = '\0';
  return strpbrk(all, " \t@/?#\\") ? NULL : g_steal_pointer(&all);
}

static bool is_address(const char *host) {
  struct in6_addr six;
  struct in_addr four;
  gsize length = strlen(host);
  if (host[0] != '[')
    return inet_pton(AF_INET, host, &four) == 1;
  g_autofree char *inside = g_strndup(host + 1, length - 2);
  return inet_pton(AF_INET6, inside, &six) == 1;
}

/** A dot at the end says that the name is whole, which it always is here. */
static bool is_name(const char *host, const char *name) {
  gsize length = strlen(host);
  length -= length > 1 && host[length - 1] == '.';
  return strlen(name) == length && g_ascii_strncasecmp(host, name, length) == 0;
}

static bool check_host(const char *text, gsize length, const char *const *names,
                       GsHttpComplaint *complaint) {
  g_autofree char *host = host_of(text, length);
  if (!host)
    return refuse(complaint, 400, "the Host is neither HOST nor HOST:PORT");
  if (is_address(host) || is_name(host, "localhost"))
    return true;
  for (; names && *names; names++)
    if (is_name(host, *names))
      return true;
  return refuse(complaint, 421,
                "the Host is a name that this server was not told; allowed are addresses, "
                "localhost and the names given by --allow-host");
}

static bool is_same_origin(const GsHttpOrigin *origin) {
  return origin->host && g_ascii_strncasecmp(origin->origin, SCHEME, strlen(SCHEME)) == 0 &&
         g_ascii_strcasecmp(origin->origin + strlen(SCHEME), origin->host) == 0;
}

/** What a page of another port asks for by an image or a frame comes without an Origin: same-site.
 */
static bool is_own_site(const char *fetch_site) {
  return g_ascii_strcasecmp(fetch_site, "same-origin") == 0 ||
         g_ascii_strcasecmp(fetch_site, "none") == 0;
}

bool gs_http_origin_check(const GsHttpOrigin *origin, const char *const *names,
                          GsHttpComplaint *complaint) {
  if (origin->host && !check_host(origin->host, strlen(origin->host), names, complaint))
    return false;
  if (origin->target && g_ascii_strncasecmp(origin->target, SCHEME, strlen(SCHEME)) == 0) {
    const char *host = origin->target + strlen(SCHEME);
    if (!check_host(host, strcspn(host, "/?#"), names, complaint))
      return false;
  }
  if (origin->fetch_site && !is_own_site(origin->fetch_site))
    return refuse(complaint, 403, "pages of others may not use this server (Sec-Fetch-Site)");
  if (origin->origin && !is_same_origin(origin))
    return refuse(complaint, 403, "pages of another origin may not use this server (Origin)");
  return true;
}

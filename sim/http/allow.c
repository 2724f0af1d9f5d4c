/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/http/allow.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "core/address.h"
#include "core/error.h"
#include "sim/base/quote.h"

/** An IPv4 or IPv6 address; as a range, the addresses that share its first `bits`. */
typedef struct {
  guint8 bytes[16];
  guint bits;
  bool v6;
} Range;

struct GsHttpAllow {
  GArray *ranges;   /**< of Range; the first LOOPBACKS are always there */
  GPtrArray *names; /**< of char *, in lower case; "localhost" is never among them */
};

static const Range LOOPBACKS[] = {
    {.bytes = {127}, .bits = 8},
    {.bytes = {[15] = 1}, .bits = 128, .v6 = true},
};

static guint width(const Range *range) {
  return range->v6 ? 128 : 32;
}

static Range from_v4(const void *bytes) {
  Range range = {.bits = 32};
  memcpy(range.bytes, bytes, 4);
  return range;
}

/** As an IPv4 address where it stands for one. */
static Range from_v6(const void *bytes) {
  struct in6_addr address;
  memcpy(&address, bytes, sizeof address);
  if (IN6_IS_ADDR_V4MAPPED(&address))
    return from_v4(address.s6_addr + 12);
  Range range = {.bits = 128, .v6 = true};
  memcpy(range.bytes, address.s6_addr, 16);
  return range;
}

static bool parse_literal(const char *text, Range *out) {
  guint8 bytes[16];
  if (inet_pton(AF_INET, text, bytes) == 1)
    *out = from_v4(bytes);
  else if (inet_pton(AF_INET6, text, bytes) == 1)
    *out = from_v6(bytes);
  else
    return false;
  return true;
}

/** Cuts off the bits behind the prefix; true when one was set. */
static bool cut(Range *range) {
  bool had = false;
  for (guint bit = range->bits; bit < width(range); bit++) {
    guint8 mask = (guint8)(0x80u >> bit % 8);
    had = had || range->bytes[bit / 8] & mask;
    range->bytes[bit / 8] &= (guint8)~mask;
  }
  return had;
}

static bool covers(const Range *range, const Range *address) {
  if (range->v6 != address->v6)
    return false;
  Range first = *address;
  first.bits = range->bits;
  cut(&first);
  return memcmp(first.bytes, range->bytes, sizeof first.bytes) == 0;
}

static bool covered(const Range *ranges, guint count, const Range *address) {
  for (guint i = 0; i < count; i++)
    if (covers(&ranges[i], address))
      return true;
  return false;
}

static bool is_localhost(const char *host) {
  return g_ascii_strcasecmp(host, "localhost") == 0;
}

static bool is_allowed_name(const GsHttpAllow *allow, const char *host) {
  for (guint i = 0; i < allow->names->len; i++)
    if (g_ascii_strcasecmp(allow->names->pdata[i], host) == 0)
      return true;
  return false;
}

/** A host with inner dots only; its last part no number, in any base. */
static bool is_name(const char *text) {
  gsize length = strlen(text);
  if (!gs_host_is_good(text, length) || strstr(text, ".."))
    return false;
  if (text[0] == '.' || text[length - 1] == '.')
    return false;
  const char *dot = strrchr(text, '.'), *last = dot ? dot + 1 : text;
  return last[strspn(last, "0123456789")] && g_ascii_strncasecmp(last, "0x", 2) != 0;
}

GsHttpAllow *gs_http_allow_new(void) {
  GsHttpAllow *allow = g_new(GsHttpAllow, 1);
  allow->ranges = g_array_new(FALSE, FALSE, sizeof(Range));
  g_array_append_vals(allow->ranges, LOOPBACKS, G_N_ELEMENTS(LOOPBACKS));
  allow->names = g_ptr_array_new_with_free_func(g_free);
  return allow;
}

GsHttpAllow *gs_http_allow_copy(const GsHttpAllow *allow) {
  GsHttpAllow *copy = g_new(GsHttpAllow, 1);
  copy->ranges = g_array_copy(allow->ranges);
  copy->names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < allow->names->len; i++)
    g_ptr_array_add(copy->names, g_strdup(allow->names->pdata[i]));
  return copy;
}

void gs_http_allow_free(GsHttpAllow *allow) {
  if (!allow)
    return;
  g_array_unref(allow->ranges);
  g_ptr_array_unref(allow->names);
  g_free(allow);
}

static bool fail(GError **error, const char *text, const char *reason) {
  g_autofree char *quoted = gs_quote(text);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s %s", quoted, reason);
  return false;
}

static bool add_range(GsHttpAllow *allow, const char *text, const char *slash, GError **error) {
  g_autofree char *host = g_strndup(text, (gsize)(slash - text));
  Range range;
  guint64 bits = 0;
  if (!parse_literal(host, &range))
    return fail(error, text, "is not a range of addresses; write it as 10.0.0.0/8 or fd00::/8");
  /* ::ffff:a.b.c.d/n is a range of the IPv4 addresses inside. */
  guint inside = strchr(host, ':') && !range.v6 ? 96 : 0;
  if (!g_ascii_string_to_unsigned(slash + 1, 10, inside, width(&range) + inside, &bits, NULL)) {
    g_autofree char *reason = g_strdup_printf("is not a range of addresses; behind the / is a "
                                              "number from %u to %u",
                                              inside, width(&range) + inside);
    return fail(error, text, reason);
  }
  range.bits = (guint)bits - inside;
  if (cut(&range)) {
    char first[INET6_ADDRSTRLEN];
    inet_ntop(range.v6 ? AF_INET6 : AF_INET, range.bytes, first, sizeof first);
    g_autofree char *reason = g_strdup_printf(
        "does not start at its first address; did you mean %s/%u?", first, range.bits);
    return fail(error, text, reason);
  }
  g_array_append_val(allow->ranges, range);
  return true;
}

bool gs_http_allow_add(GsHttpAllow *allow, const char *text, GError **error) {
  Range range;
  const char *slash = strchr(text, '/');
  if (slash)
    return add_range(allow, text, slash, error);
  if (parse_literal(text, &range)) {
    g_array_append_val(allow->ranges, range);
    return true;
  }
  if (gs_address_split(text, 1, NULL, NULL))
    return fail(error, text, "has a port; write the host alone, all its ports are allowed");
  if (!is_name(text))
    return fail(error, text,
                "is neither a range (10.0.0.0/8), an address (192.168.1.5) nor a host name");
  if (!is_localhost(text) && !is_allowed_name(allow, text))
    g_ptr_array_add(allow->names, g_ascii_strdown(text, -1));
  return true;
}

/** The host of an address, without brackets. */
static char *host_of(const char *address, bool *bracketed) {
  gsize length;
  if (!gs_address_split(address, 1, &length, NULL))
    return NULL;
  *bracketed = address[0] == '[';
  return g_strndup(address + *bracketed, length - 2 * *bracketed);
}

bool gs_http_allow_check(const GsHttpAllow *allow, const char *address, GError **error) {
  bool bracketed = false;
  g_autofree char *host = host_of(address, &bracketed);
  if (!host)
    return fail(error, address, "is no address " GS_ADDRESS_FORM);
  Range literal;
  if (bracketed ? !strchr(host, ':') || !parse_literal(host, &literal)
                : !parse_literal(host, &literal)) {
    if (bracketed || !is_name(host))
      return fail(error, address, "has a host that is neither an address nor a name");
    if (is_localhost(host) || is_allowed_name(allow, host))
      return true;
  } else if (covered((const Range *)(const void *)allow->ranges->data, allow->ranges->len,
                     &literal)) {
    return true;
  }
  g_autofree char *reason =
      g_strdup_printf("may not be called, since only this machine may unless you say more; "
                      "--allow-peer %s allows it",
                      host);
  return fail(error, address, reason);
}

bool gs_http_allow_socket(const GsHttpAllow *allow, const char *address,
                          const struct sockaddr *socket_address, socklen_t length) {
  Range to;
  if (socket_address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
    struct sockaddr_in v4;
    memcpy(&v4, socket_address, sizeof v4);
    to = from_v4(&v4.sin_addr);
  } else if (socket_address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
    struct sockaddr_in6 v6;
    memcpy(&v6, socket_address, sizeof v6);
    to = from_v6(&v6.sin6_addr);
  } else {
    return false;
  }
  bool bracketed = false;
  g_autofree char *host = host_of(address, &bracketed);
  if (!host)
    return false;
  if (is_localhost(host))
    return covered(LOOPBACKS, G_N_ELEMENTS(LOOPBACKS), &to);
  if (is_allowed_name(allow, host))
    return true;
  return covered((const Range *)(const void *)allow->ranges->data, allow->ranges->len, &to);
}

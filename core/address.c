/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/address.h"

#include <string.h>

bool gs_host_is_good(const char *text, gsize length) {
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum(text[i]) && !memchr(".-_", text[i], 3))
      return false;
  return length > 0 && length <= GS_HOST_BYTES_MAX;
}

/** Only whether it looks like one: that is for who calls it to find out. */
static bool is_bracketed(const char *text, gsize length) {
  if (length <= 2 || length > GS_HOST_BYTES_MAX || text[0] != '[' || text[length - 1] != ']')
    return false;
  for (gsize i = 1; i < length - 1; i++)
    if (!g_ascii_isxdigit(text[i]) && text[i] != ':' && text[i] != '.')
      return false;
  return true;
}

bool gs_address_split(const char *text, uint16_t port_min, gsize *host_length, uint16_t *port) {
  const char *colon = strrchr(text, ':');
  gsize length = colon ? (gsize)(colon - text) : 0;
  if (!gs_host_is_good(text, length) && !is_bracketed(text, length))
    return false;
  uint32_t number = 0;
  const char *at = colon + 1;
  for (; g_ascii_isdigit(*at) && at - colon <= 5; at++)
    number = number * 10 + (uint32_t)(*at - '0');
  bool zeros = colon[1] == '0' && colon[2] != '\0';
  if (*at || at == colon + 1 || zeros || number < port_min || number > UINT16_MAX)
    return false;
  if (host_length)
    *host_length = length;
  if (port)
    *port = (uint16_t)number;
  return true;
}

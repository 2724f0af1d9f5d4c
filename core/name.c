/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/name.h"

#include <string.h>

const char *gs_name_problem(const char *text) {
  gsize length = strlen(text);
  if (length == 0)
    return "is empty";
  if (length > GS_NAME_BYTES_MAX)
    return "is longer than " G_STRINGIFY(GS_NAME_BYTES_MAX) " bytes";
  if (!g_utf8_validate(text, (gssize)length, NULL))
    return "is not UTF-8";
  for (const char *at = text; *at; at += g_utf8_skip[(guchar)*at])
    if (g_unichar_iscntrl(g_utf8_get_char(at)))
      return "has a control character";
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/xml_text.h"

void gs_xml_append(GString *out, const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  for (char *at = valid; *at; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    if (c == '<')
      g_string_append(out, "&lt;");
    else if (c == '>')
      g_string_append(out, "&gt;");
    else if (c == '&')
      g_string_append(out, "&amp;");
    else if (c == '"')
      g_string_append(out, "&quot;");
    else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0xfffe || c == 0xffff)
      g_string_append_unichar(out, 0xfffd);
    else
      g_string_append_unichar(out, c);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/html.h"

#include <stddef.h>
#include <string.h>

#include "sim/report/web.h"

/** Styles and scripts are in the file itself; whatever else a page might ask for is refused. */
#define POLICY                                                                                     \
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

static void append_file(GString *out, const char *name) {
  size_t length;
  const char *text = gs_web_file(name, &length);
  g_string_append_len(out, text, (gssize)length);
  if (length == 0 || text[length - 1] != '\n')
    g_string_append_c(out, '\n');
}

static void append_script(GString *out, const char *name) {
  g_string_append(out, "<script>\n");
  append_file(out, name);
  g_string_append(out, "</script>\n");
}

/** In JSON these characters stand in strings only, where an escape says the same. */
static void append_json(GString *out, const char *json) {
  for (const char *at = json; *at;) {
    if (strchr("<>&", *at)) {
      g_string_append_printf(out, "\\u%04x", (unsigned)*at++);
    } else if (g_str_has_prefix(at, "\u2028") || g_str_has_prefix(at, "\u2029")) {
      g_string_append(out, at[2] == '\xa8' ? "\\u2028" : "\\u2029");
      at += strlen("\u2028");
    } else {
      g_string_append_c(out, *at++);
    }
  }
}

void gs_html_page(GString *out, const char *title, const char *page, const char *data_json) {
  g_autofree char *title_text = g_markup_escape_text(title, -1);
  g_autofree char *script = g_strconcat(page, ".js", NULL);
  g_string_append_printf(
      out,
      "<!DOCTYPE html>\n"
      "<html lang=\"en\">\n"
      "<head>\n"
      "<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"generator\" content=\"gridsim " GS_VERSION "\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<title>%s</title>\n"
      "<style>\n",
      title_text);
  append_file(out, "page.css");
  g_string_append(out,
                  "</style>\n"
                  "</head>\n"
                  "<body>\n"
                  "<noscript><p>This page draws its tables and charts with JavaScript, which is "
                  "off.</p></noscript>\n"
                  "<script type=\"application/json\" id=\"data\">");
  append_json(out, data_json);
  g_string_append(out, "</script>\n");
  append_script(out, "chart.min.js");
  append_script(out, "page.js");
  append_script(out, "charts.js");
  append_script(out, "graph.js");
  if (g_str_equal(page, "run")) {
    append_script(out, "faults.js");
    append_script(out, "spacetime.js");
  }
  append_script(out, script);
  g_string_append(out, "</body>\n</html>\n");
}

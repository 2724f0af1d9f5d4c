/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/warnings.h"

#include "sim/base/text.h"
#include "sim/report/print.h"

void gs_warning_write(GsJsonWriter *json, const GsWarning *warning) {
  gs_json_member_string(json, "kind", warning->kind);
  gs_json_member_string(json, "place", warning->place);
  gs_json_member_string(json, "text", warning->text);
  gs_json_member_int(json, "count", warning->count);
}

void gs_warnings_write(GsJsonWriter *json, const GPtrArray *warnings) {
  gs_json_write_key(json, "warnings");
  gs_json_begin_array(json);
  for (guint i = 0; i < warnings->len; i++) {
    gs_json_begin_object(json);
    gs_warning_write(json, warnings->pdata[i]);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

void gs_warnings_print(const GPtrArray *warnings, GsStyle style, GString *out) {
  if (warnings->len == 0)
    return;
  gs_print_section("Warnings", style, out);
  for (guint i = 0; i < warnings->len; i++) {
    g_autofree char *line = gs_warning_line(warnings->pdata[i]);
    g_autofree char *clean = gs_text_clean(line);
    g_string_append(out, gs_style_begin(style, GS_STYLE_NOTICE));
    gs_text_wrap(out, clean, 2, gs_print_width(style));
    g_string_append(out, gs_style_end(style, GS_STYLE_NOTICE));
  }
}

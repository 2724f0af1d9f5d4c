/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "sim/base/text.h"
#include "sim/report/style.h"

void gs_progress_init(GsProgressLine *line, bool wanted) {
  const char *term = g_getenv("TERM");
  bool able = term && *term && !g_str_equal(term, "dumb");
  *line = (GsProgressLine){.wanted = wanted && able && isatty(STDERR_FILENO)};
}

void gs_progress_estimate(GString *text, double part, double wall_s) {
  if (part <= 0 || part >= 1)
    return;
  double left = wall_s * (1 - part) / part;
  g_autofree char *time = gs_text_duration(((int64_t)left + 1) * GS_SECOND_NS);
  g_string_append_printf(text, "  about %s left", time);
}

/** What the line says: time, messages, rate, and how far it is; free with g_free. */
static char *describe(const GsRunProgress *progress) {
  g_autofree char *now = gs_text_duration(progress->now_ns);
  g_autofree char *messages = gs_text_count(progress->messages);
  double rate = progress->wall_s > 0 ? (double)progress->messages / progress->wall_s : 0;
  g_autofree char *per_second = gs_text_count((uint64_t)rate);
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "%s simulated  %s messages  %s/s", now, messages, per_second);
  if (progress->expected_messages > 0) {
    double part = (double)progress->messages / (double)progress->expected_messages;
    g_string_append_printf(out, "  %.0f %%", 100 * MIN(part, 1.0));
    gs_progress_estimate(out, part, progress->wall_s);
  }
  return g_string_free(out, FALSE);
}

void gs_progress_show(GsProgressLine *line, const GsRunProgress *progress) {
  g_autofree char *text = describe(progress);
  gs_progress_say(line, text, progress->wall_s);
}

void gs_progress_say(GsProgressLine *line, const char *text, double wall_s) {
  if (!line->wanted || wall_s < 1)
    return;
  g_autofree char *fitting = gs_text_fit(text, gs_style_columns(stderr) - 1);
  fprintf(stderr, "\r\033[K%s", fitting);
  fflush(stderr);
  line->shown = true;
}

void gs_progress_clear(GsProgressLine *line) {
  if (!line->shown)
    return;
  fputs("\r\033[K", stderr);
  fflush(stderr);
  line->shown = false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/json/json.h"
#include "sim/report/trace_lines.h"
#include "tests/sim/sim_support.h"

/*
 * Runs as timed transcripts, kept in tests/golden/ to be read. After a change
 * that is meant to change them: GS_GOLDEN_WRITE=1 make test, and read the diff.
 */

#define GOLDEN "tests/golden"

static const struct {
  const char *transcript, *scenario;
  bool sends; /**< also when messages are sent ("->"; arrivals are then "=>") */
} cases[] = {
    {"readme", GS_TEST_SCENARIOS "/readme.json", false},
    {"pace", GS_TEST_SCENARIOS "/pace.json", true},
    {"crossing", GOLDEN "/crossing.json", false},
    {"overlap", GOLDEN "/overlap.json", true},
};

static int64_t number(const GsJson *line, const char *key) {
  int64_t value = -1;
  const GsJson *member = gs_json_member(line, key);
  cr_assert(member && gs_json_integer(member, &value), "%s", key);
  return value;
}

static const char *word(const GsJson *line, const char *key) {
  const GsJson *member = gs_json_member(line, key);
  return member ? gs_json_string(member) : NULL;
}

/** Whole milliseconds are short; padded so that what follows stands in a column. */
static void append_seconds(GString *out, int64_t ns, bool sends) {
  bool whole = ns % 1000000 == 0;
  g_autofree char *text =
      g_strdup_printf("%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT "s", ns / 1000000000,
                      whole ? 3 : 9, whole ? ns / 1000000 % 1000 : ns % 1000000000);
  g_string_append_printf(out, "%-*s", sends ? 13 : 7, text);
}

/** What a message carries, as far as the trace says it. */
static void append_payload(GString *out, const GsJson *line) {
  static const char *const keys[] = {"production", "consumption"};
  if (word(line, "wave"))
    g_string_append_printf(out, " %s", word(line, "wave"));
  if (word(line, "sibling"))
    g_string_append_printf(out, " %s", word(line, "sibling"));
  if (gs_json_member(line, "nets")) {
    int64_t nets = number(line, "nets");
    if (nets)
      g_string_append_printf(out, " {%" G_GINT64_FORMAT " net%s, sum %" G_GINT64_FORMAT "}", nets,
                             nets == 1 ? "" : "s", number(line, "sum"));
    else
      g_string_append(out, " {}");
  }
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    if (gs_json_member(line, keys[i]))
      g_string_append_printf(out, " %s %" G_GINT64_FORMAT, keys[i], number(line, keys[i]));
  }
}

static void append_line(GString *out, const GsJson *line, bool sends) {
  const char *event = word(line, "event");
  bool sent = strcmp(event, "send") == 0;
  if (sent && !sends)
    return;
  append_seconds(out, number(line, "t_ns"), sends);
  if (sent || strcmp(event, "delivery") == 0) {
    const char *from = word(line, "from");
    g_string_append_printf(out, "  %s %s %s  %s %s", from ? from : "person",
                           sends && !sent ? "=>" : "->", word(line, "to"), word(line, "env"),
                           word(line, "type"));
    append_payload(out, line);
  } else if (strcmp(event, "drop") == 0) {
    g_string_append_printf(out, "    %s dropped: %s", word(line, "node"), word(line, "reason"));
    append_payload(out, line);
  } else {
    g_string_append_printf(out, "    %s gridnet %" G_GINT64_FORMAT " by %s", word(line, "node"),
                           number(line, "gridnet"), word(line, "wave"));
  }
  g_string_append_c(out, '\n');
}

static char *readable(const char *trace, bool sends) {
  GsJsonLimits limits = {.max_bytes = 4096, .max_depth = 4};
  g_auto(GStrv) lines = g_strsplit(trace, "\n", -1);
  GString *out = g_string_new(NULL);
  for (char **line = lines; *line; line++) {
    if (!**line)
      continue;
    g_autoptr(GError) error = NULL;
    g_autoptr(GsJsonDoc) doc = gs_json_parse(*line, strlen(*line), "trace", &limits, &error);
    cr_assert(doc, "%s: %s", *line, error ? error->message : "");
    append_line(out, gs_json_root(doc), sends);
  }
  return g_string_free(out, FALSE);
}

static char *transcript(guint index, GsRunnerKind runner, uint32_t workers) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsScenario) scenario = gs_scenario_load(cases[index].scenario, NULL, 0, &error);
  cr_assert(scenario, "%s", error ? error->message : "no message");
  char *trace = NULL;
  size_t length;
  FILE *file = open_memstream(&trace, &length);
  g_autoptr(GsTraceLines) into = gs_trace_lines_new(file, scenario);
  GsTraceSink sink = gs_trace_lines_sink(into);
  GsRunOptions options = {.runner = runner, .workers = workers, .sinks = &sink, .sink_count = 1};
  g_autoptr(GsResults) results = gs_run(scenario, &options, &error);
  cr_assert(results, "%s", error ? error->message : "no message");
  fclose(file);
  char *text = readable(trace, cases[index].sends);
  free(trace);
  gs_test_assert_settled(results, cases[index].transcript);
  return text;
}

/** From two lines before the first that differs, a few of both. */
static char *difference(const char *wanted, const char *found) {
  g_auto(GStrv) a = g_strsplit(wanted, "\n", -1), b = g_strsplit(found, "\n", -1);
  guint same = 0, a_count = g_strv_length(a), b_count = g_strv_length(b);
  while (same < MIN(a_count, b_count) && strcmp(a[same], b[same]) == 0)
    same++;
  guint from = same < 2 ? 0 : same - 2;
  GString *out = g_string_new(NULL);
  g_string_append_printf(out, "@@ line %u @@\n", from + 1);
  for (guint i = from; i < same; i++)
    g_string_append_printf(out, "  %s\n", a[i]);
  for (guint i = same; i < MIN(a_count, same + 6); i++)
    g_string_append_printf(out, "- %s\n", a[i]);
  for (guint i = same; i < MIN(b_count, same + 6); i++)
    g_string_append_printf(out, "+ %s\n", b[i]);
  return g_string_free(out, FALSE);
}

Test(golden, transcripts_are_as_they_were_with_every_runner) {
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *path = g_strdup_printf(GOLDEN "/%s.txt", cases[i].transcript);
    g_autofree char *pool = transcript(i, GS_RUNNER_POOL, 1);
    if (g_getenv("GS_GOLDEN_WRITE"))
      cr_assert(g_file_set_contents(path, pool, -1, NULL), "%s", path);
    g_autofree char *wanted = NULL;
    cr_assert(g_file_get_contents(path, &wanted, NULL, NULL), "%s", path);
    if (strcmp(wanted, pool) != 0) {
      g_autofree char *text = difference(wanted, pool);
      cr_expect(false, "%s is not what happens now (- kept, + now):\n%s", path, text);
    }
    for (uint32_t workers = 1; workers <= 3; workers++) {
      g_autofree char *threads = transcript(i, GS_RUNNER_THREADS, workers);
      g_autofree char *more = transcript(i, GS_RUNNER_POOL, workers);
      cr_expect_str_eq(threads, pool, "%s: threads differ from the pool", path);
      cr_expect_str_eq(more, pool, "%s: %u workers differ from one", path, workers);
    }
  }
}

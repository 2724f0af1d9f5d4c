/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/report/trace_lines.h"
#include "tests/sim/sim_support.h"

/** What a run is told as by the one who knows the format, line by line. */
static void take_slowly(const GsRunView *view, const GsTraceRecord *records, guint count,
                        void *data) {
  for (guint i = 0; i < count; i++) {
    if (!gs_trace_is_told(&records[i]))
      continue;
    gs_trace_format(data, view, &records[i]);
    g_string_append_c(data, '\n');
  }
}

/** Returns how many lines the trace has. */
static guint check(const char *scenario_text) {
  g_autoptr(GsScenario) scenario = gs_test_scenario("%s", scenario_text);
  char *text = NULL;
  size_t size;
  FILE *file = open_memstream(&text, &size);
  g_autoptr(GsTraceLines) lines = gs_trace_lines_new(file, scenario);
  g_autoptr(GString) slowly = g_string_new(NULL);
  GsTraceSink sinks[] = {gs_trace_lines_sink(lines), {.take = take_slowly, .data = slowly}};
  GsRunOptions options = {.runner = GS_RUNNER_POOL, .workers = 3, .sinks = sinks, .sink_count = 2};
  g_autoptr(GsResults) results = gs_run(scenario, &options, NULL);
  cr_assert(results);
  fclose(file);
  guint count = 0;
  for (gsize i = 0; i < size; i++)
    count += text[i] == '\n';
  gsize same = 0;
  while (same < MIN(size, slowly->len) && text[same] == slowly->str[same])
    same++;
  cr_expect(size == slowly->len && same == size, "%s: from byte %zu on: %.200s\nand not %.200s",
            scenario_text, same, text + same, slowly->str + same);
  free(text);
  return count;
}

Test(trace_lines, have_the_bytes_of_the_format_whatever_happens) {
  static const char *const scenarios[] = {
      /* More than fits the buffer; several lanes; all at one moment, and at moments of their own.
       */
      "{'topology': {'kind': 'watts-strogatz', 'nodes': 60}, 'schedule': [{'at': '1s', 'node': "
      "'N7', 'production': 5}]}",
      "{'topology': {'kind': 'ring', 'nodes': 30}, 'network': {'latency': {'exponential': '3ms'}, "
      "'jitter': {'exponential': '1ms'}}, 'schedule': [{'at': '1s', 'node': 'N7', 'production': "
      "5}, {'at': '1s', 'node': 'N3', 'production': 6}]}",
      /* Handshakes, floods, what is dropped, a pace. */
      "{'nodes': [{'name': 'A', 'production': 3}, {'name': 'B'}, {'name': 'C'}], 'links': [['A', "
      "'B'], ['B', 'C'], ['C', 'A']], 'handshake': {'at': 0, 'every': '1ms'}, 'schedule': [{'at': "
      "'5s', 'sync_grid': '*'}, {'at': '6s', 'update_net': 'B'}]}",
      "{'topology': {'kind': 'star', 'nodes': 6}, 'pace': 'original', 'schedule': [{'at': '1s', "
      "'node': 'N1', 'consumption': 5}]}",
      /* Names of every kind and length. */
      "{'nodes': [{'name': 'a\\\"b'}, {'name': 'back\\\\slash'}, {'name': "
      "'exactly sixteen!'}, {'name': 'seventeen letters'}, {'name': 'ü \\u202e'}, {'name': "
      "'<>&'}], "
      "'links': [['a\\\"b', 'back\\\\slash'], ['a\\\"b', 'exactly sixteen!'], ['a\\\"b', "
      "'seventeen letters'], ['ü \\u202e', '<>&'], ['<>&', 'a\\\"b']], 'schedule': [{'at': 1, "
      "'node': '<>&', 'production': 1099511627776, 'consumption': 0}]}",
      /* Moments and sums beyond 2^53, which are written in quotes. */
      "{'topology': {'kind': 'ring', 'nodes': 3}, 'schedule': [{'at': '9007199.254740991s', "
      "'node': 'N1', 'production': 1}, {'at': '9007199.254740992s', 'node': 'N1', 'production': "
      "2}, {'at': '9007199.254740993s', 'node': 'N1', 'production': 3}]}",
  };
  guint lines = 0;
  for (gsize i = 0; i < G_N_ELEMENTS(scenarios); i++)
    lines += check(scenarios[i]);
  cr_expect_gt(lines, 10000);
}

Test(trace_lines, say_extreme_numbers_as_the_format_does) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{'name': 'A'}, {'name': 'B'}], 'links': [['A', 'B']]}");
  static const int64_t values[] = {0,
                                   9,
                                   10,
                                   -1,
                                   99999999999,
                                   INT64_MIN,
                                   INT64_MAX,
                                   1LL << 53,
                                   -(1LL << 53),
                                   (1LL << 53) + 1,
                                   -(1LL << 53) - 1};
  static const uint64_t ids[] = {1, 12345678901234567890u, UINT64_MAX, 0};
  char *text = NULL;
  size_t size;
  FILE *file = open_memstream(&text, &size);
  g_autoptr(GsTraceLines) lines = gs_trace_lines_new(file, scenario);
  GsTraceSink sink = gs_trace_lines_sink(lines);
  for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
    for (gsize w = 0; w < G_N_ELEMENTS(ids); w++) {
      GsTraceRecord record = {.time_ns = MAX(values[v], 0),
                              .due_ns = MAX(values[v], 0),
                              .kind = GS_TRACE_SEND,
                              .message = {.to = 1,
                                          .env = GS_RESPONSE,
                                          .type = GS_UPDATE_NET,
                                          .cause = GS_CAUSE_MAX,
                                          .master = {ids[w], ids[3 - w]}},
                              .value = values[v],
                              .nets = UINT32_MAX};
      sink.take(NULL, &record, 1, sink.data);
    }
  }
  fclose(file);
  g_auto(GStrv) split = g_strsplit(text, "\n", -1);
  cr_expect_eq(g_strv_length(split), G_N_ELEMENTS(values) * G_N_ELEMENTS(ids) + 1);
  cr_expect_str_eq(split[4 * 5],
                   "{\"t_ns\": 0, \"event\": \"send\", \"from\": \"A\", \"to\": \"B\", \"env\": "
                   "\"Response\", \"type\": \"UpdateNet\", \"nets\": 4294967295, \"sum\": "
                   "\"-9223372036854775808\", \"due_ns\": 0, \"cause\": 16383}");
  cr_expect_str_eq(split[4 * 6 + 1],
                   "{\"t_ns\": \"9223372036854775807\", \"event\": \"send\", \"from\": \"A\", "
                   "\"to\": \"B\", \"env\": \"Response\", \"type\": \"UpdateNet\", \"wave\": "
                   "\"12345678901234567890:18446744073709551615\", \"nets\": 4294967295, \"sum\": "
                   "\"9223372036854775807\", \"due_ns\": \"9223372036854775807\", \"cause\": "
                   "16383}");
  free(text);
}

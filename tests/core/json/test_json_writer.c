/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"

static void write_sample(GsJsonWriter *writer) {
  gs_json_begin_object(writer);
  gs_json_write_key(writer, "name");
  gs_json_write_string(writer, "ring");
  gs_json_write_key(writer, "empty");
  gs_json_begin_array(writer);
  gs_json_end_array(writer);
  gs_json_write_key(writer, "nothing");
  gs_json_write_string(writer, NULL);
  gs_json_write_key(writer, "nodes");
  gs_json_begin_array(writer);
  for (int i = 0; i < 2; i++) {
    gs_json_compact_next(writer);
    gs_json_begin_object(writer);
    gs_json_write_key(writer, "id");
    gs_json_write_int(writer, i);
    gs_json_write_key(writer, "in");
    gs_json_begin_array(writer);
    gs_json_write_bool(writer, true);
    gs_json_write_null(writer);
    gs_json_end_array(writer);
    gs_json_end_object(writer);
  }
  gs_json_end_array(writer);
  gs_json_end_object(writer);
}

Test(json_writer, layout_is_one_line_or_indented_with_compact_parts) {
  static const char *const expected[] = {
      "{\"name\": \"ring\", \"empty\": [], \"nothing\": null, \"nodes\": [{\"id\": 0, \"in\": "
      "[true, "
      "null]}, {\"id\": 1, \"in\": [true, null]}]}",
      "{\n"
      "  \"name\": \"ring\",\n"
      "  \"empty\": [],\n"
      "  \"nothing\": null,\n"
      "  \"nodes\": [\n"
      "    {\"id\": 0, \"in\": [true, null]},\n"
      "    {\"id\": 1, \"in\": [true, null]}\n"
      "  ]\n"
      "}",
  };
  for (guint i = 0; i < 2; i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    GsJsonWriter *writer = gs_json_writer_new(out, i * 2);
    write_sample(writer);
    gs_json_writer_free(writer);
    cr_expect_str_eq(out->str, expected[i]);
  }
}

/** One scalar as text, by one of the functions below. */
#define WRITTEN(call)                                                                              \
  ({                                                                                               \
    GString *out_ = g_string_new(NULL);                                                            \
    GsJsonWriter *writer = gs_json_writer_new(out_, 0);                                            \
    call;                                                                                          \
    gs_json_writer_free(writer);                                                                   \
    g_string_free(out_, FALSE);                                                                    \
  })

Test(json_writer, strings_are_escaped_and_always_utf8) {
  static const struct {
    const char *text, *expected;
  } cases[] = {
      {"", "\"\""},
      {"Grün 😀/", "\"Grün 😀/\""},
      {"\"\\\b\t\n\f\r", "\"\\\"\\\\\\b\\t\\n\\f\\r\""},
      {"\x01\v\x1f\x7f", "\"\\u0001\\u000b\\u001f\x7f\""},
      {"a\xFF\xFE"
       "b\xC3",
       "\"a\uFFFD\uFFFDb\uFFFD\""},
      {"\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = WRITTEN(gs_json_write_string(writer, cases[i].text));
    cr_expect_str_eq(text, cases[i].expected, "%zu: %s", i, text);
  }
}

Test(json_writer, integers_beyond_2_to_53_become_strings) {
  static const struct {
    int64_t value;
    const char *expected;
  } cases[] = {
      {0, "0"},
      {-1, "-1"},
      {1099511627776, "1099511627776"},
      {9007199254740992, "9007199254740992"},
      {-9007199254740992, "-9007199254740992"},
      {9007199254740993, "\"9007199254740993\""},
      {-9007199254740993, "\"-9007199254740993\""},
      {INT64_MAX, "\"9223372036854775807\""},
      {INT64_MIN, "\"-9223372036854775808\""},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = WRITTEN(gs_json_write_int(writer, cases[i].value));
    cr_expect_str_eq(text, cases[i].expected, "%s", text);
  }
}

Test(json_writer, doubles_are_short) {
  static const struct {
    double value;
    const char *expected;
  } cases[] = {
      {0, "0"},
      {-0.0, "-0"},
      {1, "1"},
      {-3, "-3"},
      {0.1, "0.1"},
      {0.1 + 0.2, "0.30000000000000004"},
      {1.0 / 3, "0.3333333333333333"},
      {1e15, "1e15"},
      {123456789012345680.0, "1.2345678901234568e17"},
      {1e300, "1e300"},
      {1e-5, "1e-5"},
      {1.5e-10, "1.5e-10"},
      {5e-324, "5e-324"},
      {DBL_MIN, "2.2250738585072014e-308"},
      {DBL_MAX, "1.7976931348623157e308"},
      {1795340169.0905697, "1795340169.0905697"},
      {(double)NAN, "null"},
      {(double)INFINITY, "null"},
      {(double)-INFINITY, "null"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = WRITTEN(gs_json_write_double(writer, cases[i].value));
    cr_expect_str_eq(text, cases[i].expected, "%s, want %s", text, cases[i].expected);
  }
}

static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Test(json_writer, what_is_written_reads_back_the_same) {
  static const GsJsonLimits limits = {.max_bytes = 1 << 20, .max_depth = 2};
  uint64_t state = 1;
  double doubles[2000];
  int64_t integers[2000];
  g_autoptr(GString) out = g_string_new(NULL);
  GsJsonWriter *writer = gs_json_writer_new(out, 1);
  gs_json_begin_array(writer);
  for (gsize i = 0; i < 2000; i++) {
    do {
      uint64_t bits = next_random(&state);
      memcpy(&doubles[i], &bits, sizeof bits);
    } while (!isfinite(doubles[i]));
    if (i % 2)
      doubles[i] = (double)((int64_t)next_random(&state) >> (i % 60)) / 8;
    integers[i] = (int64_t)next_random(&state) >> (i % 64);
    gs_json_write_double(writer, doubles[i]);
    gs_json_write_int(writer, integers[i]);
  }
  gs_json_end_array(writer);
  gs_json_writer_free(writer);
  GError *error = NULL;
  g_autoptr(GsJsonDoc) doc = gs_json_parse(out->str, out->len, NULL, &limits, &error);
  cr_assert(doc, "%s", error ? error->message : "");
  const GsJson *value = gs_json_first(gs_json_root(doc));
  for (gsize i = 0; i < 2000; i++) {
    double number = gs_json_number(value);
    int64_t integer;
    cr_assert(memcmp(&number, &doubles[i], sizeof number) == 0, "%a", doubles[i]);
    value = gs_json_next(value);
    if (gs_json_type(value) == GS_JSON_STRING)
      integer = g_ascii_strtoll(gs_json_string(value), NULL, 10);
    else
      cr_assert(gs_json_integer(value, &integer));
    cr_assert_eq(integer, integers[i]);
    value = gs_json_next(value);
  }
}

Test(json_writer, nesting_goes_to_the_named_limit) {
  g_autoptr(GString) out = g_string_new(NULL);
  GsJsonWriter *writer = gs_json_writer_new(out, 0);
  for (int i = 0; i < GS_JSON_DEPTH_MAX; i++)
    gs_json_begin_array(writer);
  for (int i = 0; i < GS_JSON_DEPTH_MAX; i++)
    gs_json_end_array(writer);
  gs_json_writer_free(writer);
  cr_expect_eq(out->len, 2 * GS_JSON_DEPTH_MAX);
}

/** An assertion that is meant to fail says so on both streams of this test's own process, where it
 * looks like a test that failed; that it did not fail is told by Criterion. */
static void quiet_from_here(void) {
  cr_assert(freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr));
}

Test(json_writer, a_value_without_a_key_is_caught, .signal = SIGABRT) {
  g_autoptr(GString) out = g_string_new(NULL);
  GsJsonWriter *writer = gs_json_writer_new(out, 0);
  gs_json_begin_object(writer);
  quiet_from_here();
  gs_json_write_int(writer, 1);
}

Test(json_writer, an_unbalanced_end_is_caught, .signal = SIGABRT) {
  g_autoptr(GString) out = g_string_new(NULL);
  GsJsonWriter *writer = gs_json_writer_new(out, 0);
  gs_json_begin_array(writer);
  quiet_from_here();
  gs_json_writer_free(writer);
}

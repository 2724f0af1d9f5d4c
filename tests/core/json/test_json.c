/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"

static const GsJsonLimits usual = {.max_bytes = 1 << 20, .max_depth = GS_JSON_DEPTH_MAX};

static GsJsonDoc *must_parse(const char *text) {
  GError *error = NULL;
  GsJsonDoc *doc = gs_json_parse(text, strlen(text), "grid.json", &usual, &error);
  cr_assert(doc, "%s: %s", text, error ? error->message : "no error");
  cr_assert_null(error);
  return doc;
}

/** From a heap block of exactly that size, so that reading on is noticed. */
static void expect_refusal(const char *text, gsize length, const GsJsonLimits *limits, int code,
                           const char *message) {
  g_autoptr(GError) error = NULL;
  g_autofree char *exact = g_memdup2(text, length);
  GsJsonDoc *doc = gs_json_parse(exact, length, "grid.json", limits, &error);
  cr_assert_null(doc, "accepted: %s", text);
  cr_assert(g_error_matches(error, GS_ERROR, code), "%s: code %d", text, error->code);
  cr_assert_str_eq(error->message, message, "%s\n got  %s\n want %s", text, error->message,
                   message);
}

/** The value at a path of keys and indices, as in gs_json_override. */
static const GsJson *at(const GsJsonDoc *doc, const char *path) {
  const GsJson *value = gs_json_root(doc);
  g_auto(GStrv) parts = g_strsplit(path, ".", -1);
  for (char **part = parts; *part && value; part++) {
    if (gs_json_type(value) == GS_JSON_OBJECT) {
      value = gs_json_member(value, *part);
      continue;
    }
    value = gs_json_first(value);
    for (long index = strtol(*part, NULL, 10); index > 0 && value; index--)
      value = gs_json_next(value);
  }
  cr_assert(value, "%s", path);
  return value;
}

Test(json, a_document_is_read_as_it_is_written) {
  g_autoptr(GsJsonDoc) doc =
      must_parse(" {\"name\": \"Gr\\u00fcn \\uD83D\\uDE00\\n\",\r\n\t"
                 "\"list\": [1, -2.5, true, false, null, {}, []], \"\": 7}\n");
  static const GsJsonType types[] = {GS_JSON_NUMBER, GS_JSON_NUMBER, GS_JSON_BOOL, GS_JSON_BOOL,
                                     GS_JSON_NULL,   GS_JSON_OBJECT, GS_JSON_ARRAY};
  const GsJson *root = gs_json_root(doc), *list = gs_json_member(root, "list");
  cr_expect_eq(gs_json_type(root), GS_JSON_OBJECT);
  cr_expect_null(gs_json_key(root));
  cr_expect_str_eq(gs_json_string(gs_json_member(root, "name")), "Grün 😀\n");
  cr_expect_eq(gs_json_count(root), 3);
  cr_expect_eq(gs_json_count(list), G_N_ELEMENTS(types));
  cr_expect_str_eq(gs_json_key(list), "list");
  cr_expect_null(gs_json_member(root, "List"), "keys are told apart by case");
  cr_expect_null(gs_json_member(list, "name"), "an array has no members");
  cr_expect_eq(gs_json_number(gs_json_member(root, "")), 7.0, "an empty key is a key");
  const GsJson *value = gs_json_first(list);
  for (gsize i = 0; i < G_N_ELEMENTS(types); i++, value = gs_json_next(value))
    cr_expect_eq(gs_json_type(value), types[i], "%zu", i);
  cr_expect_null(value);
  cr_expect_eq(gs_json_number(at(doc, "list.1")), -2.5);
  cr_expect(gs_json_bool(at(doc, "list.2")) && !gs_json_bool(at(doc, "list.3")));
  cr_expect_null(gs_json_string(list));
  cr_expect(isnan(gs_json_number(root)));
  cr_expect_str_eq(gs_json_type_name(GS_JSON_OBJECT), "an object");
}

Test(json, any_value_can_be_a_document) {
  static const char *const texts[] = {
      "null", " true ", "0", "-0", "\"\"", "[]", "{}", "1e5", "1E+2", "\n[\t]", "\"\x7f\\/\\b\\f\"",
      "0.0"};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(GsJsonDoc) doc = must_parse(texts[i]);
    cr_expect_null(gs_json_next(gs_json_root(doc)));
  }
}

typedef struct {
  const char *text, *message;
} Refusal;

static void expect_refusals(const Refusal *refusals, gsize count) {
  for (gsize i = 0; i < count; i++)
    expect_refusal(refusals[i].text, strlen(refusals[i].text), &usual, GS_ERROR_INPUT,
                   refusals[i].message);
}

Test(json, a_syntax_error_says_where_it_is_and_what_was_expected) {
  static const Refusal refusals[] = {
      {"", "grid.json:1:1: the document is empty"},
      {" \n ", "grid.json:1:1: the document is empty"},
      {"{\"a\": 1\n \"b\": 2}", "grid.json:2:2: expected ',' or '}' after a member, found '\"'"},
      {"[1\n2]", "grid.json:2:1: expected ',' or ']' after an element, found '2'"},
      {"[1}", "grid.json:1:3: expected ',' or ']' after an element, found '}'"},
      {"{\"ä\": 1, \"😀\" 2}", "grid.json:1:14: expected ':' after a member's name, found '2'"},
      {"{a: 1}", "grid.json:1:2: expected a member's name in double quotes or '}', found 'a'"},
      {"{'a': 1}", "grid.json:1:2: expected a member's name in double quotes or '}', found \"'\""},
      {"{\"a\": 1, }",
       "grid.json:1:10: expected a member's name in double quotes, found '}' (no ',' may stand "
       "before it)"},
      {"[1,\n]", "grid.json:2:1: expected a value, found ']' (no ',' may stand before it)"},
      {"[,1]", "grid.json:1:2: expected a value, found ','"},
      {"{\"a\":}", "grid.json:1:6: expected a value, found '}'"},
      {"{\"a\": [1, 2",
       "grid.json:1:12: expected ',' or ']' after an element, found the end of the "
       "document; the '[' at grid.json:1:7 is not closed"},
      {"{", "grid.json:1:2: expected a member's name in double quotes or '}', found the end of the "
            "document; the '{' at grid.json:1:1 is not closed"},
      {"[1] 2", "grid.json:1:5: expected nothing after the document's value, found '2'"},
      {"1\n,", "grid.json:2:1: expected nothing after the document's value, found ','"},
      {"]", "grid.json:1:1: expected a value, found ']'"},
      {"[\v1]", "grid.json:1:2: expected a value, found U+000B"},
      {"[1, // one\n 2]", "grid.json:1:5: expected a value, found '/' (JSON has no comments)"},
      {"[True]", "grid.json:1:2: expected a value, found 'True' (words that are values: true, "
                 "false, null)"},
      {"NaN", "grid.json:1:1: expected a value, found 'NaN' (words that are values: true, false, "
              "null)"},
      {"-Infinity", "grid.json:1:2: expected a digit after '-'"},
      {"nullx", "grid.json:1:1: expected a value, found 'nullx' (words that are values: true, "
                "false, null)"},
      {"abcdefghijklmnopqrstuvwxyz",
       "grid.json:1:1: expected a value, found 'abcdefghijklmnopqrst…' (words that are values: "
       "true, false, null)"},
  };
  expect_refusals(refusals, G_N_ELEMENTS(refusals));
}

Test(json, a_number_is_what_json_calls_a_number) {
  static const Refusal refusals[] = {
      {"01", "grid.json:1:1: a number must not start with 0 unless it is 0 or 0.…"},
      {"-01", "grid.json:1:2: a number must not start with 0 unless it is 0 or 0.…"},
      {"+1", "grid.json:1:1: a number must not start with '+'"},
      {".5", "grid.json:1:1: a number must have a digit before its '.'"},
      {"-.5", "grid.json:1:2: a number must have a digit before its '.'"},
      {"[1.]", "grid.json:1:4: a number must have a digit after its '.'"},
      {"1.e5", "grid.json:1:3: a number must have a digit after its '.'"},
      {"1e", "grid.json:1:3: a number must have a digit in its exponent"},
      {"[1e+]", "grid.json:1:5: a number must have a digit in its exponent"},
      {"-", "grid.json:1:2: expected a digit after '-'"},
      {"0x10", "grid.json:1:2: expected nothing after the document's value, found 'x'"},
      {"[1e400]", "grid.json:1:2: the number is too large: at most about 1.797e308 is allowed"},
      {"-1e99999999999",
       "grid.json:1:1: the number is too large: at most about 1.797e308 is allowed"},
  };
  expect_refusals(refusals, G_N_ELEMENTS(refusals));
}

Test(json, a_string_is_closed_escaped_and_holds_only_characters) {
  static const Refusal refusals[] = {
      {"[\"abc]", "grid.json:1:2: the string is never closed"},
      {"\"\\", "grid.json:1:2: a '\\' in a string must be followed by one of \" \\ / b f n r t u, "
               "found the end of the document"},
      {"[1, \"abc\n\"]",
       "grid.json:1:5: the string is not closed on its line (a line break in it is written \\n)"},
      {"\"a\tb\"",
       "grid.json:1:3: a control character (U+0009) in a string must be written \\u0009"},
      {"\"\x1F\"",
       "grid.json:1:2: a control character (U+001F) in a string must be written \\u001f"},
      {"\"a\\x\"", "grid.json:1:3: a '\\' in a string must be followed by one of \" \\ / b f n r t "
                   "u, found 'x'"},
      {"\"\\u12\"", "grid.json:1:2: \\u in a string must be followed by four hexadecimal digits"},
      {"\"\\u12G4\"", "grid.json:1:2: \\u in a string must be followed by four hexadecimal digits"},
      {"\"\\u0000\"", "grid.json:1:2: \\u0000 (NUL) is not allowed in a string"},
      {"\"\\uD800\"",
       "grid.json:1:2: \\uD800 in a string is half of a surrogate pair: it stands for nothing"},
      {"\"\\uDBFF\\u0041\"",
       "grid.json:1:2: \\uDBFF in a string is half of a surrogate pair: it stands for nothing"},
      {"\"x\\udc00\"",
       "grid.json:1:3: \\udc00 in a string is half of a surrogate pair: it stands for nothing"},
      {"\"\\uD800\\uD800\"",
       "grid.json:1:2: \\uD800 in a string is half of a surrogate pair: it stands for nothing"},
  };
  expect_refusals(refusals, G_N_ELEMENTS(refusals));
}

Test(json, bytes_that_are_no_text_are_refused) {
  static const Refusal refusals[] = {
      {"{\n \"ä\xFF\": 1}", "grid.json:2:4: the byte 0xFF is not valid UTF-8"},
      {"\"\xC3", "grid.json:1:2: the byte 0xC3 is not valid UTF-8"},
      {"\"\xED\xA0\x80\"", "grid.json:1:2: the byte 0xED is not valid UTF-8"},
      {"\xEF\xBB\xBF{}", "grid.json:1:1: the document starts with a byte order mark: save it as "
                         "UTF-8 without one"},
  };
  expect_refusals(refusals, G_N_ELEMENTS(refusals));
  expect_refusal("[1]\0", 4, &usual, GS_ERROR_INPUT, "grid.json:1:4: a NUL byte is not allowed");
  expect_refusal("\"a\0b\"", 5, &usual, GS_ERROR_INPUT, "grid.json:1:3: a NUL byte is not allowed");
}

Test(json, without_a_source_a_message_starts_with_the_line) {
  g_autoptr(GError) error = NULL;
  cr_assert_null(gs_json_parse("[\n  x]", 6, NULL, &usual, &error));
  cr_expect_str_eq(error->message, "line 2, column 3: expected a value, found 'x' (words that are "
                                   "values: true, false, null)");
}

Test(json, limits_hold_exactly) {
  static const GsJsonLimits small = {.max_bytes = 8, .max_depth = 3};
  GsJsonDoc *doc = gs_json_parse("[[[ ]]] ", 8, NULL, &small, NULL);
  cr_expect(doc);
  gs_json_doc_free(doc);
  expect_refusal("[[[ ]]]  ", 9, &small, GS_ERROR_LIMIT,
                 "grid.json:1:1: the document has 9 bytes, at most 8 are allowed");
  expect_refusal("[[[[]]]]", 8, &small, GS_ERROR_LIMIT,
                 "grid.json:1:4: nested too deeply: at most 3 levels are allowed");

  /* cJSON's own ceiling binds where more is asked for. */
  const GsJsonLimits deep = {.max_bytes = G_MAXUINT64, .max_depth = G_MAXUINT32};
  g_autofree char *opening = g_strnfill(1001, '['), *closing = g_strnfill(1001, ']');
  g_autofree char *nested = g_strconcat(opening, closing, NULL);
  doc = gs_json_parse(nested + 1, 2000, NULL, &deep, NULL);
  cr_expect(doc);
  gs_json_doc_free(doc);
  expect_refusal(nested, 2002, &deep, GS_ERROR_LIMIT,
                 "grid.json:1:1001: nested too deeply: at most 1000 levels are allowed");

  g_autofree char *digits = g_strnfill(64, '1');
  expect_refusal(digits, 64, &usual, GS_ERROR_LIMIT,
                 "grid.json:1:1: the number has 64 characters, at most 63 are allowed");
  doc = gs_json_parse(digits, 63, NULL, &usual, NULL);
  cr_expect_float_eq(gs_json_number(gs_json_root(doc)), 1.1111111111111111e62, 1e47);
  gs_json_doc_free(doc);
}

Test(json, a_duplicate_key_is_refused_and_both_places_are_named) {
  static const Refusal refusals[] = {
      {"{\"a\": 1,\n \"b\": {\"x\": 0, \"y\": 1, \"x\": 2}}",
       "grid.json:2:24: /b/x: a member of this name is already at grid.json:2:8"},
      {"{\"a\": 1, \"\\u0061\": 2}",
       "grid.json:1:10: /a: a member of this name is already at grid.json:1:2"},
      {"{\"a\": 1, \"a\": 2, \"b\": 3}",
       "grid.json:1:10: /a: a member of this name is already at grid.json:1:2"},
      {"[[{\"\": 1, \"\": 1}]]",
       "grid.json:1:11: /0/0/: a member of this name is already at grid.json:1:4"},
  };
  expect_refusals(refusals, G_N_ELEMENTS(refusals));
  g_autoptr(GString) many = g_string_new("{");
  for (int i = 0; i < 3000; i++)
    g_string_append_printf(many, "\"k%d\":[{\"}\":%d}],\n", i, i);
  g_autofree char *good = g_strconcat(many->str, "\"K7\": 1}", NULL);
  g_autofree char *bad = g_strconcat(many->str, "\"k2999\": 1, \"k7\": 1}", NULL);
  g_autoptr(GsJsonDoc) doc = must_parse(good);
  cr_expect_eq(gs_json_count(gs_json_root(doc)), 3001);
  expect_refusal(bad, strlen(bad), &usual, GS_ERROR_INPUT,
                 "grid.json:3001:1: /k2999: a member of this name is already at grid.json:3000:1");
  g_autofree char *last = g_strconcat(many->str, "\"k7\": 1}", NULL);
  expect_refusal(last, strlen(last), &usual, GS_ERROR_INPUT,
                 "grid.json:3001:1: /k7: a member of this name is already at grid.json:8:1");
}

Test(json, an_integer_is_never_rounded) {
  static const struct {
    const char *text;
    bool is_integer;
    int64_t value;
  } cases[] = {
      {"0", true, 0},
      {"-0", true, 0},
      {"0.0e-99", true, 0},
      {"0e999999", true, 0},
      {"5.0", true, 5},
      {"5e3", true, 5000},
      {"-12.50e1", true, -125},
      {"1200e-2", true, 12},
      {"1201e-2", false, 0},
      {"1e15", true, 1000000000000000},
      {"1e16", false, 0},
      {"9007199254740991", true, 9007199254740991},
      {"9007199254740992", true, 9007199254740992},
      {"-9007199254740992", true, -9007199254740992},
      {"9007199254740992.000000000000000000000000000000000000000", true, 9007199254740992},
      {"9.007199254740992e15", true, 9007199254740992},
      {"9007199254740993", false, 0},
      {"9007199254740992.1", false, 0},
      {"9007199254740991.5", false, 0},
      {"-9007199254740993", false, 0},
      {"9007199254740994", false, 0},
      {"18446744073709551616", false, 0},
      {"18446744073709551621", false, 0},
      {"0.99999999999999999999", false, 0},
      {"1.00000000000000000001", false, 0},
      {"100000000000000000000e-20", true, 1},
      {"1e-400", false, 0},
      {"0.5", false, 0},
      {"1e300", false, 0},
      {"123456789012345678901234567890e-15", false, 0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strdup_printf("[%s, \"%s\"]", cases[i].text, cases[i].text);
    g_autoptr(GsJsonDoc) doc = must_parse(text);
    const GsJson *number = gs_json_first(gs_json_root(doc)), *string = gs_json_next(number);
    int64_t value = 0;
    cr_expect_eq(gs_json_integer(number, &value), cases[i].is_integer, "%s", text);
    cr_expect_eq(value, cases[i].value, "%s", text);
    cr_expect_not(gs_json_integer(string, &value), "%s", text);
    cr_expect_eq(gs_json_integer_or_numeric_string(number, &value), cases[i].is_integer);
    value = 0;
    cr_expect_eq(gs_json_integer_or_numeric_string(string, &value), cases[i].is_integer, "%s",
                 text);
    cr_expect_eq(value, cases[i].value, "%s", text);
  }
  static const char *const others[] = {"\"\"",   "\" 4\"", "\"4 \"",  "\"+4\"",
                                       "\"04\"", "\"4x\"", "\"0x4\"", "\"four\"",
                                       "true",   "null",   "[4]",     "\"-\""};
  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    int64_t value;
    g_autoptr(GsJsonDoc) doc = must_parse(others[i]);
    cr_expect_not(gs_json_integer_or_numeric_string(gs_json_root(doc), &value), "%s", others[i]);
  }
}

Test(json, every_number_of_a_document_keeps_its_own_exactness) {
  g_autoptr(GString) text = g_string_new("[0");
  for (int i = 1; i < 500; i++)
    g_string_append_printf(text, i % 3 ? ", %d" : ", {\"a\": [%d.5, \"1\"]}", i);
  g_string_append_c(text, ']');
  g_autoptr(GsJsonDoc) doc = must_parse(text->str);
  int64_t value = 0, expected = 0;
  for (const GsJson *item = gs_json_first(gs_json_root(doc)); item; item = gs_json_next(item)) {
    if (gs_json_type(item) == GS_JSON_NUMBER)
      cr_assert(gs_json_integer(item, &value) && value == expected);
    else
      cr_assert_not(gs_json_integer(gs_json_first(gs_json_first(item)), &value));
    expected++;
  }
}

static void expect_place(const GsJsonDoc *doc, const char *path, const char *message) {
  g_autoptr(GError) error = NULL;
  cr_expect_not(gs_json_fail(doc, at(doc, path), &error, GS_ERROR_INPUT, "bad %d", 7));
  cr_expect_str_eq(error->message, message, "got %s, want %s", error->message, message);
}

Test(json, a_failure_names_place_and_pointer_of_a_value) {
  g_autoptr(GsJsonDoc) doc =
      must_parse("{\n"
                 "  \"ü\": \"a\\\"]}\\\\\", \"list\": [[], {}, {\"x\": [1, 22,\n"
                 "\t3e5 ] } ],\n"
                 "  \"a/b~c\" : {\"bell\\u0007\\u202e\": true},\"n\":-1}");
  expect_place(doc, "ü", "grid.json:2:8: /ü: bad 7");
  expect_place(doc, "list", "grid.json:2:27: /list: bad 7");
  expect_place(doc, "list.1", "grid.json:2:32: /list/1: bad 7");
  expect_place(doc, "list.2.x", "grid.json:2:42: /list/2/x: bad 7");
  expect_place(doc, "list.2.x.1", "grid.json:2:46: /list/2/x/1: bad 7");
  expect_place(doc, "list.2.x.2", "grid.json:3:2: /list/2/x/2: bad 7");
  expect_place(doc, "a/b~c", "grid.json:4:13: /a~1b~0c: bad 7");
  expect_place(doc, "n", "grid.json:4:44: /n: bad 7");
  const GsJson *bell = gs_json_first(at(doc, "a/b~c"));
  g_autofree char *pointer = gs_json_pointer(doc, bell);
  g_autofree char *root_pointer = gs_json_pointer(doc, gs_json_root(doc));
  cr_expect_str_eq(pointer, "/a~1b~0c/bell\a\u202e");
  cr_expect_str_eq(root_pointer, "");
  g_autoptr(GError) error = NULL;
  gs_json_fail(doc, bell, &error, GS_ERROR_LIMIT, "%s", "odd\nkey");
  cr_expect_str_eq(error->message, "grid.json:4:34: /a~1b~0c/bellU+0007U+202E: oddU+000Akey");
  cr_expect_eq(error->code, GS_ERROR_LIMIT);
  g_clear_error(&error);
  gs_json_fail(doc, NULL, &error, GS_ERROR_INPUT, "whole");
  cr_expect_str_eq(error->message, "grid.json:1:1: whole");
  cr_expect_not(gs_json_fail(doc, bell, NULL, GS_ERROR_INPUT, "no place for an error"));
}

Test(json, a_message_stays_one_short_line_whatever_it_quotes) {
  g_autofree char *key = g_strnfill(100000, 'k');
  g_autofree char *text = g_strdup_printf("{\"%s\": 1}", key);
  g_autoptr(GsJsonDoc) doc = must_parse(text);
  g_autoptr(GError) error = NULL;
  gs_json_fail(doc, gs_json_first(gs_json_root(doc)), &error, GS_ERROR_INPUT, "too big");
  cr_expect(strlen(error->message) < 300);
  cr_expect(g_str_has_suffix(error->message, "k…: too big"));
  g_clear_error(&error);
  gs_json_fail(doc, NULL, &error, GS_ERROR_INPUT, "%s\xFF", key);
  cr_expect(strlen(error->message) < 1100 && g_utf8_validate(error->message, -1, NULL));
}

/** Values at random, and the place of each noted while the text is written. */
typedef struct {
  GString *text;
  GArray *columns;
  uint64_t state;
} Writer;

static guint draw(Writer *writer, guint below) {
  writer->state = writer->state * 6364136223846793005u + 1442695040888963407u;
  return (guint)(writer->state >> 33) % below;
}

static void write_random(Writer *writer, int depth) {
  static const char *const scalars[] = {"1", "-2.5e3", "\"]{,\\\"\"", "true", "null", "\"\\\\\""};
  guint column = (guint)writer->text->len + 1, kind = draw(writer, depth > 6 ? 1 : 3);
  g_array_append_val(writer->columns, column);
  if (kind == 0) {
    g_string_append(writer->text, scalars[draw(writer, G_N_ELEMENTS(scalars))]);
    return;
  }
  g_string_append_c(writer->text, kind == 1 ? '[' : '{');
  for (guint i = 0, count = draw(writer, 5); i < count; i++) {
    g_string_append(writer->text, i ? " , " : " ");
    if (kind == 2)
      g_string_append_printf(writer->text, "\"\\\"%u\" : ", i);
    write_random(writer, depth + 1);
  }
  g_string_append(writer->text, kind == 1 ? " ]" : "}");
}

static guint check_places(const GsJsonDoc *doc, const GsJson *value, const GArray *columns,
                          guint ordinal) {
  g_autoptr(GError) error = NULL;
  gs_json_fail(doc, value, &error, GS_ERROR_INPUT, "here");
  g_autofree char *start =
      g_strdup_printf("grid.json:1:%u: ", g_array_index(columns, guint, ordinal));
  cr_assert(g_str_has_prefix(error->message, start), "%s, want %s", error->message, start);
  ordinal++;
  for (const GsJson *child = gs_json_first(value); child; child = gs_json_next(child))
    ordinal = check_places(doc, child, columns, ordinal);
  return ordinal;
}

Test(json, the_place_of_every_value_of_random_documents_is_found) {
  Writer writer = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(guint)), 7};
  guint values = 0;
  for (int round = 0; round < 60; round++) {
    g_string_truncate(writer.text, 0);
    g_array_set_size(writer.columns, 0);
    write_random(&writer, 0);
    g_autoptr(GsJsonDoc) doc = must_parse(writer.text->str);
    guint count = check_places(doc, gs_json_root(doc), writer.columns, 0);
    cr_assert_eq(count, writer.columns->len);
    values += count;
  }
  cr_expect(values > 300, "only %u", values);
  g_string_free(writer.text, TRUE);
  g_array_unref(writer.columns);
}

Test(json, an_override_replaces_or_makes_a_scalar) {
  g_autoptr(GsJsonDoc) doc =
      must_parse("{\"seed\": 1, \"name\": \"x\", \"nodes\": [{\"production\": 5}, {\"id\": 2}]}");
  static const struct {
    const char *path, *text;
    GsJsonType type;
  } cases[] = {
      {"seed", "42", GS_JSON_NUMBER},
      {"seed", "9007199254740993", GS_JSON_NUMBER},
      {"name", "5ms", GS_JSON_STRING},
      {"name", "", GS_JSON_STRING},
      {"name", "01", GS_JSON_STRING},
      {"name", "{\"a\": 1}", GS_JSON_STRING},
      {"name", "[]", GS_JSON_STRING},
      {"name", "\"quoted \\n\"", GS_JSON_STRING},
      {"name", "null", GS_JSON_NULL},
      {"name", "true", GS_JSON_BOOL},
      {"nodes.0.production", "7", GS_JSON_NUMBER},
      {"nodes.1.production", "8", GS_JSON_NUMBER},
      {"network.latency", "5ms", GS_JSON_STRING},
      {"network.jitter.max", "0.5", GS_JSON_NUMBER},
  };
  const GsJson *seed = at(doc, "seed");
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    cr_assert(gs_json_override(doc, cases[i].path, cases[i].text, &error), "%s: %s", cases[i].path,
              error ? error->message : "");
    cr_expect_eq(gs_json_type(at(doc, cases[i].path)), cases[i].type, "%s", cases[i].text);
  }
  int64_t value;
  cr_expect_eq(at(doc, "seed"), seed, "a replaced value stays where it is");
  cr_expect_not(gs_json_integer(seed, &value), "an override is not rounded either");
  cr_expect(gs_json_integer(at(doc, "nodes.0.production"), &value) && value == 7);
  cr_expect_str_eq(gs_json_string(at(doc, "network.latency")), "5ms");
  expect_place(doc, "network.latency", "--set network.latency=5ms: /network/latency: bad 7");
  expect_place(doc, "network", "--set network.latency=5ms: /network: bad 7");
  expect_place(doc, "name", "--set name=true: /name: bad 7");
  expect_place(doc, "nodes.1.production", "--set nodes.1.production=8: /nodes/1/production: bad 7");
  expect_place(doc, "nodes.1.id", "grid.json:1:62: /nodes/1/id: bad 7");
}

Test(json, an_override_takes_the_place_of_an_object_or_array_and_what_follows_keeps_its_place) {
  g_autoptr(GsJsonDoc) doc =
      must_parse("{\"recovery\": {\"limit\": [1, {}]}, \"list\": [[1, 2], 3], \"last\": 5}");
  const GsJson *recovery = at(doc, "recovery");
  cr_assert(gs_json_override(doc, "recovery.limit.0", "7", NULL));
  cr_assert(gs_json_override(doc, "recovery", "none", NULL));
  cr_assert(gs_json_override(doc, "list.0", "null", NULL));
  cr_expect_eq(at(doc, "recovery"), recovery, "a replaced value stays where it is");
  cr_expect_str_eq(gs_json_string(recovery), "none");
  cr_expect_null(gs_json_member(recovery, "limit"));
  cr_expect_null(gs_json_first(recovery));
  cr_expect_eq(gs_json_count(recovery), 0);
  expect_place(doc, "recovery", "--set recovery=none: /recovery: bad 7");
  expect_place(doc, "list.0", "--set list.0=null: /list/0: bad 7");
  expect_place(doc, "list.1", "grid.json:1:51: /list/1: bad 7");
  expect_place(doc, "last", "grid.json:1:63: /last: bad 7");
  g_autoptr(GError) error = NULL;
  cr_expect_not(gs_json_override(doc, "recovery.limit", "1s", &error));
  cr_expect_str_eq(error->message, "--set recovery.limit=1s: \"limit\" would be inside a string, "
                                   "which has no members");
}

Test(json, an_override_that_cannot_be_is_refused_and_changes_nothing) {
  g_autoptr(GsJsonDoc) doc = must_parse("{\"a\": 1, \"list\": [1, {\"b\": null}]}");
  static const struct {
    const char *path, *message;
  } cases[] = {
      {"", "--set =v: the path has an empty part: write member.member or member.0.member"},
      {"a..b", "--set a..b=v: the path has an empty part: write member.member or member.0.member"},
      {".a", "--set .a=v: the path has an empty part: write member.member or member.0.member"},
      {"a.b", "--set a.b=v: \"b\" would be inside a number, which has no members"},
      {"list.1.b.c", "--set list.1.b.c=v: \"c\" would be inside null, which has no members"},
      {"list.2", "--set list.2=v: the array has 2 elements, there is no number 2 (counted from 0)"},
      {"list.01", "--set list.01=v: \"01\" is not an index of the array (0, 1, …)"},
      {"list.-1", "--set list.-1=v: \"-1\" is not an index of the array (0, 1, …)"},
      {"list.x", "--set list.x=v: \"x\" is not an index of the array (0, 1, …)"},
      {"list.99999999999999999999",
       "--set list.99999999999999999999=v: \"99999999999999999999\" is not an index of the array "
       "(0, 1, …)"},
      {"\xFF", "--set \uFFFD=v: this is not valid UTF-8"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    cr_expect_not(gs_json_override(doc, cases[i].path, "v", &error));
    cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
    cr_expect_str_eq(error->message, cases[i].message, "got %s", error->message);
  }
  g_autoptr(GString) deep = g_string_new("x");
  for (int i = 1; i < GS_JSON_DEPTH_MAX; i++)
    g_string_append(deep, ".x");
  g_autofree char *too_deep = g_strconcat("y.", deep->str, NULL);
  cr_expect_not(gs_json_override(doc, too_deep, "1", NULL));
  cr_expect_eq(gs_json_count(gs_json_root(doc)), 2);
  cr_expect(gs_json_override(doc, deep->str, "1", NULL));
}

Test(json, a_member_can_be_taken_out_and_places_stay_right) {
  const char *text = "{\"a\": 1, \"b\": {\"c\": [1, 2]}, \"d\": 3.5, \"e\": \"x\"}";
  g_autoptr(GError) error = NULL;
  g_autoptr(GsJsonDoc) doc = must_parse(text);
  cr_assert(doc);
  cr_assert(gs_json_override(doc, "b", NULL, &error));
  cr_assert(gs_json_override(doc, "none.such", NULL, &error), "what is not there is fine");
  cr_assert_null(gs_json_member(gs_json_root(doc), "b"));
  cr_expect_eq(gs_json_count(gs_json_root(doc)), 3);
  cr_expect_not(
      gs_json_fail(doc, gs_json_member(gs_json_root(doc), "e"), &error, GS_ERROR_INPUT, "here"));
  cr_expect(g_str_has_suffix(error->message, ":1:45: /e: here"), "%s", error->message);
  g_clear_error(&error);
  cr_assert(gs_json_override(doc, "b.c", "7", &error), "it can be made anew");
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 0);
  gs_json_write_value(writer, gs_json_root(doc));
  cr_expect_str_eq(out->str, "{\"a\": 1, \"d\": 3.5, \"e\": \"x\", \"b\": {\"c\": 7}}");
}

Test(json, a_document_written_out_reads_back_the_same) {
  const char *text = "{\"a\": [1, -2.5e-300, true, null, [], {}], \"\\u00e9\\n\": \"\\\"\\u0001\", "
                     "\"n\": 9007199254740992}";
  g_autoptr(GsJsonDoc) doc = must_parse(text);
  g_autoptr(GString) once = g_string_new(NULL), twice = g_string_new(NULL);
  g_autoptr(GsJsonWriter) first = gs_json_writer_new(once, 2);
  gs_json_write_value(first, gs_json_root(doc));
  g_autoptr(GsJsonDoc) again = must_parse(once->str);
  cr_assert(again, "%s", once->str);
  g_autoptr(GsJsonWriter) second = gs_json_writer_new(twice, 2);
  gs_json_write_value(second, gs_json_root(again));
  cr_expect_str_eq(once->str, twice->str);
  const GsJson *list = gs_json_member(gs_json_root(again), "a");
  cr_expect_eq(gs_json_number(gs_json_next(gs_json_first(list))), -2.5e-300);
  cr_expect_str_eq(gs_json_string(gs_json_member(gs_json_root(again), "\u00e9\n")), "\"\001");
}

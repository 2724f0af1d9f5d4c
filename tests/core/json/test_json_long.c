/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/json/json_long.h"
#include "core/json/json_writer.h"
#include "core/limits.h"

/* Long arrays: what is visited must be what a tree would have. */

static const char *const long_members[] = {"list", "more", NULL};

static GsJsonDoc *parse(const char *text, uint64_t long_bytes) {
  GsJsonLimits limits = {.max_bytes = 1 << 20,
                         .max_depth = GS_JSON_DEPTH_MAX,
                         .long_members = long_members,
                         .long_bytes = long_bytes};
  g_autoptr(GError) error = NULL;
  GsJsonDoc *doc = gs_json_parse(text, strlen(text), "grid.json", &limits, &error);
  cr_assert_not_null(doc, "%s: %s", text, error ? error->message : "");
  return doc;
}

typedef struct {
  GsJsonDoc *doc;
  GString *seen;
  guint stop_at, expected;
} Visits;

/** Notes each value's text, place and pointer, and those of what is in it. */
static bool visit(const GsJson *value, guint index, void *data) {
  Visits *visits = data;
  cr_expect_eq(index, visits->expected++);
  GsJsonWriter *writer = gs_json_writer_new(visits->seen, 0);
  gs_json_write_value(writer, value);
  gs_json_writer_free(writer);
  g_autoptr(GError) error = NULL;
  gs_json_fail(visits->doc, value, &error, GS_ERROR_INPUT, "it");
  g_string_append_printf(visits->seen, " %s", error->message);
  bool inside = gs_json_type(value) == GS_JSON_ARRAY || gs_json_type(value) == GS_JSON_OBJECT;
  for (const GsJson *child = inside ? gs_json_first(value) : NULL; child;
       child = gs_json_next(child)) {
    g_clear_error(&error);
    int64_t integer;
    gs_json_fail(visits->doc, child, &error, GS_ERROR_INPUT, "in it");
    g_string_append_printf(visits->seen, " %s %d", error->message,
                           gs_json_integer(child, &integer));
  }
  g_string_append_c(visits->seen, '\n');
  return index != visits->stop_at;
}

static char *all_visits(const char *text, uint64_t long_bytes, guint stop_at) {
  g_autoptr(GsJsonDoc) doc = parse(text, long_bytes);
  Visits visits = {.doc = doc, .seen = g_string_new(NULL), .stop_at = stop_at};
  for (guint i = 0; long_members[i]; i++) {
    const GsJson *array = gs_json_member(gs_json_root(doc), long_members[i]);
    if (!array || gs_json_type(array) != GS_JSON_ARRAY)
      continue;
    visits.expected = 0;
    bool all = gs_json_each(doc, array, visit, &visits);
    g_string_append_printf(visits.seen, "%s %u %d\n", long_members[i], gs_json_count(array), all);
  }
  return g_string_free(visits.seen, FALSE);
}

Test(json_long, elements_are_visited_as_those_of_a_tree) {
  static const char *const texts[] = {
      "{\"list\": []}",
      "{\"list\" : [ \n ] , \"more\":[[]]}",
      "{\"list\": [1, 2.5, \"]\", \"\\\"]\", [1, [2, {\"a\": []}], 3], {}, {\"k\": [4]}, true, "
      "null, "
      "false, -0.5e-3]}",
      "{\"a\": [1.5, {\"b\": 2}], \"list\": [3, 4.5, {\"n\": 1e2}], \"c\": 5.5, \"more\": [6, "
      "7.5], "
      "\"d\": 8}",
      "  {\"list\":[\n{\"x\":1},\n\t{\"x\" :\"\\u00e9\\ud83d\\ude00\"}\r\n]}  ",
      "{\"list\": 3, \"more\": {\"list\": [1]}}",
      "{\"in\": {\"list\": [1, 2]}, \"more\": [\"\xC3\xA9\", 1]}",
      "{}",
      "{\"li\\u0073t\": [1, 2.5]}",
      "[{\"list\": [1]}]",
  };
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    for (guint stop_at = 0; stop_at < 3; stop_at++) {
      g_autofree char *wanted = all_visits(texts[i], UINT64_MAX, stop_at);
      g_autofree char *found = all_visits(texts[i], 0, stop_at);
      cr_expect_str_eq(found, wanted, "%s:\n%s\nwanted\n%s", texts[i], found, wanted);
    }
}

Test(json_long, an_array_is_long_from_as_many_bytes_on_as_the_caller_says) {
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GsJsonLong));
  const char *text = "{\"list\": [1, 22], \"x\": [1, 2, 3, 4], \"more\": [1, {\"a\": 333}]}";
  GsJsonText whole = {text, strlen(text), NULL};
  for (uint64_t least = 6; least <= 16; least++) {
    g_array_set_size(found, 0);
    GsJsonLimits limits = {.long_members = long_members, .long_bytes = least};
    GString *rest;
    cr_assert(gs_json_leave_out(&whole, &limits, found, &rest, NULL));
    guint wanted = least <= 7 ? 2 : least <= 15 ? 1 : 0;
    cr_expect_eq(found->len, wanted, "%u", (guint)least);
    if (least == 7)
      cr_expect_str_eq(rest->str, "{\"list\": [], \"x\": [1, 2, 3, 4], \"more\": []}");
    if (least == 8)
      cr_expect_str_eq(rest->str, "{\"list\": [1, 22], \"x\": [1, 2, 3, 4], \"more\": []}");
    cr_expect_eq(rest != NULL, wanted > 0);
    if (rest)
      g_string_free(rest, TRUE);
    if (!wanted)
      continue;
    const GsJsonLong *last = &g_array_index(found, GsJsonLong, found->len - 1);
    cr_expect(last->member == 2 && last->count == 2 && last->numbers == 2);
    cr_expect_eq(last->first_number, 6);
  }
}

Test(json_long, elements_can_be_overridden_and_the_last_word_counts) {
  const char *text = "{\"list\": [{\"a\": 1}, 2, {\"a\": 3}], \"b\": 4}";
  static const uint64_t least[] = {0, UINT64_MAX};
  for (guint i = 0; i < 2; i++) {
    g_autoptr(GsJsonDoc) doc = parse(text, least[i]);
    cr_expect(gs_json_override(doc, "list.2.a", "7", NULL));
    cr_expect(gs_json_override(doc, "list.1", "x", NULL));
    cr_expect(gs_json_override(doc, "list.2.a", "8", NULL));
    cr_expect(gs_json_override(doc, "list.0.new.deep", "9", NULL));
    cr_expect(gs_json_override(doc, "list.0.a", NULL, NULL));
    g_autoptr(GError) error = NULL;
    cr_expect_not(gs_json_override(doc, "list.3", "1", &error));
    cr_expect_str_eq(
        error->message,
        "--set list.3=1: the array has 3 elements, there is no number 3 (counted from 0)");
    /* Twice, since what was changed stays. */
    for (int round = 0; round < 2; round++) {
      Visits visits = {.doc = doc, .seen = g_string_new(NULL), .stop_at = UINT32_MAX};
      gs_json_each(doc, gs_json_member(gs_json_root(doc), "list"), visit, &visits);
      cr_expect_str_eq(visits.seen->str,
                       "{\"new\": {\"deep\": 9}} grid.json:1:11: /list/0: it --set "
                       "list.0.new.deep=9: /list/0/new: in it 0\n"
                       "\"x\" --set list.1=x: /list/1: it\n"
                       "{\"a\": 8} grid.json:1:24: /list/2: it --set list.2.a=8: /list/2/a: in it "
                       "1\n",
                       "%s", visits.seen->str);
      g_string_free(visits.seen, TRUE);
    }
  }
}

/** What a text is read with, and what is said of it where it is refused. */
static void expect_judged(const char *text, const GsJsonLimits *limits, const char *refusal) {
  g_autoptr(GError) error = NULL;
  g_autofree char *exact = g_memdup2(text, strlen(text));
  g_autoptr(GsJsonDoc) doc = gs_json_parse(exact, strlen(text), "grid.json", limits, &error);
  cr_expect_eq(doc == NULL, refusal != NULL, "%s: %s", text, error ? error->message : "read");
  if (!error || !refusal)
    return;
  cr_expect_str_eq(error->message, refusal);
  cr_expect_eq(error->code, GS_ERROR_LIMIT);
}

Test(json_long, only_so_many_values_become_a_tree_together) {
  GsJsonLimits limits = {.max_bytes = 1 << 20, .max_depth = 9, .max_values = 4};
  expect_judged("[0,0,0]", &limits, NULL);
  expect_judged("[[],{}, [ ]]", &limits, NULL);
  expect_judged("[\"[,,,{[\\\"{,,,\",0,0]", &limits, NULL);
  expect_judged("{\"a\":[0],\"b\":[ 0]}", &limits, NULL);
  expect_judged("[0,0,0,0]", &limits,
                "grid.json:1:1: more than 4 values in the document; at most so many are allowed");
  expect_judged("{\"a\":[0],\n\"b\":[0,0]}", &limits,
                "grid.json:2:5: more than 4 values in the document; at most so many are allowed");
  limits.long_members = long_members;
  expect_judged("{\"list\":[[0,0,0],0,0,0,0],\"more\":[0,0,0,0,0],\"b\":[0,0,0]}", &limits, NULL);
  expect_judged("{\"list\":[[0,0,0],0,\n[0,0,[0]]]}", &limits,
                "grid.json:2:1: more than 4 values in one element of a list; at most so many are "
                "allowed");
  expect_judged("{\"list\":[0,0,0,0],\"b\":[0,0,0,0]}", &limits,
                "grid.json:1:23: more than 4 values in the document without its long lists; at "
                "most so many are allowed");
}

Test(json_long, members_that_nobody_reads_are_there_and_empty) {
  static const char *const read[] = {"a", "list", NULL};
  const char *text = "{\"x\": {\"y\": [1, 2.5], \"y\": 2}, \"a\": [3, 4.5], \"z\": 6, \"v\": "
                     "[7,8,9,10,[[]]],\n \"a\\u0062\": [1], \"list\": [1, 1.5]}";
  GsJsonLimits limits = {.max_bytes = 1 << 20,
                         .max_depth = 9,
                         .long_members = long_members,
                         .read_members = read,
                         .max_values = 7};
  g_autoptr(GError) error = NULL;
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, strlen(text), "grid.json", &limits, &error);
  cr_assert(doc, "%s", error->message);
  const GsJson *root = gs_json_root(doc), *a = gs_json_member(root, "a");
  const GsJson *x = gs_json_member(root, "x"), *v = gs_json_member(root, "v");
  int64_t integer;
  cr_expect(gs_json_type(x) == GS_JSON_OBJECT && gs_json_type(v) == GS_JSON_ARRAY);
  cr_expect(gs_json_count(x) == 0 && gs_json_count(v) == 0);
  cr_expect(gs_json_integer(gs_json_first(a), &integer) && integer == 3);
  cr_expect_not(gs_json_integer(gs_json_next(gs_json_first(a)), &integer));
  cr_expect(gs_json_integer(gs_json_member(root, "z"), &integer) && integer == 6);
  cr_expect_eq(gs_json_count(gs_json_member(root, "ab")), 1);
  gs_json_fail(doc, v, &error, GS_ERROR_INPUT, "it");
  cr_expect_str_eq(error->message, "grid.json:1:60: /v: it");
  static const char *const inside[] = {"v.0", "x.y"};
  for (guint i = 0; i < G_N_ELEMENTS(inside); i++) {
    g_autoptr(GError) problem = NULL;
    g_autofree char *said =
        g_strdup_printf("--set %s=1: the document's \"%c\" is not read", inside[i], inside[i][0]);
    cr_expect_not(gs_json_override(doc, inside[i], "1", &problem));
    cr_expect_str_eq(problem->message, said);
  }
}

Test(json_long, an_override_takes_the_place_of_a_whole_array) {
  static const char text[] = "{\"list\": [{\"a\": 1}, {\"a\": 2}], \"last\": 5}";
  static const uint64_t least[] = {UINT64_MAX, 0};
  for (guint form = 0; form < G_N_ELEMENTS(least); form++) {
    g_autoptr(GsJsonDoc) doc = parse(text, least[form]);
    cr_assert(gs_json_override(doc, "list.1.a", "3", NULL));
    cr_assert(gs_json_override(doc, "list", "*", NULL));
    const GsJson *list = gs_json_member(gs_json_root(doc), "list");
    cr_expect_str_eq(gs_json_string(list), "*");
    g_autoptr(GError) error = NULL;
    gs_json_fail(doc, gs_json_next(list), &error, GS_ERROR_INPUT, "it");
    cr_expect_str_eq(error->message, "grid.json:1:40: /last: it");
  }
}

/** Names that may be another's by escapes, in many members, within what is within an element. */
Test(json_long, a_repeated_name_in_an_element_is_refused_as_in_a_tree) {
  static const char *const texts[] = {
      "{\"list\": [{\"a\": 1}, {\"a\": 1, \"b\": 2, \"a\": 3}]}",
      "{\"list\": [{\"a\": 1, \"\\u0061\": 2}]}",
      "{\"list\": [{\"\\u0061\": 1, \"a\": 2}]}",
      "{\"list\": [{\"a\": [{\"b\": 1}], \"c\": {\"b\": {\"d\": 1, \"d\": 2}}}]}",
      "{\"list\": [[3, [{\"d\": 1, \"d\": 2}]]]}",
      "{\"list\": "
      "[{\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"10\":0,"
      "\"11\":0,\"12\":0,\"13\":0,\"14\":0,\"15\":0,\"16\":0,\"17\":0,\"18\":0,\"17\":0}]}",
  };
  static const uint64_t least[] = {UINT64_MAX, 0};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *wanted = NULL;
    for (guint form = 0; form < G_N_ELEMENTS(least); form++) {
      GsJsonLimits limits = {.max_bytes = 1 << 20,
                             .max_depth = GS_JSON_DEPTH_MAX,
                             .long_members = long_members,
                             .long_bytes = least[form]};
      g_autoptr(GError) error = NULL;
      cr_assert_null(gs_json_parse(texts[i], strlen(texts[i]), "grid.json", &limits, &error), "%s",
                     texts[i]);
      cr_expect(strstr(error->message, "a member of this name is already at"), "%s",
                error->message);
      if (!wanted)
        wanted = g_strdup(error->message);
      cr_expect_str_eq(error->message, wanted);
    }
  }
}

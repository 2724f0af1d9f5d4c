/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/error.h"
#include "core/limits.h"
#include "sim/serve/foreign.h"
#include "sim/serve/serve.h"
#include "sim/serve/wire_ids.h"
#include "tests/sim/sim_support.h"

Test(wire_ids, two_processes_never_share_ids) {
  GsWireIds *one = gs_wire_ids_new(), *two = gs_wire_ids_new();
  cr_assert_neq(gs_wire_ids_space(one, 0), gs_wire_ids_space(two, 0));
  cr_assert_neq(gs_wire_ids_space(one, 0), gs_wire_ids_space(one, 1));
  GsMasterId a = gs_wire_ids_fresh(one), b = gs_wire_ids_fresh(one), c = gs_wire_ids_fresh(two);
  cr_assert(!gs_master_id_equal(a, b) && !gs_master_id_equal(a, c));
  cr_assert_neq(a.space, gs_wire_ids_space(one, 0));
  gs_wire_ids_free(one);
  gs_wire_ids_free(two);
}

Test(wire_ids, the_id_of_an_ask_says_who_was_asked_and_only_to_who_asked) {
  GsWireIds *ids = gs_wire_ids_new(), *others = gs_wire_ids_new();
  GsEndpoint asked = 0;
  uint64_t req = 0;
  GsMasterId id = gs_wire_ids_ask(ids, 3, (1u << 20) + 4095, (UINT64_C(1) << 40) - 1);
  cr_assert(gs_wire_ids_asked(ids, 3, id, &asked, &req));
  cr_assert_eq(asked, (1u << 20) + 4095);
  cr_assert_eq(req, (UINT64_C(1) << 40) - 1);
  cr_assert_not(gs_wire_ids_asked(ids, 4, id, &asked, &req));
  cr_assert_not(gs_wire_ids_asked(others, 3, id, &asked, &req));
  gs_wire_ids_free(ids);
  gs_wire_ids_free(others);
}

Test(wire_ids, of_foreign_asks_the_latest_are_remembered_and_the_oldest_forgotten) {
  GsWireIds *ids = gs_wire_ids_new();
  GsMasterId found;
  cr_assert_not(gs_wire_ids_recall(ids, 0, &found));
  cr_assert_not(gs_wire_ids_recall(ids, 1, &found));
  uint64_t first = gs_wire_ids_remember(ids, (GsMasterId){7, 0});
  for (uint64_t i = 1; i < GS_ASKS_REMEMBERED; i++)
    gs_wire_ids_remember(ids, (GsMasterId){7, i});
  cr_assert(gs_wire_ids_recall(ids, first, &found));
  cr_assert(gs_master_id_equal(found, (GsMasterId){7, 0}));
  uint64_t last = gs_wire_ids_remember(ids, (GsMasterId){8, 8});
  cr_assert_not(gs_wire_ids_recall(ids, first, &found));
  cr_assert(gs_wire_ids_recall(ids, last, &found));
  cr_assert_eq(found.space, 8);
  gs_wire_ids_free(ids);
}

Test(foreign, an_address_is_one_endpoint_however_it_is_written) {
  GsForeignNodes *foreign = gs_foreign_new(10, NULL, NULL);
  gs_foreign_add_own(foreign, "127.0.0.1:8081", 4);
  cr_assert_eq(gs_foreign_endpoint(foreign, "localhost:8081"), 4);
  cr_assert_eq(gs_foreign_endpoint(foreign, "LocalHost:9"), 10);
  cr_assert_eq(gs_foreign_endpoint(foreign, "127.0.0.1:9"), 10);
  cr_assert_eq(gs_foreign_endpoint(foreign, "meter.example:9"), 11);
  cr_assert_eq(gs_foreign_endpoint(foreign, "METER.example:9"), 11);
  cr_assert_eq(gs_foreign_count(foreign), 2);
  cr_assert_str_eq(gs_foreign_name(foreign, 11), "meter.example:9");
  cr_assert_null(gs_foreign_name(foreign, 12));
  cr_assert_null(gs_foreign_name(foreign, 4));
  gs_foreign_free(foreign);
}

Test(foreign, the_node_at_an_address_may_change_and_old_names_stay_valid) {
  GsForeignNodes *foreign = gs_foreign_new(10, NULL, NULL);
  GsEndpoint at = gs_foreign_endpoint(foreign, "127.0.0.1:1"),
             other = gs_foreign_endpoint(foreign, "127.0.0.1:2");
  gs_foreign_learn(foreign, at, 5, "five");
  const char *five = gs_foreign_name(foreign, at);
  cr_assert_eq(gs_foreign_find_id(foreign, 5), at);
  gs_foreign_learn(foreign, at, 6, "six");
  cr_assert_str_eq(five, "five");
  cr_assert_str_eq(gs_foreign_name(foreign, at), "six");
  cr_assert_eq(gs_foreign_find_id(foreign, 5), GS_ENDPOINT_NONE);
  gs_foreign_learn(foreign, other, 6, "six");
  cr_assert_eq(gs_foreign_find_id(foreign, 6), other, "it has moved");
  gs_foreign_learn(foreign, at, 7, "seven");
  cr_assert_eq(gs_foreign_find_id(foreign, 6), other);
  gs_foreign_learn(foreign, 3, 99, "an own node is not learned about");
  cr_assert_eq(gs_foreign_find_id(foreign, 99), GS_ENDPOINT_NONE);
  gs_foreign_free(foreign);
}

Test(foreign, no_more_than_the_limit_are_known) {
  GsForeignNodes *foreign = gs_foreign_new(0, NULL, NULL);
  for (guint i = 0; i <= GS_FOREIGN_MAX; i++) {
    g_autofree char *address = g_strdup_printf("127.0.%u.%u:80", i / 256, i % 256);
    GsEndpoint endpoint = gs_foreign_endpoint(foreign, address);
    cr_assert_eq(endpoint, i < GS_FOREIGN_MAX ? i : GS_ENDPOINT_NONE);
    g_autofree char *name = g_strdup_printf("n%u", i);
    gs_foreign_learn(foreign, endpoint, i, name);
  }
  cr_assert_eq(gs_foreign_endpoint(foreign, "127.0.0.7:80"), 7);
  gs_foreign_free(foreign);
}

static bool lets_go(GsHttpPeer *http, void *data) {
  ++*(guint *)data;
  return !*(bool *)(void *)http;
}

Test(foreign, who_was_only_named_makes_room_when_nothing_of_it_is_under_way) {
  guint asked = 0;
  bool busy[] = {true, false};
  GsForeignNodes *foreign = gs_foreign_new(5, lets_go, &asked);
  for (guint i = 0; i < GS_FOREIGN_MAX; i++) {
    g_autofree char *address = g_strdup_printf("127.0.%u.%u:80", i / 256, i % 256);
    GsEndpoint endpoint = gs_foreign_endpoint(foreign, address);
    cr_assert_eq(endpoint, 5 + i);
    if (i == 0 || i >= 5)
      gs_foreign_learn(foreign, endpoint, i, "it spoke");
    gs_foreign_entry(foreign, endpoint)->asks = i == 1;
    gs_foreign_entry(foreign, endpoint)->http =
        i == 2 || i == 3 ? (GsHttpPeer *)(void *)&busy[i - 2] : NULL;
  }
  /* The first spoke, the second is being asked, the third has not been let go of. */
  cr_expect_eq(gs_foreign_endpoint(foreign, "127.1.0.1:80"), 5 + 3);
  cr_expect_eq(asked, 2);
  cr_expect_null(gs_foreign_entry(foreign, 5 + 3)->http);
  cr_expect_str_eq(gs_foreign_name(foreign, 5 + 3), "127.1.0.1:80");
  cr_expect_eq(gs_foreign_find_address(foreign, "127.0.0.3:80"), GS_ENDPOINT_NONE);
  cr_expect_eq(gs_foreign_find_address(foreign, "127.0.0.2:80"), 5 + 2);
  cr_expect_eq(gs_foreign_endpoint(foreign, "127.1.0.2:80"), 5 + 4);
  gs_foreign_learn(foreign, 5 + 3, GS_FOREIGN_MAX, "it spoke");
  gs_foreign_learn(foreign, 5 + 4, GS_FOREIGN_MAX + 1, "it spoke");
  cr_expect_eq(gs_foreign_endpoint(foreign, "127.1.0.3:80"), GS_ENDPOINT_NONE);
  gs_foreign_entry(foreign, 5 + 1)->asks = 0;
  cr_expect_eq(gs_foreign_endpoint(foreign, "127.1.0.3:80"), 5 + 1);
  busy[0] = false;
  cr_expect_eq(gs_foreign_endpoint(foreign, "127.1.0.4:80"), 5 + 2);
  cr_expect_eq(gs_foreign_count(foreign), GS_FOREIGN_MAX);
  gs_foreign_bury(foreign);
  gs_foreign_free(foreign);
}

static GsScenario *five_nodes(void) {
  return gs_test_scenario(
      "{'nodes': [{'name': 'A', 'http': '127.0.0.1:8081'}, {'name': 'B'}, {'name': 'C=D'},"
      " {'name': 'E'}, {'name': 'F', 'http': '127.0.0.1:8086'}]}");
}

/** "0@127.0.0.1:8081 …", or the error's message. */
static char *exposed(const char *const *expose, const char *all) {
  g_autoptr(GsScenario) scenario = five_nodes();
  g_auto(GsExposures) exposures = {0};
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new(NULL);
  if (!gs_exposures_read(&exposures, scenario, (char **)(guintptr)expose, all, &error)) {
    cr_assert_eq(error->domain, GS_ERROR);
    g_string_assign(text, error->message);
    return g_string_free(text, FALSE);
  }
  for (guint i = 0; i < exposures.list->len; i++) {
    const GsExposure *one = &g_array_index(exposures.list, GsExposure, i);
    g_string_append_printf(text, "%s%u@%s", i ? " " : "", one->node, one->address);
  }
  return g_string_free(text, FALSE);
}

static void check_exposed(const char *const *expose, const char *all, const char *wanted) {
  g_autofree char *found = exposed(expose, all);
  cr_assert_str_eq(found, wanted);
}

Test(exposures, come_from_the_scenario_and_the_user_in_the_scenarios_order) {
  check_exposed(NULL, NULL, "0@127.0.0.1:8081 4@127.0.0.1:8086");
  check_exposed((const char *[]){"E", "A=[::1]:90", "F", NULL}, NULL,
                "0@[::1]:90 3@127.0.0.1:0 4@127.0.0.1:8086");
  check_exposed((const char *[]){"C=D=127.0.0.1:0", NULL}, NULL,
                "0@127.0.0.1:8081 2@127.0.0.1:0 4@127.0.0.1:8086");
  check_exposed((const char *[]){"C=D", "B=127.0.0.1:7", NULL}, "127.0.0.1:9000",
                "0@127.0.0.1:9000 1@127.0.0.1:7 2@127.0.0.1:0 3@127.0.0.1:9001 4@127.0.0.1:9002");
  check_exposed((const char *[]){"F", NULL}, "127.0.0.1:9000",
                "0@127.0.0.1:9000 1@127.0.0.1:9001 2@127.0.0.1:9002 3@127.0.0.1:9003 "
                "4@127.0.0.1:8086");
}

Test(exposures, what_cannot_be_exposed_is_refused) {
  check_exposed((const char *[]){"G", NULL}, NULL,
                "--expose: the scenario has no node 'G'; try 'gridsim check' on it");
  check_exposed((const char *[]){"B=nowhere", NULL}, NULL,
                "--expose B: 'nowhere' is no address HOST:PORT with a port from 1 to "
                "65535, or 0 for any free one");
  check_exposed((const char *[]){"B=127.0.0.1:080", NULL}, NULL,
                "--expose B: '127.0.0.1:080' is no address HOST:PORT with a port from 1 to "
                "65535, or 0 for any free one");
  check_exposed(NULL, "127.0.0.1",
                "--expose-all: '127.0.0.1' is no address HOST:PORT with a port from 1 to "
                "65535");
  check_exposed(NULL, "127.0.0.1:65534",
                "--expose-all: from port 65534 on there are not enough ports for 5 nodes");
  g_autoptr(GsScenario) scenario = gs_test_scenario("{'nodes': [{}]}");
  g_auto(GsExposures) exposures = {0};
  g_autoptr(GError) error = NULL;
  cr_assert_not(gs_exposures_read(&exposures, scenario, NULL, NULL, &error));
  cr_assert(g_str_has_prefix(error->message, "no node is exposed"));
}

Test(serve_parts, a_grid_that_is_too_large_is_not_served) {
  GsScenario scenario = {.node_count = GS_SERVED_NODES_MAX + 1};
  g_autoptr(GError) error = NULL;
  cr_assert_null(gs_serve(&scenario, &(GsServeOptions){0}, &(GsServeReport){0}, &error));
  cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_LIMIT));
  cr_expect_str_eq(error->message, "1048577 nodes; at most 1048576 can be served, since the nets "
                                   "of all go in one message");
}

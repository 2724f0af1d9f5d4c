/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/sim/http/http_listener.h"
#include "tests/sim/serve/served_grid.h"
#include "tests/sim/sim_support.h"

/* What served nodes learn of faults, and what they say of what they do about them. */

static void prepare(GsServedGrid *grid, int id, const char *recovery) {
  gs_served_prepare(grid,
                    gs_test_scenario("{'name': 't', 'network': {'latency': 0}, 'recovery': %s, "
                                     "'nodes': [{'id': %d, 'name': 'N%d'}]}",
                                     recovery, id, id));
}

/** As if it had answered before: the node has it as its sibling, starts a wave and a flood. */
static void have_sibling(const GsServedGrid *grid, const char *address) {
  cr_expect_eq(gs_served_tell(grid, 0,
                              "{'envType': 'Response', 'msgType': 'AddSibling', 'msg': "
                              "{'siblingId': 9, 'siblingName': 'F', 'siblingAddress': '%s'}}",
                              address),
               200);
}

static void expect_undelivered(const char *address) {
  GsServedGrid grid;
  prepare(&grid, 1, "'none'");
  gs_served_begin(&grid);
  have_sibling(&grid, address);
  gs_served_await(&grid, 0,
                  "'recovery': {'rules': 'none', 'sent': 0, 'suspected': 0, 'trusted_again': 0, "
                  "'waves_limited': 0, 'undelivered': 2}");
  g_auto(GsTestReply) metrics =
      gs_test_ask(gs_served_at(&grid, 0), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  cr_expect_not_null(strstr(metrics.body->str, "\ngridsim_undelivered_total{node=\"N1\"} 2\n"));
  cr_expect_not_null(strstr(metrics.body->str, "\ngridsim_recovery{node=\"N1\"} 0\n"));
  gs_served_end(&grid);
}

Test(serve_recovery, what_a_closed_port_refuses_is_told_to_its_sender) {
  g_autofree char *dead = gs_test_dead_address();
  expect_undelivered(dead);
}

Test(serve_recovery, what_is_refused_for_good_is_told_to_its_sender) {
  static const GsTestStep steps[] = {
      {.answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"},
      {.answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}};
  GsTestListener *there = gs_test_listener_new(steps, G_N_ELEMENTS(steps));
  expect_undelivered(gs_test_listener_address(there));
  gs_test_listener_free(there);
}

Test(serve_recovery, what_arrives_is_not) {
  static const GsTestStep steps[] = {{.answer = GS_TEST_200}};
  GsServedGrid grid;
  GsTestListener *there = gs_test_listener_new(steps, G_N_ELEMENTS(steps));
  prepare(&grid, 1, "{'limit': '500ms', 'resync': 'never'}");
  gs_served_begin(&grid);
  have_sibling(&grid, gs_test_listener_address(there));
  gs_served_await(&grid, 0, "'up': true, 'waiting': 0, 'delivered': 2,");
  gs_served_await(&grid, 0,
                  "'recovery': {'rules': 'standard', 'limit': '500ms', 'resync': 'never'");
  gs_served_await(&grid, 0, "'undelivered': 0}");
  gs_served_end(&grid);
  gs_test_listener_free(there);
}

Test(serve_recovery, a_node_asks_whom_it_is_told_of_as_it_begins) {
  GsServedGrid old, new;
  prepare(&old, 1, "'standard'");
  gs_served_begin(&old);
  prepare(&new, 2, "'standard'");
  g_autofree char *dead = gs_test_dead_address();
  const char *siblings[] = {gs_served_at(&old, 0), dead, NULL};
  new.options.siblings = siblings;
  gs_served_begin(&new);
  gs_served_await(&new, 0, "{'id': 1, 'name': 'N1', 'foreign': true, 'address': '%s'", siblings[0]);
  gs_served_await(&old, 0, "{'id': 2, 'name': 'N2', 'foreign': true, 'address': '%s'",
                  gs_served_at(&new, 0));
  /* Who it is and what it is called is not known before it answers. */
  gs_served_await(&new, 0, "'asked': [\n    {'address': '%s', 'told': 1, 'failed': 1,", dead);
  gs_served_end(&new);
  gs_served_end(&old);
}

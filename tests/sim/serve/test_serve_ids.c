/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/serve/strangers.h"
#include "tests/sim/http/http_listener.h"
#include "tests/sim/serve/served_grid.h"
#include "tests/sim/sim_support.h"

/* Nodes that claim an id which another has. */

#define SOON 20.0

typedef struct {
  GsServedGrid grid;
  pthread_mutex_t mutex; /**< of the next one */
  GString *warnings;
} Ids;

static void warns(const char *line, void *data) {
  /* `data` is the grid's; it is the first member. */
  Ids *ids = data;
  pthread_mutex_lock(&ids->mutex);
  g_string_append_printf(ids->warnings, "%s\n", line);
  pthread_mutex_unlock(&ids->mutex);
}

static void begin(Ids *ids) {
  gs_served_prepare(&ids->grid,
                    gs_test_scenario("{'name': 't', 'network': {'latency': 0}, 'nodes': ["
                                     "{'id': 1, 'name': 'A'}, {'id': 2, 'name': 'B'}]}"));
  pthread_mutex_init(&ids->mutex, NULL);
  ids->warnings = g_string_new(NULL);
  ids->grid.options.calls.warns = warns;
  gs_served_begin(&ids->grid);
}

static void end(Ids *ids) {
  gs_served_end(&ids->grid);
  g_string_free(ids->warnings, TRUE);
  pthread_mutex_destroy(&ids->mutex);
}

static guint count_warnings(Ids *ids, const char *text) {
  guint count = 0;
  pthread_mutex_lock(&ids->mutex);
  for (const char *at = ids->warnings->str; (at = strstr(at, text)); at++)
    count++;
  pthread_mutex_unlock(&ids->mutex);
  return count;
}

static GsTestReply add(const Ids *ids, guint node, const char *env, int64_t id,
                       const char *address) {
  g_autofree char *body =
      g_strdup_printf("{\"envType\": \"%s\", \"msgType\": \"AddSibling\", \"msg\": {\"siblingId\": "
                      "%" PRId64 ", \"siblingName\": \"F%" PRId64 "\", \"siblingAddress\": "
                      "\"%s\"}}",
                      env, id, id, address);
  return gs_served_post(&ids->grid, node, body, strlen(body));
}

static guint status_of(const Ids *ids, guint node, const char *env, int64_t id,
                       const char *address) {
  g_auto(GsTestReply) reply = add(ids, node, env, id, address);
  return reply.status;
}

/** The status when the holder has been asked. */
static guint settled(const Ids *ids, guint node, const char *env, int64_t id, const char *address) {
  for (double deadline = gs_clock_s() + SOON; gs_clock_s() < deadline; usleep(5000)) {
    g_auto(GsTestReply) reply = add(ids, node, env, id, address);
    if (reply.status != 503)
      return reply.status;
    cr_assert(gs_test_reply_has(&reply, "retry-after: 1"));
    cr_assert(strstr(reply.body->str, "is being asked"), "%s", reply.body->str);
  }
  return 503;
}

static GsTestListener *listener(void) {
  return gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
}

Test(serve_ids, of_own_nodes_are_refused_to_foreign_ones) {
  static const char *const envelopes[] = {"Tell", "Ask", "Response"};
  Ids ids;
  begin(&ids);
  GsTestListener *x = listener();
  const char *at = gs_test_listener_address(x);
  for (guint node = 0; node < 2; node++)
    for (gsize e = 0; e < G_N_ELEMENTS(envelopes); e++) {
      g_auto(GsTestReply) reply = add(&ids, node, envelopes[e], 2, at);
      cr_expect_eq(reply.status, 409, "%u to %s", reply.status, envelopes[e]);
      cr_expect(g_str_has_prefix(reply.body->str, "{\"title\": \"409 Conflict\""), "%s",
                reply.body->str);
      g_autofree char *wanted = g_strdup_printf(
          "siblingId 2 is the id of %s B at %s%s; each node of a grid needs an id of its own: "
          "give the one at %s another",
          node == 1 ? "this node," : "node", gs_served_at(&ids.grid, 1),
          node == 1 ? "" : ", which is served here", at);
      cr_expect(strstr(reply.body->str, wanted), "%s\n%s", reply.body->str, wanted);
    }
  gs_served_await(&ids.grid, 0, "'siblings': []");
  gs_served_await(&ids.grid, 1, "'siblings': []");
  /* It is shown, counted, and said once by each node. */
  gs_served_await(&ids.grid, 0, "{'id': 2, 'name': 'F2', 'address': '%s', 'count': 3, 'reason': '",
                  at);
  cr_expect_eq(gs_served_number(&ids.grid, 0, "refused_id"), 3);
  cr_expect_eq(gs_served_number(&ids.grid, 0, "accepted"), 0);
  g_auto(GsTestReply) metrics =
      gs_test_ask(gs_served_at(&ids.grid, 1), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  cr_expect(strstr(metrics.body->str, "gridsim_refused_id_total{node=\"B\"} 3\n"));
  cr_expect_eq(count_warnings(&ids, "refused a sibling: siblingId 2 is the id of"), 2);
  cr_expect_eq(gs_test_listener_requests(x), 0);
  gs_served_assert_lives(&ids.grid, 0);
  end(&ids);
  gs_test_listener_free(x);
}

Test(serve_ids, of_a_foreign_node_that_answers_are_refused_to_another) {
  Ids ids;
  begin(&ids);
  GsTestListener *x = listener(), *y = listener();
  const char *at_x = gs_test_listener_address(x), *at_y = gs_test_listener_address(y);
  cr_expect_eq(status_of(&ids, 0, "Ask", 5, at_x), 200);
  cr_expect_eq(status_of(&ids, 0, "Ask", 5, at_y), 503, "it may have moved");
  cr_expect_eq(settled(&ids, 0, "Ask", 5, at_y), 409);
  cr_expect_eq(settled(&ids, 1, "Response", 5, at_y), 409, "another own node says the same");
  cr_expect_eq(settled(&ids, 0, "Tell", 5, at_y), 409);
  cr_expect_eq(status_of(&ids, 0, "Ask", 5, at_x), 200, "the first is who it was");
  cr_expect_eq(status_of(&ids, 0, "Ask", 6, at_y), 200, "and the other may be someone else");
  gs_served_await(&ids.grid, 0, "{'id': 5, 'name': 'F5', 'foreign': true, 'address': '%s'", at_x);
  gs_served_await(&ids.grid, 0, "{'id': 6, 'name': 'F6', 'foreign': true, 'address': '%s'", at_y);
  gs_served_await(&ids.grid, 0, "{'id': 5, 'name': 'F5', 'address': '%s', 'count': ", at_y);
  cr_expect_eq(count_warnings(&ids, "node A refused a sibling: siblingId 5 is the id of F5 at"), 1);
  g_auto(GsTestReply) state =
      gs_test_ask(gs_served_at(&ids.grid, 0), "GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n");
  cr_expect(strstr(state.body->str, "\"failed\": 0"), "a probe is no message");
  end(&ids);
  gs_test_listener_free(x);
  gs_test_listener_free(y);
}

Test(serve_ids, of_a_foreign_node_that_is_gone_go_with_it_to_its_new_address) {
  Ids ids;
  begin(&ids);
  GsTestListener *x = listener(), *y = listener();
  g_autofree char *at_x = g_strdup(gs_test_listener_address(x));
  const char *at_y = gs_test_listener_address(y);
  cr_expect_eq(status_of(&ids, 0, "Ask", 5, at_x), 200);
  gs_served_await(&ids.grid, 0, "'address': '%s', 'up': true, 'waiting': 0, 'delivered': 1", at_x);
  gs_test_listener_free(x);
  cr_expect_eq(settled(&ids, 0, "Ask", 5, at_y), 200);
  gs_served_await(&ids.grid, 0, "{'id': 5, 'name': 'F5', 'foreign': true, 'address': '%s'", at_y);
  g_autoptr(GString) state = gs_served_state(&ids.grid, 0);
  cr_expect(!strstr(state->str, at_x), "%s", state->str);
  cr_expect_eq(count_warnings(&ids, "refused"), 0);
  end(&ids);
  gs_test_listener_free(y);
}

Test(serve_ids, are_not_given_by_who_only_names_a_node) {
  Ids ids;
  begin(&ids);
  GsTestListener *x = listener(), *y = listener();
  cr_expect_eq(status_of(&ids, 0, "Tell", 5, gs_test_listener_address(x)), 200);
  cr_expect_eq(status_of(&ids, 0, "Response", 5, gs_test_listener_address(y)), 200);
  gs_served_await(&ids.grid, 0, "{'id': 5, 'name': 'F5', 'foreign': true, 'address': '%s'",
                  gs_test_listener_address(y));
  cr_expect_eq(settled(&ids, 0, "Response", 5, gs_test_listener_address(x)), 409);
  end(&ids);
  gs_test_listener_free(x);
  gs_test_listener_free(y);
}

Test(serve_ids, are_shown_as_refused_for_the_latest_and_said_a_limited_number_of_times) {
  Ids ids;
  begin(&ids);
  guint count = GS_STRANGERS_WARNED + 10;
  for (guint i = 0; i < count; i++) {
    g_autofree char *address = g_strdup_printf("127.0.1.%u:9", i + 1);
    cr_assert_eq(status_of(&ids, 0, "Ask", 2, address), 409);
  }
  cr_expect_eq(count_warnings(&ids, "node A refused"), GS_STRANGERS_WARNED);
  cr_expect_eq(count_warnings(&ids, "further ones are only counted"), 1);
  cr_expect_eq(gs_served_number(&ids.grid, 0, "refused_id"), count);
  g_autoptr(GString) state = gs_served_state(&ids.grid, 0);
  guint shown = 0;
  for (const char *at = state->str; (at = strstr(at, "\"reason\"")); at++)
    shown++;
  cr_expect_eq(shown, GS_STRANGERS_SHOWN);
  end(&ids);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/serve/asked.h"
#include "tests/sim/http/http_listener.h"
#include "tests/sim/serve/served_grid.h"
#include "tests/sim/sim_support.h"

/* Foreign nodes that a node was told to add and that are no siblings. */

typedef struct {
  GsServedGrid grid;
  pthread_mutex_t mutex; /**< of the next one */
  GString *warnings;
} Asked;

static void warns(const char *line, void *data) {
  /* `data` is the grid's; it is the first member. */
  Asked *asked = data;
  pthread_mutex_lock(&asked->mutex);
  g_string_append_printf(asked->warnings, "%s\n", line);
  pthread_mutex_unlock(&asked->mutex);
}

static void begin(Asked *asked) {
  gs_served_prepare(&asked->grid,
                    gs_test_scenario("{'name': 't', 'network': {'latency': 0}, 'nodes': ["
                                     "{'id': 1, 'name': 'A'}, {'id': 2, 'name': 'B'}]}"));
  pthread_mutex_init(&asked->mutex, NULL);
  asked->warnings = g_string_new(NULL);
  asked->grid.options.calls.warns = warns;
  gs_served_begin(&asked->grid);
}

static void end(Asked *asked) {
  gs_served_end(&asked->grid);
  g_string_free(asked->warnings, TRUE);
  pthread_mutex_destroy(&asked->mutex);
}

static guint add(const Asked *asked, guint node, const char *env, const char *address) {
  return gs_served_tell(&asked->grid, node,
                        "{'envType': '%s', 'msgType': 'AddSibling', 'msg': {'siblingId': 9, "
                        "'siblingName': 'F', 'siblingAddress': '%s'}}",
                        env, address);
}

static bool metric_is(const Asked *asked, guint node, const char *line) {
  g_auto(GsTestReply) metrics = gs_test_ask(gs_served_at(&asked->grid, node),
                                            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  return strstr(metrics.body->str, line) != NULL;
}

Test(serve_asked, a_dead_address_is_shown_counted_and_said_once) {
  Asked asked;
  begin(&asked);
  g_autofree char *at = gs_test_dead_address();
  cr_expect_eq(add(&asked, 0, "Tell", at), 200);
  gs_served_await(&asked.grid, 0,
                  "'asked': [\n    {'id': 9, 'name': 'F', 'address': '%s', 'told': 1, 'failed': 0}",
                  at);
  gs_served_await(&asked.grid, 0,
                  "{'id': 9, 'name': 'F', 'address': '%s', 'told': 1, 'failed': 1, 'last_error': '",
                  at);
  cr_expect(metric_is(&asked, 0, "gridsim_asks_failed_total{node=\"A\"} 1\n"));
  cr_expect_eq(add(&asked, 0, "Tell", at), 200);
  gs_served_await(&asked.grid, 0, "'told': 2, 'failed': 2, 'last_error': '");
  cr_expect_eq(gs_served_number(&asked.grid, 0, "asks_failed"), 2);
  g_autofree char *said = g_strdup_printf("node A was told to add F at %s and could not: ", at);
  cr_expect(g_str_has_prefix(asked.warnings->str, said), "%s", asked.warnings->str);
  cr_expect_eq(strchr(asked.warnings->str, '\n')[1], '\0', "it is said once");
  cr_expect(metric_is(&asked, 1, "gridsim_asks_failed_total{node=\"B\"} 0\n"));
  gs_served_await(&asked.grid, 1, "'asked': []");
  end(&asked);
}

Test(serve_asked, who_says_who_it_is_is_no_longer_among_them) {
  static const GsTestStep steps[] = {
      {.answer = "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n"}, {.answer = GS_TEST_200}};
  Asked asked;
  begin(&asked);
  GsTestListener *there = gs_test_listener_new(steps, G_N_ELEMENTS(steps));
  const char *at = gs_test_listener_address(there);
  cr_expect_eq(add(&asked, 0, "Tell", at), 200);
  gs_served_await(&asked.grid, 0, "'failed': 1, 'last_error': 'answered with status 409'");
  cr_expect_eq(add(&asked, 1, "Tell", at), 200);
  gs_served_await(&asked.grid, 1, "'address': '%s', 'told': 1, 'failed': 0}", at);
  cr_expect_eq(add(&asked, 0, "Response", at), 200);
  gs_served_await(&asked.grid, 0, "'asked': []");
  gs_served_await(&asked.grid, 0, "{'id': 9, 'name': 'F', 'foreign': true, 'address': '%s'", at);
  cr_expect_eq(add(&asked, 0, "Tell", at), 200);
  gs_served_await(&asked.grid, 0, "'known-sibling': 1");
  gs_served_await(&asked.grid, 0, "'asked': []");
  end(&asked);
  gs_test_listener_free(there);
}

Test(serve_asked, the_latest_are_shown_and_a_limited_number_is_said) {
  GsAsked asked;
  const char *name = NULL;
  guint said = 0;
  gs_asked_init(&asked);
  for (guint i = 0; i < GS_ASKED_WARNED + 10; i++) {
    g_autofree char *address = g_strdup_printf("127.0.0.%u:9", i);
    gs_asked_tell(&asked, i, "F", address);
    said += gs_asked_fail(&asked, address, "no answer", &name);
    cr_expect_str_eq(name, "F");
  }
  cr_expect_eq(said, GS_ASKED_WARNED);
  cr_expect_eq(asked.nodes->len, GS_ASKED_SHOWN);
  cr_expect(!gs_asked_fail(&asked, "127.0.0.1:9", "no answer", &name));
  cr_expect_null(name, "it was told of too long ago");
  cr_expect_eq(asked.failed, GS_ASKED_WARNED + 11);
  gs_asked_clear(&asked);
}

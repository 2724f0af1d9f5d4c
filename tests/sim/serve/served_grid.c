/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/serve/served_grid.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/base/thread.h"

/** Long enough for anything that should happen, on a busy machine. */
#define SOON 20.0
#define STACK_BYTES ((gsize)1 << 20)

static bool interrupted(void *data) {
  return g_atomic_int_get(&((GsServedGrid *)data)->stop);
}

static void started(const GArray *served, void *data) {
  GsServedGrid *grid = data;
  for (guint i = 0; i < served->len; i++)
    g_ptr_array_add(grid->addresses, g_strdup(g_array_index(served, GsServed, i).address));
  pthread_mutex_lock(&grid->mutex);
  grid->started = true;
  pthread_cond_signal(&grid->change);
  pthread_mutex_unlock(&grid->mutex);
}

static void *serve(void *data) {
  GsServedGrid *grid = data;
  g_autoptr(GError) error = NULL;
  grid->results = gs_serve(grid->scenario, &grid->options, &grid->report, &error);
  cr_assert(grid->results, "%s", error ? error->message : "");
  return NULL;
}

void gs_served_prepare(GsServedGrid *grid, GsScenario *scenario) {
  *grid = (GsServedGrid){.scenario = scenario};
  grid->allow = gs_http_allow_new();
  grid->addresses = g_ptr_array_new_with_free_func(g_free);
  pthread_mutex_init(&grid->mutex, NULL);
  pthread_cond_init(&grid->change, NULL);
  gs_http_default_limits(&grid->limits);
  g_autofree char **names = g_new0(char *, scenario->node_count + 1);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    names[i] = (char *)(guintptr)scenario->nodes[i].name;
  cr_assert(gs_exposures_read(&grid->exposures, scenario, names, NULL, NULL));
  grid->options =
      (GsServeOptions){.exposures = &grid->exposures,
                       .allow = grid->allow,
                       .limits = &grid->limits,
                       .run = {.workers = 1},
                       .calls = {.interrupted = interrupted, .started = started, .data = grid}};
}

void gs_served_begin(GsServedGrid *grid) {
  cr_assert(gs_thread_start(&grid->thread, STACK_BYTES, serve, grid, NULL));
  pthread_mutex_lock(&grid->mutex);
  while (!grid->started)
    pthread_cond_wait(&grid->change, &grid->mutex);
  pthread_mutex_unlock(&grid->mutex);
}

void gs_served_end(GsServedGrid *grid) {
  g_atomic_int_set(&grid->stop, 1);
  gs_thread_join(grid->thread);
  for (guint i = 0; i < grid->report.served->len; i++) {
    const GsServed *served = &g_array_index(grid->report.served, GsServed, i);
    cr_expect_eq(served->accepted, served->handled + served->lost + served->left,
                 "%" PRIu64 " accepted, %" PRIu64 " handled, %" PRIu64 " lost, %" PRIu64 " left",
                 served->accepted, served->handled, served->lost, served->left);
  }
  gs_serve_report_clear(&grid->report);
  gs_results_free(grid->results);
  gs_exposures_clear(&grid->exposures);
  gs_http_allow_free(grid->allow);
  g_ptr_array_unref(grid->addresses);
  gs_scenario_free(grid->scenario);
  pthread_mutex_destroy(&grid->mutex);
  pthread_cond_destroy(&grid->change);
}

const char *gs_served_at(const GsServedGrid *grid, guint node) {
  return grid->addresses->pdata[node];
}

GsTestReply gs_served_post(const GsServedGrid *grid, guint node, const char *body, gsize length) {
  int fd = gs_test_connect(gs_served_at(grid, node));
  g_autofree char *head = g_strdup_printf(
      "GET /messaging HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n", length);
  gs_test_send_text(fd, head);
  gs_test_send(fd, body, length);
  GsTestReply reply = gs_test_read_reply(fd, SOON);
  close(fd);
  return reply;
}

guint gs_served_tell(const GsServedGrid *grid, guint node, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *body = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_strdelimit(body, "'", '"');
  g_auto(GsTestReply) reply = gs_served_post(grid, node, body, strlen(body));
  return reply.status;
}

GString *gs_served_state(const GsServedGrid *grid, guint node) {
  g_auto(GsTestReply) reply =
      gs_test_ask(gs_served_at(grid, node), "GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n");
  cr_assert_eq(reply.status, 200);
  return g_steal_pointer(&reply.body);
}

void gs_served_await(const GsServedGrid *grid, guint node, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *wanted = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_strdelimit(wanted, "'", '"');
  double deadline = gs_clock_s() + SOON;
  for (;;) {
    g_autoptr(GString) state = gs_served_state(grid, node);
    if (strstr(state->str, wanted))
      return;
    cr_assert(gs_clock_s() < deadline, "no %s in %s", wanted, state->str);
    usleep(5000);
  }
}

int64_t gs_served_number(const GsServedGrid *grid, guint node, const char *member) {
  g_autoptr(GString) state = gs_served_state(grid, node);
  g_autofree char *key = g_strdup_printf("\"%s\": ", member);
  const char *found = strstr(state->str, key);
  return found ? strtoll(found + strlen(key), NULL, 10) : -1;
}

void gs_served_assert_lives(const GsServedGrid *grid, guint node) {
  int64_t next = gs_served_number(grid, node, "production") + 1;
  guint status = gs_served_tell(grid, node,
                                "{'envType': 'Tell', 'msgType': 'UpdateEnergy', "
                                "'msg': {'production': %" PRId64 "}}",
                                next);
  cr_assert_eq(status, 200);
  gs_served_await(grid, node, "'production': %" PRId64 ",", next);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sim/serve/foreign_node.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "sim/base/clock.h"
#include "sim/base/thread.h"
#include "sim/serve/serve.h"
#include "tests/sim/http/http_support.h"
#include "tests/sim/sim_support.h"

#define SOON_S 10.0
#define PAUSE_US 3000
#define QUIET_US 250000

struct GsTestServe {
  GsScenario *scenario;
  GsExposures exposures;
  GsHttpAllow *allow;
  GsServeReport report;
  GPtrArray *addresses;
  pthread_t thread;
  pthread_mutex_t mutex; /**< of addresses, until `started` */
  bool started;
  gint over; /**< atomic */
};

static bool is_over(void *data) {
  return g_atomic_int_get(&((GsTestServe *)data)->over);
}

static void on_started(const GArray *served, void *data) {
  GsTestServe *serve = data;
  pthread_mutex_lock(&serve->mutex);
  for (guint i = 0; i < served->len; i++)
    g_ptr_array_add(serve->addresses, g_strdup(g_array_index(served, GsServed, i).address));
  serve->started = true;
  pthread_mutex_unlock(&serve->mutex);
}

static void *run(void *data) {
  GsTestServe *serve = data;
  GsServeOptions options = {
      .exposures = &serve->exposures,
      .allow = serve->allow,
      .run = {.runner = GS_RUNNER_POOL, .workers = 1},
      .calls = {.interrupted = is_over, .started = on_started, .data = serve}};
  g_autoptr(GError) error = NULL;
  GsResults *results = gs_serve(serve->scenario, &options, &serve->report, &error);
  cr_assert(results, "%s", error ? error->message : "no message");
  gs_results_free(results);
  return NULL;
}

GsTestServe *gs_test_serve_new(const char *scenario) {
  GsTestServe *serve = g_new0(GsTestServe, 1);
  serve->scenario = gs_test_scenario("%s", scenario);
  serve->allow = gs_http_allow_new();
  serve->addresses = g_ptr_array_new_with_free_func(g_free);
  pthread_mutex_init(&serve->mutex, NULL);
  g_autoptr(GPtrArray) expose = g_ptr_array_new();
  for (guint i = 0; i < serve->scenario->node_count; i++)
    g_ptr_array_add(expose, (gpointer)(guintptr)serve->scenario->nodes[i].name);
  g_ptr_array_add(expose, NULL);
  cr_assert(
      gs_exposures_read(&serve->exposures, serve->scenario, (char **)expose->pdata, NULL, NULL));
  cr_assert(gs_thread_start(&serve->thread, GS_WORKER_STACK_BYTES, run, serve, NULL));
  double deadline = gs_clock_s() + SOON_S;
  for (bool started = false; !started; g_usleep(PAUSE_US)) {
    cr_assert_lt(gs_clock_s(), deadline);
    pthread_mutex_lock(&serve->mutex);
    started = serve->started;
    pthread_mutex_unlock(&serve->mutex);
  }
  return serve;
}

const char *gs_test_serve_address(GsTestServe *serve, char node) {
  return serve->addresses->pdata[node - 'A'];
}

static void send_body(const char *address, const char *body) {
  g_autofree char *request = g_strdup_printf("GET /messaging HTTP/1.1\r\nHost: %s\r\n"
                                             "Content-Type: application/json\r\nAccept: */*\r\n"
                                             "Content-Length: %zu\r\n\r\n%s",
                                             address, strlen(body), body);
  g_auto(GsTestReply) reply = gs_test_ask(address, request);
  cr_assert_eq(reply.status, 200, "%u %s to %s", reply.status, reply.body->str, body);
  cr_assert_eq(reply.body->len, 0);
}

void gs_test_serve_tell(GsTestServe *serve, char node, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *body = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_strdelimit(body, "'", '"');
  send_body(gs_test_serve_address(serve, node), body);
}

char *gs_test_serve_state(GsTestServe *serve, char node) {
  g_auto(GsTestReply) reply = gs_test_ask(gs_test_serve_address(serve, node),
                                          "GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n");
  cr_assert_eq(reply.status, 200);
  return g_strdup(reply.body->str);
}

bool gs_test_serve_says(GsTestServe *serve, char node, const char *text) {
  double deadline = gs_clock_s() + SOON_S;
  for (;; g_usleep(PAUSE_US)) {
    g_autofree char *state = gs_test_serve_state(serve, node);
    if (strstr(state, text))
      return true;
    if (gs_clock_s() > deadline)
      return false;
  }
}

void gs_test_serve_end(GsTestServe *serve) {
  g_atomic_int_set(&serve->over, 1);
  gs_thread_join(serve->thread);
  for (guint i = 0; i < serve->report.served->len; i++) {
    const GsServed *served = &g_array_index(serve->report.served, GsServed, i);
    cr_assert_eq(served->accepted, served->handled);
    cr_assert_eq(served->lost + served->left, 0);
  }
  gs_serve_report_clear(&serve->report);
  gs_exposures_clear(&serve->exposures);
  gs_http_allow_free(serve->allow);
  gs_scenario_free(serve->scenario);
  g_ptr_array_unref(serve->addresses);
  pthread_mutex_destroy(&serve->mutex);
  g_free(serve);
}

/* ---- Foreign nodes ---- */

void gs_foreign_start(GsForeign *foreign, int64_t id, const char *name, const GsTestStep *steps,
                      guint count) {
  static const GsTestStep fine = {.answer = GS_TEST_200};
  *foreign = (GsForeign){.id = id, .name = name};
  foreign->listener = count ? gs_test_listener_new(steps, count) : gs_test_listener_new(&fine, 1);
}

const char *gs_foreign_address(const GsForeign *foreign) {
  return gs_test_listener_address(foreign->listener);
}

static GsWireEnvelope decode(const GsForeign *foreign, guint index) {
  g_autofree char *body = gs_test_listener_body(foreign->listener, index);
  g_autoptr(GError) error = NULL;
  GsWireEnvelope envelope;
  cr_assert(gs_wire_decode(&envelope, body, strlen(body), &error), "%s: %s",
            error ? error->message : "", body);
  return envelope;
}

void gs_foreign_end(GsForeign *foreign) {
  g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < gs_test_listener_requests(foreign->listener); i++) {
    g_auto(GsWireEnvelope) envelope = decode(foreign, i);
    cr_assert(g_hash_table_add(ids, gs_foreign_uuid_text(envelope.id)), "message %u came before",
              i);
  }
  gs_test_listener_free(foreign->listener);
}

static bool has_more(const GsForeign *foreign) {
  return gs_test_listener_requests(foreign->listener) > foreign->read;
}

GsWireEnvelope gs_foreign_take(GsForeign *foreign) {
  double deadline = gs_clock_s() + SOON_S;
  for (; !has_more(foreign); g_usleep(PAUSE_US))
    cr_assert_lt(gs_clock_s(), deadline, "no message came to %s", foreign->name);
  return decode(foreign, foreign->read++);
}

GsWireEnvelope gs_foreign_expect(GsForeign *foreign, GsEnvelopeType env, GsMessageType type) {
  GsWireEnvelope envelope = gs_foreign_take(foreign);
  cr_assert(envelope.env == env && envelope.type == type, "%s got %s %s instead of %s %s",
            foreign->name, gs_envelope_type_name(envelope.env), gs_message_type_name(envelope.type),
            gs_envelope_type_name(env), gs_message_type_name(type));
  return envelope;
}

void gs_foreign_quiet(GsForeign *foreign) {
  g_usleep(QUIET_US);
  if (!has_more(foreign))
    return;
  g_autofree char *body = gs_test_listener_body(foreign->listener, foreign->read);
  cr_assert(false, "%s got one message more: %s", foreign->name, body);
}

char *gs_foreign_uuid_text(GsMasterId id) {
  char *text = g_malloc(GS_UUID_BYTES);
  gs_uuid_format(id, text);
  return text;
}

char *gs_foreign_uuid(void) {
  static gint count;
  return g_strdup_printf("25cd18b8-e658-11f1-b905-%012x", g_atomic_int_add(&count, 1) + 1);
}

void gs_foreign_befriend(GsForeign *foreign, GsTestServe *serve, char node) {
  g_autofree char *id = gs_foreign_uuid(), *req = gs_foreign_uuid();
  gs_test_serve_tell(serve, node,
                     "{'to': '%s', 'msgType': 'AddSibling', 'envType': 'Ask', 'msg': {'id': '%s',"
                     " 'siblingId': '%" PRId64 "', 'siblingName': '%s', 'siblingAddress': '%s'},"
                     " 'id': '%s', 'timestamp': '1795340169.0905697', 'returnId': '%" PRId64 "',"
                     " 'reqId': '%s', 'masterReqId': '%s'}",
                     gs_test_serve_address(serve, node), id, foreign->id, foreign->name,
                     gs_foreign_address(foreign), id, foreign->id, req, req);
  g_auto(GsWireEnvelope) response = gs_foreign_expect(foreign, GS_RESPONSE, GS_ADD_SIBLING);
  g_autofree char *answered = gs_foreign_uuid_text(response.req_id);
  cr_assert_str_eq(answered, req);
  cr_assert_eq(response.sibling_id, node - 'A' + 1);
  cr_assert_str_eq(response.sibling_address, gs_test_serve_address(serve, node));
}

void gs_foreign_answer(GsTestServe *serve, char node, const GsWireEnvelope *ask, const char *nets) {
  g_autofree char *id = gs_foreign_uuid(), *req = gs_foreign_uuid_text(ask->req_id),
                  *master = gs_foreign_uuid_text(ask->master_req_id);
  gs_test_serve_tell(serve, node,
                     "{'to': '%s', 'msgType': 'UpdateNet', 'envType': 'Response', 'msg': {'id': "
                     "'%s', 'nets': {%s}}, 'id': '%s', 'timestamp': '1795340169.0905697', "
                     "'reqId': '%s', 'masterReqId': '%s'}",
                     gs_test_serve_address(serve, node), id, nets, id, req, master);
}

static void answer_all(GsForeign *foreign, GsTestServe *serve, char node) {
  while (foreign && has_more(foreign)) {
    g_auto(GsWireEnvelope) envelope = gs_foreign_take(foreign);
    g_autofree char *nets = g_strdup_printf("'%" PRId64 "': %" PRId64, foreign->id, foreign->net);
    if (envelope.env == GS_ASK && envelope.type == GS_UPDATE_NET)
      gs_foreign_answer(serve, node, &envelope, nets);
  }
}

/** Whether all own nodes are at rest and say so, and all that they sent has arrived. */
static bool all_rest(GsTestServe *serve, const char *text) {
  for (guint i = 0; i < serve->addresses->len; i++) {
    g_autofree char *state = gs_test_serve_state(serve, (char)('A' + i));
    if (!strstr(state, text) || !strstr(state, "\"open_waves\": 0,") ||
        g_regex_match_simple("\"waiting\": [1-9]", state, 0, 0))
      return false;
  }
  return true;
}

void gs_foreign_be_leaves(GsForeign *one, GsForeign *other, GsTestServe *serve, char node,
                          const char *until) {
  double deadline = gs_clock_s() + SOON_S;
  for (;; g_usleep(PAUSE_US)) {
    answer_all(one, serve, node);
    answer_all(other, serve, node);
    if (all_rest(serve, until) && !has_more(one) && !(other && has_more(other)))
      return;
    g_autofree char *state = gs_test_serve_state(serve, node);
    cr_assert_lt(gs_clock_s(), deadline, "%s is not everywhere: %s", until, state);
  }
}

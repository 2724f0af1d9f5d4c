/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json/json_scan.h"
#include "sim/run/run.h"
#include "sim/serve/answers.h"
#include "sim/serve/gateway.h"
#include "sim/serve/routes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bodies posted to the exposed nodes of a small running grid, which really
 * handles them. An input is a few of them, each ended by a form feed: the body's
 * first byte chooses the node, and $r and $m stand for `reqId` and `masterReqId` of the
 * Ask last sent to a foreign node, so that inputs can answer it. Whatever comes,
 * the answer is a documented one and no accepted message is unaccounted for. */

#define POSTS_MAX 64
#define UUID_LENGTH 36

static const char scenario_text[] =
    "{\"name\": \"f\", \"nodes\": [{\"id\": 1, \"name\": \"A\"}, {\"id\": 2, \"name\": \"B\"},"
    "{\"id\": 3, \"name\": \"C\"}, {\"id\": 4, \"name\": \"D\"}],"
    "\"network\": {\"latency\": 0}, \"links\": [[\"A\", \"B\"], [\"B\", \"C\"], [\"C\", \"A\"]]}";
static const char *const addresses[] = {"127.0.0.1:8081", "127.0.0.1:8082", "127.0.0.1:8083"};
/** B has none, D is an island of its own. */
static const uint32_t exposed[] = {0, 2, 3};
#define PORTS G_N_ELEMENTS(exposed)

typedef struct {
  const char *next, *end;
  guint posts, accepted;
  bool ending;
  int64_t now_ns;
  GsRoutes routes;
  GsPort ports[PORTS];
  GString *answer;
  char req_id[UUID_LENGTH + 1], master_id[UUID_LENGTH + 1];
} Fuzz;

static void require(bool ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "FAILED: %s\n", what);
  abort();
}

static void copy_member(const GString *envelope, const char *key, char *out) {
  const char *found = strstr(envelope->str, key);
  require(found, "an envelope without ids");
  g_strlcpy(out, found + strlen(key), UUID_LENGTH + 1);
}

static void sending(const GString *envelope, void *data) {
  Fuzz *fuzz = data;
  g_auto(GsWireEnvelope) decoded = {0};
  require(gs_wire_decode(&decoded, envelope->str, envelope->len, NULL), "sends no envelope");
  require(decoded.to && decoded.has_master_req_id, "sends an incomplete envelope");
  if (decoded.env != GS_ASK)
    return;
  copy_member(envelope, "\"reqId\": \"", fuzz->req_id);
  copy_member(envelope, "\"masterReqId\": \"", fuzz->master_id);
}

static void post(Fuzz *fuzz, const char *text, gsize length) {
  GsPort *port = &fuzz->ports[(guint8)text[0] % PORTS];
  g_autoptr(GString) body = g_string_new_len(text + 1, (gssize)length - 1);
  if (fuzz->req_id[0]) {
    g_string_replace(body, "$r", fuzz->req_id, 4);
    g_string_replace(body, "$m", fuzz->master_id, 4);
  }
  g_string_truncate(fuzz->answer, 0);
  guint status = gs_routes_post(&fuzz->routes, port, body->str, body->len, fuzz->answer);
  require(status == 200 || status == 400 || status == 403 || status == 409, "another status");
  require((status == 200) == (fuzz->answer->len == 0), "an error without a body, or the reverse");
  require(g_utf8_validate(fuzz->answer->str, (gssize)fuzz->answer->len, NULL), "not UTF-8");
  fuzz->accepted += status == 200;
}

/** Posts one body each time it is asked; then the run may end. */
static bool interrupted(void *data) {
  Fuzz *fuzz = data;
  if (fuzz->next >= fuzz->end || fuzz->posts++ >= POSTS_MAX)
    return true;
  const char *end = memchr(fuzz->next, '\f', (gsize)(fuzz->end - fuzz->next));
  if (!end)
    end = fuzz->end;
  if (end > fuzz->next)
    post(fuzz, fuzz->next, (gsize)(end - fuzz->next));
  fuzz->next = end + 1;
  return false;
}

/**
 * The clock of these runs: it shows at once what is waited for, so that an input takes microseconds
 * where it took as long as a person's messages would. Only the wait is ours; it is handed the
 * gateway, so that whose turn it is stands here.
 */
static Fuzz *running;

static int64_t wait_no_time(int64_t until_ns, bool for_mail, bool *ending, void *data) {
  (void)data;
  guint accepted = running->accepted;
  running->ending = running->ending || interrupted(running);
  *ending = running->ending;
  bool has_come = for_mail && running->accepted > accepted;
  if (!has_come && until_ns < GS_TIME_MAX_NS) /* that is the end of a run that nobody ends */
    running->now_ns = MAX(running->now_ns, until_ns);
  return running->now_ns;
}

static void check(Fuzz *fuzz, const GsResults *results) {
  uint64_t accepted = 0;
  for (guint i = 0; i < PORTS; i++) {
    GsPort *port = &fuzz->ports[i];
    accepted += port->accepted;
    require(port->accepted == port->view.tally.heard + port->lost,
            "accepted and not accounted for");
    require(!gs_port_waiting(port), "left in the mailbox");
    g_string_truncate(fuzz->answer, 0);
    gs_answer_state_event(port, fuzz->answer);
    require(gs_json_count_values(fuzz->answer->str, fuzz->answer->len) > 0, "no state");
  }
  require(accepted == fuzz->accepted, "accepted and not counted");
  require(results->quiescent, "still something under way");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static GsScenario *scenario;
  if (!scenario)
    scenario = gs_scenario_parse(scenario_text, strlen(scenario_text), "f", NULL, 0, NULL);
  require(scenario, "no scenario");
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  Fuzz fuzz = {.next = (const char *)data, .end = (const char *)data + size};
  fuzz.answer = g_string_new(NULL);
  for (guint i = 0; i < PORTS; i++) {
    gs_port_init(&fuzz.ports[i], exposed[i], &scenario->nodes[exposed[i]]);
    fuzz.ports[i].address = addresses[i];
  }
  GsServeCalls calls = {.interrupted = interrupted, .sending = sending, .data = &fuzz};
  GsGatewayOptions options = {.mailbox_max = GS_HTTP_MAILBOX_MAX, .calls = &calls};
  GsGateway *gateway = gs_gateway_new(scenario, fuzz.ports, PORTS, &options);
  fuzz.routes =
      (GsRoutes){.gateway = gateway, .ports = fuzz.ports, .port_count = PORTS, .allow = allow};
  GsLive live = *gs_gateway_live(gateway);
  live.wait = wait_no_time;
  running = &fuzz;
  GsRunOptions run = {.runner = GS_RUNNER_POOL, .workers = 1, .live = &live};
  GsResults *results = gs_run(scenario, &run, NULL);
  require(results, "no results");
  check(&fuzz, results);
  gs_results_free(results);
  gs_gateway_free(gateway);
  for (guint i = 0; i < PORTS; i++)
    gs_port_clear(&fuzz.ports[i]);
  g_string_free(fuzz.answer, TRUE);
  return 0;
}

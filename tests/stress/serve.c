/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/base/thread.h"
#include "sim/serve/serve.h"
#include "tests/stress/stress.h"

/* Served grids under everything at once: a schedule, clients that post all kinds
 * of messages and read all pages, two grids that are each other's siblings, one
 * of which comes and goes, and an end at another moment each time. What was
 * accepted must be accounted for. Meant for the sanitizers; says nothing when
 * all is well. */

#define ROUNDS 16
#define SHARES 4
#define LIMIT_S 9.0
#define CLIENTS 3
#define NODES 4
#define STACK_BYTES ((gsize)1 << 20)

typedef struct {
  const char *network, *pace;
  bool wire;
  GsRunnerKind runner;
  uint32_t mailbox;
} Kind;

static const Kind kinds[] = {
    {"{'latency': 0}", "", false, GS_RUNNER_POOL, 0},
    {"{'latency': '1ms'}", "", true, GS_RUNNER_THREADS, 0},
    {"{'latency': {'uniform': ['1ms', '3ms']}, 'jitter': '1ms'}", "", false, GS_RUNNER_THREADS, 5},
    {"{'latency': 0}", "'pace': {'receive': '2ms', 'send': '3ms'},", true, GS_RUNNER_POOL, 20},
};

typedef struct {
  const Kind *kind;
  GsScenario *scenario;
  GsHttpAllow *allow;
  pthread_t thread;
  pthread_mutex_t mutex; /**< of the next two */
  pthread_cond_t change;
  bool started;
  in_port_t port[NODES];
  gint stop; /**< atomic */
} Grid;

typedef struct {
  Grid *grid, *other;
  pthread_t thread;
  guint number;
  gint *done;     /**< atomic */
  guint accepted; /**< posts answered with 200 */
} Client;

typedef struct {
  pthread_t thread;
  guint first, accepted;
} Share;

static bool interrupted(void *data) {
  return g_atomic_int_get(&((Grid *)data)->stop);
}

static void started(const GArray *served, void *data) {
  Grid *grid = data;
  pthread_mutex_lock(&grid->mutex);
  for (guint i = 0; i < NODES; i++) {
    const char *address = g_array_index(served, GsServed, i).address;
    grid->port[i] = (in_port_t)atoi(strrchr(address, ':') + 1);
  }
  grid->started = true;
  pthread_cond_signal(&grid->change);
  pthread_mutex_unlock(&grid->mutex);
}

static void check(const GsServeReport *report) {
  for (guint i = 0; i < report->served->len; i++) {
    const GsServed *served = &g_array_index(report->served, GsServed, i);
    stress_require(served->accepted == served->handled + served->lost + served->left,
                   "%" PRIu64 " accepted, %" PRIu64 " handled, %" PRIu64 " lost, %" PRIu64 " left",
                   served->accepted, served->handled, served->lost, served->left);
  }
}

static void *serve(void *data) {
  Grid *grid = data;
  g_auto(GsExposures) exposures = {0};
  g_auto(GsServeReport) report = {0};
  g_autoptr(GError) error = NULL;
  char *names[] = {(char[]){"A"}, (char[]){"B"}, (char[]){"C"}, (char[]){"D"}, NULL};
  stress_require(gs_exposures_read(&exposures, grid->scenario, names, NULL, NULL), "no exposures");
  GsServeOptions options = {
      .exposures = &exposures,
      .allow = grid->allow,
      .wire = grid->kind->wire,
      .mailbox_max = grid->kind->mailbox,
      .run = {.runner = grid->kind->runner, .workers = 2},
      .calls = {.interrupted = interrupted, .started = started, .data = grid}};
  g_autoptr(GsResults) results = gs_serve(grid->scenario, &options, &report, &error);
  stress_require(results, "%s", error ? error->message : "");
  check(&report);
  return NULL;
}

static void begin(Grid *grid, const Kind *kind, int first_id) {
  g_autofree char *text = g_strdup_printf(
      "{'name': 's', 'network': %s, %s 'nodes': [{'id': %d, 'name': 'A'}, {'id': %d, 'name': "
      "'B'}, {'id': %d, 'name': 'C'}, {'id': %d, 'name': 'D'}], 'links': [['A', 'B'], ['B', 'D'], "
      "['C', 'D'], ['C', 'A']], 'schedule': [{'at': '5ms', 'every': '20ms', 'until': '1h', 'node': "
      "'D', "
      "'production': 5}]}",
      kind->network, kind->pace, first_id, first_id + 1, first_id + 2, first_id + 3);
  *grid = (Grid){.kind = kind, .scenario = stress_scenario(text), .allow = gs_http_allow_new()};
  pthread_mutex_init(&grid->mutex, NULL);
  pthread_cond_init(&grid->change, NULL);
  grid->thread = stress_thread(serve, grid);
  pthread_mutex_lock(&grid->mutex);
  while (!grid->started)
    pthread_cond_wait(&grid->change, &grid->mutex);
  pthread_mutex_unlock(&grid->mutex);
}

static void end(Grid *grid) {
  g_atomic_int_set(&grid->stop, 1);
  stress_join(grid->thread);
  gs_scenario_free(grid->scenario);
  gs_http_allow_free(grid->allow);
  pthread_mutex_destroy(&grid->mutex);
  pthread_cond_destroy(&grid->change);
}

/** What clients post; %u is a number, %s an address of the other grid. */
static const char *const posts[] = {
    "{'envType': 'Tell', 'msgType': 'UpdateEnergy', 'msg': {'production': %u}}",
    "{'envType': 'Tell', 'msgType': 'SyncGrid', 'msg': {}, 'timestamp': %u}",
    "{'envType': 'Tell', 'msgType': 'UpdateNet', 'msg': {}, 'timestamp': %u}",
    "{'envType': 'Tell', 'msgType': 'AddSibling', 'msg': {'siblingId': 1%u, 'siblingName': 'T', "
    "'siblingAddress': '%s'}}",
    "{'envType': 'Ask', 'msgType': 'AddSibling', 'msg': {'siblingId': 2%u, 'siblingName': 'F', "
    "'siblingAddress': '127.0.0.1:9'}}",
    "{'envType': 'Ask', 'msgType': 'UpdateNet', 'returnId': '2%u', 'msg': {}}",
    "{'envType': 'Ask', 'msgType': 'UpdateEnergy', 'msg': {'consumption': %u}}",
    "{'envType': 'Response', 'msgType': 'UpdateNet', 'msg': {'nets': {'7': %u}}}",
    "{'envType': 'Response', 'msgType': 'AddSibling', 'msg': {'siblingId': 3%u, 'siblingName': "
    "'10', 'siblingAddress': '10.0.0.1:80'}}",
    "{'envType': 'Tell', 'msgType': 'UpdateEnergy', 'msg': {'production': -%u}}",
};
static const char *const pages[] = {"/state", "/metrics", "/events", "/health", "/none"};

static int connect_to(in_port_t port) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(port)};
  const struct timeval patience = {.tv_sec = 2};
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  stress_require(fd >= 0, "no socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(fd, (struct sockaddr *)&where, sizeof where) == 0)
    return fd;
  close(fd);
  return -1;
}

static char *request(const Client *client, guint i) {
  if (i % 5 == 4)
    return g_strdup_printf("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n",
                           pages[i / 5 % G_N_ELEMENTS(pages)]);
  const char *form = posts[(i + client->number * 3) % G_N_ELEMENTS(posts)];
  g_autofree char *address = g_strdup_printf("127.0.0.1:%u", client->other->port[i % NODES]);
  g_autoptr(GString) body = g_string_new(form);
  g_autofree char *number = g_strdup_printf("%u", i % 7);
  g_string_replace(body, "%u", number, 0);
  g_string_replace(body, "%s", address, 0);
  g_string_replace(body, "'", "\"", 0);
  return g_strdup_printf(
      "GET /messaging HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", body->len,
      body->str);
}

static void *be_client(void *data) {
  Client *client = data;
  char buffer[4096];
  for (guint i = client->number * 11; !g_atomic_int_get(client->done);) {
    int fd = connect_to(client->grid->port[i % NODES]);
    for (guint j = 0; fd >= 0 && j < 8 && !g_atomic_int_get(client->done); j++, i++) {
      g_autofree char *text = request(client, i);
      if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        break;
      bool ok = recv(fd, buffer, sizeof buffer, 0) >= 12 && memcmp(buffer, "HTTP/1.1 200", 12) == 0;
      client->accepted += ok && i % 5 != 4;
      if (!ok || strstr(text, "/events"))
        break; /* errors close the connection, and a stream is only opened */
    }
    i++;
    if (fd >= 0)
      close(fd);
    else
      usleep(2000); /* it has ended */
  }
  return NULL;
}

static guint run_round(guint number) {
  Grid grid, other;
  Client clients[CLIENTS];
  gint done = 0;
  guint accepted = 0;
  begin(&grid, &kinds[number % G_N_ELEMENTS(kinds)], 1);
  begin(&other, &kinds[(number / 2) % G_N_ELEMENTS(kinds)], 10);
  for (guint i = 0; i < CLIENTS; i++) {
    clients[i] = (Client){.grid = &grid, .other = &other, .number = i, .done = &done};
    clients[i].thread = stress_thread(be_client, &clients[i]);
  }
  usleep(20000 + number * 37 % 17 * 10000);
  if (number % 3 != 0) {
    end(&other); /* its siblings find nobody there */
    usleep(number * 29 % 13 * 5000);
  }
  end(&grid);
  if (number % 3 == 0)
    end(&other);
  g_atomic_int_set(&done, 1);
  for (guint i = 0; i < CLIENTS; i++) {
    stress_join(clients[i].thread);
    accepted += clients[i].accepted;
  }
  return accepted;
}

/** Most of a round is waiting for siblings that are gone: several go on at once. */
static void *run_rounds(void *data) {
  Share *share = data;
  double began = gs_clock_s();
  for (guint i = share->first; i < ROUNDS && gs_clock_s() - began < LIMIT_S; i += SHARES)
    share->accepted += run_round(i);
  return NULL;
}

int main(void) {
  Share shares[SHARES];
  guint accepted = 0;
  for (guint i = 0; i < SHARES; i++) {
    shares[i] = (Share){.first = i};
    shares[i].thread = stress_thread(run_rounds, &shares[i]);
  }
  for (guint i = 0; i < SHARES; i++) {
    stress_join(shares[i].thread);
    accepted += shares[i].accepted;
  }
  stress_require(accepted > 0, "nothing was accepted");
  return 0;
}

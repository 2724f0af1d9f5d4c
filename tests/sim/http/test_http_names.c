/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>

#include "sim/base/clock.h"
#include "sim/http/client.h"
#include "tests/sim/http/http_listener.h"

/**
 * For every library of this program, names below "example" are looked up here, and
 * the rest where they always are.
 */
typedef int Lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);
typedef void Free(struct addrinfo *);
static char mark[] = "ours";

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **out) {
  static const struct {
    const char *name, *address;
  } known[] = {{"meter.example", "127.0.0.1"}, {"other.example", "127.0.0.1"}};
  if (!name || !g_str_has_suffix(name, ".example"))
    return ((Lookup *)dlsym(RTLD_NEXT, "getaddrinfo"))(name, service, hints, out);
  if (strcmp(name, "slow.example") == 0)
    g_usleep(5 * G_USEC_PER_SEC);
  for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
    if (strcmp(name, known[i].name) != 0)
      continue;
    struct result {
      struct addrinfo info;
      struct sockaddr_in address;
    } *result = g_new0(struct result, 1);
    result->address.sin_family = AF_INET;
    result->address.sin_addr.s_addr = g_htonl(INADDR_LOOPBACK);
    result->address.sin_port = g_htons(service ? (uint16_t)g_ascii_strtoull(service, NULL, 10) : 0);
    result->info = (struct addrinfo){.ai_family = AF_INET,
                                     .ai_socktype = hints ? hints->ai_socktype : SOCK_STREAM,
                                     .ai_addrlen = sizeof result->address,
                                     .ai_canonname = mark,
                                     .ai_addr = (struct sockaddr *)&result->address};
    *out = &result->info;
    return 0;
  }
  return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info) {
  if (info && info->ai_canonname == mark)
    g_free(info);
  else
    ((Free *)dlsym(RTLD_NEXT, "freeaddrinfo"))(info);
}

Test(http_names, an_allowed_name_is_looked_up_and_a_slow_one_holds_nobody_up) {
  GsTestListener *good = gs_test_listener_new(&(GsTestStep){.answer = GS_TEST_200}, 1);
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  static const char *const names[] = {"meter.example", "slow.example", "missing.example"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    cr_assert(gs_http_allow_add(allow, names[i], NULL));
  GsHttpClientLimits limits = {
      .connect_timeout_ms = 100, .backoff_first_ms = 1, .backoff_most_ms = 1, .tries_max = 2};
  GsHttpClient *client = gs_http_client_new(allow, "/x", &limits, NULL, NULL, NULL);
  cr_assert(client);
  static const char *const hosts[] = {"slow.example", "meter.example", "missing.example",
                                      "other.example"};
  GsHttpPeer *peers[G_N_ELEMENTS(hosts)];
  g_autoptr(GBytes) body = g_bytes_new_static("{}", 2);
  double start = gs_clock_s();
  for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
    g_autofree char *address = g_strdup_printf("%s:%u", hosts[i], gs_test_listener_port(good));
    peers[i] = gs_http_client_peer(client, address, NULL);
    cr_assert(gs_http_client_send(client, peers[i], body, NULL));
  }
  cr_assert(gs_http_client_drain(client, 60000));
  GsHttpPeerStats stats[G_N_ELEMENTS(hosts)];
  for (guint i = 0; i < G_N_ELEMENTS(hosts); i++)
    gs_http_client_peer_stats(client, peers[i], &stats[i]);
  cr_expect_eq(stats[0].failed, 1);
  cr_expect_eq(stats[1].delivered, 1, "%s", stats[1].last_error);
  cr_expect_eq(stats[2].failed, 1);
  cr_expect(strstr(stats[2].last_error, "resolve"), "%s", stats[2].last_error);
  cr_expect_eq(stats[3].forbidden, 1);
  cr_assert(gs_http_client_send(client, peers[0], body, NULL));
  gs_http_client_free(client);
  double took = gs_clock_s() - start;
  cr_expect_lt(took, 4.5, "%g s: a look-up was waited for", took);
  cr_expect_eq(gs_test_listener_requests(good), 1);
  gs_test_listener_free(good);
}

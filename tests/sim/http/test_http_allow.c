/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>

#include "core/error.h"
#include "sim/http/allow.h"

static void expect(const GsHttpAllow *allow, const char *address, bool allowed) {
  g_autoptr(GError) error = NULL;
  cr_expect_eq(gs_http_allow_check(allow, address, &error), allowed, "%s: %s", address,
               error ? error->message : "allowed");
  cr_expect_eq(!error, allowed, "%s", address);
  cr_expect(allowed || g_error_matches(error, GS_ERROR, GS_ERROR_INPUT), "%s", address);
}

Test(http_allow, loopback_alone_may_be_called_at_first) {
  static const char *const good[] = {
      "127.0.0.1:80", "127.255.255.255:1",   "localhost:8080",        "LocalHost:1",
      "[::1]:80",     "[0:0:0:0:0:0:0:1]:9", "[::ffff:127.0.0.1]:80", "[::FFFF:7f00:1]:80",
  };
  static const char *const bad[] = {
      "128.0.0.1:80", "126.255.255.255:80", "0.0.0.0:80", "10.0.0.1:80", "169.254.169.254:80",
      "[::]:80", "[::2]:80", "[::127.0.0.1]:80", "[fe80::1]:80", "[::ffff:10.0.0.1]:80",
      "[64:ff9b::7f00:1]:80", "example.org:80", "localhost.:80", "localhost.example:80",
      "x.localhost:80",
      /* What some programs read as 127.0.0.1 is not an address here, and no name either. */
      "127.1:80", "2130706433:80", "0x7f000001:80", "0x7f.1:80", "0177.0.0.1:80", "127.0.0.01:80",
      "127.0.0.1.:80", "[127.0.0.1]:80", "[:::]:80", "[1]:80", "localhost",
      "localhost:", "localhost:0", "localhost:65536", ":80", "", "a b:80", "user@localhost:80",
      "localhost:80/x", "[::1]", "[fe80::1%lo]:80", "localhost:80\n"};
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  for (guint i = 0; i < G_N_ELEMENTS(good); i++)
    expect(allow, good[i], true);
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
    expect(allow, bad[i], false);
}

Test(http_allow, what_is_added_may_be_called) {
  static const struct {
    const char *add, *good, *bad;
  } cases[] = {
      {"10.0.0.0/8", "10.255.255.255:80", "11.0.0.0:80"},
      {"192.168.4.0/22", "192.168.7.255:80", "192.168.8.0:80"},
      {"192.168.1.5", "192.168.1.5:80", "192.168.1.4:80"},
      {"192.168.1.4/31", "192.168.1.5:80", "192.168.1.6:80"},
      {"0.0.0.0/0", "8.8.8.8:80", "[2001:db8::1]:80"},
      {"::/0", "[2001:db8::1]:80", "8.8.8.8:80"},
      {"::/0", "[fe80::1]:80", "[::ffff:8.8.8.8]:80"},
      {"fd00::/8", "[fdff::1]:80", "[fe00::1]:80"},
      {"2001:db8::1", "[2001:db8:0::1]:80", "[2001:db8::2]:80"},
      {"::1/128", "[::1]:80", "[::2]:80"},
      {"::ffff:10.0.0.0/104", "10.1.2.3:80", "11.1.2.3:80"},
      {"::ffff:10.0.0.1", "10.0.0.1:80", "10.0.0.2:80"},
      {"10.0.0.1", "[::ffff:10.0.0.1]:80", "[::ffff:10.0.0.2]:80"},
      {"meter.example", "Meter.Example:80", "x.meter.example:80"},
      {"METER_1-a.example", "meter_1-a.example:80", "example:80"},
      {"4node", "4node:80", "5node:80"},
      {"localhost", "localhost:80", "10.0.0.1:80"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
    g_autoptr(GError) error = NULL;
    cr_expect(gs_http_allow_add(allow, cases[i].add, &error), "%s: %s", cases[i].add,
              error ? error->message : "no message");
    g_autoptr(GsHttpAllow) copy = gs_http_allow_copy(allow);
    expect(allow, cases[i].good, true);
    expect(allow, cases[i].bad, false);
    expect(copy, cases[i].good, true);
    expect(copy, cases[i].bad, false);
    expect(copy, "127.0.0.1:80", true);
  }
}

Test(http_allow, errors_say_what_is_wrong_and_what_helps) {
  static const struct {
    const char *add, *message;
  } bad[] = {
      {"10.0.0.1/8",
       "\"10.0.0.1/8\" does not start at its first address; did you mean 10.0.0.0/8?"},
      {"fd00::1/8", "\"fd00::1/8\" does not start at its first address; did you mean fd00::/8?"},
      {"10.0.0.0/33",
       "\"10.0.0.0/33\" is not a range of addresses; behind the / is a number from 0 to 32"},
      {"10.0.0.0/",
       "\"10.0.0.0/\" is not a range of addresses; behind the / is a number from 0 to 32"},
      {"::/129", "\"::/129\" is not a range of addresses; behind the / is a number from 0 to 128"},
      {"::ffff:10.0.0.0/95",
       "\"::ffff:10.0.0.0/95\" is not a range of addresses; behind the / is a "
       "number from 96 to 128"},
      {"10.0.0/8", "\"10.0.0/8\" is not a range of addresses; write it as 10.0.0.0/8 or fd00::/8"},
      {"a.b/8", "\"a.b/8\" is not a range of addresses; write it as 10.0.0.0/8 or fd00::/8"},
      {"a.b:80", "\"a.b:80\" has a port; write the host alone, all its ports are allowed"},
      {"", "\"\" is neither a range (10.0.0.0/8), an address (192.168.1.5) nor a host name"},
      {"10.1",
       "\"10.1\" is neither a range (10.0.0.0/8), an address (192.168.1.5) nor a host name"},
      {"a..b",
       "\"a..b\" is neither a range (10.0.0.0/8), an address (192.168.1.5) nor a host name"},
      {"*.b", "\"*.b\" is neither a range (10.0.0.0/8), an address (192.168.1.5) nor a host name"},
  };
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    cr_expect_not(gs_http_allow_add(allow, bad[i].add, &error), "%s", bad[i].add);
    cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT), "%s", bad[i].add);
    cr_expect_str_eq(error->message, bad[i].message);
  }
  g_autoptr(GError) error = NULL;
  cr_assert_not(gs_http_allow_check(allow, "[2001:db8::1]:80", &error));
  cr_expect_str_eq(error->message,
                   "\"[2001:db8::1]:80\" may not be called, since only this machine may unless you "
                   "say more; --allow-peer 2001:db8::1 allows it");
}

static bool may_open(const GsHttpAllow *allow, const char *address, const char *to) {
  struct sockaddr_in v4 = {.sin_family = AF_INET};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
  if (inet_pton(AF_INET, to, &v4.sin_addr) == 1)
    return gs_http_allow_socket(allow, address, (struct sockaddr *)&v4, sizeof v4);
  cr_assert_eq(inet_pton(AF_INET6, to, &v6.sin6_addr), 1);
  return gs_http_allow_socket(allow, address, (struct sockaddr *)&v6, sizeof v6);
}

Test(http_allow, the_socket_is_checked_again) {
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  cr_assert(gs_http_allow_add(allow, "10.0.0.0/8", NULL));
  cr_assert(gs_http_allow_add(allow, "meter.example", NULL));
  cr_expect(may_open(allow, "localhost:80", "127.0.0.1"));
  cr_expect(may_open(allow, "localhost:80", "::1"));
  cr_expect(may_open(allow, "localhost:80", "::ffff:127.0.0.1"));
  cr_expect_not(may_open(allow, "localhost:80", "10.0.0.1"), "localhost is loopback only");
  cr_expect_not(may_open(allow, "localhost:80", "::2"));
  cr_expect(may_open(allow, "meter.example:80", "169.254.1.1"));
  cr_expect(may_open(allow, "10.0.0.1:80", "10.0.0.1"));
  cr_expect_not(may_open(allow, "10.0.0.1:80", "11.0.0.1"));
  cr_expect_not(may_open(allow, "no address", "127.0.0.1"));
  struct sockaddr local = {.sa_family = AF_UNIX};
  cr_expect_not(gs_http_allow_socket(allow, "localhost:80", &local, sizeof local));
  struct sockaddr_in cut = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  cr_expect_not(gs_http_allow_socket(allow, "localhost:80", (struct sockaddr *)&cut, 4));
}

Test(http_allow, a_number_is_no_name_in_any_base) {
  static const char *const numbers[] = {"2130706433", "0x7f000001", "0X7F.0x1", "a.0x7f", "a.7"};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    GsHttpAllow *allow = gs_http_allow_new();
    cr_expect_not(gs_http_allow_add(allow, numbers[i], NULL), "%s", numbers[i]);
    gs_http_allow_free(allow);
  }
}

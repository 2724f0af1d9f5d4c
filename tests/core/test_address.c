/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "core/address.h"
#include "core/name.h"

Test(address, has_one_form_with_a_port_from_1) {
  static const struct {
    const char *text;
    gsize host;
    uint16_t port; /**< 0: no address */
  } addresses[] = {
      {"127.0.0.1:8081", 9, 8081},
      {"a:1", 1, 1},
      {"node_b-1.example:65535", 16, 65535},
      {"[::1]:80", 5, 80},
      {"[::ffff:1.2.3.4]:80", 16, 80},
      {"a:65536", 0, 0},
      {"a:0", 0, 0},
      {"a:01", 0, 0},
      {"a:", 0, 0},
      {":80", 0, 0},
      {"a", 0, 0},
      {"", 0, 0},
      {"a:80 ", 0, 0},
      {"a:+80", 0, 0},
      {"a:123456", 0, 0},
      {"a:4294967376", 0, 0},
      {"a b:80", 0, 0},
      {"::1:80", 0, 0},
      {"[]:80", 0, 0},
      {"[g]:80", 0, 0},
      {"a/b:80", 0, 0},
      {"u@a:80", 0, 0},
      {"ä:80", 0, 0},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
    gsize host = 0;
    uint16_t port = 0;
    bool good = gs_address_split(addresses[i].text, 1, &host, &port);
    cr_expect_eq(good, addresses[i].port != 0, "%s", addresses[i].text);
    cr_expect(host == addresses[i].host && port == addresses[i].port, "%s", addresses[i].text);
  }
  g_autofree char *host = g_strnfill(253, 'h'), *long_host = g_strconcat(host, "h:1", NULL);
  g_autofree char *longest_host = g_strconcat(host, ":1", NULL);
  cr_expect(gs_address_split(longest_host, 1, NULL, NULL));
  cr_expect_not(gs_address_split(long_host, 1, NULL, NULL));
}

Test(address, may_have_port_0_where_that_is_asked_for_and_nothing_else_changes) {
  gsize host = 7;
  uint16_t port = 7;
  cr_expect(gs_address_split("localhost:0", 0, &host, &port) && host == 9 && port == 0);
  cr_expect(gs_address_split("[::1]:65535", 0, &host, &port) && host == 5 && port == 65535);
  static const char *const bad[] = {"a:00", "a:080", "a:-0", "a:", ":0", "a:65536", "::1:0"};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    cr_expect(!gs_address_split(bad[i], 0, &host, &port) && host == 5 && port == 65535, "%s",
              bad[i]);
}

Test(address, of_a_host_are_letters_digits_dots_hyphens_and_underscores) {
  cr_expect(gs_host_is_good("a-b_c.9", 7) && gs_host_is_good("a:", 1));
  cr_expect(!gs_host_is_good("", 0) && !gs_host_is_good("a:", 2) && !gs_host_is_good("[::1]", 5));
}

Test(name, is_short_text_without_control_characters) {
  g_autofree char *longest = g_strnfill(GS_NAME_BYTES_MAX, 'n');
  g_autofree char *longer = g_strnfill(GS_NAME_BYTES_MAX + 1, 'n');
  cr_expect(!gs_name_problem(longest) && !gs_name_problem("Grün 1"));
  static const struct {
    const char *name, *problem;
  } bad[] = {{"", "is empty"},
             {"a\x7f", "has a control character"},
             {"a\xC2\x85"
              "b",
              "has a control character"},
             {"\xFF", "is not UTF-8"}};
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
    cr_expect_str_eq(gs_name_problem(bad[i].name), bad[i].problem);
  cr_expect_str_eq(gs_name_problem(longer), "is longer than 200 bytes");
}

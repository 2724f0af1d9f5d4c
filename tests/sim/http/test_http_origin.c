/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/http/origin.h"

/** What a request is answered with; 0: it is allowed. */
static guint status_of(GsHttpOrigin origin, const char *const *names) {
  GsHttpComplaint complaint = {0};
  bool good = gs_http_origin_check(&origin, names, &complaint);
  cr_expect_eq(good, complaint.status == 0);
  return complaint.status;
}

Test(http_origin, a_host_is_an_address_localhost_or_a_name_that_was_told) {
  static const char *const told[] = {"meter.example", NULL}, *const none[] = {NULL};
  static const struct {
    const char *host;
    guint told, untold;
  } cases[] = {{NULL, 0, 0},
               {"127.0.0.1", 0, 0},
               {"10.1.2.3:80", 0, 0},
               {"[::1]:8080", 0, 0},
               {"localhost", 0, 0},
               {"LocalHost.:8080", 0, 0},
               {"meter.example:8080", 0, 421},
               {"METER.example.", 0, 421},
               {"other.example", 421, 421},
               {"meter.example.evil", 421, 421},
               {"127.0.0.1.example", 421, 421},
               {"a b", 400, 400},
               {"localhost:x", 400, 400},
               {"", 400, 400}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    GsHttpOrigin origin = {.host = cases[i].host};
    cr_expect_eq(status_of(origin, told), cases[i].told, "%s", cases[i].host);
    cr_expect_eq(status_of(origin, none), cases[i].untold, "%s", cases[i].host);
    cr_expect_eq(status_of(origin, NULL), cases[i].untold, "%s", cases[i].host);
    if (!cases[i].host || !*cases[i].host)
      continue;
    g_autofree char *target = g_strdup_printf("http://%s/state", cases[i].host);
    origin = (GsHttpOrigin){.target = target};
    cr_expect_eq(status_of(origin, NULL), cases[i].untold, "%s", target);
  }
}

Test(http_origin, pages_of_others_are_refused_and_programs_say_nothing) {
  static const struct {
    GsHttpOrigin says;
    guint status;
  } cases[] = {{{.host = "127.0.0.1:80"}, 0},
               {{.host = "127.0.0.1:80", .origin = "http://127.0.0.1:80"}, 0},
               {{.host = "LocalHost:80", .origin = "HTTP://localhost:80"}, 0},
               {{.host = "127.0.0.1:80", .origin = "http://127.0.0.1:81"}, 403},
               {{.host = "127.0.0.1:80", .origin = "https://127.0.0.1:80"}, 403},
               {{.host = "127.0.0.1:80", .origin = "http://evil.example"}, 403},
               {{.host = "127.0.0.1:80", .origin = "null"}, 403},
               {{.origin = "http://127.0.0.1:80"}, 403},
               {{.host = "127.0.0.1:80", .fetch_site = "same-origin"}, 0},
               {{.host = "127.0.0.1:80", .fetch_site = "none"}, 0},
               {{.host = "127.0.0.1:80", .fetch_site = "same-site"}, 403},
               {{.host = "127.0.0.1:80", .fetch_site = "cross-site"}, 403},
               {{.fetch_site = "cross-site"}, 403}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    cr_expect_eq(status_of(cases[i].says, NULL), cases[i].status, "%u", i);
}

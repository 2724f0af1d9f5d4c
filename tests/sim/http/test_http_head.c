/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/http/head.h"

static GsHttpHead look(const char *text, gsize length, gsize most, guint *status) {
  /* A copy without anything behind it, for AddressSanitizer to guard. */
  g_autofree char *bytes = g_memdup2(text, length);
  GsHttpComplaint complaint = {0};
  GsHttpFrame frame;
  GsHttpHead head = gs_http_head_look(bytes, length, most, &frame, &complaint);
  *status = complaint.status;
  cr_expect_eq(head == GS_HTTP_HEAD_WRONG, complaint.status != 0);
  cr_expect_eq(head == GS_HTTP_HEAD_WRONG, complaint.description != NULL);
  return head;
}

Test(http_head, a_good_head_is_partial_up_to_its_end_and_complete_from_there) {
  static const char *const good[] = {
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "\r\n\nPOST /a?b&c HTTP/1.0\nContent-Length:  12\r\nX: \xc3\xa4\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nEmpty:\r\nTab:\tx\ty\r\nContent-Length: 999999999999999999\r\n\r\n",
  };
  guint status;
  for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
    gsize length = strlen(good[i]);
    for (gsize part = 0; part < length; part++)
      cr_expect_eq(look(good[i], part, 1000, &status), GS_HTTP_HEAD_PARTIAL, "%.*s", (int)part,
                   good[i]);
    g_autofree char *more = g_strconcat(good[i], "\x01 body", NULL);
    cr_expect_eq(look(good[i], length, 1000, &status), GS_HTTP_HEAD_COMPLETE, "%s", good[i]);
    cr_expect_eq(look(more, length + 6, 1000, &status), GS_HTTP_HEAD_COMPLETE, "%s", good[i]);
    cr_expect_eq(look(more, length + 6, length, &status), GS_HTTP_HEAD_COMPLETE);
    cr_expect_eq(look(more, length + 6, length - 1, &status), GS_HTTP_HEAD_WRONG);
    cr_expect_eq(status, 431);
  }
}

Test(http_head, a_wrong_head_is_wrong_as_soon_as_the_line_is_there) {
  static const struct {
    const char *text;
    guint status;
  } bad[] = {
      {"GET\n", 400},
      {"GET /\n", 400},
      {"GET / HTTP/1.1 \n", 400},
      {"GET /a b HTTP/1.1\n", 400},
      {"GET /\t HTTP/1.1\n", 400},
      {" GET / HTTP/1.1\n", 400},
      {"GET / http/1.1\n", 400},
      {"GET / HTTP/2.0\n", 505},
      {"GET / HTTP/1.1\r\r\n", 400},
      {"GET / HTTP/1.1\nNothing\n", 400},
      {"GET / HTTP/1.1\n: b\n", 400},
      {"GET / HTTP/1.1\na b: c\n", 400},
      {"GET / HTTP/1.1\nX-\xc3\xa4: c\n", 400},
      {"GET / HTTP/1.1\na: b\x7f\n", 400},
      {"GET / HTTP/1.1\nCONTENT-LENGTH: 0x1\n", 400},
      {"GET / HTTP/1.1\nContent-Length: +1\n", 400},
      {"GET / HTTP/1.1\nContent-Length: 1000000000000000000\n", 413},
      {"\x01", 400},
      {"GET / HTTP/1.1\na\x02", 400},
  };
  guint status;
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    cr_expect_eq(look(bad[i].text, strlen(bad[i].text), 1000, &status), GS_HTTP_HEAD_WRONG, "%s",
                 bad[i].text);
    cr_expect_eq(status, bad[i].status, "%u for: %s", status, bad[i].text);
  }
  static const char nul[] = "GET / HTTP/1.1\na: b\0c\n";
  cr_expect_eq(look(nul, sizeof nul - 1, 1000, &status), GS_HTTP_HEAD_WRONG);
}

Test(http_head, many_small_parts_are_too_many) {
  static const char *const parts[] = {"\na:b", "&a", "; a=b"};
  static const char *const starts[] = {"GET / HTTP/1.1", "GET /?", "GET / HTTP/1.1\nCookie: "};
  static const char *const ends[] = {"\n\n", " HTTP/1.1\n\n", "\n\n"};
  guint status;
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    for (guint count = 150; count <= 250; count += 100) {
      g_autoptr(GString) text = g_string_new(starts[i]);
      for (guint j = 0; j < count; j++)
        g_string_append(text, parts[i]);
      g_string_append(text, ends[i]);
      GsHttpHead expected = count < 200 ? GS_HTTP_HEAD_COMPLETE : GS_HTTP_HEAD_WRONG;
      cr_expect_eq(look(text->str, text->len, 10000, &status), expected, "%u of %s", count,
                   parts[i]);
      cr_expect_eq(status, count < 200 ? 0 : 431);
    }
  }
  g_autofree char *cookie = g_strnfill(5000, 'c');
  g_autofree char *text = g_strdup_printf("GET / HTTP/1.1\nCookie: %s\n\n", cookie);
  cr_expect_eq(look(text, strlen(text), 10000, &status), GS_HTTP_HEAD_WRONG);
  cr_expect_eq(status, 431);
}

Test(http_head, that_frames_its_body_in_two_ways_is_ambiguous) {
  static const struct {
    const char *headers;
    bool ambiguous;
  } cases[] = {
      {"Content-Length: 3\r\n", false},
      {"Content-Length: 3\r\nContent-Length: 3\r\n", false},
      {"Content-Length: 3\r\nContent-Length: 4\r\n", true},
      {"Content-Length: 4\r\nContent-Length: 3\r\n", true},
      {"Transfer-Encoding: chunked\r\n", false},
      {"Transfer-Encoding: gzip\r\n", true},
      {"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", true},
      {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", true},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    GsHttpFrame frame;
    GsHttpComplaint complaint;
    g_autofree char *text = g_strdup_printf("GET / HTTP/1.1\r\n%s\r\n", cases[i].headers);
    cr_assert_eq(gs_http_head_look(text, strlen(text), 1000, &frame, &complaint),
                 GS_HTTP_HEAD_COMPLETE);
    cr_expect_eq(frame.ambiguous, cases[i].ambiguous, "%s", cases[i].headers);
  }
}

Test(http_head, a_chunk_ends_with_both_characters_of_its_line) {
  static const char good[] = "3\r\nabc\r\n0\r\n\r\n", bad[] = "3\r\nabc\rX0\r\n\r\n";
  gsize used;
  GsHttpComplaint complaint;
  cr_expect_eq(gs_http_chunks_look(good, strlen(good), 1000, &used, &complaint),
               GS_HTTP_HEAD_COMPLETE);
  cr_expect_eq(gs_http_chunks_look(bad, strlen(bad), 1000, &used, &complaint), GS_HTTP_HEAD_WRONG);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <unistd.h>

#include "sim/http/server.h"
#include "tests/sim/http/http_support.h"

/* What a server answers to which bytes, as a table: add a line for whatever
 * comes to mind. Each is sent as the first request of a connection, and again as
 * the third of another; both must have the same end. */

/** Long enough for anything that should happen, on a busy machine. */
#define SOON 20.0

typedef enum { KEPT, CLOSED } End;

typedef struct {
  const char *what;
  const char *bytes;
  gsize length;
  guint status;
  End end;
} Case;

#define BYTES(text) (text), sizeof(text) - 1
#define H "Host: 127.0.0.1:8081\r\n"
#define GET "GET / HTTP/1.1\r\n"
#define TEN "hhhhhhhhhh"
#define FIFTY TEN TEN TEN TEN TEN
/** 254 bytes. */
#define LONG_NAME FIFTY FIFTY FIFTY FIFTY FIFTY "hhhh"
#define CHUNKED "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"

static const Case cases[] = {
    /* Requests. */
    {"a request", BYTES(GET H "\r\n"), 200, KEPT},
    {"lines that end in LF", BYTES("GET / HTTP/1.1\nHost: localhost\n\n"), 200, KEPT},
    {"an empty line before it", BYTES("\r\n" GET H "\r\n"), 200, KEPT},
    {"a body with a GET", BYTES(GET H "Content-Length: 2\r\n\r\nhi"), 200, KEPT},
    {"equal lengths", BYTES(GET H "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi"), 200, KEPT},
    {"blanks behind close", BYTES(GET H "Connection: close \t\r\n\r\n"), 200, CLOSED},
    {"blanks behind a host", BYTES(GET "Host: localhost \t\r\n\r\n"), 400, CLOSED},
    {"HTTP/1.0", BYTES("GET / HTTP/1.0\r\n\r\n"), 200, CLOSED},
    {"Connection: close", BYTES(GET H "Connection: close\r\n\r\n"), 200, CLOSED},
    {"the host in the target", BYTES("GET http://127.0.0.1/ HTTP/1.1\r\n" H "\r\n"), 200, KEPT},
    {"bytes beyond ASCII in a header", BYTES(GET H "X: \xc3\xa4\r\n\r\n"), 200, KEPT},
    /* The request line. */
    {"no HTTP", BYTES("HELLO\r\n\r\n"), 400, CLOSED},
    {"TLS", BYTES("\x16\x03\x01\x02"), 400, CLOSED},
    {"two spaces", BYTES("GET  / HTTP/1.1\r\n" H "\r\n"), 400, CLOSED},
    {"a space before it", BYTES(" GET / HTTP/1.1\r\n" H "\r\n"), 400, CLOSED},
    {"a NUL in the target", BYTES("GET /\0 HTTP/1.1\r\n" H "\r\n"), 400, CLOSED},
    {"a target that is no path", BYTES("GET state HTTP/1.1\r\n" H "\r\n"), 400, CLOSED},
    {"a method with a bracket", BYTES("G(T / HTTP/1.1\r\n" H "\r\n"), 400, CLOSED},
    {"no version", BYTES("GET /\r\n" H "\r\n"), 400, CLOSED},
    {"HTTP/2.0", BYTES("GET / HTTP/2.0\r\n" H "\r\n"), 505, CLOSED},
    /* Headers. */
    {"a NUL in a header", BYTES(GET H "X: a\0b\r\n\r\n"), 400, CLOSED},
    {"a NUL in a header's name", BYTES(GET H "X\0: a\r\n\r\n"), 400, CLOSED},
    {"a header without a colon", BYTES(GET H "Nothing\r\n\r\n"), 400, CLOSED},
    {"a header without a name", BYTES(GET H ": a\r\n\r\n"), 400, CLOSED},
    {"a space before the colon", BYTES(GET H "X : a\r\n\r\n"), 400, CLOSED},
    {"a folded header", BYTES(GET H "X: a\r\n b\r\n\r\n"), 400, CLOSED},
    {"a CR inside a header", BYTES(GET H "X: a\rb\r\n\r\n"), 400, CLOSED},
    {"no Host", BYTES(GET "\r\n"), 400, CLOSED},
    {"two Hosts", BYTES(GET H H "\r\n"), 400, CLOSED},
    /* Lengths. */
    {"a length that is no number", BYTES(GET H "Content-Length: 1x\r\n\r\n"), 400, CLOSED},
    {"a length with a sign", BYTES(GET H "Content-Length: +1\r\n\r\n"), 400, CLOSED},
    {"no length", BYTES(GET H "Content-Length:\r\n\r\n"), 400, CLOSED},
    {"blanks before a length", BYTES(GET H "Content-Length:  \t 1\r\n\r\nx"), 200, KEPT},
    {"a space behind a length", BYTES(GET H "Content-Length: 1 \r\n\r\nx"), 400, CLOSED},
    {"a tab behind a length", BYTES(GET H "Content-Length: 1\t\r\n\r\nx"), 400, CLOSED},
    {"a length of blanks", BYTES(GET H "Content-Length: \t\r\n\r\n"), 400, CLOSED},
    {"a list of lengths", BYTES(GET H "Content-Length: 1, 1\r\n\r\nx"), 400, CLOSED},
    {"a NUL behind a length", BYTES(GET H "Content-Length: 1\0\r\n\r\nx"), 400, CLOSED},
    {"lengths that differ", BYTES(GET H "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"), 400,
     CLOSED},
    {"a length beyond 64 bits", BYTES(GET H "Content-Length: 99999999999999999999\r\n\r\n"), 413,
     CLOSED},
    {"a length beyond the limit", BYTES(GET H "Content-Length: 999999999999\r\n\r\n"), 413, CLOSED},
    {"a length and chunks",
     BYTES(GET H "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, CLOSED},
    /* Chunks. */
    {"chunks", BYTES(CHUNKED "3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n"), 200, KEPT},
    {"chunks and trailers", BYTES(CHUNKED "2\r\nhi\r\n0\r\nA: b\r\n\r\n"), 200, KEPT},
    {"chunks of another name", BYTES(GET H "Transfer-Encoding: gzip\r\n\r\n"), 501, CLOSED},
    {"a NUL behind \"chunked\"", BYTES(GET H "Transfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n"), 400,
     CLOSED},
    {"a space behind \"chunked\"", BYTES(GET H "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n"), 400,
     CLOSED},
    {"a tab behind \"chunked\"", BYTES(GET H "Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n"), 400,
     CLOSED},
    {"a tab before \"chunked\"", BYTES(GET H "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n"), 200,
     KEPT},
    {"chunked twice",
     BYTES(GET H "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400,
     CLOSED},
    {"a chunk without a size", BYTES(CHUNKED "\r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"blanks behind a size", BYTES(CHUNKED "2 \r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"a tab behind a size", BYTES(CHUNKED "2\t\r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"blanks before a size", BYTES(CHUNKED " 2\r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"blanks and an extension", BYTES(CHUNKED "2 ; a\r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"blanks behind the last size", BYTES(CHUNKED "2\r\nhi\r\n0 \r\n\r\n"), 400, CLOSED},
    {"no last size", BYTES(CHUNKED "2\r\nhi\r\n;\r\n\r\n"), 400, CLOSED},
    {"a size of nine digits", BYTES(CHUNKED "000000002\r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"a size of eight digits", BYTES(CHUNKED "00000002\r\nhi\r\n0\r\n\r\n"), 200, KEPT},
    {"a host of 255 bytes", BYTES(GET "Host: " LONG_NAME "h\r\n\r\n"), 400, CLOSED},
    {"a host of 254 bytes", BYTES(GET "Host: " LONG_NAME "\r\n\r\n"), 421, CLOSED},
    {"a size that is no number", BYTES(CHUNKED "zz\r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"a size with a sign", BYTES(CHUNKED "-2\r\nhi\r\n0\r\n\r\n"), 400, CLOSED},
    {"a chunk longer than it says", BYTES(CHUNKED "2\r\nhii\r\n0\r\n\r\n"), 400, CLOSED},
    {"chunks framed by LF", BYTES(CHUNKED "2\nhi\n0\n\n"), 400, CLOSED},
    {"a length behind the chunks", BYTES(CHUNKED "0\r\nContent-Length: 5\r\n\r\n"), 400, CLOSED},
    {"a chunk beyond the limit", BYTES(CHUNKED "fffffffff\r\n"), 400, CLOSED},
    {"chunks in HTTP/1.0", BYTES("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400, CLOSED},
    /* Who asks, and for whom: a browser can be made to send these. */
    {"an IPv6 address", BYTES(GET "Host: [::1]:8081\r\n\r\n"), 200, KEPT},
    {"localhost in capitals", BYTES(GET "Host: LocalHost.:8081\r\n\r\n"), 200, KEPT},
    {"a name that is allowed", BYTES(GET "Host: grid.test:8081\r\n\r\n"), 200, KEPT},
    {"a strange name", BYTES(GET "Host: evil.example\r\n\r\n"), 421, CLOSED},
    {"a strange name that looks near", BYTES(GET "Host: 127.0.0.1.evil.example\r\n\r\n"), 421,
     CLOSED},
    {"an address written oddly", BYTES(GET "Host: 2130706433\r\n\r\n"), 421, CLOSED},
    {"a Host with a user", BYTES(GET "Host: a@127.0.0.1\r\n\r\n"), 400, CLOSED},
    {"a Host without a name", BYTES(GET "Host: :8081\r\n\r\n"), 400, CLOSED},
    {"a strange name in the target", BYTES("GET http://evil.example/ HTTP/1.1\r\n" H "\r\n"), 421,
     CLOSED},
    {"the own origin", BYTES(GET H "Origin: http://127.0.0.1:8081\r\n\r\n"), 200, KEPT},
    {"another origin", BYTES(GET H "Origin: http://evil.example\r\n\r\n"), 403, CLOSED},
    {"another port", BYTES(GET H "Origin: http://127.0.0.1:8082\r\n\r\n"), 403, CLOSED},
    {"another scheme", BYTES(GET H "Origin: https://127.0.0.1:8081\r\n\r\n"), 403, CLOSED},
    {"an origin that is hidden", BYTES(GET H "Origin: null\r\n\r\n"), 403, CLOSED},
    {"two origins",
     BYTES(GET H "Origin: http://127.0.0.1:8081\r\nOrigin: http://evil.example\r\n\r\n"), 400,
     CLOSED},
    {"a preflight of another origin",
     BYTES("OPTIONS / HTTP/1.1\r\n" H "Origin: http://evil.example\r\n\r\n"), 403, CLOSED},
    {"another site", BYTES(GET H "Sec-Fetch-Site: cross-site\r\n\r\n"), 403, CLOSED},
    {"another port of this site", BYTES(GET H "Sec-Fetch-Site: same-site\r\n\r\n"), 403, CLOSED},
    {"the own page", BYTES(GET H "Sec-Fetch-Site: same-origin\r\n\r\n"), 200, KEPT},
    {"typed by a person", BYTES(GET H "Sec-Fetch-Site: none\r\n\r\n"), 200, KEPT},
};

static void handle(const GsHttpRequest *request, GsHttpResponse *response, void *data) {
  (void)request;
  (void)data;
  g_string_append(response->body, "{}");
}

static GsHttpServer *serve(void) {
  GsHttpLimits limits;
  const char *address = "127.0.0.1:0";
  g_autoptr(GError) error = NULL;
  gs_http_default_limits(&limits);
  GsHttpServer *server = gs_http_server_new(&address, 1, false, &limits, handle, NULL, &error);
  cr_assert(server, "%s", error ? error->message : "");
  gs_http_server_allow_hosts(server, (const char *const[]){"grid.test", NULL});
  cr_assert(gs_http_server_start(server, &error));
  return server;
}

static void expect_kept(int fd, const Case *sent, const char *where) {
  cr_expect(gs_test_send_text(fd, GET H "\r\n"), "%s, %s", sent->what, where);
  g_auto(GsTestReply) next = gs_test_read_reply(fd, SOON);
  cr_expect_eq(next.status, 200, "%s, %s: no further request is answered", sent->what, where);
}

static void try_case(int fd, const Case *sent, const char *where) {
  cr_expect(gs_test_send(fd, sent->bytes, sent->length));
  g_auto(GsTestReply) reply = gs_test_read_reply(fd, SOON);
  cr_expect_eq(reply.status, sent->status, "%s, %s: %u, not %u", sent->what, where, reply.status,
               sent->status);
  cr_expect(gs_test_reply_has(&reply, "content-type: application/json"), "%s, %s", sent->what,
            where);
  cr_expect(g_str_has_prefix(reply.body->str, reply.status < 400 ? "{}" : "{\"title\": \""),
            "%s, %s: %s", sent->what, where, reply.body->str);
  if (sent->end == KEPT) {
    expect_kept(fd, sent, where);
  } else {
    g_autoptr(GString) rest = g_string_new(NULL);
    cr_expect(!gs_test_read_until(fd, rest, "HTTP/", SOON), "%s, %s: two answers", sent->what,
              where);
    cr_expect(gs_test_is_closed(fd, SOON), "%s, %s: not closed", sent->what, where);
  }
}

Test(http_cases, each_request_has_the_same_end_on_a_new_connection_and_on_a_kept_one) {
  GsHttpServer *server = serve();
  const char *at = gs_http_server_address(server, 0);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    int fd = gs_test_connect(at);
    try_case(fd, &cases[i], "first");
    close(fd);
    fd = gs_test_connect(at);
    expect_kept(fd, &cases[i], "before");
    expect_kept(fd, &cases[i], "before");
    try_case(fd, &cases[i], "third");
    close(fd);
  }
  gs_http_server_free(server);
}

Test(http_cases, what_is_sent_before_an_answer_is_read_is_answered_or_the_connection_closed) {
  GsHttpServer *server = serve();
  const char *at = gs_http_server_address(server, 0);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    int fd = gs_test_connect(at);
    g_autoptr(GString) both = g_string_new(GET H "\r\n");
    g_string_append_len(both, cases[i].bytes, (gssize)cases[i].length);
    cr_expect(gs_test_send(fd, both->str, both->len));
    g_auto(GsTestReply) first = gs_test_read_reply(fd, SOON);
    g_auto(GsTestReply) second = gs_test_read_reply(fd, SOON);
    cr_expect_eq(first.status, 200);
    cr_expect(second.status == cases[i].status || second.status == 0, "%s: %u", cases[i].what,
              second.status);
    close(fd);
  }
  gs_http_server_free(server);
}

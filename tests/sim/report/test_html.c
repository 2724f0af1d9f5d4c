/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "sim/report/html.h"

static uint32_t occurrences(const char *text, const char *part) {
  uint32_t count = 0;
  for (; (text = strstr(text, part)); text += strlen(part))
    count++;
  return count;
}

static char *page_of(const char *title, const char *json) {
  GString *page = g_string_new(NULL);
  gs_html_page(page, title, "compare", json);
  return g_string_free(page, FALSE);
}

/** What stands in the element of the data. */
static char *data_of(const char *page) {
  const char *begin = strstr(page, "id=\"data\">");
  cr_assert(begin);
  begin += strlen("id=\"data\">");
  const char *end = strstr(begin, "</script>");
  cr_assert(end);
  return g_strndup(begin, (gsize)(end - begin));
}

Test(html, no_text_of_a_document_ends_its_element) {
  g_autofree char *plain = page_of("t", "{}");
  g_autofree char *evil =
      page_of("t", "{\"a\": \"</script><script>alert(1)</script><!-- & \u2028\u2029 é\"}");
  cr_expect_eq(occurrences(evil, "<script"), occurrences(plain, "<script"));
  cr_expect_eq(occurrences(evil, "</script"), occurrences(plain, "</script"));
  cr_expect_eq(occurrences(evil, "<!--"), occurrences(plain, "<!--"));
  g_autofree char *data = data_of(evil);
  cr_expect_str_eq(data, "{\"a\": \"\\u003c/script\\u003e\\u003cscript\\u003ealert(1)\\u003c/"
                         "script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029 é\"}");
}

Test(html, the_title_is_text) {
  g_autofree char *page = page_of("</title><b>&", "{}");
  cr_expect(strstr(page, "<title>&lt;/title&gt;&lt;b&gt;&amp;</title>"));
}

Test(html, the_page_asks_for_nothing) {
  g_autofree char *page = page_of("t", "{}");
  cr_expect(strstr(page, "content=\"default-src 'none'; script-src 'unsafe-inline'; style-src "
                         "'unsafe-inline'; img-src data:\""));
  cr_expect_eq(occurrences(page, " src="), 0);
  cr_expect_eq(occurrences(page, "@import"), 0);
  cr_expect_eq(occurrences(page, "url(http"), 0);
  /* No element is made of text. */
  const char *scripts = strstr(page, "What all pages share: the document");
  cr_assert(scripts);
  cr_expect_eq(occurrences(scripts, "innerHTML"), 0);
}

Test(html, the_same_document_gives_the_same_page) {
  g_autofree char *one = page_of("t", "{\"a\": 1}");
  g_autofree char *two = page_of("t", "{\"a\": 1}");
  cr_expect_str_eq(one, two);
}

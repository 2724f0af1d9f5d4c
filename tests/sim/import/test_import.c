/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <gio/gio.h>
#include <string.h>

#include "core/error.h"
#include "tests/import_text.h"

static GBytes *packed(const char *text) {
  g_autoptr(GConverter) gzip =
      G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  gsize length = strlen(text), room = length + 1024, read = 0, written = 0;
  g_autofree char *out = g_malloc(room);
  GError *error = NULL;
  cr_assert_eq(g_converter_convert(gzip, text, length, out, room, G_CONVERTER_INPUT_AT_END, &read,
                                   &written, &error),
               G_CONVERTER_FINISHED);
  return g_bytes_new(out, written);
}

static GsGraph *import_content(const char *path, GBytes *content, GError **error) {
  return gs_import_graph(&(GsImport){.path = path, .content = content}, error);
}

#define LINKS "{\"nodes\": [{\"id\": \"A\"}, {\"id\": \"B\"}], \"links\": []}"

Test(import, what_is_packed_with_gzip_is_read_as_what_is_in_it) {
  g_autoptr(GBytes) one = packed(LINKS);
  g_autoptr(GsGraph) graph = import_content("net.json.gz", one, NULL);
  cr_assert(graph && graph->nodes == 2);
  /* Of several members the texts follow each other. */
  g_autoptr(GBytes) half = packed("{\"nodes\": [{\"id\": \"A\"}, ");
  g_autoptr(GBytes) rest = packed("{\"id\": 7}], \"links\": []}");
  g_autoptr(GByteArray) both = g_byte_array_new();
  g_byte_array_append(both, g_bytes_get_data(half, NULL), (guint)g_bytes_get_size(half));
  g_byte_array_append(both, g_bytes_get_data(rest, NULL), (guint)g_bytes_get_size(rest));
  g_autoptr(GBytes) members = g_bytes_new(both->data, both->len);
  g_autoptr(GsGraph) joined = import_content("net.json.gz", members, NULL);
  cr_assert(joined && joined->nodes == 2);
  cr_assert_str_eq(joined->labels[1], "7");
}

Test(import, a_packed_file_that_is_cut_damaged_or_made_to_fill_the_memory_is_refused) {
  g_autoptr(GBytes) whole = packed(LINKS);
  gsize length = g_bytes_get_size(whole);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes(whole, 0, length - 9);
  g_autofree char *spoilt = g_memdup2(g_bytes_get_data(whole, NULL), length);
  spoilt[length - 6] ^= 1;
  g_autoptr(GBytes) damaged = g_bytes_new(spoilt, length);
  g_autofree char *zeros = g_malloc(3 << 20);
  memset(zeros, ' ', (3 << 20) - 1);
  zeros[(3 << 20) - 1] = '\0';
  g_autoptr(GBytes) bomb = packed(zeros);
  const struct {
    GBytes *content;
    const char *message;
  } cases[] = {{cut, "n.gz: is packed with gzip, and cut off"},
               {damaged, "n.gz: is packed with gzip, and damaged"},
               {bomb,
                "n.gz: is more than 1048576 bytes when it is unpacked; at most so many are "
                "allowed, which is 200 times what it is packed, or 1 MiB where that is more"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsGraph) graph = import_content("n.gz", cases[i].content, &error);
    cr_assert_null(graph);
    cr_expect_str_eq(error->message, cases[i].message);
  }
}

/** What each of them is, is said, whatever the file is called. */
Test(import, what_is_not_read_is_refused_by_its_name) {
  static const struct {
    const char *text, *message;
    gsize length;
  } cases[] = {
      {"<?xml version=\"1.0\"?><gexf/>", "is a graph in GEXF: ", 0},
      {"<!DOCTYPE html><html>", "is an HTML page: ", 0},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
       "is a pointer of Git LFS: ", 0},
      {"[\n {\"source\": \"a\", \"target\": \"b\"}]", "is an array in JSON: ", 0},
      {"404: Not Found", "is the answer of a server that had no such file: ", 0},
      {"Not Found\n", "is the answer of a server that had no such file: ", 0},
      {"c a comment\np edge 3 2\ne 1 2\n", "is a graph in DIMACS form: ", 0},
      {"dl n = 3 format = edgelist1\n", "is a graph in UCINET's DL form: ", 0},
      {"nodedef>name VARCHAR\nA\nedgedef>node1,node2\nA,A\n", "is a graph in GDF: ", 0},
      {"#!/bin/sh\necho a\n", "is a script: ", 0},
      {">>graph6<<C~\n", "is a graph in graph6 form: ", 0},
      {">>sparse6<<:Cn\n", "is a graph in sparse6 form: ", 0},
      {"\xff\xfe"
       "A\0 \0B\0\n\0",
       "is text in UTF-16: ", 10},
      {"A\0 \0B\0\n\0", "is text in UTF-16: ", 8},
      {"M\xfchle,Ort\n", "is text in another encoding than UTF-8: ", 0},
      {"PK\x03\x04....", "is a ZIP archive: ", 0},
      {"%PDF-1.7\n", "is a PDF document: ", 0},
  };
  static const char *const names[] = {"net", "net.edges", "net.csv", "net.txt"};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
      g_autoptr(GError) error = NULL;
      gsize length = cases[i].length ? cases[i].length : strlen(cases[i].text);
      g_autoptr(GsGraph) graph =
          import_bytes(names[k], GS_GRAPH_AUTO, cases[i].text, length, &error);
      g_autofree char *start = g_strdup_printf("%s: %s", names[k], cases[i].message);
      cr_assert_null(graph, "%s", cases[i].message);
      cr_expect(g_str_has_prefix(error->message, start), "%s\n%s", error->message, start);
    }
}

Test(import, a_name_that_says_something_else_than_the_content_is_an_error_that_names_both) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = import_text("net.graphml", GS_GRAPH_AUTO, LINKS, &error);
  cr_assert_null(graph);
  cr_expect_str_eq(error->message,
                   "net.graphml: its name says GraphML, its content is a document in "
                   "JSON; rename it, or say its \"format\"");
  g_autoptr(GError) told = NULL;
  g_autoptr(GsGraph) other = import_text("net.json", GS_GRAPH_PAJEK, LINKS, &told);
  cr_assert_null(other);
  cr_expect_str_eq(told->message, "net.json: \"format\" says Pajek, its content is a document in "
                                  "JSON; one of them is wrong");
  /* A name without an ending, or one that says nothing, contradicts nothing. */
  g_autoptr(GsGraph) plain = import_text("net.txt", GS_GRAPH_AUTO, LINKS, NULL);
  cr_assert(plain && plain->nodes == 2);
}

/** Published graphs, where they lie beside the checkout. */
Test(real_graphs, have_the_nodes_and_links_that_their_authors_say) {
  const struct {
    const char *name;
    uint32_t nodes, links;
    const char *first;
  } files[] = {
      {"western-us-power.gml", 4941, 6594, NULL}, {"Abilene.gml", 11, 14, "New York"},
      {"Abilene.graphml", 11, 14, "New York"},    {"Cogentco.graphml", 197, 245, NULL},
      {"Geant2012.graphml", 40, 61, NULL},
  };
  if (!g_file_test("../shared/data/graphs", G_FILE_TEST_IS_DIR))
    cr_skip_test("skipped: no ../shared/data/graphs");
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename("../shared/data/graphs", files[i].name, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length;
    cr_assert(g_file_get_contents(path, &text, &length, NULL));
    g_autoptr(GsGraph) graph = import_bytes(path, GS_GRAPH_AUTO, text, length, &error);
    cr_assert(graph, "%s", error ? error->message : "no error");
    cr_assert_eq(graph->nodes, files[i].nodes, "%s: %u nodes", path, graph->nodes);
    cr_assert_eq(graph->links + graph->parallel_dropped + graph->loops_dropped, files[i].links,
                 "%s: %u links", path, graph->links);
    if (files[i].first)
      cr_assert_str_eq(graph->labels[0], files[i].first);
  }
}

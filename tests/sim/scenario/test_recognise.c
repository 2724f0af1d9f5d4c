/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "sim/scenario/scenario.h"

/** What people give instead of a scenario, and what the message must say of it. */
static const struct {
  const char *text, *says, *and;
} others[] = {
    {"<?xml version=\"1.0\"?>\n<graphml xmlns=\"x\"><graph/></graphml>", "a graph in GraphML",
     "{\"topology\": {\"file\": \"NAME\"}}"},
    {"\xef\xbb\xbfgraph [ node [ id 1 ] ]", "a graph in GML", "give the file by its name"},
    {"Creator \"x\"\ngraph\n[\n]", "a graph in GML", "give the file by its name"},
    {"# links\na b\nb c\n", "a list of links or a table", "give the file by its name"},
    {"Source,Target\na,b\n", "a list of links or a table", "give the file by its name"},
    {"graph x { a -- b }", "a graph in DOT", "give the file by its name"},
    {"strict digraph { a -> b }", "a graph in DOT", "give the file by its name"},
    {"*Vertices 2\n1 \"a\"", "Pajek", "give the file by its name"},
    {"%%MatrixMarket matrix coordinate", "Matrix Market", "give the file by its name"},
    {"<gexf xmlns=\"x\"/>", "GEXF", "not read"},
    {"<!DOCTYPE html><html></html>", "an HTML page", "a scenario is JSON"},
    {"<!DOCTYPE html><html><meta name=\"generator\" content=\"gridsim 0.1.0\">",
     "a page of gridsim", "gridsim verify"},
    {"\x1f\x8b\x08", "gzip", "gunzip"},
    {"\xff\xfe{\x01", "UTF-16", "iconv"},
    {"{\"name\": \"s\", \"axes\": {\"nodes\": [4]}}", "a sweep", "gridsim compare"},
    {"{\"digest\": \"0\", \"again\": null}", "a document of results", "gridsim verify"},
    {"{\"directed\": false, \"nodes\": [{\"id\": 1}], \"links\": []}", "node\u2013link",
     "give the file by its name"},
    {"{\"nodes\": [{\"id\": 1}], \"links\": [{\"source\": 1, \"target\": 1}]}", "node\u2013link",
     "give the file by its name"},
    {"{\"nodes\": [{\"id\": \"a\"}], \"links\": []}", "node\u2013link",
     "give the file by its name"},
    {"{\"nodes\": [{\"id\": \"a\"}], \"edges\": []}", "node\u2013link",
     "give the file by its name"},
    {"{\"_module\": \"pandapower.auxiliary\", \"_object\": {}}", "pandapower", "not read"},
    {"{\"type\": \"FeatureCollection\", \"features\": []}", "GeoJSON", "not read"},
    {"{\"elements\": {\"nodes\": []}}", "Cytoscape", "not read"},
    {"{\"graph\": {\"nodes\": {}}}", "a graph in JSON Graph Format", "not read"},
    {"{\"graphs\": []}", "graphs in JSON Graph Format", "not read"},
};

Test(recognise, what_is_no_scenario_is_called_by_its_name_with_what_to_do) {
  for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario =
        gs_scenario_parse(others[i].text, strlen(others[i].text), "given", NULL, 0, &error);
    cr_assert_null(scenario, "%s", others[i].text);
    cr_expect(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
    cr_expect(strstr(error->message, others[i].says) && strstr(error->message, others[i].and) &&
                  strstr(error->message, "no scenario"),
              "of %s: %s", others[i].text, error->message);
  }
}

Test(recognise, what_may_be_json_keeps_the_place_where_it_is_wrong) {
  static const char *const wrong[] = {"{\"nodes\": [}", "[1, 2", "\"a b\"", "nonsense", "12x"};
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GsScenario) scenario =
        gs_scenario_parse(wrong[i], strlen(wrong[i]), "given", NULL, 0, &error);
    cr_assert_null(scenario);
    cr_expect(g_str_has_prefix(error->message, "given:1:"), "of %s: %s", wrong[i], error->message);
  }
}

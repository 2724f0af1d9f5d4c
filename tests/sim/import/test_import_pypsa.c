/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "sim/import/pypsa.h"
#include "tests/import_text.h"

/** Tables as texts; NULL: there is none. */
typedef struct {
  const char *text[GS_PYPSA_TABLES];
} Network;

static GsGraph *read_network(const Network *network, GError **error) {
  GsPypsaFile files[GS_PYPSA_TABLES] = {{NULL, NULL}};
  char *paths[GS_PYPSA_TABLES] = {NULL};
  for (GsPypsaTable i = 0; i < GS_PYPSA_TABLES; i++) {
    if (!network->text[i])
      continue;
    paths[i] = g_strdup_printf("%s.csv", gs_pypsa_table_name(i));
    files[i].path = paths[i];
    files[i].content = g_bytes_new(network->text[i], strlen(network->text[i]));
  }
  GsGraph *graph = gs_import_pypsa(files, error);
  for (GsPypsaTable i = 0; i < GS_PYPSA_TABLES; i++) {
    g_free(paths[i]);
    g_clear_pointer(&files[i].content, g_bytes_unref);
  }
  return graph;
}

static void assert_shows(const Network *network, const char *expected) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = read_network(network, &error);
  cr_assert(graph, "%s", error ? error->message : "");
  g_autofree char *shown = energies_shown(graph);
  cr_expect_str_eq(shown, expected);
  cr_expect(!(graph->production || graph->consumption) || g_strcmp0(graph->unit, "MW") == 0);
}

static void assert_notes(const Network *network, const char *holds) {
  g_autoptr(GsGraph) graph = read_network(network, NULL);
  cr_assert(graph);
  g_autofree char *notes = notes_of(graph);
  cr_expect(strstr(notes, holds), "%s\nis not in\n%s", holds, notes);
}

static void assert_refused(const Network *network, const char *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = read_network(network, &error);
  cr_assert_null(graph, "%s was read", message);
  cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
  cr_expect_str_eq(error->message, message);
}

#define BUSES                                                                                      \
  "name,v_nom,x,y\nNorth,380,9.5,54\nSouth,220,11.25,48.125\n\"East, new\",380,13.5,52\n"

Test(import_pypsa, buses_lines_links_and_transformers_become_the_grid) {
  Network network = {{[GS_PYPSA_BUSES] = BUSES,
                      [GS_PYPSA_LINES] = "name,bus0,bus1\n1,North,South\n",
                      [GS_PYPSA_LINKS] = "name,bus0,bus1\nDC,\"East, new\",South\n",
                      [GS_PYPSA_TRANSFORMERS] = "name,bus1,bus0\nT,North,\"East, new\"\n"}};
  assert_shows(&network, "North /, South /, East, new /; 0-1 0-2 1-2");
  g_autoptr(GsGraph) graph = read_network(&network, NULL);
  cr_assert(graph->places && graph->places->kind == GS_PLACES_ON_EARTH);
  cr_expect_eq(graph->places->x[1], 11.25);
  cr_expect_eq(graph->places->y[1], 48.125);
  assert_notes(&network, "nothing else");
}

Test(import_pypsa, loads_and_generators_are_what_they_are_set_to_and_a_series_wins) {
  Network network = {
      {[GS_PYPSA_BUSES] = BUSES,
       [GS_PYPSA_LOADS] = "name,bus,p_set\nL1,North,1.5\nL2,North,2\nL3,South,9\n",
       [GS_PYPSA_LOADS_P_SET] = ",L3,L1,other\n2011,0.25,0.5,7\n2012,8,8,8\n",
       [GS_PYPSA_GENERATORS] = "name,bus,p_nom,p_set\nG,South,100,3.75\nW,North,9,\n",
       [GS_PYPSA_GENERATORS_P_SET] = NULL}};
  assert_shows(&network, "North /2.5, South 3.75/0.25, East, new /;");
  assert_notes(&network, "series 1: loads are those of the first snapshot of loads-p_set.csv, "
                         "\"2011\"; others are not used");
  assert_notes(&network, "not-used 1: a series of a load or generator which is not there");
  assert_notes(&network, "not-used 1: a generator without p_set produces nothing here: what it can "
                         "(p_nom) is not what it does");
}

Test(import_pypsa, signs_turn_powers_around_and_what_is_not_active_is_left_out) {
  Network network = {
      {[GS_PYPSA_BUSES] = BUSES,
       [GS_PYPSA_LINES] =
           "name,bus0,bus1,active\n1,North,South,False\n2,South,\"East, new\",True\n",
       [GS_PYPSA_LOADS] = "name,bus,p_set,sign,active\nL1,North,-2,-1,True\nL2,South,3,1.0,True\n"
                          "L3,South,5,-1,False\n",
       [GS_PYPSA_GENERATORS] = "name,bus,p_set\nG,South,-1\n"}};
  assert_shows(&network, "North 2/, South 3/1, East, new /; 1-2");
  assert_notes(&network, "a row that is not active was left out (line 2 of lines.csv)");
  assert_notes(&network, "a row that is not active was left out (line 4 of loads.csv)");
  assert_notes(&network, "negative 1: a load of less than 0 is production");
  assert_notes(&network, "negative 1: a generation of less than 0 is consumption");
}

Test(import_pypsa, what_names_no_bus_is_left_out_and_said_and_more_than_two_are_two) {
  Network network = {{[GS_PYPSA_BUSES] = BUSES,
                      [GS_PYPSA_LINES] = "name,bus0,bus1\n1,North,Nowhere\n2,North,South\n",
                      [GS_PYPSA_LINKS] = "name,bus0,bus1,bus2\nchp,North,South,\"East, new\"\n"}};
  assert_shows(&network, "North /, South /, East, new /; 0-1");
  assert_notes(&network,
               "not-used 1: a row that names a bus which is not there was left out (line 2 of "
               "lines.csv)");
  assert_notes(&network, "not-used 1: a link of more than two buses links the first two only");
  assert_notes(&network, "links-merged 1: a repeated link was left out");
}

/** Each with the table that says so and the line in it. */
Test(import_pypsa, what_a_series_does_not_say_or_says_wrong_is_told) {
  Network network = {{[GS_PYPSA_BUSES] = BUSES,
                      [GS_PYPSA_LINES] = "name,bus0,bus1\n1,North,South\n2,South,North\n",
                      [GS_PYPSA_LOADS] = "name,bus,p_set\nL1,North,1.5\nL2,North,two\n",
                      [GS_PYPSA_LOADS_P_SET] = ",L1\n2011,\n",
                      [GS_PYPSA_GENERATORS] = "name,bus\nG,South\n",
                      [GS_PYPSA_GENERATORS_P_SET] = ",G\n2011,-1e-3\n"}};
  assert_shows(&network, "North /, South /0.001, East, new /; 0-1");
  assert_notes(&network, "a load without p_set consumes nothing here (line 2 of loads-p_set.csv)");
  assert_notes(&network, "a power that is no number of at most 18 digits was left out (line 3 of "
                         "loads.csv)");
  assert_notes(&network, "a generation of less than 0 is consumption (line 2 of "
                         "generators-p_set.csv)");
  assert_notes(&network, "a repeated link was left out (line 3 of lines.csv)");
}

Test(import_pypsa, tables_that_are_none_are_refused_with_their_place) {
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = ""}},
                 "buses.csv:1: is empty; its first row must name its columns");
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = "name,x\nA,1\nA,2\n"}},
                 "buses.csv:3: a second bus with the name \"A\"; must be unique");
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = "name,x\n,1\n"}},
                 "buses.csv:2: a bus without a name; each must have one");
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = "name,x\nA,1,2\n"}},
                 "buses.csv:2: a row of 3 cells; the first row names 2 columns");
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = BUSES, [GS_PYPSA_LINES] = "name,from,to\n1,a,b\n"}},
                 "lines.csv:1: no column \"bus0\" or \"bus1\"; there must be both");
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = BUSES, [GS_PYPSA_LOADS] = "name,p_set\n1,a\n"}},
                 "loads.csv:1: no column \"bus\"; there must be one");
  assert_refused(
      &(Network){{[GS_PYPSA_BUSES] = BUSES, [GS_PYPSA_LOADS] = "name,bus\n1,North\n1,South\n"}},
      "loads.csv:3: a second row with the name \"1\"; must be unique");
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = "name\nM\xfchle\n"}},
                 "buses.csv:2: found bytes that are no UTF-8; must be text in UTF-8");
  assert_refused(&(Network){{[GS_PYPSA_BUSES] = "name,x\nA,1\n\"B,2\n"}},
                 "buses.csv:3: a quote that is not closed");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "core/error.h"
#include "tests/import_text.h"

#define HEAD "% three villages\nfunction mpc = three\nmpc.version = '2';\nmpc.baseMVA = 100;\n"
#define BUS(id, type, load) #id " " #type " " load " 0 0 0 1 1 0 110 1 1.1 0.9;\n"
#define GEN(bus, power, status) #bus " " power " 0 0 0 1 100 " #status " 10 0;\n"
#define BRANCH(from, to, status) #from " " #to " 0.01 0.1 0 0 0 0 0 0 " #status " -360 360;\n"
#define PARTS(bus, gen, branch)                                                                    \
  HEAD "mpc.bus = [\n" bus "];\nmpc.gen = [\n" gen "];\nmpc.branch = [\n" branch "];\n"

static GsGraph *read_case(const char *text) {
  g_autoptr(GError) error = NULL;
  GsGraph *graph = import_text("case.m", GS_GRAPH_AUTO, text, &error);
  cr_assert(graph, "%s", error ? error->message : "no error");
  return graph;
}

static void assert_shows(const char *text, const char *expected) {
  g_autoptr(GsGraph) graph = read_case(text);
  g_autofree char *shown = energies_shown(graph);
  cr_expect_str_eq(shown, expected);
  cr_expect_str_eq(graph->unit, "MW");
}

static void assert_notes(const char *text, const char *holds) {
  g_autoptr(GsGraph) graph = read_case(text);
  g_autofree char *notes = notes_of(graph);
  cr_expect(strstr(notes, holds), "%s\nis not in\n%s", holds, notes);
}

static void assert_refused(const char *text, const char *message) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GsGraph) graph = import_text("case.m", GS_GRAPH_AUTO, text, &error);
  cr_assert_null(graph, "%s was read", message);
  cr_assert(g_error_matches(error, GS_ERROR, GS_ERROR_INPUT));
  cr_expect_str_eq(error->message, message);
}

#define TWO_BUSES BUS(7, 3, "0.5") BUS(20, 1, "2.25")

Test(import_matpower, loads_generation_and_branches_in_service_become_the_grid) {
  assert_shows(PARTS(TWO_BUSES, GEN(7, "3.75", 1), BRANCH(7, 20, 1)), "7 3.75/0.5, 20 /2.25; 0-1");
  assert_shows(PARTS(TWO_BUSES, GEN(7, "1", 1) GEN(7, "2", 0) GEN(7, "0.25", 1),
                     BRANCH(20, 7, 1) BRANCH(7, 20, 1) BRANCH(7, 20, 0)),
               "7 1.25/0.5, 20 /2.25; 0-1");
}

Test(import_matpower, what_is_out_of_service_or_merged_is_said_with_its_line) {
  const char *text = PARTS(TWO_BUSES BUS(21, 4, "9"), GEN(7, "1", 0) GEN(21, "5", 1),
                           BRANCH(20, 7, 1) BRANCH(7, 20, 1) BRANCH(7, 20, 0) BRANCH(20, 21, 1));
  assert_shows(text, "7 /0.5, 20 /2.25, 21 /; 0-1");
  assert_notes(text, "out-of-service 1: a generator that is out of service was left out (line 11)");
  assert_notes(text, "out-of-service 2: 2 branches that are out of service were left out (first in "
                     "line 17)");
  assert_notes(text,
               "out-of-service 1: a bus of type 4 (isolated) is a node without links (line 8)");
  assert_notes(text, "not-used 2: 2 loads and generators at isolated buses were left out (first in "
                     "line 8)");
  assert_notes(text, "links-merged 1: a repeated link was left out (line 16)");
  assert_notes(text, "not-used 1: of buses number, type and Pd are used");
}

Test(import_matpower, a_load_below_0_is_production_and_a_generation_below_0_consumption) {
  const char *text = PARTS(BUS(1, 3, "-2") BUS(2, 1, "1"), GEN(1, "-0.5", 1), BRANCH(1, 2, 1));
  assert_shows(text, "1 2/0.5, 2 /1; 0-1");
  assert_notes(text, "negative 1: a load of less than 0 is production (line 6)");
  assert_notes(text, "negative 1: a generation of less than 0 is consumption (line 10)");
}

Test(import_matpower, code_that_scales_all_loads_is_done_exactly_and_said) {
  const char *const codes[] = {
      "mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;\n",
      "mpc.bus(:, 3) = mpc.bus(:, 3) * 0.001;\n",
      "k = 1000;\nmpc.bus(:,PD) = mpc.bus(:,PD) ./ k;\n",
      "mpc.bus(:, [PD QD]) = mpc.bus(:, [PD QD]) ...\n  / 1000;\n",
      "mpc.bus(:, PD) = mpc.bus(:, PD) / 500;\nmpc.bus(:, PD) = mpc.bus(:, PD) * 0.5;\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
    g_autofree char *text =
        g_strconcat(PARTS(TWO_BUSES, GEN(7, "3.75", 1), BRANCH(7, 20, 1)),
                    "[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD] = idx_bus;\n"
                    "Vbase = mpc.bus(1, BASE_KV) * 1e3;\n"
                    "mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / Vbase;\n",
                    codes[i], NULL);
    assert_shows(text, "7 3.75/0.0005, 20 /0.00225; 0-1");
    assert_notes(text, "scaled 1: loads are times 0.001, as code of the file says (line ");
  }
}

Test(import_matpower, loads_that_other_code_changes_are_not_used_and_branches_refuse_the_case) {
  const char *const codes[] = {"mpc.bus(2, PD) = 7;\n", "mpc.bus(:, PD) = mpc.bus(:, PD) / 3;\n",
                               "mpc.bus(:, PD) = mpc.bus(:, PD) * pf;\n",
                               "mpc.bus(:, PD) = sum(mpc.bus(:, PD));\n",
                               "if 1\nmpc.bus(:, PD) = mpc.bus(:, PD) / 1e3;\nend\n"};
  for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
    g_autofree char *text =
        g_strconcat(PARTS(TWO_BUSES, GEN(7, "3.75", 1), BRANCH(7, 20, 1)), codes[i], NULL);
    assert_shows(text, "7 3.75/, 20 /; 0-1");
    assert_notes(text, "not-used 1: loads are not used: code that is not run changes them (line 1");
  }
  const char *const refused[] = {"mpc.branch(1, BR_STATUS) = 0;\n", "mpc = scale_load(2, mpc);\n",
                                 "mpc.bus = [mpc.bus; mpc.bus];\n", "mpc.branch(1, :) = [];\n"};
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
    g_autofree char *text =
        g_strconcat(PARTS(TWO_BUSES, GEN(7, "3.75", 1), BRANCH(7, 20, 1)), refused[i], NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GsGraph) graph = import_text("case.m", GS_GRAPH_AUTO, text, &error);
    cr_assert_null(graph, "%s", refused[i]);
  }
  assert_refused(
      PARTS(TWO_BUSES, GEN(7, "3.75", 1), BRANCH(7, 20, 1)) "mpc.gen(:, GEN_STATUS) = 1;",
      "case.m:15: code changes buses, generators or branches, and is not run; only what "
      "is written out is read");
}

Test(import_matpower, comments_strings_continued_lines_and_infinity_are_what_they_are_in_matlab) {
  assert_shows("%{\nmpc.bus = [ 9 9 9 ];\n%}\n" HEAD
               "mpc.bus = [ 1, 3, 0.5, 0 ; % mpc.bus = [ 5 ];\n 2 1 ...\n 1.5 Inf\n];\n"
               "mpc.gen = [];\nmpc.note = 'a ; b ] % c';\n"
               "mpc.branch = [ 1 2 0 Inf 0 0 0 0 0 0 1; ];\n"
               "mpc.bus_name = { 'Mill; old'; 'O''Hara' };\n",
               "Mill; old /0.5, O'Hara /1.5; 0-1");
  assert_notes(PARTS(BUS(1, 3, "Inf") BUS(2, 1, "1"), "", BRANCH(1, 2, 1)),
               "a power that is no number of at most 18 digits was left out (line 6)");
}

Test(import_matpower, direct_current_lines_are_links_and_other_parts_are_named) {
  const char *text = PARTS(
      TWO_BUSES BUS(21, 1, "0"), GEN(7, "1", 1),
      BRANCH(20, 7,
             1)) "mpc.dcline = [\n"
                 "7 21 1 5 5 0 0 1 1 0;\n 20 21 0 5 5 0 0 1 1 0 ];\nmpc.gencost = [ 2 0 0 ];\n";
  assert_shows(text, "7 1/0.5, 20 /2.25, 21 /; 0-1 0-2");
  assert_notes(text, "not-used 1: other parts of the case are not used: gencost");
}

Test(import_matpower, a_case_of_the_first_version_has_no_struct) {
  assert_shows("function [baseMVA, bus, gen, branch] = old\nbaseMVA = 100;\nbus = [\n" TWO_BUSES
               "];\ngen = [\n" GEN(7, "1", 1) "];\nbranch = [\n" BRANCH(7, 20, 1) "];\nreturn;\n",
               "7 1/0.5, 20 /2.25; 0-1");
}

Test(import_matpower, what_is_wrong_in_a_case_is_said_with_its_line) {
  assert_refused(HEAD "mpc.bus = [\n" TWO_BUSES "];\n",
                 "case.m: no mpc.branch; a MATPOWER case must have mpc.bus and mpc.branch");
  assert_refused(PARTS(TWO_BUSES BUS(7, 1, "1"), "", BRANCH(7, 20, 1)),
                 "case.m:8: a second bus with the number 7; must be unique");
  assert_refused(PARTS(TWO_BUSES, "", BRANCH(7, 21, 1)),
                 "case.m:12: an end of a branch is bus 21; mpc.bus has none of that number");
  assert_refused(PARTS(TWO_BUSES, "8 1 0 0 0 1 100 1;\n", BRANCH(7, 20, 1)),
                 "case.m:10: the bus of a generator is bus 8; mpc.bus has none of that number");
  assert_refused(PARTS(TWO_BUSES, "7 1 0 0;\n", BRANCH(7, 20, 1)),
                 "case.m:10: this row of mpc.gen has 4 columns; must have at least 8");
  assert_refused(PARTS("1.5 1 0 0;\n", "", ""),
                 "case.m:6: found \"1.5\" as a bus; must be a whole number");
  assert_refused(HEAD "mpc.bus = [\n1 1 0\n", "case.m:5: a bracket is not closed");
  assert_refused(HEAD "mpc.name = 'x\n", "case.m:5: a string does not end on its line");
}

/** Published cases, where they lie beside the checkout. */
Test(import_matpower, published_cases_have_the_counts_that_their_authors_say) {
  const struct {
    const char *name;
    uint32_t nodes, links;
  } files[] = {{"pglib_opf_case14_ieee.m", 14, 20},
               {"pglib_opf_case30_ieee.m", 30, 41},
               {"pglib_opf_case118_ieee.m", 118, 179},
               {"pglib_opf_case2000_goc.m", 2000, 2806},
               {"pglib_opf_case10000_goc.m", 10000, 12742}};
  if (!g_file_test("../shared/data/matpower", G_FILE_TEST_IS_DIR))
    cr_skip_test("skipped: no ../shared/data/matpower");
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename("../shared/data/matpower", files[i].name, NULL);
    g_autofree char *text = NULL;
    gsize length;
    cr_assert(g_file_get_contents(path, &text, &length, NULL));
    g_autoptr(GsGraph) graph = import_bytes(path, GS_GRAPH_AUTO, text, length, NULL);
    cr_assert(graph && graph->nodes == files[i].nodes && graph->links == files[i].links, "%s",
              path);
  }
}

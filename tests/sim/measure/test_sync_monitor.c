/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/measure/sync_monitor.h"

static GsScenario *grid_of_islands(uint32_t seed, bool handshake) {
  g_autofree char *text =
      g_strdup_printf("{\"topology\": {\"kind\": \"erdos-renyi\", \"nodes\": 60, \"p\": 0.02},"
                      "\"energy\": [{\"node\": \"*\", \"production\": {\"uniform\": [0, 5]}}],"
                      "%s \"seed\": %u}",
                      handshake ? "\"handshake\": {}," : "", seed);
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "grid.json", NULL, 0, &error);
  cr_assert_not_null(scenario, "%s", error ? error->message : "");
  return scenario;
}

static void expect_alike(GsSyncMonitor *start, GsSyncMonitor *made, uint32_t count) {
  cr_expect_eq(gs_sync_monitor_links(start), gs_sync_monitor_links(made));
  cr_expect_eq(gs_sync_monitor_islands(start), gs_sync_monitor_islands(made));
  cr_expect_eq(gs_sync_monitor_out_of_sync(start), gs_sync_monitor_out_of_sync(made));
  for (uint32_t i = 0; i < count; i++) {
    uint64_t nodes[2], links[2];
    gs_sync_monitor_island_size(start, i, &nodes[0], &links[0]);
    gs_sync_monitor_island_size(made, i, &nodes[1], &links[1]);
    cr_expect_eq(nodes[0], nodes[1]);
    cr_expect_eq(links[0], links[1]);
    cr_expect_eq(gs_sync_monitor_true_net(start, i), gs_sync_monitor_true_net(made, i));
    cr_expect_eq(gs_sync_monitor_in_sync(start, i), gs_sync_monitor_in_sync(made, i));
    for (uint32_t k = 0; k < i; k++)
      cr_expect_eq(gs_sync_monitor_island(start, i) == gs_sync_monitor_island(start, k),
                   gs_sync_monitor_island(made, i) == gs_sync_monitor_island(made, k));
  }
}

Test(sync_monitor, links_of_the_start_and_the_same_made_one_by_one_lead_to_the_same_truth) {
  for (uint32_t seed = 1; seed <= 8; seed++) {
    g_autoptr(GsScenario) linked = grid_of_islands(seed, false);
    g_autoptr(GsScenario) empty = grid_of_islands(seed, true);
    g_autoptr(GsSyncMonitor) start = gs_sync_monitor_new(linked);
    g_autoptr(GsSyncMonitor) made = gs_sync_monitor_new(empty);
    cr_expect_eq(gs_sync_monitor_islands(made), 60);
    for (uint32_t i = 0; i < 60; i++) {
      gs_sync_monitor_set_gridnet(start, i, i % 3 + 5);
      gs_sync_monitor_set_gridnet(made, i, i % 3 + 5);
    }
    for (uint32_t i = 0; i < linked->link_count; i++) {
      gs_sync_monitor_sibling(made, 0, linked->links[i].a, linked->links[i].b, 0);
      gs_sync_monitor_sibling(made, 0, linked->links[i].b, linked->links[i].a, 0);
    }
    expect_alike(start, made, 60);
    /* Both know how to go on: a change, then a link between two islands. */
    for (uint32_t i = 0; i < 60; i += 7) {
      gs_sync_monitor_gridnet(start, 1, i, 3);
      gs_sync_monitor_gridnet(made, 1, i, 3);
      gs_sync_monitor_energy(start, 1, i, 9, 0);
      gs_sync_monitor_energy(made, 1, i, 9, 0);
    }
    expect_alike(start, made, 60);
    for (uint32_t i = 1; i < 60; i += 11) {
      for (uint32_t side = 0; side < 2; side++) {
        gs_sync_monitor_sibling(start, 2, side ? i : i - 1, side ? i - 1 : i, 0);
        gs_sync_monitor_sibling(made, 2, side ? i : i - 1, side ? i - 1 : i, 0);
      }
    }
    expect_alike(start, made, 60);
  }
}

/** The last node's island goes on elsewhere, the others' gets it by a link. */
Test(sync_monitor, an_island_that_goes_on_elsewhere_is_in_sync_where_its_nodes_agree) {
  static const char text[] = "{\"nodes\": [{\"production\": 1}, {}, {}],"
                             " \"links\": [[\"N1\", \"N2\"]]}";
  g_autoptr(GsScenario) scenario =
      gs_scenario_parse(text, strlen(text), "grid.json", NULL, 0, NULL);
  g_autoptr(GsSyncMonitor) monitor = gs_sync_monitor_new(scenario);
  for (uint32_t i = 0; i < 3; i++)
    gs_sync_monitor_set_gridnet(monitor, i, 7);
  gs_sync_monitor_sibling(monitor, 1, 2, 3, 0);
  cr_expect(gs_sync_monitor_is_open(monitor, 2) && !gs_sync_monitor_is_open(monitor, 0));
  cr_expect(gs_sync_monitor_in_sync(monitor, 2) && !gs_sync_monitor_in_sync(monitor, 0));
  cr_expect_eq(gs_sync_monitor_out_of_sync(monitor), 2);
  gs_sync_monitor_sibling(monitor, 2, 0, 2, 0);
  gs_sync_monitor_sibling(monitor, 2, 2, 0, 0);
  for (uint32_t i = 0; i < 3; i++)
    cr_expect(gs_sync_monitor_is_open(monitor, i) && gs_sync_monitor_in_sync(monitor, i));
  cr_expect_eq(gs_sync_monitor_out_of_sync(monitor), 0);
  gs_sync_monitor_gridnet(monitor, 3, 2, 8);
  cr_expect_eq(gs_sync_monitor_out_of_sync(monitor), 1);
}

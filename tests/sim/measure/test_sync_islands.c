/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/random.h"
#include "sim/measure/convergence.h"
#include "sim/measure/sync_monitor.h"

#define NODES 6
#define MOMENTS 24

static GsScenario *parse(const char *text) {
  g_autoptr(GError) error = NULL;
  GsScenario *scenario = gs_scenario_parse(text, strlen(text), "faults.json", NULL, 0, &error);
  cr_assert_not_null(scenario, "%s in %s", error ? error->message : "", text);
  return scenario;
}

typedef struct {
  uint32_t seed, count;
} Dice;

static uint32_t roll(Dice *dice, uint32_t sides) {
  GsDraw at = {dice->seed, GS_PURPOSE_SCHEDULE, 3, dice->count++};
  return (uint32_t)gs_random_below(at, sides);
}

/** All that changes islands, at whole seconds. */
static GsScenario *draw_scenario(Dice *dice) {
  static const char *const faults[] = {
      "\"crash\": {\"random\": 1}",
      "\"crash\": {\"random\": 2}, \"for\": \"3s\"",
      "\"restart\": \"*\"",
      "\"cut\": {\"random\": 2}",
      "\"cut\": [\"N1\", \"N2\"], \"one_way\": true, \"for\": \"4s\"",
      "\"partition\": {\"random\": 2}, \"for\": \"2s\"",
      "\"partition\": {\"random\": 3}",
      "\"heal\": \"*\"",
      "\"heal\": \"N3\"",
      "\"leave\": \"N5\"",
  };
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text,
                         "{\"topology\": {\"kind\": \"ring\", \"nodes\": %u}, \"seed\": %u, "
                         "\"energy\": [{\"node\": \"*\", \"production\": {\"uniform\": [0, 3]}}], "
                         "\"until\": \"%us\", \"schedule\": [",
                         NODES, dice->seed, MOMENTS);
  for (uint32_t i = 0; i < 8; i++)
    g_string_append_printf(text, "%s{\"at\": \"%us\", %s}", i ? ", " : "", roll(dice, MOMENTS),
                           faults[roll(dice, G_N_ELEMENTS(faults))]);
  g_string_append(text, "]}");
  return parse(text->str);
}

/** What is known without any bookkeeping. */
typedef struct {
  const GsFaultPlan *plan;
  bool has[NODES][NODES]; /**< one as a sibling of another */
  int64_t net[NODES], gridnet[NODES];
  bool down[NODES];
  uint32_t island[NODES]; /**< its first node */
  int64_t truth[NODES];
  int64_t truth_ns[NODES], set_ns[NODES];
  uint32_t out, up;
  uint64_t error, out_ns, error_ns, up_ns, worst;
  int64_t wrong_ns[NODES], longest_ns[NODES], longest_from[NODES]; /**< without a break */
} World;

static bool works(const World *world, uint32_t a, uint32_t b, int64_t now) {
  return world->has[a][b] && world->has[b][a] && !world->down[a] && !world->down[b] &&
         !gs_fault_plan_link(world->plan, a, b, now).is_cut &&
         !gs_fault_plan_link(world->plan, b, a, now).is_cut;
}

static void search(World *world, uint32_t from, uint32_t island, int64_t now) {
  world->island[from] = island;
  for (uint32_t to = 0; to < NODES; to++)
    if (world->island[to] == UINT32_MAX && works(world, from, to, now))
      search(world, to, island, now);
}

static bool in_sync(const World *world, uint32_t node) {
  return !world->down[node] && world->gridnet[node] == world->truth[node];
}

/** Islands and their truths by a search, then since when who is in sync by what it means. */
static void look(World *world, const World *before, int64_t now) {
  memset(world->island, 0xFF, sizeof world->island);
  for (uint32_t node = 0; node < NODES; node++)
    world->down[node] = gs_fault_plan_node(world->plan, node, now).is_down;
  for (uint32_t node = 0; node < NODES; node++)
    if (world->island[node] == UINT32_MAX)
      search(world, node, node, now);
  world->out = world->up = 0;
  world->error = 0;
  for (uint32_t node = 0; node < NODES; node++) {
    world->truth[node] = 0;
    for (uint32_t other = 0; other < NODES; other++)
      world->truth[node] += world->island[other] == world->island[node] ? world->net[other] : 0;
    if (world->down[node])
      continue;
    uint64_t error = (uint64_t)ABS(world->gridnet[node] - world->truth[node]);
    world->up++;
    world->out += error != 0;
    world->error += error;
    world->worst = MAX(world->worst, error);
  }
  if (!before)
    return;
  for (uint32_t node = 0; node < NODES; node++) {
    bool unbroken = true, same = true;
    int64_t since = 0;
    for (uint32_t other = 0; other < NODES; other++) {
      if (world->island[other] != world->island[node])
        continue;
      unbroken &= in_sync(before, other) && in_sync(world, other);
      same &= !before->down[other] && before->truth[other] == world->truth[node];
      since = MAX(since, before->truth_ns[other]);
    }
    world->truth_ns[node] = unbroken || same ? since : now;
    if (unbroken || (same && world->gridnet[node] == before->gridnet[node]))
      world->set_ns[node] = before->set_ns[node];
  }
}

static bool truth_differs(const World *world, const World *before) {
  for (uint32_t node = 0; node < NODES; node++)
    if (!world->down[node] && (before->down[node] || world->truth[node] != before->truth[node]))
      return true;
  return false;
}

static void expect_alike(GsSyncMonitor *monitor, const World *world, int64_t now) {
  cr_assert_eq(gs_sync_monitor_out_of_sync(monitor), world->out);
  uint32_t islands = 0;
  for (uint32_t a = 0; a < NODES; a++) {
    islands += world->island[a] == a && !world->down[a];
    cr_assert_eq(gs_sync_monitor_is_down(monitor, a), world->down[a]);
    cr_assert_eq(gs_sync_monitor_in_sync(monitor, a), in_sync(world, a));
    if (world->down[a])
      continue;
    cr_assert_eq(gs_sync_monitor_true_net(monitor, a), world->truth[a]);
    int64_t since = in_sync(world, a) ? MAX(world->truth_ns[a], world->set_ns[a]) : -1;
    cr_assert_eq(gs_sync_monitor_node_in_sync_since_ns(monitor, a), since, "N%u at %ld: %ld, %ld",
                 a + 1, (long)now, (long)gs_sync_monitor_node_in_sync_since_ns(monitor, a),
                 (long)since);
    for (uint32_t b = 0; b < a; b++)
      cr_assert_eq(gs_sync_monitor_island(monitor, a) == gs_sync_monitor_island(monitor, b),
                   world->island[a] == world->island[b]);
  }
  cr_assert_eq(gs_sync_monitor_islands(monitor), islands);
  cr_assert_eq(gs_sync_monitor_out_of_sync_node_ns(monitor, now), world->out_ns);
  GsSyncErrors errors = gs_sync_monitor_errors(monitor, now);
  cr_assert_eq(errors.up_node_ns, world->up_ns);
  cr_assert(errors.error_node_ns == world->error_ns);
  cr_assert_eq(errors.worst.error, world->worst);
}

/** A second of being wrong is one more of those before it, and the longest are of who was so first.
 */
static void go_on(GsSyncMonitor *monitor, World *world, int64_t now) {
  int64_t end = now + GS_SECOND_NS;
  for (uint32_t node = 0; node < NODES; node++) {
    bool wrong = !world->down[node] && !in_sync(world, node);
    world->wrong_ns[node] = wrong ? world->wrong_ns[node] + GS_SECOND_NS : 0;
    if (world->wrong_ns[node] > world->longest_ns[node]) {
      world->longest_ns[node] = world->wrong_ns[node];
      world->longest_from[node] = end - world->wrong_ns[node];
    }
    GsWrongSpan span = gs_sync_monitor_longest_wrong(monitor, node, end);
    cr_assert_eq(span.for_ns, world->longest_ns[node]);
    cr_assert_eq(span.from_ns, world->longest_from[node]);
  }
  world->out_ns += world->out * (uint64_t)GS_SECOND_NS;
  world->error_ns += world->error * (uint64_t)GS_SECOND_NS;
  world->up_ns += world->up * (uint64_t)GS_SECOND_NS;
}

static void add_sibling(GsSyncMonitor *monitor, World *world, uint32_t node, uint32_t sibling,
                        int64_t now) {
  if (world->has[node][sibling])
    return;
  world->has[node][sibling] = true;
  gs_sync_monitor_sibling(monitor, now, node, sibling, UINT32_MAX);
}

/** Some things that nodes tell at a moment. */
static void tell(GsSyncMonitor *monitor, World *world, Dice *dice, int64_t now) {
  for (uint32_t i = roll(dice, 6); i > 0; i--) {
    uint32_t node = roll(dice, NODES), other = (node + 1 + roll(dice, NODES - 1)) % NODES;
    if (world->down[node])
      continue;
    switch (roll(dice, 4)) {
    case 0:
      world->net[node] = roll(dice, 3);
      gs_sync_monitor_energy(monitor, now, node, world->net[node], UINT32_MAX);
      break;
    case 1:
      add_sibling(monitor, world, node, other, now);
      if (!world->down[other])
        add_sibling(monitor, world, other, node, now);
      break;
    default:
      world->gridnet[node] = roll(dice, 2) ? world->truth[node] : roll(dice, 8);
      world->set_ns[node] = now;
      gs_sync_monitor_gridnet(monitor, now, node, world->gridnet[node]);
    }
  }
}

static void run_timeline(uint32_t seed) {
  Dice dice = {seed, 0};
  g_autoptr(GsScenario) scenario = draw_scenario(&dice);
  g_autoptr(GsFaultPlan) plan = gs_fault_plan_new(scenario);
  g_autoptr(GsSyncMonitor) monitor = gs_sync_monitor_new(scenario);
  World world = {.plan = plan};
  GsConvergence convergence;
  gs_convergence_init(&convergence);
  for (uint32_t i = 0; i < NODES; i++) {
    world.has[i][(i + 1) % NODES] = world.has[(i + 1) % NODES][i] = true;
    world.net[i] = scenario->nodes[i].production - scenario->nodes[i].consumption;
    world.gridnet[i] = roll(&dice, 2) ? 7 : 5;
    gs_sync_monitor_set_gridnet(monitor, i, world.gridnet[i]);
  }
  World start = world;
  look(&start, NULL, -1);
  start.worst = 0;
  world = start;
  for (uint32_t second = 0; second < MOMENTS; second++) {
    int64_t now = second * GS_SECOND_NS;
    World before = world;
    gs_sync_monitor_disturb(monitor, now, second);
    gs_convergence_begin(&convergence, second);
    for (uint32_t node = 0; node < NODES; node++) {
      bool is_down = gs_fault_plan_node(plan, node, now).is_down;
      if (world.down[node] && !is_down && roll(&dice, 2)) {
        memset(world.has[node], 0, sizeof world.has[node]);
        gs_sync_monitor_forget_siblings(monitor, node);
      }
    }
    gs_sync_monitor_change_islands(monitor, now, plan);
    look(&world, NULL, now);
    world.worst = before.worst; /* not yet the end of the moment */
    tell(monitor, &world, &dice, now);
    look(&world, &before, now);
    gs_sync_monitor_settle(monitor, now + 1);
    gs_convergence_see(&convergence, world.out, world.error);
    gs_convergence_judge(&convergence, now, !world.out, truth_differs(&world, &before));
    expect_alike(monitor, &world, now);
    go_on(monitor, &world, now);
  }
  for (uint32_t cause = 0; cause < MOMENTS; cause++) {
    uint64_t nodes, by, want_nodes, want_by;
    cr_assert_eq(gs_sync_monitor_over_ns(monitor, cause),
                 gs_convergence_over_ns(&convergence, cause));
    gs_sync_monitor_wrong(monitor, cause, &nodes, &by);
    gs_convergence_wrong(&convergence, cause, &want_nodes, &want_by);
    cr_assert(nodes == want_nodes && by == want_by);
  }
  gs_convergence_clear(&convergence);
}

Test(sync_islands, are_what_a_search_at_each_moment_finds) {
  for (uint32_t seed = 1; seed <= 300; seed++)
    run_timeline(seed);
}

/** Against adding up all of them. */
Test(sync_islands, the_most_wrong_while_a_disturbance_was_not_over_is_kept) {
  for (uint32_t seed = 1; seed <= 50; seed++) {
    Dice dice = {seed, 0};
    GsConvergence convergence;
    gs_convergence_init(&convergence);
    uint64_t most[60] = {0};
    bool waits[60] = {false};
    for (uint32_t moment = 0; moment < 60; moment++) {
      uint64_t wrong = roll(&dice, 12);
      gs_convergence_begin(&convergence, moment);
      waits[moment] = true;
      gs_convergence_see(&convergence, wrong, 2 * wrong);
      gs_convergence_judge(&convergence, moment, !wrong, true);
      for (uint32_t cause = 0; cause <= moment; cause++) {
        uint64_t nodes, by;
        most[cause] = waits[cause] ? MAX(most[cause], wrong) : most[cause];
        waits[cause] &= wrong != 0;
        gs_convergence_wrong(&convergence, cause, &nodes, &by);
        cr_assert(nodes == most[cause] && by == 2 * most[cause]);
      }
      cr_assert_leq(convergence.wrong_by.peaks->len, moment + 1);
    }
    gs_convergence_clear(&convergence);
  }
}

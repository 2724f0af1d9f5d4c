/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/measure/sync_monitor.h"
#include "tests/sim/sim_support.h"

/* The rules of convergence.h and of gs_sync_monitor_node_in_sync_since_ns, told again without any
 * shortcut, over random courses of small grids. */

enum { NODES = 5, CAUSES = 40, MOMENTS = 120 };

typedef struct {
  int64_t over_ns;
  bool begun, sealed;
} Course;

typedef struct {
  GsSyncMonitor *monitor;
  GRand *random;
  int64_t net[NODES], gridnet[NODES];
  uint32_t island[NODES];
  /* At the end of the moment before. */
  bool right[NODES], calm;
  int64_t since_ns[NODES];
  Course courses[CAUSES];
  uint32_t causes;
  /* In this moment. */
  bool truth_changed;
  int64_t now_ns;
  bool joined; /**< islands, so far */
} Told;

static int64_t truth_of(const Told *told, uint32_t node) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < NODES; i++)
    sum += told->island[i] == told->island[node] ? told->net[i] : 0;
  return sum;
}

static void reopen(Told *told, uint32_t cause) {
  told->courses[cause] = (Course){.over_ns = -1, .begun = true};
}

static void tell_energy(Told *told, uint32_t node, int64_t net, uint32_t cause) {
  gs_sync_monitor_energy(told->monitor, told->now_ns, node, net, cause);
  told->truth_changed |= net != told->net[node];
  told->net[node] = net;
  reopen(told, cause);
}

static void tell_link(Told *told, uint32_t a, uint32_t b, uint32_t cause) {
  gs_sync_monitor_sibling(told->monitor, told->now_ns, a, b, cause);
  gs_sync_monitor_sibling(told->monitor, told->now_ns, b, a, cause);
  uint32_t from = told->island[b];
  told->truth_changed |= from != told->island[a];
  told->joined |= from != told->island[a];
  uint32_t to = told->island[a];
  for (uint32_t i = 0; i < NODES; i++)
    if (told->island[i] == from)
      told->island[i] = to;
  reopen(told, cause);
}

static void tell_gridnet(Told *told, uint32_t node, int64_t gridnet) {
  gs_sync_monitor_gridnet(told->monitor, told->now_ns, node, gridnet);
  told->gridnet[node] = gridnet;
}

static void tell_something(Told *told) {
  uint32_t a = (uint32_t)g_rand_int_range(told->random, 0, NODES);
  uint32_t b = (uint32_t)g_rand_int_range(told->random, 0, NODES);
  uint32_t cause =
      told->causes ? (uint32_t)g_rand_int_range(told->random, 0, (gint32)told->causes) : 0;
  int what = g_rand_int_range(told->random, 0, 12);
  if (what == 0 && told->causes < CAUSES) {
    gs_sync_monitor_disturb(told->monitor, told->now_ns, told->causes);
    reopen(told, told->causes++);
  } else if (what == 1 && told->causes) {
    tell_energy(told, a, g_rand_int_range(told->random, 0, 3), cause);
  } else if (what == 2 && told->causes && a != b && g_rand_int_range(told->random, 0, 8) == 0) {
    tell_link(told, a, b, cause);
  } else if (what < 9) {
    tell_gridnet(told, a, truth_of(told, a)); /* mostly right, or the grid is never in sync */
  } else if (what == 9 && g_rand_int_range(told->random, 0, 4) == 0) {
    tell_gridnet(told, a, truth_of(told, a) + 1);
  }
}

/** Everybody of the node's island was in sync and is. */
static bool unbroken(const Told *told, uint32_t node) {
  bool good = true;
  for (uint32_t i = 0; i < NODES; i++)
    if (told->island[i] == told->island[node])
      good &= told->right[i] && told->gridnet[i] == truth_of(told, i);
  return good;
}

static void end_moment(Told *told, const int64_t *truth_before) {
  bool in_sync = true;
  int64_t since_ns[NODES];
  for (uint32_t i = 0; i < NODES; i++) {
    bool right = told->gridnet[i] == truth_of(told, i);
    in_sync &= right;
    /* A change of the truth is a break even for who holds the new one by chance. */
    bool moved = false;
    for (uint32_t k = 0; k < NODES; k++)
      moved |= told->island[k] == told->island[i] && truth_of(told, k) != truth_before[k];
    since_ns[i] = !right                                            ? -1
                  : told->right[i] && (!moved || unbroken(told, i)) ? told->since_ns[i]
                                                                    : told->now_ns;
  }
  for (uint32_t c = 0; c < told->causes; c++) {
    Course *course = &told->courses[c];
    if (told->calm && told->truth_changed && course->over_ns >= 0)
      course->sealed = true;
    if (!course->sealed)
      course->over_ns = !in_sync ? -1 : course->over_ns < 0 ? told->now_ns : course->over_ns;
  }
  memcpy(told->since_ns, since_ns, sizeof since_ns);
  for (uint32_t i = 0; i < NODES; i++)
    told->right[i] = told->gridnet[i] == truth_of(told, i);
  told->calm = in_sync;
  told->truth_changed = false;
}

static void check(Told *told, uint32_t seed) {
  gs_sync_monitor_settle(told->monitor, told->now_ns + 1);
  for (uint32_t c = 0; c < told->causes; c++)
    cr_assert_eq(gs_sync_monitor_over_ns(told->monitor, c), told->courses[c].over_ns,
                 "seed %u, moment %d, cause %u", seed, (int)told->now_ns, c);
  for (uint32_t i = 0; i < NODES; i++) {
    int64_t since_ns = gs_sync_monitor_node_in_sync_since_ns(told->monitor, i);
    /* Of islands that joined without a break the later one may count for both. */
    bool good = since_ns == told->since_ns[i] ||
                (told->joined && told->since_ns[i] >= 0 && since_ns >= told->since_ns[i]);
    cr_assert(good, "seed %u, moment %d, node %u: %d, not %d", seed, (int)told->now_ns, i,
              (int)since_ns, (int)told->since_ns[i]);
  }
}

static uint32_t run_course(uint32_t seed) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{}, {}, {}, {}, {}], 'links': [['N1', 'N2']]}");
  g_autoptr(GsSyncMonitor) monitor = gs_sync_monitor_new(scenario);
  g_autoptr(GRand) random = g_rand_new_with_seed(seed);
  Told told = {.monitor = monitor, .random = random, .calm = true};
  for (uint32_t i = 0; i < NODES; i++) {
    told.island[i] = i == 1 ? 0 : i;
    told.right[i] = true;
  }
  uint32_t flaps = 0;
  for (told.now_ns = 1; told.now_ns <= MOMENTS; told.now_ns++) {
    int64_t truth[NODES];
    for (uint32_t i = 0; i < NODES; i++)
      truth[i] = truth_of(&told, i);
    bool calm = told.calm;
    for (int things = g_rand_int_range(random, 0, 6); things > 0; things--)
      tell_something(&told);
    bool moved = told.truth_changed;
    end_moment(&told, truth);
    check(&told, seed);
    flaps += calm && !told.calm && !moved;
  }
  return flaps;
}

Test(convergence, is_for_good_until_the_truth_changes_as_told_again_without_shortcuts) {
  uint32_t flaps = 0;
  for (uint32_t seed = 1; seed <= 300; seed++)
    flaps += run_course(seed);
  cr_assert_gt(flaps, 300, "the courses hardly ever took a convergence back: %u", flaps);
}

static uint32_t out_at(const GsSyncSeries *series, int64_t t_ns) {
  uint32_t i = series->count;
  while (i > 0 && series->t_ns[i - 1] > t_ns)
    i--;
  return i ? series->out[i - 1] : 0;
}

/** All nodes in sync from `from_ns` to before `to_ns`. */
static bool calm_between(const GsSyncSeries *series, int64_t from_ns, int64_t to_ns) {
  if (out_at(series, from_ns))
    return false;
  for (uint32_t i = 0; i < series->count; i++)
    if (series->out[i] && series->t_ns[i] >= from_ns && series->t_ns[i] < to_ns)
      return false;
  return true;
}

/** Two updates; the rules of the original overwrite what was right already. */
Test(convergence, of_runs_that_fall_out_of_sync_again_is_not_the_first_lucky_moment) {
  uint32_t wrong = 0, taken_back = 0;
  for (uint32_t seed = 1; seed <= 60; seed++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'seed': %u, 'protocol': 'original',"
        " 'topology': {'kind': 'lattice', 'rows': 3, 'columns': 4, 'torus': true},"
        " 'network': {'latency': '1ms', 'jitter': {'lognormal': {'median': '5ms', 'sigma': 1.5}},"
        "             'fifo': false},"
        " 'schedule': [{'at': '1s', 'node': 'N1', 'production': 9},"
        "              {'at': '1.075s', 'node': 'N1', 'production': 5},"
        "              {'at': '3s', 'sync_grid': 'N2'},"
        "              {'at': '5s', 'node': 'N2', 'production': 1}]}",
        seed);
    g_autoptr(GsResults) results = gs_test_run(scenario);
    cr_assert_lt(results->series.count, GS_SYNC_SERIES_MAX / 2);
    static const int64_t truth_ms[] = {1000, 1075, 5000, 1000000};
    for (uint32_t i = 0; i < results->disturbance_count; i++) {
      const GsDisturbance *one = &results->disturbances[i];
      int64_t from_ns = one->at_ns, next_ns = 0;
      if (one->converged_after_ns < 0) {
        wrong++;
        cr_assert(i < 3 || !results->converged, "seed %u: never, though in sync at the end", seed);
        continue;
      }
      from_ns += one->converged_after_ns;
      for (guint k = G_N_ELEMENTS(truth_ms); k-- > 0;)
        if (truth_ms[k] * 1000000 > from_ns)
          next_ns = truth_ms[k] * 1000000;
      cr_assert(calm_between(&results->series, from_ns, next_ns), "seed %u, disturbance %u", seed,
                i);
      cr_assert(from_ns == one->at_ns || out_at(&results->series, from_ns - 1) > 0,
                "seed %u, disturbance %u: earlier would do", seed, i);
      for (int64_t t = one->at_ns; t < from_ns; t += 100000)
        if (!out_at(&results->series, t) && t > 1075000000 && t < 5000000000) {
          taken_back++;
          break;
        }
    }
    if (!results->converged)
      cr_assert_lt(results->disturbances[3].converged_after_ns, 0);
  }
  cr_assert(wrong > 0 && taken_back > 5, "%u never, %u taken back", wrong, taken_back);
}

Test(convergence, a_node_that_was_never_out_of_sync_is_in_sync_since_the_start) {
  g_autoptr(GsScenario) scenario =
      gs_test_scenario("{'nodes': [{}, {}, {}], 'links': [['N1', 'N2']],"
                       " 'schedule': [{'at': '1s', 'node': 'N3', 'production': 5},"
                       "              {'at': '2s', 'node': 'N1', 'production': 5}]}");
  g_autoptr(GsResults) results = gs_test_run(scenario);
  cr_expect_eq(results->nodes[2].in_sync_since_ns, 0);
  cr_expect_eq(results->nodes[0].in_sync_since_ns, 2 * GS_SECOND_NS + 2000000);
  cr_expect_eq(results->disturbances[0].converged_after_ns, 0);
  /* Nor was anybody where messages take no time. */
  g_autoptr(GsScenario) at_once =
      gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': 6}, 'network': {'latency': 0},"
                       " 'schedule': [{'at': '1s', 'node': 'N3', 'production': 5}]}");
  g_autoptr(GsResults) fast = gs_test_run(at_once);
  cr_expect_eq(fast->converged_at_ns, 0);
  for (uint32_t i = 0; i < 6; i++)
    cr_expect_eq(fast->nodes[i].in_sync_since_ns, 0, "%u", i);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/run/carrier.h"
#include "sim/run/simulation.h"
#include "tests/sim/sim_support.h"

/* What a mail is: all that one actor has to handle in a window, and nobody else's. */

#define NODES 150u

static const char *const networks[] = {
    "'network': {'latency': '1ms'}",
    "'network': {'latency': '1ms', 'jitter': '1ms'}",
    "'network': {'latency': '1ms'}, 'pace': {'receive': '3ms', 'send': '5ms'}",
};

typedef struct {
  GsScenario *scenario;
  GsSimulation sim;
  GsMessage told[3];
} Grid;

static void init(Grid *grid, const char *network, uint32_t lanes) {
  static const int64_t gridnet[NODES];
  *grid = (Grid){.scenario = gs_test_scenario("{'topology': {'kind': 'ring', 'nodes': %u}, %s}",
                                              NODES, network)};
  gs_simulation_init(&grid->sim, grid->scenario, lanes, gridnet, false, NULL, NULL);
}

static void clear(Grid *grid) {
  gs_simulation_clear(&grid->sim);
  gs_scenario_free(grid->scenario);
}

static void tell(Grid *grid, guint which, uint32_t actor) {
  grid->told[which] = (GsMessage){.from = GS_ENDPOINT_NONE,
                                  .to = actor,
                                  .slot = GS_SLOT_UNKNOWN,
                                  .env = GS_TELL,
                                  .type = GS_UPDATE_ENERGY,
                                  .energy = {.production = 7},
                                  .has_production = true};
  gs_lane_deliver(&grid->sim.lanes[grid->sim.lane_of[actor]], actor, &grid->told[which]);
}

static void open_window(GsSimulation *sim, int64_t moment) {
  sim->now_ns = moment;
  sim->window_end_ns = sim->carrier->window_end_ns(sim, moment);
}

static int64_t next_ns(const GsSimulation *sim, const GsExchange *exchange) {
  return MIN(gs_exchange_next_ns(exchange), sim->carrier->next_ns(&sim->lanes[0]));
}

/** How many letters a mail has; all must be of one sender. */
static uint64_t letters_from(const GsMail *mail, uint32_t sender) {
  uint64_t count = 0;
  if (mail->lane->sim->carrier->by_wheel) {
    for (; count < mail->letter_count; count++)
      cr_expect_eq(gs_dealt_from(mail->letters[count].key), sender);
    return count;
  }
  for (const GsBundle *bundle = mail->bundles; bundle; bundle = bundle->next) {
    cr_expect(bundle->from == sender && bundle->to == mail->actor);
    count += bundle->count;
  }
  return count;
}

Test(mail, actors_take_theirs_in_order_once_and_all_of_it) {
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    Grid grid;
    init(&grid, networks[i], 1);
    tell(&grid, 0, 140);
    tell(&grid, 1, 3);
    tell(&grid, 2, 140);
    GsMail mail = {.lane = &grid.sim.lanes[0]};
    cr_assert(gs_mail_take_next(&mail), "%s", networks[i]);
    cr_expect_eq(mail.actor, 3);
    cr_expect_eq(mail.told, &grid.told[1]);
    cr_expect_null(mail.told->next);
    cr_assert(gs_mail_take_next(&mail), "%s", networks[i]);
    cr_expect_eq(mail.actor, 140);
    cr_expect_eq(mail.told, &grid.told[0]);
    cr_expect_eq(mail.told->next, &grid.told[2]);
    cr_expect_eq(letters_from(&mail, 0), 0);
    cr_expect_null(grid.sim.actors[140].first, "it was taken");
    cr_expect_null(grid.sim.actors[140].last);
    cr_expect_not(gs_mail_take_next(&mail), "%s", networks[i]);
    clear(&grid);
  }
}

Test(mail, of_a_lane_is_for_its_own_actors) {
  Grid grid;
  init(&grid, networks[0], 3);
  uint32_t taken = 0;
  static const uint32_t actors[] = {0, 70, 149};
  for (guint i = 0; i < G_N_ELEMENTS(actors); i++)
    tell(&grid, i, actors[i]);
  for (uint32_t i = 0; i < grid.sim.lane_count; i++) {
    for (GsMail mail = {.lane = &grid.sim.lanes[i]}; gs_mail_take_next(&mail); taken++)
      cr_expect_eq(grid.sim.lane_of[mail.actor], i);
  }
  cr_expect_eq(taken, G_N_ELEMENTS(actors));
  clear(&grid);
}

/** One is told something, so its siblings have mail from it then. */
Test(mail, of_siblings_is_theirs_whatever_carries_it) {
  for (guint i = 0; i < 2; i++) {
    Grid grid;
    GsExchange exchange;
    init(&grid, networks[i], 1);
    GsSimulation *sim = &grid.sim;
    gs_exchange_init(&exchange, sim);
    GsMail mail = {.lane = &sim->lanes[0]};
    open_window(sim, 0);
    tell(&grid, 0, 50);
    cr_assert(gs_mail_take_next(&mail));
    gs_mail_handle(&mail);
    gs_exchange_close(&exchange);
    cr_expect_eq(sim->actors[50].node.production, 7, "%s", networks[i]);
    uint64_t sent = sim->lanes[0].sent, taken = 0;
    for (bool had[2] = {false}; !had[0] || !had[1];) {
      open_window(sim, next_ns(sim, &exchange));
      gs_exchange_open(&exchange, sim->now_ns);
      sim->carrier->collect(mail.lane, &exchange);
      while (gs_mail_take_next(&mail)) {
        cr_assert(mail.actor == 49 || mail.actor == 51, "%u, %s", mail.actor, networks[i]);
        had[mail.actor == 51] = true;
        cr_expect_null(mail.told);
        cr_expect_null(sim->inboxes[mail.actor].first, "all was taken");
        taken += letters_from(&mail, 50);
      }
      gs_exchange_close(&exchange);
    }
    cr_expect_eq(taken, sent, "%s", networks[i]);
    gs_exchange_clear(&exchange);
    clear(&grid);
  }
}

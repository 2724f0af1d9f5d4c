/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/network/fate.h"
#include "tests/sim/sim_support.h"

/* What faults do to messages that are on their way. A ring of four, 10 ms a link, in order. */

#define MS ((int64_t)1000000)

typedef struct {
  const char *faults;
  const char *network;
  int64_t sent_ms;
  int64_t due_ms; /**< −1: it is lost */
  GsLossReason lost_by;
  uint32_t retries;
  int64_t told_ms; /**< −1: nobody is told */
} Case;

#define LOST (-1)
#define NOT_TOLD (-1)

/** From N1 to N2. */
static const Case cases[] = {
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '1s'}", "", 980, 990, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '1s'}", "", 995, LOST, GS_LOST_BY_CUT, 0, NOT_TOLD},
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '1s'}", "", 1500, LOST, GS_LOST_BY_CUT, 0, NOT_TOLD},
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '1s'}", "", 1995, LOST, GS_LOST_BY_CUT, 0, NOT_TOLD},
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '1s'}", "", 2000, 2010, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'cut': ['N2', 'N1'], 'one_way': true}", "", 1500, 1510, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'crash': 'N2'}, {'at': '2s', 'restart': 'N2'}", "", 995, LOST, GS_LOST_BY_DOWN,
     0, NOT_TOLD},
    {"{'at': '1s', 'crash': 'N2'}, {'at': '2s', 'restart': 'N2'}", "", 1995, 2005, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'pause': 'N2', 'for': '1s'}", "", 1500, 2000, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'pause': 'N2', 'for': '1s'}, {'at': '1.5s', 'crash': 'N2', 'for': '100ms'}", "",
     1200, LOST, GS_LOST_BY_DOWN, 0, NOT_TOLD},
    {"{'at': '1s', 'slow': 'N1', 'by': 10, 'for': '1s'}", "", 1500, 1600, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'slow': 'N2', 'by': 10, 'for': '1s'}", "", 1500, 1510, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'degrade': {'latency': '300ms'}, 'links': '*'}", "", 1500, 1800, 0, 0, NOT_TOLD},
    {"{'at': '1s', 'degrade': {'loss': 1}, 'links': '*', 'for': '1s'}", "", 1500, LOST,
     GS_LOST_BY_CHANCE, 0, NOT_TOLD},
    /* Tried again every 200 ms until the link has healed, or four times. */
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '500ms'}",
     ", 'transport': {'tries': 4, 'after': '200ms'}", 1000, 1610, 0, 3, NOT_TOLD},
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '5s'}",
     ", 'transport': {'tries': 4, 'after': '200ms'}", 1000, LOST, GS_LOST_BY_CUT, 3, 1800},
    {"{'at': '1s', 'cut': ['N1', 'N2'], 'for': '5s'}, {'at': '1.3s', 'crash': 'N1'}",
     ", 'transport': {'tries': 4, 'after': '200ms'}", 1000, LOST, GS_LOST_BY_CUT, 1, NOT_TOLD},
};

static int64_t in_ms(int64_t ns) {
  return ns == GS_TIME_NEVER ? -1 : ns / MS;
}

Test(fate_faults, a_message_meets_what_goes_wrong_when_it_is_sent_and_when_it_arrives) {
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Case *one = &cases[i];
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'ring', 'nodes': 4}, 'network': {'latency': '10ms'%s},"
        " 'schedule': [%s]}",
        one->network, one->faults);
    GsNetwork network;
    GsSenderLinks set = {0};
    gs_network_init(&network, scenario);
    cr_assert(network.may_fail, "%s", one->faults);
    GsFate fate = gs_link_fate(&network, &set, 0, 1, 0, one->sent_ms * MS);
    cr_expect_eq(fate.is_lost, one->due_ms == LOST, "%s at %d", one->faults, (int)one->sent_ms);
    cr_expect_eq(in_ms(fate.due_ns), one->due_ms, "%s at %d: %d", one->faults, (int)one->sent_ms,
                 (int)in_ms(fate.due_ns));
    cr_expect(!fate.is_lost || fate.lost_by == one->lost_by, "%s: %u", one->faults, fate.lost_by);
    cr_expect_eq(fate.retries, one->retries, "%s: %u", one->faults, fate.retries);
    cr_expect_eq(in_ms(fate.told_ns), one->told_ms, "%s: %d", one->faults,
                 (int)in_ms(fate.told_ns));
    gs_sender_links_clear(&set);
    gs_network_clear(&network);
  }
}

Test(fate_faults, a_network_that_only_loses_is_as_uniform_as_it_was_and_no_other) {
  static const struct {
    const char *faults;
    bool uniform;
  } networks[] = {{"{'at': 1, 'cut': ['N1', 'N2']}", true},
                  {"{'at': 1, 'crash': 'N1'}", true},
                  {"{'at': 1, 'degrade': {'loss': 0.5}, 'links': '*'}", true},
                  {"{'at': 1, 'pause': 'N1', 'for': 1}", false},
                  {"{'at': 1, 'slow': 'N1', 'by': 2}", false},
                  {"{'at': 1, 'degrade': {'latency': '1ms'}, 'links': '*'}", false}};
  for (guint i = 0; i < G_N_ELEMENTS(networks); i++) {
    g_autoptr(GsScenario) scenario = gs_test_scenario(
        "{'topology': {'kind': 'ring', 'nodes': 4}, 'network': {'latency': '10ms'},"
        " 'schedule': [%s]}",
        networks[i].faults);
    GsNetwork network;
    gs_network_init(&network, scenario);
    cr_expect(network.may_fail);
    cr_expect_eq(network.uniform, networks[i].uniform, "%s", networks[i].faults);
    bool is_faster = strstr(networks[i].faults, "1ms") != NULL;
    cr_expect_eq(network.lookahead_ns, (is_faster ? 1 : 10) * MS, "%s", networks[i].faults);
    gs_network_clear(&network);
  }
}

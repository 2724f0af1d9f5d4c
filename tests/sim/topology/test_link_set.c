/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "sim/topology/link_set.h"

/* Random links come and go, and a table of all pairs says what must be there. */

enum { PLACES = 120, LINKS = 700, STEPS = 40000 };

typedef struct {
  GsLinkSet *set;
  uint32_t nodes[PLACES]; /**< those among which links are */
  bool there[PLACES][PLACES];
  uint32_t links;
} Told;

static void expect_alike(const Told *told) {
  for (uint32_t a = 0; a < PLACES; a++)
    for (uint32_t b = 0; b < PLACES; b++)
      cr_assert(a == b || gs_link_set_has(told->set, told->nodes[a], told->nodes[b]) ==
                              told->there[MIN(a, b)][MAX(a, b)]);
}

static void change(Told *told, uint32_t a, uint32_t b) {
  bool *there = &told->there[MIN(a, b)][MAX(a, b)];
  if (*there)
    gs_link_set_remove(told->set, told->nodes[a], told->nodes[b]);
  else if (told->links < LINKS)
    gs_link_set_add(told->set, told->nodes[a], told->nodes[b]);
  else
    return;
  told->links += *there ? UINT32_MAX : 1;
  *there = !*there;
}

static void come_and_go(uint32_t nodes) {
  g_autoptr(GsLinkSet) set = gs_link_set_new(nodes, LINKS);
  g_autoptr(GRand) random = g_rand_new_with_seed(nodes);
  Told *told = g_new0(Told, 1);
  told->set = set;
  for (uint32_t i = 0; i < PLACES; i++)
    told->nodes[i] = (uint32_t)((uint64_t)i * (nodes - 1) / (PLACES - 1));
  for (uint32_t step = 1; step <= STEPS; step++) {
    uint32_t a = g_rand_int(random) % PLACES, b = g_rand_int(random) % PLACES;
    if (a != b)
      change(told, a, b);
    if (step % 2000 == 0)
      expect_alike(told);
  }
  cr_expect_gt(told->links, LINKS / 2);
  g_free(told);
}

Test(link_set, has_what_was_added_and_not_removed_however_many_come_and_go, .timeout = 10) {
  come_and_go(PLACES);
  come_and_go(8192);
  come_and_go(1000000);
}

Test(link_set, has_room_for_as_many_links_as_were_said, .timeout = 10) {
  enum { MANY = 5000 };
  g_autoptr(GsLinkSet) set = gs_link_set_new(10000, MANY);
  for (uint32_t i = 0; i < MANY; i++)
    gs_link_set_add(set, 2 * i + 1, 2 * i);
  for (uint32_t i = 0; i < MANY; i++) {
    cr_assert(gs_link_set_has(set, 2 * i, 2 * i + 1) && gs_link_set_has(set, 2 * i + 1, 2 * i));
    cr_assert_not(gs_link_set_has(set, 2 * i, (2 * i + 3) % 10000));
  }
}

Test(link_set, names_the_free_nodes_of_a_node_in_order) {
  enum { NODES = 200 };
  g_autoptr(GsLinkSet) set = gs_link_set_new(NODES, NODES);
  cr_assert(gs_link_set_is_dense(set));
  for (uint32_t b = 0; b < NODES; b += 3)
    if (b != 64)
      gs_link_set_add(set, b, 64);
  for (uint32_t b = 0, place = 0; b < NODES; b++)
    if (b != 64 && b % 3 != 0)
      cr_assert_eq(gs_link_set_other(set, 64, place++), b);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/core/node_support.h"

/*
 * Small random grids whose messages are handled in a random order, with or
 * without keeping the order on each link: at the end all is in sync, nothing is
 * open, and as many messages were sent as the closed form says.
 */

#define NODES_MAX 7

typedef struct {
  GsNode nodes[NODES_MAX];
  uint32_t count, island_of[NODES_MAX];
  GsPool pool;
  GsEffects effects;
  GsOutbox outbox;
  GArray *under_way; /**< of GsMessage, in the order they were sent */
  uint64_t sent, chance;
  bool fifo;
} Grid;

/** Takes the letters out of the outbox, as messages. */
static void take_letters(Grid *grid, const GsNode *node) {
  GsOutbox *outbox = &grid->outbox;
  uint64_t asks = 0, taken = 0;
  for (uint32_t i = 0; i < outbox->written_count; i++) {
    uint32_t slot = outbox->written[i];
    GsOutboxSlot *at = &outbox->slots[slot];
    for (const GsLetter *letter = gs_outbox_letters(outbox, slot); letter < at->end; letter++) {
      GsMessage message = {.from = node->endpoint, .to = at->to};
      gs_letter_read(letter, &message);
      asks += message.env == GS_ASK;
      taken++;
      g_array_append_val(grid->under_way, message);
    }
    at->left = 0;
    at->is_listed = false;
  }
  outbox->written_count = 0;
  cr_assert_eq(grid->effects.asks, asks);
  cr_assert_eq(grid->effects.asks + grid->effects.responses, taken);
  grid->effects.asks = grid->effects.responses = 0;
  grid->sent += taken;
}

/** By chance as a letter, where it fits one. */
static void handle(Grid *grid, GsMessage message) {
  GsNode *node = &grid->nodes[message.to];
  gs_effects_reset(&grid->effects);
  GsLetter letter = {0};
  if (gs_letter_fits(&message))
    gs_letter_write(&letter, &message, message.hops);
  if (gs_letter_is_net(&letter) && gs_test_random(&grid->chance, 3)) {
    gs_outbox_open(&grid->outbox, node->sibling_count);
    grid->effects.outbox = &grid->outbox;
    gs_node_take_letter(node, message.from, &letter, (uint32_t)gs_test_random(&grid->chance, 9),
                        &grid->effects);
    grid->effects.outbox = NULL;
    take_letters(grid, node);
  } else {
    cr_assert(gs_node_step(node, &message, &grid->effects, NULL));
  }
  g_array_append_vals(grid->under_way, grid->effects.messages, grid->effects.message_count);
  grid->sent += grid->effects.message_count;
}

/** A message is picked by chance; where order is kept the first of its link goes before. */
static void deliver_one(Grid *grid) {
  const GsMessage *messages = (const GsMessage *)(void *)grid->under_way->data;
  guint pick = (guint)gs_test_random(&grid->chance, grid->under_way->len);
  guint first = 0;
  while (grid->fifo &&
         (messages[first].from != messages[pick].from || messages[first].to != messages[pick].to))
    first++;
  if (grid->fifo)
    pick = first;
  GsMessage message = messages[pick];
  g_array_remove_index(grid->under_way, pick);
  handle(grid, message);
}

static void settle(Grid *grid) {
  while (grid->under_way->len)
    deliver_one(grid);
}

static GsMessage tell(GsMessageType type, uint32_t to) {
  GsMessage message = gs_msg(0, GS_TELL, type);
  message.to = to;
  return message;
}

static void grid_init(Grid *grid, uint64_t seed, bool fifo, GsSync sync) {
  *grid = (Grid){.chance = seed * 2654435761u, .fifo = fifo};
  grid->count = 2 + (uint32_t)gs_test_random(&grid->chance, NODES_MAX - 1);
  grid->under_way = g_array_new(FALSE, FALSE, sizeof(GsMessage));
  gs_pool_init(&grid->pool, NULL);
  gs_effects_init(&grid->effects, &grid->pool);
  for (uint32_t i = 0; i < grid->count; i++) {
    GsNodeConfig config = {
        .id = 10 + i, .name = "n", .endpoint = i, .id_space = 10 + i, .sync = sync};
    gs_node_init(&grid->nodes[i], &config);
    gs_node_set_start(&grid->nodes[i], i, 0, i);
    grid->island_of[i] = i;
  }
}

static void grid_clear(Grid *grid) {
  for (uint32_t i = 0; i < grid->count; i++)
    gs_node_clear(&grid->nodes[i], &grid->pool);
  gs_effects_clear(&grid->effects);
  gs_outbox_clear(&grid->outbox);
  gs_pool_clear(&grid->pool);
  g_array_unref(grid->under_way);
}

/** What an update in a node's island costs: (2E - N + 1)(1 + 2N). */
static uint64_t cost_at(const Grid *grid, uint32_t node) {
  uint64_t nodes = 0, ends = 0;
  for (uint32_t i = 0; i < grid->count; i++) {
    if (grid->island_of[i] != grid->island_of[node])
      continue;
    nodes++;
    ends += grid->nodes[i].sibling_count;
  }
  return (ends - nodes + 1) * (1 + 2 * nodes);
}

static void expect_in_sync(const Grid *grid, uint64_t seed) {
  for (uint32_t i = 0; i < grid->count; i++) {
    const GsNode *node = &grid->nodes[i];
    int64_t truth = 0;
    for (uint32_t j = 0; j < grid->count; j++) {
      if (grid->island_of[i] == grid->island_of[j])
        truth += gs_node_net(&grid->nodes[j]);
    }
    cr_assert_eq(node->gridnet, truth, "seed %" G_GUINT64_FORMAT " node %u", seed, i);
    cr_assert_eq(gs_node_open_waves(node) + node->closed_waves, 0,
                 "seed %" G_GUINT64_FORMAT " node %u has open waves", seed, i);
    cr_assert_eq(node->waves.count, node->waves.floods);
  }
}

static void merge_islands(Grid *grid, uint32_t a, uint32_t b) {
  uint32_t from = grid->island_of[a], to = grid->island_of[b];
  for (uint32_t i = 0; i < grid->count; i++) {
    if (grid->island_of[i] == from)
      grid->island_of[i] = to;
  }
}

/** Links are made one by one while nothing else is under way, by handshake or from the start. */
static void make_links(Grid *grid, uint64_t seed, bool every) {
  bool handshakes = seed % 2;
  for (uint32_t b = 1; b < grid->count; b++) {
    for (uint32_t a = 0; a < b; a++) {
      if (gs_test_random(&grid->chance, 3))
        continue;
      merge_islands(grid, a, b);
      if (!handshakes) {
        gs_node_add_start_sibling(&grid->nodes[a], &(GsContact){10 + b, "n", b}, GS_SLOT_UNKNOWN);
        gs_node_add_start_sibling(&grid->nodes[b], &(GsContact){10 + a, "n", a}, GS_SLOT_UNKNOWN);
        continue;
      }
      GsMessage add = tell(GS_ADD_SIBLING, a);
      add.to_add = b;
      add.sibling.id = 10 + b;
      add.sibling.name = "n";
      grid->sent = 0;
      handle(grid, add);
      settle(grid);
      if (every)
        cr_assert_eq(grid->sent, cost_at(grid, a) + 2, "seed %" G_GUINT64_FORMAT, seed);
      expect_in_sync(grid, seed);
    }
  }
}

/** Up to three updates, each while messages of those before are still under way. */
static void run_grid(uint64_t seed, bool fifo, GsSync sync) {
  Grid grid;
  uint64_t expected = 0;
  grid_init(&grid, seed, fifo, sync);
  make_links(&grid, seed, sync == GS_SYNC_EVERY);
  grid.sent = 0;
  for (uint64_t updates = 1 + gs_test_random(&grid.chance, 3); updates; updates--) {
    GsMessage update = tell(GS_UPDATE_ENERGY, (uint32_t)gs_test_random(&grid.chance, grid.count));
    update.has_production = true;
    update.energy.production = (int64_t)gs_test_random(&grid.chance, 1000);
    expected += cost_at(&grid, update.to);
    handle(&grid, update);
    for (uint64_t some = gs_test_random(&grid.chance, 60); some && grid.under_way->len; some--)
      deliver_one(&grid);
  }
  /* Without handshakes gridnets start as if alone: each island is told once more. */
  for (uint32_t i = 0; i < grid.count; i++) {
    if (grid.island_of[i] != i)
      continue;
    expected += cost_at(&grid, i);
    handle(&grid, tell(GS_SYNC_GRID, i));
  }
  settle(&grid);
  expect_in_sync(&grid, seed);
  if (sync == GS_SYNC_EVERY)
    cr_assert_eq(grid.sent, expected, "seed %" G_GUINT64_FORMAT, seed);
  grid_clear(&grid);
}

#define SEEDS 5000

Test(node_grid, in_order_every_grid_ends_in_sync_after_as_many_messages_as_the_closed_form_says) {
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    run_grid(seed, true, GS_SYNC_EVERY);
}

Test(node_grid, in_any_order_every_grid_ends_in_sync_after_the_same_number_of_messages) {
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    run_grid(seed, false, GS_SYNC_EVERY);
}

Test(node_grid, coalescing_every_grid_ends_in_sync_in_any_order) {
  for (uint64_t seed = 1; seed <= SEEDS; seed++)
    run_grid(seed, seed % 4 < 2, GS_SYNC_COALESCE);
}

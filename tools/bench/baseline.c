/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/mman.h>

#include "core/node.h"
#include "sim/base/clock.h"
#include "tools/bench/bench.h"

#define CHUNK_CLASS 12
#define CHUNK_MESSAGES 63u

typedef struct Chunk Chunk;
struct Chunk {
  Chunk *next;
  uint32_t used;
  GsMessage messages[CHUNK_MESSAGES] __attribute__((aligned(64)));
};
_Static_assert(sizeof(Chunk) <= 1 << CHUNK_CLASS, "a chunk is a block of the pool");

struct GsBaseline {
  const GsScenario *scenario;
  GsNode *nodes;
  GsDirectory directory;
  int64_t total; /**< sum of all nets */
  GsPool pool;
  GsEffects effects;
  Chunk *head, *tail;
};

/** As the lanes do, so that both have the same pages. */
static void ask_for_huge_pages(void *memory, gsize size) {
  if (size >= (gsize)1 << 21)
    madvise(memory, size, MADV_HUGEPAGE);
}

static GsContact contact_of(const GsScenario *scenario, uint32_t i) {
  return (GsContact){scenario->nodes[i].id, scenario->nodes[i].name, i};
}

GsBaseline *gs_baseline_new(const GsScenario *scenario) {
  GsBaseline *baseline = g_new0(GsBaseline, 1);
  baseline->scenario = scenario;
  baseline->directory =
      (GsDirectory){&scenario->nodes[0].identity, sizeof(GsScenarioNode), scenario->node_count};
  baseline->nodes = g_new(GsNode, scenario->node_count);
  gs_pool_init(&baseline->pool, ask_for_huge_pages);
  gs_effects_init(&baseline->effects, &baseline->pool);
  for (uint32_t i = 0; i < scenario->node_count; i++)
    baseline->total += scenario->nodes[i].production - scenario->nodes[i].consumption;
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    const GsScenarioNode *from = &scenario->nodes[i];
    GsNodeConfig config = {.id = from->id,
                           .name = from->name,
                           .endpoint = i,
                           .id_space = (uint64_t)from->id,
                           .directory = &baseline->directory};
    gs_node_init(&baseline->nodes[i], &config);
    gs_node_set_start(&baseline->nodes[i], from->production, from->consumption, baseline->total);
  }
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    uint32_t a = scenario->links[i].a, b = scenario->links[i].b;
    GsNode *node_a = &baseline->nodes[a], *node_b = &baseline->nodes[b];
    uint32_t slot_a = node_a->sibling_count, slot_b = node_b->sibling_count;
    GsContact contact_a = contact_of(scenario, a), contact_b = contact_of(scenario, b);
    gs_node_add_start_sibling(node_a, &contact_b, slot_b);
    gs_node_add_start_sibling(node_b, &contact_a, slot_a);
  }
  return baseline;
}

void gs_baseline_free(GsBaseline *baseline) {
  for (uint32_t i = 0; i < baseline->scenario->node_count; i++)
    gs_node_clear(&baseline->nodes[i], &baseline->pool);
  g_free(baseline->nodes);
  gs_effects_clear(&baseline->effects);
  gs_pool_clear(&baseline->pool);
  g_free(baseline);
}

static Chunk *add_chunk(GsBaseline *baseline) {
  Chunk *chunk = gs_pool_take(&baseline->pool, CHUNK_CLASS);
  chunk->next = NULL;
  chunk->used = 0;
  if (baseline->tail)
    baseline->tail->next = chunk;
  else
    baseline->head = chunk;
  baseline->tail = chunk;
  return chunk;
}

static inline void push(GsBaseline *baseline, const GsMessage *message) {
  Chunk *chunk = baseline->tail;
  if (!chunk || chunk->used == CHUNK_MESSAGES)
    chunk = add_chunk(baseline);
  chunk->messages[chunk->used++] = *message;
}

static inline uint64_t handle(GsBaseline *baseline, GsMessage *message) {
  GsEffects *effects = &baseline->effects;
  gs_effects_reset(effects);
  gs_node_step(&baseline->nodes[message->to], message, effects, NULL);
  for (uint32_t i = 0; i < effects->message_count; i++)
    push(baseline, &effects->messages[i]);
  return effects->message_count;
}

static uint64_t run_until_empty(GsBaseline *baseline) {
  uint64_t sent = 0;
  while (baseline->head) {
    Chunk *chunk = baseline->head;
    /* The last chunk can grow while it is read. */
    for (uint32_t i = 0; i < chunk->used; i++)
      sent += handle(baseline, &chunk->messages[i]);
    baseline->head = chunk->next;
    if (!baseline->head)
      baseline->tail = NULL;
    gs_pool_give(&baseline->pool, chunk, CHUNK_CLASS);
  }
  return sent;
}

double gs_baseline_update(GsBaseline *baseline, int64_t production) {
  const GsNode *first = &baseline->nodes[0];
  GsMessage update = {.from = GS_ENDPOINT_NONE,
                      .to = 0,
                      .slot = GS_SLOT_UNKNOWN,
                      .env = GS_TELL,
                      .type = GS_UPDATE_ENERGY,
                      .has_production = true};
  update.energy.production = production;
  baseline->total += production - first->production;
  double before = gs_clock_s();
  push(baseline, &update);
  uint64_t sent = run_until_empty(baseline);
  double seconds = gs_clock_s() - before;
  uint64_t expected = gs_bench_update_messages(baseline->scenario);
  gs_bench_require(sent == expected,
                   "baseline: %" G_GUINT64_FORMAT " messages, not %" G_GUINT64_FORMAT, sent,
                   expected);
  for (uint32_t i = 0; i < baseline->scenario->node_count; i++) {
    gs_bench_require(baseline->nodes[i].gridnet == baseline->total, "baseline: out of sync");
    gs_bench_require(!baseline->nodes[i].own_waves_out && !baseline->nodes[i].relays_out,
                     "baseline: an open wave");
  }
  return seconds;
}

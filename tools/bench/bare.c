/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/base/clock.h"
#include "tools/bench/bare_queue.h"
#include "tools/bench/bench.h"

/*
 * What one core can do at most: the protocol written by hand for one loop over
 * one queue. Sums without ids, no envelopes, no request ids, nothing measured,
 * all from memory that was there before. It shares no code with core.
 */

typedef enum { FLOOD, ASK, NOTHING, SUM } Kind;

typedef struct {
  uint32_t key; /**< wave + 1; 0: the place is free */
  uint32_t parent;
  uint32_t open; /**< Asks that are not answered yet */
  int32_t due;   /**< whoever answers with nothing asks too: so many Asks are still to come */
  int64_t sum;
} Wave;

typedef struct {
  uint32_t node, slot; /**< a sibling, and the place that this node has among its siblings */
} Sibling;

/** What messages to a sibling take. */
typedef struct {
  int64_t latency_ns;
  int64_t last_due_ns; /**< none that was sent later arrives earlier */
} Way;

typedef struct {
  Sibling *siblings;
  Way *ways; /**< by slot; NULL where all take the same */
  uint32_t sibling_count, wave_count;
  bool flooded;
  int64_t net, gridnet;
  Wave *waves; /**< open addressing, next free place; 2^bits places */
  uint32_t bits;
} Node;

struct GsBare {
  const GsScenario *scenario;
  Node *nodes;
  bool timed; /**< each message takes its own time */
  GsBareRing ring;
  GsBareHeap heap;
  int64_t now_ns;
  double jitter_ns; /**< the mean of the exponential jitter; 0: there is none */
  uint64_t random;
};

/** Exponential, from xorshift64*. */
static int64_t draw_jitter_ns(GsBare *bare) {
  bare->random ^= bare->random >> 12;
  bare->random ^= bare->random << 25;
  bare->random ^= bare->random >> 27;
  double unit = (double)((bare->random * UINT64_C(0x2545F4914F6CDD1D) >> 11) + 1) * 0x1p-53;
  return (int64_t)(-log(unit) * bare->jitter_ns);
}

/** Apart, so that it costs uniform networks nothing. */
G_NO_INLINE static void push_timed(GsBare *bare, const Node *node, uint32_t slot,
                                   GsBareMessage message) {
  Way *way = &node->ways[slot];
  int64_t due_ns =
      bare->now_ns + way->latency_ns + (bare->jitter_ns > 0 ? draw_jitter_ns(bare) : 0);
  way->last_due_ns = MAX(due_ns, way->last_due_ns);
  gs_bare_heap_push(&bare->heap, way->last_due_ns, &message);
}

static uint32_t place_of(const Node *node, uint32_t key) {
  return (key * 0x9E3779B1u) >> (32 - node->bits);
}

/** The wave's place, or the free one where it belongs. */
static Wave *find(const Node *node, uint32_t key) {
  uint32_t mask = (1u << node->bits) - 1, at = place_of(node, key);
  while (node->waves[at].key && node->waves[at].key != key)
    at = (at + 1) & mask;
  return &node->waves[at];
}

static void make_room(Node *node) {
  if (2 * (node->wave_count + 1) <= 1u << node->bits)
    return;
  Wave *old = node->waves;
  uint32_t places = 1u << node->bits++;
  node->waves = g_new0(Wave, 2 * places);
  for (uint32_t i = 0; i < places; i++) {
    if (old[i].key)
      *find(node, old[i].key) = old[i];
  }
  g_free(old);
}

/** Moves up what could no longer be found across the gap. */
static void take_out(Node *node, Wave *wave) {
  uint32_t mask = (1u << node->bits) - 1, gap = (uint32_t)(wave - node->waves);
  for (uint32_t at = (gap + 1) & mask; node->waves[at].key; at = (at + 1) & mask) {
    uint32_t home = place_of(node, node->waves[at].key);
    if (((at - home) & mask) < ((at - gap) & mask))
      continue;
    node->waves[gap] = node->waves[at];
    gap = at;
  }
  node->waves[gap].key = 0;
  node->wave_count--;
}

static inline void send(GsBare *bare, const Node *node, uint32_t slot, Kind kind, uint32_t wave,
                        int64_t sum) {
  Sibling to = node->siblings[slot];
  GsBareMessage message = {.to = to.node, .wave = wave, .slot = to.slot, .kind = kind, .sum = sum};
  if (G_UNLIKELY(bare->timed))
    push_timed(bare, node, slot, message);
  else
    gs_bare_ring_push(&bare->ring, &message);
}

static void send_all(GsBare *bare, const Node *node, uint32_t except, Kind kind, uint32_t wave) {
  for (uint32_t slot = 0; slot < node->sibling_count; slot++) {
    if (slot != except)
      send(bare, node, slot, kind, wave, 0);
  }
}

/** After the last answer, or where nobody was asked. */
static void settle(GsBare *bare, Node *node, Wave *wave, uint32_t id) {
  if (wave->open)
    return;
  if (wave->parent == GS_SLOT_UNKNOWN)
    node->gridnet = wave->sum;
  else
    send(bare, node, wave->parent, SUM, id, wave->sum);
}

/** Once no Ask of it is to come either. */
static void forget(Node *node, Wave *wave) {
  if (!wave->open && !wave->due)
    take_out(node, wave);
}

static void join(GsBare *bare, Node *node, uint32_t id, uint32_t parent) {
  make_room(node);
  Wave *wave = find(node, id + 1);
  uint32_t open = node->sibling_count - (parent != GS_SLOT_UNKNOWN);
  *wave = (Wave){.key = id + 1, .parent = parent, .open = open, .sum = node->net};
  node->wave_count++;
  send_all(bare, node, parent, ASK, id);
  settle(bare, node, wave, id);
  forget(node, wave);
}

static void flood(GsBare *bare, Node *node, uint32_t id, uint32_t from) {
  if (node->flooded)
    return;
  node->flooded = true;
  send_all(bare, node, from, FLOOD, 0);
  join(bare, node, id, GS_SLOT_UNKNOWN);
}

static void handle(GsBare *bare, const GsBareMessage *message) {
  Node *node = &bare->nodes[message->to];
  if (message->kind == FLOOD) {
    flood(bare, node, message->to, message->slot);
    return;
  }
  Wave *wave = find(node, message->wave + 1);
  if (message->kind == ASK && !wave->key) {
    join(bare, node, message->wave, message->slot);
    return;
  }
  if (message->kind == ASK) {
    wave->due--;
    send(bare, node, message->slot, NOTHING, message->wave, 0);
  } else {
    wave->due += message->kind == NOTHING;
    wave->sum += message->sum;
    wave->open--;
    settle(bare, node, wave, message->wave);
  }
  forget(node, wave);
}

/** The same both ways, as gridsim draws it. */
static int64_t link_latency_ns(const GsScenario *scenario, uint32_t link) {
  GsDraw at = {.seed = scenario->seed,
               .purpose = GS_PURPOSE_LATENCY,
               .who = (uint64_t)scenario->links[link].a << 32 | scenario->links[link].b};
  return gs_distribution_draw(&scenario->latency, at, 0, GS_TIME_MAX_NS);
}

GsBare *gs_bare_new(const GsScenario *scenario) {
  GsBare *bare = g_new0(GsBare, 1);
  bare->scenario = scenario;
  bare->nodes = g_new0(Node, scenario->node_count);
  bare->timed = scenario->latency.kind != GS_DISTRIBUTION_CONSTANT || scenario->jitter.a > 0;
  bare->jitter_ns = scenario->jitter.a;
  gs_bench_require(!bare->timed || scenario->jitter.kind == GS_DISTRIBUTION_EXPONENTIAL ||
                       scenario->jitter.a <= 0,
                   "bare: only exponential jitter");
  bare->random = 1;
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    bare->nodes[scenario->links[i].a].sibling_count++;
    bare->nodes[scenario->links[i].b].sibling_count++;
  }
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    Node *node = &bare->nodes[i];
    node->siblings = g_new(Sibling, node->sibling_count);
    node->ways = bare->timed ? g_new(Way, node->sibling_count) : NULL;
    node->sibling_count = 0;
    node->net = scenario->nodes[i].production - scenario->nodes[i].consumption;
    node->bits = 3;
    node->waves = g_new0(Wave, 1u << node->bits);
  }
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    uint32_t a = scenario->links[i].a, b = scenario->links[i].b;
    Node *node_a = &bare->nodes[a], *node_b = &bare->nodes[b];
    if (bare->timed)
      node_a->ways[node_a->sibling_count] = node_b->ways[node_b->sibling_count] =
          (Way){.latency_ns = link_latency_ns(scenario, i)};
    node_a->siblings[node_a->sibling_count] = (Sibling){b, node_b->sibling_count};
    node_b->siblings[node_b->sibling_count++] = (Sibling){a, node_a->sibling_count++};
  }
  return bare;
}

void gs_bare_free(GsBare *bare) {
  for (uint32_t i = 0; i < bare->scenario->node_count; i++) {
    g_free(bare->nodes[i].siblings);
    g_free(bare->nodes[i].ways);
    g_free(bare->nodes[i].waves);
  }
  g_free(bare->nodes);
  g_free(bare->ring.messages);
  g_free(bare->heap.events);
  g_free(bare);
}

double gs_bare_update(GsBare *bare, int64_t production) {
  uint32_t count = bare->scenario->node_count;
  bare->nodes[0].net = production - bare->scenario->nodes[0].consumption;
  int64_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    bare->nodes[i].flooded = false;
    total += bare->nodes[i].net;
  }
  uint64_t handled = 0;
  double before = gs_clock_s();
  flood(bare, &bare->nodes[0], 0, GS_SLOT_UNKNOWN);
  for (; bare->ring.head != bare->ring.tail; handled++) {
    GsBareMessage message = gs_bare_ring_pop(&bare->ring);
    handle(bare, &message);
  }
  for (; bare->heap.count; handled++) {
    GsBareEvent event = gs_bare_heap_pop(&bare->heap);
    bare->now_ns = event.due_ns;
    handle(bare, &event.message);
  }
  double seconds = gs_clock_s() - before;
  uint64_t expected = gs_bench_update_messages(bare->scenario);
  gs_bench_require(handled == expected,
                   "bare: %" G_GUINT64_FORMAT " messages, not %" G_GUINT64_FORMAT, handled,
                   expected);
  for (uint32_t i = 0; i < count; i++)
    gs_bench_require(bare->nodes[i].gridnet == total && !bare->nodes[i].wave_count,
                     "bare: out of sync");
  return seconds;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/clock.h"
#include "tools/bench/bench.h"

/*
 * What one core can do at most: the protocol written by hand for one loop over
 * one queue. Sums without ids, no envelopes, no request ids, nothing measured,
 * all from memory that was there before. It shares no code with core.
 */

typedef enum { FLOOD, ASK, NOTHING, SUM } Kind;

typedef struct {
  uint32_t to, wave; /**< nodes from 0 */
  uint32_t slot;     /**< of the sender among the receiver's siblings */
  uint32_t kind;     /**< Kind */
  int64_t sum;
} Message;

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

typedef struct {
  Sibling *siblings;
  uint32_t sibling_count, wave_count;
  bool flooded;
  int64_t net, gridnet;
  Wave *waves; /**< open addressing, next free place; 2^bits places */
  uint32_t bits;
} Node;

struct GsFifo {
  const GsScenario *scenario;
  Node *nodes;
  Message *queue; /**< a ring of `room` places, a power of two */
  uint64_t room, head, tail;
};

static void push(GsFifo *fifo, Message message) {
  if (fifo->tail - fifo->head == fifo->room) {
    Message *wider = g_new(Message, 2 * fifo->room);
    for (uint64_t i = 0; i < fifo->room; i++)
      wider[i] = fifo->queue[(fifo->head + i) & (fifo->room - 1)];
    g_free(fifo->queue);
    fifo->queue = wider;
    fifo->head = 0;
    fifo->tail = fifo->room;
    fifo->room *= 2;
  }
  fifo->queue[fifo->tail++ & (fifo->room - 1)] = message;
}

static uint32_t place_of(const Node *node, uint32_t key) {
  return (key * 0x9E3779B1u) >> (32 - node->bits);
}

/* The wave's place, or the free one where it belongs. */
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

/* Moves up what could no longer be found across the gap. */
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

static void send_all(GsFifo *fifo, const Node *node, uint32_t except, Kind kind, uint32_t wave) {
  for (uint32_t slot = 0; slot < node->sibling_count; slot++) {
    Sibling to = node->siblings[slot];
    if (slot != except)
      push(fifo, (Message){.to = to.node, .wave = wave, .slot = to.slot, .kind = kind});
  }
}

static void answer(GsFifo *fifo, const Node *node, uint32_t slot, uint32_t wave, Kind kind,
                   int64_t sum) {
  Sibling to = node->siblings[slot];
  push(fifo,
       (Message){.to = to.node, .wave = wave, .slot = to.slot, .kind = (uint32_t)kind, .sum = sum});
}

/* After the last answer, or where nobody was asked. */
static void settle(GsFifo *fifo, Node *node, Wave *wave, uint32_t id) {
  if (wave->open)
    return;
  if (wave->parent == GS_SLOT_UNKNOWN)
    node->gridnet = wave->sum;
  else
    answer(fifo, node, wave->parent, id, SUM, wave->sum);
}

/* Once no Ask of it is to come either. */
static void forget(Node *node, Wave *wave) {
  if (!wave->open && !wave->due)
    take_out(node, wave);
}

static void join(GsFifo *fifo, Node *node, uint32_t id, uint32_t parent) {
  make_room(node);
  Wave *wave = find(node, id + 1);
  uint32_t open = node->sibling_count - (parent != GS_SLOT_UNKNOWN);
  *wave = (Wave){.key = id + 1, .parent = parent, .open = open, .sum = node->net};
  node->wave_count++;
  send_all(fifo, node, parent, ASK, id);
  settle(fifo, node, wave, id);
  forget(node, wave);
}

static void flood(GsFifo *fifo, Node *node, uint32_t id, uint32_t from) {
  if (node->flooded)
    return;
  node->flooded = true;
  send_all(fifo, node, from, FLOOD, 0);
  join(fifo, node, id, GS_SLOT_UNKNOWN);
}

static void handle(GsFifo *fifo, const Message *message) {
  Node *node = &fifo->nodes[message->to];
  if (message->kind == FLOOD) {
    flood(fifo, node, message->to, message->slot);
    return;
  }
  Wave *wave = find(node, message->wave + 1);
  if (message->kind == ASK && !wave->key) {
    join(fifo, node, message->wave, message->slot);
    return;
  }
  if (message->kind == ASK) {
    wave->due--;
    answer(fifo, node, message->slot, message->wave, NOTHING, 0);
  } else {
    wave->due += message->kind == NOTHING;
    wave->sum += message->sum;
    wave->open--;
    settle(fifo, node, wave, message->wave);
  }
  forget(node, wave);
}

GsFifo *gs_fifo_new(const GsScenario *scenario) {
  GsFifo *fifo = g_new0(GsFifo, 1);
  fifo->scenario = scenario;
  fifo->nodes = g_new0(Node, scenario->node_count);
  fifo->room = 1024;
  fifo->queue = g_new(Message, fifo->room);
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    fifo->nodes[scenario->links[i].a].sibling_count++;
    fifo->nodes[scenario->links[i].b].sibling_count++;
  }
  for (uint32_t i = 0; i < scenario->node_count; i++) {
    Node *node = &fifo->nodes[i];
    node->siblings = g_new(Sibling, node->sibling_count);
    node->sibling_count = 0;
    node->net = scenario->nodes[i].production - scenario->nodes[i].consumption;
    node->bits = 3;
    node->waves = g_new0(Wave, 1u << node->bits);
  }
  for (uint32_t i = 0; i < scenario->link_count; i++) {
    uint32_t a = scenario->links[i].a, b = scenario->links[i].b;
    Node *node_a = &fifo->nodes[a], *node_b = &fifo->nodes[b];
    node_a->siblings[node_a->sibling_count] = (Sibling){b, node_b->sibling_count};
    node_b->siblings[node_b->sibling_count++] = (Sibling){a, node_a->sibling_count++};
  }
  return fifo;
}

void gs_fifo_free(GsFifo *fifo) {
  for (uint32_t i = 0; i < fifo->scenario->node_count; i++) {
    g_free(fifo->nodes[i].siblings);
    g_free(fifo->nodes[i].waves);
  }
  g_free(fifo->nodes);
  g_free(fifo->queue);
  g_free(fifo);
}

double gs_fifo_update(GsFifo *fifo, int64_t production) {
  uint32_t count = fifo->scenario->node_count;
  fifo->nodes[0].net = production - fifo->scenario->nodes[0].consumption;
  int64_t total = 0;
  for (uint32_t i = 0; i < count; i++) {
    fifo->nodes[i].flooded = false;
    total += fifo->nodes[i].net;
  }
  uint64_t handled = 0;
  double before = gs_clock_s();
  flood(fifo, &fifo->nodes[0], 0, GS_SLOT_UNKNOWN);
  for (; fifo->head != fifo->tail; handled++) {
    Message message = fifo->queue[fifo->head++ & (fifo->room - 1)];
    handle(fifo, &message);
  }
  double seconds = gs_clock_s() - before;
  uint64_t expected = gs_bench_update_messages(fifo->scenario);
  gs_bench_require(handled == expected,
                   "loop: %" G_GUINT64_FORMAT " messages, not %" G_GUINT64_FORMAT, handled,
                   expected);
  for (uint32_t i = 0; i < count; i++)
    gs_bench_require(fifo->nodes[i].gridnet == total && !fifo->nodes[i].wave_count,
                     "loop: out of sync");
  return seconds;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/recovery_support.h"

#include <criterion/criterion.h>

#include "core/limits.h"

typedef struct {
  int64_t due_ns;
  uint64_t order;
  GsMessage message;
} Flight;

void gs_trouble_init(GsTrouble *trouble, uint32_t count, uint64_t seed, bool may_answer_twice) {
  *trouble = (GsTrouble){.count = count,
                         .seed = seed,
                         .chance = seed * 2654435761u + 1,
                         .rules = {.resync_ns = 60 * GS_TEST_S},
                         .latency_ns = 10 * GS_TEST_MS,
                         .fifo = true};
  trouble->under_way = g_array_new(FALSE, FALSE, sizeof(Flight));
  gs_pool_init(&trouble->pool, NULL);
  gs_effects_init(&trouble->effects, &trouble->pool);
  for (uint32_t i = 0; i < count; i++) {
    GsNodeConfig config = {.id = 10 + i,
                           .name = "n",
                           .endpoint = i,
                           .id_space = 10 + i,
                           .may_answer_twice = may_answer_twice,
                           .recovery = &trouble->rules};
    gs_node_init(&trouble->nodes[i], &config);
    gs_node_set_start(&trouble->nodes[i], INT64_C(1) << 4 * i, 0, INT64_C(1) << 4 * i);
  }
}

void gs_trouble_clear(GsTrouble *trouble) {
  for (uint32_t i = 0; i < trouble->count; i++)
    gs_node_clear(&trouble->nodes[i], &trouble->pool);
  gs_effects_clear(&trouble->effects);
  gs_pool_clear(&trouble->pool);
  g_array_unref(trouble->under_way);
}

void gs_trouble_link(GsTrouble *trouble, uint32_t a, uint32_t b) {
  gs_node_add_start_sibling(&trouble->nodes[a], &(GsContact){10 + b, "n", b}, GS_SLOT_UNKNOWN);
  gs_node_add_start_sibling(&trouble->nodes[b], &(GsContact){10 + a, "n", a}, GS_SLOT_UNKNOWN);
  trouble->linked[a][b] = trouble->linked[b][a] = true;
}

void gs_trouble_start(GsTrouble *trouble) {
  for (uint32_t i = 0; i < trouble->count; i++)
    gs_node_start_recovery(&trouble->nodes[i], 0);
}

static void give_back(GsTrouble *trouble, GsMessage *message) {
  if (message->type == GS_UPDATE_NET && message->env == GS_RESPONSE)
    gs_pool_give_nets(&trouble->pool, g_steal_pointer(&message->nets));
}

/** Digits of the sum tell how often each was counted: 0, 1 or 4 is right. */
static void check_sum(const GsTrouble *trouble, uint32_t node, int64_t sum) {
  for (uint32_t i = 0; i < trouble->count; i++) {
    int64_t digit = sum >> 4 * i & 15;
    cr_assert(digit == 0 || digit == 1 || digit == 4,
              "seed %" G_GUINT64_FORMAT ": node %u counts node %u twice: %" G_GINT64_MODIFIER "x",
              trouble->seed, node, i, sum);
  }
}

static void take_note(GsTrouble *trouble, uint32_t node, const GsNote *note) {
  trouble->suspected += note->kind == GS_NOTE_SUSPECTED;
  trouble->trusted += note->kind == GS_NOTE_TRUSTED;
  trouble->limits += note->kind == GS_NOTE_WAVE_LIMIT;
  trouble->undelivered += note->kind == GS_NOTE_UNDELIVERED;
  trouble->given_up += note->kind == GS_NOTE_DROPPED && note->value == GS_DROP_GIVEN_UP;
  if (note->kind == GS_NOTE_WAVE_DONE)
    check_sum(trouble, node, note->value);
}

typedef struct {
  GsTrouble *trouble;
  GsNets *tree;
} Copy;

static bool copy_piece(int64_t id, int64_t net, void *data) {
  Copy *copy = data;
  GsNets *piece = gs_pool_take_nets(&copy->trouble->pool);
  gs_nets_init(piece, id, net);
  if (copy->tree)
    gs_nets_add(copy->tree, piece);
  else
    copy->tree = piece;
  return true;
}

static GsNets *copied(GsTrouble *trouble, GsNets *nets) {
  Copy copy = {trouble, NULL};
  if (!nets)
    return NULL;
  gs_nets_foreach(nets, copy_piece, &copy);
  copy.tree->may_repeat = nets->may_repeat;
  return copy.tree;
}

static bool by_chance(GsTrouble *trouble, uint32_t percent) {
  return percent && gs_test_random(&trouble->chance, 100) < percent;
}

static void put_under_way(GsTrouble *trouble, GsMessage message) {
  Flight flight = {.message = message, .order = trouble->order++};
  flight.due_ns = trouble->now_ns + trouble->latency_ns;
  if (trouble->jitter_ns)
    flight.due_ns += (int64_t)gs_test_random(&trouble->chance, (uint64_t)trouble->jitter_ns);
  int64_t *last = &trouble->last_due_ns[message.from][message.to];
  if (trouble->fifo)
    flight.due_ns = MAX(flight.due_ns, *last);
  *last = MAX(*last, flight.due_ns);
  g_array_append_val(trouble->under_way, flight);
}

static bool is_lost(GsTrouble *trouble, const GsMessage *message) {
  return trouble->is_cut[message->from][message->to] || trouble->is_down[message->to];
}

static void send(GsTrouble *trouble, GsMessage message) {
  trouble->sent++;
  trouble->on_their_own += message.cause == GS_CAUSE_RECOVERY;
  message.slot = GS_SLOT_UNKNOWN; /* the union holds this node's own slot */
  message.next = NULL;
  bool is_named = trouble->sent == trouble->lose_number;
  if (is_named || is_lost(trouble, &message) || by_chance(trouble, trouble->loss_percent)) {
    give_back(trouble, &message);
    return;
  }
  if (trouble->sent == trouble->double_number || by_chance(trouble, trouble->twice_percent)) {
    GsMessage twin = message;
    if (message.type == GS_UPDATE_NET && message.env == GS_RESPONSE)
      twin.nets = copied(trouble, message.nets);
    put_under_way(trouble, twin);
  }
  put_under_way(trouble, message);
}

static void take_effects(GsTrouble *trouble, uint32_t node) {
  for (uint32_t i = 0; i < trouble->effects.note_count; i++)
    take_note(trouble, node, &trouble->effects.notes[i]);
  for (uint32_t i = 0; i < trouble->effects.message_count; i++)
    send(trouble, trouble->effects.messages[i]);
}

static GsEffects *begin(GsTrouble *trouble) {
  gs_effects_reset(&trouble->effects);
  trouble->effects.now_ns = trouble->now_ns;
  return &trouble->effects;
}

static void handle(GsTrouble *trouble, GsMessage message) {
  cr_assert(gs_node_step(&trouble->nodes[message.to], &message, begin(trouble), NULL));
  take_effects(trouble, message.to);
}

static GsMessage told(GsMessageType type, uint32_t to) {
  GsMessage message = gs_msg(0, GS_TELL, type);
  message.to = to;
  return message;
}

void gs_trouble_update(GsTrouble *trouble, uint32_t node, bool fourfold) {
  if (trouble->is_down[node])
    return;
  GsMessage update = told(GS_UPDATE_ENERGY, node);
  update.has_production = true;
  update.energy.production = (fourfold ? INT64_C(4) : INT64_C(1)) << 4 * node;
  handle(trouble, update);
}

void gs_trouble_ask_net(GsTrouble *trouble, uint32_t node) {
  handle(trouble, told(GS_UPDATE_NET, node));
}

void gs_trouble_sync(GsTrouble *trouble, uint32_t node) {
  if (!trouble->is_down[node])
    handle(trouble, told(GS_SYNC_GRID, node));
}

void gs_trouble_add(GsTrouble *trouble, uint32_t node, uint32_t other) {
  trouble->linked[node][other] = trouble->linked[other][node] = true;
  GsMessage add = told(GS_ADD_SIBLING, node);
  add.to_add = other;
  add.sibling.id = 10 + other;
  add.sibling.name = "n";
  handle(trouble, add);
}

void gs_trouble_crash(GsTrouble *trouble, uint32_t node) {
  if (trouble->is_down[node])
    return;
  trouble->is_down[node] = true;
  gs_node_crash(&trouble->nodes[node], &trouble->pool);
  cr_assert_eq(gs_node_wake_ns(&trouble->nodes[node]), INT64_MAX);
}

void gs_trouble_restart(GsTrouble *trouble, uint32_t node, GsKeeps keeps) {
  if (!trouble->is_down[node])
    return;
  trouble->is_down[node] = false;
  gs_node_start_again(&trouble->nodes[node], keeps, 10 + node + 1000 * ++trouble->restarts, 1,
                      begin(trouble));
  take_effects(trouble, node);
  if (keeps == GS_KEEPS_NOTHING)
    gs_trouble_update(trouble, node, false);
}

void gs_trouble_cut(GsTrouble *trouble, uint32_t from, uint32_t to, bool is_cut) {
  trouble->is_cut[from][to] = is_cut;
}

void gs_trouble_cut_both(GsTrouble *trouble, uint32_t a, uint32_t b, bool is_cut) {
  trouble->is_cut[a][b] = trouble->is_cut[b][a] = is_cut;
}

static Flight *flight_at(const GsTrouble *trouble, guint index) {
  return &g_array_index(trouble->under_way, Flight, index);
}

/** Place of the one that comes first; they are few. */
static guint first_flight(const GsTrouble *trouble) {
  guint first = 0;
  for (guint i = 1; i < trouble->under_way->len; i++) {
    const Flight *a = flight_at(trouble, i), *b = flight_at(trouble, first);
    if (a->due_ns < b->due_ns || (a->due_ns == b->due_ns && a->order < b->order))
      first = i;
  }
  return first;
}

static uint32_t first_to_wake(const GsTrouble *trouble) {
  uint32_t first = 0;
  for (uint32_t i = 1; i < trouble->count; i++)
    if (gs_node_wake_ns(&trouble->nodes[i]) < gs_node_wake_ns(&trouble->nodes[first]))
      first = i;
  return first;
}

static void deliver(GsTrouble *trouble, guint index) {
  Flight flight = *flight_at(trouble, index);
  g_array_remove_index_fast(trouble->under_way, index);
  trouble->now_ns = MAX(trouble->now_ns, flight.due_ns);
  if (is_lost(trouble, &flight.message))
    give_back(trouble, &flight.message);
  else
    handle(trouble, flight.message);
}

static void wake(GsTrouble *trouble, uint32_t node) {
  trouble->now_ns = MAX(trouble->now_ns, gs_node_wake_ns(&trouble->nodes[node]));
  gs_node_wake(&trouble->nodes[node], begin(trouble));
  take_effects(trouble, node);
  cr_assert_gt(gs_node_wake_ns(&trouble->nodes[node]), trouble->now_ns);
}

void gs_trouble_run_for(GsTrouble *trouble, int64_t ns) {
  int64_t end_ns = trouble->now_ns + ns;
  for (;;) {
    guint flight = first_flight(trouble);
    uint32_t node = first_to_wake(trouble);
    int64_t due = trouble->under_way->len ? flight_at(trouble, flight)->due_ns : INT64_MAX;
    int64_t wakes = gs_node_wake_ns(&trouble->nodes[node]);
    if (MIN(due, wakes) > end_ns)
      break;
    if (due <= wakes)
      deliver(trouble, flight);
    else
      wake(trouble, node);
  }
  trouble->now_ns = end_ns;
}

void gs_trouble_rest(GsTrouble *trouble, int64_t most_ns) {
  int64_t end_ns = trouble->now_ns + most_ns;
  for (;;) {
    bool waits = trouble->under_way->len;
    for (uint32_t i = 0; i < trouble->count; i++)
      waits |= gs_node_is_waiting(&trouble->nodes[i]);
    if (!waits)
      return;
    cr_assert_lt(trouble->now_ns, end_ns, "seed %" G_GUINT64_FORMAT ": does not come to rest",
                 trouble->seed);
    gs_trouble_run_for(trouble, GS_TEST_MS);
  }
}

static guint find(GsTrouble *trouble, uint32_t from, uint32_t to, GsEnvelopeType env,
                  GsMessageType type) {
  for (guint i = 0; i < trouble->under_way->len; i++) {
    const GsMessage *message = &flight_at(trouble, i)->message;
    if (message->from == from && message->to == to && message->env == env && message->type == type)
      return i;
  }
  return G_MAXUINT;
}

GsMessage *gs_trouble_find(GsTrouble *trouble, uint32_t from, uint32_t to, GsEnvelopeType env,
                           GsMessageType type) {
  guint index = find(trouble, from, to, env, type);
  return index == G_MAXUINT ? NULL : &flight_at(trouble, index)->message;
}

void gs_trouble_lose(GsTrouble *trouble, uint32_t from, uint32_t to, GsEnvelopeType env,
                     GsMessageType type) {
  guint index = find(trouble, from, to, env, type);
  cr_assert_neq(index, G_MAXUINT, "no such message is under way");
  give_back(trouble, &flight_at(trouble, index)->message);
  g_array_remove_index(trouble->under_way, index);
}

void gs_trouble_expect(const GsTrouble *trouble, uint32_t node, const char *members) {
  int64_t sum = 0;
  for (; *members; members++)
    sum += gs_node_net(&trouble->nodes[*members - '0']);
  cr_assert_eq(trouble->nodes[node].gridnet, sum,
               "seed %" G_GUINT64_FORMAT ": node %u takes %" G_GINT64_MODIFIER
               "x for the sum, which is %" G_GINT64_MODIFIER "x",
               trouble->seed, node, trouble->nodes[node].gridnet, sum);
}

static bool joins(const GsTrouble *trouble, uint32_t a, uint32_t b) {
  return trouble->linked[a][b] && !trouble->is_cut[a][b] && !trouble->is_cut[b][a] &&
         !trouble->is_down[a] && !trouble->is_down[b];
}

/** Those that a node can reach, as gs_trouble_expect has them. */
static void list_island(const GsTrouble *trouble, uint32_t node, char *members) {
  bool is_in[GS_TROUBLE_NODES_MAX] = {0};
  is_in[node] = true;
  for (uint32_t round = 0; round < trouble->count; round++)
    for (uint32_t a = 0; a < trouble->count; a++)
      for (uint32_t b = 0; b < trouble->count; b++)
        is_in[b] |= is_in[a] && joins(trouble, a, b);
  for (uint32_t i = 0; i < trouble->count; i++)
    if (is_in[i])
      *members++ = (char)('0' + i);
  *members = '\0';
}

void gs_trouble_expect_all_well(const GsTrouble *trouble) {
  for (uint32_t i = 0; i < trouble->count; i++) {
    const GsNode *node = &trouble->nodes[i];
    char members[GS_TROUBLE_NODES_MAX + 1];
    if (trouble->is_down[i])
      continue;
    list_island(trouble, i, members);
    gs_trouble_expect(trouble, i, members);
    cr_assert_eq(gs_node_open_waves(node), 0, "seed %" G_GUINT64_FORMAT ": node %u has open waves",
                 trouble->seed, i);
    cr_assert_not(gs_node_is_waiting(node), "seed %" G_GUINT64_FORMAT ": node %u waits",
                  trouble->seed, i);
    cr_assert_leq(node->closed_waves, GS_REMEMBERED_WAVES_MAX);
    for (uint32_t j = 0; j < trouble->count; j++)
      cr_assert_eq(gs_node_find_endpoint(node, j) != GS_SLOT_UNKNOWN, trouble->linked[i][j],
                   "seed %" G_GUINT64_FORMAT ": node %u and its sibling %u", trouble->seed, i, j);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/flights.h"

#define NONE UINT32_MAX
#define QUEUES_FIRST 64u
#define ROOM_FIRST 64u

/** Of one direction of a link; both NONE: nothing is under way. */
typedef struct {
  uint64_t link; /**< from and to; 0: no queue, since nobody speaks to himself */
  uint32_t first, last;
} Queue;

struct GsFlights {
  Queue *queues; /**< by hash, the next free place after it */
  uint32_t queue_room, queue_count;
  GsFlight *all; /**< under way, or free */
  uint32_t room, count;
  uint32_t free; /**< first of those that were used and are not */
};

static uint64_t link_of(const GsMessage *message) {
  return (uint64_t)message->from << 32 | message->to;
}

static Queue *place_of(const GsFlights *flights, uint64_t link) {
  uint32_t mask = flights->queue_room - 1;
  uint32_t place = (uint32_t)(link * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
  while (flights->queues[place].link && flights->queues[place].link != link)
    place = (place + 1) & mask;
  return &flights->queues[place];
}

static void make_queues(GsFlights *flights, uint32_t room) {
  Queue *before = flights->queues;
  uint32_t room_before = flights->queue_room;
  flights->queues = g_new0(Queue, room);
  flights->queue_room = room;
  for (uint32_t i = 0; i < room_before; i++)
    if (before[i].link)
      *place_of(flights, before[i].link) = before[i];
  g_free(before);
}

GsFlights *gs_flights_new(void) {
  GsFlights *flights = g_new0(GsFlights, 1);
  flights->free = NONE;
  make_queues(flights, QUEUES_FIRST);
  return flights;
}

void gs_flights_free(GsFlights *flights) {
  if (!flights)
    return;
  g_free(flights->queues);
  g_free(flights->all);
  g_free(flights);
}

static uint32_t new_flight(GsFlights *flights) {
  uint32_t index = flights->free;
  if (index != NONE) {
    flights->free = flights->all[index].next;
    return index;
  }
  if (flights->count == flights->room) {
    flights->room = flights->room ? 2 * flights->room : ROOM_FIRST;
    flights->all = g_renew(GsFlight, flights->all, flights->room);
  }
  return flights->count++;
}

/** A Tell has no number of its own: what stands there is not carried along. */
static GsFlight flight_of(const GsMessage *message) {
  return (GsFlight){.from = message->from,
                    .to = message->to,
                    .kind = gs_message_kind(message),
                    .next = NONE,
                    .master = message->master,
                    .req = message->env == GS_TELL ? 0 : message->req};
}

/** Behind all that arrive no later. */
static void put_in_order(GsFlights *flights, Queue *queue, uint32_t index) {
  GsFlight *all = flights->all, *flight = &all[index];
  if (queue->first == NONE) {
    queue->first = queue->last = index;
  } else if (all[queue->last].due_ns <= flight->due_ns) {
    all[queue->last].next = index;
    queue->last = index;
  } else {
    uint32_t *at = &queue->first;
    while (all[*at].due_ns <= flight->due_ns)
      at = &all[*at].next;
    flight->next = *at;
    *at = index;
  }
}

void gs_flights_put(GsFlights *flights, const GsMessage *message, int64_t due_ns, uint64_t id) {
  uint64_t link = link_of(message);
  Queue *queue = place_of(flights, link);
  if (!queue->link) {
    if (2 * ++flights->queue_count > flights->queue_room) {
      make_queues(flights, 2 * flights->queue_room);
      queue = place_of(flights, link);
    }
    *queue = (Queue){link, NONE, NONE};
  }
  uint32_t index = new_flight(flights);
  GsFlight flight = flight_of(message);
  flight.id = id;
  flight.due_ns = due_ns;
  flights->all[index] = flight;
  put_in_order(flights, queue, index);
}

uint64_t gs_flights_take(GsFlights *flights, const GsMessage *message) {
  Queue *queue = place_of(flights, link_of(message));
  GsFlight like = flight_of(message), *all = flights->all;
  g_assert(queue->link);
  uint32_t before = NONE, index = queue->first;
  while (index != NONE && !(all[index].kind == like.kind && all[index].req == like.req &&
                            gs_master_id_equal(all[index].master, like.master))) {
    before = index;
    index = all[index].next;
  }
  g_assert(index != NONE);
  if (before == NONE)
    queue->first = all[index].next;
  else
    all[before].next = all[index].next;
  if (queue->last == index)
    queue->last = before;
  all[index].next = flights->free;
  flights->free = index;
  return all[index].id;
}

static gint compare_ids(gconstpointer a, gconstpointer b) {
  const GsFlight *x = a, *y = b;
  return (x->id > y->id) - (x->id < y->id);
}

GArray *gs_flights_left(const GsFlights *flights) {
  GArray *left = g_array_new(FALSE, FALSE, sizeof(GsFlight));
  for (uint32_t i = 0; i < flights->queue_room; i++) {
    if (!flights->queues[i].link)
      continue;
    for (uint32_t at = flights->queues[i].first; at != NONE; at = flights->all[at].next)
      g_array_append_val(left, flights->all[at]);
  }
  g_array_sort(left, compare_ids);
  return left;
}

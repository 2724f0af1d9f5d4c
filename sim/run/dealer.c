/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/dealer.h"

#include "sim/run/simulation.h"

void gs_dealer_init(GsDealer *dealer) {
  *dealer = (GsDealer){.left_ns = INT64_MAX};
}

void gs_dealer_clear(GsDealer *dealer) {
  g_free(dealer->dealt);
  g_free(dealer->waiting);
  g_free(dealer->scratch);
  g_free(dealer->places);
  gs_event_heap_clear(&dealer->soon);
  gs_dealer_init(dealer);
}

#define MAKE_ROOM(array, room, count)                                                              \
  do {                                                                                             \
    if ((room) < (count)) {                                                                        \
      (room) = MAX((count), 2 * (room));                                                           \
      g_free(array);                                                                               \
      (array) = g_malloc((room) * sizeof *(array));                                                \
    }                                                                                              \
  } while (0)

static bool is_by_heap(const GsSimulation *sim) {
  return sim->network.lookahead_ns < sim->wheel_time.width_ns;
}

static int64_t bucket_begin_ns(const GsSimulation *sim) {
  return sim->wheel_time.bucket * sim->wheel_time.width_ns;
}

/** Before the bucket does. */
static bool window_ends_early(const GsSimulation *sim) {
  return sim->window_end_ns - bucket_begin_ns(sim) < sim->wheel_time.width_ns;
}

/* ---- Dealing: count, make room for each, put in ---- */

static inline void count_one(GsLane *lane, GsEndpoint to) {
  GsDealer *dealer = &lane->dealer;
  GsStretch *stretch = &lane->sim->inboxes[to].stretch;
  if (!stretch->end++) {
    if (G_UNLIKELY(dealer->waiting_count == dealer->waiting_room)) {
      dealer->waiting_room = MAX(64, 2 * dealer->waiting_room);
      dealer->waiting = g_renew(uint32_t, dealer->waiting, dealer->waiting_room);
    }
    dealer->waiting[dealer->waiting_count++] = to;
  }
}

static void make_stretches(GsLane *lane, bool is_sorted) {
  GsDealer *dealer = &lane->dealer;
  uint32_t begin = 0;
  for (uint32_t i = 0; i < dealer->waiting_count; i++) {
    GsStretch *stretch = &lane->sim->inboxes[dealer->waiting[i]].stretch;
    uint32_t count = stretch->end;
    *stretch = (GsStretch){.next = begin, .end = begin, .is_sorted = is_sorted};
    begin += count;
  }
  MAKE_ROOM(dealer->dealt, dealer->dealt_room, begin);
  dealer->left = begin;
}

static inline void put_in(GsLane *lane, GsEndpoint to, uint64_t key, const GsLetter *letter) {
  GsStretch *stretch = &lane->sim->inboxes[to].stretch;
  lane->dealer.dealt[stretch->end++] = (GsDealtLetter){.key = key, .letter = letter};
}

/** All before this bucket is handled. */
static void deal_lists(GsLane *lane, const GsLetterList *lists, uint32_t stride) {
  int64_t begin_ns = bucket_begin_ns(lane->sim);
  uint32_t lanes = lane->sim->lane_count;
  lane->dealer.waiting_count = 0;
  lane->dealer.begin_ns = begin_ns;
  for (uint32_t w = 0; w < lanes; w++) {
    for (const GsLetterChunk *chunk = lists[w * stride].head; chunk; chunk = chunk->next) {
      __builtin_prefetch(chunk->next);
      for (uint32_t i = 0; i < chunk->count; i++)
        count_one(lane, chunk->marks[i].to);
    }
  }
  make_stretches(lane, false);
  for (uint32_t w = 0; w < lanes; w++) {
    for (const GsLetterChunk *chunk = lists[w * stride].head; chunk; chunk = chunk->next) {
      const GsLetter *letters = gs_letter_chunk_letters(chunk);
      for (uint32_t i = 0; i < chunk->count; i++)
        put_in(lane, chunk->marks[i].to, gs_dealt_key(&chunk->marks[i], begin_ns), &letters[i]);
    }
  }
}

static void sort_stretch(GsLane *lane, GsStretch *stretch) {
  GsDealer *dealer = &lane->dealer;
  uint32_t count = stretch->end - stretch->next;
  MAKE_ROOM(dealer->scratch, dealer->scratch_room, count);
  MAKE_ROOM(dealer->places, dealer->places_room, GS_SORT_PLACES(count));
  gs_letter_sort(dealer->dealt + stretch->next, count, lane->sim->wheel_time.width_ns,
                 dealer->scratch, dealer->places);
  stretch->is_sorted = true;
}

/** Activates those who have something to do in this window; who has nothing left is forgotten. */
static void activate_due(GsLane *lane) {
  const GsSimulation *sim = lane->sim;
  GsDealer *dealer = &lane->dealer;
  bool is_cut_short = window_ends_early(sim);
  uint64_t end_key = gs_dealt_key_at(sim->window_end_ns, dealer->begin_ns);
  uint32_t kept = 0;
  dealer->left_ns = INT64_MAX;
  for (uint32_t i = 0; i < dealer->waiting_count; i++) {
    uint32_t actor = dealer->waiting[i];
    GsStretch *stretch = &sim->inboxes[actor].stretch;
    if (stretch->next == stretch->end)
      continue;
    dealer->waiting[kept++] = actor;
    if (is_cut_short && !stretch->is_sorted)
      sort_stretch(lane, stretch);
    uint64_t first = dealer->dealt[stretch->next].key;
    if (!is_cut_short || first < end_key)
      gs_lane_activate(lane, actor);
    else
      dealer->left_ns = MIN(dealer->left_ns, gs_dealt_due_ns(first, dealer->begin_ns));
  }
  dealer->waiting_count = kept;
}

/* ---- Where buckets are wider than windows ---- */

static void push(GsDealer *dealer, int64_t due_ns, GsEndpoint from, GsEndpoint to,
                 const GsLetter *letter) {
  GsEvent event = {
      .time_ns = due_ns, .order = dealer->pushed++, .item = letter, .sender = from, .receiver = to};
  gs_event_heap_push(&dealer->soon, event);
}

/** Windows have become narrower than buckets: what was dealt and is left is taken back. */
static void take_back(GsLane *lane) {
  GsDealer *dealer = &lane->dealer;
  for (uint32_t i = 0; i < dealer->waiting_count; i++) {
    uint32_t actor = dealer->waiting[i];
    GsStretch *stretch = &lane->sim->inboxes[actor].stretch;
    for (uint32_t n = stretch->next; n < stretch->end; n++) {
      uint64_t key = dealer->dealt[n].key;
      push(dealer, gs_dealt_due_ns(key, dealer->begin_ns), gs_dealt_from(key), actor,
           dealer->dealt[n].letter);
    }
    *stretch = (GsStretch){0};
  }
  dealer->waiting_count = 0;
  dealer->left = 0;
  dealer->left_ns = INT64_MAX;
}

static void push_all(GsLane *lane, const GsLetterList *list) {
  for (const GsLetterChunk *chunk = list->head; chunk; chunk = chunk->next) {
    for (uint32_t i = 0; i < chunk->count; i++) {
      const GsPostmark *mark = &chunk->marks[i];
      push(&lane->dealer, mark->due_ns, mark->from, mark->to, &gs_letter_chunk_letters(chunk)[i]);
    }
  }
}

/** Takes what is due from the heap, counted, into `scratch` and `places`; how much. */
static uint32_t pop_due(GsLane *lane) {
  GsDealer *dealer = &lane->dealer;
  uint32_t due = 0;
  while (gs_event_heap_peek_ns(&dealer->soon) < lane->sim->window_end_ns) {
    if (G_UNLIKELY(due == dealer->scratch_room || due == dealer->places_room)) {
      dealer->scratch_room = dealer->places_room = MAX(64, 2 * (gsize)due);
      dealer->scratch = g_renew(GsDealtLetter, dealer->scratch, dealer->scratch_room);
      dealer->places = g_renew(uint32_t, dealer->places, dealer->places_room);
    }
    GsEvent event = gs_event_heap_pop(&dealer->soon);
    GsPostmark mark = {event.time_ns, event.receiver, event.sender};
    dealer->places[due] = event.receiver;
    dealer->scratch[due++] =
        (GsDealtLetter){gs_dealt_key(&mark, dealer->begin_ns), (const GsLetter *)event.item};
    count_one(lane, event.receiver);
  }
  return due;
}

static void collect_by_heap(GsLane *lane, const GsLetterList *lists, uint32_t stride) {
  GsDealer *dealer = &lane->dealer;
  take_back(lane);
  for (uint32_t w = 0; lists && w < lane->sim->lane_count; w++)
    push_all(lane, &lists[w * stride]);
  /* On the wall clock a window may begin later than what was sent in the one before is due. */
  dealer->begin_ns = MIN(lane->sim->now_ns, gs_event_heap_peek_ns(&dealer->soon));
  uint32_t due = pop_due(lane);
  make_stretches(lane, true);
  for (uint32_t i = 0; i < due; i++)
    put_in(lane, dealer->places[i], dealer->scratch[i].key, dealer->scratch[i].letter);
  for (uint32_t i = 0; i < dealer->waiting_count; i++)
    gs_lane_activate(lane, dealer->waiting[i]);
}

/* ---- For the carriers ---- */

void gs_dealer_collect(GsLane *lane, const GsLetterList *lists, uint32_t stride) {
  if (is_by_heap(lane->sim)) {
    collect_by_heap(lane, lists, stride);
    return;
  }
  if (lists)
    deal_lists(lane, lists, stride);
  activate_due(lane);
}

int64_t gs_dealer_next_ns(const GsDealer *dealer) {
  return MIN(dealer->left_ns, gs_event_heap_peek_ns(&dealer->soon));
}

uint64_t gs_dealer_count(const GsDealer *dealer) {
  return dealer->left + dealer->soon.count;
}

/** How many of a sorted stretch are due in this window. */
static uint32_t due_of(const GsLane *lane, const GsStretch *stretch) {
  const GsSimulation *sim = lane->sim;
  const GsDealtLetter *letters = lane->dealer.dealt + stretch->next;
  uint32_t count = stretch->end - stretch->next, due = 0;
  if (is_by_heap(sim) || !window_ends_early(sim)) /* no more was dealt */
    return count;
  uint64_t end_key = gs_dealt_key_at(sim->window_end_ns, lane->dealer.begin_ns);
  while (due < count && letters[due].key < end_key)
    due++;
  return due;
}

void gs_dealer_take(GsMail *mail) {
  GsLane *lane = mail->lane;
  GsDealer *dealer = &lane->dealer;
  GsStretch *stretch = &lane->sim->inboxes[mail->actor].stretch;
  mail->letter_count = 0;
  if (stretch->next == stretch->end)
    return;
  if (!stretch->is_sorted)
    sort_stretch(lane, stretch);
  mail->letters = dealer->dealt + stretch->next;
  mail->letter_count = due_of(lane, stretch);
  mail->begin_ns = dealer->begin_ns;
  stretch->next += mail->letter_count;
  dealer->left -= mail->letter_count;
  if (stretch->next < stretch->end) {
    uint64_t key = dealer->dealt[stretch->next].key;
    dealer->left_ns = MIN(dealer->left_ns, gs_dealt_due_ns(key, dealer->begin_ns));
  } else {
    *stretch = (GsStretch){0};
  }
}

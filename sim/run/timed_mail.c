/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/timed_mail.h"

#include "sim/run/simulation.h"

void gs_timed_mail_init(GsTimedMail *mail) {
  *mail = (GsTimedMail){.left_ns = INT64_MAX};
}

void gs_timed_mail_clear(GsTimedMail *mail) {
  g_free(mail->dealt);
  g_free(mail->waiting);
  g_free(mail->scratch);
  g_free(mail->places);
  gs_event_heap_clear(&mail->soon);
  gs_timed_mail_init(mail);
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

/* ---- Dealing: count, make room for each, put in ---- */

static inline void count_one(GsLane *lane, GsEndpoint to) {
  GsTimedMail *mail = &lane->mail;
  GsStretch *stretch = &lane->sim->inboxes[to].stretch;
  if (!stretch->end++) {
    if (G_UNLIKELY(mail->waiting_count == mail->waiting_room)) {
      mail->waiting_room = MAX(64, 2 * mail->waiting_room);
      mail->waiting = g_renew(uint32_t, mail->waiting, mail->waiting_room);
    }
    mail->waiting[mail->waiting_count++] = to;
  }
}

static void make_stretches(GsLane *lane, bool is_sorted) {
  GsTimedMail *mail = &lane->mail;
  uint32_t begin = 0;
  for (uint32_t i = 0; i < mail->waiting_count; i++) {
    GsStretch *stretch = &lane->sim->inboxes[mail->waiting[i]].stretch;
    uint32_t count = stretch->end;
    *stretch = (GsStretch){.next = begin, .end = begin, .is_sorted = is_sorted};
    begin += count;
  }
  MAKE_ROOM(mail->dealt, mail->dealt_room, begin);
  mail->left = begin;
}

static inline void put_in(GsLane *lane, const GsTimedLetter *letter, int64_t begin_ns) {
  GsStretch *stretch = &lane->sim->inboxes[letter->to].stretch;
  lane->mail.dealt[stretch->end++] =
      (GsDealtLetter){.key = gs_dealt_key(letter, begin_ns), .letter = letter};
}

/** All before this bucket is handled. */
static void deal_lists(GsLane *lane, const GsLetterList *lists, uint32_t stride) {
  int64_t begin_ns = bucket_begin_ns(lane->sim);
  uint32_t lanes = lane->sim->lane_count;
  lane->mail.waiting_count = 0;
  for (uint32_t w = 0; w < lanes; w++) {
    for (const GsLetterChunk *chunk = lists[w * stride].head; chunk; chunk = chunk->next) {
      __builtin_prefetch(chunk->next);
      for (uint32_t i = 0; i < chunk->count; i++)
        count_one(lane, chunk->letters[i].to);
    }
  }
  make_stretches(lane, false);
  for (uint32_t w = 0; w < lanes; w++) {
    for (const GsLetterChunk *chunk = lists[w * stride].head; chunk; chunk = chunk->next) {
      for (uint32_t i = 0; i < chunk->count; i++)
        put_in(lane, &chunk->letters[i], begin_ns);
    }
  }
}

static void sort_stretch(GsLane *lane, GsStretch *stretch) {
  GsTimedMail *mail = &lane->mail;
  uint32_t count = stretch->end - stretch->next;
  MAKE_ROOM(mail->scratch, mail->scratch_room, count);
  MAKE_ROOM(mail->places, mail->places_room, GS_SORT_PLACES(count));
  gs_letter_sort(mail->dealt + stretch->next, count, lane->sim->wheel_time.width_ns, mail->scratch,
                 mail->places);
  stretch->is_sorted = true;
}

/** Activates those who have something to do in this window; who has nothing left is forgotten. */
static void activate_due(GsLane *lane) {
  const GsSimulation *sim = lane->sim;
  GsTimedMail *mail = &lane->mail;
  int64_t width = sim->wheel_time.width_ns;
  int64_t end_ns = sim->window_end_ns - bucket_begin_ns(sim);
  uint32_t kept = 0;
  mail->left_ns = INT64_MAX;
  for (uint32_t i = 0; i < mail->waiting_count; i++) {
    uint32_t actor = mail->waiting[i];
    GsStretch *stretch = &sim->inboxes[actor].stretch;
    if (stretch->next == stretch->end)
      continue;
    mail->waiting[kept++] = actor;
    if (end_ns < width && !stretch->is_sorted)
      sort_stretch(lane, stretch);
    const GsDealtLetter *first = &mail->dealt[stretch->next];
    if (end_ns >= width || first->key < gs_dealt_key_at(end_ns))
      gs_lane_activate(lane, actor);
    else
      mail->left_ns = MIN(mail->left_ns, first->letter->due_ns);
  }
  mail->waiting_count = kept;
}

/* ---- Where buckets are wider than windows ---- */

static void push(GsTimedMail *mail, const GsTimedLetter *letter) {
  GsEvent event = {
      .time_ns = letter->due_ns, .order = mail->pushed++, .item = letter, .sender = letter->from};
  gs_event_heap_push(&mail->soon, event);
}

/** Windows have become narrower than buckets: what was dealt and is left is taken back. */
static void take_back(GsLane *lane) {
  GsTimedMail *mail = &lane->mail;
  for (uint32_t i = 0; i < mail->waiting_count; i++) {
    GsStretch *stretch = &lane->sim->inboxes[mail->waiting[i]].stretch;
    for (uint32_t n = stretch->next; n < stretch->end; n++)
      push(mail, mail->dealt[n].letter);
    *stretch = (GsStretch){0};
  }
  mail->waiting_count = 0;
  mail->left = 0;
  mail->left_ns = INT64_MAX;
}

static void collect_by_heap(GsLane *lane, const GsLetterList *lists, uint32_t stride) {
  GsTimedMail *mail = &lane->mail;
  take_back(lane);
  for (uint32_t w = 0; lists && w < lane->sim->lane_count; w++) {
    for (const GsLetterChunk *chunk = lists[w * stride].head; chunk; chunk = chunk->next) {
      for (uint32_t i = 0; i < chunk->count; i++)
        push(mail, &chunk->letters[i]);
    }
  }
  uint32_t due = 0;
  while (gs_event_heap_peek_ns(&mail->soon) < lane->sim->window_end_ns) {
    if (G_UNLIKELY(due == mail->scratch_room)) {
      mail->scratch_room = MAX(64, 2 * mail->scratch_room);
      mail->scratch = g_renew(GsDealtLetter, mail->scratch, mail->scratch_room);
    }
    const GsTimedLetter *letter = gs_event_heap_pop(&mail->soon).item;
    mail->scratch[due++].letter = letter;
    count_one(lane, letter->to);
  }
  make_stretches(lane, true);
  for (uint32_t i = 0; i < due; i++)
    put_in(lane, mail->scratch[i].letter, mail->scratch[i].letter->due_ns);
  for (uint32_t i = 0; i < mail->waiting_count; i++)
    gs_lane_activate(lane, mail->waiting[i]);
}

/* ---- For the carriers ---- */

void gs_timed_mail_collect(GsLane *lane, const GsLetterList *lists, uint32_t stride) {
  if (is_by_heap(lane->sim)) {
    collect_by_heap(lane, lists, stride);
    return;
  }
  if (lists)
    deal_lists(lane, lists, stride);
  activate_due(lane);
}

int64_t gs_timed_mail_next_ns(const GsTimedMail *mail) {
  return MIN(mail->left_ns, gs_event_heap_peek_ns(&mail->soon));
}

uint64_t gs_timed_mail_count(const GsTimedMail *mail) {
  return mail->left + mail->soon.count;
}

/** How many of a sorted stretch are due in this window. */
static uint32_t due_of(const GsLane *lane, const GsStretch *stretch) {
  const GsSimulation *sim = lane->sim;
  const GsDealtLetter *letters = lane->mail.dealt + stretch->next;
  uint32_t count = stretch->end - stretch->next, due = 0;
  int64_t end_ns = sim->window_end_ns - bucket_begin_ns(sim);
  if (is_by_heap(sim) || end_ns >= sim->wheel_time.width_ns) /* no more was dealt */
    return count;
  while (due < count && letters[due].key < gs_dealt_key_at(end_ns))
    due++;
  return due;
}

const GsDealtLetter *gs_timed_mail_take(GsLane *lane, uint32_t actor, uint32_t *count) {
  GsTimedMail *mail = &lane->mail;
  GsStretch *stretch = &lane->sim->inboxes[actor].stretch;
  *count = 0;
  if (stretch->next == stretch->end)
    return NULL;
  if (!stretch->is_sorted)
    sort_stretch(lane, stretch);
  *count = due_of(lane, stretch);
  const GsDealtLetter *letters = mail->dealt + stretch->next;
  stretch->next += *count;
  mail->left -= *count;
  if (stretch->next < stretch->end)
    mail->left_ns = MIN(mail->left_ns, mail->dealt[stretch->next].letter->due_ns);
  else
    *stretch = (GsStretch){0};
  return letters;
}

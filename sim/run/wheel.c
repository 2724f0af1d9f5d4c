/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/wheel.h"

/** The first chunk of a list is small: where little is under way most lists hold a letter or two.
 */
#define FIRST_CLASS 9
#define LATER_CLASS 12
#define MESSAGE_CLASS GS_POOL_CLASS_OF(GsMessage)

GsWheelTime gs_wheel_time(int64_t width_ns) {
  g_assert(width_ns >= 1);
  uint64_t width = (uint64_t)width_ns;
  /* With 63 bits more than the width has, the error stays below 1 / width for all 63 bits of a
   * moment. */
  uint32_t bits = 63 + (width > 1 ? 64 - (uint32_t)__builtin_clzll(width - 1) : 0);
  uint64_t inverse = (uint64_t)(((unsigned __int128)1 << bits) / width) + 1;
  return (GsWheelTime){.width_ns = width_ns, .inverse = inverse, .inverse_bits = bits};
}

GsLetterChunk *gs_letter_list_grow(GsLetterList *list, GsPool *pool) {
  uint32_t block_class = list->tail ? LATER_CLASS : FIRST_CLASS;
  GsLetterChunk *chunk = gs_pool_take(pool, block_class);
  gsize bytes = ((gsize)1 << block_class) - sizeof *chunk;
  gsize room = bytes / (sizeof(GsPostmark) + sizeof(GsLetter));
  *chunk = (GsLetterChunk){.room = (uint16_t)room, .block_class = block_class};
  if (list->tail)
    list->tail->next = chunk;
  else
    list->head = chunk;
  list->tail = chunk;
  if (!list->count)
    list->min_due_ns = INT64_MAX;
  return chunk;
}

static void append_wholes(GsMessage **wholes, GsMessage *more) {
  while (more) {
    GsMessage *next = more->next;
    more->next = *wholes;
    *wholes = more;
    more = next;
  }
}

void gs_letter_list_append(GsLetterList *list, GsLetterList *more) {
  if (!more->count)
    return;
  if (!list->count) {
    *list = *more;
  } else {
    list->tail->next = more->head;
    list->tail = more->tail;
    list->count += more->count;
    list->min_due_ns = MIN(list->min_due_ns, more->min_due_ns);
    append_wholes(&list->wholes, more->wholes);
  }
  *more = (GsLetterList){0};
}

static void give_chunks(GsLetterChunk *first, GsPool *pool) {
  for (GsLetterChunk *chunk = first, *next; chunk; chunk = next) {
    next = chunk->next;
    gs_pool_give(pool, chunk, chunk->block_class);
  }
}

void gs_letter_list_recycle(GsLetterList *list, GsPool *pool) {
  give_chunks(list->head, pool);
  for (GsMessage *message = list->wholes, *next; message; message = next) {
    next = message->next;
    gs_pool_give(pool, message, MESSAGE_CLASS);
  }
  *list = (GsLetterList){0};
}

static uint32_t slot_of(int64_t number) {
  return (uint32_t)number % GS_WHEEL_SLOTS;
}

static int64_t block_of(int64_t bucket) {
  return bucket / GS_WHEEL_SLOTS;
}

GsLetterList *gs_wheel_beyond(GsWheel *wheel, const GsWheelTime *time, int64_t bucket) {
  int64_t block = block_of(bucket);
  if (block - block_of(time->bucket) >= GS_WHEEL_SLOTS)
    return &wheel->far;
  uint32_t slot = slot_of(block);
  wheel->block_set |= UINT64_C(1) << slot;
  return &wheel->blocks[slot];
}

/** The bits from that of a number on, round the wheel. */
static uint64_t bits_from(uint64_t bits, int64_t number) {
  uint32_t by = slot_of(number);
  return by ? bits >> by | bits << (GS_WHEEL_SLOTS - by) : bits;
}

int64_t gs_wheel_next_ns(const GsWheel *wheel, const GsWheelTime *time) {
  int64_t next = wheel->far.count ? wheel->far.min_due_ns : INT64_MAX;
  if (wheel->near_set) {
    int after = __builtin_ctzll(bits_from(wheel->near_set, time->bucket));
    next = MIN(next, wheel->near[slot_of(time->bucket + after)].min_due_ns);
  }
  if (wheel->block_set) {
    int64_t block = block_of(time->bucket);
    int after = __builtin_ctzll(bits_from(wheel->block_set, block));
    next = MIN(next, wheel->blocks[slot_of(block + after)].min_due_ns);
  }
  return next;
}

/** Near only what is in the block that has begun: a block has letters before those that are near.
 */
static GsLetterList *list_nearer(GsWheel *nearer, const GsWheelTime *time, int64_t due_ns) {
  int64_t bucket = MAX(gs_wheel_bucket_of(time, due_ns), time->bucket);
  if (block_of(bucket) != block_of(time->bucket))
    return gs_wheel_beyond(nearer, time, bucket);
  return gs_wheel_list(nearer, time, due_ns);
}

/** Deals letters out to where they belong now, before all that is there: they were put in earlier,
 * since they were farther then. */
static void spread(GsWheel *wheel, const GsWheelTime *time, GsLetterList *letters, GsPool *pool) {
  GsWheel nearer = {0};
  for (GsLetterChunk *chunk = letters->head; chunk; chunk = chunk->next) {
    for (uint32_t i = 0; i < chunk->count; i++) {
      const GsLetter *letter = &gs_letter_chunk_letters(chunk)[i];
      GsLetterList *list = list_nearer(&nearer, time, chunk->marks[i].due_ns);
      *gs_letter_list_add(list, pool, chunk->marks[i]) = *letter;
      if (gs_letter_is_whole(letter)) {
        letter->whole_message->next = list->wholes;
        list->wholes = letter->whole_message;
      }
    }
  }
  give_chunks(letters->head, pool);
  *letters = nearer.far;
  for (uint64_t set = nearer.near_set; set; set &= set - 1) {
    int slot = __builtin_ctzll(set);
    gs_letter_list_append(&nearer.near[slot], &wheel->near[slot]);
    wheel->near[slot] = nearer.near[slot];
  }
  for (uint64_t set = nearer.block_set; set; set &= set - 1) {
    int slot = __builtin_ctzll(set);
    gs_letter_list_append(&nearer.blocks[slot], &wheel->blocks[slot]);
    wheel->blocks[slot] = nearer.blocks[slot];
  }
  wheel->near_set |= nearer.near_set;
  wheel->block_set |= nearer.block_set;
}

/** Blocks that have begun become near, then what is far where that has to be. */
static void bring_near(GsWheel *wheel, const GsWheelTime *time, int64_t before, GsPool *pool) {
  int64_t block = block_of(time->bucket), first = block_of(before);
  for (int64_t b = block - first < GS_WHEEL_SLOTS ? first : block - GS_WHEEL_SLOTS + 1; b <= block;
       b++) {
    uint64_t bit = UINT64_C(1) << slot_of(b);
    if (!(wheel->block_set & bit))
      continue;
    wheel->block_set &= ~bit;
    GsLetterList letters = wheel->blocks[slot_of(b)];
    wheel->blocks[slot_of(b)] = (GsLetterList){0};
    spread(wheel, time, &letters, pool);
    g_assert(!letters.count);
  }
  if (wheel->far.count && block_of(wheel->far.min_due_ns / time->width_ns) <= block) {
    GsLetterList letters = wheel->far;
    spread(wheel, time, &letters, pool);
    wheel->far = letters;
  }
}

static void take_slot(GsWheel *wheel, int64_t bucket, GsLetterList *list) {
  uint32_t slot = slot_of(bucket);
  wheel->near_set &= ~(UINT64_C(1) << slot);
  gs_letter_list_append(list, &wheel->near[slot]);
}

void gs_wheel_take(GsWheel *wheel, const GsWheelTime *time, int64_t before, GsPool *pool,
                   GsLetterList *list) {
  for (int64_t b = before; wheel->near_set && b < time->bucket && b - before < GS_WHEEL_SLOTS; b++)
    take_slot(wheel, b, list);
  if (block_of(time->bucket) != block_of(before))
    bring_near(wheel, time, before, pool);
  take_slot(wheel, time->bucket, list);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/bundle.h"

#include <string.h>

#define MESSAGE_CLASS GS_POOL_CLASS_OF(GsMessage)
_Static_assert(GS_CHUNK_BYTES / sizeof(GsLetter) <= GS_BUNDLE_LETTERS_MOST,
               "a bundle may fill a chunk");

/** Makes a new chunk the last one. */
static void add_chunk(GsLog *log, GsPool *pool) {
  GsChunk *chunk = gs_pool_take(pool, GS_CHUNK_CLASS);
  chunk->next = NULL;
  chunk->used = 0;
  if (log->tail)
    log->tail->next = chunk;
  else
    log->head = chunk;
  log->tail = chunk;
}

/** Puts as many letters as the last chunk has room for into a bundle there; there is room for one.
 */
static uint32_t add_bundle(GsLog *log, GsEndpoint from, GsEndpoint to, const GsLetter *letters,
                           uint32_t count) {
  GsChunk *chunk = log->tail;
  GsBundle *bundle = (GsBundle *)(void *)(chunk->items + chunk->used);
  uint32_t room = (GS_CHUNK_BYTES - chunk->used - (uint32_t)sizeof *bundle) / sizeof *letters;
  uint32_t here = MIN(count, room);
  bundle->to = to;
  bundle->from = from & 0xFFFFFF;
  bundle->count = here & GS_BUNDLE_LETTERS_MOST;
  memcpy(bundle->letters, letters, here * sizeof *letters);
  chunk->used += (uint32_t)gs_bundle_bytes(here);
  return here;
}

void gs_log_add_more_letters(GsLog *log, GsPool *pool, GsEndpoint from, GsEndpoint to,
                             const GsLetter *letters, uint32_t count) {
  log->count += count;
  while (count) {
    if (!log->tail || log->tail->used + gs_bundle_bytes(1) > GS_CHUNK_BYTES)
      add_chunk(log, pool);
    uint32_t added = add_bundle(log, from, to, letters, count);
    letters += added;
    count -= added;
  }
}

void gs_log_recycle(GsLog *log, GsPool *pool) {
  for (GsChunk *chunk = log->head, *next; chunk; chunk = next) {
    next = chunk->next;
    gs_pool_give(pool, chunk, GS_CHUNK_CLASS);
  }
  for (GsMessage *message = log->wholes, *next; message; message = next) {
    next = message->next;
    gs_pool_give(pool, message, MESSAGE_CLASS);
  }
  *log = (GsLog){.min_due_ns = INT64_MAX};
}

void gs_letter_write_whole(GsLetter *letter, const GsMessage *message, uint32_t hops,
                           GsMessage **wholes, GsPool *pool) {
  GsMessage *whole = gs_pool_take(pool, MESSAGE_CLASS);
  *whole = *message;
  whole->hops = hops & GS_HOPS_MAX;
  whole->next = *wholes;
  *wholes = whole;
  GsMessage mark = {.is_whole = true};
  *letter = (GsLetter){.slot_and_kind = mark.slot_and_kind, .whole_message = whole};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * Finds numbered things (nodes by name, links by their ends) by a key: open
 * addressing over their numbers only, about 8 bytes per thing. The things
 * themselves, and what makes two of them the same, stay with the caller.
 */
typedef struct {
  uint32_t *places; /**< number + 1, and in the bits above it some of its hash; 0: empty */
  uint32_t shift;   /**< of a hash, to a place */
  uint32_t mask;    /**< of the number */
} GsIndexTable;

/** Whether the thing has this key. */
typedef bool (*GsIndexSame)(const void *things, uint32_t index, const void *key);

/** Makes a table for at most `count` things. */
void gs_index_table_init(GsIndexTable *table, uint32_t count);
/** An all-zero table is fine. */
void gs_index_table_clear(GsIndexTable *table);
/** The number of the thing with this key; false when there is none (also of a zero table). O(1). */
bool gs_index_table_find(const GsIndexTable *table, uint64_t hash, GsIndexSame same,
                         const void *things, const void *key, uint32_t *index);
/** Enters a thing that is not in it; there must be room for it. O(1). */
void gs_index_table_add(GsIndexTable *table, uint64_t hash, uint32_t index);

/** Hashes for it: all bits depend on all bits. */
uint64_t gs_index_hash_number(uint64_t number);
uint64_t gs_index_hash_text(const char *text);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * What a node shows of foreign nodes that it was told to add and that have not said who they
 * are since: where they are to be, how often they were asked, and why that failed. Not
 * thread-safe.
 */

/** How many are shown, those told of last; of others only failures are counted. */
#define GS_ASKED_SHOWN 16u
/** How many failures are spoken of on standard error in the life of a node. */
#define GS_ASKED_WARNED 64u

/** One of them, by its address. */
typedef struct {
  int64_t id;           /**< -1: not known */
  char *name, *address; /**< as it was named, NULL: not known; the address in the form of
                           gs_foreign_canonical */
  char *error;          /**< why it failed the last time; NULL: it did not yet */
  uint64_t told;        /**< how often the node was told to add it */
  uint64_t failed;      /**< Asks of these that came to nothing */
} GsAskedNode;

typedef struct {
  GArray *nodes; /**< of GsAskedNode, by when they were told of last */
  uint64_t failed;
  guint warned;
} GsAsked;

void gs_asked_init(GsAsked *asked);
void gs_asked_clear(GsAsked *asked);
/** The node was told to add it. O(GS_ASKED_SHOWN), as all here. */
void gs_asked_tell(GsAsked *asked, int64_t id, const char *name, const char *address);
/**
 * Its Ask came to nothing. Whether that is to be said: for the first time, and not too often.
 * What it is called goes to `name`, NULL: that is not known any more.
 */
bool gs_asked_fail(GsAsked *asked, const char *address, const char *error, const char **name);
/** It said who it is. */
void gs_asked_forget(GsAsked *asked, const char *address);
/** A copy of the list, to be freed with g_array_unref. */
GArray *gs_asked_copy(const GsAsked *asked);

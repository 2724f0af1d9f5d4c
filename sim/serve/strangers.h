/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * What a node shows of AddSibling messages that it refused, since the id in them is
 * another node's or they name one foreign node too many: who, where and why, for the latest of
 * them. Not thread-safe.
 */

/** How many are shown; older ones are only counted. */
#define GS_STRANGERS_SHOWN 16u
/** How many are spoken of on standard error in the life of a node. */
#define GS_STRANGERS_WARNED 64u

/** One that was refused, by its id and address. */
typedef struct {
  int64_t id;
  char *name, *address; /**< as it was named */
  char *reason;         /**< what it was answered the last time */
  uint64_t count;       /**< how often */
} GsStranger;

typedef struct {
  GArray *refused; /**< of GsStranger, by their last time */
  guint warned;    /**< lines said, by who says them */
} GsStrangers;

void gs_strangers_init(GsStrangers *strangers);
void gs_strangers_clear(GsStrangers *strangers);
/** Keeps that it was refused; whether that is new. O(GS_STRANGERS_SHOWN). */
bool gs_strangers_refuse(GsStrangers *strangers, int64_t id, const char *name, const char *address,
                         const char *reason);

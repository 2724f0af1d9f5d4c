/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * An actor's mailbox: a GAsyncQueue. One item is a batch of deliveries (the lane
 * that holds them), since waking a thread costs as much as a hundred messages.
 */
typedef struct GsMailbox GsMailbox;

GsMailbox *gs_mailbox_new(void);
void gs_mailbox_free(GsMailbox *mailbox);
/** `item` is not NULL. Thread-safe; what was written before is seen by whoever takes it. */
void gs_mailbox_push(GsMailbox *mailbox, void *item);
/** Waits for the next item. */
void *gs_mailbox_pop(GsMailbox *mailbox);

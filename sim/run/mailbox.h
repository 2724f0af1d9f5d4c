/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/run/mail.h"

/**
 * A mailbox: a GAsyncQueue of mail. One item is all that an actor has to handle
 * in a window, since waking a thread costs as much as a hundred messages. Mail
 * belongs to whoever pushes it, then to whoever pops it.
 */
typedef struct GsMailbox GsMailbox;

GsMailbox *gs_mailbox_new(void);
/** Nobody waits for it, and what is in it stays its owner's. */
void gs_mailbox_free(GsMailbox *mailbox);
/** Thread-safe; what was written before, in all of the lane too, is seen by whoever pops it. */
void gs_mailbox_push(GsMailbox *mailbox, GsMail *mail);
/** Asleep until there is mail: the oldest. Thread-safe. */
GsMail *gs_mailbox_pop(GsMailbox *mailbox);

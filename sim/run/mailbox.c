/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/mailbox.h"

/** GLib is not built with ThreadSanitizer, so it must be told of the hand-over. */
#if defined(__SANITIZE_THREAD__)
#define GS_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define GS_TSAN 1
#endif
#endif

#ifdef GS_TSAN
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#define HAND_OVER(item) __tsan_release(item)
#define TAKE_OVER(item) __tsan_acquire(item)
#else
#define HAND_OVER(item) ((void)(item))
#define TAKE_OVER(item) ((void)(item))
#endif

struct GsMailbox {
  GAsyncQueue *queue;
};

GsMailbox *gs_mailbox_new(void) {
  GsMailbox *mailbox = g_new(GsMailbox, 1);
  mailbox->queue = g_async_queue_new();
  return mailbox;
}

void gs_mailbox_free(GsMailbox *mailbox) {
  if (!mailbox)
    return;
  g_async_queue_unref(mailbox->queue);
  g_free(mailbox);
}

void gs_mailbox_push(GsMailbox *mailbox, void *item) {
  HAND_OVER(item);
  g_async_queue_push(mailbox->queue, item);
}

void *gs_mailbox_pop(GsMailbox *mailbox) {
  void *item = g_async_queue_pop(mailbox->queue);
  TAKE_OVER(item);
  return item;
}

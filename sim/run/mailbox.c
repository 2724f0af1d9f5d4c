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
#define HAND_OVER(mail) __tsan_release(mail)
#define TAKE_OVER(mail) __tsan_acquire(mail)
#else
#define HAND_OVER(mail) ((void)(mail))
#define TAKE_OVER(mail) ((void)(mail))
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

void gs_mailbox_push(GsMailbox *mailbox, GsMail *mail) {
  HAND_OVER(mail);
  g_async_queue_push(mailbox->queue, mail);
}

GsMail *gs_mailbox_pop(GsMailbox *mailbox) {
  GsMail *mail = g_async_queue_pop(mailbox->queue);
  TAKE_OVER(mail);
  return mail;
}

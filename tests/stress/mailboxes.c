/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/mailbox.h"
#include "tests/stress/stress.h"

/*
 * Hand-over through mailboxes: what one thread wrote before it pushed is what
 * the other reads after it popped, nothing is lost or comes twice, and what one
 * producer sends stays in order. The items' fields are plain memory on purpose.
 */

#define PRODUCERS 6u
#define ITEMS_EACH 100000u
#define RING 5u
#define TOKENS 3u
#define ROUNDS 20000u

typedef struct {
  GsMail mail; /**< the first: this is what mailboxes know of it */
  guint producer, number;
  guint64 twice; /**< of `number`, so that a half-written item shows */
} Item;

typedef struct {
  GsMailbox *mailbox, *given_back;
  guint number;
} Producer;

/** Items come back and are written again, as the memory of messages is. */
static void *produce(void *data) {
  Producer *self = data;
  for (guint i = 0; i < ITEMS_EACH; i++) {
    Item *item = (Item *)gs_mailbox_pop(self->given_back);
    *item = (Item){{.actor = i}, self->number, i, 2 * (guint64)i};
    gs_mailbox_push(self->mailbox, &item->mail);
  }
  return NULL;
}

static void many_producers(void) {
  GsMailbox *mailbox = gs_mailbox_new();
  Producer producers[PRODUCERS];
  pthread_t threads[PRODUCERS];
  Item items[PRODUCERS][16];
  guint next[PRODUCERS] = {0};
  for (guint p = 0; p < PRODUCERS; p++) {
    producers[p] = (Producer){mailbox, gs_mailbox_new(), p};
    for (guint i = 0; i < G_N_ELEMENTS(items[p]); i++)
      gs_mailbox_push(producers[p].given_back, &items[p][i].mail);
    threads[p] = stress_thread(produce, &producers[p]);
  }
  for (guint i = 0; i < PRODUCERS * ITEMS_EACH; i++) {
    Item *item = (Item *)gs_mailbox_pop(mailbox);
    stress_require(item->number == next[item->producer], "producer %u: item %u instead of %u",
                   item->producer, item->number, next[item->producer]);
    stress_require(item->twice == 2 * (guint64)item->number && item->mail.actor == item->number,
                   "a half-written item");
    next[item->producer]++;
    gs_mailbox_push(producers[item->producer].given_back, &item->mail);
  }
  for (guint p = 0; p < PRODUCERS; p++) {
    stress_join(threads[p]);
    gs_mailbox_free(producers[p].given_back);
  }
  gs_mailbox_free(mailbox);
}

/** Mail goes from mailbox to mailbox with what it is handled with; whoever has it owns it. */
typedef struct {
  GsMail mail;
  guint64 visits, sum;
} Token;

typedef struct {
  GsMailbox *mine, *next;
  guint number;
} Station;

static void *hand_on(void *data) {
  Station *self = data;
  for (guint i = 0; i < ROUNDS * TOKENS; i++) {
    Token *token = (Token *)gs_mailbox_pop(self->mine);
    token->visits++;
    token->sum += self->number;
    gs_mailbox_push(self->next, &token->mail);
  }
  return NULL;
}

static void tokens_in_a_ring(void) {
  GsMailbox *mailboxes[RING];
  Station stations[RING];
  pthread_t threads[RING];
  Token tokens[TOKENS] = {0};
  for (guint i = 0; i < RING; i++)
    mailboxes[i] = gs_mailbox_new();
  for (guint i = 0; i < TOKENS; i++)
    gs_mailbox_push(mailboxes[i % RING], &tokens[i].mail);
  for (guint i = 0; i < RING; i++) {
    stations[i] = (Station){mailboxes[i], mailboxes[(i + 1) % RING], i};
    threads[i] = stress_thread(hand_on, &stations[i]);
  }
  for (guint i = 0; i < RING; i++)
    stress_join(threads[i]);
  guint64 visits = 0, sum = 0;
  for (guint i = 0; i < TOKENS; i++) {
    visits += tokens[i].visits;
    sum += tokens[i].sum;
  }
  stress_require(visits == (guint64)RING * ROUNDS * TOKENS, "visits are missing");
  stress_require(sum == (guint64)ROUNDS * TOKENS * RING * (RING - 1) / 2, "a sum is wrong");
  for (guint i = 0; i < RING; i++)
    gs_mailbox_free(mailboxes[i]);
}

int main(void) {
  many_producers();
  tokens_in_a_ring();
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/recovery.h"
#include "tests/core/node_support.h"

/**
 * A few nodes with recovery, and what goes wrong between them: messages take time, are lost,
 * doubled and overtake each other, links are cut in one direction or both, nodes crash. Node i has
 * the id 10 + i and nets that tell how often it was counted: 16^i, or four times that. Every
 * result of a wave is looked at: no id is in it twice, and its own is there.
 */
#define GS_TROUBLE_NODES_MAX 8

typedef struct {
  GsNode nodes[GS_TROUBLE_NODES_MAX];
  bool is_down[GS_TROUBLE_NODES_MAX];
  bool is_cut[GS_TROUBLE_NODES_MAX][GS_TROUBLE_NODES_MAX]; /**< from, to */
  bool linked[GS_TROUBLE_NODES_MAX][GS_TROUBLE_NODES_MAX];
  int64_t last_due_ns[GS_TROUBLE_NODES_MAX][GS_TROUBLE_NODES_MAX];
  uint32_t count, restarts;
  GsRecoveryRules rules;
  GsPool pool;
  GsEffects effects;
  GArray *under_way;
  uint64_t chance, order;
  int64_t now_ns;
  uint32_t loss_percent, twice_percent;
  int64_t latency_ns, jitter_ns; /**< 10 ms and 0 */
  bool fifo;
  uint64_t lose_number, double_number; /**< of the messages that are sent; 0: none */
  uint64_t seed;                       /**< told when something is wrong */
  /* What happened since it was set to 0. */
  uint64_t sent, on_their_own, suspected, trusted, limits, undelivered, given_up;
} GsTrouble;

/** `may_answer_twice`: as in GsNodeConfig. Nets are 16^i; in sync as if each were alone. */
void gs_trouble_init(GsTrouble *trouble, uint32_t count, uint64_t seed, bool may_answer_twice);
void gs_trouble_clear(GsTrouble *trouble);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsTrouble, gs_trouble_clear)
/** From the start; before gs_trouble_start. */
void gs_trouble_link(GsTrouble *trouble, uint32_t a, uint32_t b);
void gs_trouble_start(GsTrouble *trouble);

/** A person tells a node something now. */
void gs_trouble_update(GsTrouble *trouble, uint32_t node, bool fourfold);
/** Starts one wave, and no flood. */
void gs_trouble_ask_net(GsTrouble *trouble, uint32_t node);
void gs_trouble_sync(GsTrouble *trouble, uint32_t node);
void gs_trouble_add(GsTrouble *trouble, uint32_t node, uint32_t other);

void gs_trouble_crash(GsTrouble *trouble, uint32_t node);
void gs_trouble_restart(GsTrouble *trouble, uint32_t node, GsKeeps keeps);
void gs_trouble_cut(GsTrouble *trouble, uint32_t from, uint32_t to, bool is_cut);
void gs_trouble_cut_both(GsTrouble *trouble, uint32_t a, uint32_t b, bool is_cut);

/** Handles all that is due until then. */
void gs_trouble_run_for(GsTrouble *trouble, int64_t ns);
/** The same until nothing is under way and nobody waits, which takes so long at most. */
void gs_trouble_rest(GsTrouble *trouble, int64_t most_ns);
/** The next message under way from one node to another; NULL: there is none. */
GsMessage *gs_trouble_find(GsTrouble *trouble, uint32_t from, uint32_t to, GsEnvelopeType env,
                           GsMessageType type);
/** Loses that message; there must be one. */
void gs_trouble_lose(GsTrouble *trouble, uint32_t from, uint32_t to, GsEnvelopeType env,
                     GsMessageType type);

/** Asserts that a node's gridnet is the sum of those nodes' nets; a string such as "013". */
void gs_trouble_expect(const GsTrouble *trouble, uint32_t node, const char *members);
/** Asserts that all living nodes are in sync, their siblings are symmetric, and nothing is open. */
void gs_trouble_expect_all_well(const GsTrouble *trouble);

#define GS_TEST_MS INT64_C(1000000)
#define GS_TEST_S INT64_C(1000000000)

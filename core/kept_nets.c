/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kept_nets.h"

#include "core/nets.h"

typedef struct {
  int64_t id, net;
} Piece;

struct GsKeptNets {
  uint32_t count;
  uint16_t block_class, may_repeat;
  Piece pieces[];
};

static bool keep_piece(int64_t id, int64_t net, void *data) {
  GsKeptNets *kept = data;
  kept->pieces[kept->count++] = (Piece){id, net};
  return true;
}

GsKeptNets *gs_kept_nets_new(GsPool *pool, GsNets *nets) {
  guint block_class = gs_pool_class(sizeof(GsKeptNets) + nets->count * sizeof(Piece));
  GsKeptNets *kept = gs_pool_take(pool, block_class);
  kept->count = 0;
  kept->block_class = (uint16_t)block_class;
  kept->may_repeat = (uint16_t)nets->may_repeat;
  gs_nets_foreach(nets, keep_piece, kept);
  return kept;
}

void gs_kept_nets_free(GsPool *pool, GsKeptNets *kept) {
  if (kept)
    gs_pool_give(pool, kept, kept->block_class);
}

GsNets *gs_kept_nets_tree(GsPool *pool, const GsKeptNets *kept) {
  GsNets *tree = gs_pool_take_nets(pool);
  gs_nets_init(tree, kept->pieces[0].id, kept->pieces[0].net);
  for (uint32_t i = 1; i < kept->count; i++) {
    GsNets *piece = gs_pool_take_nets(pool);
    gs_nets_init(piece, kept->pieces[i].id, kept->pieces[i].net);
    gs_nets_add(tree, piece);
  }
  tree->may_repeat = kept->may_repeat;
  return tree;
}

uint32_t gs_kept_nets_count(const GsKeptNets *kept) {
  return kept ? kept->count : 0;
}

gsize gs_kept_nets_bytes(const GsKeptNets *kept) {
  return kept ? (gsize)1 << kept->block_class : 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool.h"

/** The first arena is small, since there are simulations of two nodes by the ten thousand. */
#define ARENA_FIRST ((gsize)1 << 15)
#define ARENA_LARGEST ((gsize)1 << 23)
#define HUGE_PAGE ((gsize)1 << 21)
#define ARENA_GROWTH 4

struct GsPoolBlock {
  GsPoolBlock *next;
};

typedef struct {
  void *memory;
  gsize size;
} Arena;

struct GsArenas {
  GArray *arenas; /**< of Arena */
};

static GArray *arenas_new(void) {
  return g_array_new(FALSE, FALSE, sizeof(Arena));
}

static void arenas_free(GArray *arenas) {
  for (guint i = 0; i < arenas->len; i++)
    g_aligned_free(g_array_index(arenas, Arena, i).memory);
  g_array_unref(arenas);
}

GsArenas *gs_arenas_new(void) {
  GsArenas *arenas = g_new(GsArenas, 1);
  arenas->arenas = arenas_new();
  return arenas;
}

void gs_arenas_free(GsArenas *arenas) {
  if (!arenas)
    return;
  arenas_free(arenas->arenas);
  g_free(arenas);
}

void gs_pool_init(GsPool *pool, void (*advise)(void *memory, gsize size)) {
  *pool = (GsPool){.arena_size = ARENA_FIRST, .arenas = arenas_new(), .advise = advise};
}

void gs_pool_use_arenas(GsPool *pool, GsArenas *spare) {
  pool->spare = spare;
}

void gs_pool_clear(GsPool *pool) {
  if (pool->spare) {
    g_array_append_vals(pool->spare->arenas, pool->arenas->data, pool->arenas->len);
    g_array_set_size(pool->arenas, 0);
  }
  arenas_free(pool->arenas);
  *pool = (GsPool){0};
}

/** One of exactly that size, so that what a run takes does not depend on those before; or NULL. */
static void *spare_arena(GsPool *pool, gsize size) {
  for (guint i = pool->spare ? pool->spare->arenas->len : 0; i-- > 0;) {
    Arena arena = g_array_index(pool->spare->arenas, Arena, i);
    if (arena.size != size)
      continue;
    g_array_remove_index_fast(pool->spare->arenas, i);
    return arena.memory;
  }
  return NULL;
}

guint gs_pool_class(gsize size) {
  guint block_class = g_bit_storage(size ? size - 1 : 0);
  return MAX(block_class, GS_POOL_CLASS_MIN);
}

static void *new_arena(GsPool *pool, gsize size) {
  Arena arena = {spare_arena(pool, size), size};
  if (!arena.memory) {
    arena.memory = g_aligned_alloc(1, size, size >= HUGE_PAGE ? HUGE_PAGE : 64);
    if (pool->advise)
      pool->advise(arena.memory, size);
  }
  g_array_append_val(pool->arenas, arena);
  pool->held_bytes += size;
  return arena.memory;
}

/** A block that somebody gave back and that is as large or larger becomes the arena. */
static bool reuse_block(GsPool *pool, gsize size) {
  for (guint c = gs_pool_class(size); c <= GS_POOL_CLASS_MAX; c++) {
    GsPoolBlock *block = pool->free_blocks[c];
    if (!block)
      continue;
    pool->free_blocks[c] = block->next;
    pool->arena = (char *)block;
    pool->arena_end = pool->arena + ((gsize)1 << c);
    return true;
  }
  return false;
}

static void *carve(GsPool *pool, gsize size) {
  if ((gsize)(pool->arena_end - pool->arena) < size && !reuse_block(pool, size)) {
    if (size > ARENA_LARGEST / 4)
      return new_arena(pool, size);
    while (pool->arena_size < size)
      pool->arena_size *= ARENA_GROWTH;
    /* What is left of the old arena is less than this block; it is not worth keeping. */
    pool->arena = new_arena(pool, pool->arena_size);
    pool->arena_end = pool->arena + pool->arena_size;
    if (pool->arena_size < ARENA_LARGEST)
      pool->arena_size *= ARENA_GROWTH;
  }
  void *block = pool->arena;
  pool->arena += size;
  return block;
}

void *gs_pool_take(GsPool *pool, guint block_class) {
  g_assert(block_class >= GS_POOL_CLASS_MIN && block_class <= GS_POOL_CLASS_MAX);
  GsPoolBlock *block = pool->free_blocks[block_class];
  if (!block)
    return carve(pool, (gsize)1 << block_class);
  pool->free_blocks[block_class] = block->next;
  return block;
}

void gs_pool_give(GsPool *pool, void *block, guint block_class) {
  GsPoolBlock *freed = block;
  freed->next = pool->free_blocks[block_class];
  pool->free_blocks[block_class] = freed;
}

uint64_t gs_pool_held_for(uint64_t bytes) {
  uint64_t held = 0, arena = ARENA_FIRST;
  for (; held < bytes && arena < ARENA_LARGEST; arena *= ARENA_GROWTH)
    held += arena;
  if (held >= bytes)
    return held;
  uint64_t more = (bytes - held - 1) / ARENA_LARGEST + 1;
  return more > (UINT64_MAX - held) / ARENA_LARGEST ? UINT64_MAX : held + more * ARENA_LARGEST;
}

GsNets *gs_pool_take_nets(GsPool *pool) {
  GsNets *nets = pool->free_nets;
  if (!nets)
    return carve(pool, GS_POOL_NETS_BYTES);
  if (nets->first_part) {
    nets->last_part->next = nets->next;
    pool->free_nets = nets->first_part;
  } else {
    pool->free_nets = nets->next;
  }
  pool->free_nets_count--;
  return nets;
}

void gs_pool_give_nets(GsPool *pool, GsNets *nets) {
  if (!nets)
    return;
  pool->free_nets_count += nets->count;
  nets->next = pool->free_nets;
  pool->free_nets = nets;
}

void gs_pool_give_collected(GsPool *pool, GsNets *oldest) {
  if (!oldest)
    return;
  GsNets *latest = oldest->next;
  pool->free_nets_count += oldest->count; /* is that of all */
  oldest->next = pool->free_nets;
  pool->free_nets = latest;
}

typedef struct {
  GsPool *pool;
  GsNets *root; /**< NULL: nothing was copied yet */
} Copy;

static bool copy_piece(int64_t id, int64_t net, void *data) {
  Copy *copy = data;
  GsNets *piece = gs_pool_take_nets(copy->pool);
  gs_nets_init(piece, id, net);
  if (copy->root)
    gs_nets_add(copy->root, piece);
  else
    copy->root = piece;
  return true;
}

GsNets *gs_pool_copy_nets(GsPool *pool, GsNets *nets) {
  if (!nets)
    return NULL;
  Copy copy = {.pool = pool};
  gs_nets_foreach(nets, copy_piece, &copy);
  copy.root->may_repeat = nets->may_repeat;
  return copy.root;
}

void gs_pool_balance_nets(GsPool *rich, GsPool *poor) {
  while (rich->free_nets && rich->free_nets_count > poor->free_nets_count) {
    GsNets *tree = rich->free_nets;
    if (tree->first_part) { /* only whole pieces move: a tree may be larger than the difference */
      tree->last_part->next = tree->next;
      rich->free_nets = tree->first_part;
    } else {
      rich->free_nets = tree->next;
    }
    rich->free_nets_count--;
    tree->first_part = tree->last_part = NULL;
    tree->count = 1;
    gs_pool_give_nets(poor, tree);
  }
}

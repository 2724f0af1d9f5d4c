/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/message.h"

/**
 * Who is where: the addresses of exposed nodes and of foreign ones, and the
 * endpoints that stand for them inside. Foreign nodes get endpoints from
 * `first` on, in the order in which they are met. Who said who it is keeps its endpoint for
 * ever, since it may be a sibling. Others were only named, and make room when all are taken
 * and nothing of them is under way. Not thread-safe.
 */
typedef struct GsForeignNodes GsForeignNodes;

/** Who stands for a node at the client (sim/http/client.h). */
typedef struct GsHttpPeer GsHttpPeer;

/** Foreign nodes that a process can know. */
#define GS_FOREIGN_MAX 4096u

typedef struct {
  char *address; /**< "host:port" in one form, see gs_foreign_canonical */
  char *name;    /**< as last heard; NULL: not known */
  int64_t id;    /**< -1: not known */
  bool spoke;    /**< it said itself who it is */
  guint asks; /**< to be siblings, told to own nodes and without an outcome: it is kept meanwhile */
  GsHttpPeer *http; /**< what stands for it at the client; NULL: nothing yet */
  /* While another claims the id: who did last, and when (gs_clock_s) the holder was asked. */
  char *claimant;
  double claimed_s;
} GsForeignNode;

/** Whether what `http` stands for is let go of, as the entry is to be another's. */
typedef bool (*GsForeignForget)(GsHttpPeer *http, void *data);

/** `forget` may be NULL when `http` is not used. */
GsForeignNodes *gs_foreign_new(GsEndpoint first, GsForeignForget forget, void *data);
void gs_foreign_free(GsForeignNodes *foreign);

/** An address in the form in which addresses are compared; free with g_free. */
char *gs_foreign_canonical(const char *address);
/** Makes an own exposed node known by its address. */
void gs_foreign_add_own(GsForeignNodes *foreign, const char *address, uint32_t actor);
/**
 * The endpoint of an address: of an own node, or of a foreign one, which is new
 * if need be. GS_ENDPOINT_NONE when there are GS_FOREIGN_MAX already, none of which makes room.
 */
GsEndpoint gs_foreign_endpoint(GsForeignNodes *foreign, const char *address);
/** The same for one that is known; GS_ENDPOINT_NONE: it is not. */
GsEndpoint gs_foreign_find_address(const GsForeignNodes *foreign, const char *address);
/** What somebody else said of a foreign node: it is called this, unless it said so itself. */
void gs_foreign_hear(GsForeignNodes *foreign, GsEndpoint endpoint, const char *name);
/** What a foreign node said of itself. Who had the id before has it no more. */
void gs_foreign_learn(GsForeignNodes *foreign, GsEndpoint endpoint, int64_t id, const char *name);
/** The endpoint where a foreign node of this id was last, or GS_ENDPOINT_NONE. */
GsEndpoint gs_foreign_find_id(const GsForeignNodes *foreign, int64_t id);

/** The entry of a foreign endpoint. Stays where it is. */
GsForeignNode *gs_foreign_entry(GsForeignNodes *foreign, GsEndpoint endpoint);
/**
 * Its name, or its address. Names live as long as the foreign nodes; the address of who made room,
 * until gs_foreign_bury.
 */
const char *gs_foreign_name(const GsForeignNodes *foreign, GsEndpoint endpoint);
/** Frees addresses of those who made room; nobody uses them any more. */
void gs_foreign_bury(GsForeignNodes *foreign);
/** How many are known. */
guint gs_foreign_count(const GsForeignNodes *foreign);

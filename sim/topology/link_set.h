/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** Which nodes are linked, while the links of a graph are being moved. */
typedef struct GsLinkSet GsLinkSet;

/**
 * For that many nodes and at most so many links at a time. Small graphs take a
 * bit per pair, others 16 to 32 bytes per link.
 */
GsLinkSet *gs_link_set_new(uint32_t nodes, uint32_t links);
void gs_link_set_free(GsLinkSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsLinkSet, gs_link_set_free)

/** Whether a and b are linked; a ≠ b, in any order, as below. O(1). */
bool gs_link_set_has(const GsLinkSet *set, uint32_t a, uint32_t b);
/** Has the memory that it takes to look for that link fetched; a hint. */
void gs_link_set_expect(const GsLinkSet *set, uint32_t a, uint32_t b);
/** It must not be in it. */
void gs_link_set_add(GsLinkSet *set, uint32_t a, uint32_t b);
/** It must be in it. */
void gs_link_set_remove(GsLinkSet *set, uint32_t a, uint32_t b);

/**
 * The nodes that `a` is not linked to, itself left out, counted from 0 in rising
 * order: the one at `place`, which must be there. Only where there is a bit per
 * pair: gs_link_set_is_dense. O(nodes / 64).
 */
uint32_t gs_link_set_other(const GsLinkSet *set, uint32_t a, uint32_t place);
bool gs_link_set_is_dense(const GsLinkSet *set);

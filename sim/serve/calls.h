/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * What whoever serves a grid is asked and told. One and the same for everything
 * below: the gateway calls it itself. All but `interrupted` may be NULL.
 */
typedef struct {
  /** Whether to end; asked about ten times a second, and at once after mail. */
  bool (*interrupted)(void *data);
  /** It listens now: `served` (of GsServed) has the addresses. */
  void (*started)(const GArray *served, void *data);
  /**
   * An envelope that a node handles now, as it is on the wire; only where one node is all there
   * is, since messages are then handled in the order in which they came.
   */
  void (*receiving)(const GString *envelope, void *data);
  /** An envelope that goes out to a foreign node. */
  void (*sending)(const GString *envelope, void *data);
  /** What whoever serves should know, one line; on any thread. */
  void (*warns)(const char *line, void *data);
  void *data;
} GsServeCalls;

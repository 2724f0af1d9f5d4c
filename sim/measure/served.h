/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/** What became of the traffic of exposed nodes, measured where they are served. */

/** One exposed node, for who shows it. */
typedef struct {
  uint32_t node;
  char *address;          /**< as it listens; owned by the array */
  uint64_t accepted;      /**< messages answered with 200 */
  uint64_t handled;       /**< of those, by the node */
  uint64_t lost;          /**< of those, dropped before the node */
  uint64_t left;          /**< of those, not handled before the end */
  uint64_t refused;       /**< messages answered with 503 since the mailbox was full */
  uint64_t refused_id;    /**< answered with 409, or 503 meanwhile: the id is another node's */
  uint64_t refused_peers; /**< answered with 503: they named one foreign node too many */
  uint64_t asks_failed;   /**< Asks of the node to be a sibling that failed */
  uint64_t forbidden;     /**< messages answered with 403 */
} GsServed;

/** What became of the traffic; nothing accepted is missing: accepted = handled + lost + left. */
typedef struct {
  GArray *served;       /**< of GsServed, by exposure */
  uint64_t sent;        /**< messages handed to foreign nodes' queues */
  uint64_t delivered;   /**< of those, answered with 2xx */
  uint64_t undelivered; /**< of those, not */
  uint64_t unsent;      /**< messages to foreign nodes that found their queue full, or no address */
} GsServeReport;
void gs_serve_report_clear(GsServeReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GsServeReport, gs_serve_report_clear)

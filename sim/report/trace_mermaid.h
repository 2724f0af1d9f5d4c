/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "sim/run/trace.h"

/**
 * A run as a Mermaid sequence diagram, for documents: who sends what to whom, in the order of
 * sending, with notes for moments and for changes of a gridnet.
 *
 * What nodes are called is escaped, so that no name can end a line or be taken for syntax. A
 * diagram is for small runs: it is cut, and says so. One thread.
 */
typedef struct GsTraceMermaid GsTraceMermaid;

/** Messages that are drawn; later ones are only counted. */
#define GS_TRACE_MERMAID_MESSAGES_MAX 500u

/** `scenario` is borrowed until the end. O(nodes). */
GsTraceMermaid *gs_trace_mermaid_new(const GsScenario *scenario);
/** Frees it; NULL is fine. */
void gs_trace_mermaid_free(GsTraceMermaid *mermaid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsTraceMermaid, gs_trace_mermaid_free)

/** What a run of the scenario is to tell; `mermaid` is borrowed. Memory is bounded by the limit. */
GsTraceSink gs_trace_mermaid_sink(GsTraceMermaid *mermaid);
/** Writes the diagram of what was told so far. Errors stay in the stream, for its owner. */
void gs_trace_mermaid_write(const GsTraceMermaid *mermaid, FILE *file);

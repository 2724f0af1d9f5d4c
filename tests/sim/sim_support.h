/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/explore/tree.h"
#include "sim/run/run.h"

/** For tests that run scenarios: everything asserts that it worked. */

/** A scenario from its JSON text, which may use ' for ". */
GsScenario *gs_test_scenario(const char *format, ...) G_GNUC_PRINTF(1, 2);
/** A document from its JSON text, which may use ' for "; free with gs_tree_free. */
GsTree *gs_test_tree(const char *text);
/** Runs it with one worker, which is the fastest for something small. */
GsResults *gs_test_run(const GsScenario *scenario);
GsResults *gs_test_run_with(const GsScenario *scenario, GsRunnerKind runner, uint32_t workers);

/** (2E − N + 1)(1 + 2N), docs/PROTOCOL.md. */
uint64_t gs_test_update_messages(uint64_t nodes, uint64_t links);

/** Asserts what holds at the end of every lossless run: in sync, no wave open, links on both sides.
 */
void gs_test_assert_settled(const GsResults *results, const char *what);

/** The folder of the checkout; tests run there. */
#define GS_TEST_SCENARIOS "scenarios"

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/forecast/memory_fit.h"

#include <math.h>

#include "core/error.h"
#include "core/saturating.h"
#include "sim/base/system_room.h"
#include "sim/base/text.h"
#include "sim/forecast/forecast.h"

GsMemoryRoom gs_memory_room_now(void) {
  GsRoom room = gs_memory_room(&gs_system_files);
  return (GsMemoryRoom){room.free, room.what, room.reserved};
}

/**
 * About how many nodes would do: of a graph of the same kind waves grow with the
 * square of the nodes, in dense ones messages with the cube, a single wave with
 * the nodes. Two digits, rounded down; 0: none are worth naming.
 */
static uint32_t fewer_nodes(const GsScenario *scenario, const GsMemoryNeed *need,
                            uint64_t available) {
  double exponent = !need->waves_of_all ? 1 : need->dense ? 1.0 / 3 : 0.5;
  double nodes =
      scenario->node_count * pow(0.9 * (double)available / (double)need->bytes, exponent);
  if (nodes < 10)
    return 0;
  double digit = pow(10, floor(log10(nodes)) - 1);
  return (uint32_t)(floor(nodes / digit) * digit);
}

static void add(GPtrArray *advice, char *text) {
  g_ptr_array_add(advice, text);
}

/** Without --why short runs are searched, too, unless nobody reads what is found. */
static const char *advice_against_traces(const GsMemoryPlan *plan) {
  if (plan->searched_max == 0)
    return "no --trace and no --report";
  if (plan->searched_max == UINT64_MAX)
    return plan->tracing ? "no --why, no --trace and no --report" : "no --why";
  return plan->tracing ? "--quiet, no --json, no --trace and no --report"
                       : "--quiet, no --json and no --report";
}

/** Only what would help. */
static GPtrArray *advice_for(const GsScenario *scenario, const GsMemoryPlan *plan,
                             const GsMemoryNeed *need, uint64_t available) {
  GPtrArray *advice = g_ptr_array_new_with_free_func(g_free);
  uint32_t nodes = fewer_nodes(scenario, need, available);
  if (nodes > 0) {
    g_autofree char *count = gs_text_count(nodes);
    add(advice, g_strdup_printf("fewer nodes (about %s)", count));
  }
  if (plan->runner == GS_RUNNER_THREADS && need->bytes - need->thread_bytes <= available)
    add(advice, g_strdup("--runner pool"));
  if (need->trace_bytes > 0 && need->bytes - need->trace_bytes <= available)
    add(advice, g_strdup(advice_against_traces(plan)));
  if (scenario->sync == GS_SYNC_EVERY && need->coalesced_bytes <= available)
    add(advice, g_strdup("\"sync\": \"coalesce\""));
  if (need->waves_of_all && need->single_wave_bytes <= available)
    add(advice, g_strdup("a single wave (\"update_net\") instead of waves of all nodes"));
  return advice;
}

/** A value for --memory with which it fits. */
static char *enough_for(uint64_t bytes) {
  uint64_t mib = bytes / (1 << 20) + 1;
  if (mib < 1 << 10)
    return g_strdup_printf("%" G_GUINT64_FORMAT "MiB", mib);
  return g_strdup_printf("%" G_GUINT64_FORMAT "GiB", mib / (1 << 10) + 1);
}

/** The same need where all that is reserved counts. */
static GsMemoryNeed with_stacks(const GsMemoryNeed *need) {
  GsMemoryNeed all = *need;
  all.thread_bytes += need->stack_bytes;
  all.bytes = gs_saturating_add(need->bytes, need->stack_bytes);
  all.coalesced_bytes = gs_saturating_add(need->coalesced_bytes, need->stack_bytes);
  all.single_wave_bytes = gs_saturating_add(need->single_wave_bytes, need->stack_bytes);
  return all;
}

bool gs_memory_fits(const GsScenario *scenario, const GsMemoryPlan *plan, const GsMemoryNeed *used,
                    const GsMemoryRoom *room, GError **error) {
  GsMemoryNeed reserved = with_stacks(used);
  const GsMemoryNeed *need = room->reserved ? &reserved : used;
  if (need->bytes <= room->bytes)
    return true;
  g_autoptr(GPtrArray) advice = advice_for(scenario, plan, need, room->bytes);
  if (room->reserved)
    add(advice, g_strdup("a higher limit"));
  g_autofree char *needed = gs_text_bytes(need->bytes);
  g_autofree char *there = gs_text_bytes(room->bytes);
  g_autofree char *of = room->what ? g_strdup_printf("%s of %s is free", there, room->what)
                                   : g_strdup_printf("--memory allows %s", there);
  g_autoptr(GString) use = g_string_new(NULL);
  for (guint i = 0; i < advice->len; i++)
    g_string_append_printf(use, "%s%s", i == 0 ? "use " : ", ", (char *)advice->pdata[i]);
  g_autofree char *more = enough_for(need->bytes);
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "this run needs about %s of memory, and %s: %s%s--memory %s%s", needed, of, use->str,
              advice->len > 1   ? ", or "
              : advice->len > 0 ? " or "
                                : "use ",
              more, room->what ? " if you know better" : "");
  return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/report.h"

#include <inttypes.h>

#include "core/json/json_writer.h"
#include "sim/base/text.h"

void gs_found_clear(GsFound *found) {
  g_string_free(found->scenario, TRUE);
  g_string_free(found->transcript, TRUE);
  g_free(found->file);
}

void gs_found_settle(const GArray *found, uint64_t first_seed, GsHunt *hunt) {
  for (guint i = 0; i < found->len; i++) {
    const GsFound *one = &g_array_index(found, GsFound, i);
    if (!one->shrunk.stopped)
      continue;
    hunt->settled = one->failure->seed - first_seed;
    hunt->settled_failed = i;
    hunt->stopped = true;
    return;
  }
}

static void print_found(const GsFound *found, GString *out) {
  const GsFailure *failure = found->failure;
  g_autofree char *nodes = gs_text_plural(found->shrunk.nodes, "node");
  g_autofree char *tried = gs_text_plural(found->shrunk.tried, "scenario");
  g_string_append_printf(out, "Seed %" PRIu64 ": %s\n", failure->seed, failure->says);
  g_autofree char *pins = gs_text_plural(found->shrunk.pins, "named message");
  g_string_append_printf(out, "Smallest that fails so%s: %s, %u %s in the schedule",
                         found->shrunk.ended ? ", as far as it was looked for" : "", nodes,
                         found->shrunk.entries, found->shrunk.entries == 1 ? "entry" : "entries");
  if (found->shrunk.pins)
    g_string_append_printf(out, ", %s", pins);
  g_string_append_printf(out, " (%s tried)\n\n", tried);
  g_string_append(out, found->transcript->str);
  if (found->file)
    g_string_append_printf(out, "\nWritten to %s; gridsim run shows it.\n\n", found->file);
  else
    g_string_append_printf(out, "\n%s\n", found->scenario->str);
}

/** What was tried how often, and how it ended; kinds that there were none of are named below. */
static void print_kinds(const GsHunt *hunt, GString *out) {
  g_autoptr(GString) none = g_string_new(NULL);
  g_string_append_printf(out, "  %-18s%9s %9s %9s %8s %12s\n", "runs with", "runs", "in sync",
                         "at rest", "failed", "messages");
  for (guint i = 0; i < GS_DRAWN_KINDS; i++) {
    const GsTried *tried = &hunt->kinds[i];
    if (tried->runs)
      g_string_append_printf(
          out, "  %-18s%9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %8" PRIu64 " %12" PRIu64 "\n",
          gs_drawn_names[i], tried->runs, tried->in_sync, tried->at_rest, tried->failed,
          tried->messages);
    else
      g_string_append_printf(none, "%s%s", none->len ? ", " : "", gs_drawn_names[i]);
  }
  if (none->len)
    g_string_append_printf(out, "  none with %s\n", none->str);
  g_string_append_c(out, '\n');
}

void gs_explore_text(const GsHunt *hunt, uint64_t first_seed, const GArray *found, GString *out) {
  for (guint i = 0; i < found->len; i++)
    print_found(&g_array_index(found, GsFound, i), out);
  if (hunt->runs)
    print_kinds(hunt, out);
  g_autofree char *runs = gs_text_plural(hunt->runs, "run");
  g_autofree char *messages = gs_text_plural(hunt->messages, "message");
  double rate = hunt->wall_s > 0 ? (double)hunt->runs / hunt->wall_s : 0;
  g_string_append_printf(out, "%s, %s, %.1f s, %.0f runs a second\n", runs, messages, hunt->wall_s,
                         rate);
  if (hunt->runs)
    g_string_append_printf(out, "seeds %" PRIu64 " to %" PRIu64 "; go on with --from %" PRIu64 "\n",
                           first_seed, first_seed + hunt->runs - 1, first_seed + hunt->settled);
  if (hunt->settled < hunt->runs)
    g_string_append_printf(out,
                           "making seed %" PRIu64 " smaller was stopped: who goes on takes it up "
                           "again\n",
                           first_seed + hunt->settled);
  g_string_append_printf(out, "at the end %" PRIu64 " in sync, %" PRIu64 " at rest", hunt->in_sync,
                         hunt->at_rest);
  if (hunt->impossible)
    g_string_append_printf(out, "; %" PRIu64 " of grids that cannot be, not run", hunt->impossible);
  if (hunt->given_up) {
    g_autofree char *most = gs_text_count(hunt->messages_max);
    g_string_append_printf(out,
                           "; %" PRIu64 " given up after %s messages, unchecked (first of them: "
                           "seed %" PRIu64 ")",
                           hunt->given_up, most, hunt->given_up_seed);
  }
  const char *passed = hunt->given_up ? "all checks of the others passed" : "all checks passed";
  g_string_append_printf(out, "\n%s\n",
                         hunt->failures->len ? "checks failed"
                         : hunt->runs        ? passed
                                             : "nothing was run");
  if (hunt->runs_before)
    g_string_append_printf(
        out, "before that %" PRIu64 " runs of the same search, %" PRIu64 " of which failed\n",
        hunt->runs_before, hunt->failed_before);
}

static void write_found(GsJsonWriter *json, const GsFound *found) {
  const GsFailure *failure = found->failure;
  gs_json_begin_object(json);
  gs_json_member_int(json, "seed", (int64_t)failure->seed);
  gs_json_member_string(json, "check", gs_check_names[failure->check]);
  gs_json_member_string(json, "says", failure->says);
  gs_json_member_int(json, "nodes", found->shrunk.nodes);
  gs_json_member_int(json, "entries", found->shrunk.entries);
  gs_json_member_int(json, "named_messages", found->shrunk.pins);
  gs_json_member_int(json, "tried", found->shrunk.tried);
  gs_json_member_bool(json, "smallest", !found->shrunk.ended);
  gs_json_member_string(json, "file", found->file);
  gs_json_member_string(json, "transcript", found->transcript->str);
  g_autoptr(GsJsonDoc) doc = gs_json_parse(
      found->scenario->str, found->scenario->len, NULL,
      &(GsJsonLimits){.max_bytes = GS_SCENARIO_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX}, NULL);
  gs_json_write_key(json, "scenario");
  gs_json_write_value(json, gs_json_root(doc));
  gs_json_end_object(json);
}

static void write_tried(GsJsonWriter *json, const char *name, const GsTried *tried) {
  gs_json_write_key(json, name);
  gs_json_begin_object(json);
  gs_json_member_int(json, "runs", (int64_t)tried->runs);
  gs_json_member_int(json, "in_sync", (int64_t)tried->in_sync);
  gs_json_member_int(json, "at_rest", (int64_t)tried->at_rest);
  gs_json_member_int(json, "failed", (int64_t)tried->failed);
  gs_json_member_int(json, "messages", (int64_t)tried->messages);
  gs_json_end_object(json);
}

void gs_explore_json(const GsHunt *hunt, uint64_t first_seed, const GArray *found, GString *out) {
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(out, 2);
  gs_json_begin_object(json);
  gs_json_member_int(json, "first_seed", (int64_t)first_seed);
  gs_json_member_int(json, "next_seed", (int64_t)(first_seed + hunt->settled));
  gs_json_member_int(json, "runs", (int64_t)hunt->runs);
  gs_json_member_int(json, "failed", (int64_t)hunt->failed);
  gs_json_member_int(json, "runs_before", (int64_t)hunt->runs_before);
  gs_json_member_int(json, "failed_before", (int64_t)hunt->failed_before);
  gs_json_member_int(json, "impossible", (int64_t)hunt->impossible);
  gs_json_member_int(json, "given_up", (int64_t)hunt->given_up);
  gs_json_write_key(json, "given_up_seed");
  if (hunt->given_up)
    gs_json_write_int(json, (int64_t)hunt->given_up_seed);
  else
    gs_json_write_null(json);
  gs_json_member_int(json, "in_sync", (int64_t)hunt->in_sync);
  gs_json_member_int(json, "at_rest", (int64_t)hunt->at_rest);
  gs_json_member_int(json, "messages", (int64_t)hunt->messages);
  gs_json_write_key(json, "kinds");
  gs_json_begin_object(json);
  for (guint i = 0; i < GS_DRAWN_KINDS; i++)
    write_tried(json, gs_drawn_names[i], &hunt->kinds[i]);
  gs_json_end_object(json);
  gs_json_write_key(json, "found");
  gs_json_begin_array(json);
  for (guint i = 0; i < found->len; i++)
    write_found(json, &g_array_index(found, GsFound, i));
  gs_json_end_array(json);
  gs_json_member_bool(json, "stopped", hunt->stopped);
  gs_json_member_double(json, "wall_s", hunt->wall_s);
  gs_json_end_object(json);
  g_string_append_c(out, '\n');
}

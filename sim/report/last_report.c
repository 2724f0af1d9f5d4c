/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/last_report.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/scenario/scenario.h"

/** Columns that a foreign name takes at most in the sentence. */
#define NAME_WIDTH 32
#define WHAT_WIDTH 60

/** A moment with all its digits: moments of a chain may lie nanoseconds apart. */
static void append_moment(GString *out, int64_t ns) {
  g_string_append_printf(out, "%" PRId64, ns / GS_SECOND_NS);
  if (ns % GS_SECOND_NS) {
    g_string_append_printf(out, ".%09" PRId64, ns % GS_SECOND_NS);
    while (out->str[out->len - 1] == '0')
      g_string_truncate(out, out->len - 1);
  }
  g_string_append(out, " s");
}

static void append_fit(GString *out, const char *text, guint width) {
  g_autofree char *clean = gs_text_clean(text);
  g_autofree char *fit = gs_text_fit(clean, width);
  g_string_append(out, fit);
}

static void append_name(GString *out, const GsResults *results, uint32_t node) {
  append_fit(out, results->nodes[node].name, NAME_WIDTH);
}

static void append_link(GString *out, const GsResults *results, const GsChainLink *link) {
  append_name(out, results, link->from);
  g_string_append(out, " → ");
  append_name(out, results, link->to);
  /* Between nodes only floods are told. */
  g_string_append_printf(out, " %s%s%s ",
                         link->env == GS_TELL ? "" : gs_envelope_type_name(link->env),
                         link->env == GS_TELL ? "" : " ", gs_message_type_name(link->type));
  append_moment(out, link->handled_ns);
}

static void append_chain(GString *out, const GsResults *results) {
  const GsLastInSync *last = results->last;
  if (last->length == 0) {
    g_string_append(out, "it waited for no message");
    return;
  }
  g_autofree char *messages = gs_text_plural(last->length, "message");
  g_string_append_printf(out, "it waited for %s%s, handled at: ", messages,
                         last->length == 1 ? "" : ", each sent because of the one before");
  bool all = last->length <= GS_CHAIN_ALL_SHOWN;
  for (uint32_t i = 0; i < last->link_count; i++) {
    if (!all && i == GS_CHAIN_END_SHOWN) {
      g_autofree char *more = gs_text_count(last->length - 2 * GS_CHAIN_END_SHOWN);
      g_string_append_printf(out, "… (%s left out) …, ", more);
      i = last->link_count - GS_CHAIN_END_SHOWN;
    }
    append_link(out, results, &last->links[i]);
    if (i + 1 < last->link_count)
      g_string_append(out, ", ");
  }
}

/** Where disturbances overlap, what was waited for can come from another. */
static void append_origin(GString *out, const GsResults *results) {
  const GsLastInSync *last = results->last;
  if (last->told_cause == last->disturbance)
    return;
  if (last->told_cause == GS_CAUSE_RECOVERY) {
    g_string_append(out, "; this began with what ");
    append_name(out, results, last->told_node);
    g_string_append(out, " did on its own at ");
    append_moment(out, last->told_ns);
    return;
  }
  g_string_append(out, "; this began with ");
  if (last->told_cause < results->disturbance_count)
    append_fit(out, results->disturbances[last->told_cause].what, WHAT_WIDTH);
  else
    g_string_append(out, "a disturbance that is not listed");
  g_string_append(out, ", told at ");
  append_moment(out, last->told_ns);
}

/** No node did anything: what they had became right. */
static void append_turn(GString *out, const GsResults *results) {
  const GsLastInSync *last = results->last;
  const GsDisturbance *disturbance = &results->disturbances[last->disturbance];
  g_autofree char *after = gs_text_span(disturbance->converged_after_ns);
  g_string_append(out, "none: what is right became what all nodes had, at ");
  append_moment(out, last->at_ns);
  g_string_append(out, " (");
  append_fit(out, results->disturbances[last->turn].what, WHAT_WIDTH);
  g_string_append_printf(out, "), %s after ", after);
  append_fit(out, disturbance->what, WHAT_WIDTH);
}

static bool all_are_over(const GsResults *results) {
  for (uint32_t i = 0; i < results->disturbance_count; i++) {
    if (results->disturbances[i].converged_after_ns < 0)
      return false;
  }
  return true;
}

static void append_found(GString *out, const GsResults *results) {
  static const char *const own[] = {[GS_LAST_GRIDNET] = "",
                                    [GS_LAST_ENERGY] = " with its new energy",
                                    [GS_LAST_SIBLING] = " with its new sibling"};
  static const char *const others[] = {
      [GS_LAST_GRIDNET] = "",
      [GS_LAST_ENERGY] = " with its new energy, which made all gridnets right,",
      [GS_LAST_SIBLING] = " with its new sibling, which made all gridnets right,"};
  const GsLastInSync *last = results->last;
  const GsDisturbance *disturbance = &results->disturbances[last->disturbance];
  if (last->change == GS_LAST_NOTHING) {
    g_string_append(out, all_are_over(results)
                             ? "none: every node stayed in sync"
                             : "none: after the only disturbances that were over for good, every "
                               "node had stayed in sync");
    return;
  }
  if (last->change == GS_LAST_TRUTH) {
    append_turn(out, results);
    return;
  }
  append_name(out, results, last->node);
  bool is_own = last->told_cause == last->disturbance;
  g_string_append_printf(out, "%s at ", (is_own ? own : others)[last->change]);
  append_moment(out, last->at_ns);
  g_autofree char *after = gs_text_span(disturbance->converged_after_ns);
  g_string_append_printf(out, ", %s after ", after);
  append_fit(out, disturbance->what, WHAT_WIDTH);
  g_string_append(out, "; ");
  append_chain(out, results);
  append_origin(out, results);
}

char *gs_last_text(const GsResults *results) {
  const GsLastInSync *last = results->last;
  if (!last || results->disturbance_count == 0)
    return NULL;
  GString *out = g_string_new(NULL);
  g_autofree char *most = gs_text_count(last->messages_max);
  switch (last->state) {
  case GS_LAST_FOUND:
    append_found(out, results);
    break;
  case GS_LAST_NONE:
    g_string_append(out, "none: after no disturbance did all nodes come into sync for good");
    break;
  case GS_LAST_TOO_MANY:
    g_string_append_printf(out,
                           "not looked for, since there were more than %s messages; --why does "
                           "the run once more for it",
                           most);
    break;
  case GS_LAST_INTERRUPTED:
    g_string_append(out, "not found: interrupted");
    break;
  case GS_LAST_FAILED:
    g_string_append(out, "not found: ");
    append_fit(out, last->error, G_MAXUINT);
    break;
  }
  return g_string_free(out, FALSE);
}

static void write_moment(GsJsonWriter *json, const char *key, int64_t ns) {
  gs_json_member_double(json, key, (double)ns / (double)GS_SECOND_NS);
}

static void write_chain(const GsResults *results, GsJsonWriter *json) {
  const GsLastInSync *last = results->last;
  gs_json_member_int(json, "chain_length", (int64_t)last->length);
  gs_json_member_int(json, "chain_left_out", (int64_t)(last->length - last->link_count));
  gs_json_write_key(json, "chain");
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < last->link_count; i++) {
    const GsChainLink *link = &last->links[i];
    gs_json_compact_next(json);
    gs_json_begin_object(json);
    gs_json_member_int(json, "hop", (int64_t)gs_chain_hop(last, i));
    gs_json_member_string(json, "from", results->nodes[link->from].name);
    gs_json_member_string(json, "to", results->nodes[link->to].name);
    gs_json_member_string(json, "env", gs_envelope_type_name(link->env));
    gs_json_member_string(json, "type", gs_message_type_name(link->type));
    g_autofree char *wave = link->wave.count ? g_strdup_printf("%" PRIu64 ":%" PRIu64,
                                                               link->wave.space, link->wave.count)
                                             : NULL;
    gs_json_member_string(json, "wave", wave);
    write_moment(json, "sent_s", link->sent_ns);
    write_moment(json, "handled_s", link->handled_ns);
    gs_json_end_object(json);
  }
  gs_json_end_array(json);
}

/** What the chain begins with. */
static void write_told(const GsResults *results, GsJsonWriter *json) {
  const GsLastInSync *last = results->last;
  gs_json_write_key(json, "told");
  gs_json_compact_next(json);
  gs_json_begin_object(json);
  gs_json_write_key(json, "disturbance");
  bool listed = last->told_cause < results->disturbance_count;
  if (listed)
    gs_json_write_int(json, last->told_cause);
  else
    gs_json_write_null(json);
  gs_json_member_string(json, "what", listed ? results->disturbances[last->told_cause].what : NULL);
  gs_json_member_string(json, "node", results->nodes[last->told_node].name);
  write_moment(json, "at_s", last->told_ns);
  if (last->told_cause == GS_CAUSE_RECOVERY)
    gs_json_member_bool(json, "on_its_own", true);
  gs_json_end_object(json);
}

void gs_last_write(const GsResults *results, GsJsonWriter *json) {
  static const char *const states[] = {[GS_LAST_FOUND] = "found",
                                       [GS_LAST_NONE] = "none",
                                       [GS_LAST_TOO_MANY] = "not-looked-for",
                                       [GS_LAST_INTERRUPTED] = "interrupted",
                                       [GS_LAST_FAILED] = "failed"};
  static const char *const changes[] = {[GS_LAST_NOTHING] = NULL,
                                        [GS_LAST_GRIDNET] = "gridnet",
                                        [GS_LAST_ENERGY] = "energy",
                                        [GS_LAST_SIBLING] = "sibling",
                                        [GS_LAST_TRUTH] = "truth"};
  const GsLastInSync *last = results->last;
  gs_json_write_key(json, "last_in_sync");
  if (!last) {
    gs_json_write_null(json);
    return;
  }
  g_autofree char *text = gs_last_text(results);
  gs_json_begin_object(json);
  gs_json_member_string(json, "state", states[last->state]);
  gs_json_member_string(json, "text", text);
  if (last->state == GS_LAST_FOUND) {
    const GsDisturbance *disturbance = &results->disturbances[last->disturbance];
    gs_json_member_int(json, "disturbance", last->disturbance);
    gs_json_member_string(json, "what", disturbance->what);
    write_moment(json, "after_s", disturbance->converged_after_ns);
    gs_json_member_string(json, "change", changes[last->change]);
    if (last->change == GS_LAST_TRUTH) {
      write_moment(json, "at_s", last->at_ns);
      gs_json_member_int(json, "turn", last->turn);
    } else if (last->change != GS_LAST_NOTHING) {
      gs_json_member_string(json, "node", results->nodes[last->node].name);
      write_moment(json, "at_s", last->at_ns);
      write_told(results, json);
      write_chain(results, json);
    }
  }
  gs_json_end_object(json);
}

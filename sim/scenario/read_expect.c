/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"
#include "sim/scenario/read_parts.h"

static bool read_gridnet(GsReader *reader, const GsJson *value) {
  GsScenarioExpect *expect = &reader->scenario->expect;
  if (!value)
    return true;
  if (gs_json_type(value) != GS_JSON_OBJECT) {
    expect->gridnet_all_given = true;
    return gs_read_energy_number(reader, value, -GS_JSON_EXACT_MAX, GS_JSON_EXACT_MAX,
                                 &expect->gridnet_all);
  }
  for (const GsJson *member = gs_json_first(value); member; member = gs_json_next(member)) {
    GsExpectGridnet gridnet = {0};
    if (!gs_reader_find_node(reader, member, gs_json_key(member), &gridnet.node) ||
        !gs_read_energy_number(reader, member, -GS_JSON_EXACT_MAX, GS_JSON_EXACT_MAX,
                               &gridnet.value))
      return false;
    g_array_append_val(expect->gridnets, gridnet);
  }
  return true;
}

static bool read_messages(GsReader *reader, const GsJson *value) {
  static const char *const allowed[] = {"total",    "tell",       "ask",
                                        "response", "AddSibling", "UpdateEnergy",
                                        "SyncGrid", "UpdateNet",  NULL};
  if (!value)
    return true;
  if (!gs_read_object(reader, value, allowed))
    return false;
  for (const GsJson *member = gs_json_first(value); member; member = gs_json_next(member)) {
    int64_t count;
    if (!gs_read_integer(reader, member, 0, GS_NODE_ID_MAX, &count))
      return false;
    GsExpectMessages messages = {g_strdup(gs_json_key(member)), (uint64_t)count};
    g_array_append_val(reader->scenario->expect.messages, messages);
  }
  return true;
}

const char *const gs_check_names[GS_CHECKS + 1] = {"in-sync", "rest",   "siblings", "sums",
                                                   "ids",     "memory", NULL};

typedef struct {
  GsReader *reader;
  GsCheckSet set;
} CheckList;

static bool read_check(const GsJson *value, guint index, void *data) {
  CheckList *list = data;
  guint check = 0;
  (void)index;
  if (!gs_read_choice(list->reader, value, gs_check_names, &check))
    return false;
  if (list->set & gs_check_set((GsCheck)check))
    return gs_reader_fail(list->reader, value, "\"%s\" is named twice", gs_check_names[check]);
  list->set |= gs_check_set((GsCheck)check);
  return true;
}

static bool read_checks(GsReader *reader, const GsJson *value) {
  if (!value)
    return true;
  CheckList list = {reader, 0};
  if (gs_json_type(value) == GS_JSON_ARRAY) {
    if (!gs_read_array(reader, value, 1) || !gs_json_each(reader->doc, value, read_check, &list))
      return false;
  } else if (g_strcmp0(gs_json_string(value), "all") == 0) {
    list.set = GS_CHECKS_ALL;
  } else {
    return gs_reader_fail_found(reader, value, "\"all\" or an array of names of checks");
  }
  reader->scenario->expect.checks = list.set;
  return true;
}

/** How soon after the last disturbance the checks of the end are to be passed. */
static bool read_within(GsReader *reader, const GsJson *value) {
  GsScenarioExpect *expect = &reader->scenario->expect;
  if (!gs_read_duration(reader, value, &expect->within_ns))
    return false;
  GsCheckSet of = gs_check_set(GS_CHECK_IN_SYNC) | gs_check_set(GS_CHECK_REST);
  return !value || expect->checks & of ||
         gs_reader_fail(reader, value,
                        "\"within\" is of the checks \"in-sync\" and \"rest\"; none is made");
}

bool gs_read_expect(GsReader *reader, const GsJson *value) {
  static const char *const allowed[] = {"converged", "gridnet", "messages", "converged_within",
                                        "checks",    "within",  NULL};
  GsScenarioExpect *expect = &reader->scenario->expect;
  if (!value)
    return true;
  if (!gs_read_object(reader, value, allowed))
    return false;
  const GsJson *converged = gs_json_member(value, "converged");
  bool is_converged = false;
  if (!gs_read_bool(reader, converged, &is_converged))
    return false;
  if (converged)
    expect->converged = is_converged;
  return read_gridnet(reader, gs_json_member(value, "gridnet")) &&
         read_messages(reader, gs_json_member(value, "messages")) &&
         read_checks(reader, gs_json_member(value, "checks")) &&
         read_within(reader, gs_json_member(value, "within")) &&
         gs_read_duration(reader, gs_json_member(value, "converged_within"),
                          &expect->converged_within_ns);
}

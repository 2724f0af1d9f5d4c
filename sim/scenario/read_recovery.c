/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/base/duration.h"
#include "sim/scenario/read_parts.h"

/** A duration of at least that, or the word for 0. */
static bool read_duration_or(GsReader *reader, const GsJson *json, const char *word, int64_t min_ns,
                             int64_t *out) {
  if (!json)
    return true;
  if (gs_json_type(json) == GS_JSON_STRING && strcmp(gs_json_string(json), word) == 0) {
    *out = 0;
    return true;
  }
  g_autofree char *least = gs_duration_format(min_ns);
  g_autofree char *allowed = g_strdup_printf("\"%s\" or a duration of at least %s", word, least);
  const char *text = gs_json_string(json);
  bool is_time = gs_json_type(json) == GS_JSON_NUMBER || (text && g_ascii_isdigit(*text));
  if (!is_time)
    return gs_reader_fail_found(reader, json, allowed);
  return gs_read_duration(reader, json, out) &&
         (*out >= min_ns || gs_reader_fail_found(reader, json, allowed));
}

static bool read_rules(GsReader *reader, const GsJson *json, GsRecoveryRules *rules) {
  static const char *const members[] = {"limit", "resync", NULL};
  const GsJson *limit = gs_json_member(json, "limit"), *resync = gs_json_member(json, "resync");
  if (!gs_read_object(reader, json, members))
    return false;
  return read_duration_or(reader, limit, "auto", GS_RECOVERY_LIMIT_NS_MIN, &rules->limit_ns) &&
         read_duration_or(reader, resync, "never", GS_RECOVERY_RESYNC_NS_MIN, &rules->resync_ns);
}

bool gs_read_recovery(GsReader *reader, const GsJson *json) {
  static const char *const words[] = {"none", "standard", NULL};
  GsScenario *scenario = reader->scenario;
  scenario->recovery = gs_recovery_standard;
  if (!json)
    return true;
  scenario->recovery_said = GS_RECOVERY_RULES;
  if (gs_json_type(json) == GS_JSON_OBJECT)
    return read_rules(reader, json, &scenario->recovery);
  if (gs_json_type(json) != GS_JSON_STRING)
    return gs_reader_fail_found(
        reader, json, "\"none\", \"standard\" or an object with \"limit\" and \"resync\"");
  guint word = 0;
  if (!gs_read_choice(reader, json, words, &word))
    return false;
  if (word == 0)
    scenario->recovery_said = GS_RECOVERY_NONE;
  return true;
}

bool gs_read_recovery_served(GsReader *reader) {
  GsScenario *scenario = reader->scenario;
  scenario->recovery_served = gs_recovery_standard;
  scenario->recovery_served.resync_ns =
      MAX(gs_recovery_standard.resync_ns, scenario->node_count * GS_SERVED_RESYNC_NS_PER_NODE);
  return true;
}

char *gs_recovery_limit_text(const GsRecoveryRules *rules) {
  return rules->limit_ns ? gs_duration_format(rules->limit_ns) : g_strdup("auto");
}

char *gs_recovery_resync_text(const GsRecoveryRules *rules) {
  return rules->resync_ns ? gs_duration_format(rules->resync_ns) : g_strdup("never");
}

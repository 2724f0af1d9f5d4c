/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/baseline.h"

#include <string.h>

#include "sim/base/text.h"
#include "sim/report/words.h"

static bool is_in(const char *path, const char *part) {
  gsize length = strlen(part);
  return strncmp(path, part, length) == 0 && (path[length] == '\0' || path[length] == '.');
}

/** Whether an axis varies what is at the path, or all around it; one of one value varies nothing.
 */
static bool varies(const GsSweep *sweep, const char *part) {
  for (guint i = 0; i < sweep->axes->len; i++) {
    const GsAxis *axis = sweep->axes->pdata[i];
    if (axis->values->len < 2)
      continue;
    if (axis->kind == GS_AXIS_SCENARIO)
      return true;
    if (axis->kind == GS_AXIS_PATH && (is_in(axis->path, part) || is_in(part, axis->path)))
      return true;
  }
  return false;
}

/** Whether some cells may lose messages, or have faults, and others not. */
static bool losing_varies(const GsSweep *sweep) {
  static const char *const deciding[] = {"loss", "lost", "network", "links", "schedule", "faults"};
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    if (axis->values->len < 2)
      continue;
    if (axis->kind == GS_AXIS_SCENARIO)
      return true;
    for (guint i = 0; axis->kind == GS_AXIS_PATH && i < G_N_ELEMENTS(deciding); i++)
      if (g_str_has_suffix(axis->path, deciding[i]))
        return true;
  }
  return false;
}

/** Which rules of recovery hold; cells of which nothing is said may differ in that. */
static void append_recovery(const GsSweep *sweep, const GsScenario *scenario, GString *out) {
  if (varies(sweep, "recovery")) {
    g_string_append(out, " Recovery: as varied.");
    return;
  }
  GsRecoveryReason reason = gs_scenario_recovery_reason(scenario, false);
  bool is_certain = reason == GS_RECOVERY_AS_SET || reason == GS_RECOVERY_FOR_FAULTS;
  if (!is_certain && losing_varies(sweep)) {
    g_string_append(out, " Recovery: standard in cells with faults, or in which messages may be "
                         "lost; none in others.");
    return;
  }
  g_autofree char *recovery = gs_words_recovery_why(scenario, false);
  if (reason != GS_RECOVERY_NOT_NEEDED)
    g_string_append_printf(out, " Recovery: %s.", recovery);
}

static void append_rules(const GsSweep *sweep, const GsScenario *scenario, GString *out) {
  GsNetworkVaries parts = {.latency = varies(sweep, "network.latency"),
                           .jitter = varies(sweep, "network.jitter"),
                           .order = varies(sweep, "network.fifo"),
                           .loss = varies(sweep, "network.loss"),
                           .duplicate = varies(sweep, "network.duplicate"),
                           .tries = varies(sweep, "network.transport")};
  g_autofree char *network = gs_words_network_but(scenario, &parts);
  g_string_append_printf(out, " Network: %s.", network);
  append_recovery(sweep, scenario, out);
  bool pace_varies = varies(sweep, "pace");
  if (pace_varies || scenario->receive_every_ns > 0 || scenario->send_every_ns > 0) {
    g_autofree char *pace = gs_words_pace(scenario);
    g_string_append_printf(out, " Pace: %s.", pace_varies ? "as varied" : pace);
  }
  bool protocol_varies = varies(sweep, "protocol"), sync_varies = varies(sweep, "sync");
  if (protocol_varies || sync_varies || scenario->protocol != GS_PROTOCOL_ECHO ||
      scenario->sync != GS_SYNC_EVERY)
    g_string_append_printf(out, " Protocol: %s, sync %s.",
                           protocol_varies ? "as varied"
                                           : gs_words_protocol_name(scenario->protocol),
                           sync_varies ? "as varied" : gs_words_sync_name(scenario->sync));
}

/** What is the same in all cells but was not so in the scenario. */
static void append_set(const GsSweep *sweep, GString *out) {
  for (guint i = 0; i + 1 < sweep->overrides->len; i += 2) {
    const char *path = sweep->overrides->pdata[i], *value = sweep->overrides->pdata[i + 1];
    g_string_append_printf(out, "%s%s=%s", i ? ", " : " Set in all: ", path, value);
  }
  if (sweep->overrides->len > 0)
    g_string_append_c(out, '.');
}

char *gs_study_baseline(const GsSweep *sweep) {
  const GsSweepBase *base = sweep->bases->pdata[0];
  GString *out = g_string_new(NULL);
  if (g_str_equal(base->text, gs_sweep_builtin))
    g_string_append(out, gs_sweep_builtin_words);
  else if (sweep->bases->len == 1)
    g_string_append_printf(out, "The scenario %s.", base->source);
  else
    g_string_append_printf(out, "%u scenarios side by side.", sweep->bases->len);
  append_set(sweep, out);
  /* Of several scenarios each has its own; a cell that cannot be has none. */
  g_autoptr(GsScenario) scenario = NULL;
  for (uint32_t cell = 0; sweep->bases->len == 1 && !scenario && cell < sweep->cell_count; cell++)
    scenario = gs_sweep_scenario(sweep, cell, 0, NULL);
  if (scenario)
    append_rules(sweep, scenario, out);
  return g_string_free(out, FALSE);
}

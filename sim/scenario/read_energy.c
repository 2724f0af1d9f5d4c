/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"
#include "sim/base/quote.h"
#include "sim/scenario/read_parts.h"

/** Two whole numbers of energy; `rising`: the second is not below the first. */
static bool read_two(GsReader *reader, const GsJson *value, bool rising, GsDistribution *out) {
  if (!gs_read_array(reader, value, 0))
    return false;
  guint count = gs_json_count(value);
  if (count != 2)
    return gs_reader_fail(reader, value, "found an array of %u; must be two whole numbers", count);
  int64_t first, second;
  const GsJson *low = gs_json_first(value), *high = gs_json_next(low);
  if (!gs_read_energy_number(reader, low, 0, GS_ENERGY_MAX, &first) ||
      !gs_read_energy_number(reader, high, rising ? first : 0, GS_ENERGY_MAX, &second))
    return false;
  out->a = (double)first;
  out->b = (double)second;
  return true;
}

/** {"mean": …, "sd": …} or {"median": …, "sigma": …}. */
static bool read_centre_and_spread(GsReader *reader, const GsJson *value, const char *const *names,
                                   double most, GsDistribution *out) {
  if (!gs_read_object(reader, value, names))
    return false;
  for (guint i = 0; names[i]; i++)
    if (!gs_json_member(value, names[i]))
      return gs_reader_fail_missing(reader, value, names[i], gs_json_key(value));
  return gs_read_number(reader, gs_json_member(value, names[0]), 0, (double)GS_ENERGY_MAX,
                        &out->a) &&
         gs_read_number(reader, gs_json_member(value, names[1]), 0, most, &out->b);
}

static bool read_drawn(GsReader *reader, const GsJson *value, bool ramp_allowed,
                       GsScheduleValue *out) {
  static const char *const kinds[] = {"uniform",   "normal", "exponential",
                                      "lognormal", "ramp",   NULL};
  static const char *const kinds_at_start[] = {"uniform", "normal", "exponential", "lognormal",
                                               NULL};
  static const char *const normal[] = {"mean", "sd", NULL};
  static const char *const lognormal[] = {"median", "sigma", NULL};
  const char *const *allowed = ramp_allowed ? kinds : kinds_at_start;
  const GsJson *only = gs_read_only(reader, value, allowed);
  if (!only)
    return false;
  GsDistribution *distribution = &out->distribution;
  switch (gs_json_key(only)[0]) {
  case 'u':
    distribution->kind = GS_DISTRIBUTION_UNIFORM;
    return read_two(reader, only, true, distribution);
  case 'r':
    out->ramp = true;
    return read_two(reader, only, false, distribution);
  case 'n':
    distribution->kind = GS_DISTRIBUTION_NORMAL;
    return read_centre_and_spread(reader, only, normal, (double)GS_ENERGY_MAX, distribution);
  case 'l':
    distribution->kind = GS_DISTRIBUTION_LOGNORMAL;
    return read_centre_and_spread(reader, only, lognormal, 10, distribution);
  default:
    distribution->kind = GS_DISTRIBUTION_EXPONENTIAL;
    return gs_read_number(reader, only, 0, (double)GS_ENERGY_MAX, &distribution->a);
  }
}

bool gs_read_energy(GsReader *reader, const GsJson *value, bool ramp_allowed,
                    GsScheduleValue *out) {
  if (!value)
    return true;
  *out = (GsScheduleValue){.given = true};
  if (gs_json_type(value) == GS_JSON_OBJECT)
    return read_drawn(reader, value, ramp_allowed, out);
  int64_t constant;
  if (!gs_read_energy_number(reader, value, 0, GS_ENERGY_MAX, &constant))
    return false;
  out->distribution = gs_distribution_constant((double)constant);
  return true;
}

static void set_start(const GsScenario *scenario, uint32_t entry, uint32_t node,
                      const GsScheduleValue *value, int64_t *energy) {
  if (!value->given)
    return;
  /* Production and consumption are drawn apart: even and odd counts. */
  bool odd = energy == &scenario->nodes[node].consumption;
  GsDraw at = {scenario->seed, GS_PURPOSE_NODE_ENERGY, node, (uint64_t)entry * 2 + odd};
  *energy = gs_distribution_draw(&value->distribution, at, 0, GS_ENERGY_MAX);
}

static bool read_start_entry(GsReader *reader, const GsJson *value, uint32_t entry) {
  static const char *const allowed[] = {"node", "production", "consumption", NULL};
  GsScenario *scenario = reader->scenario;
  GsScheduleValue production = {0}, consumption = {0};
  if (!gs_read_object(reader, value, allowed))
    return false;
  const GsJson *node = gs_json_member(value, "node");
  if (!node)
    return gs_reader_fail_missing(reader, value, "node", "an energy");
  if (!gs_read_energy(reader, gs_json_member(value, "production"), false, &production) ||
      !gs_read_energy(reader, gs_json_member(value, "consumption"), false, &consumption))
    return false;
  scenario->energies_drawn |= production.distribution.kind != GS_DISTRIBUTION_CONSTANT ||
                              consumption.distribution.kind != GS_DISTRIBUTION_CONSTANT;
  if (!production.given && !consumption.given)
    return gs_reader_fail_missing(reader, value, "production\" or \"consumption", "an energy");
  GsNodeChoice choice;
  if (!gs_read_nodes_chosen(reader, node, &choice))
    return false;
  uint32_t count = choice.all ? scenario->node_count : choice.count;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t index = choice.all ? i : choice.nodes[i];
    set_start(scenario, entry, index, &production, &scenario->nodes[index].production);
    set_start(scenario, entry, index, &consumption, &scenario->nodes[index].consumption);
  }
  g_free(choice.nodes);
  return true;
}

bool gs_read_start_energies(GsReader *reader, const GsJson *value) {
  uint32_t entry = 0;
  if (!value)
    return true;
  if (!gs_read_array(reader, value, 0))
    return false;
  for (const GsJson *item = gs_json_first(value); item; item = gs_json_next(item))
    if (!read_start_entry(reader, item, entry++))
      return false;
  return true;
}

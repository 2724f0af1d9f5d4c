/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"
#include "sim/scenario/read_parts.h"

static const char *const names[2] = {"production", "consumption"};

/** Up to so many nodes no sum can be too large, whatever each of them has. */
static bool any_sum_fits(const GsReader *reader) {
  return reader->scenario->node_count <= reader->limits->max_energy_sum / GS_ENERGY_MAX;
}

/** Adds `count` times `each`; false, and nothing is added, where that would be too much. */
static bool add(const GsReader *reader, int64_t *sum, uint32_t count, int64_t each) {
  int64_t left = reader->limits->max_energy_sum - *sum;
  if (each > 0 && count > left / each)
    return false;
  *sum += count * each;
  return true;
}

bool gs_check_start_energy_sums(GsReader *reader, const GsJson *root) {
  const GsScenario *scenario = reader->scenario;
  static const char *const places[] = {"energy", "nodes", "topology"};
  if (any_sum_fits(reader))
    return true;
  for (uint32_t i = 0; i < scenario->node_count; i++)
    for (guint k = 0; k < 2; k++) {
      int64_t energy = k ? scenario->nodes[i].consumption : scenario->nodes[i].production;
      if (add(reader, &reader->sums.at_start[k], 1, energy))
        continue;
      const GsJson *place = NULL;
      for (guint p = 0; p < G_N_ELEMENTS(places) && !place; p++)
        place = gs_json_member(root, places[p]);
      return gs_reader_fail_limit(
          reader, place,
          "the %s of all nodes adds up to more than %" G_GINT64_FORMAT
          " %s, the most that sums can hold; in a larger unit the numbers are smaller",
          names[k], reader->limits->max_energy_sum, scenario->unit);
    }
  return true;
}

/** The most that an occurrence of an entry can set. */
static int64_t most_of(const GsScheduleValue *value) {
  if (!value->given)
    return 0;
  if (value->ramp)
    return (int64_t)MAX(value->distribution.a, value->distribution.b);
  return gs_distribution_ceiling(&value->distribution, GS_ENERGY_MAX);
}

bool gs_check_entry_energy_sums(GsReader *reader, const GsJson *value,
                                const GsScheduleEntry *entry) {
  if (entry->kind != GS_DO_UPDATE_ENERGY || any_sum_fits(reader))
    return true;
  for (guint k = 0; k < 2; k++) {
    int64_t each = most_of(k ? &entry->consumption : &entry->production);
    int64_t *all = &reader->sums.of_all[k], *listed = &reader->sums.of_listed[k];
    bool fits = entry->all || add(reader, listed, entry->node_count, each);
    if (entry->all)
      *all = MAX(*all, each);
    int64_t sum = reader->sums.at_start[k];
    if (fits && add(reader, &sum, reader->scenario->node_count, *all) &&
        add(reader, &sum, 1, *listed))
      continue;
    return gs_reader_fail_limit(
        reader, value,
        "with what is before this, the %s of all nodes could add up to more than %" G_GINT64_FORMAT
        " %s, the most that sums can hold; in a larger unit the numbers are smaller",
        names[k], reader->limits->max_energy_sum, reader->scenario->unit);
  }
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/quote.h"
#include "sim/scenario/read_parts.h"

static bool read_uniform(GsReader *reader, const GsJson *value, GsDistribution *out) {
  if (!gs_read_array(reader, value, 0))
    return false;
  guint count = gs_json_count(value);
  if (count != 2)
    return gs_reader_fail(reader, value, "found an array of %u; must be two durations", count);
  const GsJson *low = gs_json_first(value), *high = gs_json_next(low);
  int64_t low_ns, high_ns;
  if (!gs_read_duration(reader, low, &low_ns) || !gs_read_duration(reader, high, &high_ns))
    return false;
  if (high_ns < low_ns)
    return gs_reader_fail_found(reader, high, "at least the first duration");
  *out = (GsDistribution){GS_DISTRIBUTION_UNIFORM, (double)low_ns, (double)high_ns};
  return true;
}

static bool read_lognormal(GsReader *reader, const GsJson *value, GsDistribution *out) {
  static const char *const allowed[] = {"median", "sigma", NULL};
  if (!gs_read_object(reader, value, allowed))
    return false;
  const GsJson *median = gs_json_member(value, "median"), *sigma = gs_json_member(value, "sigma");
  if (!median || !sigma)
    return gs_reader_fail_missing(reader, value, median ? "sigma" : "median", "lognormal");
  int64_t median_ns;
  *out = (GsDistribution){.kind = GS_DISTRIBUTION_LOGNORMAL};
  if (!gs_read_duration(reader, median, &median_ns) ||
      !gs_read_number(reader, sigma, 0, 10, &out->b))
    return false;
  out->a = (double)median_ns;
  return true;
}

static bool read_distribution(GsReader *reader, const GsJson *value, GsDistribution *out) {
  static const char *const allowed[] = {"constant", "uniform", "exponential", "lognormal", NULL};
  const GsJson *only = gs_read_only(reader, value, allowed);
  if (!only)
    return false;
  int64_t ns;
  switch (gs_json_key(only)[0]) {
  case 'u':
    return read_uniform(reader, only, out);
  case 'l':
    return read_lognormal(reader, only, out);
  default:
    if (!gs_read_duration(reader, only, &ns))
      return false;
    *out = gs_distribution_constant((double)ns);
    if (gs_json_key(only)[0] == 'e')
      out->kind = GS_DISTRIBUTION_EXPONENTIAL;
    return true;
  }
}

bool gs_read_delay(GsReader *reader, const GsJson *value, bool jitter, GsDistribution *out) {
  if (!value)
    return true;
  int64_t ns;
  switch (gs_json_type(value)) {
  case GS_JSON_OBJECT:
    return read_distribution(reader, value, out);
  case GS_JSON_STRING:
  case GS_JSON_NUMBER:
    break;
  default:
    return gs_reader_fail_found(reader, value,
                                "a duration such as \"1.5s\", or an object with a distribution");
  }
  if (!gs_read_duration(reader, value, &ns))
    return false;
  if (jitter && ns > 0)
    *out = (GsDistribution){GS_DISTRIBUTION_UNIFORM, 0, (double)ns};
  else
    *out = gs_distribution_constant((double)ns);
  return true;
}

bool gs_read_network(GsReader *reader, const GsJson *value) {
  static const char *const allowed[] = {"latency", "jitter",    "loss",     "duplicate",
                                        "fifo",    "transport", "messages", NULL};
  GsScenario *scenario = reader->scenario;
  if (!value)
    return true;
  return gs_read_object(reader, value, allowed) &&
         gs_read_delay(reader, gs_json_member(value, "latency"), false, &scenario->latency) &&
         gs_read_delay(reader, gs_json_member(value, "jitter"), true, &scenario->jitter) &&
         gs_read_probability(reader, gs_json_member(value, "loss"), &scenario->loss) &&
         gs_read_probability(reader, gs_json_member(value, "duplicate"), &scenario->duplicate) &&
         gs_read_bool(reader, gs_json_member(value, "fifo"), &scenario->fifo) &&
         gs_read_transport(reader, gs_json_member(value, "transport"));
}

bool gs_read_pace(GsReader *reader, const GsJson *value) {
  static const char *const words[] = {"none", "original", NULL};
  static const char *const allowed[] = {"receive", "send", NULL};
  GsScenario *scenario = reader->scenario;
  guint word = 0;
  if (!value)
    return true;
  switch (gs_json_type(value)) {
  case GS_JSON_STRING:
    if (!gs_read_choice(reader, value, words, &word))
      return false;
    if (word == 1) {
      scenario->receive_every_ns = GS_PACE_ORIGINAL_RECEIVE_NS;
      scenario->send_every_ns = GS_PACE_ORIGINAL_SEND_NS;
    }
    return true;
  case GS_JSON_OBJECT:
    if (!gs_read_allowed(reader, value, allowed))
      return false;
    for (const char *const *key = allowed; *key; key++)
      if (!gs_json_member(value, *key))
        return gs_reader_fail_missing(reader, value, *key, "a pace");
    return gs_read_period(reader, gs_json_member(value, "receive"), &scenario->receive_every_ns) &&
           gs_read_period(reader, gs_json_member(value, "send"), &scenario->send_every_ns);
  default:
    return gs_reader_fail_found(
        reader, value, "\"none\", \"original\" or an object with \"receive\" and \"send\"");
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/sample.h"

#include <math.h>
#include <string.h>

#include "core/json/json.h"
#include "core/json/json_writer.h"
#include "core/limits.h"

#define LINE_BYTES_MAX ((uint64_t)1 << 20)

void gs_sample_clear(GsSample *sample) {
  g_free(sample->problem);
  *sample = (GsSample){0};
}

static double seconds(int64_t ns) {
  return ns < 0 || ns == GS_TIME_NEVER ? (double)NAN : (double)ns / (double)GS_SECOND_NS;
}

/** Of the disturbance that took longest. Convergence is for good: NaN where it was never over, or
 * the run ended out of sync. */
static double convergence_of(const GsResults *results) {
  if (!results->converged)
    return (double)NAN;
  int64_t longest = results->disturbance_count > 0 ? 0 : -1;
  for (uint32_t i = 0; i < results->disturbance_count; i++) {
    int64_t after = results->disturbances[i].converged_after_ns;
    if (after < 0)
      return (double)NAN;
    longest = MAX(longest, after);
  }
  return seconds(longest);
}

static void take_metrics(double metrics[GS_METRICS], const GsResults *results) {
  const GsMessageCounts *counts = &results->messages;
  metrics[GS_METRIC_CONVERGENCE] = convergence_of(results);
  metrics[GS_METRIC_MESSAGES] = (double)gs_message_counts_total(counts);
  metrics[GS_METRIC_TELL] = (double)gs_message_counts_by_envelope(counts, GS_TELL);
  metrics[GS_METRIC_ASK] = (double)gs_message_counts_by_envelope(counts, GS_ASK);
  metrics[GS_METRIC_RESPONSE] = (double)gs_message_counts_by_envelope(counts, GS_RESPONSE);
  metrics[GS_METRIC_ADD_SIBLING] = (double)gs_message_counts_by_type(counts, GS_ADD_SIBLING);
  metrics[GS_METRIC_UPDATE_ENERGY] = (double)gs_message_counts_by_type(counts, GS_UPDATE_ENERGY);
  metrics[GS_METRIC_SYNC_GRID] = (double)gs_message_counts_by_type(counts, GS_SYNC_GRID);
  metrics[GS_METRIC_UPDATE_NET] = (double)gs_message_counts_by_type(counts, GS_UPDATE_NET);
  metrics[GS_METRIC_WIRE_BYTES] = (double)results->wire_bytes;
  metrics[GS_METRIC_LARGEST_MAILBOX] = (double)results->largest_mailbox;
  metrics[GS_METRIC_HOPS] = results->hops;
  metrics[GS_METRIC_OUT_OF_SYNC] = (double)results->out_of_sync_node_ns / (double)GS_SECOND_NS;
  const GsNetworkFaults *faults = &results->network_faults;
  metrics[GS_METRIC_LOST] = (double)gs_network_faults_lost(faults);
  metrics[GS_METRIC_UNDELIVERED] = (double)faults->undelivered;
  metrics[GS_METRIC_RETRIED] = (double)faults->retried;
  metrics[GS_METRIC_DOUBLED] = (double)faults->doubled;
  metrics[GS_METRIC_LOST_BY_CHANCE] = (double)faults->lost[GS_LOST_BY_CHANCE];
  metrics[GS_METRIC_LOST_BY_CUT] = (double)faults->lost[GS_LOST_BY_CUT];
  metrics[GS_METRIC_LOST_BY_DOWN] = (double)faults->lost[GS_LOST_BY_DOWN];
  metrics[GS_METRIC_IN_SYNC_SHARE] = gs_results_in_sync_share(results);
  metrics[GS_METRIC_MEAN_ERROR] = gs_results_mean_error(results);
  metrics[GS_METRIC_WORST_ERROR] = (double)results->errors.worst.error;
  metrics[GS_METRIC_SUSPECTED] = (double)results->suspected;
  metrics[GS_METRIC_SUSPECTED_RIGHTLY] = (double)results->suspected_rightly;
  metrics[GS_METRIC_SUSPECTED_WRONGLY] = (double)results->suspected_wrongly;
  metrics[GS_METRIC_RECOVERY_MESSAGES] =
      (double)gs_message_counts_total(&results->recovery_messages);
  metrics[GS_METRIC_WAVES_LIMITED] = (double)results->waves_limited;
  metrics[GS_METRIC_LONGEST_WRONG] = seconds(gs_results_longest_wrong(results).for_ns);
}

static void take_facts(double facts[GS_FACTS], const GsGraphFacts *from) {
  double unknown = (double)NAN;
  bool known = from->distances_known;
  facts[GS_FACT_NODES] = from->nodes;
  facts[GS_FACT_LINKS] = from->links;
  facts[GS_FACT_COMPONENTS] = from->components;
  facts[GS_FACT_DIAMETER] = known ? from->diameter : unknown;
  facts[GS_FACT_RADIUS] = known ? from->radius : unknown;
  facts[GS_FACT_MEAN_DISTANCE] = known ? from->mean_distance : unknown;
  facts[GS_FACT_DEGREE_MIN] = from->degree_min;
  facts[GS_FACT_DEGREE_MEAN] = from->degree_mean;
  facts[GS_FACT_DEGREE_MAX] = from->degree_max;
  facts[GS_FACT_CLUSTERING] = from->clustering;
  facts[GS_FACT_ALGEBRAIC_CONNECTIVITY] = from->algebraic_connectivity;
}

static void take_theory(GsSample *sample, const GsTheory *theory) {
  double unknown = (double)NAN;
  sample->messages = theory->messages_known ? (double)theory->messages : unknown;
  sample->hops_low = theory->hops_known ? theory->hops_low : unknown;
  sample->hops_high =
      theory->hops_known && theory->hops_high != GS_THEORY_NO_HOPS ? theory->hops_high : unknown;
  sample->low_s = theory->hops_known ? seconds(theory->time_low_ns) : unknown;
  sample->high_s = theory->hops_known ? seconds(theory->time_high_ns) : unknown;
}

/**
 * The course from the first disturbance on. More changes than there is room for
 * are looked at in equal distances of time.
 */
static void take_steps(GsSample *sample, const GsResults *results) {
  const GsSyncSeries *series = &results->series;
  int64_t from = results->disturbance_count > 0 ? results->disturbances[0].at_ns : 0;
  uint32_t first = 0;
  while (first + 1 < series->count && series->t_ns[first + 1] <= from)
    first++;
  uint32_t count = series->count - MIN(first, series->count);
  if (count <= GS_SAMPLE_STEPS_MAX) {
    for (uint32_t i = 0; i < count; i++)
      sample->steps[i] =
          (GsSampleStep){seconds(MAX(series->t_ns[first + i] - from, 0)), series->out[first + i]};
    sample->step_count = count;
    return;
  }
  int64_t length = series->t_ns[series->count - 1] - from;
  uint32_t at = first;
  for (uint32_t i = 0; i < GS_SAMPLE_STEPS_MAX; i++) {
    /* In this order, since a length is up to 2^62 ns. */
    int64_t t = (int64_t)((__int128)length * i / (GS_SAMPLE_STEPS_MAX - 1));
    while (at + 1 < series->count && series->t_ns[at + 1] - from <= t)
      at++;
    sample->steps[i] = (GsSampleStep){seconds(t), series->out[at]};
  }
  sample->step_count = GS_SAMPLE_STEPS_MAX;
}

void gs_sample_take(GsSample *sample, uint32_t repetition, const GsResults *results,
                    const GsTheory *theory, const GsGraphFacts *facts) {
  sample->repetition = repetition;
  sample->seed = results->scenario->seed;
  sample->converged = results->converged;
  take_metrics(sample->metrics, results);
  take_facts(sample->facts, facts);
  take_theory(sample, theory);
  take_steps(sample, results);
  g_strlcpy(sample->digest, results->digest, sizeof sample->digest);
}

void gs_sample_fail(GsSample *sample, uint32_t repetition, uint64_t seed, const char *problem) {
  sample->repetition = repetition;
  sample->seed = seed;
  sample->problem = g_strdup(problem);
}

/* ---- As a line ---- */

static void write_figures(GsJsonWriter *json, const char *key, const GsQuantity *quantities,
                          const double *values, int count) {
  gs_json_write_key(json, key);
  gs_json_begin_object(json);
  for (int i = 0; i < count; i++)
    gs_json_member_double(json, quantities[i].key, values[i]);
  gs_json_end_object(json);
}

static void write_steps(GsJsonWriter *json, const GsSample *sample) {
  gs_json_write_key(json, "steps");
  gs_json_begin_array(json);
  for (uint32_t i = 0; i < sample->step_count; i++) {
    gs_json_begin_array(json);
    gs_json_write_double(json, sample->steps[i].t_s);
    gs_json_write_int(json, sample->steps[i].out);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
}

void gs_sample_write(const GsSample *sample, GString *out) {
  g_autoptr(GsJsonWriter) json = gs_json_writer_new(out, 0);
  gs_json_begin_object(json);
  gs_json_member_int(json, "repetition", sample->repetition);
  gs_json_member_int(json, "seed", (int64_t)sample->seed);
  if (sample->problem) {
    gs_json_member_string(json, "problem", sample->problem);
  } else {
    gs_json_member_bool(json, "converged", sample->converged);
    write_figures(json, "metrics", gs_metrics, sample->metrics, GS_METRICS);
    gs_json_write_key(json, "theory");
    gs_json_begin_object(json);
    gs_json_member_double(json, "messages", sample->messages);
    gs_json_member_double(json, "hops_low", sample->hops_low);
    gs_json_member_double(json, "hops_high", sample->hops_high);
    gs_json_member_double(json, "convergence_low", sample->low_s);
    gs_json_member_double(json, "convergence_high", sample->high_s);
    gs_json_end_object(json);
    write_figures(json, "graph", gs_facts, sample->facts, GS_FACTS);
    write_steps(json, sample);
    gs_json_member_string(json, "digest", sample->digest);
  }
  gs_json_end_object(json);
  g_string_append_c(out, '\n');
}

/** A number, or NaN for null. */
static bool read_double(const GsJson *object, const char *key, double *out) {
  const GsJson *value = object ? gs_json_member(object, key) : NULL;
  if (!value || (gs_json_type(value) != GS_JSON_NUMBER && gs_json_type(value) != GS_JSON_NULL))
    return false;
  *out = gs_json_number(value);
  return true;
}

static bool read_figures(const GsJson *object, const GsQuantity *quantities, double *values,
                         int count) {
  for (int i = 0; i < count; i++)
    if (!read_double(object, quantities[i].key, &values[i]))
      return false;
  return true;
}

static bool read_theory(GsSample *sample, const GsJson *object) {
  return read_double(object, "messages", &sample->messages) &&
         read_double(object, "hops_low", &sample->hops_low) &&
         read_double(object, "hops_high", &sample->hops_high) &&
         read_double(object, "convergence_low", &sample->low_s) &&
         read_double(object, "convergence_high", &sample->high_s);
}

static bool read_steps(GsSample *sample, const GsJson *array) {
  if (!array || gs_json_type(array) != GS_JSON_ARRAY || gs_json_count(array) > GS_SAMPLE_STEPS_MAX)
    return false;
  for (const GsJson *step = gs_json_first(array); step; step = gs_json_next(step)) {
    const GsJson *t = gs_json_first(step), *out = t ? gs_json_next(t) : NULL;
    int64_t count;
    if (!out || gs_json_type(t) != GS_JSON_NUMBER || !gs_json_integer(out, &count) || count < 0 ||
        count > UINT32_MAX)
      return false;
    sample->steps[sample->step_count++] = (GsSampleStep){gs_json_number(t), (uint32_t)count};
  }
  return true;
}

/** How many figures a line has: one that was written before messages could be lost lacks those of
 * that, which are 0, and later ones lack those of how wrong nodes were, and for how long. */
static int figures_of(const GsJson *metrics) {
  if (!metrics || gs_json_member(metrics, gs_metrics[GS_METRIC_LONGEST_WRONG].key))
    return GS_METRICS;
  if (gs_json_member(metrics, gs_metrics[GS_METRIC_WAVES_LIMITED].key))
    return GS_METRIC_LONGEST_WRONG;
  return gs_json_member(metrics, gs_metrics[GS_METRIC_LOST].key) ? GS_METRIC_IN_SYNC_SHARE
                                                                 : GS_METRIC_LOST;
}

static bool read_metrics(GsSample *sample, const GsJson *metrics) {
  int figures = figures_of(metrics);
  for (int i = MAX(figures, GS_METRIC_IN_SYNC_SHARE); i < GS_METRICS; i++)
    sample->metrics[i] = (double)NAN;
  return read_figures(metrics, gs_metrics, sample->metrics, figures);
}

static bool read_all(GsSample *sample, const GsJson *root) {
  const GsJson *seed = gs_json_member(root, "seed");
  const GsJson *repetition = gs_json_member(root, "repetition");
  int64_t seed_value, number;
  if (!seed || !repetition || !gs_json_integer_or_numeric_string(seed, &seed_value) ||
      !gs_json_integer(repetition, &number) || number < 0 || number > UINT32_MAX)
    return false;
  sample->seed = (uint64_t)seed_value;
  sample->repetition = (uint32_t)number;
  const GsJson *problem = gs_json_member(root, "problem");
  if (problem) {
    sample->problem = g_strdup(gs_json_string(problem));
    return sample->problem != NULL;
  }
  const GsJson *converged = gs_json_member(root, "converged");
  const GsJson *digest = gs_json_member(root, "digest");
  if (!converged || gs_json_type(converged) != GS_JSON_BOOL || !digest || !gs_json_string(digest))
    return false;
  sample->converged = gs_json_bool(converged);
  g_strlcpy(sample->digest, gs_json_string(digest), sizeof sample->digest);
  return read_metrics(sample, gs_json_member(root, "metrics")) &&
         read_figures(gs_json_member(root, "graph"), gs_facts, sample->facts, GS_FACTS) &&
         read_theory(sample, gs_json_member(root, "theory")) &&
         read_steps(sample, gs_json_member(root, "steps"));
}

bool gs_sample_read(GsSample *sample, const char *line, gsize length) {
  *sample = (GsSample){0};
  GsJsonLimits limits = {.max_bytes = LINE_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(line, length, NULL, &limits, NULL);
  if (doc && read_all(sample, gs_json_root(doc)))
    return true;
  gs_sample_clear(sample);
  return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/base/text.h"
#include "sim/study/outcome.h"
#include "sim/study/quantity_text.h"
#include "sim/study/seed_overlap.h"

/** Cells that a correlation is worth a sentence from. */
#define CORRELATED_CELLS 5u

static void say(GsFindings *findings, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(GsFindings *findings, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_ptr_array_add(findings->sentences, g_strdup_vprintf(format, args));
  va_end(args);
}

/* ---- First and last ---- */

/** Settings of which each gets a sentence of its own. */
#define SETTINGS_SAID 4u
/** Values that are named where several are alike. */
#define NAMED_MOST 3u

/** What is the least and the most of a figure among the cells of a group. */
typedef struct {
  const GsOutcome *least, *most; /**< NULL: there is none that can be judged */
  uint32_t judged, left_out;     /**< left out: some of their runs ended out of sync */
} Ends;

static void ends_add(Ends *ends, const GsOutcome *outcome, GsMetric metric) {
  /* A mean over the runs that came into sync says little where others did not. */
  bool all = gs_outcome_all_converged(outcome);
  ends->left_out += !all;
  if (outcome->counted[metric] == 0 || !all)
    return;
  ends->judged++;
  if (!ends->least || gs_outcome_compare(outcome, ends->least, metric) < 0)
    ends->least = outcome;
  if (!ends->most || gs_outcome_compare(outcome, ends->most, metric) > 0)
    ends->most = outcome;
}

/** Of each group; free with g_free. The first cell in the tables' order stands for what is alike.
 */
static Ends *ends_of_groups(const GsFindings *findings, GsMetric metric) {
  Ends *ends = g_new0(Ends, MAX(findings->group_count, 1));
  for (guint i = 0; i < findings->order->len; i++) {
    uint32_t cell = g_array_index(findings->order, uint32_t, i);
    ends_add(&ends[g_array_index(findings->groups, uint32_t, cell)],
             findings->outcomes->pdata[cell], metric);
  }
  return ends;
}

static Ends ends_of_all(const GsFindings *findings, GsMetric metric) {
  Ends ends = {0};
  for (guint i = 0; i < findings->outcomes->len; i++)
    ends_add(&ends, findings->outcomes->pdata[i], metric);
  return ends;
}

static bool differ(const Ends *ends, GsMetric metric) {
  return ends->least && gs_outcome_compare(ends->least, ends->most, metric) < 0;
}

/** "ring", or "network.latency 1ms" where a value does not say what it is of. */
static char *value_text(const GsFindings *findings, uint32_t cell) {
  const GsAxis *axis = findings->sweep->axes->pdata[findings->compared];
  g_autofree char *value = gs_findings_label(findings, cell, false);
  bool plain = axis->kind == GS_AXIS_TOPOLOGY || axis->kind == GS_AXIS_SCENARIO;
  return plain ? g_steal_pointer(&value) : g_strdup_printf("%s %s", axis->path, value);
}

/** "star and complete", "star, tree and 5 more", "ring, jitter 0; and tree, jitter 0". */
static char *names_text(const GPtrArray *names) {
  GString *text = g_string_new(NULL);
  guint shown = names->len > NAMED_MOST ? NAMED_MOST - 1 : names->len;
  bool commas = false;
  for (guint i = 0; i < shown; i++)
    commas |= strchr(names->pdata[i], ',') != NULL;
  for (guint i = 0; i < shown; i++) {
    bool last = i + 1 == shown && shown == names->len;
    const char *between = i == 0           ? ""
                          : last && commas ? "; and "
                          : last           ? " and "
                          : commas         ? "; "
                                           : ", ";
    g_string_append_printf(text, "%s%s", between, (char *)names->pdata[i]);
  }
  if (shown < names->len)
    g_string_append_printf(text, "%s and %u more", commas ? ";" : "", names->len - shown);
  return g_string_free(text, FALSE);
}

/** The values of all cells of a group with the same figure as one: "star and complete". */
static char *alike(const GsFindings *findings, const GsOutcome *as, GsMetric metric) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  uint32_t group = g_array_index(findings->groups, uint32_t, as->cell);
  for (uint32_t cell = 0; cell < findings->sweep->cell_count; cell++) {
    const GsOutcome *outcome = findings->outcomes->pdata[cell];
    if (g_array_index(findings->groups, uint32_t, cell) == group &&
        gs_outcome_all_converged(outcome) && outcome->counted[metric] > 0 &&
        gs_outcome_compare(outcome, as, metric) == 0)
      g_ptr_array_add(names, value_text(findings, cell));
  }
  return names_text(names);
}

/** ", 20 times as much"; nothing where the least is 0. */
static char *times_text(double low, double high) {
  if (!(low > 0))
    return g_strdup("");
  return g_strdup_printf(", %.*f times as much", high / low < 10 ? 1 : 0, high / low);
}

/** "First in sync at nodes 16: star, 5 ms on average. Last: ring, 26 ms, 5.2 times as much." */
static void say_setting(GsFindings *findings, const Ends *ends, GsMetric metric, const char *first,
                        const char *last) {
  double low = gs_outcome_mean(ends->least, metric), high = gs_outcome_mean(ends->most, metric);
  g_autofree char *low_text = gs_quantity_text(low, gs_metrics[metric].unit);
  g_autofree char *high_text = gs_quantity_text(high, gs_metrics[metric].unit);
  g_autofree char *least = alike(findings, ends->least, metric);
  g_autofree char *most = alike(findings, ends->most, metric);
  g_autofree char *times = times_text(low, high);
  g_autofree char *setting = gs_findings_label(findings, ends->least->cell, true);
  say(findings, "%s%s%s: %s, %s on average. %s: %s, %s%s.", first, *setting ? " at " : "", setting,
      least, low_text, last, most, high_text, times);
}

/** "complete in 3, star in 2" of so many settings: in how many each value is at that end. */
static char *tally(const GsFindings *findings, const Ends *ends, GsMetric metric, bool least,
                   uint32_t settings, bool *shared) {
  const GsSweep *sweep = findings->sweep;
  const GsAxis *axis = sweep->axes->pdata[findings->compared];
  g_autofree uint32_t *counts = g_new0(uint32_t, axis->values->len);
  uint32_t sum = 0, named = 0, others = 0;
  for (uint32_t cell = 0; cell < sweep->cell_count; cell++) {
    const GsOutcome *outcome = findings->outcomes->pdata[cell];
    const Ends *at = &ends[g_array_index(findings->groups, uint32_t, cell)];
    if (!gs_outcome_all_converged(outcome) || outcome->counted[metric] == 0 ||
        !differ(at, metric) || gs_outcome_compare(outcome, least ? at->least : at->most, metric))
      continue;
    counts[g_array_index(sweep->cells, uint32_t, cell * sweep->axes->len + findings->compared)]++;
    sum++;
  }
  *shared |= sum > settings;
  GString *text = g_string_new(NULL);
  for (uint32_t most = settings; most > 0; most--)
    for (guint i = 0; i < axis->values->len; i++) {
      if (counts[i] != most)
        continue;
      others += named == NAMED_MOST;
      if (named == NAMED_MOST)
        continue;
      named++;
      g_autofree char *often = most == settings ? g_strdup("all") : g_strdup_printf("%u", most);
      g_string_append_printf(text, "%s%s in %s", text->len ? ", " : "",
                             ((GsAxisValue *)axis->values->pdata[i])->text, often);
    }
  if (others > 0)
    g_string_append_printf(text, ", %u other%s in as many or fewer", others,
                           others == 1 ? "" : "s");
  return g_string_free(text, FALSE);
}

/** The cells, of all settings, with the same mean as one. */
static char *cells_alike(const GsFindings *findings, const GsOutcome *as, GsMetric metric) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < findings->outcomes->len; i++) {
    GsOutcome *outcome = findings->outcomes->pdata[i];
    if (gs_outcome_all_converged(outcome) && outcome->counted[metric] > 0 &&
        gs_outcome_compare(outcome, as, metric) == 0)
      g_ptr_array_add(names, outcome->label);
  }
  return names_text(names);
}

/** Of many settings: how often each value is first and last, and how far all means go. */
static void say_tally(GsFindings *findings, const Ends *ends, GsMetric metric, const char *first,
                      const char *last, uint32_t settings) {
  bool shared = false;
  g_autofree char *least = tally(findings, ends, metric, true, settings, &shared);
  g_autofree char *most = tally(findings, ends, metric, false, settings, &shared);
  say(findings, "%s, over %u settings of the other axes: %s. %s: %s.%s", first, settings, least,
      last, most, shared ? " Where several are alike each of them counts." : "");
  Ends all = ends_of_all(findings, metric);
  g_autofree char *low_text =
      gs_quantity_text(gs_outcome_mean(all.least, metric), gs_metrics[metric].unit);
  g_autofree char *high_text =
      gs_quantity_text(gs_outcome_mean(all.most, metric), gs_metrics[metric].unit);
  g_autofree char *lows = cells_alike(findings, all.least, metric);
  g_autofree char *highs = cells_alike(findings, all.most, metric);
  say(findings, "Over all cells the mean %s goes from %s (%s) to %s (%s).",
      metric == GS_METRIC_MESSAGES ? "number of messages" : gs_metrics[metric].label, low_text,
      lows, high_text, highs);
}

static void say_ends(GsFindings *findings, GsMetric metric, const char *first, const char *last) {
  g_autofree Ends *ends = ends_of_groups(findings, metric);
  uint32_t settings = 0;
  for (uint32_t group = 0; group < findings->group_count; group++)
    settings += differ(&ends[group], metric);
  if (settings > SETTINGS_SAID) {
    say_tally(findings, ends, metric, first, last, settings);
    return;
  }
  for (uint32_t group = 0; group < findings->group_count; group++)
    if (differ(&ends[group], metric))
      say_setting(findings, &ends[group], metric, first, last);
}

static void say_left_out(GsFindings *findings) {
  Ends all = ends_of_all(findings, GS_METRIC_CONVERGENCE);
  if (all.left_out > 0 && all.judged > 0)
    say(findings, "Neither first nor last can be %s in which runs ended out of sync.",
        all.left_out == 1 ? "the cell" : "cells");
}

/* ---- What each axis does ---- */

/** "101.3 ms later in sync (95 %: 98 ms to 104 ms), 8.9 times as long" */
static void append_effect(GString *out, const GsEffect *effect, const char *more, const char *less,
                          const char *same) {
  const char *unit = gs_metrics[effect->metric].unit;
  bool sure = effect->pairs > 1 && effect->high > effect->low;
  if (!(effect->difference > 0) && !(effect->difference < 0) && !sure) {
    g_string_append(out, same);
    return;
  }
  g_autofree char *size = gs_quantity_text(fabs(effect->difference), unit);
  g_string_append_printf(out, "%s %s", size, effect->difference < 0 ? less : more);
  if (sure) {
    g_autofree char *low = gs_difference_text(effect->low, unit);
    g_autofree char *high = gs_difference_text(effect->high, unit);
    g_string_append_printf(out, " (95 %%: %s to %s%s)", low, high,
                           effect->low <= 0 && effect->high >= 0 ? ", which may be chance" : "");
  }
  if (isfinite(effect->ratio))
    g_string_append_printf(out, ", %.*f times as %s",
                           effect->ratio < 0.1  ? 3
                           : effect->ratio < 10 ? 2
                                                : 0,
                           effect->ratio,
                           effect->metric == GS_METRIC_CONVERGENCE ? "long" : "many");
}

static const GsEffect *effect_of(const GsFindings *findings, guint axis, uint32_t value,
                                 GsMetric metric) {
  for (guint i = 0; i < findings->effects->len; i++) {
    const GsEffect *effect = &g_array_index(findings->effects, GsEffect, i);
    if (effect->axis == axis && effect->value == value && effect->metric == metric &&
        effect->cell == GS_ALL_CELLS)
      return effect;
  }
  return NULL;
}

/** Of each axis but the one that is compared already: its last value against its first. */
static void say_effects(GsFindings *findings) {
  const GsSweep *sweep = findings->sweep;
  for (guint a = 0; a < sweep->axes->len; a++) {
    const GsAxis *axis = sweep->axes->pdata[a];
    uint32_t last = axis->values->len - 1;
    const GsEffect *time = effect_of(findings, a, last, GS_METRIC_CONVERGENCE);
    const GsEffect *messages = effect_of(findings, a, last, GS_METRIC_MESSAGES);
    if (a == findings->compared || last == 0 || (!time && !messages))
      continue;
    g_autoptr(GString) text = g_string_new(NULL);
    if (time)
      append_effect(text, time, "later in sync", "earlier in sync", "in sync as soon");
    g_string_append(text, time && messages ? "; " : "");
    if (messages)
      append_effect(text, messages, "messages more", "messages fewer", "as many messages");
    const GsEffect *any = time ? time : messages;
    g_autofree char *over =
        any->settings == 1
            ? g_strdup("")
            : g_strdup_printf(", as a mean over %u settings of the other axes", any->settings);
    bool all = any->pairs == any->pairs_there;
    g_autofree char *pairs = all ? gs_text_plural(any->pairs, "pair")
                                 : gs_text_part(any->pairs, any->pairs_there, "pair");
    const char *others = all ? ""
                         : any->pairs_there - any->pairs == 1
                             ? "; of the other one ended out of sync or has no time"
                             : "; of each other one ended out of sync or has no time";
    say(findings, "%s %s against %s%s (%s of runs with the same seed%s): %s.", axis->path,
        ((GsAxisValue *)axis->values->pdata[last])->text,
        ((GsAxisValue *)axis->values->pdata[0])->text, over, pairs, others, text->str);
  }
}

/** How many of those beside which there is a closed form have its exponent. */
static void say_exponents(GsFindings *findings, uint32_t equal, uint32_t known) {
  if (known == 1)
    say(findings,
        "The only such exponent that can be compared %s the one of the closed form over the same "
        "numbers.",
        equal == 1 ? "equals" : "differs from");
  else
    say(findings, "%u of %u such exponents %s the one of the closed form over the same numbers.",
        equal, known, equal == 1 ? "equals" : "equal");
}

/** Apart from each other: of figures that are no sums of whole numbers. */
static bool apart(double a, double b) {
  return fabs(a - b) >= 1e-9;
}

/** Those whose messages grow with the same exponent. */
static char *growing_alike(const GsFindings *findings, double exponent) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *finding = &g_array_index(findings->growths, GsGrowthFinding, i);
    if (finding->metric == GS_METRIC_MESSAGES && !apart(finding->growth.exponent, exponent))
      g_ptr_array_add(names, finding->label);
  }
  return names_text(names);
}

/** "1.97 (line) to 2.93 (complete)" */
static void say_growth(GsFindings *findings) {
  double least = INFINITY, most = -INFINITY;
  uint32_t equal = 0, known = 0;
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *finding = &g_array_index(findings->growths, GsGrowthFinding, i);
    if (finding->metric != GS_METRIC_MESSAGES)
      continue;
    least = MIN(least, finding->growth.exponent);
    most = MAX(most, finding->growth.exponent);
    known += finding->has_theory;
    equal += finding->has_theory && !apart(finding->growth.exponent, finding->theory.exponent);
  }
  if (!isfinite(least))
    return;
  g_autofree char *low = gs_text_fixed(least, 2), *high = gs_text_fixed(most, 2);
  g_autofree char *low_names = growing_alike(findings, least);
  g_autofree char *high_names = growing_alike(findings, most);
  if (!apart(least, most))
    say(findings, "Messages grow with the number of nodes to the power of %s.", low);
  else
    say(findings, "Messages grow with the number of nodes to the power of %s (%s) to %s (%s).", low,
        low_names, high, high_names);
  if (known > 0)
    say_exponents(findings, equal, known);
}

/** What is known of a fact's correlation in all settings in which it is known. */
typedef struct {
  uint32_t settings, cells_least, cells_most;
  double least, most, strength; /**< the last: mean of the sizes */
} Spread;

static Spread spread_of(const GsFindings *findings, GsFact fact) {
  Spread spread = {.cells_least = UINT32_MAX, .least = INFINITY, .most = -INFINITY};
  for (guint i = 0; i < findings->correlations->len; i++) {
    const GsCorrelation *found = &g_array_index(findings->correlations, GsCorrelation, i);
    if (found->fact != fact || !found->known || found->cells < CORRELATED_CELLS)
      continue;
    spread.strength =
        (spread.strength * spread.settings + fabs(found->rho)) / (spread.settings + 1);
    spread.settings++;
    spread.least = MIN(spread.least, found->rho);
    spread.most = MAX(spread.most, found->rho);
    spread.cells_least = MIN(spread.cells_least, found->cells);
    spread.cells_most = MAX(spread.cells_most, found->cells);
  }
  return spread;
}

/** "(rank correlation 0.98 to 1.00 over 6 cells in each of 2 settings)" */
static char *spread_text(const GsFindings *findings, const Spread *spread) {
  g_autofree char *cells =
      spread->cells_least == spread->cells_most
          ? g_strdup_printf("%u", spread->cells_most)
          : g_strdup_printf("%u to %u", spread->cells_least, spread->cells_most);
  g_autofree char *where = findings->settings == 1 ? g_strdup("")
                           : spread->settings == 1
                               ? g_strdup(" of the one setting that has as many")
                               : g_strdup_printf(" in each of %u settings", spread->settings);
  g_autofree char *least = gs_text_fixed(spread->least, 2);
  g_autofree char *most = gs_text_fixed(spread->most, 2);
  bool same = g_str_equal(least, most);
  return g_strdup_printf(" (rank correlation %s%s%s over %s cells%s)", least, same ? "" : " to ",
                         same ? "" : most, cells, where);
}

/** The facts that it goes most with, all of those that are alike. */
static void say_correlation(GsFindings *findings) {
  Spread spreads[GS_FACTS], best = {0};
  for (int i = 0; i < GS_FACTS; i++) {
    spreads[i] = spread_of(findings, (GsFact)i);
    if (spreads[i].settings > best.settings ||
        (spreads[i].settings == best.settings && spreads[i].strength > best.strength))
      best = spreads[i];
  }
  if (best.settings == 0 || !apart(best.strength, 0))
    return;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GPtrArray) full = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *first = NULL;
  bool same = true;
  for (int i = 0; i < GS_FACTS; i++) {
    if (spreads[i].settings != best.settings || apart(spreads[i].strength, best.strength))
      continue;
    g_autofree char *how = spread_text(findings, &spreads[i]);
    const char *fact = gs_findings_fact(findings, (GsFact)i);
    g_ptr_array_add(names, g_strdup_printf("the %s", fact));
    g_ptr_array_add(full, g_strdup_printf("the %s%s", fact, how));
    if (!first)
      first = g_strdup(how);
    same &= g_str_equal(how, first);
  }
  g_autofree char *what = names_text(same ? names : full);
  say(findings, "Of the graph's facts, the convergence time goes most with %s%s.", what,
      same ? first : "");
}

typedef struct {
  uint64_t runs, converged, failed, partly; /**< the last: failed in cells that have others */
  uint32_t cells, undrawn, undrawn_runs;    /**< that ran; those in which nothing is drawn */
  uint32_t hops_at_least;                   /**< whose hops may be more than what is counted */
  uint32_t impossible, exact, exact_known, within, within_known, lower, lower_known, apart;
} Totals;

static Totals add_up(const GsFindings *findings) {
  Totals totals = {0};
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    totals.runs += outcome->runs;
    totals.converged += outcome->converged;
    totals.failed += outcome->failed;
    totals.partly += outcome->failed < outcome->runs ? outcome->failed : 0;
    totals.cells += outcome->runs > 0;
    totals.undrawn += outcome->runs > 0 && !outcome->drawn;
    totals.undrawn_runs += outcome->drawn ? 0 : outcome->runs;
    totals.impossible += outcome->problem != NULL;
    totals.exact += outcome->messages_equal == GS_YES;
    totals.exact_known += outcome->messages_equal != GS_UNKNOWN;
    totals.within += outcome->within == GS_YES && !outcome->lower_only;
    totals.within_known += outcome->within != GS_UNKNOWN && !outcome->lower_only;
    totals.lower += outcome->within == GS_YES && outcome->lower_only;
    totals.lower_known += outcome->within != GS_UNKNOWN && outcome->lower_only;
    totals.hops_at_least +=
        outcome->counted[GS_METRIC_HOPS] > 0 && outcome->metrics[GS_METRIC_HOPS].max >= GS_HOPS_MAX;
    totals.apart += outcome->facts[GS_FACT_COMPONENTS] > 1;
  }
  return totals;
}

/** "all 8 cells that have one", "the only cell that has one", "none of 8 cells that have one" */
static char *cells_text(uint32_t part, uint32_t count, const char *what) {
  g_autofree char *cells = part == count || count == 1 ? gs_text_all(count, "cell")
                           : part == 0                 ? g_strdup_printf("none of %u cells", count)
                                                       : gs_text_part(part, count, "cell");
  *cells = g_ascii_tolower(*cells);
  return g_strdup_printf("%s that %s %s", cells, count == 1 ? "has" : "have", what);
}

/** Of the only cell it is said that it is not so; of others, in how many it is. */
static const char *every(uint32_t part, uint32_t count) {
  return part == 0 && count == 1 ? "Not every run" : "Every run";
}

static void say_undrawn(GsFindings *findings, const Totals *totals) {
  if (totals->undrawn == 0)
    return;
  const char *more = totals->undrawn_runs > totals->undrawn ? "; more runs repeat it" : "";
  if (totals->undrawn == totals->cells)
    say(findings, "Nothing is drawn from the seed: 1 run%s is all there is%s.",
        totals->cells == 1 ? "" : " of each cell", more);
  else
    say(findings,
        "Nothing is drawn from the seed in %u of %u cells: 1 run of %s is all there is%s.",
        totals->undrawn, totals->cells, totals->undrawn == 1 ? "it" : "each", more);
  guint seeds = gs_seeds_compared(findings->sweep);
  if (seeds < 2)
    return;
  g_autofree char *values = seeds == 2 ? g_strdup("both") : g_strdup_printf("all %u", seeds);
  if (totals->undrawn == totals->cells)
    say(findings, "The axis seed has no effect: %s of its values give the same figures.", values);
  else
    say(findings, "The axis seed has no effect there: %s of its values give the same figures.",
        values);
}

/** Cells that differ by the axis seed alone, and by less than they have runs. */
static void say_shared(GsFindings *findings) {
  guint count = findings->outcomes->len;
  g_autofree uint32_t *runs = g_new0(uint32_t, MAX(count, 1));
  uint64_t drawn = 0;
  for (guint i = 0; i < count; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    runs[i] = outcome->drawn ? outcome->runs : 0;
    drawn += runs[i];
  }
  uint64_t shared = gs_seeds_shared(findings->sweep, runs);
  if (shared == 0)
    return;
  g_autofree char *part = gs_text_part(shared, drawn, "run");
  say(findings,
      "Values of the axis seed lie closer together than a cell has runs: %s %s the seed of a run "
      "in "
      "another cell, and its figures.",
      part, shared == 1 ? "has" : "have");
}

static void say_runs(GsFindings *findings, const Totals *totals) {
  uint64_t done = totals->runs - totals->failed;
  g_autofree char *all = gs_text_all(done, "run"), *runs = gs_text_plural(done, "run");
  if (findings->interrupted)
    say(findings, "This is what there is after an interruption: %s.", runs);
  if (done > 0 && totals->converged == done) {
    say(findings, "%s ended with every node in sync.", all);
  } else if (done > 0) {
    uint64_t stuck = done - totals->converged;
    g_autofree char *part = gs_text_part(stuck, done, "run");
    *part = g_ascii_toupper(*part);
    say(findings,
        "%s ended with nodes out of sync: %s no convergence time, and %s in no mean of it.", part,
        stuck == 1 ? "it has" : "they have", stuck == 1 ? "is" : "are");
  }
  if (totals->partly > 0) {
    g_autofree char *part = gs_text_part(totals->partly, totals->runs, "run");
    *part = g_ascii_toupper(*part);
    say(findings, "%s could not be made in cells that have others, and %s in no figure.", part,
        totals->partly == 1 ? "is" : "are");
  }
}

/** Where latencies differ or are drawn, or messages may fail, theory has a lower bound only, and
 * says so. */
static void say_bounds(GsFindings *findings, const Totals *totals) {
  if (totals->within_known > 0) {
    g_autofree char *cells = cells_text(totals->within, totals->within_known, "two");
    say(findings, "%s converged within the bounds of theory in %s.",
        every(totals->within, totals->within_known), cells);
  }
  if (totals->lower_known > 0) {
    g_autofree char *cells = cells_text(totals->lower, totals->lower_known, "no upper one");
    say(findings,
        "%s converged no earlier than the lower bound of theory in %s: latencies differ or are "
        "drawn there, or messages may fail.",
        every(totals->lower, totals->lower_known), cells);
  }
}

static void say_totals(GsFindings *findings) {
  Totals totals = add_up(findings);
  say_runs(findings, &totals);
  say_undrawn(findings, &totals);
  say_shared(findings);
  if (totals.exact_known > 0) {
    g_autofree char *cells = cells_text(totals.exact, totals.exact_known, "one");
    say(findings, "%s had exactly the messages of the closed form in %s.",
        every(totals.exact, totals.exact_known), cells);
  }
  say_bounds(findings, &totals);
  if (totals.apart > 0)
    say(findings, "Graphs of %u cell%s were not always connected; each island agrees by itself.",
        totals.apart, totals.apart == 1 ? "" : "s");
  if (totals.hops_at_least > 0)
    say(findings,
        "Hops are counted up to %u: in %u cell%s some run reached that, so that there they are at "
        "least what is told.",
        GS_HOPS_MAX, totals.hops_at_least, totals.hops_at_least == 1 ? "" : "s");
  if (totals.impossible > 0)
    say(findings, "%u cell%s cannot be, for the reason given %s.", totals.impossible,
        totals.impossible == 1 ? "" : "s", totals.impossible == 1 ? "there" : "at each");
}

void gs_findings_say(GsFindings *findings) {
  say_ends(findings, GS_METRIC_CONVERGENCE, "First in sync", "Last");
  say_ends(findings, GS_METRIC_MESSAGES, "Fewest messages", "Most");
  say_left_out(findings);
  say_effects(findings);
  say_growth(findings);
  say_correlation(findings);
  say_totals(findings);
}

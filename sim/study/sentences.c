/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/report/text.h"
#include "sim/study/outcome.h"
#include "sim/study/quantity_text.h"

static void say(GsFindings *findings, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(GsFindings *findings, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_ptr_array_add(findings->sentences, g_strdup_vprintf(format, args));
  va_end(args);
}

/** First and last with a figure among the cells of the group that comes last in the tables. */
static bool ends_of_last_group(const GsFindings *findings, GsMetric metric, const GsOutcome **least,
                               const GsOutcome **most) {
  uint32_t cells = findings->sweep->cell_count;
  uint32_t last = g_array_index(findings->order, uint32_t, cells - 1);
  uint32_t group = g_array_index(findings->groups, uint32_t, last);
  *least = *most = NULL;
  for (uint32_t i = 0; i < cells; i++) {
    uint32_t cell = g_array_index(findings->order, uint32_t, i);
    const GsOutcome *outcome = findings->outcomes->pdata[cell];
    double mean = gs_outcome_mean(outcome, metric);
    /* A mean over the runs that came into sync says little where others did not. */
    bool all = outcome->converged + outcome->failed == outcome->runs;
    if (g_array_index(findings->groups, uint32_t, cell) != group || !isfinite(mean) || !all)
      continue;
    if (!*least || mean < gs_outcome_mean(*least, metric))
      *least = outcome;
    if (!*most || mean > gs_outcome_mean(*most, metric))
      *most = outcome;
  }
  return *least && gs_outcome_mean(*most, metric) > gs_outcome_mean(*least, metric);
}

static void say_ends(GsFindings *findings, GsMetric metric, const char *first, const char *last) {
  const GsOutcome *least, *most;
  if (!ends_of_last_group(findings, metric, &least, &most))
    return;
  double low = gs_outcome_mean(least, metric), high = gs_outcome_mean(most, metric);
  g_autofree char *low_text = gs_quantity_text(low, gs_metrics[metric].unit);
  g_autofree char *high_text = gs_quantity_text(high, gs_metrics[metric].unit);
  g_autoptr(GString) times = g_string_new(NULL);
  if (low > 0)
    g_string_append_printf(times, ", %.*f times as much", high / low < 10 ? 1 : 0, high / low);
  say(findings, "%s: %s, %s on average. %s: %s, %s%s.", first, least->label, low_text, last,
      most->label, high_text, times->str);
}

/** "1.97 (line) to 2.93 (complete)" */
static void say_growth(GsFindings *findings) {
  const GsGrowthFinding *least = NULL, *most = NULL;
  uint32_t equal = 0, known = 0;
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *finding = &g_array_index(findings->growths, GsGrowthFinding, i);
    if (finding->metric != GS_METRIC_MESSAGES)
      continue;
    if (!least || finding->growth.exponent < least->growth.exponent)
      least = finding;
    if (!most || finding->growth.exponent > most->growth.exponent)
      most = finding;
    known += finding->has_theory;
    equal +=
        finding->has_theory && fabs(finding->growth.exponent - finding->theory.exponent) < 1e-9;
  }
  if (!least)
    return;
  if (least == most)
    say(findings, "Messages grow with the number of nodes to the power of %.2f.",
        least->growth.exponent);
  else
    say(findings, "Messages grow with the number of nodes to the power of %.2f (%s) to %.2f (%s).",
        least->growth.exponent, least->label, most->growth.exponent, most->label);
  if (known > 0)
    say(findings, "%u of %u such exponents equal the one of the closed form over the same numbers.",
        equal, known);
}

static void say_correlation(GsFindings *findings) {
  const GsCorrelation *best = NULL;
  for (guint i = 0; i < findings->correlations->len; i++) {
    const GsCorrelation *found = &g_array_index(findings->correlations, GsCorrelation, i);
    if (found->known && (!best || fabs(found->rho) > fabs(best->rho)))
      best = found;
  }
  if (best && best->cells >= 5)
    say(findings,
        "Of the graph's facts, the convergence time goes most with the %s (rank "
        "correlation %.2f over %u cells).",
        gs_facts[best->fact].label, best->rho, best->cells);
}

typedef struct {
  uint64_t runs, converged, failed;
  uint32_t cells, undrawn, undrawn_runs; /**< that ran; those in which nothing is drawn */
  uint32_t impossible, exact, exact_known, within, within_known, apart;
} Totals;

static Totals add_up(const GsFindings *findings) {
  Totals totals = {0};
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    totals.runs += outcome->runs;
    totals.converged += outcome->converged;
    totals.failed += outcome->failed;
    totals.cells += outcome->runs > 0;
    totals.undrawn += outcome->runs > 0 && !outcome->drawn;
    totals.undrawn_runs += outcome->drawn ? 0 : outcome->runs;
    totals.impossible += outcome->problem != NULL;
    totals.exact += outcome->messages_equal == GS_YES;
    totals.exact_known += outcome->messages_equal != GS_UNKNOWN;
    totals.within += outcome->within == GS_YES;
    totals.within_known += outcome->within != GS_UNKNOWN;
    totals.apart += outcome->facts[GS_FACT_COMPONENTS] > 1;
  }
  return totals;
}

/** "all 8 cells", "the only cell", "3 of 8 cells" */
static char *cells_text(uint32_t part, uint32_t count) {
  char *text = part == count ? gs_text_all(count, "cell") : gs_text_part(part, count, "cell");
  *text = g_ascii_tolower(*text);
  return text;
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
}

static void say_bounds(GsFindings *findings, const Totals *totals) {
  g_autofree char *cells = cells_text(totals->within, totals->within_known);
  say(findings, "Every run converged within the bounds of theory in %s that %s some.", cells,
      totals->within_known == 1 ? "has" : "have");
}

static void say_totals(GsFindings *findings) {
  Totals totals = add_up(findings);
  say_runs(findings, &totals);
  if (totals.exact_known > 0) {
    g_autofree char *cells = cells_text(totals.exact, totals.exact_known);
    say(findings, "Every run had exactly the messages of the closed form in %s that %s one.", cells,
        totals.exact_known == 1 ? "has" : "have");
  }
  if (totals.within_known > 0)
    say_bounds(findings, &totals);
  if (totals.apart > 0)
    say(findings, "Graphs of %u cell%s were not always connected; each island agrees by itself.",
        totals.apart, totals.apart == 1 ? "" : "s");
  if (totals.impossible > 0)
    say(findings, "%u cell%s cannot be, for the reason given %s.", totals.impossible,
        totals.impossible == 1 ? "" : "s", totals.impossible == 1 ? "there" : "at each");
}

void gs_findings_say(GsFindings *findings) {
  say_ends(findings, GS_METRIC_CONVERGENCE, "First in sync", "Last");
  say_ends(findings, GS_METRIC_MESSAGES, "Fewest messages", "Most");
  say_growth(findings);
  say_correlation(findings);
  say_totals(findings);
}

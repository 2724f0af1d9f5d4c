/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/base/text.h"
#include "sim/report/print.h"
#include "sim/report/table.h"
#include "sim/report/version.h"
#include "sim/study/quantity_text.h"
#include "sim/study/study_report.h"

const char *const gs_study_format_names[] = {"table", "csv", "json", "markdown", NULL};

/** When the table shows a metric: failures are those of gs_findings_has_failures. */
typedef enum { ALWAYS, WITHOUT_FAILURES, WITH_FAILURES } Shown;

/** The one that it is sorted by comes after them if it is none. */
static const struct {
  GsMetric metric;
  const char *heading;
  Shown shown;
} columns[] = {
    {GS_METRIC_CONVERGENCE, "convergence", ALWAYS},
    {GS_METRIC_MESSAGES, "messages", ALWAYS},
    {GS_METRIC_WIRE_BYTES, "on the wire", ALWAYS},
    {GS_METRIC_LARGEST_MAILBOX, "mailbox", WITHOUT_FAILURES},
    {GS_METRIC_HOPS, "hops", WITHOUT_FAILURES},
    {GS_METRIC_IN_SYNC_SHARE, "correct", WITH_FAILURES},
    {GS_METRIC_MEAN_ERROR, "wrong by", WITH_FAILURES},
    {GS_METRIC_LOST, "lost", WITH_FAILURES},
};
/** Those before have a form of their own in the table. */
#define FIRST_PLAIN 2u
#define LABEL_WIDTH_MAX 34u

/** The indices of the columns that are shown; returns how many. */
static guint shown_columns(const GsFindings *findings, guint shown[G_N_ELEMENTS(columns)]) {
  Shown never = gs_findings_has_failures(findings) ? WITHOUT_FAILURES : WITH_FAILURES;
  guint count = 0;
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
    if (columns[i].shown != never)
      shown[count++] = i;
  return count;
}

static bool is_shown(const GsFindings *findings, GsMetric metric) {
  guint shown[G_N_ELEMENTS(columns)], count = shown_columns(findings, shown);
  for (guint i = 0; i < count; i++)
    if (columns[shown[i]].metric == metric)
      return true;
  return false;
}

/** "5.02 ms ± 0.31" */
static char *interval_text(const GsOutcome *outcome, GsMetric metric) {
  if (outcome->counted[metric] == 0)
    return g_strdup("\u2013");
  const GsSummary *summary = &outcome->metrics[metric];
  g_autofree char *mean = gs_quantity_text(summary->mean, gs_metrics[metric].unit);
  /* Of which runs, where it is not of all. */
  bool all = outcome->counted[metric] + outcome->failed == outcome->runs;
  g_autofree char *runs = all ? g_strdup("") : gs_text_plural(outcome->counted[metric], "run");
  double half = summary->ci_high - summary->mean;
  if (!isfinite(half) || !(half > 0))
    return g_strdup_printf("%s%s%s", mean, all ? "" : " of ", runs);
  g_autofree char *width = gs_quantity_text(half, gs_metrics[metric].unit);
  return g_strdup_printf("%s \u00b1 %s%s%s", mean, width, all ? "" : " of ", runs);
}

static char *mean_text(const GsOutcome *outcome, GsMetric metric) {
  return gs_quantity_text(gs_outcome_mean(outcome, metric), gs_metrics[metric].unit);
}

/** "=" where all runs had the messages of the closed form, "≠" where not. */
static const char *equal_text(const GsOutcome *outcome) {
  return outcome->messages_equal == GS_YES ? "=" : outcome->messages_equal == GS_NO ? "\u2260" : "";
}

/** "20", or "12 of 20" where the others ended with nodes out of sync. */
static char *runs_text(const GsOutcome *outcome) {
  uint32_t done = outcome->runs - outcome->failed;
  g_autofree char *runs = gs_text_count(done);
  if (outcome->converged == done)
    return g_steal_pointer(&runs);
  return g_strdup_printf("%u in sync of %s", outcome->converged, runs);
}

static void add_row(GsTable *table, const GsFindings *findings, const GsOutcome *outcome,
                    const char *label) {
  GsStyleKind kind = outcome->best ? GS_STYLE_GOOD : GS_STYLE_NONE;
  gs_table_cell(table, g_strdup(outcome->best ? "\u2605" : ""), kind);
  gs_table_cell(table, g_strdup(label), kind);
  gs_table_cell(table, runs_text(outcome),
                outcome->converged + outcome->failed < outcome->runs ? GS_STYLE_BAD
                                                                     : GS_STYLE_NONE);
  gs_table_cell(table, interval_text(outcome, GS_METRIC_CONVERGENCE), kind);
  gs_table_cell(table, mean_text(outcome, GS_METRIC_MESSAGES), GS_STYLE_NONE);
  gs_table_cell(table, g_strdup(equal_text(outcome)),
                outcome->messages_equal == GS_NO ? GS_STYLE_BAD : GS_STYLE_FAINT);
  guint shown[G_N_ELEMENTS(columns)], count = shown_columns(findings, shown);
  for (guint i = FIRST_PLAIN; i < count; i++)
    gs_table_cell(table, mean_text(outcome, columns[shown[i]].metric), GS_STYLE_NONE);
  if (!is_shown(findings, findings->sort))
    gs_table_cell(table, mean_text(outcome, findings->sort), kind);
}

static GsTable *new_table(const GsFindings *findings, const char *label_heading) {
  GsTable *table = gs_table_new();
  gs_table_column(table, NULL, false, 0);
  gs_table_column(table, label_heading, false, LABEL_WIDTH_MAX);
  gs_table_column(table, "runs", true, 0);
  gs_table_column(table, columns[0].heading, true, 0);
  gs_table_column(table, columns[1].heading, true, 0);
  gs_table_column(table, NULL, false, 0);
  guint shown[G_N_ELEMENTS(columns)], count = shown_columns(findings, shown);
  for (guint i = FIRST_PLAIN; i < count; i++)
    gs_table_column(table, columns[shown[i]].heading, true, 0);
  if (!is_shown(findings, findings->sort))
    gs_table_column(table, gs_metrics[findings->sort].key, true, 0);
  return table;
}

static void print_cells(const GsFindings *findings, GsStyle style, GString *out) {
  const GsSweep *sweep = findings->sweep;
  const GsAxis *compared = sweep->axes->pdata[findings->compared];
  g_autoptr(GsTable) table = new_table(findings, compared->path);
  uint32_t group_before = UINT32_MAX;
  for (guint i = 0; i < findings->order->len; i++) {
    uint32_t cell = g_array_index(findings->order, uint32_t, i);
    uint32_t group = g_array_index(findings->groups, uint32_t, cell);
    const GsOutcome *outcome = findings->outcomes->pdata[cell];
    g_autofree char *shared = gs_findings_label(findings, cell, true);
    if (group != group_before && *shared)
      gs_table_line(table, shared);
    group_before = group;
    g_autofree char *label = gs_findings_label(findings, cell, false);
    if (outcome->runs > outcome->failed) {
      add_row(table, findings, outcome, label);
    } else {
      g_autofree char *why = gs_text_clean(outcome->problem ? outcome->problem : "not run");
      g_autofree char *line = g_strdup_printf("   %s: %s", label, why);
      gs_table_line(table, line);
    }
  }
  gs_table_print(table, style, out);
}

static char *exponent_text(double exponent, double low, double high) {
  g_autofree char *text = gs_text_fixed(exponent, 3);
  if (!isfinite(low) || high - low <= 0.005)
    return g_steal_pointer(&text);
  g_autofree char *from = gs_text_fixed(low, 2), *to = gs_text_fixed(high, 2);
  return g_strdup_printf("%s (%s to %s)", text, from, to);
}

static void print_growth(const GsFindings *findings, GsStyle style, GString *out) {
  if (findings->growths->len == 0)
    return;
  gs_print_section("Growth with the number of nodes: figure ~ nodes^exponent", style, out);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, NULL, false, LABEL_WIDTH_MAX);
  gs_table_column(table, "figure", false, 0);
  gs_table_column(table, "exponent (95 %)", false, 0);
  gs_table_column(table, "closed form", true, 0);
  gs_table_column(table, "tends to", true, 0);
  for (guint i = 0; i < findings->growths->len; i++) {
    const GsGrowthFinding *finding = &g_array_index(findings->growths, GsGrowthFinding, i);
    gs_table_cell(table, gs_text_clean(finding->label), GS_STYLE_NONE);
    gs_table_cell(table, g_strdup(gs_metrics[finding->metric].label), GS_STYLE_NONE);
    gs_table_cell(
        table, exponent_text(finding->growth.exponent, finding->growth.low, finding->growth.high),
        GS_STYLE_NONE);
    gs_table_cell(table, finding->has_theory ? gs_text_fixed(finding->theory.exponent, 3) : NULL,
                  GS_STYLE_NONE);
    gs_table_cell(table, isfinite(finding->limit) ? g_strdup_printf("%.0f", finding->limit) : NULL,
                  GS_STYLE_NONE);
  }
  gs_table_print(table, style, out);
}

/** "+101.3 ms ± 3.1 ms", and "8.93" times. */
static char *effect_text(const GsEffect *effect) {
  const char *unit = gs_metrics[effect->metric].unit;
  g_autofree char *difference = gs_difference_text(effect->difference, unit);
  double half = (effect->high - effect->low) / 2;
  if (effect->pairs < 2 || !(half > 0))
    return g_steal_pointer(&difference);
  g_autofree char *width = gs_quantity_text(half, unit);
  return g_strdup_printf("%s \u00b1 %s", difference, width);
}

static char *ratio_text(const GsEffect *effect) {
  if (!isfinite(effect->ratio))
    return g_strdup("\u2013");
  int decimals = effect->ratio >= 100 ? 0 : effect->ratio >= 10 ? 1 : effect->ratio >= 0.1 ? 2 : 4;
  return g_strdup_printf("%.*f", decimals, effect->ratio);
}

/** "20", or "12 of 20" where a run of the others has no such figure. */
static char *pairs_text(const GsEffect *effect) {
  return effect->pairs == effect->pairs_there
             ? gs_text_count(effect->pairs)
             : g_strdup_printf("%u of %u", effect->pairs, effect->pairs_there);
}

static void print_effects(const GsFindings *findings, GsStyle style, GString *out) {
  if (findings->effects->len == 0)
    return;
  gs_print_section("Effects: against the first value of the axis, in pairs of the same seed", style,
                   out);
  g_autoptr(GsTable) table = gs_table_new();
  gs_table_column(table, NULL, false, LABEL_WIDTH_MAX);
  gs_table_column(table, "settings", true, 0);
  gs_table_column(table, "pairs", true, 0);
  gs_table_column(table, "figure", false, 0);
  gs_table_column(table, "difference", true, 0);
  gs_table_column(table, "times", true, 0);
  for (guint i = 0; i < findings->effects->len; i++) {
    const GsEffect *effect = &g_array_index(findings->effects, GsEffect, i);
    if (effect->cell != GS_ALL_CELLS)
      continue;
    g_autofree char *label = gs_effect_label(findings, effect);
    gs_table_cell(table, gs_text_clean(label), GS_STYLE_NONE);
    gs_table_cell(table,
                  effect->settings == effect->settings_there
                      ? gs_text_count(effect->settings)
                      : g_strdup_printf("%u of %u", effect->settings, effect->settings_there),
                  GS_STYLE_NONE);
    gs_table_cell(table, pairs_text(effect), GS_STYLE_NONE);
    gs_table_cell(table, g_strdup(gs_metrics[effect->metric].label), GS_STYLE_NONE);
    gs_table_cell(table, effect_text(effect), GS_STYLE_NONE);
    gs_table_cell(table, ratio_text(effect), GS_STYLE_NONE);
  }
  gs_table_print(table, style, out);
}

/** "diameter +0.93", or "diameter +0.93 to +1.00" over settings; "" where it is not known. */
static char *correlation_text(const GsFindings *findings, GsFact fact) {
  double least = INFINITY, most = -INFINITY;
  for (guint i = 0; i < findings->correlations->len; i++) {
    const GsCorrelation *found = &g_array_index(findings->correlations, GsCorrelation, i);
    if (found->fact != fact || !found->known)
      continue;
    least = MIN(least, found->rho);
    most = MAX(most, found->rho);
  }
  const char *label = gs_findings_fact(findings, fact);
  if (!isfinite(least))
    return g_strdup("");
  g_autofree char *low = gs_text_signed(least, 2), *high = gs_text_signed(most, 2);
  return g_str_equal(low, high) ? g_strdup_printf("%s %s", label, low)
                                : g_strdup_printf("%s %s to %s", label, low, high);
}

static void print_correlations(const GsFindings *findings, GsStyle style, GString *out) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (int fact = 0; fact < GS_FACTS; fact++) {
    g_autofree char *one = correlation_text(findings, (GsFact)fact);
    g_string_append_printf(text, "%s%s", text->len && *one ? ", " : "", one);
  }
  if (text->len == 0)
    return;
  g_autofree char *heading =
      g_strdup_printf("Rank correlation of the convergence time with facts of the graph%s",
                      findings->settings > 1 ? " (over settings)" : "");
  gs_print_section(heading, style, out);
  gs_text_wrap(out, text->str, 2, gs_print_width(style));
}

void gs_study_table(const GsFindings *findings, const GsStudyAbout *about, GsStyle style,
                    GString *out) {
  const GsSweep *sweep = findings->sweep;
  gs_print_heading(sweep->name ? sweep->name : "compare",
                   sweep->about ? sweep->about : about->baseline, style, out);
  if (sweep->about) {
    g_autofree char *baseline = gs_text_clean(about->baseline);
    gs_text_wrap(out, baseline, 0, gs_print_width(style));
  }
  g_autofree char *sort = g_strdup_printf("Cells, by %s (mean \u00b1 half the 95 %% interval)",
                                          gs_metrics[findings->sort].label);
  gs_print_section(sort, style, out);
  print_cells(findings, style, out);
  print_effects(findings, style, out);
  print_growth(findings, style, out);
  print_correlations(findings, style, out);
  gs_study_warnings_print(findings->warnings, sweep, style, out);
  gs_print_section("What it comes to", style, out);
  for (guint i = 0; i < findings->sentences->len; i++) {
    g_autofree char *clean = gs_text_clean(findings->sentences->pdata[i]);
    gs_text_wrap(out, clean, 2, gs_print_width(style));
  }
}

/* ---- Markdown ---- */

static void add_markdown(GString *out, const char *text) {
  g_string_append(out, "| ");
  for (; *text; text++) {
    if (*text == '|' || *text == '\\' || *text == '*' || *text == '_' || *text == '<' ||
        *text == '`')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *text == '\n' ? ' ' : *text);
  }
  g_string_append_c(out, ' ');
}

static void markdown_row(GString *out, const GsFindings *findings, const GsOutcome *outcome) {
  guint shown[G_N_ELEMENTS(columns)], count = shown_columns(findings, shown);
  for (guint a = 0; a < findings->sweep->axes->len; a++)
    add_markdown(out, gs_sweep_value(findings->sweep, outcome->cell, a)->text);
  if (outcome->runs == outcome->failed) {
    add_markdown(out, "0");
    add_markdown(out, outcome->problem ? outcome->problem : "not run");
    for (guint i = 0; i < count; i++)
      add_markdown(out, "");
    g_string_append(out, "|\n");
    return;
  }
  g_autofree char *runs = runs_text(outcome);
  g_autofree char *convergence = interval_text(outcome, GS_METRIC_CONVERGENCE);
  add_markdown(out, runs);
  if (outcome->best)
    g_string_append_printf(out, "| **%s** ", convergence);
  else
    add_markdown(out, convergence);
  for (guint i = 1; i < count; i++) {
    g_autofree char *mean = mean_text(outcome, columns[shown[i]].metric);
    add_markdown(out, mean);
  }
  add_markdown(out, equal_text(outcome));
  g_string_append(out, "|\n");
}

static void markdown_effects(GString *out, const GsFindings *findings) {
  if (findings->effects->len == 0)
    return;
  g_string_append(out, "\nAgainst the first value of the axis, in pairs of runs with the same seed,"
                       " as a mean over all settings of the other axes:\n\n"
                       "| value | settings | pairs | figure | difference | times |\n"
                       "| --- | ---: | ---: | --- | ---: | ---: |\n");
  for (guint i = 0; i < findings->effects->len; i++) {
    const GsEffect *effect = &g_array_index(findings->effects, GsEffect, i);
    if (effect->cell != GS_ALL_CELLS)
      continue;
    g_autofree char *label = gs_effect_label(findings, effect);
    g_autofree char *difference = effect_text(effect), *ratio = ratio_text(effect);
    g_autofree char *pairs = pairs_text(effect);
    add_markdown(out, label);
    g_string_append_printf(out, "| %u | %s ", effect->settings, pairs);
    add_markdown(out, gs_metrics[effect->metric].label);
    add_markdown(out, difference);
    add_markdown(out, ratio);
    g_string_append(out, "|\n");
  }
}

void gs_study_markdown(const GsFindings *findings, const GsStudyAbout *about, GString *out) {
  const GsSweep *sweep = findings->sweep;
  for (guint i = 0; i < findings->sentences->len; i++)
    g_string_append_printf(out, "%s%s", i ? " " : "", (char *)findings->sentences->pdata[i]);
  g_string_append(out, "\n\n");
  for (guint i = 0; i < findings->warnings->len; i++) {
    g_autofree char *line = gs_study_warning_line(findings->warnings->pdata[i], sweep);
    g_string_append_printf(out, "- Warning: %s\n", line);
  }
  if (findings->warnings->len > 0)
    g_string_append_c(out, '\n');
  for (guint a = 0; a < sweep->axes->len; a++)
    add_markdown(out, ((GsAxis *)sweep->axes->pdata[a])->path);
  add_markdown(out, "runs");
  guint shown[G_N_ELEMENTS(columns)], count = shown_columns(findings, shown);
  for (guint i = 0; i < count; i++)
    add_markdown(out, columns[shown[i]].heading);
  add_markdown(out, "closed form");
  g_string_append(out, "|\n");
  for (guint a = 0; a < sweep->axes->len; a++)
    g_string_append(out, "| --- ");
  for (guint i = 0; i < count + 2; i++)
    g_string_append(out, "| ---: ");
  g_string_append(out, "|\n");
  for (guint i = 0; i < findings->order->len; i++) {
    uint32_t cell = g_array_index(findings->order, uint32_t, i);
    markdown_row(out, findings, findings->outcomes->pdata[cell]);
  }
  markdown_effects(out, findings);
  g_string_append_printf(out, "\n%s\n\n`%s`, gridsim %s\n", about->baseline, about->command,
                         gs_version_text());
}

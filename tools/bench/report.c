/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "core/json_writer.h"
#include "sim/report/table.h"
#include "tools/bench/bench.h"

static const char *const unit_names[] = {"messages/s", "s", "bytes"};
G_STATIC_ASSERT(G_N_ELEMENTS(unit_names) == GS_BENCH_UNITS);

static void clear_row(gpointer data) {
  GsBenchRow *row = data;
  g_free(row->what);
}

void gs_bench_report_init(GsBenchReport *report) {
  report->rows = g_array_new(FALSE, FALSE, sizeof(GsBenchRow));
  g_array_set_clear_func(report->rows, clear_row);
}

void gs_bench_report_clear(GsBenchReport *report) {
  g_array_unref(report->rows);
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void gs_bench_report_add(GsBenchReport *report, char *what, const char *runner, uint32_t workers,
                         GsBenchUnit unit, double *values, uint32_t count) {
  qsort(values, count, sizeof *values, compare);
  GsBenchRow row = {.what = what,
                    .runner = runner,
                    .workers = workers,
                    .unit = unit,
                    .best = unit == GS_BENCH_RATE ? values[count - 1] : values[0],
                    .median = (values[(count - 1) / 2] + values[count / 2]) / 2};
  g_array_append_val(report->rows, row);
  /* Long runs should show that they live. */
  if (isatty(STDERR_FILENO))
    fprintf(stderr, "%s: %s, %u\n", what, runner, workers);
}

static char *number(double value, GsBenchUnit unit) {
  if (unit == GS_BENCH_SECONDS)
    return g_strdup_printf("%.3f", value);
  return g_strdup_printf("%.0f", value);
}

static const GsBenchRow *baseline_of(const GsBenchReport *report) {
  guint i = 0;
  while (g_array_index(report->rows, GsBenchRow, i).unit != GS_BENCH_RATE)
    i++;
  return &g_array_index(report->rows, GsBenchRow, i);
}

static void print_table(const GsBenchReport *report) {
  g_autoptr(GsTable) table = gs_table_new();
  static const char *const headings[] = {"what",   "runner", "workers", "best",
                                         "median", "unit",   "ratio",   "of medians"};
  for (guint i = 0; i < G_N_ELEMENTS(headings); i++)
    gs_table_column(table, headings[i], i >= 2 && i != 5, 0);
  const GsBenchRow *baseline = baseline_of(report);
  for (guint i = 0; i < report->rows->len; i++) {
    const GsBenchRow *row = &g_array_index(report->rows, GsBenchRow, i);
    bool rate = row->unit == GS_BENCH_RATE;
    gs_table_cell(table, g_strdup(row->what), GS_STYLE_NONE);
    gs_table_cell(table, g_strdup(row->runner), GS_STYLE_NONE);
    gs_table_cell(table, g_strdup_printf("%u", row->workers), GS_STYLE_NONE);
    gs_table_cell(table, number(row->best, row->unit), GS_STYLE_NONE);
    gs_table_cell(table, number(row->median, row->unit), GS_STYLE_NONE);
    gs_table_cell(table, g_strdup(unit_names[row->unit]), GS_STYLE_NONE);
    gs_table_cell(table, rate ? g_strdup_printf("%.2f", row->best / baseline->best) : NULL,
                  GS_STYLE_NONE);
    gs_table_cell(table, rate ? g_strdup_printf("%.2f", row->median / baseline->median) : NULL,
                  GS_STYLE_NONE);
  }
  g_autoptr(GString) out = g_string_new(NULL);
  gs_table_print(table, (GsStyle){0}, out);
  fputs(out->str, stdout);
}

static void write_row(GsJsonWriter *writer, const GsBenchRow *row, const GsBenchRow *baseline) {
  gs_json_compact_next(writer);
  gs_json_begin_object(writer);
  gs_json_write_key(writer, "what");
  gs_json_write_string(writer, row->what);
  gs_json_write_key(writer, "runner");
  gs_json_write_string(writer, row->runner);
  gs_json_write_key(writer, "workers");
  gs_json_write_int(writer, row->workers);
  gs_json_write_key(writer, "unit");
  gs_json_write_string(writer, unit_names[row->unit]);
  gs_json_write_key(writer, "best");
  gs_json_write_double(writer, row->best);
  gs_json_write_key(writer, "median");
  gs_json_write_double(writer, row->median);
  if (row->unit == GS_BENCH_RATE) {
    gs_json_write_key(writer, "ratio");
    gs_json_write_double(writer, row->best / baseline->best);
    gs_json_write_key(writer, "ratio_of_medians");
    gs_json_write_double(writer, row->median / baseline->median);
  }
  gs_json_end_object(writer);
}

static void print_json(const GsBenchReport *report, const GsBenchOptions *options) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GsJsonWriter) writer = gs_json_writer_new(out, 2);
  const GsBenchRow *baseline = baseline_of(report);
  gs_json_begin_object(writer);
  gs_json_write_key(writer, "nodes");
  gs_json_write_int(writer, options->nodes);
  gs_json_write_key(writer, "actors");
  gs_json_write_int(writer, options->actors);
  gs_json_write_key(writer, "repeat");
  gs_json_write_int(writer, options->repeat);
  gs_json_write_key(writer, "cores");
  gs_json_write_int(writer, options->cores);
  gs_json_write_key(writer, "rows");
  gs_json_begin_array(writer);
  for (guint i = 0; i < report->rows->len; i++)
    write_row(writer, &g_array_index(report->rows, GsBenchRow, i), baseline);
  gs_json_end_array(writer);
  gs_json_end_object(writer);
  puts(out->str);
}

void gs_bench_report_print(const GsBenchReport *report, const GsBenchOptions *options, bool json) {
  if (json)
    print_json(report, options);
  else
    print_table(report);
}

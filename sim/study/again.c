/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/study/again.h"

#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/limits.h"
#include "sim/base/quote.h"
#include "sim/study/recheck.h"
#include "sim/study/sweep_file.h"
#include "sim/study/sweep_keep.h"

/* ---- Writing ---- */

typedef struct {
  GArray *runs;
  uint32_t cell;
} Taking;

static void take_sample(const GsSample *sample, void *data) {
  Taking *taking = data;
  GsRecheckRun run;
  gs_recheck_take(&run, taking->cell, sample);
  g_array_append_val(taking->runs, run);
}

/** Each as [cell, repetition, digest]; null where it could not be done. */
static void write_runs(GsJsonWriter *json, const GArray *runs) {
  gs_json_write_key(json, "runs");
  gs_json_compact_next(json);
  gs_json_begin_array(json);
  for (guint i = 0; i < runs->len; i++) {
    const GsRecheckRun *run = &g_array_index(runs, GsRecheckRun, i);
    gs_json_begin_array(json);
    gs_json_write_int(json, run->cell);
    gs_json_write_int(json, run->repetition);
    gs_json_write_string(json, *run->digest ? run->digest : NULL);
    gs_json_end_array(json);
  }
  gs_json_end_array(json);
}

static void write_again(GsJsonWriter *json, const GsSweep *sweep, const GArray *runs, guint count,
                        const GPtrArray *left_out_before) {
  g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < left_out_before->len; i++)
    g_ptr_array_add(left_out, g_strdup(left_out_before->pdata[i]));
  gs_json_write_key(json, "again");
  gs_json_begin_object(json);
  gs_json_write_key(json, "sweep");
  gs_json_begin_object(json);
  gs_sweep_write(sweep, left_out, json);
  gs_json_end_object(json);
  gs_json_member_int(json, "run_count", count);
  write_runs(json, runs);
  gs_json_write_key(json, "left_out");
  gs_json_begin_array(json);
  for (guint i = 0; i < left_out->len; i++)
    gs_json_write_string(json, left_out->pdata[i]);
  gs_json_end_array(json);
  gs_json_end_object(json);
}

bool gs_again_write(const GsFindings *findings, const GsStore *store, GsJsonWriter *json,
                    GError **error) {
  g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GsRecheckRun));
  Taking taking = {.runs = runs};
  for (guint i = 0; i < findings->outcomes->len; i++) {
    const GsOutcome *outcome = findings->outcomes->pdata[i];
    taking.cell = outcome->cell;
    if (!gs_store_each(store, outcome->cell, outcome->runs, take_sample, &taking, error))
      return false;
  }
  guint count = runs->len;
  g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
  gs_recheck_thin(runs, GS_AGAIN_RUNS_MAX);
  if (runs->len < count)
    g_ptr_array_add(left_out,
                    g_strdup_printf("%u of %u runs %s no digest in here: at most %u have",
                                    count - runs->len, count,
                                    count - runs->len == 1 ? "has" : "have", GS_AGAIN_RUNS_MAX));
  write_again(json, findings->sweep, runs, count, left_out);
  return true;
}

static void write_missing(GsJsonWriter *json, const char *why) {
  gs_json_write_key(json, "again");
  gs_json_write_null(json);
  gs_json_member_string(json, "again_missing", why);
}

void gs_again_write_run(const GsResults *results, GsJsonWriter *json) {
  if (results->stopped) {
    write_missing(json, "the run was interrupted, and would not end there again");
    return;
  }
  const GsScenario *scenario = results->scenario;
  g_autoptr(GPtrArray) left_out = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GsRecheckRun));
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  GsRecheckRun run = {0};
  g_strlcpy(run.digest, results->digest, sizeof run.digest);
  g_array_append_val(runs, run);
  sweep->seed = scenario->seed;
  sweep->repeat = 1;
  gsize length = 0;
  const char *text = scenario->text ? g_bytes_get_data(scenario->text, &length) : NULL;
  if (!text) {
    g_autofree char *why = g_strdup_printf("the scenario has more than %" G_GSIZE_FORMAT " MiB",
                                           GS_INPUT_KEPT_BYTES_MAX >> 20);
    write_missing(json, why);
    return;
  }
  gs_sweep_add_base(sweep, scenario->source, g_strndup(text, length), length);
  GsSweepBase *base = sweep->bases->pdata[0];
  for (guint i = 0; i < scenario->inputs->len; i++)
    g_ptr_array_add(base->inputs, gs_input_file_copy(scenario->inputs->pdata[i]));
  for (guint i = 0; i < scenario->overrides->len; i += 2)
    if (scenario->overrides->pdata[i + 1])
      gs_sweep_set(sweep, scenario->overrides->pdata[i], scenario->overrides->pdata[i + 1]);
  g_autoptr(GError) problem = NULL;
  if (!gs_sweep_finish(sweep, &problem)) {
    write_missing(json, problem->message);
    return;
  }
  write_again(json, sweep, runs, 1, left_out);
  gs_json_member_string(json, "again_missing", NULL);
}

/* ---- Reading ---- */

/** The document inside a page, or the text itself. */
static bool find_document(const char **text, gsize *length, const char *source, GError **error) {
  static const char begin[] = "<script type=\"application/json\" id=\"data\">";
  static const char end[] = "</script>";
  if (*length == 0 || **text != '<')
    return true;
  const char *from = g_strstr_len(*text, (gssize)*length, begin);
  if (from)
    from += strlen(begin);
  const char *to = from ? g_strstr_len(from, *text + *length - from, end) : NULL;
  if (!to) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: is no page of gridsim: there is no document in it", source);
    return false;
  }
  *text = from;
  *length = (gsize)(to - from);
  return true;
}

static bool read_run(const GsJsonDoc *doc, const GsJson *item, const GsSweep *sweep,
                     GsRecheckRun *run, GError **error) {
  const GsJson *cell = gs_json_type(item) == GS_JSON_ARRAY ? gs_json_first(item) : NULL;
  const GsJson *repetition = cell ? gs_json_next(cell) : NULL;
  const GsJson *digest = repetition ? gs_json_next(repetition) : NULL;
  int64_t of_cell, of_repetition;
  const char *text = digest ? gs_json_string(digest) : NULL;
  bool good = digest && gs_json_integer(cell, &of_cell) && of_cell >= 0 &&
              of_cell < sweep->cell_count && gs_json_integer(repetition, &of_repetition) &&
              of_repetition >= 0 && of_repetition < GS_SWEEP_REPEAT_MAX &&
              (text ? strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32
                    : gs_json_type(digest) == GS_JSON_NULL);
  if (!good)
    return gs_json_fail(doc, item, error, GS_ERROR_INPUT,
                        "must be a cell, a repetition and a digest or null");
  *run = (GsRecheckRun){.cell = (uint32_t)of_cell, .repetition = (uint32_t)of_repetition};
  g_strlcpy(run->digest, text ? text : "", sizeof run->digest);
  return true;
}

static GArray *read_runs(const GsJsonDoc *doc, const GsJson *again, const GsSweep *sweep,
                         GError **error) {
  const GsJson *list = gs_json_member(again, "runs");
  g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GsRecheckRun));
  if (!list || gs_json_type(list) != GS_JSON_ARRAY || gs_json_count(list) == 0 ||
      gs_json_count(list) > GS_AGAIN_RUNS_MAX) {
    gs_json_fail(doc, list ? list : again, error, GS_ERROR_INPUT,
                 "\"runs\" must be an array of 1 to %u runs", GS_AGAIN_RUNS_MAX);
    return NULL;
  }
  for (const GsJson *item = gs_json_first(list); item; item = gs_json_next(item)) {
    GsRecheckRun run;
    if (!read_run(doc, item, sweep, &run, error))
      return NULL;
    g_array_append_val(runs, run);
  }
  return g_steal_pointer(&runs);
}

GsSweep *gs_again_read(const char *text, gsize length, const char *source, GArray **runs,
                       uint64_t *count, GError **error) {
  static const char *const read[] = {"again", NULL};
  GsJsonLimits limits = {
      .max_bytes = GS_AGAIN_BYTES_MAX, .max_depth = GS_JSON_DEPTH_MAX, .read_members = read};
  if (!find_document(&text, &length, source, error))
    return NULL;
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text, length, source, &limits, error);
  if (!doc)
    return NULL;
  const GsJson *root = gs_json_root(doc);
  const GsJson *again = gs_json_type(root) == GS_JSON_OBJECT ? gs_json_member(root, "again") : NULL;
  const GsJson *asked =
      again && gs_json_type(again) == GS_JSON_OBJECT ? gs_json_member(again, "sweep") : NULL;
  const GsJson *missing = again ? gs_json_member(root, "again_missing") : NULL;
  if (!asked && missing && gs_json_string(missing)) {
    g_autofree char *why = gs_quote(gs_json_string(missing));
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: has not in it what it takes to do it again: %s", source, why);
    return NULL;
  }
  if (!asked) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s: has nothing in it that could be done again; must be a report or document of "
                "gridsim compare or run, or a directory that compare kept",
                source);
    return NULL;
  }
  g_autoptr(GString) written = g_string_new(NULL);
  {
    g_autoptr(GsJsonWriter) json = gs_json_writer_new(written, 1);
    gs_json_write_value(json, asked);
  }
  g_autoptr(GsSweep) sweep = gs_sweep_new();
  sweep->no_files = true;
  gs_input_files_seal(sweep->files, source);
  if (!gs_sweep_read(sweep, written->str, written->len, source, error) ||
      !gs_sweep_finish(sweep, error))
    return NULL;
  *runs = read_runs(doc, again, sweep, error);
  const GsJson *all = gs_json_member(again, "run_count");
  int64_t number = 0;
  if (!*runs)
    return NULL;
  *count = all && gs_json_integer(all, &number) && number > (*runs)->len ? (uint64_t)number
                                                                         : (*runs)->len;
  return g_steal_pointer(&sweep);
}

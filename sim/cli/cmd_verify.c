/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/source.h"
#include "sim/base/text.h"
#include "sim/cli/cli.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/option_rows.h"
#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/cli/progress.h"
#include "sim/report/version.h"
#include "sim/study/again.h"
#include "sim/study/recheck.h"

/** As many runs that differ are named; the others are counted. */
#define NAMED_MAX 20

typedef struct {
  gboolean help, quiet;
  char *sample, *jobs, *memory;
  char **operands;
} VerifyArgs;

#define VERIFY_OPTIONS 7
static void list_options(VerifyArgs *args, GOptionEntry entries[VERIFY_OPTIONS]) {
  const GOptionEntry all[VERIFY_OPTIONS] = {
      {"sample", 0, 0, G_OPTION_ARG_FILENAME, &args->sample,
       "do so many runs again, evenly chosen (default: all of them)", "N"},
      {"jobs", 'j', 0, G_OPTION_ARG_FILENAME, &args->jobs,
       "runs at the same time (default: the number of cores)", "N"},
      {"memory", 0, 0, G_OPTION_ARG_FILENAME, &args->memory,
       "most memory that all runs together may need: 500MiB, 40GiB, unlimited (default: what is "
       "free)",
       "SIZE"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &args->quiet,
       "no progress and no result but the exit status", NULL},
      GS_ROW_HELP(args),
      GS_ROW_OPERANDS(args),
      {0},
  };
  memcpy(entries, all, sizeof all);
}

void gs_cmd_verify_help(GString *out) {
  VerifyArgs args = {0};
  GOptionEntry entries[VERIFY_OPTIONS];
  list_options(&args, entries);
  g_string_append(out, "Usage: gridsim verify [OPTION]… DIR|PAGE|DOCUMENT\n"
                       "\n"
                       "Does the runs of a study again and tells whether they are the same: of a\n"
                       "directory that gridsim compare --out kept, or of its report.html or\n"
                       "results.json, which have in them what that takes. The page of gridsim run\n"
                       "--report and the document of run --json do, too. Of a page or document\n"
                       "nothing but what is in it is used.\n"
                       "\n"
                       "Examples\n"
                       "  gridsim compare --out results scenarios/ring.json\n"
                       "  gridsim verify results\n"
                       "      all runs of a study, with all their figures\n"
                       "  gridsim verify --sample 20 results/report.html\n"
                       "      the report, as one that somebody sent\n"
                       "  gridsim run --report run.html scenarios/readme.json\n"
                       "  gridsim verify run.html\n"
                       "      the page of a run\n"
                       "\n"
                       "Options\n");
  gs_options_describe(entries, out);
  g_string_append(out, "\n"
                       "Exit status: 0 all runs are the same; 1 some differ; 2 wrong usage or "
                       "input;\n130 after Ctrl-C.\n");
}

typedef struct {
  VerifyArgs args;
  uint64_t sample;
  uint32_t jobs;
  GsMemoryRoom memory;
  GsInterrupt interrupt;
  GsProgressLine progress;
  GsStore *store; /**< of a directory */
  GsSweep *read;  /**< of a page or document */
  GArray *runs;
  uint64_t count; /**< runs that there are to choose from */
} Verify;

static void clear_verify(Verify *verify) {
  GOptionEntry entries[VERIFY_OPTIONS];
  list_options(&verify->args, entries);
  gs_options_clear(entries);
  gs_store_close(verify->store);
  gs_sweep_free(verify->read);
  g_clear_pointer(&verify->runs, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verify, clear_verify)

static bool on_progress(uint64_t done, uint64_t of, double wall_s, void *data) {
  Verify *verify = data;
  if (gs_interrupt_poll(&verify->interrupt))
    return false;
  g_autoptr(GString) line = g_string_new(NULL);
  g_string_append_printf(line, "%" PRIu64 " of %" PRIu64 " runs done again", done, of);
  gs_progress_estimate(line, (double)done / (double)MAX(of, 1), wall_s);
  gs_progress_say(&verify->progress, line->str, wall_s);
  return true;
}

static bool read_input(Verify *verify, const char *path, GError **error) {
  uint64_t most = verify->sample ? verify->sample : UINT64_MAX;
  if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
    verify->store = gs_store_read(path, error);
    verify->runs =
        verify->store ? gs_recheck_choose(verify->store, false, most, &verify->count, error) : NULL;
    return verify->runs != NULL;
  }
  GString *text = gs_source_read(path, GS_AGAIN_BYTES_MAX, error);
  if (!text)
    return false;
  verify->read = gs_again_read(text->str, text->len, path, &verify->runs, &verify->count, error);
  g_string_free(text, TRUE);
  if (!verify->read)
    return false;
  gs_recheck_thin(verify->runs, most);
  return true;
}

static void describe(const GsSweep *sweep, const GsRecheckRun *run, GString *out) {
  g_autofree char *key = gs_sweep_key(sweep, run->cell);
  g_autofree char *clean = gs_text_clean(key);
  g_autofree char *words = gs_recheck_words(run);
  g_string_append_printf(out, "  %s, repetition %" PRIu32 ": %s\n", clean, run->repetition, words);
}

/** What came of it; the exit status. */
static int report(const Verify *verify, const GsSweep *sweep, GString *out) {
  uint64_t done = 0, differ = 0;
  g_autoptr(GString) named = g_string_new(NULL);
  for (guint i = 0; i < verify->runs->len; i++) {
    const GsRecheckRun *run = &g_array_index(verify->runs, GsRecheckRun, i);
    done += run->result != GS_RECHECK_NOT_DONE;
    if (run->result == GS_RECHECK_NOT_DONE || run->result == GS_RECHECK_SAME)
      continue;
    if (++differ <= NAMED_MAX)
      describe(sweep, run, named);
  }
  if (differ > NAMED_MAX)
    g_string_append_printf(named, "  and %" PRIu64 " more\n", differ - NAMED_MAX);
  g_autofree char *runs = gs_text_plural(verify->count, "run");
  g_string_append_printf(out, "%" PRIu64 " of %s done again with gridsim %s: ", done, runs,
                         gs_version_text());
  if (done == 0)
    g_string_append(out, "nothing is known\n");
  else if (differ == 0)
    g_string_append_printf(out, "%s%s\n", done == 1 ? "it is the same" : "all are the same",
                           verify->store ? ", with all figures"
                           : done == 1   ? ", by its digest"
                                         : ", by their digests");
  else
    g_string_append_printf(out, "%" PRIu64 " %s\n%s", differ, differ == 1 ? "differs" : "differ",
                           named->str);
  if (verify->interrupt.signal)
    return GS_EXIT_SIGNAL + verify->interrupt.signal;
  return differ > 0 ? GS_EXIT_UNMET : done > 0 ? GS_EXIT_DONE : GS_EXIT_WRONG;
}

static int read_command_line(Verify *verify, char **given) {
  GOptionEntry entries[VERIFY_OPTIONS];
  VerifyArgs *args = &verify->args;
  list_options(args, entries);
  g_auto(GStrv) rest = g_strdupv(given);
  g_autoptr(GError) error = NULL;
  uint64_t jobs = 0;
  if (!gs_options_parse(&rest, entries, false, &error))
    return gs_cli_usage_error("verify", "verify: %s", error->message);
  if (args->help)
    return GS_EXIT_DONE;
  if ((args->sample &&
       !gs_option_number("--sample", args->sample, 1, UINT32_MAX, &verify->sample, &error)) ||
      (args->jobs && !gs_option_number("--jobs", args->jobs, 1, GS_JOBS_MAX, &jobs, &error)) ||
      (args->memory && !gs_option_size("--memory", args->memory, &verify->memory.bytes, &error)))
    return gs_cli_usage_error("verify", "verify: %s", error->message);
  if (!args->operands || args->operands[1])
    return gs_cli_usage_error("verify", "verify: give one directory of gridsim compare --out, or "
                                        "one of its pages or documents");
  verify->jobs = (uint32_t)jobs;
  return GS_EXIT_DONE;
}

int gs_cmd_verify(char **given) {
  g_auto(Verify) verify = {0};
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  int status = read_command_line(&verify, given);
  if (status != GS_EXIT_DONE)
    return status;
  if (verify.args.help) {
    gs_cmd_verify_help(text);
    return gs_output_text(text, GS_EXIT_DONE);
  }
  gs_interrupt_prepare();
  if (!read_input(&verify, verify.args.operands[0], &error)) {
    gs_cli_error("verify: %s", error->message);
    return GS_EXIT_WRONG;
  }
  if (!verify.args.memory)
    verify.memory = gs_memory_room_now();
  const GsSweep *sweep = verify.store ? gs_store_all(verify.store) : verify.read;
  GsRecheckOptions options = {verify.jobs, &verify.memory, on_progress, &verify};
  gs_progress_init(&verify.progress, !verify.args.quiet);
  gs_interrupt_begin(&verify.interrupt);
  bool good = gs_recheck(sweep, verify.runs, &options, &error);
  gs_interrupt_end(&verify.interrupt);
  gs_progress_clear(&verify.progress);
  if (!good) {
    gs_cli_error("verify: %s", error->message);
    return GS_EXIT_WRONG;
  }
  status = report(&verify, sweep, text);
  if (verify.args.quiet)
    return status;
  return gs_output_text(text, status);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/output_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

/** What follows is the version, a comma, and the checksum. */
#define MARK "written by gridsim "
#define MARK_SUM ", sha256 "
#define SUM_CHARS 64
/** The mark of a file is looked for in so much of it. */
#define HEAD_BYTES 65536

typedef struct {
  dev_t device;
  ino_t inode;
  const char *name;  /**< as it was given */
  const char *place; /**< its absolute path; NULL: standard input */
} File;

typedef struct {
  const char *option, *name;
  const char *place; /**< its absolute path, as far as it can be told */
} Output;

void gs_output_plan_init(GsOutputPlan *plan) {
  *plan = (GsOutputPlan){.inputs = g_array_new(FALSE, FALSE, sizeof(File)),
                         .names = g_ptr_array_new_with_free_func(g_free),
                         .outputs = g_array_new(FALSE, FALSE, sizeof(Output))};
}

void gs_output_plan_clear(GsOutputPlan *plan) {
  g_array_unref(plan->inputs);
  g_array_unref(plan->outputs);
  g_ptr_array_unref(plan->names);
}

static const char *keep(GsOutputPlan *plan, char *text) {
  g_ptr_array_add(plan->names, text);
  return text;
}

static bool is_stream(const char *path) {
  return g_str_equal(path, "-");
}

/** Whether a descriptor stands for the regular file. */
static bool leads_to(int descriptor, const struct stat *file) {
  struct stat stream;
  return fstat(descriptor, &stream) == 0 && S_ISREG(stream.st_mode) &&
         stream.st_dev == file->st_dev && stream.st_ino == file->st_ino;
}

/** The absolute path, through all links; free with free(), NULL where there is none. */
static char *place_of(const char *path) {
  char *real = realpath(path, NULL);
  if (real)
    return real;
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *base = g_path_get_basename(path);
  g_autofree char *real_folder = realpath(folder, NULL);
  return real_folder ? g_build_filename(real_folder, base, NULL) : NULL;
}

bool gs_output_plan_reads(GsOutputPlan *plan, const char *path, GError **error) {
  struct stat info;
  if ((is_stream(path) ? fstat(STDIN_FILENO, &info) : stat(path, &info)) != 0 ||
      !S_ISREG(info.st_mode))
    return true;
  File file = {info.st_dev, info.st_ino,
               keep(plan, g_strdup(is_stream(path) ? "(standard input)" : path)), NULL};
  if (!is_stream(path))
    file.place = keep(plan, place_of(path));
  g_array_append_val(plan->inputs, file);
  if (!leads_to(STDOUT_FILENO, &info) || plan->force)
    return true;
  return gs_fail_input(error, "%s: is to be read, but standard output goes there%s", file.name,
                       info.st_size == 0 ? " and the shell has emptied it for that" : "");
}

bool gs_output_plan_reads_scenario(GsOutputPlan *plan, const char *operand,
                                   const GsScenario *scenario, GError **error) {
  if (!gs_output_plan_reads(plan, is_stream(operand) ? operand : scenario->source, error))
    return false;
  for (guint i = 0; i < scenario->inputs->len; i++) {
    const GsInputFile *input = scenario->inputs->pdata[i];
    if (!gs_output_plan_reads(plan, input->path, error))
      return false;
  }
  return true;
}

bool gs_output_plan_folder(const GsOutputPlan *plan, const char *option, const char *folder,
                           GError **error) {
  g_autofree char *real = folder ? realpath(folder, NULL) : NULL;
  for (guint i = 0; real && i < plan->inputs->len; i++) {
    const File *input = &g_array_index(plan->inputs, File, i);
    const char *inside =
        input->place && g_str_has_prefix(input->place, real) ? input->place + strlen(real) : "";
    if (*inside == '/' && !g_str_equal(inside, "/study.json"))
      return gs_fail_input(
          error, "%s %s: %s, which this command reads, is in there; give another directory", option,
          folder, input->name);
  }
  return true;
}

/* ---- What is there already ---- */

/** Whether a mark is in the text, and its checksum right. */
static bool has_mark(const char *text, gsize length, bool *changed) {
  const char *mark = g_strstr_len(text, (gssize)MIN(length, HEAD_BYTES), MARK);
  const char *end = text + length;
  const char *sum = mark ? g_strstr_len(mark, MIN(end - mark, 200), MARK_SUM) : NULL;
  if (!sum || end - sum < (gssize)strlen(MARK_SUM) + SUM_CHARS)
    return false;
  sum += strlen(MARK_SUM);
  const char *line_end = memchr(sum, '\n', (gsize)(end - sum));
  const char *rest = line_end ? line_end + 1 : end;
  g_autofree char *found =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)rest, (gsize)(end - rest));
  *changed = strncmp(sum, found, SUM_CHARS) != 0;
  return true;
}

static bool begins(const char *text, gsize length, const char *with) {
  return length >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

static bool holds(const char *text, gsize length, const char *part) {
  return g_strstr_len(text, (gssize)MIN(length, HEAD_BYTES), part) != NULL;
}

static bool is_page(const char *text, gsize length) {
  return begins(text, length, "<!DOCTYPE html>") &&
         holds(text, length, "<meta name=\"generator\" content=\"gridsim ");
}

static bool is_trace(const char *text, gsize length) {
  return begins(text, length, "{\"t_ns\":") ||
         (begins(text, length, "{\"displayTimeUnit\":") &&
          holds(text, length, "{\"program\": \"gridsim ")) ||
         begins(text, length, "sequenceDiagram\n  %% gridsim\n");
}

/** What `topology` says of a grid, as text or as JSON. */
static bool is_graph_report(const char *text, gsize length) {
  return (holds(text, length, "\n  grid ") && holds(text, length, "\n  one update of energy ")) ||
         (begins(text, length, "{\n  \"name\":") && holds(text, length, "\"nodes_by_siblings\":"));
}

/** NULL when such a file may be replaced, else why not. */
static const char *objection(const char *text, gsize length, GsOutputKind kind) {
  bool changed = false;
  if (length == 0)
    return NULL;
  if (has_mark(text, length, &changed) && kind == GS_OUTPUT_GRAPH)
    return changed ? "gridsim wrote this file, but it was changed since" : NULL;
  bool same = kind == GS_OUTPUT_PAGE    ? is_page(text, length)
              : kind == GS_OUTPUT_TRACE ? is_trace(text, length)
                                        : is_graph_report(text, length);
  return same                      ? NULL
         : kind == GS_OUTPUT_PAGE  ? "that file is there and is no page of gridsim's"
         : kind == GS_OUTPUT_TRACE ? "that file is there and is no trace of gridsim's"
                                   : "that file is there and 'gridsim topology' did not write it";
}

static bool may_replace(const char *option, const char *path, GsOutputKind kind, GError **error) {
  g_autoptr(GError) reason = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &reason);
  if (!file)
    return gs_fail_input(error,
                         "%s %s: whether it may be written over cannot be told: %s; give another "
                         "name, or --force",
                         option, path, reason->message);
  const char *why =
      objection(g_mapped_file_get_contents(file), g_mapped_file_get_length(file), kind);
  return !why || gs_fail_input(error, "%s %s: %s; give another name, or --force to write over it",
                               option, path, why);
}

/* ---- What is to be written ---- */

/** Whether a file can be made there, or the one there replaced; sets errno. A trace is written into
 * the file that is there. */
static bool can_write(const char *path, bool there, bool in_place) {
  g_autofree char *place = place_of(path);
  g_autofree char *folder = g_path_get_dirname(place ? place : path);
  errno = 0;
  return (!there || access(path, W_OK) == 0) &&
         ((there && in_place) || access(folder, W_OK | X_OK) == 0);
}

static bool check_streams(const char *option, const char *path, const struct stat *info,
                          GError **error) {
  if (leads_to(STDOUT_FILENO, info))
    return gs_fail_input(error, "%s %s: standard output goes to the same file", option, path);
  if (leads_to(STDERR_FILENO, info))
    return gs_fail_input(error, "%s %s: standard error goes to the same file", option, path);
  return true;
}

static bool check_inputs(const GsOutputPlan *plan, const char *option, const char *path,
                         const struct stat *info, GError **error) {
  for (guint i = 0; !plan->force && i < plan->inputs->len; i++) {
    const File *input = &g_array_index(plan->inputs, File, i);
    if (input->device != info->st_dev || input->inode != info->st_ino)
      continue;
    if (g_str_equal(input->name, path))
      return gs_fail_input(error,
                           "%s %s: this command reads that file; give another name, or --force to "
                           "write over it",
                           option, path);
    return gs_fail_input(
        error,
        "%s %s: this is %s, which this command reads; give another name, or --force "
        "to write over it",
        option, path, input->name);
  }
  return true;
}

static bool check_outputs(GsOutputPlan *plan, const char *option, const char *path,
                          GError **error) {
  char *place = place_of(path);
  Output output = {keep(plan, g_strdup(option)), keep(plan, g_strdup(path)),
                   place ? keep(plan, place) : NULL};
  for (guint i = 0; place && i < plan->outputs->len; i++) {
    const Output *other = &g_array_index(plan->outputs, Output, i);
    if (other->place && g_str_equal(other->place, place))
      return gs_fail_input(error, "%s %s: %s writes to the same file", option, path, other->option);
  }
  g_array_append_val(plan->outputs, output);
  return true;
}

bool gs_output_plan_writes(GsOutputPlan *plan, const char *option, const char *path,
                           GsOutputKind kind, GError **error) {
  struct stat info;
  if (!path || is_stream(path))
    return true;
  bool there = stat(path, &info) == 0;
  if (there && S_ISDIR(info.st_mode))
    return gs_fail_input(error, "cannot write %s: %s", path, g_strerror(EISDIR));
  bool in_place = kind == GS_OUTPUT_TRACE || (there && !S_ISREG(info.st_mode));
  if (!can_write(path, there, in_place)) {
    g_set_error(error, GS_ERROR, GS_ERROR_SYSTEM, "cannot write %s: %s", path, g_strerror(errno));
    return false;
  }
  if (there && !S_ISREG(info.st_mode))
    return true;
  if (!check_outputs(plan, option, path, error))
    return false;
  if (!there)
    return true;
  return check_streams(option, path, &info, error) &&
         check_inputs(plan, option, path, &info, error) &&
         (plan->force || may_replace(option, path, kind, error));
}

void gs_output_mark(GString *text, GsOutputMark mark) {
  static const struct {
    const char *before, *after;
  } forms[] = {[GS_MARK_JSON] = {"  \"generator\": \"", "\",\n"},
               [GS_MARK_DOT] = {"// ", "\n"},
               [GS_MARK_SVG] = {"<!-- ", " -->\n"},
               [GS_MARK_GRAPHML] = {"<!-- ", " -->\n"},
               [GS_MARK_GML] = {"# ", "\n"}};
  gsize at = 0;
  if (mark == GS_MARK_JSON || mark == GS_MARK_GRAPHML) {
    const char *line_end = strchr(text->str, '\n');
    g_assert(line_end);
    at = (gsize)(line_end + 1 - text->str);
  }
  g_autofree char *sum = g_compute_checksum_for_data(
      G_CHECKSUM_SHA256, (const guchar *)text->str + at, text->len - at);
  g_autofree char *line =
      g_strconcat(forms[mark].before, MARK GS_VERSION MARK_SUM, sum, forms[mark].after, NULL);
  g_string_insert(text, (gssize)at, line);
}

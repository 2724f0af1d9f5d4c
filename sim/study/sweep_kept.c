/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/limits.h"
#include "sim/base/plain_file.h"
#include "sim/base/quote.h"
#include "sim/base/source.h"
#include "sim/import/import.h"
#include "sim/study/sweep_keep.h"

/** What is read, and where from. */
typedef struct {
  const GsJsonDoc *doc;
  const char *folder; /**< NULL: no files */
  GError **error;
} Kept;

static bool fail(const Kept *kept, const GsJson *value, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static bool fail(const Kept *kept, const GsJson *value, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *what = g_strdup_vprintf(format, args);
  va_end(args);
  return gs_json_fail(kept->doc, value, kept->error, GS_ERROR_INPUT, "%s", what);
}

bool gs_sweep_is_kept(const GsJson *scenario) {
  return gs_json_type(scenario) == GS_JSON_OBJECT && gs_json_member(scenario, "sha256");
}

static const char *string_at(const Kept *kept, const GsJson *object, const char *key) {
  const GsJson *value = gs_json_member(object, key);
  const char *text = value ? gs_json_string(value) : NULL;
  if (!text)
    fail(kept, value ? value : object, "no string \"%s\"; what is kept has one", key);
  return text;
}

static bool check_members(const Kept *kept, const GsJson *object, const char *const *allowed) {
  if (gs_json_type(object) != GS_JSON_OBJECT)
    return fail(kept, object, "found %s; must be an object",
                gs_json_type_name(gs_json_type(object)));
  for (const GsJson *member = gs_json_first(object); member; member = gs_json_next(member))
    if (!g_strv_contains(allowed, gs_json_key(member))) {
      g_autofree char *list = gs_quote_words(allowed, " or ");
      return fail(kept, member, "unknown member; allowed are %s", list);
    }
  return true;
}

/** A file of the folder of inputs: never one outside, whoever wrote the name. */
static GBytes *read_kept_file(const Kept *kept, const GsJson *value, uint64_t most) {
  const char *file = gs_json_string(value);
  const char *name = file && g_str_has_prefix(file, "inputs/") ? file + strlen("inputs/") : "";
  if (!kept->folder) {
    fail(kept, value, "files may not be read here; only what is embedded");
    return NULL;
  }
  if (!*name || strchr(name, '/') || *name == '.') {
    fail(kept, value, "must be \"inputs/\" with a plain name behind it");
    return NULL;
  }
  g_autofree char *inputs = g_build_filename(kept->folder, "inputs", NULL);
  g_autofree char *path = g_build_filename(inputs, name, NULL);
  if (g_file_test(inputs, G_FILE_TEST_IS_SYMLINK)) {
    fail(kept, value, "%s: is a symbolic link, which is not followed", inputs);
    return NULL;
  }
  g_autoptr(GError) problem = NULL;
  GString *text = gs_plain_read(path, most, &problem);
  if (text)
    return g_string_free_to_bytes(text);
  gs_json_fail(kept->doc, value, kept->error, problem->code, "%s", problem->message);
  return NULL;
}

static GBytes *read_base64(const Kept *kept, const GsJson *value) {
  const char *text = gs_json_string(value);
  if (!text) {
    fail(kept, value, "must be a string");
    return NULL;
  }
  gsize length;
  guchar *bytes = g_base64_decode(text, &length);
  return g_bytes_new_take(bytes, length);
}

/** The content of a kept thing, however it is there, if it has the fingerprint that it must have.
 */
static GBytes *read_content(const Kept *kept, const GsJson *object, const char *what,
                            uint64_t most) {
  const GsJson *text = gs_json_member(object, "text"), *file = gs_json_member(object, "file");
  const GsJson *base64 = gs_json_member(object, "base64");
  const char *fingerprint = string_at(kept, object, "sha256");
  g_autoptr(GBytes) content = NULL;
  if (!fingerprint)
    return NULL;
  g_autofree char *quoted = gs_quote(what);
  if (text && gs_json_string(text))
    content = g_bytes_new(gs_json_string(text), strlen(gs_json_string(text)));
  else if (base64)
    content = read_base64(kept, base64);
  else if (file)
    content = read_kept_file(kept, file, most);
  else
    fail(kept, object, "%s is not embedded (it was too large); its fingerprint is %.*s", quoted,
         GS_FINGERPRINT_SHOWN, fingerprint);
  if (!content)
    return NULL;
  char digits[GS_FINGERPRINT_DIGITS + 1];
  gsize length;
  const void *bytes = g_bytes_get_data(content, &length);
  gs_fingerprint(bytes, length, digits);
  if (g_str_equal(digits, fingerprint))
    return g_steal_pointer(&content);
  fail(kept, object, "%s was changed: its fingerprint is %.*s, and must be %.*s", quoted,
       GS_FINGERPRINT_SHOWN, digits, GS_FINGERPRINT_SHOWN, fingerprint);
  return NULL;
}

/** Its form, before anything is read. */
static bool check_form(const Kept *kept, const GsJson *scenario) {
  static const char *const allowed[] = {"name", "source", "bytes",  "sha256",
                                        "file", "text",   "inputs", NULL};
  static const char *const of_inputs[] = {"named", "bytes",  "sha256", "file",
                                          "text",  "base64", NULL};
  if (!check_members(kept, scenario, allowed))
    return false;
  const GsJson *inputs = gs_json_member(scenario, "inputs");
  if (inputs && gs_json_type(inputs) != GS_JSON_ARRAY)
    return fail(kept, inputs, "found %s; must be an array",
                gs_json_type_name(gs_json_type(inputs)));
  for (const GsJson *item = gs_json_first(inputs); item; item = gs_json_next(item))
    if (!check_members(kept, item, of_inputs))
      return false;
  return true;
}

static bool read_input(const Kept *kept, GsSweep *sweep, GsSweepBase *base, const GsJson *object) {
  const char *named = string_at(kept, object, "named");
  g_autoptr(GBytes) content = named ? read_content(kept, object, named, GS_GRAPH_BYTES_MAX) : NULL;
  if (!content)
    return false;
  if (gs_sweep_base_input(base, named))
    return fail(kept, object, "is there twice");
  GsInputFile *input = g_new0(GsInputFile, 1);
  *input = (GsInputFile){.named = g_strdup(named),
                         .path = gs_input_path(base->source, named),
                         .bytes = g_bytes_get_size(content),
                         .content = g_bytes_ref(content)};
  g_strlcpy(input->fingerprint, string_at(kept, object, "sha256"), sizeof input->fingerprint);
  g_ptr_array_add(base->inputs, input);
  gs_input_files_add(sweep->files, input->path, content);
  return true;
}

static bool has_base(const GsSweep *sweep, const char *name) {
  for (guint i = 0; i < sweep->bases->len; i++)
    if (g_str_equal(((GsSweepBase *)sweep->bases->pdata[i])->name, name))
      return true;
  return false;
}

bool gs_sweep_read_kept(GsSweep *sweep, const GsJsonDoc *doc, const GsJson *scenario,
                        const char *folder, GError **error) {
  Kept kept = {doc, sweep->no_files ? NULL : folder, error};
  gs_input_files_seal(sweep->files, "what is kept of this study");
  if (!check_form(&kept, scenario))
    return false;
  const char *name = string_at(&kept, scenario, "name");
  const char *source = name ? string_at(&kept, scenario, "source") : NULL;
  g_autoptr(GBytes) text =
      source ? read_content(&kept, scenario, source, GS_SCENARIO_BYTES_MAX) : NULL;
  if (!text)
    return false;
  if (has_base(sweep, name))
    return fail(&kept, scenario, "another scenario has that \"name\", too");
  gsize length;
  const char *bytes = g_bytes_get_data(text, &length);
  gs_sweep_add_base(sweep, source, g_strndup(bytes ? bytes : "", length), length);
  GsSweepBase *base = sweep->bases->pdata[sweep->bases->len - 1];
  g_free(base->name);
  base->name = g_strdup(name);
  const GsJson *inputs = gs_json_member(scenario, "inputs");
  for (const GsJson *item = gs_json_first(inputs); item; item = gs_json_next(item))
    if (!read_input(&kept, sweep, base, item))
      return false;
  return true;
}

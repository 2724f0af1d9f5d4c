/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/options.h"

#include <inttypes.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "core/limits.h"
#include "sim/base/duration.h"
#include "sim/base/quote.h"
#include "sim/base/source.h"
#include "sim/base/text.h"
#include "sim/cli/operand.h"
#include "sim/http/origin.h"
#include "sim/scenario/scenario_text.h"

/** Longest file of a token. */
#define TOKEN_FILE_BYTES_MAX ((uint64_t)4 << 10)

/** Whether an argument is one of the options, as `--name`, `--name=value` or `-n`. */
static bool is_known(const char *arg, const GOptionEntry *entries) {
  for (const GOptionEntry *entry = entries; entry->long_name; entry++) {
    if (arg[1] != '-' && arg[1] == entry->short_name)
      return true;
    gsize length = strlen(entry->long_name);
    if (length > 0 && arg[1] == '-' && strncmp(arg + 2, entry->long_name, length) == 0 &&
        (arg[2 + length] == '\0' || arg[2 + length] == '='))
      return true;
  }
  return false;
}

/** Says which option is not known, and which one may have been meant. */
static bool fail_unknown(char **args, const GOptionEntry *entries, const char *otherwise,
                         GError **error) {
  const char *unknown = NULL;
  for (char **arg = args + 1; *arg && !unknown && !g_str_equal(*arg, "--"); arg++)
    if ((*arg)[0] == '-' && (*arg)[1] && !is_known(*arg, entries))
      unknown = *arg;
  if (!unknown)
    return gs_fail_input(error, "%s", otherwise);

  g_autofree char *name = g_strdup(unknown);
  char *value = strchr(name, '=');
  if (value)
    *value = '\0';
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const GOptionEntry *entry = entries; entry->long_name; entry++)
    if (entry->long_name[0])
      g_ptr_array_add(names, (gpointer)(guintptr)entry->long_name);
  g_ptr_array_add(names, NULL);
  const char *nearest =
      name[1] == '-' ? gs_nearest_word(name + 2, (const char *const *)names->pdata) : NULL;
  if (nearest)
    return gs_fail_input(error, "unknown option '%s'; did you mean '--%s'?", name, nearest);
  return gs_fail_input(error, "unknown option '%s'", name);
}

/** GOption overlooks a value given to a flag. */
static bool check_flags(char **args, const GOptionEntry *entries, bool first_only, GError **error) {
  for (char **arg = args + 1; *arg && !g_str_equal(*arg, "--"); arg++) {
    if (first_only && (*arg)[0] != '-')
      return true;
    const char *value = strchr(*arg, '=');
    if (!value || !g_str_has_prefix(*arg, "--"))
      continue;
    g_autofree char *name = g_strndup(*arg + 2, (gsize)(value - *arg - 2));
    for (const GOptionEntry *entry = entries; entry->long_name; entry++)
      if (entry->arg == G_OPTION_ARG_NONE && g_str_equal(entry->long_name, name))
        return gs_fail_input(error, "option '--%s' takes no value", name);
  }
  return true;
}

bool gs_options_parse(char ***args, const GOptionEntry *entries, bool first_only, GError **error) {
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_set_strict_posix(context, first_only);
  g_option_context_add_main_entries(context, entries, NULL);
  g_auto(GStrv) given = g_strdupv(*args);
  if (!check_flags(given, entries, first_only, error))
    return false;
  g_autoptr(GError) reason = NULL;
  if (g_option_context_parse_strv(context, args, &reason))
    return true;
  if (g_error_matches(reason, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
    return fail_unknown(given, entries, reason->message, error);
  reason->message[0] = g_ascii_tolower(reason->message[0]);
  return gs_fail_input(error, "%s", reason->message);
}

void gs_options_clear(const GOptionEntry *entries) {
  for (const GOptionEntry *entry = entries; entry->long_name; entry++) {
    if (entry->arg == G_OPTION_ARG_FILENAME)
      g_clear_pointer((char **)entry->arg_data, g_free);
    else if (entry->arg == G_OPTION_ARG_FILENAME_ARRAY)
      g_clear_pointer((char ***)entry->arg_data, g_strfreev);
  }
}

void gs_options_describe(const GOptionEntry *entries, GString *out) {
  const guint column = 26, width = 80;
  for (const GOptionEntry *entry = entries; entry->long_name; entry++) {
    if (!entry->description)
      continue;
    g_autoptr(GString) left = g_string_new("  ");
    if (entry->short_name)
      g_string_append_printf(left, "-%c, ", entry->short_name);
    g_string_append_printf(left, "--%s", entry->long_name);
    if (entry->arg_description)
      g_string_append_printf(left, "%s%s", entry->arg_description[0] == '[' ? "" : " ",
                             entry->arg_description);
    g_autoptr(GString) right = g_string_new(NULL);
    gs_text_wrap(right, entry->description, column, width);
    guint used = gs_text_width(left->str);
    g_string_append(out, left->str);
    /* Those too long for their column have their text on the next line. */
    if (used + 2 > column)
      g_string_append_printf(out, "\n%s", right->str);
    else
      g_string_append(out, right->str + used);
  }
}

bool gs_option_number(const char *option, const char *text, uint64_t min, uint64_t max,
                      uint64_t *value, GError **error) {
  gsize digits = strspn(text, "0123456789");
  guint64 number = 0;
  if (digits > 0 && text[digits] == '\0' &&
      g_ascii_string_to_unsigned(text, 10, min, max, &number, NULL)) {
    *value = number;
    return true;
  }
  g_autofree char *quoted = gs_quote(text);
  return gs_fail_input(error,
                       "%s: %s is not allowed; give a whole number from %" PRIu64 " to %" PRIu64,
                       option, quoted, min, max);
}

bool gs_option_duration(const char *option, const char *text, int64_t *ns, GError **error) {
  g_autoptr(GError) reason = NULL;
  gsize digits = strspn(text, "0123456789");
  gsize rest = text[digits] == '.' ? 1 + strspn(text + digits + 1, "0123456789") : 0;
  bool plain = digits > 0 && rest != 1 && text[digits + rest] == '\0';
  if (plain ? gs_duration_from_seconds(g_ascii_strtod(text, NULL), ns, &reason)
            : gs_duration_parse(text, ns, &reason))
    return true;
  return gs_fail_input(error, "%s: %s", option, reason->message);
}

/** Bytes in a unit; 0: there is no such unit. */
static double unit_bytes(const char *unit) {
  static const struct {
    const char *name;
    double bytes;
  } units[] = {{"", 1},      {"B", 1},        {"kB", 1e3},     {"MB", 1e6},     {"GB", 1e9},
               {"TB", 1e12}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}, {"TiB", 0x1p40}};
  for (guint i = 0; i < G_N_ELEMENTS(units); i++)
    if (g_str_equal(unit, units[i].name))
      return units[i].bytes;
  return 0;
}

bool gs_option_size(const char *option, const char *text, uint64_t *bytes, GError **error) {
  *bytes = UINT64_MAX;
  if (g_str_equal(text, "unlimited"))
    return true;
  gsize digits = strspn(text, "0123456789");
  gsize rest = text[digits] == '.' ? 1 + strspn(text + digits + 1, "0123456789") : 0;
  double size = rest != 1 ? g_ascii_strtod(text, NULL) * unit_bytes(text + digits + rest) : 0;
  if (digits > 0 && size >= 1 && size < 0x1p63) {
    *bytes = (uint64_t)size;
    return true;
  }
  g_autofree char *quoted = gs_quote(text);
  return gs_fail_input(error,
                       "%s: %s is not allowed; give a size such as 512MiB or 40GiB, or unlimited",
                       option, quoted);
}

bool gs_option_word(const char *option, const char *text, const char *const *words, int *index,
                    GError **error) {
  for (int i = 0; words[i]; i++)
    if (g_str_equal(words[i], text)) {
      *index = i;
      return true;
    }
  g_autofree char *quoted = gs_quote(text);
  g_autofree char *allowed = gs_quote_words(words, " or ");
  return gs_fail_input(error, "%s: %s is not allowed; give %s", option, quoted, allowed);
}

bool gs_option_runner(const char *text, int *runner, GError **error) {
  const char *words[] = {"auto", gs_runner_names[GS_RUNNER_THREADS],
                         gs_runner_names[GS_RUNNER_POOL], NULL};
  int index = 0;
  if (text && !gs_option_word("--runner", text, words, &index, error))
    return false;
  *runner =
      index == 0 ? GS_OPTION_RUNNER_AUTO : (int)(index == 1 ? GS_RUNNER_THREADS : GS_RUNNER_POOL);
  return true;
}

GsHttpAllow *gs_option_allow(char **texts, GError **error) {
  g_autoptr(GsHttpAllow) allow = gs_http_allow_new();
  for (; texts && *texts; texts++)
    if (!gs_http_allow_add(allow, *texts, error)) {
      g_prefix_error(error, "--allow-peer: ");
      return NULL;
    }
  return g_steal_pointer(&allow);
}

static bool check_token(const char *token, const char *from, GError **error) {
  gsize length = strlen(token);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph(token[i]))
      length = 0;
  if (length > 0)
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
              "%s: there is no token; it must be of visible ASCII characters, without blanks",
              from);
  return false;
}

bool gs_option_token(const char *file, const char *otherwise, char **token, GError **error) {
  const char *environment = g_getenv("GRIDSIM_TOKEN");
  g_clear_pointer(token, g_free);
  if (file) {
    GString *text = gs_source_read(file, TOKEN_FILE_BYTES_MAX, error);
    if (!text)
      return false;
    g_string_truncate(text, strcspn(text->str, "\r\n"));
    *token = g_string_free(text, FALSE);
    return check_token(*token, file, error);
  }
  *token = g_strdup(environment ? environment : otherwise);
  return !environment || check_token(environment, "GRIDSIM_TOKEN", error);
}

bool gs_option_hosts(char **texts, GError **error) {
  for (; texts && *texts; texts++)
    if (!gs_http_is_host_name(*texts)) {
      g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                  "--allow-host: '%s' is not a name of a machine; allowed are letters, digits, "
                  "hyphens and dots, without a port",
                  *texts);
      return false;
    }
  return true;
}

void gs_overrides_init(GsOverrides *overrides) {
  *overrides = (GsOverrides){.items = g_array_new(FALSE, FALSE, sizeof(GsOverride)),
                             .texts = g_ptr_array_new_with_free_func(g_free)};
}

void gs_overrides_clear(GsOverrides *overrides) {
  g_array_unref(overrides->items);
  g_ptr_array_unref(overrides->texts);
}

/** Takes `path`; `value` may be inside it. */
static void add_override(GsOverrides *overrides, char *path, const char *value) {
  g_ptr_array_add(overrides->texts, path);
  GsOverride item = {.path = path, .value = value};
  g_array_append_val(overrides->items, item);
}

static bool read_set(GsOverrides *overrides, const char *text, GError **error) {
  g_autofree char *quoted = gs_quote(text);
  if (!g_utf8_validate(text, -1, NULL))
    return gs_fail_input(error, "--set: %s is not UTF-8", quoted);
  g_autofree char *path = g_strdup(text);
  char *equals = strchr(path, '=');
  if (!equals || equals == path)
    return gs_fail_input(error, "--set: %s is not PATH=VALUE, such as network.latency=5ms", quoted);
  *equals = '\0';
  add_override(overrides, g_steal_pointer(&path), equals + 1);
  return true;
}

bool gs_overrides_read(GsOverrides *overrides, char **set, const char *seed, const char *until,
                       GError **error) {
  for (char **item = set; item && *item; item++)
    if (!read_set(overrides, *item, error))
      return false;
  if (seed) {
    uint64_t value = 0;
    if (!gs_option_number("--seed", seed, 0, (uint64_t)GS_NODE_ID_MAX, &value, error))
      return false;
    char *text = g_strdup_printf("seed=%" PRIu64, value);
    text[4] = '\0';
    add_override(overrides, text, text + 5);
  }
  if (until) {
    int64_t ns;
    if (!gs_option_duration("--until", until, &ns, error))
      return false;
    g_autofree char *value = gs_duration_format(ns);
    char *text = g_strdup_printf("until=%s", value);
    text[5] = '\0';
    add_override(overrides, text, text + 6);
  }
  return true;
}

GsScenario *gs_overrides_parse(const GsOverrides *overrides, const GString *text,
                               const char *source, GError **error) {
  return gs_scenario_parse(text->str, text->len, source,
                           (const GsOverride *)(void *)overrides->items->data,
                           overrides->items->len, error);
}

GsScenario *gs_overrides_load(const GsOverrides *overrides, const char *operand, GString **text,
                              GError **error) {
  g_autofree char *path = gs_operand_file(operand, overrides->quiet, error);
  if (!path)
    return NULL;
  if (!text)
    return gs_scenario_load(path, (const GsOverride *)(void *)overrides->items->data,
                            overrides->items->len, error);
  *text = gs_scenario_text_read(path, error);
  return *text ? gs_overrides_parse(overrides, *text, gs_source_name(path), error) : NULL;
}

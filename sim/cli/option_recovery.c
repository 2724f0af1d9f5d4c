/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/option_recovery.h"

#include "core/error.h"
#include "sim/base/duration.h"
#include "sim/cli/options.h"

/** A duration of at least that, or the word for 0. */
static bool read_duration_or(const char *option, const char *text, const char *word, int64_t min_ns,
                             int64_t *out, GError **error) {
  if (!text)
    return true;
  *out = 0;
  if (g_str_equal(text, word))
    return true;
  g_autoptr(GError) reason = NULL;
  if (!gs_option_duration(option, text, out, &reason)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s; or give %s", reason->message, word);
    return false;
  }
  if (*out >= min_ns)
    return true;
  g_autofree char *least = gs_duration_format(min_ns);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: must be %s or at least %s, not %s", option,
              word, least, text);
  return false;
}

/** The option that is of no use where nodes do nothing. */
static const char *useless(const GsRecoveryOptions *options) {
  return options->has_limit ? "--limit" : options->has_resync ? "--resync" : NULL;
}

bool gs_recovery_options_read(GsRecoveryOptions *options, const char *recovery, const char *limit,
                              const char *resync, GError **error) {
  static const char *const words[] = {"none", "standard", NULL};
  int word = 1;
  if (recovery && !gs_option_word("--recovery", recovery, words, &word, error))
    return false;
  *options = (GsRecoveryOptions){.given = recovery != NULL,
                                 .none = word == 0,
                                 .has_limit = limit != NULL,
                                 .has_resync = resync != NULL};
  if (options->none && useless(options)) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s is of no use with --recovery none",
                useless(options));
    return false;
  }
  return read_duration_or("--limit", limit, "auto", GS_RECOVERY_LIMIT_NS_MIN,
                          &options->rules.limit_ns, error) &&
         read_duration_or("--resync", resync, "never", GS_RECOVERY_RESYNC_NS_MIN,
                          &options->rules.resync_ns, error);
}

bool gs_recovery_options_apply(const GsRecoveryOptions *options, GsScenario *scenario,
                               GError **error) {
  if (!options->given && !useless(options))
    return true;
  if (!options->given && scenario->recovery_said == GS_RECOVERY_NONE) {
    g_set_error(error, GS_ERROR, GS_ERROR_INPUT,
                "%s is of no use where the scenario has \"recovery\": \"none\"; give --recovery "
                "standard, too",
                useless(options));
    return false;
  }
  bool keeps_own = !options->given && scenario->recovery_said == GS_RECOVERY_RULES;
  GsRecoveryRules rules = keeps_own ? scenario->recovery : scenario->recovery_served;
  if (options->has_limit)
    rules.limit_ns = options->rules.limit_ns;
  if (options->has_resync)
    rules.resync_ns = options->rules.resync_ns;
  scenario->recovery_said = options->none ? GS_RECOVERY_NONE : GS_RECOVERY_RULES;
  scenario->recovery = rules;
  return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/** A broken scenario and the whole message that it must lead to. */
typedef struct {
  const char *name;
  const char *text; /**< with ' in place of " */
  const char *message;
} BadScenario;

/** A good scenario, what is set in it on the command line, and what that must lead to. */
typedef struct {
  const char *name;
  const char *text;
  const char *path, *value;
  const char *message;
} BadSetting;

/** Each ends with an entry without a name. */
extern const BadScenario gs_bad_form[], gs_bad_grid[], gs_bad_schedule[], gs_bad_faults[],
    gs_bad_network[];
extern const BadSetting gs_bad_settings[];

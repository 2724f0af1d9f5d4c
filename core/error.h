/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * The one error domain of gridsim, for what comes from outside. A message is
 * one line for a person and says where, what was found and what is allowed.
 */
#define GS_ERROR (gs_error_quark())
GQuark gs_error_quark(void);

typedef enum {
  GS_ERROR_INPUT,      /**< what was given is wrong: exit status 2 */
  GS_ERROR_LIMIT,      /**< a named limit was passed: exit status 2 */
  GS_ERROR_SYSTEM,     /**< the system refused something (threads, memory, files) */
  GS_ERROR_IMPOSSIBLE, /**< well said, but there is no such thing: a 3-regular graph of 5 nodes */
} GsError;

/** Sets a GS_ERROR_INPUT with that message. False, always: what a function that reads returns. */
bool gs_fail_input(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

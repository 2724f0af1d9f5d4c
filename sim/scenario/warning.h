/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdint.h>

/** What is legal in a scenario and may not be meant, or was left out or changed in reading it. */
typedef struct {
  /** Static: "never-happens", "ends-early", "messages-may-fail", "links-merged", "loops-dropped",
   * "renamed", "not-used", "more" (warnings that are only counted). */
  const char *kind;
  char *place;    /**< "city.json:3:12: /topology/file" */
  char *text;     /**< what it is, without the place */
  uint32_t count; /**< of what it speaks of: links, nodes, moments */
} GsWarning;

/** Takes `place` and `text`; free with gs_warning_free. */
GsWarning *gs_warning_new(const char *kind, char *place, char *text, uint32_t count);
GsWarning *gs_warning_copy(const GsWarning *warning);
void gs_warning_free(gpointer warning);
/** "place: text"; free with g_free. */
char *gs_warning_line(const GsWarning *warning);

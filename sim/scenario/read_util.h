/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/json/json.h"
#include "sim/scenario/scenario.h"

/**
 * What the readers of a scenario's parts share. A reader takes a value, checks
 * it and fills in `out`; false with the error set says where it stands, what
 * was found and what is allowed. A value that is NULL (the member is absent)
 * leaves `out` as it was and is fine, except where a comment says otherwise.
 */
typedef struct {
  GsJsonDoc *doc;
  GsScenario *scenario; /**< what has been read so far */
  const GsScenarioLimits *limits;
  guint warnings_left_out;
  uint32_t drawn_nodes; /**< by the entries of the schedule so far */
  /** Production and consumption of all nodes: at the start, the most that entries for all nodes set
   * each, and what those for some set together. */
  struct {
    int64_t at_start[2], of_all[2], of_listed[2];
  } sums;
  GError **error;
} GsReader;

/** Sets the error "place: …" and is false. */
#define gs_reader_fail(reader, value, ...)                                                         \
  gs_json_fail((reader)->doc, (value), (reader)->error, GS_ERROR_INPUT, __VA_ARGS__)
/** The same for a limit that was passed. */
#define gs_reader_fail_limit(reader, value, ...)                                                   \
  gs_json_fail((reader)->doc, (value), (reader)->error, GS_ERROR_LIMIT, __VA_ARGS__)
/** Appends to the scenario's warnings, see GsWarning; of many, only the first ones. */
void gs_reader_warn(GsReader *reader, const GsJson *value, const char *kind, uint32_t count,
                    const char *format, ...) G_GNUC_PRINTF(5, 6);
/** Says how many warnings were left out, if any. */
void gs_reader_finish_warnings(GsReader *reader);

/** The error "found X; must be WHAT"; false. */
bool gs_reader_fail_found(GsReader *reader, const GsJson *value, const char *must_be);

/** Two nodes, in whichever order, as one number. */
static inline uint64_t gs_pair_key(uint32_t a, uint32_t b) {
  return (uint64_t)MIN(a, b) << 32 | MAX(a, b);
}

/** Checks that it is an object with members from `allowed` only. The value must be there. */
bool gs_read_object(GsReader *reader, const GsJson *value, const char *const *allowed);
/** Checks that no member is outside `allowed`; of an object. */
bool gs_read_allowed(GsReader *reader, const GsJson *object, const char *const *allowed);
/** The one member of an object that must have exactly one of `allowed`; NULL: it failed. */
const GsJson *gs_read_only(GsReader *reader, const GsJson *object, const char *const *allowed);
/** Checks that it is an array of at least `least` values. */
bool gs_read_array(GsReader *reader, const GsJson *value, guint least);
/** The error that a member is missing; `who` needs it. False. */
bool gs_reader_fail_missing(GsReader *reader, const GsJson *object, const char *key,
                            const char *who);

bool gs_read_bool(GsReader *reader, const GsJson *value, bool *out);
bool gs_read_string(GsReader *reader, const GsJson *value, char **out);
/** A name, see gs_name_problem. */
bool gs_read_label(GsReader *reader, const GsJson *value, char **out);
bool gs_read_integer(GsReader *reader, const GsJson *value, int64_t low, int64_t high,
                     int64_t *out);
/** The same for an energy: the error about one with decimals says which unit would do. */
bool gs_read_energy_number(GsReader *reader, const GsJson *value, int64_t low, int64_t high,
                           int64_t *out);
bool gs_read_count(GsReader *reader, const GsJson *value, uint32_t low, uint32_t high,
                   uint32_t *out);
bool gs_read_number(GsReader *reader, const GsJson *value, double low, double high, double *out);
/** A duration of 0 or more. */
bool gs_read_duration(GsReader *reader, const GsJson *value, int64_t *ns);
/** A duration of more than 0. */
bool gs_read_period(GsReader *reader, const GsJson *value, int64_t *ns);
/** One of `words` (NULL at the end), as its index. */
bool gs_read_choice(GsReader *reader, const GsJson *value, const char *const *words, guint *index);

/** The index of a name; the error stands at `value`. */
bool gs_reader_find_node(GsReader *reader, const GsJson *value, const char *name, uint32_t *node);
/** An array of the names of two different nodes. The value must be there. */
bool gs_read_pair(GsReader *reader, const GsJson *value, uint32_t *a, uint32_t *b);

typedef struct {
  bool all;        /**< "*" */
  uint32_t *nodes; /**< else these; free with g_free */
  uint32_t count;
} GsNodeChoice;
/** A name, an array of different names, or "*". The value must be there. */
bool gs_read_nodes_chosen(GsReader *reader, const GsJson *value, GsNodeChoice *choice);

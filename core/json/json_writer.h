/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/json/json.h"
#include "core/limits.h"

/**
 * Streaming JSON writer into a GString: for results with a million nodes a
 * tree of values would be larger than the run. Pure; asserts on misuse
 * (a value without a key in an object, unbalanced ends, deeper than
 * GS_JSON_DEPTH_MAX). Separators are ", " and ": ", as in the wire's documented
 * messages.
 */
typedef struct GsJsonWriter GsJsonWriter;

/** `indent` 0 writes one line; otherwise spaces per level. `out` is borrowed. */
GsJsonWriter *gs_json_writer_new(GString *out, guint indent);
/** Asserts that everything begun was ended. */
void gs_json_writer_free(GsJsonWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsJsonWriter, gs_json_writer_free)

void gs_json_begin_object(GsJsonWriter *writer);
void gs_json_end_object(GsJsonWriter *writer);
void gs_json_begin_array(GsJsonWriter *writer);
void gs_json_end_array(GsJsonWriter *writer);
/** The next object or array is written on one line, with all that is in it. */
void gs_json_compact_next(GsJsonWriter *writer);
void gs_json_write_key(GsJsonWriter *writer, const char *key);
/** NULL writes null. Bytes that are no UTF-8 are replaced by U+FFFD. */
void gs_json_write_string(GsJsonWriter *writer, const char *text);
/** Integers beyond ±2^53 are written as strings, so that no reader rounds them. */
void gs_json_write_int(GsJsonWriter *writer, int64_t value);
/** The shortest text that reads back as the same double; NaN and infinities write null. */
void gs_json_write_double(GsJsonWriter *writer, double value);
/** Whether every reader of JSON knows an integer of that size exactly; beyond, it is a string. */
static inline bool gs_json_is_exact(int64_t value) {
  return value <= GS_JSON_EXACT_MAX && value >= -GS_JSON_EXACT_MAX;
}

/** Room for the text of any double. */
#define GS_JSON_DOUBLE_BYTES 32
/** That text by itself, NUL-terminated, of a finite value. Returns its length. */
gsize gs_json_double_text(char text[GS_JSON_DOUBLE_BYTES], double value);
void gs_json_write_bool(GsJsonWriter *writer, bool value);
void gs_json_write_null(GsJsonWriter *writer);

/** Members of an object: a key and its value. */
void gs_json_member_string(GsJsonWriter *writer, const char *key, const char *value);
void gs_json_member_int(GsJsonWriter *writer, const char *key, int64_t value);
void gs_json_member_double(GsJsonWriter *writer, const char *key, double value);
void gs_json_member_bool(GsJsonWriter *writer, const char *key, bool value);

/**
 * Writes a value of a document, and all that is in it. It reads back as the
 * same: integers up to 2^53 exactly, other numbers as the same doubles.
 */
void gs_json_write_value(GsJsonWriter *writer, const GsJson *value);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * Strict JSON reading (RFC 8259) over cJSON: no duplicate keys, no numbers
 * that JSON does not allow, UTF-8 only, limits on size and depth, and for
 * every value the place where it stands (line, column, JSON pointer, RFC 6901).
 * Pure and thread-safe: a document is used by one thread at a time.
 */
typedef struct GsJsonDoc GsJsonDoc;
/** A value inside a document; owned by the document. */
typedef struct cJSON GsJson;

typedef struct {
  uint64_t max_bytes;
  uint32_t max_depth;
  /**
   * Members of the root (NULL-terminated names; NULL: none) that are read by
   * gs_json_each only, so that their arrays of at least `long_bytes` bytes of
   * text need not become values all at once, which takes up to forty times
   * their text.
   */
  const char *const *long_members;
  uint64_t long_bytes;
  /**
   * Members of the root (NULL-terminated) of which more than the name is read;
   * NULL: all. Arrays and objects of others never become values: they have no
   * children, and repeated names in them are not looked for.
   */
  const char *const *read_members;
  /** Nobody wrote the text: messages name its source alone, and no place in it. */
  bool unplaced;
  /**
   * Most values that become a tree together: of the document without what is
   * left out, and of one element of a long array. 0: GS_JSON_VALUES_MAX.
   */
  uint64_t max_values;
} GsJsonLimits;

typedef enum {
  GS_JSON_NULL,
  GS_JSON_BOOL,
  GS_JSON_NUMBER,
  GS_JSON_STRING,
  GS_JSON_ARRAY,
  GS_JSON_OBJECT,
} GsJsonType;

/**
 * Parses `text` (`length` bytes, need not end in NUL; kept by reference: it
 * must outlive the document, for locations and long arrays). `source` names it in messages
 * ("grid.json"); NULL leaves the name out (messages then start with
 * "line 3, column 7"). Errors: GS_ERROR_INPUT, GS_ERROR_LIMIT, with
 * "source:line:column: what". Numbers have at most 63 characters. O(length), and
 * O(n log n) in the members of one object. Memory beside the text: a copy of what
 * is no long array, and 80 bytes for each value of it, 32 more for each name and
 * string; limits are checked before.
 */
GsJsonDoc *gs_json_parse(const char *text, gsize length, const char *source,
                         const GsJsonLimits *limits, GError **error);
void gs_json_doc_free(GsJsonDoc *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsJsonDoc, gs_json_doc_free)

/**
 * Lets values take their memory as GLib does, so that a process which gets none
 * ends in one way. To be called once, before any other of these.
 */
void gs_json_use_glib_memory(void);

const GsJson *gs_json_root(const GsJsonDoc *doc);
GsJsonType gs_json_type(const GsJson *value);
/** "a string", "a number", "an object", … for messages; static. */
const char *gs_json_type_name(GsJsonType type);

/** Is handed an element of an array and its index; false ends the visits. */
typedef bool (*GsJsonVisit)(const GsJson *element, guint index, void *data);
/**
 * Visits the elements of an array in order; false when a visit returned false.
 * Those of a long array (see GsJsonLimits) live for their visit only. Not
 * within another visit of the same array. O(its text).
 */
bool gs_json_each(GsJsonDoc *doc, const GsJson *array, GsJsonVisit visit, void *data);

/** Children in document order: first, then next; NULL at the end. Not of a long
 * array. O(1). */
const GsJson *gs_json_first(const GsJson *container);
const GsJson *gs_json_next(const GsJson *value);
/** Number of children. O(n), of a long array O(1). */
guint gs_json_count(const GsJson *container);
/** The key of an object's member; NULL elsewhere. */
const char *gs_json_key(const GsJson *value);
/** A member by its exact key, or NULL. O(members). */
const GsJson *gs_json_member(const GsJson *object, const char *key);

/** The content; of another type: false, NULL, NaN. */
bool gs_json_bool(const GsJson *value);
const char *gs_json_string(const GsJson *value);
double gs_json_number(const GsJson *value);

/**
 * A number whose text is exactly an integer, at most 2^53 in size (so that no
 * reader has rounded it); also 5.0 and 5e3. False for everything else. O(1).
 */
bool gs_json_integer(const GsJson *value, int64_t *out);
/** The same, and also a string that holds such an integer ("4"), as the wire allows. */
bool gs_json_integer_or_numeric_string(const GsJson *value, int64_t *out);

/**
 * Sets `error` to `code` with a message that starts with the place of `value`:
 * "grid.json:3:14: /nodes/1/production: …". Returns false always, so that a
 * reader can `return gs_json_fail(…)`. Cost O(document), only paid on errors.
 * `value` NULL means the root.
 */
bool gs_json_fail(const GsJsonDoc *doc, const GsJson *value, GError **error, int code,
                  const char *format, ...) G_GNUC_PRINTF(5, 6);
/**
 * "line 3, column 14" of an element of an array, or of another value, in a text
 * known to be valid: the `element`th of the root's `member`th member; G_MAXUINT:
 * the member's value itself. Free with g_free. O(length).
 */
char *gs_json_element_place(const char *text, gsize length, guint member, guint element);
/** The JSON pointer of a value ("" for the root); free with g_free. */
char *gs_json_pointer(const GsJsonDoc *doc, const GsJson *value);

/**
 * Overrides what is at a dotted path ("network.latency", "nodes.0.production"), a
 * scalar or a whole object or array, with the scalar `text`, read as JSON if it is
 * that and as a string otherwise. Missing objects on the way are made; an array
 * index must exist. Whether a scalar may stand there is for readers to say. Later errors name the
 * value as set on the command line ("--set network.latency=x"). `text` NULL takes the member out,
 * an object or array too; one that is not there is fine.
 */
bool gs_json_override(GsJsonDoc *doc, const char *path, const char *text, GError **error);

/** The allowed word nearest to `word` (edit distance at most 1/3 of its length, at least 1), or
 * NULL. */
const char *gs_nearest_word(const char *word, const char *const *allowed);

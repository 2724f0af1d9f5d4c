/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json_keys.h"
#include "core/json/json_long.h"
#include "core/json/json_place.h"
#include "core/json/json_scan.h"
#include "core/json/utf8.h"

_Static_assert(CJSON_NESTING_LIMIT >= GS_JSON_DEPTH_CEILING, "cJSON takes what the scan lets in");

/** Longest JSON pointer in a message, in bytes. */
#define POINTER_BYTES_MAX 200
/** Up to so many members are compared each with each. */
#define FEW_MEMBERS 8

/**
 * cJSON's own fields are used as they are, except for `valueint` of a number:
 * cJSON leaves a saturated int there, and here it says whether the number's
 * text is exactly an integer of at most 2^53.
 */
struct GsJsonDoc {
  GsJsonText text;
  char *source;
  cJSON *root;
  uint32_t max_depth;
  bool unplaced;
  GHashTable *overrides; /**< value set on the command line -> "path=text" */
  GsJsonIntegerBits integers;
  GArray *longs; /**< of LongArray: arrays that stay text */
};

/**
 * An array that stays text, or what nobody reads: in the tree it is empty, but
 * for the element that is being visited. Its node has the type flag LONG, its index in `valueint`
 * and its number of elements in `valuedouble`.
 */
typedef struct {
  GsJsonLong text;
  cJSON *array;
  guint visited;    /**< index of the element that hangs in the tree */
  GHashTable *kept; /**< index -> cJSON: elements changed by overrides; owned */
} LongArray;

/* ---- Types and values ---- */

GsJsonType gs_json_type(const GsJson *value) {
  switch (value->type & 0xFF) {
  case cJSON_True:
  case cJSON_False:
    return GS_JSON_BOOL;
  case cJSON_Number:
    return GS_JSON_NUMBER;
  case cJSON_String:
    return GS_JSON_STRING;
  case cJSON_Array:
    return GS_JSON_ARRAY;
  case cJSON_Object:
    return GS_JSON_OBJECT;
  default:
    return GS_JSON_NULL;
  }
}

const char *gs_json_type_name(GsJsonType type) {
  static const char *const names[] = {
      [GS_JSON_NULL] = "null",       [GS_JSON_BOOL] = "a boolean", [GS_JSON_NUMBER] = "a number",
      [GS_JSON_STRING] = "a string", [GS_JSON_ARRAY] = "an array", [GS_JSON_OBJECT] = "an object",
  };
  return names[type];
}

const GsJson *gs_json_root(const GsJsonDoc *doc) {
  return doc->root;
}

/** Removed members stay in their places, so that those after them can still be found in the text.
 */
#define REMOVED (1 << 16)
#define LONG (1 << 17)

static const GsJson *skip_removed(const GsJson *value) {
  while (value && value->type & REMOVED)
    value = value->next;
  return value;
}

const GsJson *gs_json_first(const GsJson *container) {
  g_assert(!container || !(container->type & LONG));
  bool has_children = container && container->type & (cJSON_Array | cJSON_Object);
  return has_children ? skip_removed(container->child) : NULL;
}

const GsJson *gs_json_next(const GsJson *value) {
  return skip_removed(value->next);
}

guint gs_json_count(const GsJson *container) {
  guint count = 0;
  if (container->type & LONG)
    return (guint)container->valuedouble;
  for (const GsJson *child = gs_json_first(container); child; child = gs_json_next(child))
    count++;
  return count;
}

const char *gs_json_key(const GsJson *value) {
  return value->string;
}

const GsJson *gs_json_member(const GsJson *object, const char *key) {
  if (!cJSON_IsObject(object))
    return NULL;
  const GsJson *member = gs_json_first(object);
  while (member && strcmp(member->string, key) != 0)
    member = gs_json_next(member);
  return member;
}

bool gs_json_bool(const GsJson *value) {
  return cJSON_IsTrue(value);
}

const char *gs_json_string(const GsJson *value) {
  return cJSON_IsString(value) ? value->valuestring : NULL;
}

double gs_json_number(const GsJson *value) {
  return cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
}

bool gs_json_integer(const GsJson *value, int64_t *out) {
  if (!cJSON_IsNumber(value) || !value->valueint)
    return false;
  *out = (int64_t)value->valuedouble;
  return true;
}

/* ---- Walking a document ---- */

static LongArray *long_array(const GsJsonDoc *doc, const cJSON *array) {
  return &g_array_index(doc->longs, LongArray, (guint)array->valueint);
}

/** The value after `value` in document order; `open` holds the containers that it is in. */
static cJSON *next_in_order(GPtrArray *open, cJSON *value) {
  if (value->child) {
    g_ptr_array_add(open, value);
    return value->child;
  }
  while (!value->next && open->len)
    value = g_ptr_array_steal_index(open, open->len - 1);
  return value->next;
}

/** From the root to `value`, both in it; NULL when it is not of this document. */
static GPtrArray *find_path(const GsJsonDoc *doc, const cJSON *value) {
  GPtrArray *path = g_ptr_array_new();
  cJSON *at = doc->root;
  while (at && at != value)
    at = next_in_order(path, at);
  if (at)
    g_ptr_array_add(path, at);
  else
    g_clear_pointer(&path, g_ptr_array_unref);
  return path;
}

/** The places of the values of a path among their siblings; the root has none. */
static GArray *path_ordinals(const GsJsonDoc *doc, const GPtrArray *path) {
  GArray *ordinals = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint level = 1; level < path->len; level++) {
    const cJSON *parent = path->pdata[level - 1];
    guint ordinal = parent->type & LONG ? long_array(doc, parent)->visited : 0;
    for (const cJSON *child = parent->child; child != path->pdata[level]; child = child->next)
      ordinal++;
    g_array_append_val(ordinals, ordinal);
  }
  return ordinals;
}

static gsize find_offset(const GsJsonDoc *doc, const cJSON *value, bool key) {
  g_autoptr(GPtrArray) path = find_path(doc, value);
  g_assert(path);
  g_autoptr(GArray) ordinals = path_ordinals(doc, path);
  return gs_json_find_offset(&doc->text, (const guint *)(void *)ordinals->data, ordinals->len, key);
}

char *gs_json_pointer(const GsJsonDoc *doc, const GsJson *value) {
  g_autoptr(GPtrArray) path = find_path(doc, value);
  g_assert(path);
  g_autoptr(GArray) ordinals = path_ordinals(doc, path);
  GString *pointer = g_string_new(NULL);
  for (guint level = 1; level < path->len; level++) {
    const cJSON *at = path->pdata[level];
    g_string_append_c(pointer, '/');
    if (!at->string) {
      g_string_append_printf(pointer, "%u", g_array_index(ordinals, guint, level - 1));
      continue;
    }
    for (const char *c = at->string; *c; c++) {
      if (*c == '~' || *c == '/')
        g_string_append(pointer, *c == '~' ? "~0" : "~1");
      else
        g_string_append_c(pointer, *c);
    }
  }
  return g_string_free(pointer, FALSE);
}

/** Appends where the value stands, in front of a message about it. */
static void append_place(const GsJsonDoc *doc, const GsJson *value, GString *out) {
  const char *override = doc->overrides ? g_hash_table_lookup(doc->overrides, value) : NULL;
  bool placed = override || !doc->unplaced;
  g_autofree char *place = override ? g_strconcat("--set ", override, NULL)
                           : placed ? gs_json_place_text(&doc->text, find_offset(doc, value, false))
                                    : g_strdup(doc->source);
  g_autofree char *pointer = placed ? gs_json_pointer(doc, value) : g_strdup("");
  int shown = gs_utf8_bytes_up_to(pointer, POINTER_BYTES_MAX);
  g_string_append_printf(out, "%s: %.*s%s%s", place, shown, pointer, pointer[shown] ? "…" : "",
                         *pointer ? ": " : "");
}

bool gs_json_fail(const GsJsonDoc *doc, const GsJson *value, GError **error, int code,
                  const char *format, ...) {
  if (!error)
    return false;
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autoptr(GString) message = g_string_new(NULL);
  g_autofree char *own = doc->unplaced ? g_strconcat(doc->source, ":", NULL) : NULL;
  if (!own || !g_str_has_prefix(what, own)) /* need not be told twice whose it is */
    append_place(doc, value ? value : doc->root, message);
  g_string_append(message, what);
  gs_json_set_error(error, code, message->str);
  return false;
}

/* ---- Parsing ---- */

static cJSON *child_at(const cJSON *container, guint index) {
  cJSON *child = container->child;
  while (index--)
    child = child->next;
  return child;
}

static const cJSON *find_repeated_of_many(const cJSON *object, guint count, const cJSON **earlier) {
  g_autofree const char **keys = g_new(const char *, count);
  guint used = 0, first, second;
  for (const cJSON *member = object->child; member; member = member->next)
    keys[used++] = member->string;
  if (!gs_json_find_repeated(keys, count, &second, &first))
    return NULL;
  *earlier = child_at(object, first);
  return child_at(object, second);
}

static const cJSON *find_repeated(const cJSON *object, const cJSON **earlier) {
  guint count = 0;
  for (const cJSON *member = object->child; member; member = member->next) {
    if (++count > FEW_MEMBERS)
      return find_repeated_of_many(object, gs_json_count(object), earlier);
    for (*earlier = object->child; *earlier != member; *earlier = (*earlier)->next)
      if (strcmp((*earlier)->string, member->string) == 0)
        return member;
  }
  return NULL;
}

static bool fail_repeated(const GsJsonDoc *doc, const cJSON *repeated, const cJSON *earlier,
                          GError **error) {
  g_autofree char *pointer = gs_json_pointer(doc, repeated);
  g_autofree char *first = gs_json_place_text(&doc->text, find_offset(doc, earlier, true));
  return gs_json_fail_at(&doc->text, find_offset(doc, repeated, true), error, GS_ERROR_INPUT,
                         "%.*s: a member of this name is already at %s",
                         gs_utf8_bytes_up_to(pointer, POINTER_BYTES_MAX), pointer, first);
}

static void mark_integer(const GsJsonDoc *doc, cJSON *value, uint64_t number) {
  g_assert(number < doc->integers.count);
  value->valueint = doc->integers.bits->data[number / 8] >> number % 8 & 1;
}

/** An element of a long array as values. */
static cJSON *parse_element(const GsJsonDoc *doc, const GsJsonElement *element) {
  cJSON *value = cJSON_ParseWithLength(element->start, element->length);
  g_assert(value); /* its syntax is known to be right: only memory can be short */
  g_autoptr(GPtrArray) open = g_ptr_array_new();
  uint64_t number = element->first_number;
  for (cJSON *at = value; at; at = next_in_order(open, at))
    if (cJSON_IsNumber(at))
      mark_integer(doc, at, number++);
  return value;
}

static bool check_long_keys(GsJsonDoc *doc, LongArray *array, GError **error);

/** Refuses repeated keys in `top` and all that is in it, as far as it is a tree. */
static bool check_keys(GsJsonDoc *doc, cJSON *top, GError **error) {
  g_autoptr(GPtrArray) open = g_ptr_array_new();
  for (cJSON *at = top; at; at = next_in_order(open, at)) {
    const cJSON *earlier;
    if (at->type & LONG && !check_long_keys(doc, long_array(doc, at), error))
      return false;
    const cJSON *repeated = cJSON_IsObject(at) ? find_repeated(at, &earlier) : NULL;
    if (repeated)
      return fail_repeated(doc, repeated, earlier, error);
  }
  return true;
}

/** The same in the elements of a long array; most show in their text that they have none. */
static bool check_long_keys(GsJsonDoc *doc, LongArray *array, GError **error) {
  GsJsonElements elements = gs_json_elements(&array->text);
  GsJsonElement element;
  bool good = true;
  if (array->text.unread)
    return true;
  for (guint i = 0; good && gs_json_next_element(&elements, &element); i++) {
    if (!gs_json_may_repeat_keys(&element))
      continue;
    array->visited = i;
    array->array->child = parse_element(doc, &element);
    good = check_keys(doc, array->array->child, error);
    g_clear_pointer(&array->array->child, cJSON_Delete);
  }
  return good;
}

/** Notes of all numbers of the tree whether they are exact integers. */
static void mark_integers(GsJsonDoc *doc) {
  g_autoptr(GPtrArray) open = g_ptr_array_new();
  uint64_t number = 0;
  for (cJSON *at = doc->root; at; at = next_in_order(open, at)) {
    if (cJSON_IsNumber(at))
      mark_integer(doc, at, number++);
    else if (at->type & LONG)
      number += long_array(doc, at)->text.numbers;
  }
}

static void adopt_longs(GsJsonDoc *doc, const GArray *found) {
  doc->longs = g_array_new(FALSE, FALSE, sizeof(LongArray));
  for (guint i = 0; i < found->len; i++) {
    LongArray array = {.text = g_array_index(found, GsJsonLong, i)};
    array.array = child_at(doc->root, array.text.member);
    array.array->type |= LONG;
    array.array->valueint = (int)i;
    array.array->valuedouble = array.text.count;
    g_array_append_val(doc->longs, array);
  }
}

/** Makes the tree of a text that is known to be valid, without its long arrays. */
static bool make_tree(GsJsonDoc *doc, const GsJsonLimits *limits, GError **error) {
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GsJsonLong));
  g_autoptr(GString) rest = NULL;
  if (!gs_json_leave_out(&doc->text, limits, found, &rest, error))
    return false;
  doc->root = rest ? cJSON_ParseWithLength(rest->str, rest->len)
                   : cJSON_ParseWithLength(doc->text.bytes, doc->text.length);
  if (!doc->root)
    return gs_json_fail_at(&doc->text, 0, error, GS_ERROR_SYSTEM,
                           "there is not enough memory to read the document");
  adopt_longs(doc, found);
  return true;
}

GsJsonDoc *gs_json_parse(const char *text, gsize length, const char *source,
                         const GsJsonLimits *limits, GError **error) {
  g_autoptr(GsJsonDoc) doc = g_new0(GsJsonDoc, 1);
  doc->source = g_strdup(source);
  doc->text = (GsJsonText){length ? text : "", length, doc->source};
  doc->max_depth = limits->max_depth;
  doc->unplaced = limits->unplaced && source;
  doc->integers.bits = g_byte_array_new();
  if (!gs_json_scan(&doc->text, limits, &doc->integers, error) || !make_tree(doc, limits, error))
    return NULL;
  mark_integers(doc);
  return check_keys(doc, doc->root, error) ? g_steal_pointer(&doc) : NULL;
}

void gs_json_use_glib_memory(void) {
  cJSON_Hooks hooks = {g_malloc, g_free};
  cJSON_InitHooks(&hooks);
}

void gs_json_doc_free(GsJsonDoc *doc) {
  if (!doc)
    return;
  for (guint i = 0; doc->longs && i < doc->longs->len; i++)
    g_clear_pointer(&g_array_index(doc->longs, LongArray, i).kept, g_hash_table_unref);
  g_clear_pointer(&doc->longs, g_array_unref);
  cJSON_Delete(doc->root);
  g_clear_pointer(&doc->overrides, g_hash_table_unref);
  g_byte_array_unref(doc->integers.bits);
  g_free(doc->source);
  g_free(doc);
}

/* ---- Arrays element by element ---- */

static bool each_of_long(GsJsonDoc *doc, LongArray *array, GsJsonVisit visit, void *data) {
  GsJsonElements elements = gs_json_elements(&array->text);
  GsJsonElement element;
  bool goes_on = true;
  g_assert(!array->array->child);
  for (guint i = 0; goes_on && gs_json_next_element(&elements, &element); i++) {
    cJSON *kept = array->kept ? g_hash_table_lookup(array->kept, GUINT_TO_POINTER(i)) : NULL;
    array->visited = i;
    array->array->child = kept ? kept : parse_element(doc, &element);
    goes_on = visit(array->array->child, i, data);
    cJSON *done = g_steal_pointer(&array->array->child);
    if (!kept)
      cJSON_Delete(done);
  }
  return goes_on;
}

bool gs_json_each(GsJsonDoc *doc, const GsJson *array, GsJsonVisit visit, void *data) {
  guint index = 0;
  if (array->type & LONG)
    return each_of_long(doc, long_array(doc, array), visit, data);
  for (const GsJson *item = gs_json_first(array); item; item = gs_json_next(item))
    if (!visit(item, index++, data))
      return false;
  return true;
}

/** An element that stays from now on, so that it can be changed. */
static cJSON *keep_element(GsJsonDoc *doc, LongArray *array, guint index) {
  if (!array->kept)
    array->kept = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)cJSON_Delete);
  cJSON *kept = g_hash_table_lookup(array->kept, GUINT_TO_POINTER(index));
  if (kept)
    return kept;
  GsJsonElements elements = gs_json_elements(&array->text);
  GsJsonElement element;
  for (guint i = 0; i <= index; i++)
    gs_json_next_element(&elements, &element);
  kept = parse_element(doc, &element);
  g_hash_table_insert(array->kept, GUINT_TO_POINTER(index), kept);
  return kept;
}

/* ---- Overrides ---- */

static bool fail_override(const char *label, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static bool fail_override(const char *label, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *what = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree char *message = g_strdup_printf("--set %s: %s", label, what);
  gs_json_set_error(error, GS_ERROR_INPUT, message);
  return false;
}

/** `text` as a scalar: as JSON if it is that, else as a string. */
static cJSON *new_scalar(const char *text) {
  GsJsonText whole = {text, strlen(text), NULL};
  GsJsonLimits limits = {.max_bytes = UINT64_MAX, .max_depth = 0};
  GsJsonIntegerBits integers = {g_byte_array_new(), 0};
  bool valid = gs_json_scan(&whole, &limits, &integers, NULL);
  cJSON *scalar = valid ? cJSON_ParseWithLength(text, whole.length) : NULL;
  if (!scalar)
    scalar = cJSON_CreateString(text);
  else if (cJSON_IsNumber(scalar))
    scalar->valueint = integers.bits->data[0] & 1;
  g_byte_array_unref(integers.bits);
  g_assert(scalar);
  return scalar;
}

static void remember_override(GsJsonDoc *doc, cJSON *value, const char *label) {
  if (!doc->overrides)
    doc->overrides = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
  g_hash_table_insert(doc->overrides, value, g_strdup(label));
}

/**
 * Gives `value` what `text` says, in place: pointers to it stay good. What an object or array had
 * in it stays behind it unseen, so that what comes after it can still be found in the text.
 */
static void replace(cJSON *value, const char *text) {
  cJSON *scalar = new_scalar(text);
  cJSON old = *value;
  value->type = scalar->type, value->valuestring = scalar->valuestring;
  value->valueint = scalar->valueint, value->valuedouble = scalar->valuedouble;
  scalar->type = old.type & 0xFF;
  scalar->valuestring = old.valuestring;
  cJSON_Delete(scalar);
}

static cJSON *element_at(GsJsonDoc *doc, cJSON *array, guint index) {
  if (array->type & LONG)
    return keep_element(doc, long_array(doc, array), index);
  return child_at(array, index);
}

/** The child that a part of a path names; NULL with *error set when there cannot be one. */
static cJSON *find_child(GsJsonDoc *doc, cJSON *container, const char *part, const char *label,
                         GError **error) {
  if (container->type & LONG && long_array(doc, container)->text.unread) {
    fail_override(label, error, "the document's \"%s\" is not read", container->string);
    return NULL;
  }
  if (cJSON_IsObject(container)) {
    cJSON *member = container->child;
    while (member && (member->type & REMOVED || strcmp(member->string, part) != 0))
      member = member->next;
    return member;
  }
  if (!cJSON_IsArray(container)) {
    fail_override(label, error, "\"%s\" would be inside %s, which has no members", part,
                  gs_json_type_name(gs_json_type(container)));
    return NULL;
  }
  guint count = gs_json_count(container);
  guint64 index;
  bool canonical = part[0] != '0' || part[1] == '\0';
  if (!canonical || !g_ascii_string_to_unsigned(part, 10, 0, G_MAXUINT, &index, NULL)) {
    fail_override(label, error, "\"%s\" is not an index of the array (0, 1, …)", part);
    return NULL;
  }
  cJSON *element = NULL;
  if (index < count)
    element = element_at(doc, container, (guint)index);
  else
    fail_override(label, error, "the array has %u elements, there is no number %s (counted from 0)",
                  count, part);
  return element;
}

/** Makes what is missing from parts[0] on, inside an object. */
static void make_members(GsJsonDoc *doc, cJSON *object, char **parts, const char *text,
                         const char *label) {
  for (; *parts; parts++) {
    cJSON *member = parts[1] ? cJSON_CreateObject() : new_scalar(text);
    gboolean added = member && cJSON_AddItemToObject(object, *parts, member);
    g_assert(added);
    remember_override(doc, member, label);
    object = member;
  }
}

/** What is at the end of a path after all: removed, or what `text` says. */
static bool change(GsJsonDoc *doc, cJSON *at, const char *text, const char *label, GError **error) {
  if (!text) {
    if (!at->string)
      return fail_override(label, error, "only a member of an object can be taken out");
    at->type |= REMOVED;
    return true;
  }
  replace(at, text);
  remember_override(doc, at, label);
  return true;
}

bool gs_json_override(GsJsonDoc *doc, const char *path, const char *text, GError **error) {
  g_autofree char *label = g_strdup_printf("%s=%s", path, text ? text : "");
  if (!g_utf8_validate(label, -1, NULL))
    return fail_override(label, error, "this is not valid UTF-8");
  g_auto(GStrv) parts = g_strsplit(path, ".", -1);
  guint count = g_strv_length(parts);
  for (guint i = 0; i < MAX(count, 1); i++)
    if (!count || !*parts[i])
      return fail_override(label, error,
                           "the path has an empty part: write member.member or member.0.member");
  if (count > doc->max_depth)
    return fail_override(label, error, "the path has %u parts, at most %u are allowed", count,
                         doc->max_depth);
  cJSON *at = doc->root;
  for (guint i = 0; i < count; i++) {
    GError *problem = NULL;
    cJSON *child = find_child(doc, at, parts[i], label, &problem);
    if (problem) {
      g_propagate_error(error, problem);
      return false;
    }
    if (!child) {
      if (text)
        make_members(doc, at, parts + i, text, label);
      return true;
    }
    at = child;
  }
  return change(doc, at, text, label, error);
}

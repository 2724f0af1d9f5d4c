/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json/json_long.h"

#include <string.h>

#include "core/error.h"
#include "core/json/json_scan.h"
#include "core/limits.h"

static bool is_one_of(const char *key, gsize length, const char *const *keys) {
  for (; *keys; keys++)
    if (strlen(*keys) == length && memcmp(*keys, key, length) == 0)
      return true;
  return false;
}

typedef struct {
  const GsJsonText *text;
  const GsJsonLimits *limits;
  uint64_t values; /**< that the tree will have, where that is looked at */
  GError **error;
} LeaveOut;

static uint64_t most_values(const GsJsonLimits *limits) {
  return limits->max_values ? limits->max_values : GS_JSON_VALUES_MAX;
}

/** Adds up what a text will be as values, where there may be too many; each but one has two bytes.
 */
static bool add_values(LeaveOut *out, const char *start, const char *end, uint64_t *values,
                       const char *in) {
  uint64_t most = most_values(out->limits);
  if (out->text->length / 2 < most)
    return true;
  *values += gs_json_count_values(start, (gsize)(end - start));
  return *values <= most ||
         gs_json_fail_at(
             out->text, (gsize)(start - out->text->bytes), out->error, GS_ERROR_LIMIT,
             "more than %" G_GUINT64_FORMAT " values in %s; at most so many are allowed", most, in);
}

/** Goes through an array of which the start is known, and fills in the rest. */
static bool measure(LeaveOut *out, GsJsonLong *array, const char *end) {
  array->end = end;
  GsJsonElements elements = gs_json_elements(array);
  GsJsonElement element;
  while (gs_json_next_element(&elements, &element)) {
    uint64_t values = 0;
    if (element.length / 2 >= most_values(out->limits) &&
        !add_values(out, element.start, element.start + element.length, &values,
                    "one element of a list"))
      return false;
    array->count++;
  }
  array->end = elements.at + 1;
  array->numbers = elements.number - array->first_number;
  return true;
}

/** What a member's value, at `value->start`, is: `value->end` behind it, and whether it stays text.
 */
static bool judge(LeaveOut *out, const char *key, gsize length, GsJsonLong *value, bool *stays) {
  const GsJsonLimits *limits = out->limits;
  const char *end = out->text->bytes + out->text->length;
  bool container = *value->start == '[' || *value->start == '{';
  bool listed = limits->long_members && is_one_of(key, length, limits->long_members);
  value->unread = container && limits->read_members && !memchr(key, '\\', length) &&
                  !is_one_of(key, length, limits->read_members);
  if (value->unread || !listed || *value->start != '[') {
    value->end = gs_json_skip_value(value->start, end, &value->numbers);
    *stays = value->unread;
  } else {
    if (!measure(out, value, end))
      return false;
    *stays = (uint64_t)(value->end - value->start) >= limits->long_bytes;
  }
  return *stays ||
         add_values(out, value->start, value->end, &out->values,
                    limits->long_members ? "the document without its long lists" : "the document");
}

static bool leave_out_of_object(LeaveOut *out, const char *at, GArray *found, GString **rest) {
  const char *end = out->text->bytes + out->text->length, *copied = out->text->bytes;
  uint64_t numbers = 0;
  at = gs_json_skip_space(at + 1, end);
  for (guint member = 0; *at != '}'; member++) {
    const char *key = at + 1;
    at = gs_json_skip_string(at);
    gsize length = (gsize)(at - 1 - key);
    at = gs_json_skip_colon(at, end);
    GsJsonLong value = {.start = at, .first_number = numbers, .member = member};
    bool stays;
    if (!judge(out, key, length, &value, &stays))
      return false;
    at = value.end;
    numbers += value.numbers;
    if (stays) {
      g_array_append_val(found, value);
      *rest = *rest ? *rest : g_string_new(NULL);
      g_string_append_len(*rest, copied, value.start - copied);
      g_string_append(*rest, *value.start == '[' ? "[]" : "{}");
      copied = at;
    }
    at = gs_json_skip_space(at, end);
    if (*at == ',')
      at = gs_json_skip_space(at + 1, end);
  }
  if (*rest)
    g_string_append_len(*rest, copied, end - copied);
  return true;
}

bool gs_json_leave_out(const GsJsonText *text, const GsJsonLimits *limits, GArray *found,
                       GString **rest, GError **error) {
  LeaveOut out = {text, limits, 0, error};
  const char *end = text->bytes + text->length;
  const char *at = gs_json_skip_space(text->bytes, end);
  *rest = NULL;
  if (*at != '{')
    return add_values(&out, at, end, &out.values, "the document");
  if (leave_out_of_object(&out, at, found, rest))
    return true;
  if (*rest)
    g_string_free(g_steal_pointer(rest), TRUE);
  return false;
}

GsJsonElements gs_json_elements(const GsJsonLong *array) {
  return (GsJsonElements){.at = gs_json_skip_space(array->start + 1, array->end),
                          .end = array->end,
                          .number = array->first_number};
}

bool gs_json_next_element(GsJsonElements *elements, GsJsonElement *element) {
  const char *at = elements->at;
  if (*at == ']')
    return false;
  *element = (GsJsonElement){.start = at, .first_number = elements->number};
  at = gs_json_skip_value(at, elements->end, &elements->number);
  element->length = (gsize)(at - element->start);
  at = gs_json_skip_space(at, elements->end);
  elements->at = *at == ',' ? gs_json_skip_space(at + 1, elements->end) : at;
  return true;
}

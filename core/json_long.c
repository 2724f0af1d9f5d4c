/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json_long.h"

#include <string.h>

static bool is_one_of(const char *key, gsize length, const char *const *keys) {
  for (; *keys; keys++)
    if (strlen(*keys) == length && memcmp(*keys, key, length) == 0)
      return true;
  return false;
}

/** Goes through an array of which the start is known, and fills in the rest. */
static void measure(GsJsonLong *array, const char *end) {
  array->end = end;
  GsJsonElements elements = gs_json_elements(array);
  GsJsonElement element;
  while (gs_json_next_element(&elements, &element))
    array->count++;
  array->end = elements.at + 1;
  array->numbers = elements.number - array->first_number;
}

GString *gs_json_leave_out_long(const GsJsonText *text, const char *const *keys, uint64_t least,
                                GArray *found) {
  const char *end = text->bytes + text->length, *copied = text->bytes;
  const char *at = gs_json_skip_space(text->bytes, end);
  GString *rest = NULL;
  uint64_t numbers = 0;
  if (*at != '{')
    return NULL;
  at = gs_json_skip_space(at + 1, end);
  for (guint member = 0; *at != '}'; member++) {
    const char *key = at + 1;
    at = gs_json_skip_string(at);
    bool wanted = is_one_of(key, (gsize)(at - 1 - key), keys);
    at = gs_json_skip_colon(at, end);
    GsJsonLong array = {.start = at, .first_number = numbers, .member = member};
    wanted = wanted && *at == '[';
    if (wanted)
      measure(&array, end);
    at = wanted ? array.end : gs_json_skip_value(at, end, &numbers);
    numbers += array.numbers;
    if (wanted && (uint64_t)(array.end - array.start) >= least) {
      g_array_append_val(found, array);
      rest = rest ? rest : g_string_new(NULL);
      g_string_append_len(rest, copied, array.start - copied);
      g_string_append(rest, "[]");
      copied = at;
    }
    at = gs_json_skip_space(at, end);
    if (*at == ',')
      at = gs_json_skip_space(at + 1, end);
  }
  return rest ? g_string_append_len(rest, copied, end - copied) : NULL;
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

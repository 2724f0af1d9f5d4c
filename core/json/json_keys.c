/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json/json_keys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/** Objects with more members are not judged by their text. */
#define FEW_KEYS 16

typedef struct {
  uint64_t hash;
  const char *text;
  guint ordinal;
} HashedKey;

static uint64_t hash_key(const char *key) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (; *key; key++)
    hash = (hash ^ (guchar)*key) * 0x100000001b3u;
  return hash;
}

static int compare_keys(const void *left, const void *right) {
  const HashedKey *a = left, *b = right;
  if (a->hash != b->hash)
    return a->hash < b->hash ? -1 : 1;
  int order = strcmp(a->text, b->text);
  if (order)
    return order;
  return a->ordinal < b->ordinal ? -1 : a->ordinal > b->ordinal;
}

bool gs_json_find_repeated(const char *const *keys, guint count, guint *repeated, guint *earlier) {
  /* Sorted rather than put into a hash table: no choice of keys can make it quadratic. */
  g_autofree HashedKey *sorted = g_new(HashedKey, count);
  for (guint i = 0; i < count; i++)
    sorted[i] = (HashedKey){hash_key(keys[i]), keys[i], i};
  qsort(sorted, count, sizeof *sorted, compare_keys);
  bool found = false;
  for (guint i = 1; i < count; i++) {
    if (sorted[i].hash != sorted[i - 1].hash || strcmp(sorted[i].text, sorted[i - 1].text) != 0 ||
        (found && sorted[i].ordinal > *repeated))
      continue;
    found = true;
    *repeated = sorted[i].ordinal;
    *earlier = sorted[i - 1].ordinal;
  }
  return found;
}

typedef struct {
  const char *start;
  gsize length;
} Key;

/** Whether a key is, or may be, one of the first `count`; then it is the last of them. */
static bool may_be_known(Key *keys, guint count, Key key) {
  if (count == FEW_KEYS || memchr(key.start, '\\', key.length))
    return true;
  for (guint i = 0; i < count; i++)
    if (keys[i].length == key.length && memcmp(keys[i].start, key.start, key.length) == 0)
      return true;
  keys[count] = key;
  return false;
}

bool gs_json_may_repeat_keys(const GsJsonElement *element) {
  const char *end = element->start + element->length, *at = element->start;
  if (*at != '{')
    return memchr(at, '{', element->length) != NULL;
  Key keys[FEW_KEYS];
  uint64_t numbers = 0;
  at = gs_json_skip_space(at + 1, end);
  for (guint count = 0; *at != '}'; count++) {
    const char *key = at + 1;
    at = gs_json_skip_string(at);
    if (may_be_known(keys, count, (Key){key, (gsize)(at - 1 - key)}))
      return true;
    const char *value = at = gs_json_skip_colon(at, end);
    at = gs_json_skip_value(at, end, &numbers);
    if (memchr(value, '{', (gsize)(at - value)))
      return true;
    at = gs_json_skip_space(at, end);
    if (*at == ',')
      at = gs_json_skip_space(at + 1, end);
  }
  return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/base/labels.h"

#include <stdbool.h>
#include <string.h>

#include "core/limits.h"

/** Cuts to at most `bytes` without breaking a character. */
static bool cut(char *text, gsize bytes) {
  if (strlen(text) <= bytes)
    return false;
  char *end = text + bytes;
  while (end > text && ((guchar)*end & 0xc0) == 0x80)
    end--;
  *end = '\0';
  return true;
}

/** Printable ASCII without blanks, as most names are. */
static bool is_plain(const char *text) {
  const char *at = text;
  while (*at > ' ' && *at < 0x7f)
    at++;
  return *at == '\0' && at - text <= GS_NAME_BYTES_MAX;
}

static char *tidy(const char *text, GsLabelChanges *changes) {
  if (text && is_plain(text))
    return g_strdup(text);
  g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
  GString *clean = g_string_new(NULL);
  bool lost = text && !g_utf8_validate(text, -1, NULL);
  for (char *at = valid; *at; at = g_utf8_next_char(at)) {
    gunichar c = g_utf8_get_char(at);
    GUnicodeType type = g_unichar_type(c);
    /* Separators of lines and paragraphs and marks of direction would break a table. */
    bool control = g_unichar_iscntrl(c) || type == G_UNICODE_FORMAT ||
                   type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
    lost |= control && !(c < 128 && g_ascii_isspace((char)c));
    g_string_append_unichar(clean, control ? ' ' : c);
  }
  char *name = g_string_free(clean, FALSE);
  g_strstrip(name);
  changes->cleaned += lost;
  changes->cut += cut(name, GS_NAME_BYTES_MAX);
  return g_strchomp(name);
}

/** The name with a number that makes it unique. */
static char *numbered(const char *name, uint32_t number) {
  g_autofree char *suffix = g_strdup_printf(" (%u)", number);
  g_autofree char *start = g_strdup(name);
  cut(start, GS_NAME_BYTES_MAX - strlen(suffix));
  return g_strconcat(start, suffix, NULL);
}

void gs_labels_tidy(char **labels, uint32_t count, GsLabelChanges *changes) {
  /* Name to the last number given to a repetition of it, so that many take no longer each. */
  g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
  for (uint32_t i = 0; i < count; i++) {
    char *name = tidy(labels[i], changes);
    if (!*name || strcmp(name, "*") == 0) {
      g_free(name);
      name = g_strdup_printf("N%u", i + 1);
      changes->numbered++;
    }
    g_free(labels[i]);
    labels[i] = name;
    gpointer known, last;
    if (g_hash_table_lookup_extended(used, name, &known, &last)) {
      uint32_t number = GPOINTER_TO_UINT(last);
      char *unique = NULL;
      do {
        g_free(unique);
        unique = numbered(name, ++number);
      } while (g_hash_table_contains(used, unique));
      g_hash_table_insert(used, known, GUINT_TO_POINTER(number));
      labels[i] = unique;
      if (changes->repeated++ == 0)
        changes->first_repeated = i;
      g_free(name);
    }
    g_hash_table_insert(used, labels[i], GUINT_TO_POINTER(1));
  }
}

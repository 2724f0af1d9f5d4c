/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/command_text.h"

#include <stdbool.h>
#include <string.h>

/** An equals sign at the beginning means something to zsh. */
static bool is_plain(const char *word) {
  return *word && *word != '=' &&
         strspn(word, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_./=:,+@%") == strlen(word);
}

char *gs_command_text(const char *program, char **words) {
  g_autoptr(GString) text = g_string_new(program);
  for (char **word = words; *word; word++) {
    g_autofree char *quoted = is_plain(*word) ? g_strdup(*word) : g_shell_quote(*word);
    g_string_append_printf(text, " %s", quoted);
  }
  return g_utf8_make_valid(text->str, (gssize)text->len);
}

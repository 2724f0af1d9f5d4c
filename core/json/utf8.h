/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

/**
 * How many bytes of a text in UTF-8 to show where at most `most` are wanted, for
 * "%.*s": whole characters only, since half of one makes the message no text. Pure.
 */
static inline int gs_utf8_bytes_up_to(const char *text, size_t most) {
  size_t length = strnlen(text, most + 1);
  if (length <= most)
    return (int)length;
  while (most > 0 && ((unsigned char)text[most] & 0xC0) == 0x80)
    most--;
  return (int)most;
}

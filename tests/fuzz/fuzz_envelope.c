/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/wire/wire.h"
#include "tests/wire_equal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Whatever decodes must survive being encoded and decoded again; an error must have a message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_auto(GsWireEnvelope) first = {0}, second = {0};
  g_autoptr(GError) error = NULL;
  if (!gs_wire_decode(&first, (const char *)data, size, &error)) {
    if (!error || !g_utf8_validate(error->message, -1, NULL))
      abort();
    return 0;
  }
  g_autoptr(GString) text = g_string_new(NULL);
  gs_wire_encode(&first, text);
  if (!gs_wire_decode(&second, text->str, text->len, NULL) || !envelopes_are_equal(&first, &second))
    abort();
  return 0;
}

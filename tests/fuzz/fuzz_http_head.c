/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/http/head.h"

#define MOST 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** However a head is cut into pieces: what is complete or wrong stays so. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  GsHttpHead before = GS_HTTP_HEAD_PARTIAL;
  for (size_t length = 0; length <= size; length += 1 + length / 8) {
    guint status = 0;
    const char *description = NULL;
    // A copy without anything behind it, for AddressSanitizer to guard.
    g_autofree char *bytes = g_memdup2(data, length);
    GsHttpHead head = gs_http_head_look(bytes, length, MOST, &status, &description);
    if ((head == GS_HTTP_HEAD_WRONG) != (status != 0 && description))
      abort();
    if (before != GS_HTTP_HEAD_PARTIAL && head != before)
      abort();
    before = head;
  }
  return 0;
}

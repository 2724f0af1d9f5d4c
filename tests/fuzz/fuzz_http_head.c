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
    GsHttpComplaint complaint = {0};
    GsHttpFrame frame;
    // A copy without anything behind it, for AddressSanitizer to guard.
    g_autofree char *bytes = g_memdup2(data, length);
    GsHttpHead head = gs_http_head_look(bytes, length, MOST, &frame, &complaint);
    if ((head == GS_HTTP_HEAD_WRONG) != (complaint.status != 0 && complaint.description))
      abort();
    if (before != GS_HTTP_HEAD_PARTIAL && head != before)
      abort();
    before = head;
  }
  return 0;
}

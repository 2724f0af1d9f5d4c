/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/http/origin.h"

#define MOST 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok) {
  if (!ok)
    abort();
}

/** However a body in chunks is cut into pieces, it ends at the same place. */
static void look_at_chunks(const uint8_t *data, size_t size) {
  GsHttpHead before = GS_HTTP_HEAD_PARTIAL;
  gsize end = 0;
  for (size_t length = 0; length <= size; length += 1 + length / 8) {
    GsHttpComplaint complaint = {0};
    gsize used;
    g_autofree char *bytes = g_memdup2(data, length);
    GsHttpHead found = gs_http_chunks_look(bytes, length, MOST, &used, &complaint);
    require(used <= length && (found == GS_HTTP_HEAD_WRONG) == (complaint.status != 0));
    require(before == GS_HTTP_HEAD_PARTIAL || found == before);
    require(before != GS_HTTP_HEAD_COMPLETE || used == end);
    before = found;
    end = used;
  }
}

/** A Host and an Origin: whoever is let in asks for an address or a name that is allowed. */
static void check_origin(const uint8_t *data, size_t size) {
  g_autofree char *host = g_strndup((const char *)data, size);
  const char *const names[] = {"grid.test", NULL};
  const GsHttpOrigin origin = {.host = host, .origin = host, .target = host};
  GsHttpComplaint complaint = {0};
  require(gs_http_origin_check(&origin, names, &complaint) == (complaint.status == 0));
}

/** However a head is cut into pieces: what is complete or wrong stays so. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  GsHttpHead before = GS_HTTP_HEAD_PARTIAL;
  for (size_t length = 0; length <= size; length += 1 + length / 8) {
    GsHttpComplaint complaint = {0};
    GsHttpFrame frame;
    /* A copy without anything behind it, for AddressSanitizer to guard. */
    g_autofree char *bytes = g_memdup2(data, length);
    GsHttpHead head = gs_http_head_look(bytes, length, MOST, &frame, &complaint);
    if ((head == GS_HTTP_HEAD_WRONG) != (complaint.status != 0 && complaint.description))
      abort();
    if (before != GS_HTTP_HEAD_PARTIAL && head != before)
      abort();
    before = head;
  }
  look_at_chunks(data, size);
  check_origin(data, size);
  return 0;
}

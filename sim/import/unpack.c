/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/unpack.h"

#include <gio/gio.h>
#include <string.h>

#include "core/error.h"

/** Bytes that come out at a time. */
#define STEP ((gsize)64 << 10)
/** However small the packed file is. */
#define ALWAYS_ALLOWED ((guint64)1 << 20)

bool gs_is_packed(const void *content, gsize length) {
  return length >= 2 && memcmp(content, "\x1f\x8b", 2) == 0;
}

static GBytes *too_much(const char *path, guint64 most, GError **error) {
  g_set_error(error, GS_ERROR, GS_ERROR_LIMIT,
              "%s: is more than %" G_GUINT64_FORMAT " bytes when it is unpacked; at most so many "
              "are allowed, which is %d times what it is packed, or 1 MiB where that is more",
              path, most, GS_UNPACK_RATIO_MAX);
  return NULL;
}

static GBytes *damaged(const char *path, const GError *problem, GError **error) {
  bool cut = g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: is packed with gzip, and %s", path,
              cut ? "cut off" : "damaged");
  return NULL;
}

GBytes *gs_unpack(GBytes *packed, const char *path, guint64 most, GError **error) {
  gsize left;
  const guint8 *at = g_bytes_get_data(packed, &left);
  most = MIN(most, MAX(ALWAYS_ALLOWED, (guint64)left * GS_UNPACK_RATIO_MAX));
  g_autoptr(GConverter) gzip = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr(GByteArray) out = g_byte_array_new();
  g_autofree guint8 *step = g_malloc(STEP);
  while (true) {
    g_autoptr(GError) problem = NULL;
    gsize used = 0, made = 0;
    GConverterResult result = g_converter_convert(gzip, at, left, step, STEP,
                                                  G_CONVERTER_INPUT_AT_END, &used, &made, &problem);
    if (result == G_CONVERTER_ERROR)
      return damaged(path, problem, error);
    at += used;
    left -= used;
    if (out->len + made > most)
      return too_much(path, most, error);
    g_byte_array_append(out, step, (guint)made);
    if (result != G_CONVERTER_FINISHED)
      continue;
    if (left == 0)
      return g_byte_array_free_to_bytes(g_steal_pointer(&out));
    /* More members may follow, and are one text with it; zeros only fill up. */
    if (!gs_is_packed(at, left)) {
      while (left > 0 && *at == 0)
        at++, left--;
      if (left > 0)
        return damaged(path, NULL, error);
      return g_byte_array_free_to_bytes(g_steal_pointer(&out));
    }
    g_converter_reset(gzip);
  }
}

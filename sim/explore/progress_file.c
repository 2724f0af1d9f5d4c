/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/progress_file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "core/error.h"
#include "core/json/json.h"
#include "sim/base/plain_file.h"
#include "sim/base/replace_file.h"

#define BYTES_MAX 4096u
#define DEPTH_MAX 4u

static bool read_count(const GsJson *root, const char *key, uint64_t *count) {
  int64_t value;
  const GsJson *member = gs_json_member(root, key);
  if (!member || !gs_json_integer(member, &value) || value < 0)
    return false;
  *count = (uint64_t)value;
  return true;
}

static bool read_all(const GsJson *root, GsSearchProgress *progress) {
  if (gs_json_type(root) != GS_JSON_OBJECT)
    return false;
  const GsJson *member = gs_json_member(root, "search");
  const char *search = member ? gs_json_string(member) : NULL;
  if (!search || strlen(search) >= sizeof progress->search)
    return false;
  g_strlcpy(progress->search, search, sizeof progress->search);
  return read_count(root, "runs", &progress->runs) &&
         read_count(root, "failures", &progress->failures);
}

bool gs_search_progress_read(const char *path, GsSearchProgress *progress, GError **error) {
  if (!gs_plain_exists(path))
    return false;
  g_autoptr(GString) text = gs_plain_read(path, BYTES_MAX, error);
  if (!text)
    return false;
  const GsJsonLimits limits = {.max_bytes = BYTES_MAX, .max_depth = DEPTH_MAX};
  g_autoptr(GsJsonDoc) doc = gs_json_parse(text->str, text->len, path, &limits, error);
  if (!doc)
    return false;
  if (read_all(gs_json_root(doc), progress))
    return true;
  g_set_error(error, GS_ERROR, GS_ERROR_INPUT, "%s: does not say how far a search has come", path);
  return false;
}

bool gs_search_progress_write(const char *path, const GsSearchProgress *progress, GError **error) {
  g_autofree char *text =
      g_strdup_printf("{\"search\": \"%s\", \"runs\": %" PRIu64 ", \"failures\": %" PRIu64 "}\n",
                      progress->search, progress->runs, progress->failures);
  return gs_replace_file(path, text, strlen(text), error);
}

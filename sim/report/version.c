/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/report/version.h"

#include <string.h>

/** Of all files only this one is told the commit, so that a new one compiles nothing else. */
#ifndef GS_COMMIT
#define GS_COMMIT "unknown"
#endif
#ifndef GS_VERSION
#define GS_VERSION "0.1.0"
#endif

const char *gs_version(void) {
  return GS_VERSION;
}

const char *gs_commit(void) {
  return GS_COMMIT;
}

bool gs_commit_is_same(const char *a, const char *b) {
  return strcmp(a, b) == 0 && strcmp(a, "unknown") != 0 && !g_str_has_suffix(a, "-dirty");
}

const char *gs_version_text(void) {
  return GS_VERSION " (" GS_COMMIT ")";
}

void gs_version_write(GsJsonWriter *json) {
  gs_json_member_string(json, "version", GS_VERSION);
  gs_json_member_string(json, "commit", GS_COMMIT);
  gs_json_member_int(json, "results_version", GS_RESULTS_VERSION);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/places.h"

#include <math.h>
#include <string.h>

GsPlaces *gs_places_new(GsPlacesKind kind, uint32_t nodes, double *x, double *y, const char *x_name,
                        const char *y_name) {
  GsPlaces *places = g_new0(GsPlaces, 1);
  *places = (GsPlaces){.kind = kind,
                       .nodes = nodes,
                       .names = g_strdup_printf("%s and %s", x_name, y_name),
                       .x = x,
                       .y = y};
  for (uint32_t i = 0; i < nodes; i++) {
    bool is_place = isfinite(x[i]) && isfinite(y[i]);
    if (kind == GS_PLACES_ON_EARTH)
      is_place = is_place && fabs(y[i]) <= GS_LATITUDE_MAX && fabs(x[i]) <= GS_LONGITUDE_MAX;
    else /* differences are to be finite, too */
      is_place = is_place && fabs(x[i]) <= GS_PLANE_MAX && fabs(y[i]) <= GS_PLANE_MAX;
    if (!is_place) {
      x[i] = y[i] = (double)NAN;
      places->missing++;
    }
  }
  return places;
}

GsPlaces *gs_places_copy(const GsPlaces *places) {
  GsPlaces *copy = g_memdup2(places, sizeof *places);
  copy->names = g_strdup(places->names);
  copy->x = g_memdup2(places->x, places->nodes * sizeof *places->x);
  copy->y = g_memdup2(places->y, places->nodes * sizeof *places->y);
  return copy;
}

void gs_places_free(GsPlaces *places) {
  if (!places)
    return;
  g_free(places->names);
  g_free(places->x);
  g_free(places->y);
  g_free(places);
}

bool gs_places_usable(const GsPlaces *places) {
  uint32_t first = UINT32_MAX;
  for (uint32_t i = 0; i < places->nodes; i++) {
    if (isnan(places->x[i]))
      continue;
    if (first == UINT32_MAX)
      first = i;
    else if (places->x[i] != places->x[first] || places->y[i] != places->y[first])
      return true;
  }
  return false;
}

char *gs_places_describe(const GsPlaces *places) {
  if (!places)
    return NULL;
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "from the %s (%s), %s", places->listed ? "scenario" : "file",
                         places->names,
                         places->kind == GS_PLACES_DOWNWARD ? "y grows downwards" : "north is up");
  if (places->missing > 0)
    g_string_append_printf(text, "; %u of %u nodes %s none, and %s drawn near %s siblings",
                           places->missing, places->nodes, places->missing == 1 ? "has" : "have",
                           places->missing == 1 ? "is" : "are",
                           places->missing == 1 ? "its" : "their");
  return g_string_free(text, FALSE);
}

/* ---- GML ---- */

typedef struct {
  const char *at, *end;
  /* What is read: graph [ node [ graphics [ x 1 y 2 ] ] ] */
  guint depth, matched; /* brackets that are open; of which these are on that way */
  uint32_t count, nodes;
  double *x, *y;
  bool any;
} Scan;

/** The next key, value or bracket; false at the end. */
static bool next_token(Scan *scan, const char **token, gsize *length) {
  for (; scan->at < scan->end; scan->at++) {
    if (*scan->at == '#')
      while (scan->at < scan->end && *scan->at != '\n')
        scan->at++;
    if (scan->at == scan->end || !g_ascii_isspace(*scan->at))
      break;
  }
  if (scan->at >= scan->end)
    return false;
  *token = scan->at;
  if (*scan->at == '"') {
    const char *close = memchr(scan->at + 1, '"', (gsize)(scan->end - scan->at - 1));
    scan->at = close ? close + 1 : scan->end;
  } else if (*scan->at == '[' || *scan->at == ']') {
    scan->at++;
  } else {
    while (scan->at < scan->end && !g_ascii_isspace(*scan->at) && !strchr("[]\"", *scan->at))
      scan->at++;
  }
  *length = (gsize)(scan->at - *token);
  return true;
}

static bool is_word(const char *token, gsize length, const char *word) {
  return length == strlen(word) && g_ascii_strncasecmp(token, word, length) == 0;
}

static void open_bracket(Scan *scan, const char *key, gsize length) {
  static const char *const way[] = {"graph", "node", "graphics"};
  if (scan->depth == scan->matched && scan->matched < G_N_ELEMENTS(way) &&
      is_word(key, length, way[scan->matched])) {
    if (++scan->matched == 2)
      scan->count++;
  }
  scan->depth++;
}

static void take_value(Scan *scan, const char *key, gsize key_length, const char *token,
                       gsize length) {
  if (scan->depth != 3 || scan->matched != 3 || scan->count > scan->nodes)
    return;
  g_autofree char *number = g_strndup(token, length);
  char *end;
  double value = g_ascii_strtod(number, &end);
  if (end == number || *end != '\0')
    return;
  if (is_word(key, key_length, "x"))
    scan->x[scan->count - 1] = value;
  else if (is_word(key, key_length, "y"))
    scan->y[scan->count - 1] = value;
  scan->any = true;
}

GsPlaces *gs_places_of_gml(const char *text, gsize length, uint32_t nodes) {
  Scan scan = {.at = text, .end = text + length, .nodes = nodes};
  if (!g_strstr_len(text, (gssize)length, "graphics"))
    return NULL;
  scan.x = g_new(double, nodes);
  scan.y = g_new(double, nodes);
  for (uint32_t i = 0; i < nodes; i++)
    scan.x[i] = scan.y[i] = (double)NAN;
  const char *token, *key = "";
  gsize token_length, key_length = 0;
  bool has_key = false;
  while (next_token(&scan, &token, &token_length)) {
    if (*token == ']') {
      scan.depth -= scan.depth > 0;
      scan.matched = MIN(scan.matched, scan.depth);
      has_key = false;
    } else if (*token == '[') {
      open_bracket(&scan, key, key_length);
      has_key = false;
    } else if (has_key) {
      take_value(&scan, key, key_length, token, token_length);
      has_key = false;
    } else {
      key = token;
      key_length = token_length;
      has_key = true;
    }
  }
  if (scan.any && scan.count == nodes)
    return gs_places_new(GS_PLACES_DOWNWARD, nodes, scan.x, scan.y, "x", "y in graphics");
  g_free(scan.x);
  g_free(scan.y);
  return NULL;
}

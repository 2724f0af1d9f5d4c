/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/places.h"

#include <math.h>

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
      if (isfinite(x[i]) && isfinite(y[i]) && places->outside++ == 0)
        places->first_outside = i;
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

const char *gs_places_reason(const GsPlaces *places) {
  uint32_t there = places->nodes - places->missing;
  if (there == 0)
    return "no node has one that can be used";
  return there == 1 ? "only one node has one that can be used" : "no two of them differ";
}

char *gs_places_describe(const GsPlaces *places) {
  if (!places)
    return NULL;
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "from the %s (%s), %s", places->listed ? "scenario" : "file",
                         places->names,
                         places->kind == GS_PLACES_DOWNWARD ? "y grows downwards" : "north is up");
  if (places->missing > 0)
    g_string_append_printf(text, "; %u of %u nodes %s none%s, and %s drawn near %s siblings",
                           places->missing, places->nodes, places->missing == 1 ? "has" : "have",
                           places->outside > 0 ? " that can be used" : "",
                           places->missing == 1 ? "is" : "are",
                           places->missing == 1 ? "its" : "their");
  return g_string_free(text, FALSE);
}

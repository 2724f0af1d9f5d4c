/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/** Where a graph file, or the scenario, says that its nodes are. */
typedef enum {
  GS_PLACES_ON_EARTH, /**< x: longitude, y: latitude, in degrees; north is up */
  GS_PLACES_UPWARD,   /**< x to the right, y up (north), in any unit */
  GS_PLACES_DOWNWARD, /**< x to the right, y down, as on a screen */
} GsPlacesKind;

typedef struct {
  GsPlacesKind kind;
  uint32_t nodes;
  uint32_t missing;       /**< nodes of which the file does not say it, or nothing that can be */
  uint32_t outside;       /**< of these: those of which it says a place that is not on Earth, */
  uint32_t first_outside; /**< and the first of them */
  char *names;            /**< what the file calls it: "Longitude and Latitude" */
  bool listed;            /**< a scenario says it that lists its nodes; false: a graph file */
  double *x, *y;          /**< per node; NaN where it is missing */
} GsPlaces;

/** Sizes of what is a place. */
#define GS_LONGITUDE_MAX 360.0
#define GS_LATITUDE_MAX 90.0
#define GS_PLANE_MAX 1e99

/**
 * Takes the arrays over (from g_new), and leaves out what is no place: not
 * finite, or not on Earth. `x_name` and `y_name` are for `names`.
 */
GsPlaces *gs_places_new(GsPlacesKind kind, uint32_t nodes, double *x, double *y, const char *x_name,
                        const char *y_name);
GsPlaces *gs_places_copy(const GsPlaces *places);
/** NULL is fine. */
void gs_places_free(GsPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsPlaces, gs_places_free)

/** Whether two nodes are at different places, so that there is something to draw. */
bool gs_places_usable(const GsPlaces *places);
/** Why there is not: "only one node has one"; static. */
const char *gs_places_reason(const GsPlaces *places);
/**
 * One line: "from the file (Longitude and Latitude), north is up; 9 of 40 nodes
 * have none, and are drawn near their siblings". NULL for NULL. Free with g_free.
 */
char *gs_places_describe(const GsPlaces *places);

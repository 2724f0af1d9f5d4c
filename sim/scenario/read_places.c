/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "sim/scenario/read_parts.h"

static bool read_coordinate(GsReader *reader, const GsJson *value, double most, double *number) {
  return gs_read_number(reader, value, -most, most, number);
}

/** Room for the places of all nodes, none of which has one yet. */
static void begin(GsReadPlaces *places, uint32_t nodes, bool on_earth) {
  places->on_earth = on_earth;
  places->x = g_new(double, nodes);
  places->y = g_new(double, nodes);
  for (uint32_t i = 0; i < nodes; i++)
    places->x[i] = places->y[i] = (double)NAN;
}

bool gs_read_place(GsReader *reader, const GsJson *node, uint32_t index, GsReadPlaces *places) {
  const GsJson *earth[] = {gs_json_member(node, "longitude"), gs_json_member(node, "latitude")};
  const GsJson *plane[] = {gs_json_member(node, "x"), gs_json_member(node, "y")};
  bool on_earth = earth[0] || earth[1];
  const GsJson **pair = on_earth ? earth : plane;
  const GsJson *first = pair[0] ? pair[0] : pair[1];
  if (!first)
    return true;
  if (on_earth && (plane[0] || plane[1]))
    return gs_reader_fail(reader, plane[0] ? plane[0] : plane[1],
                          "found a place on Earth and one by x and y; give one of them");
  if (!pair[0] || !pair[1])
    return gs_reader_fail_missing(
        reader, node, on_earth ? (pair[0] ? "latitude" : "longitude") : (pair[0] ? "y" : "x"),
        "a place");
  if (places->x && places->on_earth != on_earth)
    return gs_reader_fail(reader, first,
                          "other nodes have places %s; those of all nodes must be of one kind",
                          on_earth ? "by x and y" : "on Earth");
  if (!places->x)
    begin(places, reader->scenario->node_count, on_earth);
  return read_coordinate(reader, pair[0], on_earth ? GS_LONGITUDE_MAX : GS_PLANE_MAX,
                         &places->x[index]) &&
         read_coordinate(reader, pair[1], on_earth ? GS_LATITUDE_MAX : GS_PLANE_MAX,
                         &places->y[index]);
}

void gs_read_places_finish(GsReader *reader, const GsJson *value, GsReadPlaces *places) {
  if (!places->x)
    return;
  uint32_t nodes = reader->scenario->node_count;
  bool earth = places->on_earth;
  g_autoptr(GsPlaces) made =
      gs_places_new(earth ? GS_PLACES_ON_EARTH : GS_PLACES_UPWARD, nodes, places->x, places->y,
                    earth ? "longitude" : "x", earth ? "latitude" : "y");
  places->x = places->y = NULL;
  made->listed = true;
  if (gs_places_usable(made))
    reader->scenario->places = g_steal_pointer(&made);
  else
    gs_reader_warn(reader, value, "not-used", nodes - made->missing,
                   "places of nodes (%s) are not used: %s", made->names, gs_places_reason(made));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/import/pypsa.h"

#include <math.h>
#include <string.h>

#include "sim/import/pypsa_table.h"
#include "sim/import/readers.h"

/** A load or a generator. */
typedef struct {
  uint32_t node;
  bool gives; /**< into the grid; false: takes */
  bool is_set;
  GsDecimal power;
  guint64 line;
} Device;

typedef struct {
  const GsPypsaFile *files;
  GsDraft *draft;
  guint production, consumption;
  GArray *devices;       /**< of Device */
  GHashTable *device_of; /**< name → index + 1, of the table that is read */
  GsTally not_active, foreign_ends, more_ends, unknown, no_numbers, not_set, feeding, pumping;
  GError **error;
} Reading;

/* --- buses ----------------------------------------------------------------------- */

static double place_of(const GsCell *cell) {
  GsDecimal number = gs_decimal_parse(cell->text, cell->length, '.');
  g_autofree char *text = gs_decimal_text(number);
  return number.state == GS_DECIMAL_NUMBER ? g_ascii_strtod(text, NULL) : (double)NAN;
}

/** PyPSA has x and y in degrees unless a network says otherwise; then no bus is out of the Earth.
 */
static bool is_on_earth(Reading *reading) {
  g_auto(GsPypsaRows) rows;
  bool earth = true;
  if (!gs_pypsa_rows_init(&rows, reading->files, GS_PYPSA_BUSES, NULL))
    return true;
  guint x = gs_pypsa_column(&rows, "x"), y = gs_pypsa_column(&rows, "y");
  while (gs_pypsa_next(&rows, NULL)) {
    GsCell easting = gs_pypsa_cell(&rows, x), northing = gs_pypsa_cell(&rows, y);
    earth &= !(fabs(place_of(&easting)) > 180) && !(fabs(place_of(&northing)) > 90);
  }
  return earth;
}

static bool take_bus(Reading *reading, const GsPypsaRows *rows) {
  GsCell name = gs_pypsa_cell(rows, 0);
  uint32_t known;
  if (name.length == 0)
    return gs_pypsa_wrong(rows, reading->error, "a bus without a name; each must have one");
  if (gs_draft_find(reading->draft, name.text, name.length, &known)) {
    g_autofree char *shown = gs_shown(name.text, name.length);
    return gs_pypsa_wrong(rows, reading->error, "a second bus with the name %s; must be unique",
                          shown);
  }
  gs_draft_node(reading->draft, name.text, name.length);
  return true;
}

static bool read_buses(Reading *reading) {
  bool earth = is_on_earth(reading);
  g_auto(GsPypsaRows) rows;
  if (!gs_pypsa_rows_init(&rows, reading->files, GS_PYPSA_BUSES, reading->error))
    return false;
  GsDraft *draft = reading->draft;
  const guint from[] = {gs_pypsa_column(&rows, "x"), gs_pypsa_column(&rows, "y")};
  const guint to[] = {
      gs_draft_column(draft, GS_OF_NODES, "x", earth ? GS_ROLE_LONGITUDE : GS_ROLE_X),
      gs_draft_column(draft, GS_OF_NODES, "y", earth ? GS_ROLE_LATITUDE : GS_ROLE_Y)};
  while (gs_pypsa_next(&rows, reading->error)) {
    uint32_t node = gs_draft_nodes(draft);
    if (!take_bus(reading, &rows) || !gs_draft_fits(draft, reading->error))
      return false;
    for (guint i = 0; i < G_N_ELEMENTS(from); i++) {
      GsCell place = gs_pypsa_cell(&rows, from[i]);
      gs_draft_say(draft, GS_OF_NODES, to[i], node, place.text, place.length, rows.cells.line);
    }
  }
  return !rows.failed;
}

/* --- links ----------------------------------------------------------------------- */

/** What a row says of being in service; PyPSA writes True and False. */
static bool is_active(const GsPypsaRows *rows, guint column) {
  GsCell cell = gs_pypsa_cell(rows, column);
  return !gs_cell_is(&cell, "False") && !gs_cell_is(&cell, "0") && !gs_cell_is(&cell, "0.0");
}

static bool find_bus(Reading *reading, GsCell name, uint32_t *node) {
  return name.length > 0 && gs_draft_find(reading->draft, name.text, name.length, node);
}

static bool read_links(Reading *reading, GsPypsaTable table) {
  if (!reading->files[table].path)
    return true;
  g_auto(GsPypsaRows) rows;
  if (!gs_pypsa_rows_init(&rows, reading->files, table, reading->error))
    return false;
  const guint ends[] = {gs_pypsa_column(&rows, "bus0"), gs_pypsa_column(&rows, "bus1")};
  const guint more = gs_pypsa_column(&rows, "bus2"), active = gs_pypsa_column(&rows, "active");
  if (ends[0] == GS_PYPSA_NO_COLUMN || ends[1] == GS_PYPSA_NO_COLUMN)
    return gs_pypsa_wrong(&rows, reading->error,
                          "no column \"bus0\" or \"bus1\"; there must be both");
  /* The lines of one table only can stand in notes about links of all. */
  bool placed = table == GS_PYPSA_LINES;
  while (gs_pypsa_next(&rows, reading->error)) {
    uint32_t from, to;
    guint64 line = placed ? rows.cells.line : 0;
    if (!is_active(&rows, active)) {
      gs_tally(&reading->not_active, 0);
    } else if (!find_bus(reading, gs_pypsa_cell(&rows, ends[0]), &from) ||
               !find_bus(reading, gs_pypsa_cell(&rows, ends[1]), &to)) {
      gs_tally(&reading->foreign_ends, line);
    } else {
      gs_draft_link(reading->draft, from, to, line);
      if (gs_pypsa_cell(&rows, more).length > 0)
        gs_tally(&reading->more_ends, 0);
    }
    if (!gs_draft_fits(reading->draft, reading->error))
      return false;
  }
  return !rows.failed;
}

/* --- loads and generators -------------------------------------------------------- */

static bool read_devices(Reading *reading, GsPypsaTable table, bool gives) {
  g_hash_table_remove_all(reading->device_of);
  g_array_set_size(reading->devices, 0);
  if (!reading->files[table].path)
    return true;
  g_auto(GsPypsaRows) rows;
  if (!gs_pypsa_rows_init(&rows, reading->files, table, reading->error))
    return false;
  const guint bus = gs_pypsa_column(&rows, "bus"), set = gs_pypsa_column(&rows, "p_set");
  const guint sign = gs_pypsa_column(&rows, "sign"), active = gs_pypsa_column(&rows, "active");
  if (bus == GS_PYPSA_NO_COLUMN)
    return gs_pypsa_wrong(&rows, reading->error, "no column \"bus\"; there must be one");
  while (gs_pypsa_next(&rows, reading->error)) {
    Device device = {.gives = gives, .line = rows.cells.line};
    GsCell name = gs_pypsa_cell(&rows, 0), power = gs_pypsa_cell(&rows, set);
    GsCell signed_by = gs_pypsa_cell(&rows, sign);
    if (!is_active(&rows, active)) {
      gs_tally(&reading->not_active, 0);
      continue;
    }
    if (!find_bus(reading, gs_pypsa_cell(&rows, bus), &device.node)) {
      gs_tally(&reading->foreign_ends, 0);
      continue;
    }
    if (signed_by.length > 0)
      device.gives = *signed_by.text != '-';
    device.power = gs_decimal_parse(power.text, power.length, '.');
    device.is_set = device.power.state != GS_DECIMAL_NONE;
    g_array_append_val(reading->devices, device);
    g_hash_table_replace(reading->device_of, g_strndup(name.text, name.length),
                         GUINT_TO_POINTER(reading->devices->len));
  }
  return !rows.failed;
}

/** Columns by which snapshots are told, not devices. */
static bool is_index(const GsCell *cell, guint column) {
  return column == 0 || gs_cell_is(cell, "timestep") || gs_cell_is(cell, "snapshot");
}

/** Gives devices what they are set to in the first snapshot. */
static bool read_first_snapshot(Reading *reading, GsPypsaTable table, const char *what) {
  if (!reading->files[table].path)
    return true;
  g_auto(GsPypsaRows) rows;
  if (!gs_pypsa_rows_init(&rows, reading->files, table, reading->error))
    return false;
  if (!gs_pypsa_next(&rows, reading->error))
    return !rows.failed;
  for (guint i = 0; i < rows.columns; i++) {
    const char *name = rows.names[i];
    GsCell heading = {.text = name, .length = (uint32_t)strlen(name)};
    guint index = GPOINTER_TO_UINT(g_hash_table_lookup(reading->device_of, name));
    GsCell power = gs_pypsa_cell(&rows, i);
    if (index == 0) {
      if (!is_index(&heading, i))
        gs_tally(&reading->unknown, 0);
      continue;
    }
    Device *device = &g_array_index(reading->devices, Device, index - 1);
    device->power = gs_decimal_parse(power.text, power.length, '.');
    device->is_set = true;
  }
  GsCell snapshot = gs_pypsa_cell(&rows, 0);
  g_autofree char *shown = gs_shown(snapshot.text, snapshot.length);
  g_autofree char *note =
      g_strdup_printf("%s are those of the first snapshot of %s.csv, %s; others are not used", what,
                      gs_pypsa_table_name(table), shown);
  gs_draft_note(reading->draft, "series", (GsTally){1, 0}, note, NULL);
  return true;
}

/** What is less than nothing is the other: a load that feeds in, a generator that pumps. */
static void add_power(Reading *reading, Device device) {
  if (!device.is_set) {
    gs_tally(&reading->not_set, 0);
    return;
  }
  if (device.power.state == GS_DECIMAL_NO_NUMBER) {
    gs_tally(&reading->no_numbers, 0);
    return;
  }
  if (device.power.state == GS_DECIMAL_NONE || device.power.digits == 0)
    return;
  if (device.power.digits < 0) {
    gs_tally(device.gives ? &reading->pumping : &reading->feeding, 0);
    device.power.digits = -device.power.digits;
    device.gives = !device.gives;
  }
  gs_draft_add(reading->draft, device.gives ? reading->production : reading->consumption,
               device.node, device.power, 0);
}

static void note_not_set(Reading *reading, bool gives) {
  gs_draft_note(reading->draft, "not-used", reading->not_set,
                gives ? "a generator without p_set produces nothing here: what it can (p_nom) is "
                        "not what it does"
                      : "a load without p_set consumes nothing here",
                gives
                    ? "%s generators without p_set produce nothing here: what they can (p_nom) is "
                      "not what they do"
                    : "%s loads without p_set consume nothing here");
  reading->not_set = (GsTally){0, 0};
}

static bool read_energies(Reading *reading, GsPypsaTable table, GsPypsaTable series, bool gives) {
  if (!read_devices(reading, table, gives) ||
      !read_first_snapshot(reading, series, gives ? "powers of generators" : "loads"))
    return false;
  for (guint i = 0; i < reading->devices->len; i++)
    add_power(reading, g_array_index(reading->devices, Device, i));
  note_not_set(reading, gives);
  return true;
}

/* --- notes ----------------------------------------------------------------------- */

static void note_all(Reading *reading) {
  GsDraft *draft = reading->draft;
  gs_draft_note(draft, "out-of-service", reading->not_active,
                "a row that is not active was left out",
                "%s rows that are not active were left out");
  gs_draft_note(draft, "not-used", reading->foreign_ends,
                "a row that names a bus which is not there was left out",
                "%s rows that name a bus which is not there were left out");
  gs_draft_note(draft, "not-used", reading->more_ends,
                "a link of more than two buses links the first two only",
                "%s links of more than two buses link the first two only");
  gs_draft_note(draft, "not-used", reading->unknown,
                "a series of a load or generator which is not there was left out",
                "%s series of loads or generators which are not there were left out");
  gs_draft_note(draft, "not-used", reading->no_numbers,
                "a power that is no number of at most 18 digits was left out",
                "%s powers that are no numbers of at most 18 digits were left out");
  gs_draft_note(draft, "negative", reading->feeding, "a load of less than 0 is production",
                "%s loads of less than 0 are production");
  gs_draft_note(draft, "negative", reading->pumping, "a generation of less than 0 is consumption",
                "%s generations of less than 0 are consumption");
  gs_draft_note(draft, "not-used", (GsTally){1, 0},
                "of buses name, x and y are used, of lines, links and transformers bus0, bus1 and "
                "active, of loads and generators name, bus, p_set, sign and active; nothing else",
                NULL);
}

static bool read_all(Reading *reading) {
  if (!read_buses(reading) || !read_links(reading, GS_PYPSA_LINES) ||
      !read_links(reading, GS_PYPSA_LINKS) || !read_links(reading, GS_PYPSA_TRANSFORMERS))
    return false;
  reading->production =
      gs_draft_column(reading->draft, GS_OF_NODES, "production", GS_ROLE_PRODUCTION);
  reading->consumption =
      gs_draft_column(reading->draft, GS_OF_NODES, "consumption", GS_ROLE_CONSUMPTION);
  gs_draft_set_unit(reading->draft, "MW");
  if (!read_energies(reading, GS_PYPSA_LOADS, GS_PYPSA_LOADS_P_SET, false) ||
      !read_energies(reading, GS_PYPSA_GENERATORS, GS_PYPSA_GENERATORS_P_SET, true))
    return false;
  note_all(reading);
  return true;
}

GsGraph *gs_import_pypsa(const GsPypsaFile files[GS_PYPSA_TABLES], GError **error) {
  g_autoptr(GsDraft) draft = gs_draft_new(files[GS_PYPSA_BUSES].path);
  Reading reading = {.files = files, .draft = draft, .error = error};
  reading.devices = g_array_new(FALSE, FALSE, sizeof(Device));
  reading.device_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  bool good = read_all(&reading);
  g_array_unref(reading.devices);
  g_hash_table_unref(reading.device_of);
  return good ? gs_draft_finish(draft, error) : NULL;
}

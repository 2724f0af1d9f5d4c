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
  bool by_series; /**< what it is set to is in the table of series */
  GsDecimal power;
  guint64 line; /**< of the table that says what it is set to */
} Device;

/** What was found in one table and is not in the grid as it is there. */
typedef struct {
  GsOccurrences not_active, foreign_ends, more_ends, unknown, no_numbers, not_set, feeding, pumping;
} Found;

typedef struct {
  const GsPypsaFile *files;
  GsDraft *draft;
  guint production, consumption;
  GArray *devices;       /**< of Device */
  GHashTable *device_of; /**< name → index + 1, of the table that is read */
  Found found;
  GError **error;
} Reading;

/** Tells what was found, of that table, and begins anew. */
static void note_found(Reading *reading, GsPypsaTable table) {
  GsDraft *draft = reading->draft;
  const Found *found = &reading->found;
  gs_draft_set_part(draft, gs_pypsa_table_file(table));
  gs_draft_note(draft, "out-of-service", found->not_active, "a row that is not active was left out",
                "%s rows that are not active were left out");
  gs_draft_note(draft, "not-used", found->foreign_ends,
                "a row that names a bus which is not there was left out",
                "%s rows that name a bus which is not there were left out");
  gs_draft_note(draft, "not-used", found->more_ends,
                "a link of more than two buses links the first two only",
                "%s links of more than two buses link the first two only");
  gs_draft_note(draft, "not-used", found->unknown,
                "a series of a load or generator which is not there was left out",
                "%s series of loads or generators which are not there were left out");
  gs_draft_note(draft, "not-used", found->no_numbers,
                "a power that is no number of at most 18 digits was left out",
                "%s powers that are no numbers of at most 18 digits were left out");
  gs_draft_note(draft, "negative", found->feeding, "a load of less than 0 is production",
                "%s loads of less than 0 are production");
  gs_draft_note(draft, "negative", found->pumping, "a generation of less than 0 is consumption",
                "%s generations of less than 0 are consumption");
  bool gives = table == GS_PYPSA_GENERATORS || table == GS_PYPSA_GENERATORS_P_SET;
  gs_draft_note(draft, "not-used", found->not_set,
                gives ? "a generator without p_set produces nothing here: what it can (p_nom) is "
                        "not what it does"
                      : "a load without p_set consumes nothing here",
                gives
                    ? "%s generators without p_set produce nothing here: what they can (p_nom) is "
                      "not what they do"
                    : "%s loads without p_set consume nothing here");
  gs_draft_set_part(draft, NULL);
  reading->found = (Found){.not_active = {0, 0}};
}

/* ---- Buses ---- */

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
      /* Lines that the draft tells are those of links. */
      gs_draft_say(draft, GS_OF_NODES, to[i], node, place.text, place.length, 0);
    }
  }
  return !rows.failed;
}

/* ---- Links ---- */

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
      gs_occurs(&reading->found.not_active, rows.cells.line);
    } else if (!find_bus(reading, gs_pypsa_cell(&rows, ends[0]), &from) ||
               !find_bus(reading, gs_pypsa_cell(&rows, ends[1]), &to)) {
      gs_occurs(&reading->found.foreign_ends, rows.cells.line);
    } else {
      gs_draft_link(reading->draft, from, to, line);
      if (gs_pypsa_cell(&rows, more).length > 0)
        gs_occurs(&reading->found.more_ends, rows.cells.line);
    }
    if (!gs_draft_fits(reading->draft, reading->error))
      return false;
  }
  note_found(reading, table);
  return !rows.failed;
}

/* ---- Loads and generators ---- */

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
      gs_occurs(&reading->found.not_active, rows.cells.line);
      continue;
    }
    if (!find_bus(reading, gs_pypsa_cell(&rows, bus), &device.node)) {
      gs_occurs(&reading->found.foreign_ends, rows.cells.line);
      continue;
    }
    if (signed_by.length > 0)
      device.gives = *signed_by.text != '-';
    device.power = gs_decimal_parse(power.text, power.length, '.');
    device.is_set = device.power.state != GS_DECIMAL_NONE;
    g_array_append_val(reading->devices, device);
    if (!g_hash_table_insert(reading->device_of, g_strndup(name.text, name.length),
                             GUINT_TO_POINTER(reading->devices->len))) {
      g_autofree char *shown = gs_shown(name.text, name.length);
      return gs_pypsa_wrong(&rows, reading->error, "a second row with the name %s; must be unique",
                            shown);
    }
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
        gs_occurs(&reading->found.unknown, 1);
      continue;
    }
    Device *device = &g_array_index(reading->devices, Device, index - 1);
    device->power = gs_decimal_parse(power.text, power.length, '.');
    device->is_set = device->power.state != GS_DECIMAL_NONE;
    device->by_series = true;
    device->line = rows.cells.line;
  }
  note_found(reading, table);
  GsCell snapshot = gs_pypsa_cell(&rows, 0);
  g_autofree char *shown = gs_shown(snapshot.text, snapshot.length);
  g_autofree char *note =
      g_strdup_printf("%s are those of the first snapshot of %s.csv, %s; others are not used", what,
                      gs_pypsa_table_name(table), shown);
  gs_draft_note(reading->draft, "series", (GsOccurrences){1, 0}, note, NULL);
  return true;
}

/** What is less than nothing is the other: a load that feeds in, a generator that pumps. */
static void add_power(Reading *reading, Device device) {
  Found *found = &reading->found;
  if (!device.is_set) {
    gs_occurs(&found->not_set, device.line);
    return;
  }
  if (device.power.state == GS_DECIMAL_NO_NUMBER) {
    gs_occurs(&found->no_numbers, device.line);
    return;
  }
  if (device.power.digits == 0)
    return;
  if (device.power.digits < 0) {
    gs_occurs(device.gives ? &found->pumping : &found->feeding, device.line);
    device.power.digits = -device.power.digits;
    device.gives = !device.gives;
  }
  gs_draft_add(reading->draft, device.gives ? reading->production : reading->consumption,
               device.node, device.power, 0);
}

static bool read_energies(Reading *reading, GsPypsaTable table, GsPypsaTable series, bool gives) {
  if (!read_devices(reading, table, gives))
    return false;
  note_found(reading, table);
  if (!read_first_snapshot(reading, series, gives ? "powers of generators" : "loads"))
    return false;
  for (guint by_series = 0; by_series < 2; by_series++) {
    for (guint i = 0; i < reading->devices->len; i++) {
      Device device = g_array_index(reading->devices, Device, i);
      if (device.by_series == (by_series == 1))
        add_power(reading, device);
    }
    note_found(reading, by_series ? series : table);
  }
  return true;
}

/* ---- Notes ---- */

static void note_used(Reading *reading) {
  gs_draft_note(reading->draft, "not-used", (GsOccurrences){1, 0},
                "of buses name, x and y are used, of lines, links and transformers bus0, bus1 and "
                "active, of loads and generators name, bus, p_set, sign and active; nothing else",
                NULL);
  /* Lines of links are those of one table, see read_links. */
  gs_draft_set_part(reading->draft, gs_pypsa_table_file(GS_PYPSA_LINES));
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
  note_used(reading);
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

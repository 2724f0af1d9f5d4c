/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

/**
 * A sweep: which runs a study is made of. Axes span cells, a cell is a scenario
 * with one value of each axis, and each cell is run several times with other
 * seeds. Repetition r has the same seed in every cell (common random numbers:
 * cells differ by what they are, not by chance).
 */

/** Most cells of a sweep. */
#define GS_SWEEP_CELLS_MAX 20000u
/** Most repetitions of a cell. */
#define GS_SWEEP_REPEAT_MAX 1000000u
/** What a sweep does unless told otherwise. */
#define GS_SWEEP_REPEAT 20u
#define GS_SWEEP_REPEAT_MOST 1000u

typedef enum {
  GS_AXIS_SCENARIO, /**< values are scenarios */
  GS_AXIS_TOPOLOGY, /**< values are families of graphs, with parameters or without, or files */
  GS_AXIS_NODES,    /**< values are numbers of nodes, for any family */
  GS_AXIS_SEED,     /**< values are first seeds */
  GS_AXIS_PATH,     /**< values go to a scalar of the scenario */
} GsAxisKind;

typedef struct {
  char *text;     /**< as it is shown and named: "ring", "8", "1ms" */
  char *value;    /**< what an override sets: the same, or JSON */
  bool is_number; /**< then the text is one, or a percentage */
  double number;
  GsTopologyKind topology; /**< GS_AXIS_TOPOLOGY; GS_TOPOLOGY_FILE: a graph file */
  GPtrArray *members;      /**< GS_AXIS_TOPOLOGY: pairs of parameter and value (char *), or NULL */
  bool of_files_only;      /**< GS_AXIS_NODES: not asked for, but some graph file has as many */
  uint32_t file_nodes;     /**< GS_TOPOLOGY_FILE, with an axis of nodes: how many it has */
} GsAxisValue;

typedef struct {
  GsAxisKind kind;
  char *path;        /**< "topology", "nodes", "network.latency" */
  GPtrArray *values; /**< of GsAxisValue */
} GsAxis;

/** A scenario that cells are made from. */
typedef struct {
  char *source; /**< names it in messages; graph files are looked for beside it */
  char *name;   /**< as a value of the axis "scenario" */
  char *text;
  gsize length;
  GPtrArray *inputs; /**< of GsInputFile: what its cells are known to read besides it */
} GsSweepBase;

typedef struct {
  char *name, *about;
  GPtrArray *bases;     /**< of GsSweepBase; one unless there is an axis "scenario" */
  GPtrArray *axes;      /**< of GsAxis, the first varies slowest */
  GPtrArray *overrides; /**< pairs of path and value (char *): what is the same in all cells */
  uint64_t seed;        /**< of repetition 0 */
  uint32_t repeat;
  bool repeat_given;    /**< else cells in which nothing is drawn are run once */
  double precision;     /**< repeats until an interval is that narrow, relative; 0: does not */
  uint32_t repeat_most; /**< … or this often */
  char *sort;           /**< a metric's key; NULL: not said */
  bool no_files;        /**< a sweep that is read may not name files */
  GsInputFiles *files;  /**< what its scenarios read: once, so that all runs see the same */

  GArray *cells; /**< of uint32_t: an index into each axis's values, cell after cell */
  uint32_t cell_count;
  GPtrArray *listed; /**< rows of cells that a file lists; NULL: all combinations of values */
} GsSweep;

/** No base, axes or cells yet. */
GsSweep *gs_sweep_new(void);
/** NULL is fine. */
void gs_sweep_free(GsSweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsSweep, gs_sweep_free)

/** Adds a scenario; takes `text`. */
void gs_sweep_add_base(GsSweep *sweep, const char *source, char *text, gsize length);
/** Reads a scenario file and adds it. Errors as gs_scenario_load. */
bool gs_sweep_add_file(GsSweep *sweep, const char *path, GError **error);
/** What a scenario calls so, or NULL. */
const GsInputFile *gs_sweep_base_input(const GsSweepBase *base, const char *named);
/** What is the same in all cells. */
void gs_sweep_set(GsSweep *sweep, const char *path, const char *value);

/** The axis of that path, added if it is not there yet. */
GsAxis *gs_sweep_axis(GsSweep *sweep, const char *path);
GsAxis *gs_sweep_find_axis(const GsSweep *sweep, GsAxisKind kind);
/**
 * Adds a value: `text` as shown, `value` as an override sets it. Errors
 * (GS_ERROR_INPUT) say what is wrong with the value, without a place: not a
 * family, not a number of nodes, twice the same.
 */
bool gs_axis_add(GsAxis *axis, const char *text, const char *value, GError **error);
/** Of a value that is in no axis. */
void gs_axis_value_free(gpointer value);
/** Gives the topology added last a parameter; it becomes part of its name. */
void gs_axis_add_member(GsAxis *axis, const char *name, const char *text, const char *value);

/**
 * Fills in what was not said (the built-in scenario, numbers of nodes) and
 * makes the cells. Errors: an axis without values, too many cells.
 */
bool gs_sweep_finish(GsSweep *sweep, GError **error);

/**
 * All cells of both: those that are `asked` for first, as they stand, then the others from `before`
 * (NULL: none), which has the same axes, seed and overrides. Errors: GS_ERROR_LIMIT.
 */
GsSweep *gs_sweep_union(const GsSweep *asked, const GsSweep *before, GError **error);

/** The value of a cell on an axis. */
const GsAxisValue *gs_sweep_value(const GsSweep *sweep, uint32_t cell, uint32_t axis);
/** "topology=ring,nodes=8": names a cell, in every order of the values; free with g_free. */
char *gs_sweep_key(const GsSweep *sweep, uint32_t cell);
#define GS_NO_AXIS G_MAXUINT
/** "ring 8, latency 1ms", for people, without one axis or GS_NO_AXIS; free with g_free. */
char *gs_sweep_label(const GsSweep *sweep, uint32_t cell, guint left_out);
/** The seed of a repetition. */
uint64_t gs_sweep_seed(const GsSweep *sweep, uint32_t cell, uint32_t repetition);
/**
 * The scenario of a run. Errors as gs_scenario_parse; GS_ERROR_IMPOSSIBLE when
 * there is no such graph. Thread-safe: the sweep is only read.
 */
GsScenario *gs_sweep_scenario(const GsSweep *sweep, uint32_t cell, uint32_t repetition,
                              GError **error);
/**
 * The cell as a scenario file that gives repetition 0; others with --seed. Free with g_free. It
 * names files as gs_sweep_keep_files() does, seen from `inputs_at` ("../inputs"); NULL: as its base
 * does.
 */
char *gs_sweep_scenario_text(const GsSweep *sweep, uint32_t cell, const char *inputs_at,
                             GError **error);

/** What every run does unless a scenario is given. */
extern const char gs_sweep_builtin[];
/** In words, without its network. */
extern const char gs_sweep_builtin_words[];

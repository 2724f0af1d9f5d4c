/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/scenario/read_util.h"

/**
 * The readers of a scenario's parts, in the order in which they need each
 * other. Each fills in its part of reader->scenario; a part that is absent
 * (NULL) leaves the defaults.
 */

bool gs_read_network(GsReader *reader, const GsJson *value);
/** How likely something is: a number from 0 to 1, or a percentage. */
bool gs_read_probability(GsReader *reader, const GsJson *value, double *out);
/** How often a network tries to deliver a message. */
bool gs_read_transport(GsReader *reader, const GsJson *value);
/** The `messages` that a network names (the value may be NULL); after nodes, links and schedule. */
bool gs_read_pinned(GsReader *reader, const GsJson *network);
bool gs_read_pace(GsReader *reader, const GsJson *value);
bool gs_read_recovery(GsReader *reader, const GsJson *value);
/** What holds where its nodes are served and it says nothing; when it is known how many they are.
 */
bool gs_read_recovery_served(GsReader *reader);
/** A latency, or a jitter (where a plain duration means evenly from 0 to it). */
bool gs_read_delay(GsReader *reader, const GsJson *value, bool jitter, GsDistribution *out);

bool gs_read_nodes(GsReader *reader, const GsJson *value);
/** Nodes and links of a generated graph or of a graph file. */
bool gs_read_topology(GsReader *reader, const GsJson *value);
/**
 * What a graph file says besides its nodes and links, which are taken: places, energies and
 * latencies; what cannot be used, or is not, is a warning at `value`. False: energies need another
 * unit than the scenario's.
 */
bool gs_read_graph(GsReader *reader, const GsJson *value, GsGraph *graph);
/** What the scenario has from a graph file besides nodes and links. */
typedef struct {
  bool production, consumption, latencies;
  const char *file_unit; /**< of these energies in the file, as GsGraph */
} GsTaken;

/**
 * Takes what the file says that nodes produce and consume, unless the scenario says it: exactly, in
 * the scenario's unit; where it names none, in the largest in which all are whole. What is not used
 * or rounded is a warning at `value`. False: they are not whole in the unit that it names.
 */
bool gs_read_graph_energies(GsReader *reader, const GsJson *value, const GsGraph *graph,
                            GsTaken *taken);
/**
 * Reads the graph file that the topology `value` names, and what else it says of how to read it;
 * NULL: the reader has the error. The graph is freed with gs_graph_free.
 */
GsGraph *gs_read_graph_file(GsReader *reader, const GsJson *value);
/** The same of the tables of a network that the topology `value` names. */
GsGraph *gs_read_pypsa(GsReader *reader, const GsJson *value);
/** Reads the file at `path`, which `value` names, and notes that it was; `member` is static. */
GBytes *gs_read_input(GsReader *reader, const GsJson *value, const char *member, const char *path);
/** The graph that was made of files, called `name` in facts; NULL: there is a problem. */
GsGraph *gs_read_imported(GsReader *reader, const GsJson *value, const char *name, GsGraph *graph,
                          const GError *problem);
/** Places of nodes that are listed, while they are read. */
typedef struct {
  bool on_earth;
  double *x, *y; /**< NULL: none has been found yet */
} GsReadPlaces;

/** The place of a node, if it says one. */
bool gs_read_place(GsReader *reader, const GsJson *node, uint32_t index, GsReadPlaces *places);
/** Gives them to the scenario, if there are any; they are used up. */
void gs_read_places_finish(GsReader *reader, const GsJson *value, GsReadPlaces *places);
/** Makes room for so many nodes and their names, with ids from 1. */
void gs_reader_make_nodes(GsReader *reader, uint32_t count);
/**
 * Gives node `index` its name (copied) and enters it in the table of names; the
 * error that it cannot be had stands at `value`.
 */
bool gs_reader_name_node(GsReader *reader, const GsJson *value, uint32_t index, const char *name);
/** What an object says of a link, with the scenario's where it does not; `said`: it says something.
 */
bool gs_read_link_network(GsReader *reader, const GsJson *object, GsLinkNetwork *out, bool *said);
/** The members of an object that gs_read_link_network reads. */
#define GS_LINK_NETWORK_MEMBERS "latency", "jitter", "loss", "duplicate"
bool gs_read_links(GsReader *reader, const GsJson *value);
/** The last handshake must be within GS_TIME_MAX_NS. */
bool gs_read_handshake(GsReader *reader, const GsJson *value);

/** The energies at the start, on top of those of the nodes. */
bool gs_read_start_energies(GsReader *reader, const GsJson *value);
/** An energy of a schedule entry, or of the start (which knows no ramp). */
bool gs_read_energy(GsReader *reader, const GsJson *value, bool ramp_allowed, GsScheduleValue *out);

/**
 * Whether no sum of energies can ever be too large (GsScenarioLimits.max_energy_sum): those at the
 * start, and with them what the schedule can set, entry by entry as they are read: of entries for
 * all nodes the largest energy counts once for each node, those for some nodes are added up. The
 * error stands at what says the energies of the start, or at the entry.
 */
bool gs_check_start_energy_sums(GsReader *reader, const GsJson *root);
bool gs_check_entry_energy_sums(GsReader *reader, const GsJson *value,
                                const GsScheduleEntry *entry);

/** Entries of `schedule`, then those of `faults`, which come by chance. */
bool gs_read_schedule(GsReader *reader, const GsJson *value, const GsJson *faults);
bool gs_read_expect(GsReader *reader, const GsJson *value);
/** Warns where numbers of messages are expected that chance decides about; true. After all else. */
bool gs_check_expected_messages(GsReader *reader, const GsJson *root);

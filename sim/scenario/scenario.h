/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/node.h"
#include "core/recovery.h"
#include "sim/base/distribution.h"
#include "sim/base/index_table.h"
#include "sim/base/time.h"
#include "sim/scenario/check_names.h"
#include "sim/scenario/input_files.h"
#include "sim/scenario/warning.h"
#include "sim/topology/topology.h"

/**
 * A scenario as read: nodes, links, network, pace, schedule, expectations.
 * Times are int64_t nanoseconds of simulated time. Immutable once loaded, and
 * then free to be shared between threads and runs. Its JSON form is described
 * in scenarios/README.md and scenarios/scenario.schema.json.
 */

/** The pace of the original, with its lateness: docs/PROTOCOL.md. */
#define GS_PACE_ORIGINAL_RECEIVE_NS (1002 * GS_SECOND_NS / 1000)
#define GS_PACE_ORIGINAL_SEND_NS (2010 * GS_SECOND_NS / 1000)
/** What a message takes where a scenario says nothing of it. */
#define GS_LATENCY_USUAL_NS (GS_SECOND_NS / 1000)
/** When a message is tried again where a scenario says nothing of it. */
#define GS_RETRY_AFTER_USUAL_NS (GS_SECOND_NS / 5)

typedef struct {
  union {
    GsIdentity identity;
    struct {
      int64_t id;
      const char *name; /**< inside the scenario's names */
    };
  };
  int64_t production, consumption; /**< at the start */
  char *http;                      /**< "host:port" to expose it at, or NULL */
} GsScenarioNode;

/** A link: between nodes (counted from 0) a and b; a < b for those of GsScenario.links. */
typedef GsEdge GsScenarioLink;

/** What a link says about itself instead of what the scenario says of all; in ns. */
typedef struct {
  GsDistribution latency, jitter;
  double loss, duplicate; /**< probabilities, per try of a message and per message */
} GsLinkNetwork;

/** A link of GsScenario.links that says something about itself; most say nothing. */
typedef struct {
  uint32_t link; /**< its index */
  GsLinkNetwork network;
} GsOwnNetwork;

typedef enum {
  GS_DO_UPDATE_ENERGY,
  GS_DO_ADD_SIBLING,
  GS_DO_SYNC_GRID,
  GS_DO_UPDATE_NET,
  /* Faults: nodes are told nothing. */
  GS_DO_CRASH,
  GS_DO_RESTART,
  GS_DO_PAUSE,
  GS_DO_RESUME,
  GS_DO_LEAVE,
  GS_DO_SLOW,
  GS_DO_CUT,
  GS_DO_PARTITION,
  GS_DO_HEAL,
  GS_DO_DEGRADE,
} GsScheduleKind;
#define GS_SCHEDULE_KINDS (GS_DO_DEGRADE + 1)

/** Whether it is something that goes wrong, or is right again. */
static inline bool gs_schedule_kind_is_fault(GsScheduleKind kind) {
  return kind >= GS_DO_CRASH;
}
/** Whether something goes wrong with it; with other faults something is right again. */
static inline bool gs_schedule_kind_goes_wrong(GsScheduleKind kind) {
  return gs_schedule_kind_is_fault(kind) && kind != GS_DO_RESTART && kind != GS_DO_RESUME &&
         kind != GS_DO_HEAL;
}

/** Group of a node that a partition leaves alone. */
#define GS_GROUP_NONE UINT32_MAX

/** What a fault says besides its moments and nodes. */
typedef struct {
  GsKeeps keeps;         /**< GS_DO_CRASH */
  double slow_by;        /**< GS_DO_SLOW: at least 1 */
  bool one_way;          /**< GS_DO_CUT: from a to b alone */
  bool all_links;        /**< cut, heal, degrade: "*" */
  GsScenarioLink *links; /**< … otherwise of these (heal: or of the entry's nodes), as written */
  uint32_t link_count;
  uint32_t *group_of;   /**< GS_DO_PARTITION: of each node; NULL: drawn at each occurrence */
  uint32_t group_count; /**< … */
  double loss;          /**< GS_DO_DEGRADE; -1: not said */
  int64_t latency_ns;   /**< GS_DO_DEGRADE; -1: not said */
  bool passes;          /**< it is over by itself … */
  GsDistribution lasts; /**< … after so long */
  int64_t mean_gap_ns;  /**< of `faults`: comes by chance; 0: of the schedule */
  uint32_t drawn_count; /**< by chance: so many nodes or links, drawn at each occurrence; 0: none */
} GsFault;

/** The value of an energy at a repetition of a schedule entry. */
typedef struct {
  bool given;
  bool ramp; /**< linear from the distribution's a to its b over the repetitions */
  GsDistribution distribution;
} GsScheduleValue;

/** What a scenario says of recovery. */
typedef enum {
  GS_RECOVERY_UNSAID, /**< what holds depends on what else it says, and on who runs it */
  GS_RECOVERY_NONE,
  GS_RECOVERY_RULES,
} GsRecoverySaid;

/** Why nodes have the rules of recovery that they have, or none. */
typedef enum {
  GS_RECOVERY_AS_SET,     /**< the scenario, or who runs it, says so */
  GS_RECOVERY_AS_SERVED,  /**< nothing is said, and its nodes are served: the standard ones */
  GS_RECOVERY_FOR_FAULTS, /**< … and it has faults: the standard ones */
  GS_RECOVERY_FOR_LOSS,   /**< … no faults, and it may lose messages: the standard ones */
  GS_RECOVERY_NOT_NEEDED, /**< … and none of these: none */
} GsRecoveryReason;

/** Most tries of a message. */
#define GS_TRIES_MAX 16u

/** What a message meets that the scenario names. */
typedef struct {
  uint32_t from, to;
  uint64_t number;    /**< of those from `from` to `to`, from 1 */
  int64_t latency_ns; /**< what it takes, and it is not lost by chance; -1: it is lost */
  int64_t double_ns;  /**< what its double takes; -1: chance says whether it has one */
} GsPinnedMessage;

/** What a schedule entry expects of each of its occurrences; absent members are -1. */
typedef struct {
  int64_t messages;            /**< messages between nodes that it causes */
  int64_t converged_within_ns; /**< after its moment */
} GsScheduleExpect;

typedef struct {
  int64_t at_ns;
  int64_t every_ns; /**< 0: once */
  /** Last moment of a repetition (included); GS_TIME_NEVER: the run's `until`, or not repeated. */
  int64_t until_ns;
  GsScheduleKind kind;
  bool all;        /**< "*": every node, in order */
  bool drawn;      /**< the nodes were drawn from the seed */
  uint32_t *nodes; /**< unless all: these, all different */
  uint32_t node_count;
  GsScheduleValue production, consumption; /**< GS_DO_UPDATE_ENERGY */
  GsScenarioLink link;                     /**< GS_DO_ADD_SIBLING: a is told to add b, a != b */
  GsLinkNetwork *own_network;              /**< of that link from at_ns on; NULL: nothing new */
  GsFault *fault;                          /**< NULL: it is a message */
  GsScheduleExpect expect;
} GsScheduleEntry;

/** An expectation of a number of messages. */
typedef struct {
  char *key; /**< "total", "tell", "ask", "response", or a message type's name */
  uint64_t count;
} GsExpectMessages;

typedef struct {
  int8_t converged;            /**< -1: not said; 0 false; 1 true */
  int64_t converged_within_ns; /**< -1: not said: last time of convergence, from the start */
  /** -1: not said: of the checks in-sync and rest, how long after the last disturbance. */
  int64_t within_ns;
  bool gridnet_all_given;
  int64_t gridnet_all;
  GArray *gridnets; /**< of {uint32_t node; int64_t value} GsExpectGridnet */
  GArray *messages; /**< of GsExpectMessages */
  GsCheckSet checks;
} GsScenarioExpect;

typedef struct {
  uint32_t node;
  int64_t value;
} GsExpectGridnet;

typedef struct {
  char *source; /**< file name, for messages */
  char *set; /**< "network.latency=10ms, …": what overrides changed but the seed; NULL: nothing */
  char *name, *about, *unit;
  char *token; /**< that requests must carry when served so; NULL: none */
  uint64_t seed;

  uint32_t node_count;
  GsScenarioNode *nodes;
  GStringChunk *names;
  bool numbered;             /**< the names are N1, N2, …: there is no table of them */
  GsIndexTable node_by_name; /**< see gs_scenario_find_node */
  uint32_t link_count;
  GsScenarioLink *links; /**< there from the start, or made from handshake_at_ns on */
  GArray *own_networks;  /**< of GsOwnNetwork, in the order of the links */
  bool handshake;        /**< links are made by AddSibling, one each handshake_every_ns */
  int64_t handshake_at_ns, handshake_every_ns;
  char *topology; /**< one line about where the graph comes from; NULL: listed in the scenario */
  /** What made the graph; GS_TOPOLOGY_FILE where it is listed or comes from a file. */
  GsTopologyKind topology_kind;
  uint32_t topology_columns; /**< of a lattice; else 0 */
  bool energies_drawn;       /**< some energies at the start were drawn from the seed */
  GsPlaces *places;          /**< where the graph file says that its nodes are, or NULL */
  bool cold;                 /**< gridnets start at 0 instead of settled (at their true values) */

  GsDistribution latency, jitter; /**< of links that say nothing themselves, in ns */
  double loss, duplicate;         /**< of links that say nothing themselves */
  uint32_t tries;                 /**< of each message, from 1 */
  int64_t retry_after_ns;         /**< from one try to the next */
  GArray *pinned;                 /**< of GsPinnedMessage, by from, to and number */
  bool fifo;
  int64_t receive_every_ns, send_every_ns; /**< pace; both 0: none */
  bool paced_from_start; /**< tickers start at time 0, not at a moment before it */

  GsProtocol protocol;
  GsSync sync;
  GsRecoverySaid recovery_said;
  GsRecoveryRules recovery;        /**< gs_scenario_recovery() knows whether they hold */
  GsRecoveryRules recovery_served; /**< those of served nodes of which it says nothing */
  int64_t until_ns;                /**< GS_TIME_NEVER: until nothing is left to happen */

  uint32_t schedule_count;
  GsScheduleEntry *schedule; /**< in the file's order; then the entries of `faults` */
  uint32_t listed_count;     /**< so many of them are of `schedule` */
  bool has_faults;           /**< some of them are faults */
  bool may_lose;             /**< gs_scenario_may_lose(), once it is read */
  GsScenarioExpect expect;
  GPtrArray *warnings; /**< of GsWarning: what is legal but perhaps unwanted */

  GPtrArray *inputs; /**< of GsInputFile: what it read besides itself */
  /** Its text before overrides, to be embedded; NULL: larger than GS_INPUT_KEPT_BYTES_MAX, or read
   * with files that are shared: who shares them has the text. */
  GBytes *text;
  GPtrArray *overrides; /**< of what was read so: pairs of path and value (char *, may be NULL) */
} GsScenario;

/** What a scenario may ask for, so that text from anywhere can be read. */
typedef struct {
  uint64_t max_bytes; /**< of the text */
  uint32_t max_nodes;
  uint32_t max_links; /**< listed, generated or from a graph file */
  /** That the productions, or the consumptions, of all nodes may add up to, as far as energies can
   * be so large at all (GS_ENERGY_MAX a node). */
  int64_t max_energy_sum;
  /** Lists of nodes, of links and the schedule are read one element at a time when their text has
   * at least so many bytes: the scenario is the same, in less memory. */
  uint64_t long_bytes;
  bool no_files;       /**< a topology may not name a graph file */
  GsInputFiles *files; /**< where files are read; NULL: from the disk */
} GsScenarioLimits;
/** GS_SCENARIO_BYTES_MAX, GS_NODES_MAX, GS_GRAPH_LINKS_MAX, GS_ENERGY_SUM_MAX, 64 KiB, graph files
 * allowed. */
extern const GsScenarioLimits gs_scenario_default_limits;

/** One `--set path=value`; a NULL value takes what is at the path out. */
typedef struct {
  const char *path, *value;
} GsOverride;

/**
 * Reads and validates a scenario file, with overrides applied. Errors
 * (GS_ERROR_INPUT, GS_ERROR_LIMIT, GS_ERROR_SYSTEM) are one line with
 * file:line:column and JSON pointer where there is one. A graph file is looked
 * for beside the scenario file. "-" is standard input, see gs_source_read().
 */
GsScenario *gs_scenario_load(const char *path, const GsOverride *overrides, guint override_count,
                             GError **error);
/** The same from memory; `source` names it and its folder is where graph files are looked for. */
GsScenario *gs_scenario_parse(const char *text, gsize length, const char *source,
                              const GsOverride *overrides, guint override_count, GError **error);
/** The same with other limits. */
GsScenario *gs_scenario_parse_within(const GsScenarioLimits *limits, const char *text, gsize length,
                                     const char *source, const GsOverride *overrides,
                                     guint override_count, GError **error);
/** NULL is fine. */
void gs_scenario_free(GsScenario *scenario);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GsScenario, gs_scenario_free)

/** A served grid of which the scenario says nothing looks again with one node in so long, at most:
 * 60 s for a hundred nodes, ten minutes for a thousand. */
#define GS_SERVED_RESYNC_NS_PER_NODE INT64_C(600000000)
/** The rules of recovery that its nodes have (borrowed), or NULL: none; `served`: on the wire,
 * where they have the standard ones when it says nothing. */
const GsRecoveryRules *gs_scenario_recovery(const GsScenario *scenario, bool served);
/** Why it is these, or none. O(1). */
GsRecoveryReason gs_scenario_recovery_reason(const GsScenario *scenario, bool served);

/** As a scenario has them, "auto" or "500ms" and "never" or "1min"; free with g_free. */
char *gs_recovery_limit_text(const GsRecoveryRules *rules);
char *gs_recovery_resync_text(const GsRecoveryRules *rules);
/** What holds on links that say nothing themselves. */
GsLinkNetwork gs_scenario_link_network(const GsScenario *scenario);

/** Index of a node by name; false when there is none. O(1). */
bool gs_scenario_find_node(const GsScenario *scenario, const char *name, uint32_t *node);

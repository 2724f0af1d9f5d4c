/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/topology.h"

#include "sim/topology/generate.h"

/** GS_TOPOLOGY_FILE comes last and is nothing that can be generated: there the list ends. */
const char *const gs_topology_kind_names[] = {
    [GS_TOPOLOGY_LINE] = "line",
    [GS_TOPOLOGY_RING] = "ring",
    [GS_TOPOLOGY_STAR] = "star",
    [GS_TOPOLOGY_TREE] = "tree",
    [GS_TOPOLOGY_LATTICE] = "lattice",
    [GS_TOPOLOGY_COMPLETE] = "complete",
    [GS_TOPOLOGY_ERDOS_RENYI] = "erdos-renyi",
    [GS_TOPOLOGY_BARABASI_ALBERT] = "barabasi-albert",
    [GS_TOPOLOGY_WATTS_STROGATZ] = "watts-strogatz",
    [GS_TOPOLOGY_RANDOM_REGULAR] = "random-regular",
    [GS_TOPOLOGY_GEOMETRIC] = "geometric",
    [GS_TOPOLOGY_FILE] = NULL,
};

static void append_number(GString *text, const char *name, double value) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf(text, ", %s=%s", name,
                         g_ascii_formatd(digits, sizeof digits, "%.15g", value));
}

char *gs_topology_describe(const GsTopologySpec *spec) {
  g_assert(spec->kind != GS_TOPOLOGY_FILE);
  GString *text = g_string_new(gs_topology_kind_names[spec->kind]);
  guint64 nodes =
      spec->kind == GS_TOPOLOGY_LATTICE ? (guint64)spec->rows * spec->columns : spec->nodes;
  g_string_append_printf(text, ", %" G_GUINT64_FORMAT " node%s", nodes, nodes == 1 ? "" : "s");
  switch (spec->kind) {
  case GS_TOPOLOGY_TREE:
    append_number(text, "arity", spec->arity);
    break;
  case GS_TOPOLOGY_LATTICE:
    g_string_append_printf(text, ", %u\u00d7%u%s", spec->rows, spec->columns,
                           spec->torus ? ", torus" : "");
    break;
  case GS_TOPOLOGY_ERDOS_RENYI:
    append_number(text, spec->links ? "links" : "p", spec->links ? spec->links : spec->p);
    break;
  case GS_TOPOLOGY_BARABASI_ALBERT:
    append_number(text, "m", spec->m);
    break;
  case GS_TOPOLOGY_WATTS_STROGATZ:
    append_number(text, "k", spec->k);
    append_number(text, "p", spec->p);
    break;
  case GS_TOPOLOGY_RANDOM_REGULAR:
    append_number(text, "k", spec->k);
    break;
  case GS_TOPOLOGY_GEOMETRIC:
    append_number(text, "radius", spec->radius);
    break;
  default:
    break;
  }
  return g_string_free(text, FALSE);
}

GsGraph *gs_topology_make(const GsTopologySpec *spec, GError **error) {
  g_assert(spec->kind != GS_TOPOLOGY_FILE);
  return gs_generate(spec, error);
}

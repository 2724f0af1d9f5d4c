/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/family.h"

#include <math.h>
#include <string.h>

#include "core/json/json.h"
#include "sim/base/quote.h"

/** What families are called elsewhere, in lower case and without blanks, - and _. */
static const struct {
  const char *name, *meant;
} synonyms[] = {
    {"path", "\"line\""},
    {"chain", "\"line\""},
    {"bus", "\"line\""},
    {"linear", "\"line\""},
    {"cycle", "\"ring\""},
    {"circle", "\"ring\""},
    {"loop", "\"ring\""},
    {"circular", "\"ring\""},
    {"hub", "\"star\""},
    {"wheel", "\"star\" or \"ring\""},
    {"binary", "\"tree\""},
    {"binarytree", "\"tree\""},
    {"kary", "\"tree\""},
    {"hierarchy", "\"tree\""},
    {"grid", "\"lattice\""},
    {"grid2d", "\"lattice\""},
    {"square", "\"lattice\""},
    {"torus", "\"lattice\" with \"torus\": true"},
    {"mesh", "\"lattice\" or \"complete\""},
    {"full", "\"complete\""},
    {"fullmesh", "\"complete\""},
    {"fullyconnected", "\"complete\""},
    {"clique", "\"complete\""},
    {"alltoall", "\"complete\""},
    {"random", "\"erdos-renyi\""},
    {"randomgraph", "\"erdos-renyi\""},
    {"gnp", "\"erdos-renyi\""},
    {"gnm", "\"erdos-renyi\""},
    {"er", "\"erdos-renyi\""},
    {"erdos", "\"erdos-renyi\""},
    {"gilbert", "\"erdos-renyi\""},
    {"scalefree", "\"barabasi-albert\""},
    {"barabasi", "\"barabasi-albert\""},
    {"ba", "\"barabasi-albert\""},
    {"powerlaw", "\"barabasi-albert\""},
    {"preferentialattachment", "\"barabasi-albert\""},
    {"smallworld", "\"watts-strogatz\""},
    {"watts", "\"watts-strogatz\""},
    {"ws", "\"watts-strogatz\""},
    {"regular", "\"random-regular\""},
    {"kregular", "\"random-regular\""},
    {"dregular", "\"random-regular\""},
    {"cubic", "\"random-regular\""},
    {"randomgeometric", "\"geometric\""},
    {"rgg", "\"geometric\""},
    {"unitdisk", "\"geometric\""},
    {"spatial", "\"geometric\""},
};

/** Digits of a default: what C libraries differ in comes later. */
static double rounded(double value) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_strtod(g_ascii_formatd(digits, sizeof digits, "%.6g", value), NULL);
}

/** Rows of the lattice of so many nodes that is nearest to a square. */
static uint32_t rows_for(uint32_t nodes) {
  uint32_t rows = (uint32_t)sqrt((double)nodes);
  while (rows > 1 && nodes % rows != 0)
    rows--;
  return MAX(rows, 1);
}

GsTopologySpec gs_family_defaults(GsTopologyKind kind, uint32_t nodes) {
  GsTopologySpec spec = {.kind = kind, .nodes = nodes};
  double least = MAX(nodes, 2), spread = log(least) / least;
  switch (kind) {
  case GS_TOPOLOGY_TREE:
    spec.arity = 2;
    break;
  case GS_TOPOLOGY_LATTICE:
    spec.rows = rows_for(nodes);
    spec.columns = nodes / spec.rows;
    break;
  case GS_TOPOLOGY_ERDOS_RENYI:
    spec.p = rounded(MIN(1, 2 * spread));
    break;
  case GS_TOPOLOGY_BARABASI_ALBERT:
    spec.m = 2;
    break;
  case GS_TOPOLOGY_WATTS_STROGATZ:
    spec.k = 4;
    spec.p = 0.1;
    break;
  case GS_TOPOLOGY_RANDOM_REGULAR:
    spec.k = 3;
    break;
  case GS_TOPOLOGY_GEOMETRIC:
    /* Farther than the diagonal of the square no nodes are from each other. */
    spec.radius = rounded(MIN(G_SQRT2, sqrt(3 * spread / G_PI)));
    break;
  default:
    break;
  }
  return spec;
}

bool gs_family_find(const char *name, GsTopologyKind *kind) {
  for (int i = 0; gs_topology_kind_names[i]; i++)
    if (g_str_equal(gs_topology_kind_names[i], name)) {
      *kind = (GsTopologyKind)i;
      return true;
    }
  return false;
}

char *gs_family_meant(const char *name) {
  g_autofree char *plain = g_ascii_strdown(name, -1), *lower = g_strdup(plain);
  char *to = plain;
  for (const char *at = plain; *at; at++)
    if (!strchr(" \t-_", *at))
      *to++ = *at;
  *to = '\0';
  for (guint i = 0; i < G_N_ELEMENTS(synonyms); i++)
    if (g_str_equal(synonyms[i].name, plain))
      return g_strdup(synonyms[i].meant);
  const char *nearest = gs_nearest_word(g_strstrip(lower), gs_topology_kind_names);
  return nearest ? g_strdup_printf("\"%s\"", nearest) : NULL;
}

char *gs_family_list(void) {
  return gs_quote_words(gs_topology_kind_names, " or ");
}

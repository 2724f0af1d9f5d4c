/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/topology/spectrum.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/** Up to here the dense way is the faster one. */
#define DENSE_FIRST 48
#define ROUNDS_MAX 250
/** Where the dense way is left, iteration is not worth as long. */
#define ROUNDS_BEFORE_DENSE 40
#define TOLERANCE 1e-10

/** Those of which it is known, and which iteration would be slow or wasteful for; else NaN. */
static double closed_form(const GsAdjacency *adjacency) {
  uint32_t nodes = adjacency->nodes, links = adjacency->starts[nodes] / 2;
  uint32_t min = UINT32_MAX, max = 0;
  for (uint32_t i = 0; i < nodes; i++) {
    uint32_t degree = gs_adjacency_degree(adjacency, i);
    min = MIN(min, degree);
    max = MAX(max, degree);
  }
  if (min == nodes - 1) /* complete */
    return nodes;
  if (links == nodes - 1 && max == nodes - 1) /* star */
    return 1;
  /* 2 − 2 cos x, without the loss of digits: line and ring. */
  if (max == 2) {
    double half = sin(min == 1 ? G_PI / (2.0 * nodes) : G_PI / nodes);
    return 4 * half * half;
  }
  return NAN;
}

static igraph_error_t dense(const GsAdjacency *adjacency, double *value) {
  igraph_integer_t nodes = adjacency->nodes;
  igraph_matrix_t laplacian;
  igraph_vector_t values;
  igraph_error_t result = igraph_matrix_init(&laplacian, nodes, nodes);
  if (result != IGRAPH_SUCCESS)
    return result;
  for (uint32_t i = 0; i < adjacency->nodes; i++) {
    MATRIX(laplacian, i, i) = gs_adjacency_degree(adjacency, i);
    for (uint32_t k = adjacency->starts[i]; k < adjacency->starts[i + 1]; k++)
      MATRIX(laplacian, i, adjacency->neighbours[k]) = -1;
  }
  result = igraph_vector_init(&values, 0);
  if (result == IGRAPH_SUCCESS) {
    result = igraph_lapack_dsyevr(&laplacian, IGRAPH_LAPACK_DSYEV_SELECT, 0, 0, 0, 2, 2, 0, &values,
                                  NULL, NULL);
    if (result == IGRAPH_SUCCESS)
      *value = VECTOR(values)[0];
    igraph_vector_destroy(&values);
  }
  igraph_matrix_destroy(&laplacian);
  return result;
}

/**
 * Lanczos' method with thick restarts, in which the basis stays orthogonal by
 * hand. ARPACK does the same, but keeps state from call to call, so that its
 * last digits depend on what was asked before.
 */
typedef struct {
  const GsAdjacency *adjacency;
  gsize nodes;
  double shift;              /**< where the eigenvalue 0 of the constant vector is moved to */
  igraph_integer_t size;     /**< vectors of a full basis */
  double *basis;             /**< size + 1 vectors */
  igraph_matrix_t projected; /**< the Laplacian as the basis sees it */
} Lanczos;

static double *vector_at(const Lanczos *lanczos, igraph_integer_t i) {
  return lanczos->basis + (gsize)i * lanczos->nodes;
}

static double product(const double *a, const double *b, gsize count) {
  double sum = 0;
  for (gsize i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

static void apply(const Lanczos *lanczos, const double *from, double *to) {
  const GsAdjacency *adjacency = lanczos->adjacency;
  double mean = 0;
  for (gsize i = 0; i < lanczos->nodes; i++)
    mean += from[i];
  mean *= lanczos->shift / (double)lanczos->nodes;
  for (gsize i = 0; i < lanczos->nodes; i++) {
    double sum = 0;
    for (uint32_t k = adjacency->starts[i]; k < adjacency->starts[i + 1]; k++)
      sum += from[i] - from[adjacency->neighbours[k]];
    to[i] = sum + mean;
  }
}

/** Makes a vector orthogonal to the first `count` of the basis and of length 1; its length before.
 */
static double orthonormalise(const Lanczos *lanczos, double *vector, igraph_integer_t count) {
  for (guint pass = 0; pass < 2; pass++) /* twice is enough */
    for (igraph_integer_t i = 0; i < count; i++) {
      const double *other = vector_at(lanczos, i);
      double share = product(other, vector, lanczos->nodes);
      for (gsize k = 0; k < lanczos->nodes; k++)
        vector[k] -= share * other[k];
    }
  double length = sqrt(product(vector, vector, lanczos->nodes));
  if (length > 0)
    for (gsize k = 0; k < lanczos->nodes; k++)
      vector[k] /= length;
  return length;
}

/** Fills the basis up from its vector `from` on; the length of what was left at the end. */
static double extend(Lanczos *lanczos, igraph_integer_t from) {
  double length = 0;
  for (igraph_integer_t i = from; i < lanczos->size; i++) {
    double *next = vector_at(lanczos, i + 1);
    apply(lanczos, vector_at(lanczos, i), next);
    for (igraph_integer_t k = 0; k <= i; k++)
      MATRIX(lanczos->projected, i, k) = MATRIX(lanczos->projected, k, i) =
          product(vector_at(lanczos, k), next, lanczos->nodes);
    length = orthonormalise(lanczos, next, i + 1);
    if (length < 1e-300) /* the basis holds all there is to find */
      memset(next, 0, lanczos->nodes * sizeof *next);
  }
  return length;
}

/** Keeps the best combinations of the basis, and what was left as the vector after them. */
static void restart(Lanczos *lanczos, const igraph_vector_t *values,
                    const igraph_matrix_t *combinations) {
  igraph_integer_t kept = igraph_vector_size(values);
  g_autofree double *row = g_new(double, kept);
  for (gsize k = 0; k < lanczos->nodes; k++) {
    memset(row, 0, (gsize)kept * sizeof *row);
    for (igraph_integer_t i = 0; i < lanczos->size; i++)
      for (igraph_integer_t j = 0; j < kept; j++)
        row[j] += vector_at(lanczos, i)[k] * MATRIX(*combinations, i, j);
    for (igraph_integer_t j = 0; j < kept; j++)
      vector_at(lanczos, j)[k] = row[j];
  }
  memcpy(vector_at(lanczos, kept), vector_at(lanczos, lanczos->size),
         lanczos->nodes * sizeof(double));
  igraph_matrix_null(&lanczos->projected);
  for (igraph_integer_t j = 0; j < kept; j++)
    MATRIX(lanczos->projected, j, j) = VECTOR(*values)[j];
}

/** The rounds of it; `*value` stays NaN where they do not converge. */
static igraph_error_t run_rounds(Lanczos *lanczos, int rounds, igraph_vector_t *values,
                                 igraph_matrix_t *combinations, double *value) {
  igraph_integer_t kept = 0;
  for (int round = 0; round < rounds; round++) {
    double left = extend(lanczos, kept);
    kept = lanczos->size / 2;
    igraph_error_t result = igraph_lapack_dsyevr(&lanczos->projected, IGRAPH_LAPACK_DSYEV_SELECT, 0,
                                                 0, 0, 1, (int)kept, 0, values, combinations, NULL);
    if (result != IGRAPH_SUCCESS)
      return result;
    double found = VECTOR(*values)[0];
    if (fabs(left * MATRIX(*combinations, lanczos->size - 1, 0)) <= TOLERANCE * found) {
      *value = found;
      return IGRAPH_SUCCESS;
    }
    restart(lanczos, values, combinations);
  }
  return IGRAPH_SUCCESS;
}

static igraph_error_t iterate(const GsAdjacency *adjacency, int rounds, double *value) {
  uint32_t nodes = adjacency->nodes, most = 0;
  for (uint32_t i = 0; i < nodes; i++)
    most = MAX(most, gs_adjacency_degree(adjacency, i));
  Lanczos lanczos = {.adjacency = adjacency, .nodes = nodes, .shift = 2.0 * most, .size = 40};
  igraph_vector_t values;
  igraph_matrix_t combinations;
  igraph_error_t result = igraph_matrix_init(&lanczos.projected, lanczos.size, lanczos.size);
  if (result != IGRAPH_SUCCESS)
    return result;
  result = igraph_vector_init(&values, 0);
  if (result == IGRAPH_SUCCESS) {
    result = igraph_matrix_init(&combinations, 0, 0);
    if (result == IGRAPH_SUCCESS) {
      lanczos.basis = g_new(double, ((gsize)lanczos.size + 1) * nodes);
      for (uint32_t i = 0; i < nodes; i++)
        lanczos.basis[i] = igraph_rng_get_unif(igraph_rng_default(), -1, 1);
      orthonormalise(&lanczos, lanczos.basis, 0);
      result = run_rounds(&lanczos, rounds, &values, &combinations, value);
      g_free(lanczos.basis);
      igraph_matrix_destroy(&combinations);
    }
    igraph_vector_destroy(&values);
  }
  igraph_matrix_destroy(&lanczos.projected);
  return result;
}

igraph_error_t gs_spectrum_connectivity(const GsAdjacency *adjacency, double *value) {
  uint32_t nodes = adjacency->nodes;
  *value = closed_form(adjacency);
  if (!isnan(*value))
    return IGRAPH_SUCCESS;
  if (nodes <= DENSE_FIRST)
    return dense(adjacency, value);
  if (nodes > GS_SPECTRUM_NODES_MAX || adjacency->starts[nodes] / 2 > GS_SPECTRUM_LINKS_MAX)
    return IGRAPH_SUCCESS;
  *value = NAN;
  bool small = nodes <= GS_SPECTRUM_DENSE_MAX;
  igraph_error_t result = iterate(adjacency, small ? ROUNDS_BEFORE_DENSE : ROUNDS_MAX, value);
  return result == IGRAPH_SUCCESS && isnan(*value) && small ? dense(adjacency, value) : result;
}

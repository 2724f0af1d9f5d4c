/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/explore/simpler.h"

#include <math.h>
#include <string.h>

#include "sim/base/duration.h"

static void free_tree(gpointer tree) {
  gs_tree_free(tree);
}

static void add_numbers(GPtrArray *simpler, double number) {
  static const double round_ones[] = {0, 1, 2, 5, 10, 20, 50, 100};
  for (guint i = 0; i < G_N_ELEMENTS(round_ones); i++)
    if (round_ones[i] < number)
      g_ptr_array_add(simpler, gs_tree_number(round_ones[i]));
}

/** How hard it is to read: digits first, then how long it is. */
static guint digits(const char *text) {
  guint count = 0;
  for (; *text; text++)
    count += g_ascii_isdigit(*text) && *text != '0';
  return count;
}

static void add_duration(GPtrArray *simpler, const char *now, int64_t now_ns, int64_t ns) {
  g_autofree char *text = gs_duration_format(ns);
  bool is_rounder = digits(text) < digits(now) || (digits(text) == digits(now) && ns < now_ns) ||
                    (ns == now_ns && strlen(text) < strlen(now));
  if (is_rounder)
    g_ptr_array_add(simpler, gs_tree_string(text));
}

static void add_durations(GPtrArray *simpler, const char *now, int64_t now_ns) {
  static const int64_t round_ones[] = {0, 1000000, 10000000, 100000000, 1000000000};
  for (guint i = 0; i < G_N_ELEMENTS(round_ones); i++)
    if (round_ones[i] < now_ns)
      add_duration(simpler, now, now_ns, round_ones[i]);
  for (int64_t step = INT64_C(1000000000); step >= 1000; step /= 10) {
    add_duration(simpler, now, now_ns, now_ns / step * step);
    add_duration(simpler, now, now_ns, (now_ns + step / 2) / step * step);
  }
}

GPtrArray *gs_simpler_values(const GsTree *scalar) {
  GPtrArray *simpler = g_ptr_array_new_with_free_func(free_tree);
  int64_t ns;
  if (scalar->type == GS_JSON_NUMBER)
    add_numbers(simpler, scalar->number);
  else if (scalar->type == GS_JSON_STRING && gs_duration_parse(scalar->text, &ns, NULL))
    add_durations(simpler, scalar->text, ns);
  return simpler;
}

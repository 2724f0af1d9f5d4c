/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/run/trace_buffer.h"

#define LOGS 5
#define NODES 40

/** What was told: in how many parts, and each record by its value. */
typedef struct {
  GArray *values; /**< of int64_t */
  guint parts;
  int64_t last_ns; /**< of the part before */
  uint32_t last_node;
} Told;

static void take_part(const GsTraceRecord *records, uint32_t count, void *data) {
  Told *told = data;
  cr_assert_gt(count, 0);
  if (told->parts++)
    cr_assert(records[0].time_ns != told->last_ns || records[0].node != told->last_node,
              "what a node does at a moment is in two parts");
  for (uint32_t i = 0; i < count; i++)
    g_array_append_val(told->values, records[i].value);
  told->last_ns = records[count - 1].time_ns;
  told->last_node = records[count - 1].node;
}

static int compare_records(const void *a, const void *b) {
  const GsTraceRecord *x = a, *y = b;
  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->node != y->node)
    return x->node < y->node ? -1 : 1;
  return (x->value > y->value) - (x->value < y->value);
}

static void add(GsTraceBuffer *buffer, GArray *all, int64_t time_ns, uint32_t node) {
  GsTraceRecord *record = gs_trace_buffer_add(buffer, time_ns, node);
  record->value = all->len;
  g_array_append_vals(all, record, 1);
}

/** A window of nodes that are dealt out, each with a few moments, as lanes have them: node by node.
 * Values count, so that they are in order wherever time and node are the same. */
static guint check_window(GsTraceMerge *merge, GRand *random, int64_t moments, guint parts_most) {
  GsTraceBuffer buffers[LOGS] = {{0}}, *list[LOGS];
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(GsTraceRecord));
  for (uint32_t node = 0; node < NODES; node++) {
    GsTraceBuffer *buffer = &buffers[node / 4 % LOGS];
    int64_t at = 0;
    for (int i = g_rand_int_range(random, 0, 9); i > 0; i--) {
      at = moments > 1 ? at + g_rand_int_range(random, 0, (int)moments) : 0;
      add(buffer, all, at, node);
    }
  }
  for (guint i = 0; i < LOGS; i++)
    list[i] = &buffers[i];
  Told told = {.values = g_array_new(FALSE, FALSE, sizeof(int64_t))};
  gs_trace_merge(merge, list, LOGS, take_part, &told);
  qsort(all->data, all->len, sizeof(GsTraceRecord), compare_records);
  cr_assert_eq(told.values->len, all->len);
  for (guint i = 0; i < all->len; i++)
    cr_assert_eq(g_array_index(told.values, int64_t, i),
                 g_array_index(all, GsTraceRecord, i).value);
  cr_assert_leq(told.parts, parts_most);
  g_array_unref(told.values);
  for (guint i = 0; i < LOGS; i++) {
    cr_expect_eq(buffers[i].count, 0);
    gs_trace_buffer_clear(&buffers[i]);
  }
  return told.parts;
}

Test(trace_buffer, windows_of_one_moment_are_told_in_order_and_without_copies) {
  g_autoptr(GRand) random = g_rand_new_with_seed(7);
  GsTraceMerge merge = {0};
  guint parts = 0;
  for (int i = 0; i < 100; i++)
    parts += check_window(&merge, random, 1, NODES / 4);
  cr_expect_gt(parts, 100, "one part each: not from where lanes wrote");
  cr_expect_null(merge.sorted);
  gs_trace_merge_clear(&merge);
}

Test(trace_buffer, windows_of_many_moments_are_told_in_order) {
  g_autoptr(GRand) random = g_rand_new_with_seed(8);
  GsTraceMerge merge = {0};
  for (int64_t moments = 2; moments < 200; moments++)
    check_window(&merge, random, moments, NODES / 4);
  gs_trace_merge_clear(&merge);
}

Test(trace_buffer, windows_in_which_nothing_happens_are_not_told) {
  GsTraceMerge merge = {0};
  GsTraceBuffer buffers[2] = {{0}}, *list[] = {&buffers[0], &buffers[1]};
  Told told = {.values = NULL};
  gs_trace_merge(&merge, list, 2, take_part, &told);
  gs_trace_merge(&merge, list, 0, take_part, &told);
  cr_expect_eq(told.parts, 0);
}

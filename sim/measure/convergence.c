/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/measure/convergence.h"

void gs_convergence_init(GsConvergence *convergence) {
  *convergence = (GsConvergence){
      .courses = g_array_new(FALSE, FALSE, sizeof(GsCourse)),
      .waiting = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
      .pending = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
      .in_sync_since_ns = -1,
  };
  gs_peaks_init(&convergence->wrong_nodes);
  gs_peaks_init(&convergence->wrong_by);
}

void gs_convergence_clear(GsConvergence *convergence) {
  g_array_unref(convergence->courses);
  g_array_unref(convergence->waiting);
  g_array_unref(convergence->pending);
  gs_peaks_clear(&convergence->wrong_nodes);
  gs_peaks_clear(&convergence->wrong_by);
}

static GsCourse *course_of(const GsConvergence *convergence, uint32_t cause) {
  return &g_array_index(convergence->courses, GsCourse, cause);
}

static void wait_for_sync(GsConvergence *convergence, uint32_t cause) {
  GsCourse *course = course_of(convergence, cause);
  course->over_ns = -1;
  if (course->waiting)
    return;
  course->waiting = true;
  course->from = convergence->moments;
  gs_peaks_begin(&convergence->wrong_nodes, course->from);
  gs_peaks_begin(&convergence->wrong_by, course->from);
  g_array_append_val(convergence->waiting, cause);
}

void gs_convergence_begin(GsConvergence *convergence, uint32_t cause) {
  GsCourse begun = {.over_ns = -1};
  g_assert(cause == convergence->courses->len);
  g_array_append_val(convergence->courses, begun);
  wait_for_sync(convergence, cause);
}

void gs_convergence_reopen(GsConvergence *convergence, uint32_t cause) {
  if (cause < convergence->courses->len)
    wait_for_sync(convergence, cause);
}

int64_t gs_convergence_over_ns(const GsConvergence *convergence, uint32_t cause) {
  const GsCourse *course = course_of(convergence, cause);
  if (course->waiting)
    return -1;
  if (!course->pending)
    return course->over_ns;
  /* What was over before all fell out of sync is over again when all are back, not later. */
  int64_t since_ns = convergence->in_sync_since_ns;
  return since_ns < 0 ? -1 : MAX(course->over_ns, since_ns);
}

void gs_convergence_wrong(const GsConvergence *convergence, uint32_t cause, uint64_t *wrong_nodes,
                          uint64_t *wrong_by) {
  const GsCourse *course = course_of(convergence, cause);
  *wrong_nodes = course->wrong_nodes;
  *wrong_by = course->wrong_by;
  if (!course->waiting)
    return;
  *wrong_nodes = MAX(*wrong_nodes, gs_peaks_since(&convergence->wrong_nodes, course->from));
  *wrong_by = MAX(*wrong_by, gs_peaks_since(&convergence->wrong_by, course->from));
}

/** The truth changed while all were in sync: what was over stays so. */
static void keep_pending(GsConvergence *convergence) {
  for (guint i = 0; i < convergence->pending->len; i++) {
    uint32_t cause = g_array_index(convergence->pending, uint32_t, i);
    GsCourse *course = course_of(convergence, cause);
    course->over_ns = gs_convergence_over_ns(convergence, cause);
    course->pending = false;
  }
  g_array_set_size(convergence->pending, 0);
}

static void end_waiting(GsConvergence *convergence, int64_t now_ns) {
  for (guint i = 0; i < convergence->waiting->len; i++) {
    uint32_t cause = g_array_index(convergence->waiting, uint32_t, i);
    GsCourse *course = course_of(convergence, cause);
    gs_convergence_wrong(convergence, cause, &course->wrong_nodes, &course->wrong_by);
    course->waiting = false;
    course->over_ns = now_ns;
    if (course->pending)
      continue;
    course->pending = true;
    g_array_append_val(convergence->pending, cause);
  }
  g_array_set_size(convergence->waiting, 0);
  gs_peaks_forget(&convergence->wrong_nodes);
  gs_peaks_forget(&convergence->wrong_by);
}

void gs_convergence_see(GsConvergence *convergence, uint64_t wrong_nodes, uint64_t wrong_by) {
  if (convergence->waiting->len) {
    gs_peaks_put(&convergence->wrong_nodes, convergence->moments, wrong_nodes);
    gs_peaks_put(&convergence->wrong_by, convergence->moments, wrong_by);
  }
  convergence->moments++;
}

void gs_convergence_judge(GsConvergence *convergence, int64_t now_ns, bool in_sync,
                          bool truth_changed) {
  bool was_in_sync = convergence->in_sync_since_ns >= 0;
  if (was_in_sync && truth_changed)
    keep_pending(convergence);
  if (!in_sync) {
    convergence->in_sync_since_ns = -1;
    return;
  }
  if (!was_in_sync)
    convergence->in_sync_since_ns = now_ns;
  end_waiting(convergence, now_ns);
}

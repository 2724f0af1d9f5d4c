/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/faults/fault_spans.h"

/** What holds for a key from a moment on. */
typedef struct {
  int64_t at_ns;
  uint32_t first, count; /**< in `held` */
} Segment;

/** A key with what it has. */
typedef struct {
  GArray *spans;    /**< of uint32_t: places in `all`, by their begin */
  GArray *open;     /**< … those that may still be open; until the end of adding */
  GArray *segments; /**< of Segment; after it */
} Keyed;

struct GsFaultSpans {
  GArray *all;       /**< of GsFaultSpan */
  GHashTable *keyed; /**< key → Keyed */
  GArray *held;      /**< of uint32_t: places in `all` */
};

static void keyed_free(gpointer data) {
  Keyed *keyed = data;
  g_array_unref(keyed->spans);
  g_clear_pointer(&keyed->open, g_array_unref);
  g_clear_pointer(&keyed->segments, g_array_unref);
  g_free(keyed);
}

GsFaultSpans *gs_fault_spans_new(void) {
  GsFaultSpans *spans = g_new(GsFaultSpans, 1);
  *spans = (GsFaultSpans){
      .all = g_array_new(FALSE, FALSE, sizeof(GsFaultSpan)),
      .keyed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, keyed_free),
      .held = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
  };
  return spans;
}

void gs_fault_spans_free(GsFaultSpans *spans) {
  g_array_unref(spans->all);
  g_hash_table_unref(spans->keyed);
  g_array_unref(spans->held);
  g_free(spans);
}

static GsFaultSpan *span_at(const GsFaultSpans *spans, uint32_t place) {
  return &g_array_index(spans->all, GsFaultSpan, place);
}

/** Lets go of those that are over; of the others of that kind, ends them. */
static void end_open(const GsFaultSpans *spans, Keyed *keyed, guint kind, int64_t now_ns) {
  guint kept = 0;
  for (guint i = 0; i < keyed->open->len; i++) {
    uint32_t place = g_array_index(keyed->open, uint32_t, i);
    GsFaultSpan *span = span_at(spans, place);
    if (span->end_ns <= now_ns)
      continue;
    if (kind == GS_SPAN_ANY || span->entry->kind == (GsScheduleKind)kind)
      span->end_ns = now_ns;
    else
      g_array_index(keyed->open, uint32_t, kept++) = place;
  }
  g_array_set_size(keyed->open, kept);
}

void gs_fault_spans_add(GsFaultSpans *spans, uint64_t key, const GsFaultSpan *span) {
  Keyed *keyed = g_hash_table_lookup(spans->keyed, &key);
  if (!keyed) {
    keyed = g_new0(Keyed, 1);
    keyed->spans = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    keyed->open = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_hash_table_insert(spans->keyed, g_memdup2(&key, sizeof key), keyed);
  }
  uint32_t place = spans->all->len;
  g_array_append_val(spans->all, *span);
  g_array_append_val(keyed->spans, place);
  g_array_append_val(keyed->open, place);
}

void gs_fault_spans_end(GsFaultSpans *spans, uint64_t key, guint kind, int64_t now_ns) {
  Keyed *keyed = g_hash_table_lookup(spans->keyed, &key);
  if (keyed)
    end_open(spans, keyed, kind, now_ns);
}

void gs_fault_spans_end_all(GsFaultSpans *spans, int64_t now_ns) {
  GHashTableIter iter;
  gpointer keyed;
  g_hash_table_iter_init(&iter, spans->keyed);
  while (g_hash_table_iter_next(&iter, NULL, &keyed))
    end_open(spans, keyed, GS_SPAN_ANY, now_ns);
}

void gs_fault_spans_end_of_node(GsFaultSpans *spans, uint32_t node, int64_t now_ns) {
  GHashTableIter iter;
  gpointer key, keyed;
  g_hash_table_iter_init(&iter, spans->keyed);
  while (g_hash_table_iter_next(&iter, &key, &keyed)) {
    uint64_t pair = *(const uint64_t *)key;
    if ((uint32_t)(pair >> 32) == node || (uint32_t)pair == node)
      end_open(spans, keyed, GS_SPAN_ANY, now_ns);
  }
}

static gint compare_moments(gconstpointer a, gconstpointer b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? -1 : x > y;
}

static void finish_key(GsFaultSpans *spans, Keyed *keyed) {
  g_autoptr(GArray) moments = g_array_new(FALSE, FALSE, sizeof(int64_t));
  for (guint i = 0; i < keyed->spans->len; i++) {
    const GsFaultSpan *span = span_at(spans, g_array_index(keyed->spans, uint32_t, i));
    g_array_append_val(moments, span->begin_ns);
    g_array_append_val(moments, span->end_ns);
  }
  g_array_sort(moments, compare_moments);
  keyed->segments = g_array_new(FALSE, FALSE, sizeof(Segment));
  g_array_set_size(keyed->open, 0);
  guint next = 0;
  for (guint m = 0; m < moments->len; m++) {
    int64_t at = g_array_index(moments, int64_t, m);
    if (m > 0 && at == g_array_index(moments, int64_t, m - 1))
      continue;
    for (; next < keyed->spans->len; next++) {
      uint32_t place = g_array_index(keyed->spans, uint32_t, next);
      if (span_at(spans, place)->begin_ns > at)
        break;
      g_array_append_val(keyed->open, place);
    }
    end_open(spans, keyed, GS_SCHEDULE_KINDS + 1, at);
    Segment segment = {.at_ns = at, .first = spans->held->len, .count = keyed->open->len};
    g_array_append_vals(spans->held, keyed->open->data, keyed->open->len);
    g_array_append_val(keyed->segments, segment);
  }
  g_clear_pointer(&keyed->open, g_array_unref);
}

void gs_fault_spans_finish(GsFaultSpans *spans) {
  GHashTableIter iter;
  gpointer keyed;
  g_hash_table_iter_init(&iter, spans->keyed);
  while (g_hash_table_iter_next(&iter, NULL, &keyed))
    finish_key(spans, keyed);
}

guint gs_segments_begun(const GArray *segments, int64_t at_ns) {
  guint size = g_array_get_element_size((GArray *)(uintptr_t)segments);
  guint low = 0, high = segments->len; /* the first that begins later */
  while (low < high) {
    guint middle = low + (high - low) / 2;
    const int64_t *begins_ns = (const int64_t *)(const void *)(segments->data + middle * size);
    if (*begins_ns <= at_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

GsSpansHolding gs_fault_spans_at(const GsFaultSpans *spans, uint64_t key, int64_t at_ns,
                                 int64_t *until_ns) {
  const Keyed *keyed = g_hash_table_lookup(spans->keyed, &key);
  if (!keyed)
    return (GsSpansHolding){0};
  const Segment *all = (const Segment *)(const void *)keyed->segments->data;
  guint low = gs_segments_begun(keyed->segments, at_ns);
  if (low < keyed->segments->len)
    *until_ns = MIN(*until_ns, all[low].at_ns);
  if (!low)
    return (GsSpansHolding){0};
  return (GsSpansHolding){&g_array_index(spans->held, uint32_t, 0) + all[low - 1].first,
                          all[low - 1].count};
}

const GsFaultSpan *gs_fault_spans_held(const GsFaultSpans *spans, const GsSpansHolding *holding,
                                       uint32_t i) {
  return span_at(spans, holding->held[i]);
}

GArray *gs_fault_spans_all(const GsFaultSpans *spans) {
  GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(GsKeyedSpan), spans->all->len);
  g_array_set_size(all, spans->all->len);
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init(&iter, spans->keyed);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    const Keyed *keyed = value;
    for (guint i = 0; i < keyed->spans->len; i++) {
      uint32_t place = g_array_index(keyed->spans, uint32_t, i);
      g_array_index(all, GsKeyedSpan, place) =
          (GsKeyedSpan){*(const uint64_t *)key, *span_at(spans, place)};
    }
  }
  return all;
}

int64_t gs_fault_spans_pause_end_ns(const GsFaultSpans *spans, uint64_t node, int64_t end_ns) {
  for (bool more = true; more && end_ns < GS_TIME_NEVER;) {
    int64_t until = GS_TIME_NEVER;
    GsSpansHolding holding = gs_fault_spans_at(spans, node, end_ns, &until);
    more = false;
    for (uint32_t i = 0; i < holding.count; i++) {
      const GsFaultSpan *span = gs_fault_spans_held(spans, &holding, i);
      more |= span->entry->kind == GS_DO_PAUSE;
      if (span->entry->kind == GS_DO_PAUSE)
        end_ns = MAX(end_ns, span->end_ns);
    }
  }
  return end_ns;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/draw.h"

/** A scenario while it is drawn: for the files of draw*.c. */
typedef struct {
  const GsDrawPlan *plan;
  uint64_t seed;
  uint32_t drawn; /**< so far */
  uint32_t kinds; /**< that are in it */
  uint32_t nodes;
  uint32_t span_ms;      /**< of what disturbs it, from 1 s on */
  uint32_t faults;       /**< kinds of faults that it is to have, a bit each */
  uint32_t faults_ms;    /**< of the faults, from 1 s on: all have ended then */
  uint32_t entries;      /**< of the schedule so far */
  bool has_links;        /**< for certain */
  bool has_schedule;     /**< drawn, not the base's */
  bool loses_to_the_end; /**< the network: then nothing is certain but what always holds */
  bool repeats_itself;   /**< entries of the schedule have a moment in common */
  int64_t last_ms;       /**< latest moment of what disturbs it, as far as it is drawn */
  GString *out;
} Drawing;

uint32_t gs_drawing_below(Drawing *drawing, uint32_t bound);
/** True once in so many times. */
static inline bool gs_drawing_once_in(Drawing *drawing, uint32_t times) {
  return gs_drawing_below(drawing, times) == 0;
}
const char *gs_drawing_one_of(Drawing *drawing, guint count, const char *const *texts);
#define ONE_OF(drawing, ...)                                                                       \
  gs_drawing_one_of(drawing, G_N_ELEMENTS(((const char *const[]){__VA_ARGS__})),                   \
                    (const char *const[]){__VA_ARGS__})

/** Begins a member that the base does not have; false: it has. */
bool gs_drawing_begin_member(Drawing *drawing, const char *key);
static inline void gs_drawing_note(Drawing *drawing, GsDrawnKind kind) {
  drawing->kinds |= 1u << kind;
}
static inline bool gs_drawing_has_fault(const Drawing *drawing, GsDrawnKind kind) {
  return drawing->faults >> kind & 1;
}
/** Appends the name of a node in quotes. */
void gs_drawing_append_name(Drawing *drawing, uint32_t node);
/** Begins the next entry of the schedule: `{"at": …`. */
void gs_drawing_begin_entry(Drawing *drawing, uint32_t at_ms);

/** The base's network with what it does not say. */
void gs_drawing_network(Drawing *drawing);
/** What is told to nodes, and what goes wrong at a moment, where the base has no schedule. */
void gs_drawing_schedule(Drawing *drawing);
/** Chooses what may go wrong; before the others. */
void gs_drawing_choose_faults(Drawing *drawing);
/** Appends the entries of faults to the schedule. */
void gs_drawing_fault_entries(Drawing *drawing);
/** What goes wrong by chance, where the base has no `faults`. */
void gs_drawing_chances(Drawing *drawing);

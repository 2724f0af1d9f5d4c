/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

#include "sim/scenario/check_names.h"

/** A check that a run did not pass: the first time that it did not. */
typedef struct {
  GsCheck check;
  uint32_t node; /**< at which; UINT32_MAX: none in particular */
  int64_t at_ns; /**< when it was noticed */
  char *text;    /**< what was found, for a person; owned */
  uint64_t more; /**< how often it was not passed after that */
} GsViolation;

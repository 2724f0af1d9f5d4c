/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sim/scenario/read_util.h"

/** The readers of what goes wrong, in the schedule and in `faults`. */

/** The fault of an entry whose kind is known and called `key`; with entry->fault where it comes by
 * chance. */
bool gs_read_fault(GsReader *reader, const GsJson *value, const char *key, GsScheduleEntry *entry);
/** Whether members of an entry that go with some faults only stand with one of them. */
bool gs_read_fault_extras_fit(GsReader *reader, const GsJson *value, GsScheduleKind kind);
/** The nodes that an entry speaks to (read_schedule.c). */
bool gs_read_told(GsReader *reader, const GsJson *value, GsScheduleEntry *entry);

/** All faults are read (of these two members): whether they are not too many; what contradicts
 * itself, or names what is not there, is a warning. */
bool gs_check_faults(GsReader *reader, const GsJson *schedule, const GsJson *faults);

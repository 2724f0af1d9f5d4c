/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/** The only readers of a clock. */

/** Seconds of wall time since some moment (CLOCK_MONOTONIC); never goes back. */
double gs_clock_s(void);
/** Seconds since 1970, as messages are stamped with on the wire. */
double gs_clock_unix_s(void);

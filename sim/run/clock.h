/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/** Seconds of wall time since some moment; never goes back. The only reader of a clock. */
double gs_clock_s(void);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/run/carrier_timed.h"
#include "sim/run/pace.h"

const GsCarrier gs_carrier_paced = {.name = "paced",
                                    .by_wheel = true,
                                    .collect = gs_timed_collect,
                                    .next_ns = gs_timed_next_ns,
                                    .take_mail = gs_timed_take_mail,
                                    .handle_mail = gs_pace_run,
                                    .window_end_ns = gs_timed_window_end_ns,
                                    .free_ns = gs_timed_free_ns,
                                    .mark_sent = gs_timed_mark_sent};

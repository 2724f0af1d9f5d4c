/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/**
 * Makes a process end with words and a status where a limit of it (ulimit) is
 * reached, for the few cases in which nobody could tell before. To be called
 * once, before there are threads.
 *
 * GLib breaks off with SIGTRAP when the system gives it no memory: that becomes
 * a line with the limits, after GLib's own, and exit status 2. A failed
 * assertion is SIGABRT and stays it, as do crashes; where G_DEBUG is set, and in
 * a debugger, SIGTRAP stays one, too. Writing beyond the limit on files fails
 * (EFBIG) instead of ending the process (SIGXFSZ). Where address space or data
 * are limited, all threads share one heap: each of glibc's own reserves 64 MiB.
 */
void gs_last_net_set(void);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <signal.h>

/**
 * Ctrl-C, SIGTERM and SIGHUP as something to ask about, without a handler and so
 * without global state. Begin before threads are made: they inherit the mask.
 */
typedef struct {
  int fd;
  int signal; /**< the first that came; 0: none */
  sigset_t mask;
} GsInterrupt;

/**
 * Until gs_interrupt_begin: the first of them ends the process at once, with
 * words and GS_EXIT_SIGNAL + its number. For while a command reads and works out
 * what it is to do, and has written nothing yet.
 */
void gs_interrupt_prepare(void);
/** The same for good, for a command that reads and writes in one go: files that it makes are whole
 * or not there, and what it writes to standard output may lack its end. */
void gs_interrupt_ends(void);
/** Holds the signals back. Those that the parent process made ignored stay ignored. */
void gs_interrupt_begin(GsInterrupt *interrupt);
/** The signal that came, or 0. After the first, the next one kills at once. */
int gs_interrupt_poll(GsInterrupt *interrupt);
/** Back to how it was. */
void gs_interrupt_end(GsInterrupt *interrupt);

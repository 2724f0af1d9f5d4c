/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/interrupt.h"

#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sim/cli/cli.h"

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

/** In any signal: does only what is safe there, and does not come back. */
static void end_in_words(int number) {
  static const char words[] = "gridsim: interrupted before anything began; nothing was written\n";
  ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
  (void)written;
  _exit(GS_EXIT_SIGNAL + number);
}

/** The same for a command that may have written some of what it writes. */
static void end_unfinished(int number) {
  static const char words[] = "gridsim: interrupted before it was done\n";
  ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
  (void)written;
  _exit(GS_EXIT_SIGNAL + number);
}

/** Of each that the parent process did not make ignored. */
static void handle(void (*handler)(int)) {
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    struct sigaction action;
    if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      signal(signals[i], handler);
  }
}

void gs_interrupt_prepare(void) {
  handle(end_in_words);
}

void gs_interrupt_ends(void) {
  handle(end_unfinished);
}

void gs_interrupt_begin(GsInterrupt *interrupt) {
  interrupt->signal = 0;
  sigemptyset(&interrupt->mask);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    struct sigaction action;
    if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      sigaddset(&interrupt->mask, signals[i]);
  }
  interrupt->fd = signalfd(-1, &interrupt->mask, SFD_NONBLOCK | SFD_CLOEXEC);
  if (interrupt->fd >= 0)
    pthread_sigmask(SIG_BLOCK, &interrupt->mask, NULL);
  handle(SIG_DFL);
}

int gs_interrupt_poll(GsInterrupt *interrupt) {
  if (interrupt->signal == 0 && interrupt->fd >= 0) {
    struct signalfd_siginfo info;
    if (read(interrupt->fd, &info, sizeof info) == (ssize_t)sizeof info) {
      interrupt->signal = (int)info.ssi_signo;
      pthread_sigmask(SIG_UNBLOCK, &interrupt->mask, NULL);
    }
  }
  return interrupt->signal;
}

void gs_interrupt_end(GsInterrupt *interrupt) {
  if (interrupt->fd < 0)
    return;
  gs_interrupt_poll(interrupt);
  pthread_sigmask(SIG_UNBLOCK, &interrupt->mask, NULL);
  close(interrupt->fd);
  interrupt->fd = -1;
}

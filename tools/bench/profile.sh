#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# profile.sh PROGRAM [ARGUMENT…]: samples a run with perf and prints the functions
# that took most of its time. The samples stay in build/bench/perf.data.
set -eu
if ! command -v perf >/dev/null; then
  echo 'profile: perf is not installed (sh tools/setup.sh --bench): skipped'
  exit 0
fi
data=build/bench/perf.data
mkdir -p build/bench
if ! perf record -q -F 2000 -e cpu-clock -o "$data" -- true 2>/dev/null; then
  echo 'profile: perf may not sample here (see /proc/sys/kernel/perf_event_paranoid): skipped'
  exit 0
fi
# The system's clock, since virtual machines seldom have counters.
perf record -q -F 2000 -e cpu-clock -o "$data" -- "$@"
perf report -i "$data" --stdio -q --no-children --percent-limit 0.5 --sort symbol,dso 2>/dev/null

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# soak.sh [SECONDS]: serves a node, and a ring of four, for so long each (60),
# under load from wrk below the limits, and then beyond them with a mailbox of a
# few messages. Prints accepted messages per second, error answers, resident
# memory over time and what became of the messages. Fails on error answers below
# the limits, none beyond them, memory that grows, and a message unaccounted for.
# GRIDSIM names the binary (./gridsim); CONNECTIONS how many wrk holds open (32).
set -u
seconds=${1:-60}
gridsim=${GRIDSIM:-./gridsim}
connections=${CONNECTIONS:-32}
here=$(dirname "$0")
work=$(mktemp -d)
server=
failed=0

command -v wrk >/dev/null || {
  echo "soak.sh: wrk is missing; install Debian's package wrk" >&2
  exit 2
}
[ -x "$gridsim" ] || {
  echo "soak.sh: $gridsim is missing; run make" >&2
  exit 2
}

# shellcheck disable=SC2317 # called by trap
clean() {
  [ -z "$server" ] || kill "$server" 2>/dev/null
  rm -rf "$work"
}
trap clean EXIT

bad() {
  echo "  FAILED: $*"
  failed=1
}

resident_kib() { awk '/^VmRSS/ { print $2 }' "/proc/$server/status" 2>/dev/null; }

# start SCENARIO [OPTION…]: exposes A at a free port; sets `server` and `at`.
start() {
  printf '%s\n' "$1" >"$work/scenario.json"
  shift
  "$gridsim" serve --expose A --until "$((seconds + 60))s" "$@" "$work/scenario.json" \
    >"$work/lines" 2>&1 &
  server=$!
  at=
  tries=0
  while [ -z "$at" ] && [ "$tries" -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
    at=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/lines" | head -n 1)
  done
  [ -n "$at" ] || {
    cat "$work/lines" >&2
    exit 2
  }
}

# load MESSAGE PAUSE_MS: for so long; sets `accepted`, `full`, `other`, `broken`, `rate`, `memory`.
load() {
  if [ "$2" -gt 0 ]; then export PAUSE_MS="$2"; else unset PAUSE_MS; fi
  timeout "$((seconds + 30))" wrk -t2 -c"$connections" -d"${seconds}s" -s "$here/soak/post.lua" \
    "$at" -- "$1" >"$work/wrk" &
  wrk=$!
  memory=
  step=$((seconds > 20 ? seconds / 10 : 1))
  while kill -0 "$wrk" 2>/dev/null; do
    memory="$memory $(resident_kib)"
    sleep "$step"
  done
  wait "$wrk"
  # shellcheck disable=SC2046
  set -- $(sed -n 's/^soak //p' "$work/wrk")
  [ $# -eq 5 ] || {
    cat "$work/wrk" >&2
    exit 2
  }
  accepted=$1 full=$2 other=$3 broken=$4
  rate=$(awk "BEGIN { printf \"%d\", $1 / $5 }")
  echo "  $rate accepted/s; answered 503: $full, otherwise: $other, not at all: $broken"
  echo "  KiB resident:$memory"
}

# From a third of the time on memory stays within a quarter, or 16 MiB, of what it was.
check_memory() {
  echo "$memory" | awk '{
    settled = int(NF / 3) + 1
    most = $settled
    for (i = settled; i <= NF; i++) if ($i > most) most = $i
    exit most > $settled * 1.25 + 16384
  }' || bad "memory grew"
}

# Ends the server; all that it accepted must have been handled, and be what wrk saw, but for the
# answers that were on their way to wrk when its time was over.
stop() {
  kill -TERM "$server"
  wait "$server"
  status=$?
  server=
  [ "$status" -eq 0 ] || bad "gridsim ended with status $status"
  # shellcheck disable=SC2046
  set -- $(sed -n '/^Over HTTP/,$ s/^  A  *[0-9.:]* //p' "$work/lines" | tr -d ,)
  [ $# -eq 6 ] || {
    cat "$work/lines" >&2
    exit 2
  }
  echo "  accepted $1, handled $2, lost $3, left $4, refused $5"
  [ "$1" -eq $(($2 + $3 + $4)) ] || bad "a message is unaccounted for"
  [ $(($3 + $4)) -eq 0 ] || bad "a message was not handled"
  unseen=$(($1 - accepted))
  if [ "$unseen" -lt 0 ] || [ "$unseen" -gt $((connections + broken)) ]; then
    bad "wrk saw $accepted accepted"
  fi
}

# below NAME SCENARIO MESSAGE PAUSE_MS
below() {
  echo "$1, $3, below the limits:"
  start "$2"
  load "$3" "$4"
  [ "$((full + other + broken))" -eq 0 ] || bad "answers other than 200"
  check_memory
  stop
}

# beyond NAME SCENARIO MESSAGE
beyond() {
  echo "$1, $3, with a mailbox of 5:"
  start "$2" --mailbox 5
  load "$3" 0
  [ "$full" -gt 0 ] || bad "never full"
  [ "$accepted" -gt 0 ] || bad "nothing accepted"
  [ "$other" -eq 0 ] || bad "answers other than 200 and 503"
  check_memory
  stop
}

node='{"name": "soak", "nodes": [{"name": "A"}]}'
ring='{"name": "soak", "nodes": [{"name": "A"}, {"name": "B"}, {"name": "C"}, {"name": "D"}],
  "links": [["A", "B"], ["B", "D"], ["C", "D"], ["C", "A"]]}'
below "one node" "$node" UpdateEnergy 0
below "one node" "$node" SyncGrid 0
below "ring of four" "$ring" UpdateEnergy 2
below "ring of four" "$ring" SyncGrid 2
beyond "one node" "$node" UpdateEnergy
beyond "ring of four" "$ring" UpdateEnergy
[ "$failed" -eq 0 ] && echo "soak: as it should be"
exit "$failed"

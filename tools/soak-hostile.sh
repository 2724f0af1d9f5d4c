#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# soak-hostile.sh [SECONDS [STREAMS [DRIPS [PEERS [WHERE]]]]]: serves a ring of four and a fifth
# node, has wrk update one of the ring for so long (30), then again with STREAMS (256) event streams
# that nobody reads, DRIPS (3000) clients that send a byte a second, and PEERS (16) hostile siblings
# (tools/soak/hostile.c) of the fifth node, or with "ring" for WHERE of the one that is updated.
# Prints both rates, their ratio, memory and what became of the messages. Fails on a message
# unaccounted for, answers other than 200 and 503, memory beyond 1.5 GiB, and when the hostile
# ones were not there; not on speed. Without wrk, curl makes the load.
# GRIDSIM names the binary (./gridsim), gridsim-hostile is beside what it leads to. PAUSE_MS is how
# long each of wrk's 32 connections waits between requests (1; 0: as fast as it can, so that the
# processor is what all share).
set -u
seconds=${1:-30} streams=${2:-256} drips=${3:-3000} peers=${4:-16} where=${5:-beside}
PAUSE_MS=${PAUSE_MS:-1}
if [ "$PAUSE_MS" -gt 0 ]; then export PAUSE_MS; else unset PAUSE_MS; fi
gridsim=${GRIDSIM:-./gridsim}
hostile=$(dirname "$(readlink -f "$gridsim")")/gridsim-hostile
here=$(dirname "$0")
work=$(mktemp -d)
server=
crowd=
failed=0

for program in "$gridsim" "$hostile"; do
  [ -x "$program" ] || {
    echo "soak-hostile.sh: $program is missing; run make soak-hostile" >&2
    exit 2
  }
done
# shellcheck disable=SC3045 # dash and bash know -n
ulimit -n "$(ulimit -H -n)" 2>/dev/null

# shellcheck disable=SC2317 # called by trap
clean() {
  for pid in $crowd $server; do
    kill "$pid" 2>/dev/null
  done
  rm -rf "$work"
}
trap clean EXIT

bad() {
  echo "  FAILED: $*"
  failed=1
}

# Of the server so far, in ticks of a hundredth of a second.
processor() { sed 's/.*) //' "/proc/$server/stat" | awk '{ print $12 + $13 }'; }
memory() { awk -v of="$1:" '$1 == of { printf "%d", $2 / 1024 }' "/proc/$server/status"; }

cat >"$work/scenario.json" <<'SCENARIO'
{"name": "soak", "nodes": [{"name": "A"}, {"name": "B"}, {"name": "C"}, {"name": "D"}, {"name": "E"}],
  "links": [["A", "B"], ["B", "D"], ["C", "D"], ["C", "A"]]}
SCENARIO
"$gridsim" serve --expose A --expose B --expose C --expose D --expose E \
  --until "$((2 * seconds + 120))s" "$work/scenario.json" >"$work/lines" 2>"$work/errors" &
server=$!
tries=0
touch "$work/lines"
until [ "$(grep -c 'http://127.*/messaging$' "$work/lines")" -ge 5 ] || [ "$tries" -ge 100 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
ports=$(sed -n 's|.*http://127\.0\.0\.1:\([0-9]*\)/messaging$|\1|p' "$work/lines")
# shellcheck disable=SC2086
set -- $ports
[ $# -eq 5 ] || {
  cat "$work/lines" "$work/errors" >&2
  exit 2
}
a=$1 b=$2 c=$3 d=$4 e=$5
told='{"envType": "Tell", "msgType": "UpdateEnergy", "msg": {"production": 1}}'

# load NAME: sets `rate` of accepted messages, `answers` of all, the processor's `time_us` for each
# that was accepted, and says what else was answered.
load() {
  used=$(processor)
  if command -v wrk >/dev/null; then
    timeout "$((seconds + 30))" wrk -t2 -c32 -d"${seconds}s" -s "$here/soak/post.lua" \
      "http://127.0.0.1:$a" -- UpdateEnergy >"$work/wrk"
    # shellcheck disable=SC2046
    set -- "$1" $(sed -n 's/^soak //p' "$work/wrk")
  else
    timeout "$seconds" curl -q -s -X GET -d "$told" -o /dev/null -w '%{http_code}\n' \
      "http://127.0.0.1:$a/messaging?[1-9999999]" >"$work/codes" 2>/dev/null
    set -- "$1" "$(grep -c '^200$' "$work/codes")" "$(grep -c '^503$' "$work/codes")" \
      "$(grep -vc '^200$\|^503$\|^000$' "$work/codes")" 0 "$seconds"
  fi
  [ $# -eq 6 ] || {
    cat "$work/wrk" >&2
    exit 2
  }
  rate=$(awk "BEGIN { printf \"%d\", $2 / $6 }")
  answers=$(awk "BEGIN { printf \"%d\", ($2 + $3 + $4) / $6 }")
  time_us=$(awk "BEGIN { printf \"%.1f\", ($(processor) - $used) * 1e4 / ($2 + !$2) }")
  echo "  $1: $rate accepted/s of $answers; $time_us us of the processor each; answered 503: $3, otherwise: $4, not at all: $5"
  [ "$2" -gt 0 ] || bad "nothing accepted"
  [ "$(($4 + $5))" -eq 0 ] || bad "answers other than 200 and 503"
}

# The account of each node, from its metrics, as soon as nothing waits.
check_account() {
  for port in "$a" "$b" "$c" "$d" "$e"; do
    curl -q -s --max-time 10 "http://127.0.0.1:$port/metrics" >"$work/metrics"
    # shellcheck disable=SC2046
    set -- $(awk '{ sub(/^gridsim_/, ""); sub(/{.*}/, "") }
      $1 == "accepted_total" { accepted = $2 } $1 == "handled_total" { handled = $2 }
      $1 == "lost_total" { lost = $2 } $1 == "mailbox_length" { left = $2 }
      END { print accepted, handled, lost, left }' "$work/metrics")
    if [ $# -ne 4 ] || [ "$1" -ne $(($2 + $3 + $4)) ]; then
      bad "port $port: of what was accepted, handled, lost and left: $*"
    fi
    [ "$port" != "$a" ] || echo "  accepted $1 = handled $2 + lost $3 + left $4"
  done
}

echo "ring of four, UpdateEnergy, ${seconds} s each, a pause of ${PAUSE_MS:-0} ms:"
start=$(memory VmRSS)
load alone
alone=$rate answered=$answers alone_us=$time_us rested=$(memory VmRSS)
victim=$e
[ "$where" = ring ] && victim=$a
"$hostile" "$streams" "$drips" "$peers" "$victim" "$a" "$b" "$c" "$d" >"$work/hostile" &
crowd=$!
sleep 3
load "beside $streams unread streams, $drips drips, $peers hostile siblings ($where)"
echo "  ratio $(awk "BEGIN { printf \"%.2f of what is accepted, %.2f of answers, %.2f of the processor\",
  $rate / ($alone + !$alone), $answers / ($answered + !$answered), $time_us / ($alone_us + !$alone_us) }")"
kill -TERM "$crowd"
wait "$crowd"
crowd=
# shellcheck disable=SC2046
set -- $(sed -n 's/^hostile //p' "$work/hostile")
if [ $# -eq 6 ]; then
  echo "  at most $1 streams ($2 in all), $3 drips ($4), $5 calls of siblings at once ($6)"
  if [ "$1" -ne "$streams" ] || [ "$3" -ne "$drips" ] || [ "$6" -lt "$peers" ]; then
    bad "not all of these were there"
  fi
else
  bad "gridsim-hostile ended early"
fi
check_account
peak=$(memory VmHWM)
echo "  MiB resident: $start at the start, $rested after the first, $peak at the peak"
[ "$peak" -le 1536 ] || bad "memory grew"
kill -TERM "$server"
wait "$server"
status=$?
server=
[ "$status" -le 1 ] || bad "gridsim ended with status $status"
sed -n '/^Over HTTP/,$ s/^  [A-E]  *[0-9.:]* //p' "$work/lines" | tr -d , >"$work/table"
awk '$1 != $2 + $3 + $4 { bad = 1 } END { exit bad || NR != 5 }' "$work/table" ||
  bad "a message is unaccounted for in the report"
[ "$failed" -eq 0 ] && echo "soak-hostile: as it should be"
exit "$failed"

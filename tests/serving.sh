# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What scripts that serve have beside script.sh, to be read after it: processes in
# the background, which end with the script; ports; and waiting for what will be so.
# shellcheck disable=SC2034,SC2154
# shellcheck source=tests/ports.sh
. "$(dirname "$0")/ports.sh"
pids=()

# Nobody's settings: curl is given these, so that the documented commands need no options more.
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
export CURL_HOME=$work
printf 'silent\nshow-error\nmax-time = 10\nwrite-out = "%%{http_code}\\n"\n' >"$work/.curlrc"
curl_q() { curl -q -sS --max-time 10 "$@"; }

finish() {
  for pid in ${pids[@]+"${pids[@]}"}; do
    kill -TERM "$pid" 2>/dev/null
  done
  rm -rf "$work"
}
trap finish EXIT

# same NAME WANTED GOT: two texts.
same() {
  printf '%s\n' "$2" >"$work/wanted"
  printf '%s\n' "$3" >"$work/got"
  if diff "$work/wanted" "$work/got" >"$work/differs"; then ok "$1"; else bad "$1" "$work/differs"; fi
}

# soon SECONDS COMMAND…: until the command works; false when it does not in that time.
soon() {
  local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
  shift
  until "$@"; do
    [ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || return 1
    sleep 0.03
  done
}

lacks() { ! has "$@"; }
gone() { ! kill -0 "$1" 2>/dev/null; }

# run ARGUMENT…: to its end; leaves status, $work/out and $work/err.
run() {
  timeout -k 5 20 "$gridsim" "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
}

# start NAME ARGUMENT…: in the background; leaves pid, $work/NAME.out and .err. The timeout is for
# the case that this script is killed.
start() {
  local name=$1
  shift
  timeout --foreground -k 8 100 "$gridsim" "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null &
  pid=$!
  pids+=("$pid")
}

# stop PID SIGNAL: leaves status; 99 when it does not end in time.
stop() {
  kill "-$2" "$1"
  ended "$1"
}

ended() {
  status=99
  if soon 12 gone "$1"; then
    wait "$1"
    status=$?
  fi
}

healthy() { curl_q "http://127.0.0.1:$1/health" >/dev/null 2>&1; }

# start_at PORT NAME ARGUMENT…: and waits until it answers there; false when it ends instead.
start_at() {
  local at=$1
  shift
  start "$@"
  soon 10 answers_or_gone "$at" "$pid"
  ! gone "$pid"
}
answers_or_gone() { gone "$2" || healthy "$1"; }

# Four ports in a row in `port`: those from before, or of the documentation, when nobody has them.
choose_ports() {
  local first=${port[1]:-8081}
  until claim "$first" $((first + 3)); do
    first=$((20000 + RANDOM % 10000))
  done
  port=("" "$first" $((first + 1)) $((first + 2)) $((first + 3)))
}

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Nodes of other processes fail and come back: three in a triangle, of which one is killed and
# started again under the same id and address, having kept nothing. Meanwhile its port is closed,
# or held by somebody who never answers, or who answers 500. Then the same as the README shows it.
# GRIDSIM names the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
# shellcheck source=tests/serving.sh
. "$(dirname "$0")/serving.sh"

ways=(refused silent broken)
names=("" A B C)
powers=("" 1 20 300)
declare -A at of stands

# node WAY NUMBER SIBLING…: begins a node of a triangle, beside the siblings of these numbers.
node() {
  local way=$1 i=$2 siblings=()
  shift 2
  for other; do siblings+=(--sibling "127.0.0.1:${at[$way.$other]}"); done
  "$gridsim" node -p "${at[$way.$i]}" -n "${names[i]}" -i "$i" --pace none --limit 300ms \
    --resync 1s ${siblings[@]+"${siblings[@]}"} >"$work/$way$i.out" 2>"$work/$way$i.err" </dev/null &
  of[$way.$i]=$!
  pids+=("$!")
  soon 10 healthy "${at[$way.$i]}"
}

# tell WAY NUMBER: what the node produces.
tell() {
  curl_q -o "$work/out" -w '%{http_code}' "http://127.0.0.1:${at[$1.$2]}/messaging" --data-raw \
    "{\"envType\": \"Tell\", \"msgType\": \"UpdateEnergy\", \"msg\": {\"production\": ${powers[$2]}}}"
}

state() { curl_q "http://127.0.0.1:${at[$1.$2]}/state" 2>"$work/err"; }

# agree WAY SUM NUMBER…: whether these nodes have that gridnet.
agree() {
  local way=$1 sum=$2
  shift 2
  for i; do state "$way" "$i" | grep -q "\"gridnet\": $sum,$" || return 1; done
}

# count WAY NUMBER MEMBER: of its recovery.
count() { state "$1" "$2" | sed -n "s/^  \"recovery\": .*\"$3\": \([0-9]*\).*/\1/p"; }

# shows WAY NAME: how the nodes stand, after a check that failed.
shows() {
  for i in 1 2 3; do state "$1" "$i"; done | grep -E '"(name|gridnet|recovery|last_error)"' >"$work/out"
  bad "$1: $2" "$work/out"
}

expect() {
  local way=$1 what=$2
  shift 2
  if soon 30 "$@"; then ok "$way: $what"; else shows "$way" "$what"; fi
}

for way in "${ways[@]}"; do
  choose_ports
  for i in 1 2 3; do at[$way.$i]=${port[i]}; done
  node "$way" 1
  node "$way" 2 1
  node "$way" 3 1 2
  for i in 1 2 3; do same "$way: ${names[i]} is told what it produces" 200 "$(tell "$way" "$i")"; done
done
for way in "${ways[@]}"; do
  expect "$way" 'all agree' agree "$way" 321 1 2 3
  curl_q -N --max-time 120 "http://127.0.0.1:${at[$way.1]}/events" >"$work/events.$way" 2>"$work/err" &
  pids+=("$!")
  check "$way: its events are read" soon 10 has "$work/events.$way" 'event: state'
done

for way in "${ways[@]}"; do
  kill -KILL "${of[$way.2]}"
  wait "${of[$way.2]}" 2>/dev/null
  stands[$way]=
  [ "$way" != refused ] || continue
  python3 "$here/tests/stand_in.py" "${at[$way.2]}" "$way" &
  stands[$way]=$!
  pids+=("$!")
done
for way in "${ways[@]}"; do
  expect "$way" 'those who are left agree on the sum without it' agree "$way" 301 1 3
  check "$way: since they suspect it" test "$(count "$way" 1 suspected)" -ge 1
done
check 'refused: as the transport says' test "$(count refused 1 undelivered)" -ge 1
check 'refused: which is an event' soon 10 has "$work/events.refused" 'event: undelivered'
check 'broken: as the transport says' test "$(count broken 1 undelivered)" -ge 1

# The same id and address, and nothing else: it is told neither who its siblings were nor what it
# had produced.
for way in "${ways[@]}"; do
  if [ "${stands[$way]}" ]; then
    kill -KILL "${stands[$way]}"
    wait "${stands[$way]}" 2>/dev/null
  fi
  node "$way" 2
  same "$way: B is there again" 200 "$(tell "$way" 2)"
done
for way in "${ways[@]}"; do
  expect "$way" 'all agree again' agree "$way" 321 1 2 3
  check "$way: B is trusted again" test "$(count "$way" 1 trusted_again)" -ge 1
  for event in suspected trusted; do
    check "$way: which is an event" soon 10 has "$work/events.$way" "event: $event"
  done
  same "$way: B has its siblings again" 2 "$(state "$way" 2 | grep -c '^    {"id": [13], .*"foreign": true')"
  for i in 1 2 3; do
    kill -TERM "${of[$way.$i]}"
    ended "${of[$way.$i]}"
    same "$way: ${names[i]} ends" 0 "$status"
  done
done

# --- as the README shows it -------------------------------------------------------

choose_ports
# Its commands, with our ports; those that look are left for us, since what they show comes soon.
sed -n '/^### When a node fails/,/^## /p' README.md |
  sed -e "s/:8081/:${port[1]}/g" -e "s/-p 8081/-p ${port[1]}/" -e "s/:8082/:${port[2]}/g" \
    -e "s/-p 8082/-p ${port[2]}/" -e "s/:8083/:${port[3]}/g" -e "s/-p 8083/-p ${port[3]}/" \
    -e "s/:808\$i/:\$((${port[1]} - 1 + i))/" -e "s|^\./gridsim|$gridsim|" |
  awk -v step="$work/step" '
    /^```sh/ { n++; inside = 1; next }
    /^```/ { inside = 0 }
    inside && /grep gridnet/ { sub(/.*# /, ""); print $0 + 0 >(step n ".shows"); next }
    inside { print >(step n ".sh") }'
same 'README: three steps' 3 "$(find "$work" -name 'step*.sh' | wc -l)"
at[readme.1]=${port[1]} at[readme.2]=${port[2]} at[readme.3]=${port[3]}
cd "$work" || exit 1
for step in 1 2 3; do
  # shellcheck disable=SC1090
  . "$work/step$step.sh" >"$work/out" 2>"$work/err" </dev/null
  mapfile -t -O "${#pids[@]}" pids < <(jobs -p)
  [ "$step" = 3 ] && shown='1 2 3' || shown=1
  # shellcheck disable=SC2086
  expect readme "step $step" agree readme "$(cat "$work/step$step.shows")" $shown
done

tally

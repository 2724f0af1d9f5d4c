#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-limits.sh: no limit of a process (ulimit) ends a command by a signal. Each
# command under each limit either does its work or says what is missing, with
# status 2. GRIDSIM names the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
case $gridsim in
*/asan/*)
  skip 'under sanitizers, which reserve terabytes, there are no limits on memory'
  tally
  exit
  ;;
esac
cd "$work" || exit 1
unset G_DEBUG # for which a fatal message of GLib stays a trap

cat >grid.json <<'END'
{"topology": {"kind": "ring", "nodes": 12}, "energy": [{"nodes": "*", "production": 3}],
 "schedule": [{"at": "1s", "node": "N1", "production": 5}]}
END
cat >served.json <<'END'
{"nodes": [{"name": "A", "http": "127.0.0.1:0"}, {"name": "B"}], "links": [["A", "B"]]}
END
cat >sweep.json <<'END'
{"scenario": "grid.json", "axes": {"nodes": [5, 6]}, "repeat": 2}
END
"$gridsim" run --json grid.json >run-doc.json 2>/dev/null

# What is tried: a name, and the command. Those that serve are told to end.
commands=(
  'run|run -q grid.json'
  'run on threads|run -q --runner threads grid.json'
  'run in a pool|run -q --runner pool --workers 4 grid.json'
  'run with files|run -q --force --trace trace.jsonl --report run.html grid.json'
  'check|check grid.json sweep.json'
  'topology|topology --format json grid.json'
  'topology to a file|topology --force --out graph.svg grid.json'
  'compare|compare -q sweep.json'
  'compare with files|compare -q --force --out kept sweep.json'
  'verify|verify run-doc.json'
  'serve|serve served.json'
  'node|node -s 127.0.0.1 -p 0 -n A -i 1 -t secret'
)

# limited OPTION VALUE SECONDS WORD…: a command under a limit of the shell's
# ulimit. The timeout stands outside of it, and so does what keeps the words.
limited() {
  local option=$1 value=$2 seconds=$3
  shift 3
  # The inner shell's own words.
  # shellcheck disable=SC2016
  timeout --preserve-status -s TERM "$seconds" "${as[@]}" bash -c \
    'ulimit -c 0; ulimit "$1" "$2" || exit 0; shift 2; exec "$@"' \
    limited "$option" "$value" "$gridsim" "$@" 2>&1 >out </dev/null | cat >err
  status=${PIPESTATUS[0]}
}
as=()

# under OPTION VALUE: all commands.
under() {
  local ends='' words allowed seconds entry
  for entry in "${commands[@]}"; do
    rm -rf kept
    read -ra words <<<"${entry#*|}"
    allowed=' 0 2 ' seconds=60
    case ${words[0]} in serve | node) allowed=' 0 2 143 ' seconds=0.2 ;; esac
    limited "$1" "$2" "$seconds" "${words[@]}"
    # Before the program there is the loader: nothing can be done about that.
    if [ "$status" -eq 127 ] && grep -q 'error while loading shared libraries' err; then continue; fi
    if [ "$status" -eq 126 ] && grep -q 'Argument list too long' err; then continue; fi
    [[ $allowed == *" $status "* ]] || ends="$ends; ${entry%%|*}: status $status"
    [ "$status" -ne 2 ] || [ -s err ] || ends="$ends; ${entry%%|*}: no word"
  done
  if [ -z "$ends" ]; then ok "ulimit $1 $2"; else bad "ulimit $1 $2$ends"; fi
}

for kib in 84000 88000 120000; do under -v "$kib"; done
for kib in 6000 20000; do under -d "$kib"; done
for kib in 64 unlimited; do under -s "$kib"; done
for files in 4 6 12; do under -n "$files"; done
for blocks in 0 8; do under -f "$blocks"; done

# A limit on processes does not bind root: then as somebody else, where that can be.
if [ "$(id -u)" -eq 0 ]; then
  as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  if "${as[@]}" "$gridsim" --version >out 2>err; then
    chmod 777 "$work"
    chmod -R a+rX .
  else
    as=(true)
  fi
fi
for processes in 0 2; do under -u "$processes"; done
as=()

# What fits but for the stacks and heaps of a thousand threads is refused before.
for kib in 300000 600000 1000000; do
  limited -v "$kib" 60 run -q --runner threads "$here/scenarios/watts-strogatz.json"
  if [ "$status" -eq 0 ] ||
    { [ "$status" -eq 2 ] && grep -q 'needs about .*(ulimit -v) is free: use .*a higher limit' err; }; then
    ok "a thousand threads in $kib KiB"
  else
    bad "a thousand threads in $kib KiB: status $status"
  fi
done

# Who knows better than the forecast and does not is told so, too.
scenario=$here/scenarios/watts-strogatz.json
limited -v 200000 60 run -q --memory 100GiB "$scenario"
if [ "$status" -eq 2 ] && grep -q 'no more memory.*ulimit -v is 200000' err; then
  ok 'memory that runs out ends a run with words'
else
  bad "memory that runs out: status $status"
fi

tally

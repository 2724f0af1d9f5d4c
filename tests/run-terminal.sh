#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What is shown on terminals of several widths: no line is longer, no word is split,
# what is left out is said, and the outcome is the last thing there. GRIDSIM names the
# program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

if ! command -v python3 >/dev/null; then
  skip 'python3 is not there: nothing is shown on a terminal'
  tally
  exit
fi
export PYTHONDONTWRITEBYTECODE=1
unset COLUMNS NO_COLOR

cat >"$work/grid.json" <<'JSON'
{"name": "a grid with a rather long name that is shown at the top of all that is said",
 "about": "Four houses in a ring, one of which has a name that takes more room than the names of the others do.",
 "nodes": [{"name": "house with the longest name in the whole street", "production": 3},
           {"name": "b"}, {"name": "c"}, {"name": "d"}],
 "links": [["house with the longest name in the whole street", "b"], ["b", "c"], ["c", "d"]],
 "schedule": [{"at": "1s", "node": "house with the longest name in the whole street", "production": 5}, {"at": "2s", "node": "b", "consumption": 2},
              {"at": "3h", "node": "b", "consumption": 2}],
 "until": "1h", "expect": {"converged": false}}
JSON

# on COLUMNS ARGUMENT…: the program on such a terminal, in $work/out without its colours.
on() {
  width=$1
  shift
  timeout 120 python3 tests/terminal.py "$width" "$gridsim" "$@" >"$work/shown" 2>"$work/err"
  status=$?
  sed 's/\x1b\[[0-9;]*[mK]//g; s/.*\r//' "$work/shown" >"$work/out"
}
plain() {
  timeout 120 "$gridsim" "$@" >"$work/plain" 2>&1
  status=$?
}
# fits: no line is wider than the terminal, but for words that are.
fits() {
  python3 - "$width" "$work/out" <<'PYTHON'
import sys
width = int(sys.argv[1])
for line in open(sys.argv[2], encoding="utf-8").read().split("\n"):
    if len(line) > width and len(line.split()) > 1:
        sys.exit("too long: " + line)
PYTHON
}
# whole: the words are those that are written where there is no terminal, in the same order.
whole() {
  tr -s ' ' '\n' <"$work/plain" | grep . >"$work/words.plain"
  tr -s ' ' '\n' <"$work/out" | grep . >"$work/words"
  cmp "$work/words.plain" "$work/words"
}

for width in 40 60 80 100 200; do
  on "$width" run "$work/grid.json"
  check "run fits on $width columns" 1 fits
  on "$width" check "$work/grid.json"
  check "check fits on $width columns" 0 fits
  on "$width" topology "$work/grid.json"
  check "topology fits on $width columns" 0 fits
  on "$width" compare --topology ring,complete --nodes 4,6 --repeat 2
  check "compare fits on $width columns" 0 fits
  on "$width" check "$work/nowhere.json" "$work/also nowhere, with a name that is longer than most.json"
  check "errors fit on $width columns" 2 fits
done

plain topology ring --nodes 9
on 45 topology ring --nodes 9
check 'what is broken into lines has the words of what is not' 0 whole

on 40 compare --topology ring,complete --nodes 4,6 --repeat 2
check 'columns that there is no room for are named' grep -q 'no room for: messages' "$work/out"
on 300 compare --topology ring,complete --nodes 4,6 --repeat 2
check 'a wide terminal leaves nothing out' sh -c "! grep -Eq 'no room for|shortened' '$work/out'"
on 60 run "$work/grid.json"
check 'texts that are shortened are counted' 1 grep -q 'shortened; --json has' "$work/out"

last_section() { [ "$(grep -E '^[A-Z]' "$work/out" | tail -n 1)" = "$1" ]; }
on 80 run "$work/grid.json"
check 'what is not as expected is the last thing on the screen' 1 last_section 'Not as expected'
on 80 run scenarios/ring.json
check 'the outcome of a run is the last thing on the screen' 0 last_section 'Outcome'
on 80 compare --topology ring,complete --nodes 4,6 --repeat 2
check 'what a comparison comes to is the last thing on the screen' 0 last_section 'What it comes to'

COLUMNS=50
export COLUMNS
on 200 run "$work/grid.json"
width=50
check 'COLUMNS wins over the terminal' 1 fits
for wrong in '' 0 -3 abc 99999999999999999999; do
  COLUMNS=$wrong
  on 70 run "$work/grid.json"
  check "COLUMNS='$wrong' is no width" 1 fits
done
COLUMNS=1
on 70 run "$work/grid.json"
check 'a terminal of one column gets all that fits on 20' 1 grep -q Outcome "$work/out"
COLUMNS=30
plain run "$work/grid.json"
check 'where there is no terminal COLUMNS says nothing' sh -c "awk 'length > 60 {found = 1} END {exit !found}' '$work/plain'"

tally

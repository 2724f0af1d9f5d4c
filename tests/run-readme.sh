#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the README shows is what happens: its picture of a run, its first scenario
# and its comparison of topologies; and what docs/FAULTS.md shows of a crash. GRIDSIM names the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

# block LANGUAGE N: the N-th block of the README that is fenced as this language.
block() {
  awk -v language="$1" -v wanted="$2" '
    /^```/ && inside { inside = 0; next }
    $0 == "```" language { inside = 1; n++; next }
    /^```/ { inside = 1; other = 1; n_other++; next }
    inside && n == wanted && !other { print }
    { if (!inside) other = 0 }' README.md
}

# Wall time differs from run to run, the number of workers, and so memory, from machine to machine.
timeless() { sed -e 's/^  run  .*/  run/' -e 's/; [0-9.]* [KM]iB for messages and waves$//'; }

block text 1 | timeless >"$work/shown"
"$gridsim" run scenarios/readme.json 2>&1 </dev/null | timeless >"$work/found"
diff "$work/shown" "$work/found"
check 'the picture of a run is what is printed' test $? -eq 0

block json 1 >"$work/two-nodes.json"
"$gridsim" check "$work/two-nodes.json" >/dev/null 2>&1 && "$gridsim" run -q "$work/two-nodes.json"
check 'the first scenario runs and ends as it expects' test $? -eq 0

block text 2 >"$work/shown"
"$gridsim" compare --topology ring,tree,star,complete --nodes 16,64 >"$work/found" 2>&1 </dev/null
diff "$work/shown" "$work/found"
check 'the comparison of topologies is what is printed' test $? -eq 0

awk '/^Disturbances$/ { inside = 1 } /^```/ { inside = 0 } inside' docs/FAULTS.md >"$work/shown"
"$gridsim" run scenarios/crash.json 2>&1 </dev/null |
  awk '/^Disturbances$/ { inside = 1 } /^$/ { inside = 0 } inside' >"$work/found"
diff "$work/shown" "$work/found" && [ -s "$work/shown" ]
check 'the disturbances of a crash are what is printed' test $? -eq 0

tally

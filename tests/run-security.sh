#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-security.sh: limits on files that docs/SECURITY.md names, and that
# tools/check-limits.py notices where document and code say two things. GRIDSIM
# names the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

# --- limits on files ----------------------------------------------------------

mib=1048576
run() { timed 60 "$gridsim" "$@"; }
# padded BYTES: what a member of a document may have in it.
padded() { head -c "$1" /dev/zero | tr '\0' x; }
two='"nodes": [{"name": "A"}, {"name": "B"}], "links": [["A", "B"]]'

truncate -s $((512 * mib + 1)) "$work/large.edges"
echo '{"topology": {"file": "large.edges"}}' >"$work/large.json"
run run "$work/large.json"
check 'a graph file of more than 512 MiB' 2 err_has '536870913 bytes; at most 536870912 are allowed'

{
  printf '{"axes": {"topology": ["ring"], "nodes": [4]}, "about": "'
  padded $((16 * mib))
  echo '"}'
} >"$work/sweep.json"
run compare "$work/sweep.json"
check 'a sweep of more than 16 MiB' 2

run compare --topology ring --nodes 4 --repeat 1000001
check 'a million and one runs of a cell' 2 err_has 'from 1 to 1000000'
run compare --vary "seed=$(seq -s, 20001)"
check '20,001 cells' 2 err_has '20001 cells or more; at most 20000 are allowed'

truncate -s $((64 * mib + 1)) "$work/large.html"
run verify "$work/large.html"
check 'a page of more than 64 MiB' 2 err_has '67108865 bytes; at most 67108864 are allowed'

padded 5000 >"$work/token"
run node -s 127.0.0.1 -p 9 -n A -i 1 --token-file "$work/token"
check 'a file with a token of more than 4 KiB' 2 err_has '5000 bytes; at most 4096 are allowed'

printf '{%s, "about": "%s"}\n' "$two" "$(padded $mib)" >"$work/long.json"
run compare "$work/long.json" --repeat 1 --out "$work/study"
check 'a scenario of more than 1 MiB is kept' 0 test -s "$work/study/report.html"
check 'and is not in the report, which says so' has "$work/study/report.html" \
  'is not embedded: all that is may have 1.0 MiB'
truncate -s $((16 * mib + 1)) "$work/study/study.json"
run compare "$work/long.json" --repeat 1 --out "$work/study"
check 'a description of a study of more than 16 MiB' 2 err_has 'more than the 16777216 bytes'

{
  printf '{%s, "about": "' "$two"
  padded $((4 * mib))
  echo '"}'
} >"$work/longer.json"
run run "$work/longer.json" --report "$work/longer.html"
check 'a run of more than 4 MiB has its page' 0 test -s "$work/longer.html"
run verify "$work/longer.html"
check 'which cannot be done again from it' 2 err_has 'the scenario has more than 4 MiB'

run compare --topology ring --nodes 3 --vary network.jitter=1ms --repeat 4100 --out "$work/many"
check '4,100 runs' 0 has "$work/many/results.json" \
  '4 of 4100 runs have no digest in here: at most 4096 have'

# --- the document and the code ------------------------------------------------

if command -v python3 >/dev/null; then
  project=$work/project
  mkdir -p "$project/docs" "$project/core" "$project/sim" "$project/tests" "$project/tools"
  cp -r core sim "$project"
  cp docs/SECURITY.md "$project/docs"
  cp -r tests/core tests/sim tests/run-*.sh "$project/tests"
  # notices NAME TEXT: the checker complains, with these words; all is as it was afterwards.
  notices() {
    (cd "$project" && python3 -B "$here/tools/check-limits.py") >"$work/out" 2>"$work/err"
    status=$?
    check "$1" 1 err_has "$2"
    cp docs/SECURITY.md "$project/docs"
    cp core/limits.h "$project/core"
    cp sim/http/head.c "$project/sim/http"
  }
  status=0
  (cd "$project" && python3 -B "$here/tools/check-limits.py") >"$work/out" 2>"$work/err"
  status=$?
  check 'document and code agree' 0 out_has 'as the code has them'
  sed -i 's/^\(#define GS_JSON_DEPTH_MAX\) 64/\1 65/' "$project/core/limits.h"
  notices 'a limit that is another in the code' 'GS_JSON_DEPTH_MAX is 65 and not 64'
  sed -i 's/| 200 | headers/| 300 | headers/' "$project/docs/SECURITY.md"
  notices 'one that is another in the document' 'PARTS_MAX is 200 and not 300'
  echo '#define GS_NEWS_MAX 7' >>"$project/core/limits.h"
  notices 'one that the document does not have' 'GS_NEWS_MAX is not in docs/SECURITY.md'
  sed -i 's/PARTS_MAX/PIECES_MAX/' "$project/sim/http/head.c"
  notices 'one that is called otherwise' 'sim/http/head.c has no PARTS_MAX'
  # Backticks are of Markdown.
  # shellcheck disable=SC2016
  sed -i 's|`json/limits_hold_exactly`|`json/limits_hold`|' "$project/docs/SECURITY.md"
  notices 'a test that is not there' 'there is no test json/limits_hold'
  grep -v '^|' docs/SECURITY.md >"$project/docs/SECURITY.md"
  notices 'a document without limits' 'there is no table of limits'
else
  skip 'python3 is not there: the document is not compared with the code'
fi

tally

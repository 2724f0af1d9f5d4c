#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What `gridsim explore` finds, makes small, writes and says.
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

same() { cmp -s "$1" "$2"; }
says() { grep -qF -- "$1" "$work/out"; }
lacks() { ! grep -qF -- "$1" "$2"; }
complains() { grep -qF -- "$1" "$work/err"; }

timed 60 "$gridsim" explore --runs 60 --nodes 2..6
check 'repaired nodes pass all checks' 0 says 'all checks passed'
check 'it says how to go on' 0 says 'seeds 1 to 60; go on with --from 61'

original='--set protocol=original --set network.fifo=false --set network.jitter.exponential=9ms'
for jobs in 1 3; do
  # shellcheck disable=SC2086
  timed 100 "$gridsim" explore $original --nodes 2..5 --runs 4000 --checks in-sync --jobs $jobs \
    --out "$work/found$jobs"
  check "the original's flaw is found by $jobs at once" 1 says 'check in-sync failed at'
  check 'what is left fits a screen' 1 [ "$(wc -l <"$work/out")" -lt 66 ]
done
file=$(echo "$work"/found1/in-sync-*.json)
check 'it is the same however many run at once' same "$file" "$work/found3/${file##*/}"
nodes=$(grep -c '{"name"' "$file")
check 'three nodes are enough to show it' [ "$nodes" -le 3 ]
entries=$(grep -c '{"at"' "$file")
check 'two entries are enough to show it' [ "$entries" -le 2 ]
pins=$(grep -c '"number"' "$file")
check 'a handful of messages is named' [ "$pins" -le 6 ]
check 'and nothing is left to chance' lacks jitter "$file"
timed 20 "$gridsim" run -q "$file"
check 'gridsim run shows check, moment, node and value' 1 grep -qE \
  'check in-sync failed at [0-9.]+m?s at "N[0-9]": gridnet -?[0-9]+ at the end, where -?[0-9]+ is true' \
  "$work/err"
timed 20 "$gridsim" run -q --set protocol=echo "$file"
check 'and that nothing is wrong by the rules that are repaired' 0

# As a user would type it.
flaw='--set protocol=original --nodes 2..8'
# shellcheck disable=SC2086
timed 60 "$gridsim" explore $flaw --out "$work/typed"
check 'the flaw is found with nothing else said' 1 says 'check in-sync failed at'
check 'what was tried is told by kind' 1 says 'runs with '
first=$(sed -n 's/.*go on with --from //p' "$work/out")
file=$(echo "$work"/typed/in-sync-*.json)
nodes=$(grep -c '{"name"' "$file")
check 'and made small, too' [ "$nodes" -le 3 ]
# shellcheck disable=SC2086
timed 60 "$gridsim" explore $flaw --out "$work/typed" --json
check 'the same command goes on' 1 says "\"first_seed\": $first"
check 'and knows what was before' 1 says '"failed_before": 1'
# shellcheck disable=SC2086
timed 60 "$gridsim" explore $flaw --out "$work/typed" --runs 3 --checks ids
check 'another search begins anew' 0 complains 'explored.json is of another search'
timed 60 "$gridsim" explore --runs 3 --from 5 --out "$work/three"
timed 60 "$gridsim" explore --runs 3 --from 5 --out "$work/three"
check 'a search that is over does nothing' 0 says 'nothing was run'
echo '{"search": 1}' >"$work/three/explored.json"
timed 60 "$gridsim" explore --runs 3 --from 5 --out "$work/three"
check 'what is no such file is refused' 2 complains 'does not say how far a search has come'
timeout --signal TERM 2 "$gridsim" explore --runs 1000000000 --nodes 2..3 --set recovery=none \
  >"$work/out" 2>"$work/err"
status=$?
check 'who is interrupted is told how to go on' complains 'to go on: gridsim explore --nodes 2..3'

# A grid that is slow to make smaller, and fails whatever is drawn: a node is down to the end, which
# nobody finds out.
echo '{"topology": {"kind": "ring", "nodes": 300}, "recovery": "none", "schedule": [
  {"at": "1s", "node": "N1", "production": 5}, {"at": "1h", "crash": "N3"}],
  "energy": [{"node": "*", "production": 7}], "network": {"latency": "1ms", "jitter": 0}}' >"$work/down.json"
timeout --preserve-status --signal TERM 3 "$gridsim" explore --runs 5 --failures 2 --from 7 --checks in-sync --jobs 1 \
  --out "$work/down" "$work/down.json" >"$work/out" 2>"$work/err"
status=$?
check 'a seed that is made smaller when it is interrupted is not done' 143 \
  says 'making seed 7 smaller was stopped: who goes on takes it up again'
check 'and it says so in the file' grep -qF '"runs": 0, "failures": 0' "$work/down/explored.json"
check 'and where to go on' says 'go on with --from 7'
status=0
check 'what there is of it is written' [ -s "$work/down/in-sync-7.json" ]
timeout --signal TERM 3 "$gridsim" explore --runs 5 --failures 2 --from 7 --checks in-sync --jobs 1 \
  --out "$work/down" --json "$work/down.json" >"$work/out" 2>"$work/err"
check 'the same command takes it up again' says '"first_seed": 7'
timeout --signal TERM 3 "$gridsim" explore --runs 5 --from 7 --checks in-sync "$work/down.json" \
  >"$work/out" 2>"$work/err"
check 'without a folder the command that goes on does' complains '--from 7 --runs 5'

timed 20 "$gridsim" explore --runs 5 --json scenarios/ring.json
check 'a scenario keeps what it says' 0 says '"runs": 5'
check 'no run was given up, and none is named' 0 says '"given_up_seed": null'
sed -n 's/^  "\([a-z_]*\)":.*/\1/p' "$work/out" >"$work/members"
while read -r member; do
  check "docs/FAULTS.md tells of $member" 0 grep -q "^|.*\`$member\`.*|" docs/FAULTS.md
done <"$work/members"
timed 20 "$gridsim" explore --for 0
check 'no time is refused' 2 complains 'a time of 0'
timed 20 "$gridsim" explore --nodes 5..2
check 'more nodes at least than at most are refused' 2 complains '--nodes'
timed 20 "$gridsim" explore --topology grid
check 'an unknown family is refused' 2 complains "no family 'grid'"
timed 20 "$gridsim" explore --checks insync
check 'an unknown check is refused' 2 complains '--checks'
timed 20 "$gridsim" explore --runs 2 --set protocol=orignal
check 'a wrong value is refused' 2 complains 'did you mean'
timed 20 "$gridsim" explore --nodes 3 scenarios/ring.json
check 'a scenario has its own grid' 2 complains 'for grids that are drawn'

tally

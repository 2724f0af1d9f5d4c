#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-compare.sh: gridsim compare from end to end: tables, files, going on after
# kill -9, more repetitions later, any number of jobs, wrong input. GRIDSIM names
# the binary (default ./gridsim). The last line is "N passed, N failed".
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

run() { timed 120 "$gridsim" compare "$@"; }
ends() { [ "$status" -eq "$1" ]; }
err_is() { [ "$status" -eq 2 ] && [ "$(cat "$work/err")" = "gridsim: $1" ]; }
same() { diff -r "$1" "$2" >"$work/err"; }
python() { command -v python3 >/dev/null || return 0; python3 "$@" >"$work/out" 2>"$work/err"; }

# --- what is printed ---

small="--topology line,ring,star,complete --nodes 8,12,16 --repeat 5"
# The options are plain words.
# shellcheck disable=SC2086
run $small
check 'a table of all cells' test "$(grep -c '^  [★ ]  \(line\|ring\|star\|complete\) .*=' "$work/out")" -eq 12
check 'the best of each size is marked' test "$(grep -c '★  complete' "$work/out")" -eq 3
check 'no line is wider than 100 columns' narrow
check 'in words too' out_has 'All 60 runs ended with every node in sync.'
check 'nothing is said on standard error' no_err
check 'it ends with 0' ends 0
run --topology ring --nodes 8 --repeat 2 --set network.latency=10ms --set network.jitter=3ms
check 'the network is described as it runs' out_has 'Network: latency 10 ms, jitter up to 3 ms'
check 'what is set in all cells is said' out_has 'network.latency=10ms, network.jitter=3ms.'
run --topology ring --nodes 8 --repeat 2 --vary network.latency=1ms,2ms
check 'what an axis varies is said to vary' out_has 'latency as'
run --topology ring --nodes 8 --repeat 2 --vary network.latency=7ms --vary network.fifo=false
check 'an axis of one value varies nothing' out_lacks 'as varied'
run "$here/scenarios/ieee14.json" --repeat 2
check 'of one scenario nothing is said to vary' out_lacks 'as varied'
# shellcheck disable=SC2086
run $small --sort messages
check 'sorted by messages another one is best' out_has '★  line'
# shellcheck disable=SC2086
run $small --format csv
check 'CSV has a line per cell and a heading' test "$(wc -l <"$work/out")" -eq 13
# shellcheck disable=SC2086
run $small --format markdown
check 'Markdown has a line per cell' test "$(grep -c '^| [a-z]* | [0-9]* | 5 |' "$work/out")" -eq 12
# shellcheck disable=SC2086
run $small --json
cp "$work/out" "$work/document"
check 'JSON is one document' python -c '
import json, sys
document = json.load(open(sys.argv[1]))
assert len(document["cells"]) == 12 and len(document["drawings"]) == 4
assert all(cell["theory"]["messages_equal"] for cell in document["cells"])
assert all(cell["theory"]["within"] for cell in document["cells"])' "$work/document"

lossy="--topology ring --nodes 8 --repeat 3 --set network.transport.tries=4"
# shellcheck disable=SC2086
run $lossy --vary network.loss=0,5% --out "$work/lossy"
check 'where messages fail the table says for how long nodes were right, how wrong, and what was lost' \
  out_has 'correct  wrong by  lost'
check '… and is not wider for it' narrow
check '… and there are plots of that, along percentages' \
  test -f "$work/lossy/plots/correct.dat" -a -f "$work/lossy/plots/error.dat"
check '… in the order of numbers' \
  grep -q '^ 0.05 0.7' "$work/lossy/plots/correct.dat"
check '… and CSV has every figure' python -c '
import csv, sys
cells = list(csv.DictReader(open(sys.argv[1])))
assert [cell["network.loss"] for cell in cells] == ["0", "5%"]
shares = [float(cell["in_sync_share.mean"]) for cell in cells]
assert 0 < shares[1] < shares[0] < 1, shares
assert float(cells[1]["retried.mean"]) > 0 == float(cells[1]["lost.mean"])
for name in "mean_error worst_error lost_by_chance suspected_rightly waves_limited longest_wrong".split():
    assert cells[1][name + ".mean"], name' "$work/lossy/cells.csv"
# shellcheck disable=SC2086
run --topology ring,line --nodes 8 --repeat 3 --set network.transport.tries=4 --set network.loss=5% --sort in_sync_share --json
cp "$work/out" "$work/document"
check 'of shares the highest is the best' python -c '
import json, sys
cells = json.load(open(sys.argv[1]))["cells"]
best = [cell["metrics"]["in_sync_share"]["mean"] for cell in cells if cell["best"]]
assert best == [max(cell["metrics"]["in_sync_share"]["mean"] for cell in cells)], cells' "$work/document"
run --topology ring --nodes 8 --repeat 2 --set recovery.resync=100ms --set until=2s --json
cp "$work/out" "$work/document"
# What one update of a ring of eight leads to is (N + 1)(1 + 2N), whatever else nodes send.
check 'what nodes send on their own is counted apart, to the message' python -c '
import json, sys
cell = json.load(open(sys.argv[1]))["cells"][0]
own = cell["metrics"]["recovery_messages"]["mean"]
assert own > 0 and cell["metrics"]["messages"]["mean"] - own == 153, cell' "$work/document"
run --topology ring --nodes 8 --repeat 2
check 'where nothing fails the table has no word of it' out_lacks 'wrong by'

run
check 'by itself it compares all families' test "$(grep -c '★  complete' "$work/out")" -eq 5
check 'every run has the messages of the closed form' \
  out_has 'Every run had exactly the messages of the closed form in all 55 cells that have one'

# --- files ---

# shellcheck disable=SC2086
run $small --out "$work/a" --jobs 1
check 'it says where the report is' err_has "$work/a/report.html"
for file in study.json runs.csv cells.csv growth.csv effects.csv results.json report.html; do
  check "it writes $file" test -s "$work/a/$file"
done
check 'the figures agree with an independent implementation' \
  python "$here/tools/check-statistics.py" "$work/a/runs.csv" "$work/a/cells.csv" "$work/a/growth.csv" \
  "$work/a/effects.csv"
check 'the growth of messages is that of the closed form to 1e-9' python -c '
import csv, math, sys
rows = [row for row in csv.DictReader(open(sys.argv[1])) if row["metric"] == "messages"]
def form(kind, n):
    links = {"line": n - 1, "ring": n, "star": n - 1, "complete": n * (n - 1) // 2}[kind]
    return (2 * links - n + 1) * (1 + 2 * n)
assert len(rows) == 4
for row in rows:
    x = [math.log(n) for n in (8, 12, 16)]
    y = [math.log(form(row["topology"], n)) for n in (8, 12, 16)]
    mx, my = sum(x) / 3, sum(y) / 3
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)
    assert abs(slope - float(row["exponent"])) < 1e-9 and abs(slope - float(row["theory"])) < 1e-9
    assert float(row["limit"]) == (3 if row["topology"] == "complete" else 2)' "$work/a/growth.csv"
scenario="$work/a/scenarios/topology=ring,nodes=12.json"
run_digest=$("$gridsim" run --json "$scenario" | sed -n 's/.*"digest": "\(.*\)".*/\1/p')
check 'a run of a cell can be done again by itself' \
  grep -q "\"repetition\": 0.*$run_digest" "$work/a/runs/topology=ring,nodes=12.jsonl"

# shellcheck disable=SC2086
run $small --out "$work/b" --jobs 3
check 'three jobs write the same bytes' same "$work/a" "$work/b"
# shellcheck disable=SC2086
run $small --out "$work/b"
check 'the same command again changes nothing' same "$work/a" "$work/b"

run --topology line,ring --nodes 8,16 --repeat 2 --out "$work/c"
# shellcheck disable=SC2086
run $small --out "$work/c"
check 'values and repetitions that are added later give what all at once would' same "$work/a" "$work/c"
check 'only what is new was run' python -c '
import os, sys
a, c = (os.path.join(at, "runs", "topology=line,nodes=8.jsonl") for at in sys.argv[1:])
assert open(a).read() == open(c).read()' "$work/a" "$work/c"

# --- going on after kill -9 ---

long="--topology watts-strogatz,complete,tree --nodes 16,64,96 --repeat 30"
# shellcheck disable=SC2086
run $long --out "$work/whole"
check 'a study to go on with is whole' 0
# rows: a file of runs that has some; kept: bytes of all; cut_short FILE: its last line has no end.
rows() { find "$work/killed" -path '*/runs/*' -name '*.jsonl' -size +0 2>/dev/null | sort | head -n 1; }
kept() { find "$work/killed" -path '*/runs/*' -name '*.jsonl' -exec cat {} + 2>/dev/null | wc -c; }
cut_short() { [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ]; }
kills=0
tries=0
grown=0
while [ "$tries" -lt 60 ] && { [ "$kills" -lt 10 ] || [ "$grown" -lt 4 ] || [ -z "$(rows)" ]; }; do
  tries=$((tries + 1))
  before=$(kept)
  # shellcheck disable=SC2086
  "$gridsim" compare $long --out "$work/killed" >/dev/null 2>&1 </dev/null &
  pid=$!
  # In turn at any moment, and as soon as there is more than before.
  if [ $((tries % 2)) -eq 0 ]; then
    sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
  else
    while kill -0 "$pid" 2>/dev/null && [ "$(kept)" -le "$before" ]; do sleep 0.01; done
  fi
  kill -9 "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  [ $? -eq 137 ] && kills=$((kills + 1)) && [ "$(kept)" -gt "$before" ] && grown=$((grown + 1))
  # Begun anew when it is done before enough were killed.
  [ -s "$work/killed/report.html" ] && rm -rf "$work/killed"
done
check "ten times kill -9 ($tries starts, $kills kills, $grown of them with new runs)" \
  test "$kills" -ge 10 -a "$grown" -ge 4
# A line that was cut in the middle, as a full disk leaves it.
cut=$(rows)
check '… with runs to go on from' test -n "$cut"
[ -n "$cut" ] && truncate -s -7 "$cut"
check '… of which one was cut in the middle' cut_short "$cut"
# shellcheck disable=SC2086
run $long --out "$work/killed"
check 'gone on with each time it has the same bytes' same "$work/whole" "$work/killed"

"$gridsim" compare --topology complete --nodes 128 --repeat 2000 --out "$work/stopped" \
  >"$work/out" 2>"$work/err" </dev/null &
pid=$!
sleep 1
kill -TERM "$pid"
wait "$pid"
status=$?
check 'SIGTERM ends it with 143' ends 143
check 'it says how to go on' err_has 'the same command goes on there'
check 'what there is so far is shown' out_has 'This is what there is after an interruption'

# --- as many runs as the precision needs ---

precise="--topology erdos-renyi --nodes 24 --repeat 10 --precision 3%"
# shellcheck disable=SC2086
run $precise --out "$work/p"
check 'it repeats until the interval is narrow' python -c '
import csv, sys
row = next(csv.DictReader(open(sys.argv[1])))
mean, high, runs = (float(row[key]) for key in ("convergence.mean", "convergence.ci_high", "runs"))
assert (high - mean) / mean <= 0.03 and runs in (20, 40, 80, 160, 320, 640), (mean, high, runs)' "$work/p/cells.csv"
# shellcheck disable=SC2086
run $precise --precision 0.1% --repeat-max 35 --out "$work/q"
check 'up to a limit' grep -q '^erdos-renyi,24,35,' "$work/q/cells.csv"

# --- sweeps and scenarios ---

run "$here/scenarios/ring.json" "$here/scenarios/star.json" --repeat 2
check 'scenarios side by side' out_has 'star'
check '… and its wider intervals agree with an independent implementation' \
  python "$here/tools/check-statistics.py" "$work/p/runs.csv" "$work/p/cells.csv" "$work/p/growth.csv"
echo '{"topology": {"kind": "ring", "nodes": 8}, "schedule": [{"at": 1, "node": "N3", "production": 7}]}' \
  >"$work/fixed.json"
run "$work/fixed.json" --topology ring,star --nodes 8 --vary network.jitter=0,3ms --out "$work/plain"
check 'where nothing is drawn one run is all there is' \
  test "$(tail -n +2 "$work/plain/runs.csv" | wc -l)" -eq 42
check '… and stands for each repetition of others, says an independent implementation' \
  python "$here/tools/check-statistics.py" "$work/plain/runs.csv" "$work/plain/cells.csv" \
  "$work/plain/growth.csv" "$work/plain/effects.csv"
run "$work/fixed.json" --topology ring,star --nodes 8 --vary network.jitter=0,3ms --out "$work/plain"
check '… and that is said' \
  grep -q 'Nothing is drawn from the seed in 2 of 4 cells: 1 run of each' "$work/out"
run "$work/fixed.json" --topology ring,watts-strogatz --nodes 8 --vary seed=1,2,3 --repeat 2
check 'an axis seed that does nothing in some cells is said to' \
  out_has 'The axis seed has no effect there: all 3 of its values give the same figures'
run "$work/fixed.json" --vary seed=1,2 --out "$work/same-seeds"
check '… and in all' out_has 'The axis seed has no effect: both of its values give the same figures'
for file in results.json report.html; do
  check "… in $file, too" grep -q 'The axis seed has no effect: both of its values' "$work/same-seeds/$file"
done
run --topology ring --nodes 8 --vary seed=1,2,9 --repeat 4 --out "$work/near-seeds"
for file in results.json report.html; do
  check "runs that cells share are said in $file" \
    has "$work/near-seeds/$file" 'closer together than a cell has runs: 3 of 12 runs have the seed of'
done
run "$work/plain/study.json" --out "$work/plain"
check 'half a bound is not called bounds' \
  grep -q 'Every run converged no earlier than the lower bound of theory in both cells' "$work/out"
check '… and is named in CSV' grep -q ',lower,' "$work/plain/cells.csv"
run "$work/plain/study.json" --out "$work/plain-again"
check '… and the kept sweep runs as few again' same "$work/plain/runs" "$work/plain-again/runs"
run "$work/fixed.json" --repeat 3
check '… unless more are asked for' out_has 'there is; more runs repeat it.'
check '… which are said, too' out_has 'All 3 runs ended'
run "$work/fixed.json"
check 'one run is not called all of them' out_has 'The only run ended with every node in sync.'
run "$here/scenarios/sweeps/flaw.json" --repeat 10
check 'a sweep file' out_has 'original'
check 'runs that end out of sync give status 1' ends 1
for sweep in "$here"/scenarios/sweeps/*.json; do
  run "$sweep" --repeat 1 --precision 100% --quiet
  check "$(basename "$sweep") works" no_err
done
run --topology ring --nodes 9 --vary network.latency=1ms,2ms --set network.jitter=1ms --repeat 3
check 'any member can be varied' test "$(grep -c '^  [★ ]  ' "$work/out")" -ge 2

# --- studies that know what they are made of ---

mkdir "$work/from"
printf 'a b\nb c\nc a\n' >"$work/from/net.edges"
cat >"$work/from/grid.json" <<'END'
{"topology": {"file": "net.edges"},
 "schedule": [{"at": "1s", "node": {"random": 1}, "production": 5}]}
END
run "$work/from/grid.json" --repeat 3 --out "$work/grid"
check 'a graph file can be studied' ends 0
cp -r "$work/grid" "$work/kept"
run "$work/from/grid.json" --repeat 3 --out "$work/grid"
check '… and gone on with as long as it is the same' same "$work/grid" "$work/kept"
old=$(sha256sum "$work/from/net.edges" | cut -c1-16)
seq 1 40 | sed 's/.*/n& n1/' | sed 1d >"$work/from/net.edges"
new=$(sha256sum "$work/from/net.edges" | cut -c1-16)
run "$work/from/grid.json" --repeat 6 --out "$work/grid"
check 'a graph file that was edited is another study' err_is \
  "compare: $work/grid: its runs were made with another content of $work/from/net.edges: its fingerprint was $old, and is $new now; give the old content back, give --out another directory, or --fresh to begin anew there"
check '… and nothing was changed' same "$work/grid" "$work/kept"
: >"$work/grid/mine.txt"
run "$work/from/grid.json" --repeat 6 --out "$work/grid" --fresh
check 'with --fresh all is run anew' test "$(cut -d, -f1-3 "$work/grid/runs.csv" | wc -l)" -eq 7
check '… with the new file alone' test "$(cut -d, -f6 "$work/grid/runs.csv" | sort -u | wc -l)" -eq 2
check '… it says where the earlier study is' err_has "The earlier study is set aside in $work/grid/before-1"
odd=$work/$'odd\342\200\256\033[2J'
run --topology ring --nodes 8 --repeat 1 --out "$odd"
mv "$work/err" "$work/odd-err"
run --topology ring --nodes 9 --repeat 1 --out "$odd" --fresh
cat "$work/odd-err" >>"$work/err"
check 'whatever a folder is called' err_has 'The earlier study is set aside in '
both_shown() {
  [ "$(grep -cF 'odd\u202e\u001b[2J' "$work/err")" -eq 3 ] && ! grep -qF "$odd" "$work/err"
}
check '… both are said so that no terminal is driven' both_shown
check '… which is whole' same "$work/grid/before-1" "$work/kept"
check '… and what is not of a study stays' test -e "$work/grid/mine.txt"
sed 's/production/consumption/' "$work/from/grid.json" >"$work/from/new.json"
mv "$work/from/new.json" "$work/from/grid.json"
run "$work/from/grid.json" --repeat 6 --out "$work/grid"
check 'so is a scenario that was edited' err_has "another content of $work/from/grid.json: its fingerprint was"
run --topology ring --nodes 8 --fresh
check '--fresh by itself' err_is 'compare: --fresh goes with --out; without it all is run anew anyway'
mkdir "$work/unrelated" && echo mine >"$work/unrelated/mine"
run --topology ring --nodes 8 --out "$work/unrelated" --fresh
check '--fresh takes no directory that is not a study' ends 2
check '… and deletes nothing' grep -q mine "$work/unrelated/mine"

mv "$work/kept" "$work/moved"
rm -r "$work/from"
cell=$("$gridsim" run --json "$work/moved/scenarios/scenario=grid.json" | sed -n 's/.*"digest": "\(.*\)".*/\1/p')
check 'a kept cell runs by itself from anywhere' \
  grep -q "\"repetition\": 0.*$cell" "$work/moved/runs/scenario=grid.jsonl"
run "$work/moved/study.json" --repeat 3 --json
cp "$work/out" "$work/document"
check 'study.json is a sweep that gives the same again' python -c '
import json, sys
old = json.load(open(sys.argv[1])); new = json.load(open(sys.argv[2]))
assert old["cells"] == new["cells"]' "$work/moved/results.json" "$work/document"
echo 'a d' >>"$work/moved/inputs/net-$old.edges"
run "$work/moved/study.json"
check 'a kept file that was edited is not taken for itself' err_has '"net.edges" was changed: its fingerprint is'

sed 's/"commit": ".*"/"commit": "0123456789ab"/' "$work/b/study.json" >"$work/manifest"
cp "$work/manifest" "$work/b/study.json"
# shellcheck disable=SC2086
run $small --out "$work/b"
check 'runs of another commit are gone on with when some, done again, are the same' \
  err_has '12 runs of them, done again, are the same'
check '… and are then of this one' same "$work/a" "$work/b"
cp "$work/manifest" "$work/b/study.json"
one="$work/b/runs/topology=star,nodes=12.jsonl"
sed -i '1s/"digest": "...../"digest": "00000/' "$one"
resign "$one"
# shellcheck disable=SC2086
run $small --out "$work/b"
check '… and refused when one is not' err_has 'this is 0.1.0'
check '… with both digests' err_has 'topology=star,nodes=12, repetition 0: has the digest'
check '… by 2' ends 2
sed -i 's/"results_version": .*,/"results_version": 1,/' "$work/b/study.json"
# shellcheck disable=SC2086
run $small --out "$work/b"
check 'runs of a program with other results are refused' err_has 'holds results of gridsim 0.1.0 (0123456789ab), which this one'

run --topology ring --nodes 8,16 --repeat 2 --out "$work/a"
check 'with fewer cells it says what is left out' err_has "$work/a/report.html"
tr -s ' \n' ' ' <"$work/out" >"$work/words" && cp "$work/words" "$work/out"
check '… in words' out_has 'Kept, but in none of these figures: 50 runs of 10 other cells and 6 more runs of these cells, beyond the repetitions asked for.'
check '… in the document' python -c '
import json, sys
assert json.load(open(sys.argv[1]))["left_out"] == {"cells": 10, "runs": 50, "runs_of_cells": 6}' "$work/a/results.json"
timed 120 "$gridsim" compare --topology ring --nodes 8,16 --repeat 2 --out "$work/a" --format csv
check '… beside a table as CSV' err_has 'Kept, but in none of these figures: 50 runs of 10 other cells and 6 more runs'
check '… that has cells only' is "$(grep -c . "$work/out")" 3
timed 120 "$gridsim" compare --topology ring --nodes 8,16 --repeat 2 --out "$work/a" --format csv -q
check '… but quietly' no_err
timed 120 "$gridsim" compare --topology ring --nodes 8 --repeat 1 --format csv
check '… and nothing of nothing' no_err
check '… and keeps all runs in the table of runs' python -c '
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert len(rows) == 60 and sum(row["in_table"] == "yes" for row in rows) == 4' "$work/a/runs.csv"
check 'the figures still agree with an independent implementation' \
  python "$here/tools/check-statistics.py" "$work/a/runs.csv" "$work/a/cells.csv" "$work/a/growth.csv"
# shellcheck disable=SC2086
run $small --out "$work/a"
check '… until all is asked for again' test -z "$(grep ',no$' "$work/a/runs.csv")"

run --topology ring --nodes 8 --repeat 2 --vary seed=1,7 --vary network.latency=8.0ms,1e-3 --out "$work/seeds"
check 'columns have names of their own' test -z "$(head -n 1 "$work/seeds/runs.csv" | tr , '\n' | sort | uniq -d)"
check '… the first seeds are axis.seed' grep -q '^topology,nodes,axis.seed,network.latency,repetition,seed,' "$work/seeds/runs.csv"
cp "$work/seeds/study.json" "$work/manifest"
run "$work/seeds/study.json" --out "$work/seeds"
check 'values keep their names on the way' same "$work/seeds/study.json" "$work/manifest"

# --- what a sweep will do ---

echo '{"axes": {"topology": ["ring", "random-regular"], "nodes": [5, 8]}, "repeat": 6}' >"$work/sweep.json"
timed 60 "$gridsim" check "$work/sweep.json"
check 'check takes a sweep: cells' 0 out_has 'cells     4: topology (2), nodes (2)'
check '… runs of those that can be' 0 out_has 'runs      18'
check '… and which cannot' 0 out_has 'cannot be: topology=random-regular,nodes=5: '
timed 60 "$gridsim" check --json "$work/sweep.json" scenarios/ring.json
check '… beside scenarios, as JSON' 0 out_has '"runs": 18'
timed 60 "$gridsim" check "$work/a/study.json"
check '… and the sweep of a study' 0 out_has 'a sweep'
timed 60 "$gridsim" check "$work/same-seeds/study.json"
check '… and that an axis seed has no effect' 0 out_has 'seed      the axis has no effect: nothing is'
timed 60 "$gridsim" check "$work/near-seeds/study.json"
check '… and that cells share runs' 0 out_has 'closer together than a cell has runs: 3 runs have the'
timed 60 "$gridsim" check --json "$work/near-seeds/study.json"
check '… in JSON, too' 0 grep -q '"shared_runs": 3,' "$work/out"
echo '{"axes": {"nodes": [5], "network.latencyy": ["1ms"]}}' >"$work/sweep.json"
timed 60 "$gridsim" check "$work/sweep.json"
check '… and says what is wrong with one' 2 err_has 'did you mean "latency"'

# --- memory ---

run --topology ring --nodes 500 --repeat 3 --jobs 4 --memory 100MiB
check 'where not all runs fit, fewer are done at once' err_has 'at a time instead of 4: one needs up to about'
check '… with the same results' out_has '501,501'
run --topology ring,line --nodes 8,500 --repeat 3 --memory 10MiB
check 'a run that fits nowhere' err_has 'compare: topology=ring,nodes=500: this run needs about'
check 'is refused before the first' ends 2

# --- lists ---

run --topology ' ring, star' --topology line --nodes '8, 12' --nodes 16 --repeat 1 --format csv \
  --vary 'network.jitter=0, 1ms' --vary network.jitter=2ms
check 'blanks around commas do not matter, and lists add up' 0 test "$(wc -l <"$work/out")" -eq 28
check 'in the order in which they are given' test "$(sed -n 's/,.*//; 2p; 28p' "$work/out" | xargs)" = 'ring line'

# --- wrong input ---

run --topology rinq
check 'an unknown topology' err_has 'compare: --topology: "rinq" is no topology; did you mean "ring"? Give "line"'
run --topology mesh
check 'a family by another name' err_has 'did you mean "lattice" or "complete"?'
run --topology ring --nodes 8 --topology ring
check 'the same family twice' err_has 'topology: "ring" is given twice'
run --nodes 8 --nodes ''
check 'an empty list behind another' err_has '--nodes: an empty list'
run --nodes ''
check 'an empty axis' err_is 'compare: --nodes: an empty list; give values with commas between them'
run --nodes 8,x
check 'a size that is no number' err_has '"x" is no number of nodes'
run --topology random-regular,ring --nodes 5
check 'a cell that cannot be is marked with the reason' out_has '5 nodes and k 3'
check '… and the others are run' out_has '★  ring'
run --topology random-regular --nodes 5
check 'nothing is possible' err_has 'no cell is possible'
run --vary network.latencyy=1ms --nodes 8
check 'an unknown member' err_has 'did you mean "latency"'
: >"$work/file"
# shellcheck disable=SC2086
run $small --out "$work/file/in"
check 'a directory that cannot be made' err_is "compare: $work/file/in: cannot be made: Not a directory"
mkdir "$work/other" && : >"$work/other/mine"
# shellcheck disable=SC2086
run $small --out "$work/other"
check 'a directory with something else' err_is \
  "compare: $work/other: is not empty, and no study made it; give --out another directory"
run --topology ring --out "$work/a" --seed 9
check 'the results of another sweep' err_is \
  "compare: $work/a: holds the results of another sweep: its first seed: 1, here: 9; give --out another directory, or --fresh to begin anew there"
run --vary protocol=echo,original --out "$work/a"
check 'other axes' err_has 'another sweep: its axes:'
echo '{"topology": {"kind": "ring", "nodes": 3}, "schedule": [{"at": 1, "node": "N1", "production": 1}]}' \
  >"$work/mine.json"
run "$work/mine.json" --topology ring --nodes 8 --out "$work/a"
check 'another scenario' err_has 'holds the results of another scenario'
run --repeat 0
check 'no repetitions' err_has '--repeat: "0" is not allowed'
run --repeat-max 5
check 'an option that would do nothing' err_has '--repeat-max goes with --precision'
run --nodez 5
check 'an unknown option' err_has "did you mean '--nodes'?"

tally

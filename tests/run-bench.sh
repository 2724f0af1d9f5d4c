#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmark: each way of running a graph does exactly the work that it should,
# and who does not, or takes too long or too much memory, is found. The quick run
# gives all tables.
# Made-up programs are written with their variables in them.
# shellcheck disable=SC2016
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
bench=$gridsim-bench

# All ids from 1 to the number of nodes, as many links as said, none twice or to itself.
well_formed() {
  awk 'NR == 1 { nodes = $1; links = $2; next }
    { a = $1 < $2 ? $1 : $2; b = $1 < $2 ? $2 : $1 }
    a < 1 || b > nodes || a == b || seen[a, b]++ { bad = 1 }
    { met[a]; met[b] }
    END { exit bad || NR != links + 1 || length(met) != nodes }' "$work/out"
}
for graph in ring-64 star-256 complete-64 lattice-16x16 tree-255 barabasi-albert-512; do
  "$bench" --edges "$graph" >"$work/out" 2>&1
  check "the edges of $graph" well_formed
done

for graph in ring-7 tree-12 watts-strogatz-50 lattice-3x5; do
  "$bench" --edges "$graph" >"$work/out" 2>&1
  check "another size: $graph" well_formed
done
printf '7 9\n9 4\n4 7\n4 12\n' >"$work/it's a.edges"
"$bench" --edges "$work/it's a.edges" >"$work/out" 2>&1
check "the edges of a file" well_formed
check "its size" grep -q '^4 4$' "$work/out"

# Two lines: so many messages, some seconds, right, seconds of loading, peak and base of memory.
exact() {
  [ "$(grep -cE "^$1 [0-9]+\.[0-9]{6,9} right [0-9]+\.[0-9]{6,9} [1-9][0-9]* [1-9][0-9]*\$" "$work/out")" -eq 2 ] &&
    [ "$(wc -l <"$work/out")" -eq 2 ]
}
# (2E - N + 1)(1 + 2N)
for case in ring-64=8385 star-256=130815 complete-64=512001 lattice-16x16=361665 "$work/it's a.edges=45"; do
  for runner in pool threads loop bare; do
    "$bench" --sync "${case%=*}" --runner $runner --workers 2 --repeat 2 >"$work/out" 2>&1
    check "${case%=*} by $runner" exact "${case#*=}"
  done
done
for network in jitter latencies both; do
  for runner in pool threads bare; do
    "$bench" --sync watts-strogatz-60 --network $network --runner $runner --workers 2 --repeat 2 >"$work/out" 2>&1
    check "the network $network by $runner" exact 21901
  done
  "$bench" --wave ring-64 --network $network --workers 2 --repeat 2 >"$work/out" 2>&1
  check "a wave in the network $network" exact 130
done
# 2(2E - N + 1)
for case in ring-64=130 barabasi-albert-1000=5990; do
  for runner in pool threads; do
    "$bench" --wave "${case%=*}" --runner $runner --workers 2 --repeat 2 >"$work/out" 2>&1
    check "a wave of ${case%=*} by $runner" exact "${case#*=}"
  done
done

for graph in no-such ring-64x ring- lattice-4 "$work"; do
  "$bench" --edges "$graph" >"$work/out" 2>&1
  check "a graph that there is not: $graph" test $? -eq 1
done
"$bench" --edges no-such >"$work/out" 2>&1
check "the graphs there are" grep -q 'lattice-ROWSxCOLUMNS' "$work/out"
"$bench" --sync ring-64 --runner no-such >"$work/out" 2>&1
check "an unknown runner" test $? -eq 1
"$bench" --wave ring-64 --runner bare >"$work/out" 2>&1
check "a runner that cannot" test $? -eq 1
"$bench" --sync ring-64 --network jitter --runner loop >"$work/out" 2>&1
check "a runner that cannot in this network" test $? -eq 1
"$bench" --sync ring-64 --network no-such >"$work/out" 2>&1
check "an unknown network" test $? -eq 1
check "the networks there are" grep -q 'uniform, jitter, latencies, both' "$work/out"
"$bench" --wave ring-64 --sync ring-64 >"$work/out" 2>&1
check "two things at once" test $? -eq 2

if ! command -v python3 >/dev/null; then
  skip 'python3 is not installed: the comparison is not tested'
  tally
  exit
fi

# A made-up rival stands where CAF's would be; $2 is the number of repetitions.
# Of the others, only who needs no program of ours could be there.
mkdir -p "$work/build/rivals"
ln -s "$bench" "$work/build/gridsim-bench"
ln -s "$gridsim" "$work/build/gridsim"
csv=$work/figures/bench.csv
measure() {
  python3 -B tools/bench/bench.py "$work/build" --out "$work/figures" "$@" >"$work/out" 2>&1
}
compare() {
  printf '#!/bin/sh\n%s\n' "$1" >"$work/build/rivals/caf"
  chmod +x "$work/build/rivals/caf"
  shift
  measure --only rivals --graphs ring-64 --rounds 2 --limit "$@"
}

check_quick() {
  check "the quick run" test "$1" -eq 0
  for name in CAF SimGrid Erlang Go 'Go batch'; do
    check "$name is missed" grep -q "^$name is not installed: left out" "$work/out"
  done
  check "the columns" test "$(head -n 1 "$csv")" = \
    part,subject,network,nodes,contestant,group,workers,round,run,messages,seconds,load_s,whole_s,cpu_s,bytes,base_bytes,stopped
  for part in rivals waves updates workers networks outputs commands besides; do
    check "the figures of $part" grep -q "^$part," "$csv"
  done
  check "no figures of what was not asked for" test "$(grep -c '^huge,' "$csv")" -eq 0
  check "as many values as columns" awk -F, '!/"/ && NF != 17 { bad = 1 } END { exit bad }' "$csv"
  check "how much is left" grep -q ' %, about [0-9]* s left: besides' "$work/out"
  python3 -B tools/bench/tables.py "$csv" >"$work/again.md"
  check "the same tables from the figures" cmp -s "$work/again.md" "$work/figures/tables.md"
  head -n 1 "$csv" | tee "$work/one.csv" >"$work/two.csv"
  grep '^rivals,' "$csv" >>"$work/one.csv"
  sed '1d; /^rivals,/d' "$csv" >>"$work/two.csv"
  python3 -B tools/bench/tables.py "$work/one.csv" "$work/two.csv" >"$work/parts.md"
  check "the same tables from parts" cmp -s "$work/again.md" "$work/parts.md"
  for title in 'Millions of messages a second' 'Ratios of rates' 'Peak memory' 'One wave' \
    'One update, by the number of nodes' 'One update, by the number of workers' 'Networks: millions' 'Networks: ratios' \
    'Whole commands' 'Besides'; do
    check "the table $title" grep -q "^$title" "$work/again.md"
  done
  check "tables are whole" awk -F'|' '/^\|/ { if (n && NF != n) bad = 1; n = NF } !/^\|/ { n = 0 }
    END { exit bad }' "$work/again.md"
}
measure --quick
check_quick $?
if command -v gnuplot >/dev/null; then
  check "the plots" test -s "$work/figures/rivals.svg" -a -s "$work/figures/scaling.svg"
fi

measure --quick --only graph --graph "$work/it's a.edges"
check "a graph file" test $? -eq 0
check "its table" grep -q "^One update of it's a.edges, 4 nodes, 45 messages:" "$work/out"
measure --only graph
check "no graph file" test $? -eq 2
measure --quick --turns 0
check "no time for any turn" test $? -eq 2
measure --only no-such
check "an unknown part" test $? -eq 2

measure --quick --only rivals,networks --graphs ring-7 --without SimGrid,loop,bare
check "a graph of one's own choice" test "$(sed 1d "$csv" | cut -d, -f1,2 | sort -u | tr '\n' ' ')" = \
  'networks,ring-7 rivals,ring-7 '
check "some who take no part" test $? -eq 0
check "they are not there" test "$(grep -cE ',(loop|bare),' "$csv")" -eq 0
turns() {
  (cd tools/bench && python3 -B -c "import argparse, contestants
print(contestants.turns($1, argparse.Namespace(rounds=5, turns=20)))")
}
check "short turns" test "$(turns 0.1) $(turns 4)" = '5 5'
check "fewer turns where they are long" test "$(turns 4.1) $(turns 10) $(turns 300)" = '4 2 1'
networks=$work/networks.csv
rate() { echo "networks,ring,$2,64,$1,gridsim,1,$3,1,100,$4,,,,,,"; }
{
  head -n 1 "$csv"
  rate 'pool 1' uniform 1 1 && rate 'pool 1' uniform 2 9 && rate 'pool 1' uniform 3 10
  rate 'pool 1' jitter 1 2 && rate 'pool 1' jitter 2 10 && rate 'pool 1' jitter 3 40
} >"$networks"
python3 -B tools/bench/tables.py "$networks" >"$work/out" 2>&1
# 1/2, 9/10 and 10/40; that of the medians, 9 and 10, would be 0.90.
check "a ratio to another network is the median of those within rounds" \
  grep -q '^| ring | jitter | 0.50 |' "$work/out"
check "where one number of workers was measured there is no ratio of two" \
  grep -q '^| ring | jitter | 0.50 |  |' "$work/out"
measure --quick --only huge
check "many nodes where they are asked for" test $? -eq 0
check "their table" grep -qE '^barabasi-albert-10000 +run, pool' "$work/out"
printf '#!/bin/sh\nexit 1\n' >"$work/no"
chmod +x "$work/no"
ln -sf "$work/no" "$work/build/gridsim"
measure --quick --only huge
check "a command that fails" test $? -eq 1
check "which one" grep -q '^bench: failed: .*/gridsim check' "$work/out"

repeat='for i in $(seq "$2"); do echo 8385'
compare "$repeat 0.000001 right; done" 60
check "a rival that does the work" test $? -eq 0
check "its rate" grep -qE '^ring-64 .* 8385\.00$' "$work/out"
check "its ratio" grep -qE '^ring-64 .* CAF +0\.00 ' "$work/out"
caf='^rivals,ring-64,uniform,64,CAF,rival,[0-9]*'
check "its lines" test "$(grep -cE "$caf,[12],[1-9][0-9]*,8385,1e-06,," "$csv")" -eq 100
check "its warming up" test "$(grep -cE "$caf,[12],0,8385,1e-06,,0\.[0-9]*," "$csv")" -eq 2
compare "$repeat 0.000001 wrong; done" 60
check "a rival with wrong sums" test $? -eq 1
compare 'for i in $(seq 51); do echo 8384 0.000001 right; done' 60
check "a rival with fewer messages" test $? -eq 1
check "what was wrong" grep -q '8384 0.000001 right, not 8385 right' "$work/out"
check "what was measured before" grep -q '^rivals,ring-64,uniform,64,pool 1,' "$csv"
compare 'echo 8385 0.000001 right' 60
check "a rival that ends early" test $? -eq 1
compare "$repeat 0.000001 right; done; echo 8385 0.000001 right" 60
check "a rival that says more" test $? -eq 1
# Long enough for everyone else, also where tests are slow.
compare 'sleep 1000' 5
check "a rival that takes too long" test $? -eq 0
check "its mark" grep -qE '^ring-64 .* >5s$' "$work/out"
check "its line" test "$(grep -cE "$caf,1,1,8385,,,,,[0-9]*,,>5s\$" "$csv")" -eq 1
check "no second turn" test "$(grep -cE "$caf,2," "$csv")" -eq 0
compare 'exec awk "BEGIN { for (;;) all[++i] = i }"' 60 --memory 0.2
check "a rival that takes too much memory" test $? -eq 0
check "its mark" grep -qE '^ring-64 .* >0.2GB$' "$work/out"
compare 'echo 8385 20.5 right; sleep 1000' 60
check "a slow rival" test $? -eq 0
check "its first repetition counts" test "$(grep -cE "$caf,[12],1,8385,20.5," "$csv")" -eq 2

tally

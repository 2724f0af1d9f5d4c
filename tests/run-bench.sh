#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The benchmark beside other runtimes: each way of running a graph does exactly
# the work that it should, and a peer that does not, or takes too long, is found.
# Made-up programs are written with their variables in them.
# shellcheck disable=SC2016
set -u
cd "$(dirname "$0")/.." || exit 1
bench="${GRIDSIM:?}-bench"
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check NAME CONDITION…
check() {
  name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    cat "$work/out"
  fi
}

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

# Two lines: so many messages, some seconds, right.
exact() {
  [ "$(grep -cE "^$1 [0-9]+\.[0-9]{6} right\$" "$work/out")" -eq 2 ] &&
    [ "$(wc -l <"$work/out")" -eq 2 ]
}
# (2E - N + 1)(1 + 2N)
for case in ring-64=8385 star-256=130815 complete-64=512001 lattice-16x16=361665; do
  for runner in pool threads loop bare; do
    "$bench" --sync "${case%=*}" --runner $runner --workers 2 --repeat 2 >"$work/out" 2>&1
    check "${case%=*} by $runner" exact "${case#*=}"
  done
done

"$bench" --edges no-such >"$work/out" 2>&1
check "an unknown graph" test $? -eq 1
check "the graphs there are" grep -q 'lattice-45x45' "$work/out"
"$bench" --sync ring-64 --runner no-such >"$work/out" 2>&1
check "an unknown runner" test $? -eq 1

if ! command -v python3 >/dev/null; then
  echo 'python3 is not installed: the comparison is not tested'
  echo "$passed passed, $failed failed"
  exit $((failed > 0))
fi

# A made-up peer stands where CAF's would be; $2 is the number of repetitions.
mkdir -p "$work/build/peers"
ln -s "$bench" "$work/build/gridsim-bench"
compare() {
  printf '#!/bin/sh\n%s\n' "$1" >"$work/build/peers/caf"
  chmod +x "$work/build/peers/caf"
  python3 tools/bench/peers.py "$work/build" --out "$work/figures" --graphs ring-64 --rounds 2 \
    --limit "$2" >"$work/out" 2>&1
}
repeat='for i in $(seq "$2"); do echo 8385'

compare "$repeat 0.000001 right; done" 60
check "a peer that does the work" test $? -eq 0
check "its rate" grep -qE '^ring-64 .* 8385\.00 .* CAF ' "$work/out"
check "its lines" test "$(grep -c '^ring-64,CAF,[12],8385,1e-06,[0-9]*,0' "$work/figures/peers.csv")" -eq 100
compare "$repeat 0.000001 wrong; done" 60
check "a peer with wrong sums" test $? -eq 1
compare 'for i in $(seq 51); do echo 8384 0.000001 right; done' 60
check "a peer with fewer messages" test $? -eq 1
compare 'echo 8385 0.000001 right' 60
check "a peer that ends early" test $? -eq 1
# Long enough for everyone else, also where tests are slow.
compare 'sleep 1000' 5
check "a peer that takes too long" test $? -eq 0
check "its mark" grep -qE '^ring-64 .* >5s ' "$work/out"
check "its line" test "$(grep -c '^ring-64,CAF,1,8385,,[0-9]*,1' "$work/figures/peers.csv")" -eq 1

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

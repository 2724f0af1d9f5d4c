#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-fuzz.sh BUILD SECONDS JOBS: runs each fuzz target for so long, JOBS at a
# time, on a copy of its corpus, and says how many inputs it had and how many
# edges of the code those covered. For tests/fuzz/fuzz_NAME.c the dictionary is
# tests/fuzz/NAME.dict and the corpus tests/fuzz/corpus/NAME.
set -u
build=$1
seconds=$2
jobs=$3

if [ $# -eq 3 ]; then
  for program in "$build"/fuzz/fuzz_*; do
    [ -x "$program" ] && [ -f "tests/fuzz/$(basename "$program").c" ] && echo "$program"
  done | xargs -P "$jobs" -I {} sh "$0" "$build" "$seconds" "$jobs" {}
  exit
fi

program=$4
name=$(basename "$program")
name=${name#fuzz_}
corpus=$build/corpus/$name
findings=$build/findings/$name
mkdir -p "$corpus" "$findings"
[ -d "tests/fuzz/corpus/$name" ] && cp -R "tests/fuzz/corpus/$name/." "$corpus/"
set -- -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
  -verbosity=1 -artifact_prefix="$findings/"
[ -f "tests/fuzz/$name.dict" ] && set -- "$@" -dict="tests/fuzz/$name.dict"
if "$program" "$@" "$corpus" >"$build/$name.log" 2>&1 </dev/null; then
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$build/$name.log" | tail -n 1)
  echo "fuzz: $name: $inputs inputs, $edges edges covered, nothing found"
else
  tail -n 60 "$build/$name.log"
  grep -E '^FAILED: ' "$build/$name.log"
  echo "fuzz: $name failed; what led there is in $findings"
  exit 1
fi

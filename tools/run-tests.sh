#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-tests.sh BUILD [--layers]: runs the Criterion programs of a build, the
# end-to-end scripts tests/run-*.sh with GRIDSIM naming the binary, and with
# --layers the layering check. The last line is "N passed, N failed". Reports
# of the sanitizers fail the run, since Criterion hides what happens at exit.
set -u
build=$1
passed=0
failed=0
logs=$build/log
rm -rf "$logs"
mkdir -p "$logs"

export G_DEBUG=fatal-criticals
export ASAN_OPTIONS="log_path=$PWD/$logs/sanitizer:detect_leaks=1:strict_string_checks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
export GRIDSIM="$PWD/$build/gridsim"

# The first `"key": N` of a Criterion report counts the whole program.
total() { sed -n "s/^ *\"$1\": \([0-9]*\),\{0,1\}\$/\1/p" "$2" | head -n 1; }

add() {
  passed=$((passed + $1))
  failed=$((failed + $2))
}

criterion() {
  [ -x "$1" ] || return 0
  report=$logs/$(basename "$1").json
  "$1" --timeout 300 --json="$report"
  status=$?
  ok=$(total passed "$report")
  bad=$(total failed "$report")
  skipped=$(total skipped "$report")
  if [ -z "$ok" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
    echo "$1 ended with status $status"
    add 0 1
  else
    add "$ok" "$bad"
    echo "$(basename "$1"): $ok passed, $bad failed, $skipped skipped"
    sed -n '/"status": "SKIPPED"/{n;s/.*"messages": \[\(.*\)\].*/  skipped: \1/p;}' "$report"
  fi
}

# A script says what it skips. Its own last "N passed, N failed" counts, or else its exit status.
script() {
  out=$logs/$(basename "$1").out
  case $(head -n 1 "$1") in *bash*) shell="bash" ;; *) shell="sh" ;; esac
  "$shell" "$1" >"$out" 2>&1 </dev/null
  status=$?
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$out" | tail -n 1)
  ok=$(echo "$counts" | sed -n 's/ passed.*//p')
  bad=$(echo "$counts" | sed -n 's/.*, \([0-9]*\) failed/\1/p')
  if [ -z "$counts" ]; then
    ok=$((status == 0))
    bad=$((status != 0))
  elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
  fi
  [ "$bad" -eq 0 ] || grep -v '^ok: ' "$out"
  echo "$(basename "$1"): $ok passed, $bad failed"
  [ "$bad" -ne 0 ] || sed -n 's/^skipped: /  &/p' "$out"
  add "$ok" "$bad"
}

criterion "$build/test-core"
criterion "$build/test-sim"

if [ "${2:-}" = --layers ]; then
  if sh tools/check-layers.sh "$build/libgridsim-core.a" "$build/libgridsim-sim.a" &&
    python3 tools/check-modules.py; then
    add 1 0
  else
    add 0 1
  fi
fi

for test in tests/run-*.sh; do
  [ -f "$test" ] && script "$test"
done

for report in "$logs"/sanitizer.*; do
  [ -f "$report" ] || continue
  echo "== $report"
  cat "$report"
  add 0 1
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

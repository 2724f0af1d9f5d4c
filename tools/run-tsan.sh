#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-tsan.sh BUILD: runs the stress programs of a ThreadSanitizer build, and
# its gridsim on a few scenarios with both runners and several workers. Any
# report fails. TSAN_SCENARIOS names other scenario files.
set -u
build=$1
passed=0
failed=0
logs=$build/log
rm -rf "$logs"
mkdir -p "$logs"
export TSAN_OPTIONS="suppressions=tests/tsan.supp:halt_on_error=1:second_deadlock_stack=1:exitcode=66${TSAN_OPTIONS:+:$TSAN_OPTIONS}"
# GLib's own allocator would hand memory on without telling; see tests/tsan.supp.
export G_SLICE=always-malloc

# Kernels with much address randomisation need it off for ThreadSanitizer.
fixed=
if command -v setarch >/dev/null && setarch -R true 2>/dev/null; then
  fixed='setarch -R'
fi

# try ALLOWED_STATUS_MAX COMMAND…
try() {
  max=$1
  shift
  # shellcheck disable=SC2086
  $fixed timeout 300 "$@" >"$logs/out" 2>&1 </dev/null
  status=$?
  if [ "$status" -gt "$max" ] || grep -q 'WARNING: ThreadSanitizer' "$logs/out"; then
    tail -n 60 "$logs/out"
    echo "FAILED with status $status: $*"
    failed=$((failed + 1))
  else
    echo "ok: $*"
    passed=$((passed + 1))
  fi
}

for program in "$build"/stress/*; do
  [ -x "$program" ] && try 0 "$program"
done

# Small ones first found are enough: what differs between them is not threading.
: "${TSAN_SCENARIOS:=$(find scenarios -maxdepth 1 -name '*.json' ! -name '*.schema.json' -size -64k |
  LC_ALL=C sort | while read -r file; do
  if timeout 2 "$build/gridsim" run --json "$file" >/dev/null 2>&1; then echo "$file"; fi
done | head -n "${TSAN_COUNT:-4}")}"
for scenario in $TSAN_SCENARIOS; do
  for runner in threads pool; do
    for workers in 2 3 8; do
      # Status 1 only says that an expectation was not met.
      try 1 "$build/gridsim" run --json --runner "$runner" --workers "$workers" "$scenario"
    done
  done
done

for jobs in 2 3 8; do
  try 0 "$build/gridsim" compare --topology ring,star,watts-strogatz --nodes 8,24 --repeat 12 --jobs "$jobs"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

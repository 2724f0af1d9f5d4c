#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds gridsim with two compilers, with and without optimisation and with
# sanitizers, and compares the digests of scenarios between all of them, both
# runners and 1, 2 and 3 workers. Then the same of what `gridsim explore` draws,
# all that a run tells, with 1, 2, 3 and 8 workers (tests/stress/drawn.c).
# Prints a table, fails on differences. DIGEST_SCENARIOS names other scenario
# files, DIGEST_COUNT how many at most, DIGEST_DRAWN how many are drawn, a tenth
# of which, or DIGEST_DRAWN_BY_ALL, is run by all builds.
set -u
variants='digest-gcc-O0 digest-gcc-O3 digest-clang-O0 digest-clang-O3 asan tsan'
for variant in $variants; do
  "${MAKE:-make}" --no-print-directory VARIANT="$variant" "build/$variant/gridsim" \
    "build/$variant/stress/drawn" || exit 1
done

fixed=
if command -v setarch >/dev/null && setarch -R true 2>/dev/null; then
  fixed='setarch -R'
fi

# Those that need less than a second on an unsanitized build are enough.
: "${DIGEST_SCENARIOS:=$(find scenarios -maxdepth 1 -name '*.json' ! -name '*.schema.json' |
  LC_ALL=C sort | while read -r file; do
  timeout 1 build/digest-gcc-O0/gridsim run --json "$file" >/dev/null 2>&1
  [ $? -le 1 ] && echo "$file"
done | head -n "${DIGEST_COUNT:-8}")}"
if [ -z "$DIGEST_SCENARIOS" ]; then
  echo 'digests: no scenario runs within a second' >&2
  exit 1
fi

# The first "digest" of the document is the run's.
digest_of() {
  # shellcheck disable=SC2086
  $fixed timeout 300 "build/$1/gridsim" run --json --runner "$2" --workers "$3" "$4" 2>/dev/null \
    </dev/null | tr ',' '\n' | sed -n 's/.*"digest": *"\([^"]*\)".*/\1/p' | head -n 1
}

bad=0
for scenario in $DIGEST_SCENARIOS; do
  first=
  echo "$scenario"
  for variant in $variants; do
    for runner in threads pool; do
      line=
      for workers in 1 2 3; do
        digest=$(digest_of "$variant" "$runner" "$workers" "$scenario")
        : "${first:=$digest}"
        if [ -z "$digest" ]; then
          line="$line  no digest"
          bad=1
        elif [ "$digest" != "$first" ]; then
          line="$line  $digest (differs)"
          bad=1
        else
          line="$line  $digest"
        fi
      done
      printf '  %-16s %-8s%s\n' "$variant" "$runner" "$line"
    done
  done
done

# drawn_alike COUNT VARIANTS: the first word is a checksum of all that the runs told.
drawn_alike() {
  first=
  echo "$1 drawn scenarios, seeds from 1 on"
  for variant in $2; do
    # shellcheck disable=SC2086
    said=$($fixed "build/$variant/stress/drawn" "$1" 2>&1 </dev/null)
    status=$?
    : "${first:=$said}"
    [ "$said" = "$first" ] || said="$said (differs)"
    { [ "$status" -eq 0 ] && [ "$said" = "$first" ]; } || bad=1
    printf '  %-16s %s\n' "$variant" "$said"
  done
}
# A build that is quick runs all of them, the others, which take up to ten times as long, a part.
drawn=${DIGEST_DRAWN:-500}
drawn_alike "$drawn" digest-gcc-O3
drawn_alike "${DIGEST_DRAWN_BY_ALL:-$(((drawn + 9) / 10))}" "$variants"
[ "$bad" -eq 0 ] && echo 'digests: all equal'
exit "$bad"

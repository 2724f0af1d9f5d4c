#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The JSON Schemas of scenarios and sweeps say what the program takes: tests/schema.py
# compares them, and finds a member that only one of the two knows.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
if ! command -v python3 >/dev/null; then
  skip 'python3 is not installed: the schemas are not held against the reader'
  tally
  exit
fi
# The first python that has jsonschema; else any.
python=python3
for one in python3 /usr/bin/python3; do
  ! "$one" -c 'import jsonschema' 2>/dev/null || {
    python=$one
    break
  }
done

# compare SCENARIOS: schema and reader.
compare() {
  rm -rf "$work/documents"
  mkdir "$work/documents"
  timed 300 "$python" -B tests/schema.py "$gridsim" "$1" "$work/documents"
}
compare scenarios
grep '^skipped: ' "$work/out"
parts=$(grep -c '^ok: ' "$work/out")
sed -i '/^ok: /d' "$work/out"
check 'the schemas say what the readers take' 0 no_err
check 'in all their parts' test "$parts" -ge 45

# What was changed on purpose is noticed.
cp -r scenarios "$work/scenarios"
sed -i -e '/"jitter": .*"default": 0/d' -e 's/"http": {/"https": {/' -e 's/"every", "coalesce"/"every"/' \
  "$work/scenarios/scenario.schema.json"
sed -i 's/"times": /"factor": /' "$work/scenarios/sweep.schema.json"
compare "$work/scenarios"
check 'a member that the schema lacks' 1 out_has 'FAILED: scenario /network: members'
check 'a member that the reader lacks' 1 out_has 'FAILED: scenario /nodes/0: members'
check 'a word that the schema lacks' 1 out_has 'FAILED: scenario /sync: words'
check 'a member of sweeps' 1 out_has 'FAILED: sweep /axes/nodes: members'

tally

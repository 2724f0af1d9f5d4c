#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/TRACE.md has a row for each event, member and reason that a trace has: as
# sim/run/trace.c and core/effects.c name them, and as runs write them; and no other.
# Backticks are of Markdown.
# shellcheck disable=SC2016
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

# rows HEADING [DOCUMENT]: the first cells of the table below it.
rows() {
  sed -n "/^## $1\$/,/^## /s/^| \`\([^\`]*\)\` |.*/\1/p" "${2:-docs/TRACE.md}" |
    sed '/^event$/{1d}; /^reason$/{1d}' | sort -u
}
quoted() { grep -o '"[^" ]*"' | tr -d '"' | sort -u; }

sed -n 's/.*names\[\] = {\(.*\)};/\1/p' sim/run/trace.c | quoted >"$work/events"
grep -o 'gs_json_member_[a-z]*(writer, "[^"]*"' sim/run/trace.c | quoted >"$work/members"
sed -n '/names\[GS_DROP_REASONS\]/,/;/p' core/effects.c | quoted >"$work/reasons"

for of in events:4 members:17 reasons:9; do
  [ "$(wc -l <"$work/${of%:*}")" -ge "${of#*:}" ] || bad "too few ${of%:*} are found" "$work/${of%:*}"
done
for of in Events:events Members:members Reasons:reasons; do
  rows "${of%:*}" >"$work/rows"
  if cmp -s "$work/rows" "$work/${of#*:}"; then
    ok "docs/TRACE.md has each of the ${of#*:}, and no other"
  else
    diff "$work/rows" "$work/${of#*:}" >"$work/difference"
    bad "docs/TRACE.md has other ${of#*:} (<) than the program (>)" "$work/difference"
  fi
  # Each row is missed when it is not there.
  missed=0
  cp "$work/${of#*:}" "$work/wanted"
  while read -r word; do
    grep -v "^| \`$word\` |" docs/TRACE.md >"$work/less.md"
    rows "${of%:*}" "$work/less.md" | cmp -s - "$work/wanted" || missed=$((missed + 1))
  done <"$work/${of#*:}"
  status=0
  check "each row of ${of#*:} is missed" 0 [ "$missed" -eq "$(wc -l <"$work/${of#*:}")" ]
done

for name in readme churn handshakes; do
  timed 60 "$gridsim" run --quiet --trace "$work/$name.jsonl" "scenarios/$name.json"
  check "$name is traced" 0
done
cat "$work"/*.jsonl >"$work/lines"
rows Members >"$work/rows"
grep -o '"[a-z_]*":' "$work/lines" | tr -d ':"' | sort -u >"$work/written"
comm -13 "$work/rows" "$work/written" >"$work/unknown"
status=0
check 'runs write no member that docs/TRACE.md does not have' 0 [ ! -s "$work/unknown" ]
# Of all members these runs show each one.
comm -23 "$work/rows" "$work/written" >"$work/unseen"
check 'each member is seen in some run' 0 [ ! -s "$work/unseen" ]
tally

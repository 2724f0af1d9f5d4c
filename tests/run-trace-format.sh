#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/TRACE.md has a row for each event, member and reason that a trace has: as
# sim/run/trace.c and core/effects.c name them, and as runs write them; and no other.
# So it has for each event and member of a trace for Chrome.
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

sed -n '/ names\[\] = {/,/};/p' sim/run/trace.c | quoted >"$work/events"
grep -o 'gs_json_\(member_[a-z]*\|write_key\)(writer, "[^"]*"' sim/run/trace.c | quoted >"$work/members"
sed -n '/names\[GS_DROP_REASONS\]/,/;/p' core/effects.c | quoted >"$work/reasons"

for of in events:12 members:22 reasons:9; do
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

for name in readme churn handshakes crash partition one-way-cut; do
  timed 60 "$gridsim" run --quiet --trace "$work/$name.jsonl" "scenarios/$name.json"
  check "$name is traced" 0
done
timed 60 "$gridsim" run --quiet --trace "$work/tries.jsonl" --set network.transport.tries=3 scenarios/loss.json
check 'messages that are tried again are traced' 0
cat "$work"/*.jsonl >"$work/lines"
rows Members >"$work/rows"
grep -o '"[a-z_]*":' "$work/lines" | tr -d ':"' | sort -u >"$work/written"
comm -13 "$work/rows" "$work/written" >"$work/unknown"
status=0
check 'runs write no member that docs/TRACE.md does not have' 0 [ ! -s "$work/unknown" ]
# Of all members these runs show each one.
comm -23 "$work/rows" "$work/written" >"$work/unseen"
check 'each member is seen in some run' 0 [ ! -s "$work/unseen" ]

# --- for Chrome ---------------------------------------------------------------

# chrome_rows HEAD [DOCUMENT]: what stands in the first cells of the table with that head.
chrome_rows() {
  sed -n "/^| $1/,/^\$/s/^| \(\`[^|]*\`\) |.*/\1/p" "${2:-docs/TRACE.md}" |
    sed 's/`, `/\n/g; s/`//g' | sort -u
}

# One is cut short, with messages, waves and nodes out of sync that are open.
cat >"$work/ring" <<'END'
{"topology": {"kind": "ring", "nodes": 40}, "network": {"latency": "10ms"},
 "schedule": [{"at": "1s", "node": "N1", "production": 5}]}
END
timed 60 "$gridsim" run --quiet --trace "$work/cut.json" --until 1.045s "$work/ring"
check 'a run that is cut short is traced for Chrome' 0
# One loses messages, and gives some up.
cat >"$work/lossy" <<'END'
{"topology": {"kind": "ring", "nodes": 6}, "recovery": {"resync": "1s"}, "until": "10s",
 "network": {"latency": "10ms", "loss": 0.3, "transport": {"tries": 2, "after": "20ms"}},
 "schedule": [{"at": "1s", "node": "N1", "production": 5}]}
END
# In one a node is down, suspected and trusted again, and waves end by their limits.
cat >"$work/crash" <<'END'
{"topology": {"kind": "ring", "nodes": 5}, "network": {"latency": "10ms"}, "recovery": {"resync": "1s"},
 "until": "10s", "schedule": [{"at": "1s", "crash": "N3", "for": "3s"},
  {"at": "5s", "partition": {"random": 2}, "for": "1s"},
  {"at": "5s", "cut": ["N1", "N2"], "one_way": true}, {"at": "7s", "heal": "*"},
  {"at": "2s", "node": "N1", "production": 5}]}
END
for of in scenarios/readme.json scenarios/handshakes.json scenarios/pace.json tests/golden/overlap.json \
  "$work/lossy" "$work/crash"; do
  timed 60 "$gridsim" run --quiet --trace "$work/$(basename "$of" .json).json" "$of"
  check "$of is traced for Chrome" 0
done
python3 - "$work" "$work"/*.json <<'END'
import json, sys

events, members = set(), set()

def walk(value, of_counter=False):
    if isinstance(value, dict):
        for key, inside in value.items():
            if not of_counter or key == "nodes":
                members.add(key)
            walk(inside, key == "args" and value["ph"] == "C")
    elif isinstance(value, list):
        for inside in value:
            walk(inside)

for path in sys.argv[2:]:
    document = json.load(open(path, encoding="utf-8"))
    walk(document)
    for event in document["traceEvents"]:
        what = event.get("cat", event["name"])
        events.add(event["ph"] + " " + ("gridnet NAME" if what.startswith("gridnet ") else what))
for name, found in ("written-events", events), ("written-members", members):
    with open(sys.argv[1] + "/" + name, "w", encoding="utf-8") as file:
        file.writelines(sorted(line + "\n" for line in found))
END
# What stands in the code is at least what is written.
grep -o '\\"[a-zA-Z_]*\\":\|gs_json_[a-z_]*(writer, "[a-z_]*"' sim/report/chrome_events.c |
  grep -o '[a-zA-Z_]*\(\\":\|"\)$' | tr -d '\\":' | sort -u >"$work/chrome-members"
grep -o "events, '[a-zA-Z]'" sim/report/chrome_events.c | cut -d "'" -f 2 | sort -u >"$work/phases"
chrome_rows '.ph. and' >"$work/chrome-events"
cut -d ' ' -f 1 "$work/chrome-events" | sort -u >"$work/known-phases"
status=0
check 'each phase of the code has a row in docs/TRACE.md' 0 cmp -s "$work/phases" "$work/known-phases"
chrome_rows 'member of Chrome' >"$work/known-members"
LC_ALL=C sort -o "$work/known-members" "$work/known-members"
LC_ALL=C sort -o "$work/chrome-members" "$work/chrome-members"
LC_ALL=C sort -o "$work/chrome-events" "$work/chrome-events"
# same WHAT ONE OTHER
same() {
  status=0
  diff "$2" "$3" >"$work/difference" || status=$?
  check "$1" 0
  [ "$status" -eq 0 ] || sed 's/^/  /' "$work/difference"
}
same 'docs/TRACE.md has each member of Chrome events that the code has' "$work/known-members" "$work/chrome-members"
# It takes more waves than that for one to be given up.
echo given_up | LC_ALL=C sort -o "$work/written-members" - "$work/written-members"
same '… and that runs write' "$work/known-members" "$work/written-members"
same 'docs/TRACE.md has each Chrome event that runs write' "$work/chrome-events" "$work/written-events"
tally

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Report pages in a browser without a window: figures, charts, widths, colours,
# paper, nothing asked for from anywhere. GRIDSIM names the program, beside
# which gridsim-page is. Does nothing where there is no browser.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
maker=$(dirname "$gridsim")/gridsim-page

# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"
needs_browser 'pages are looked at'

set --
for sample in usual few many category latency single empty sparse hostile; do
  if ! python3 tests/page_samples.py "$sample" >"$work/$sample.json" ||
    ! "$maker" compare "$work/$sample.json" >"$work/$sample.html" ||
    ! "$maker" compare "$work/$sample.json" | cmp - "$work/$sample.html"; then
    bad "the page of $sample is made, and the same twice"
    tally
    exit
  fi
  set -- "$@" "$sample" "$work/$sample.html" "$work/$sample.json"
done

# And those of real studies, one with a cell that cannot be.
study() {
  name=$1
  shift
  "$gridsim" compare "$@" --out "$work/$name" -q >/dev/null 2>&1 ||
    echo "FAILED: gridsim compare $*"
}
study families --topology ring,star,watts-strogatz,random-regular --nodes 5,8,16 --repeat 6
study settings --topology tree,complete --nodes 12 --vary network.jitter=0ms,1ms,4ms --repeat 6
study scenarios scenarios/ring.json scenarios/star.json scenarios/tree.json --repeat 3
# Where messages are lost; and where no run comes into sync, so that none has a convergence time.
study lost scenarios/loss.json --vary network.loss=0,5% --repeat 3
"$gridsim" compare scenarios/crash.json --vary recovery=none --until 12s --repeat 2 --out "$work/never" -q >/dev/null 2>&1
for name in families settings scenarios lost never; do
  set -- "$@" "$name" "$work/$name/report.html" "$work/$name/results.json"
done

# Pages of runs: few nodes and many, paced, islands, much happening, nothing happening, one
# message, energies that differ in the last digit, names that are long, odd and turn text around.
printf '%s\n' '{"nodes": [{"name": "</script><b>A & B"}, {"name": "B"}],
  "links": [["</script><b>A & B", "B"]]}' >"$work/idle.json"
printf '%s\n' '{"nodes": [{"name": "A"}], "schedule": [{"at": "1s", "node": "A", "production": 268420}]}' >"$work/alone.json"
printf '%s\n' '{"nodes": [{"name": "A", "production": 268420}, {"name": "B"}], "links": [["A", "B"]],
  "unit": "s", "until": "10s", "network": {"latency": "30s"},
  "schedule": [{"at": "1s", "node": "A", "production": 268421}]}' >"$work/one.json"
python3 - >"$work/names.json" <<'EOF'
import json
names = ["N" * 200, "N" * 199 + "M", "مولد الطاقة الشمسية", "\u202eturned", "\u2069\u202eout", "Z" + "\u0300" * 60,
         "\U0001f468\u200d\U0001f469" * 10, "<script>alert(1)</script>", "発電所" * 22, "\u200b", "plain", "' & \""]
print(json.dumps({"name": "W" * 190, "about": "שלום " * 30 + "\u202e", "nodes": [{"name": name} for name in names],
                  "links": [[a, b] for a, b in zip(names, names[1:])],
                  "schedule": [{"at": "1s", "node": name, "production": 5} for name in names]}))
EOF
# Many nodes, which are drawn and not listed; a map; and what is too large to be in its page.
printf '{"topology": {"kind": "ring", "nodes": 3},%*s"start": "cold"}' 4200000 '' >"$work/padded.json"
echo '{"topology": {"kind": "lattice", "rows": 40, "columns": 60}}' >"$work/large.json"
echo '{"topology": {"file": "map.gml"}}' >"$work/map.json"
echo 'graph [ node [ id 1 label "Oslo" lon 10.8 lat 59.9 ] node [ id 2 label "Rome" lon 12.5 lat 41.9 ]
  node [ id 3 label "Lisbon" lon -9.1 lat 38.7 ] node [ id 4 label "between Oslo and Rome" ]
  edge [ source 1 target 4 ] edge [ source 4 target 2 ] edge [ source 2 target 3 ] ]' >"$work/map.gml"
# What goes wrong: each sort of fault, some of them for good, one after the run is at rest; and more
# by chance than are listed.
cat >"$work/faults.json" <<'EOF'
{"name": "each sort of fault", "unit": "kW", "topology": {"kind": "ring", "nodes": 6},
 "network": {"latency": "10ms", "loss": 0.03}, "recovery": {"resync": "2s"}, "until": "9s", "schedule": [
  {"at": "500ms", "node": "N1", "production": 100},
  {"at": "1s", "crash": "N3", "keeps": "nothing", "for": "1s"},
  {"at": "1.5s", "node": "N6", "production": 40},
  {"at": "3s", "partition": [["N1", "N2", "N3"], "*rest"], "for": "1s"},
  {"at": "3.5s", "cut": ["N1", "N2"], "one_way": true}, {"at": "4.5s", "heal": ["N1", "N2"]},
  {"at": "5s", "pause": "N5", "for": "500ms"}, {"at": "5.1s", "node": "N2", "consumption": 30},
  {"at": "6s", "degrade": {"loss": 0.4, "latency": "60ms"}, "links": "*", "for": "1s"},
  {"at": "6.5s", "slow": "N2", "by": 4}, {"at": "7.5s", "leave": "N4"}]}
EOF
cat >"$work/chance.json" <<'EOF'
{"topology": {"kind": "watts-strogatz", "nodes": 300}, "recovery": "none", "until": "60s", "sync": "coalesce",
 "schedule": [{"at": "1s", "every": "20s", "node": {"random": 1}, "production": {"uniform": [10, 1000]}}],
 "faults": [{"crash": {"random": 1}, "mean_gap": "3s", "for": {"exponential": "3s"}},
            {"pause": {"random": 3}, "mean_gap": "100ms", "for": "500ms"},
            {"slow": {"random": 3}, "by": 3, "mean_gap": "60ms", "for": {"exponential": "1s"}}]}
EOF
for scenario in faults chance readme pace churn islands ring idle alone one names large map padded; do
  file=scenarios/$scenario.json
  [ -e "$file" ] || file=$work/$scenario.json
  if ! "$gridsim" run --quiet --report "$work/run-$scenario.html" "$file"; then
    bad "the page of the run of $scenario is made"
    tally
    exit
  fi
  set -- "$@" "run of $scenario" "$work/run-$scenario.html" -
done

# The same with energies beyond 2^53.
if ! python3 tests/page_samples.py huge "$work/run-one.html" >"$work/huge.json" ||
  ! "$maker" run "$work/huge.json" >"$work/run-huge.html"; then
  bad 'the page of huge energies is made'
  tally
  exit
fi
set -- "$@" 'run of huge' "$work/run-huge.html" -

timeout -k 10 500 python3 tests/pages.py "$chromium" "$chromedriver" "$@"

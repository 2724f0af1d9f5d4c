#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Report pages in a browser without a window: figures, charts, widths, colours,
# paper, nothing asked for from anywhere. GRIDSIM names the program, beside
# which gridsim-page is. Does nothing where there is no browser.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
maker=$(dirname "$gridsim")/gridsim-page

# What sanitizers look at is how pages are made, which other tests do too.
case $gridsim in
*/asan/*)
  skip 'pages are looked at in the release build'
  tally
  exit
  ;;
esac

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
chromedriver=$(command -v chromedriver)
if [ -z "$chromium" ] || [ -z "$chromedriver" ] || ! command -v python3 >/dev/null; then
  skip 'chromium, chromedriver or python3 is not there: pages are not tested'
  tally
  exit
fi
export PYTHONDONTWRITEBYTECODE=1

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
for name in families settings scenarios; do
  set -- "$@" "$name" "$work/$name/report.html" "$work/$name/results.json"
done

# Pages of runs: few nodes and many, paced, islands, much happening, nothing happening.
printf '%s\n' '{"nodes": [{"name": "</script><b>A & B"}, {"name": "B"}],
  "links": [["</script><b>A & B", "B"]]}' >"$work/idle.json"
for scenario in readme pace churn islands ring idle; do
  file=scenarios/$scenario.json
  [ "$scenario" != idle ] || file=$work/idle.json
  if ! "$gridsim" run --quiet --report "$work/run-$scenario.html" "$file"; then
    bad "the page of the run of $scenario is made"
    tally
    exit
  fi
  set -- "$@" "run of $scenario" "$work/run-$scenario.html" -
done

timeout -k 10 500 python3 tests/pages.py "$chromium" "$chromedriver" "$@"

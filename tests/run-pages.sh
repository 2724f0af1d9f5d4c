#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Report pages in a browser without a window: figures, charts, widths, colours,
# paper, nothing asked for from anywhere. GRIDSIM names the program, beside
# which gridsim-page is. Does nothing where there is no browser.
set -u
cd "$(dirname "$0")/.." || exit 1
gridsim=$(readlink -f "${GRIDSIM:-./gridsim}")
maker=$(dirname "$gridsim")/gridsim-page
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What sanitizers look at is how pages are made, which other tests do too.
case $gridsim in
*/asan/*)
  echo 'pages are looked at in the release build'
  echo '0 passed, 0 failed'
  exit 0
  ;;
esac

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
chromedriver=$(command -v chromedriver)
if [ -z "$chromium" ] || [ -z "$chromedriver" ] || ! command -v python3 >/dev/null; then
  echo 'chromium, chromedriver or python3 is not there: pages are not tested'
  echo '0 passed, 0 failed'
  exit 0
fi
export PYTHONDONTWRITEBYTECODE=1

set --
for sample in usual few many category latency single empty sparse hostile; do
  if ! python3 tests/page_samples.py "$sample" >"$work/$sample.json" ||
    ! "$maker" compare "$work/$sample.json" >"$work/$sample.html" ||
    ! "$maker" compare "$work/$sample.json" | cmp - "$work/$sample.html"; then
    echo "FAILED: the page of $sample was not made, or not the same twice"
    echo '0 passed, 1 failed'
    exit 1
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
    echo "FAILED: the page of the run of $scenario was not made"
    echo '0 passed, 1 failed'
    exit 1
  fi
  set -- "$@" "run of $scenario" "$work/run-$scenario.html" -
done

timeout -k 10 500 python3 tests/pages.py "$chromium" "$chromedriver" "$@"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A served node and the pages of others in a browser without a window: no way
# leads from them to the node, and the node's own pages can use it. GRIDSIM
# names the program. Does nothing where there is no browser.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

# What is looked at is what browsers send; sanitizers see the same requests from other tests.
case $gridsim in
*/asan/*)
  skip 'pages of others are tried on the release build'
  tally
  exit
  ;;
esac

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
chromedriver=$(command -v chromedriver)
if [ -z "$chromium" ] || [ -z "$chromedriver" ] || ! command -v python3 >/dev/null; then
  skip 'chromium, chromedriver or python3 is not there: pages of others are not tried'
  tally
  exit
fi
export PYTHONDONTWRITEBYTECODE=1
timeout -k 10 500 python3 tests/foreign.py "$chromium" "$chromedriver" "$gridsim"

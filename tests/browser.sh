# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# For scripts that look at pages in a browser without a window (tests/browser.py), behind
# tests/script.sh:
#
#   . "$(dirname "$0")/browser.sh"
#   needs_browser 'pages are tested'
#
# leaves $chromium and $chromedriver. Ends the script, which says why, where they or python3 are
# not there, and under sanitizers, which see what is to be seen from other tests.
# shellcheck disable=SC2034,SC2154
needs_browser() {
  case $gridsim in
  */asan/*)
    skip "$1 in the release build only"
    tally
    exit
    ;;
  esac
  chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
  chromedriver=$(command -v chromedriver)
  if [ -z "$chromium" ] || [ -z "$chromedriver" ] || ! command -v python3 >/dev/null; then
    skip "chromium, chromedriver or python3 is not there, with which $1"
    tally
    exit
  fi
  export PYTHONDONTWRITEBYTECODE=1
}

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A served node and the pages of others in a browser without a window: no way
# leads from them to the node, and the node's own pages can use it. GRIDSIM
# names the program. Does nothing where there is no browser.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

# shellcheck source=tests/browser.sh
. "$(dirname "$0")/browser.sh"
needs_browser 'pages of others are tried'
timeout -k 10 500 python3 tests/foreign.py "$chromium" "$chromedriver" "$gridsim"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# commit.sh: prints the commit that these sources are, with "-dirty" behind it
# where files were changed since. Sources from `git archive` have it in the file
# COMMIT; otherwise, without git, it is "unknown".
set -u
cd "$(dirname "$0")/.." || exit 1
# A folder inside another checkout is not of that checkout's commit.
if up=$(git rev-parse --show-cdup 2>/dev/null) && [ -z "$up" ] &&
  commit=$(git describe --always --dirty --exclude '*' --abbrev=12 2>/dev/null); then
  echo "$commit"
else
  commit=$(sed -n 's/^\([0-9a-f]\{12\}\)[0-9a-f]*$/\1/p' COMMIT 2>/dev/null)
  echo "${commit:-unknown}"
fi

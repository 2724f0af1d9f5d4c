#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/check-modules.py finds where the picture of modules and the code differ: in a small
# project of its own, in which they agree at first.
# Backticks are of Markdown.
# shellcheck disable=SC2016
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
checker=$here/tools/check-modules.py
mkdir -p "$work/project"
cd "$work/project" || exit 1

# fresh: the project in which all is well.
fresh() {
  rm -rf core sim tests docs
  mkdir -p core sim/base sim/run docs tests/core tests/sim/run
  echo 'int gs_node;' >core/node.h
  printf '#include "core/node.h"\n' >sim/base/clock.h
  printf '#include "core/node.h"\n#include "sim/base/clock.h"\n' >sim/run/engine.c
  : >tests/core/test_node.c
  : >tests/sim/run/test_engine.c
  printf '# Modules\n\n```text\ncore\nsim/base\nsim/run → sim/base\n```\n' >docs/ARCHITECTURE.md
}

# found NAME COMPLAINT: the checker says so.
found() {
  timed 60 python3 "$checker"
  check "$1" 1 err_has "$2"
}

fresh
timed 60 python3 "$checker"
check 'modules that are as the picture has them' 0 no_err

fresh
printf '#include "sim/run/engine.h"\n' >>sim/base/clock.h
found 'an include against the arrow' 'sim/base/clock.h includes sim/run/engine.h, but there is no arrow sim/base → sim/run'
fresh
printf '#include "sim/base/clock.h"\n' >>core/node.h
found 'an include of core' 'core/node.h includes sim/base/clock.h, but there is no arrow core → sim/base'
fresh
sed -i '/clock/d' sim/run/engine.c
found 'an arrow that nothing needs' 'nothing needs the arrow sim/run → sim/base'
fresh
mkdir sim/new && : >sim/new/thing.c
found 'a module without a place' 'sim/new/ is not in the picture'
fresh
sed -i 's|^sim/base$|sim/base\nsim/old|' docs/ARCHITECTURE.md
found 'a place without a module' 'there is no sim/old/'
fresh
sed -i 's|^sim/base$|sim/base → sim/run|' docs/ARCHITECTURE.md
found 'a circle' 'sim/base → sim/run does not lead to a module that stands before it'
fresh
mkdir tests/sim/engine && : >tests/sim/engine/test_engine.c
found 'a test of no module' 'tests/sim/engine/test_engine.c: there is no sim/engine/ that it could test'
fresh
sed -i '/```/d' docs/ARCHITECTURE.md
found 'a picture that is gone' 'has no picture of modules and arrows'
tally

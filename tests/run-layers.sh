#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-layers.sh: tools/check-layers.sh finds what it is there for. Each rule is
# broken in a copy of the sources. GRIDSIM names the program, whose libraries
# are beside it.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
case $gridsim in
*/asan/*)
  skip 'layers are looked at in the release build: a sanitizer has data of its own'
  tally
  exit
  ;;
esac
libraries=${gridsim%/*}
if [ ! -f "$libraries/libgridsim-core.a" ]; then
  skip 'there are no libraries beside the program'
  tally
  exit
fi
mkdir "$work/tree"
cp -r core sim tests tools "$work/tree"
cd "$work/tree" || exit 1

layers() {
  timed 60 sh tools/check-layers.sh "$libraries/libgridsim-core.a" "$libraries/libgridsim-sim.a"
}

layers
check 'the sources are as they should be' 0 no_err

# broken NAME FILE TEXT COMPLAINT: with a line of text at its end the file is complained of.
broken() {
  cp "$2" "$work/kept"
  echo "$3" >>"$2"
  layers
  cp "$work/kept" "$2"
  check "$1" 1 err_has "$4"
  check "$1, with its place" 1 err_has "    $2:"
}

broken 'a page that includes the engine of a run' sim/report/print.c \
  '#include "sim/run/engine.h"' 'sim/run/engine.h is private to sim/run/, but included in:'
broken 'a sink that includes lanes' sim/report/trace_chrome.h \
  '#include "sim/run/lane.h"' 'sim/run/lane.h is private to sim/run/, but included in:'
broken 'a program for tests that includes what is left to another one' tests/stress/lanes.c \
  '#include "sim/run/mailbox.h"' 'sim/run/mailbox.h is private to sim/run/, but included in:'

broken 'results that look into an actor' sim/run/engine_results.c \
  'uint64_t of(GsEngine *engine) { return engine->sim.actors[0].digest; }' \
  'actors and lanes are no business of what tells of a run:'
broken 'a search that counts what lanes sent' sim/run/last_search.c \
  'uint64_t of(GsSimulation *sim) { return sim->lanes->sent; }' \
  'actors and lanes are no business of what tells of a run:'

echo 'sim/run/nowhere.h' >>tools/private-headers.txt
layers
check 'a private header that is not there' 1 err_has 'there is no sim/run/nowhere.h'

cd "$here" || exit 1
tally

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Served nodes beside few hostile clients, for a second: the program that puts thousands beside
# them (make soak-hostile) works, and nothing that was accepted is missing. Speed is not looked at.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

for where in beside ring; do
  GRIDSIM=$gridsim sh "$here/tools/soak-hostile.sh" 1 16 40 8 "$where" >"$work/out" 2>&1
  check "hostile siblings, $where: all is as it should be" test $? -eq 0
  check "hostile siblings, $where: with the account of it" grep -q '  accepted [1-9]' "$work/out"
done
tally

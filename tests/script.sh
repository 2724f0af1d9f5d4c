# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts tests/run-*.sh begin with; for sh and bash:
#
#   . "$(dirname "$0")/script.sh"
#
# goes to the project's folder ($here), makes a folder for scratch ($work) that
# is removed at the end, and finds the program: $gridsim, which GRIDSIM names
# (./gridsim unless it does). A script ends with `tally`, whose last line is
# "N passed, N failed". Variables here are the scripts', too.
# shellcheck disable=SC2034
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here" || exit 1
gridsim=$(readlink -f "${GRIDSIM:-./gridsim}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
# Of the last program that was run; its output is in $work/out and $work/err.
status=0
: >"$work/out"
: >"$work/err"

ok() {
  passed=$((passed + 1))
  echo "ok: $1"
}

# bad NAME [FILE…]: and shows how the files begin; the last output unless some are named.
bad() {
  failed=$((failed + 1))
  echo "FAILED: $1 (status $status)"
  shift
  [ $# -gt 0 ] || set -- "$work/out" "$work/err"
  for shown; do
    [ ! -s "$shown" ] || head -n 40 "$shown" | sed "s|^|  ${shown##*/}: |"
  done
}

# check NAME [STATUS] [CONDITION…]: the last status is this one, and the condition, a command,
# holds.
check() {
  checked=$1
  shift
  case ${1:-} in
  [0-9]*)
    if [ "$status" -ne "$1" ]; then
      bad "$checked: not status $1"
      return
    fi
    shift
    ;;
  esac
  if [ $# -eq 0 ] || "$@"; then ok "$checked"; else bad "$checked"; fi
}

# skip WHAT: says what is not tested, and why.
skip() { echo "skipped: $1"; }

# timed SECONDS PROGRAM ARGUMENT…: runs to its end or to that of the time; leaves status and output.
timed() {
  timeout "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
}

has() { grep -qF -- "$2" "$1" 2>/dev/null; }
out_has() { has "$work/out" "$1"; }
err_has() { has "$work/err" "$1"; }
out_lacks() { ! out_has "$1"; }
no_out() { [ ! -s "$work/out" ]; }
no_err() { [ ! -s "$work/err" ]; }
narrow() { ! sed 's/[^ -~]/x/g' "$work/out" | grep -q '.\{101\}'; }
is() { [ "$1" = "$2" ]; }

# resign FILE…: gives each line of kept runs the checksum that it has to have, as somebody would who
# changed them with care.
resign() {
  python3 - "$@" <<'END'
import hashlib, re, sys
for path in sys.argv[1:]:
    lines = open(path, encoding="utf-8").read().split("\n")
    for i, line in enumerate(lines):
        start = re.sub(r', "checksum": "[0-9a-f]*"}$', "", line)
        if start != line:
            digits = hashlib.sha256(start.encode()).hexdigest()[:16]
            lines[i] = f'{start}, "checksum": "{digits}"}}'
    open(path, "w", encoding="utf-8").write("\n".join(lines))
END
}

tally() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

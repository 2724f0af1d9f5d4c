# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Ports for scripts that name theirs before anything listens on them. Two scripts that run at
# once never have the same. All are below 32768: from there on a connection of any process may
# have one for its own end, also after it was looked at.

# By block of 256 ports, the descriptor that holds its lock: for as long as this script lives, and
# what it started. The system lets go of a lock, so none is left behind.
declare -A claimed=()
locks=${TMPDIR:-/tmp}/gridsim-ports-$UID
mkdir -p "$locks"

free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# claim FIRST LAST: false where another script has one of these ports, or somebody listens there.
claim() {
  local block lock port
  for ((block = $1 / 256; block <= $2 / 256; block++)); do
    [ -z "${claimed[$block]:-}" ] || continue
    exec {lock}>"$locks/$block"
    flock -n "$lock" || {
      exec {lock}>&-
      return 1
    }
    claimed[$block]=$lock
  done
  for ((port = $1; port <= $2; port++)); do
    free "$port" || return 1
  done
}

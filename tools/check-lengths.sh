#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check-lengths.sh FILE…: fails when a file has more than 600 lines or a C
# function more than 70. Counts on the formatter's layout: a function's last
# line is a brace in the first column.
exec awk -v file_max=600 -v function_max=70 '
  function file_end() {
    if (lines > file_max) {
      printf "%s: %d lines, at most %d are allowed\n", name, lines, file_max
      bad = 1
    }
  }
  FNR == 1 {
    file_end()
    name = FILENAME
    is_c = name ~ /\.[ch]$/
    start = 0
    body = 0
  }
  { lines = FNR }
  !is_c { next }
  # The first line of a declaration or definition, and whether a body follows.
  /^[A-Za-z_]/ && !start { start = FNR }
  start && !body && /\) \{$/ { body = 1 }
  /^}/ {
    if (body && FNR - start + 1 > function_max) {
      printf "%s:%d: function of %d lines, at most %d are allowed\n", name, start, FNR - start + 1,
        function_max
      bad = 1
    }
    start = 0
    body = 0
  }
  start && !body && /;$/ && !/^ / { start = 0 }
  start && !body && /\);$/ { start = 0 }
  END {
    file_end()
    exit bad
  }' "$@"

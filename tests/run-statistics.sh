#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/check-statistics.py agrees with tables that were worked out by hand, and
# finds every figure in them that is changed.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
if ! command -v python3 >/dev/null; then
  skip 'python3 is not installed: the check of statistics is not tested'
  tally
  exit
fi

# says NAME STATUS: what the checker says of the tables.
says() {
  timed 60 python3 tools/check-statistics.py "$work/runs.csv" "$work/cells.csv" "$work/growth.csv"
  check "$1" "$2"
}

# Five values, two values and one; some without a time, and runs that failed.
cat >"$work/runs.csv" <<'END'
kind,nodes,repetition,seed,status,messages,time
ring,4,0,1,ok,14,2.5
ring,4,1,2,ok,16,
ring,4,2,3,ok,15,
ring,4,3,4,failed,99,99
ring,4,4,5,ok,18,
ring,4,5,6,ok,17,
ring,8,0,1,ok,63,
ring,8,1,2,ok,65,
"star, small",8,0,1,failed,,
ring,16,0,1,ok,256,-1
END
m='mean sd ci_low ci_high min p5 p25 median p75 p95 max'
columns=$(for figure in $m; do printf ',messages.%s' "$figure"; done)
columns=$columns$(for figure in $m; do printf ',time.%s' "$figure"; done)
# t(0.975; 4) = 2.776445105197793, t(0.975; 1) = tan(0.475 π) = 12.706204736174698.
cat >"$work/cells.csv" <<END
kind,nodes,runs$columns
ring,4,5,16,1.5811388300841898,14.036756838522443,17.963243161477557,14,14.2,15,16,17,17.8,18,2.5,,,,2.5,2.5,2.5,2.5,2.5,2.5,2.5
ring,8,2,64,1.4142135623730951,51.2937952638253,76.7062047361747,63,63.1,63.5,64,64.5,64.9,65,,,,,,,,,,,
"star, small",8,0,,,,,,,,,,,,,,,,,,,,,,
ring,16,1,256,,,,256,256,256,256,256,256,256,-1,,,,-1,-1,-1,-1,-1,-1,-1
END
# 16, 64, 256 on 4, 8, 16.
cat >"$work/growth.csv" <<'END'
kind,metric,points,exponent,low,high
ring,messages,3,2,2,2
END
says 'tables worked out by hand are right' 0

# changed FILE ROW COLUMN WHAT: the file with that field changed, as an awk expression of x.
cp "$work/cells.csv" "$work/cells"
cp "$work/growth.csv" "$work/growth"
cp "$work/runs.csv" "$work/runs"
changed() {
  awk -F, -v OFS=, -v row="$2" -v column="$3" \
    'NR == row { x = $column; $column = sprintf("%.17g", '"$4"') } { print }' \
    "$work/$1" >"$work/$1.csv"
}

column=3
while [ "$column" -le 25 ]; do
  changed cells 2 "$column" 'x == "" ? 1 : x * 1.00000001'
  says "a figure that differs in its eighth digit is found in column $column" 1
  column=$((column + 1))
done
cp "$work/cells" "$work/cells.csv"
for column in 3 4 5 6; do
  changed growth 2 "$column" 'x * 1.00000001'
  says "a growth that differs in its eighth digit is found in column $column" 1
done
cp "$work/growth" "$work/growth.csv"
changed cells 2 4 'x * (1 + 1e-13)'
says 'a last digit that was rounded otherwise is no difference' 0
cp "$work/cells" "$work/cells.csv"
changed runs 4 6 'x + 1'
says 'a run that differs is found' 1
cp "$work/runs" "$work/runs.csv"
sed '3d' "$work/cells" >"$work/cells.csv"
says 'a cell that is missing is found' 1
sed '3p' "$work/cells" >"$work/cells.csv"
says 'a cell that is there twice is found' 1
sed 's/,18,2\.5,/,nan,2.5,/' "$work/cells" >"$work/cells.csv"
says 'what is no number is found' 1
sed 's/messages\.p95/messages.p96/' "$work/cells" >"$work/cells.csv"
says 'a column that is missing is found' 1
rm "$work/cells.csv"
says 'a file that is missing is told' 2

tally

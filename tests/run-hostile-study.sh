#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-hostile-study.sh: a folder of results from somebody else: links, FIFOs,
# devices and odd lines at every name in it. Nothing outside is changed, nothing
# hangs, nothing is lost. GRIDSIM names the binary (default ./gridsim). The last
# line is "N passed, N failed".
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

compare() { timed 60 "$gridsim" compare --topology ring,star --nodes 6,8 --repeat 2 "$@"; }
verify() { timed 60 "$gridsim" verify "$@"; }

compare --out "$work/whole"
check 'a study to tamper with' 0
cell='runs/topology=ring,nodes=6.jsonl'
scenario='scenarios/topology=ring,nodes=6.json'
names="study.json $cell runs.csv runs.csv.new cells.csv growth.csv effects.csv results.json
  report.html $scenario plots/convergence.gp plots/convergence.dat plots/convergence.svg"

# fresh_copy: what was there before a stranger had it.
fresh_copy() {
  rm -rf "$work/given"
  cp -r "$work/whole" "$work/given"
}
# harmless NAME: it ended by itself, with a result or a refusal, and the file outside is as it was.
harmless() {
  if [ "$status" -ne 0 ] && [ "$status" -ne 2 ]; then
    bad "$1"
  elif [ "$(cat "$work/outside")" != 'mine' ]; then
    bad "$1: the file outside was changed" "$work/outside"
  else
    ok "$1"
  fi
}
# both NAME: compare and verify with the tampered folder.
both() {
  echo mine >"$work/outside"
  compare --out "$work/given"
  harmless "$1: compare"
  verify "$work/given"
  harmless "$1: verify"
}

for name in $names; do
  fresh_copy
  ln -sf "$work/outside" "$work/given/$name"
  both "a symbolic link as $name"
  fresh_copy
  rm -f "$work/given/$name"
  mkfifo "$work/given/$name"
  both "a FIFO as $name"
  fresh_copy
  ln -sf /dev/zero "$work/given/$name"
  both "a link to a device as $name"
  fresh_copy
  rm -f "$work/given/$name"
  mkdir "$work/given/$name"
  both "a directory as $name"
  fresh_copy
  echo mine >"$work/outside"
  ln -f "$work/outside" "$work/given/$name"
  compare --out "$work/given"
  harmless "a hard link as $name"
done

for folder in runs inputs scenarios plots; do
  fresh_copy
  rm -rf "$work/elsewhere"
  mv "$work/given/$folder" "$work/elsewhere"
  : >"$work/elsewhere/mark"
  listing=$(ls -lR --time-style=full-iso "$work/elsewhere")
  ln -s "$work/elsewhere" "$work/given/$folder"
  compare --out "$work/given"
  check "$folder/ is no link to a folder elsewhere" 2 err_has 'a symbolic link, which is not followed'
  check "… where nothing changes" is "$(ls -lR --time-style=full-iso "$work/elsewhere")" "$listing"
done

# --- lines --------------------------------------------------------------------

# refused NAME TEXT: compare and verify say where, and the file stays as it is.
refused() {
  sum=$(cksum <"$work/given/$cell")
  for command in compare verify; do
    if [ $command = compare ]; then compare --out "$work/given"; else verify "$work/given"; fi
    check "$1: $command" 2 err_has "$2"
  done
  check "… and nothing is cut" is "$(cksum <"$work/given/$cell")" "$sum"
}

fresh_copy
sed -i '2s/"messages": [0-9]*/"messages": 1/' "$work/given/$cell"
refused 'an edited figure' "$cell:2: this line is not as it was written"
fresh_copy
sed -i '1d' "$work/given/$cell"
refused 'a line that is gone' "$cell:1: this line is repetition 1"
fresh_copy
head -c 3000 /dev/urandom | tr -d '\n' >"$work/given/$cell"
echo >>"$work/given/$cell"
refused 'bytes that are no text' "$cell:1: this line is not as it was written"
fresh_copy
head -c 100000000 /dev/zero | tr '\0' x >>"$work/given/$cell"
refused 'a line of 100 MB' "$cell:3: this line has more than 1048576 bytes"
fresh_copy
cut -c1-200 "$work/whole/$cell" | head -c 200 >"$work/given/$cell"
compare --out "$work/given"
check 'a line that was cut is done again' 0 cmp -s "$work/whole/$cell" "$work/given/$cell"
fresh_copy
sed -i 's/"format": .*,/"format": 2,/' "$work/given/study.json"
compare --out "$work/given"
check 'lines without checksums are those of an earlier gridsim' 2 \
  err_has 'holds a study in the form of an earlier gridsim (0.1.0)'
compare --out "$work/given" --fresh
check 'which --fresh sets aside' 0 test -e "$work/given/before-1/study.json"

tally

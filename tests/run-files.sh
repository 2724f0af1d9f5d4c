#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-files.sh: no command writes over what it reads, nor over a file that
# gridsim did not write. GRIDSIM names the binary (default ./gridsim). The last
# line is "N passed, N failed".
# The same file is read and written on purpose.
# shellcheck disable=SC2094
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
cd "$work" || exit 1

run() { timed 60 "$gridsim" "$@"; }
same() { cmp -s "$1" "$2"; }
# refused NAME TEXT: the command did not begin, and no file has changed.
refused() {
  files=$(cat grid other hard soft net mine1 mine2 sweep file.json | cksum)
  if [ "$status" -eq 2 ] && no_out && err_has "$2" && [ "$files" = "$before" ]; then
    ok "$1"
  else
    bad "$1"
  fi
}

printf '{"topology": {"kind": "ring", "nodes": 5},
  "schedule": [{"at": "1s", "node": "N1", "production": 5}]}\n' >grid
printf 'a b\nb c\n' >net
echo '{"topology": {"file": "net", "format": "edges"}}' >file.json
echo '{"axes": {"nodes": [4, 5]}, "scenario": "grid", "repeat": 1}' >sweep
echo 'my words' >mine1
echo '<!DOCTYPE html><p>mine' >mine2
cp grid other
ln grid hard
ln -s grid soft
mkdir folder
before=$(cat grid other hard soft net mine1 mine2 sweep file.json | cksum)

# --- what is read -------------------------------------------------------------

for output in grid ./grid folder/../grid "$work/grid" hard soft; do
  for option in --trace --report; do
    run run grid $option "$output"
    refused "run $option is not written over its scenario ($output)" 'this command reads'
  done
  run topology grid -o "$output"
  refused "topology -o is not, either ($output)" 'this command reads'
  run serve grid --expose N1 --until 1s --trace "$output"
  refused "nor serve --trace ($output)" 'this command reads'
done
run run file.json --trace net
refused 'nor over its graph file' 'net: this command reads that file'
run topology file.json --format graphml -o ./net
refused 'as topology' 'which this command reads'
check 'the refusal names --force' 2 err_has 'give another name, or --force to write over it'
timeout 60 "$gridsim" run - --trace grid >out 2>err <grid
status=$?
refused 'nor over standard input' '(standard input), which this command reads'
for command in run check topology compare serve; do
  timeout 60 "$gridsim" $command grid >>grid 2>err
  status=$?
  : >out
  refused "$command does not append to its scenario" 'standard output goes there'
done

# --- what is not ours ---------------------------------------------------------

for output in other mine1 mine2 net; do
  run run grid --trace "$output"
  refused "a trace is not written over $output" 'is no trace of gridsim'
  run run grid --report "$output"
  refused "a page is not written over $output" "is no page of gridsim's"
  run topology ring -o "$output"
  refused "a graph is not written over $output" "'gridsim topology' did not write it"
done
run run grid --trace folder
refused 'a folder is no file' 'cannot write folder'
run run grid --report new --trace ./new
refused 'two outputs do not go to one file' '--trace writes to the same file'
check 'and none of them is made' 2 [ ! -e new ]
run run --force grid --report new --trace new
refused 'not with --force, either' '--trace writes to the same file'
timeout 60 "$gridsim" run grid --trace both >both 2>err
status=$?
: >out
refused 'nor an output and standard output' 'standard output goes to the same file'

# --- what is ours -------------------------------------------------------------

run run -q grid --trace trace --report page
check 'files that are not there are made' 0 [ -s page ]
for form in chrome mermaid jsonl; do
  run run -q grid --trace trace --trace-format $form --report page
  check "a newer trace ($form) and page take the place of the older" 0 [ -s trace ]
done
: >empty
run run -q grid --trace empty
check 'an empty file is written' 0 [ -s empty ]
run run -q grid --trace page
check 'a trace does not take the place of a page' 2 err_has 'is no trace'
for format in text svg dot graphml json; do
  run topology ring --format $format -o export
  check "an export ($format)" 0 [ -s export ]
  run topology star --format $format -o export
  check "a newer export takes its place ($format)" 0 [ -s export ]
done
run topology star --json -o export
check 'facts as JSON take the place, too' 0 grep -q nodes_by_siblings export
run topology star --format svg -o export
check 'and give theirs' 0 grep -q '<svg' export
run topology ring --format json -o export
sed 's/N16/Home/' export >changed && cp changed export
run topology ring --format json -o export
check 'an export that was changed since stays' 2 err_has 'it was changed since'
check 'as it is' 2 same export changed
run run export
check 'an export with its mark is a scenario' 0 [ ! -s err ]
run topology ring --format json --force -o export
check '--force writes over it' 0 grep -q N16 export
cp grid victim
run run -q victim --force --trace victim
check '--force writes over what is read' 0 grep -q t_ns victim
cp mine2 page
run run -q grid --force --report page
check '--force writes over what is not ours' 0 grep -q generator page
run run grid --trace /dev/null
check 'a device is written to as it is' 0 [ -s out ]
mkfifo pipe
timeout 60 cat pipe >piped &
run run -q grid --trace pipe
wait
check 'and a pipe' 0 grep -q t_ns piped
echo mine >page.new
run run -q grid --report page
check 'a file beside the page is left alone' 0 grep -qx mine page.new

# --- studies ------------------------------------------------------------------

run compare --quiet sweep --out study
check 'a study is made' 0 [ -s study/report.html ]
inside=$(find study/scenarios -name '*.json' | head -n 1)
run compare "$inside" --repeat 1 --out study
check 'what a study is made of is not in its directory' 2 err_has 'which this command reads, is in there'
run compare --repeat 1 --nodes 4 grid --out folder/../.
check 'a study goes to no directory with other files' 2 err_has 'is in there'

tally

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-input.sh: what every command reads: scenarios from standard input and from
# pipes, and the warnings about them, in text, JSON and pages alike. GRIDSIM names
# the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
cd "$work" || exit 1

printf '{"topology": {"kind": "ring", "nodes": 5}, "schedule":
  [{"at": "1s", "node": "N1", "production": 5}], "expect": {"gridnet": 5}}\n' >grid.json
printf 'a b\nb a\nb b\nb c\n' >net.edges
printf '{"until": "10s", "topology": {"file": "net.edges"}, "schedule": [{"at": "1s", "node": "a",
  "production": 5}, {"at": "11s", "node": "a", "production": 5}]}\n' >warned.json

# from_stdin ARGUMENT…: with grid.json as standard input.
from_stdin() {
  timeout 60 "$gridsim" "$@" <grid.json >out 2>err
  status=$?
}
# from_pipe ARGUMENT…: the same through a pipe.
from_pipe() {
  sed p -n grid.json | timeout 60 "$gridsim" "$@" >out 2>err
  status=$?
}
work_has() { grep -qF -- "$1" out; }

# --- standard input and pipes -------------------------------------------------

for how in from_stdin from_pipe; do
  for file in - /dev/stdin; do
    $how run "$file"
    check "$how: run $file" 0 work_has 'expected    met'
    $how check "$file"
    check "$how: check $file" 0 work_has '5 nodes, 5 links'
    $how topology "$file"
    check "$how: topology $file" 0 work_has '5 nodes, 5 links'
    $how serve "$file" --expose N1 --until 100ms
    check "$how: serve $file" 0 work_has '1 over HTTP'
    $how compare "$file" --repeat 2
    check "$how: compare $file" 0 work_has 'What it comes to'
  done
done
timed 60 "$gridsim" run <(cat grid.json)
check 'a scenario from another program' 0 out_has 'expected    met'
timed 60 "$gridsim" compare <(cat grid.json) <(sed s/ring/star/ grid.json) --repeat 1
check 'two of them compared' 0 out_has 'What it comes to'
mkfifo fifo
timeout 60 cat grid.json >fifo &
timed 60 "$gridsim" run fifo
check 'a scenario from a FIFO' 0 out_has 'expected    met'
wait
timeout 60 "$gridsim" run - <warned.json >out 2>err
check 'graph files are looked for in the current folder' grep -q '3 nodes, 2 links' out
sed s/until/untill/ warned.json | timeout 60 "$gridsim" check - >out 2>err
check 'messages name standard input' grep -q '^gridsim: (standard input):1:12: /untill: unknown' err
echo '{"axes": {"nodes": [4, 5]}, "scenario": "grid.json", "repeat": 1}' |
  timeout 60 "$gridsim" compare - >out 2>err
check 'a sweep from standard input finds its scenario here' grep -q 'What it comes to' out
echo '{"topology": {"file": "-", "format": "edges"}}' >dash.json
echo 'a b' | timeout 60 "$gridsim" run dash.json >out 2>err
check 'a graph file named - is a file' grep -q 'cannot be read: No such file' err
timed 60 "$gridsim" run -
check 'an empty standard input is said to be so' 2 err_has '(standard input): '
for file in /dev/zero "$work"; do
  timed 60 "$gridsim" run "$file"
  check "$file is refused" 2 err_has 'must be a file or a pipe'
done
for signal in INT TERM; do
  timeout -s $signal --preserve-status 0.3 "$gridsim" run fifo >out 2>err </dev/null
  status=$?
  check "a FIFO that nobody writes to can be left ($signal)" [ $status -gt 128 ]
done

# unbegun NAME ARGUMENT…: SIGTERM while it waits for its input: words, status, and no file.
unbegun() {
  ended 'interrupted before anything began; nothing was written' "$@"
}

# ended WORDS NAME ARGUMENT…: the same with these words.
ended() {
  words=$1
  name=$2
  shift 2
  timeout -s TERM -k 20 --preserve-status 1 "$gridsim" "$@" >out 2>err </dev/null
  status=$?
  check "$name, ended before it began, says so" [ "$status" -eq 143 ] &&
    check "$name, in words" has err "gridsim: $words"
  check "$name wrote nothing" [ ! -s out ] && check "$name made no file" [ ! -e unbegun ]
}
unbegun 'a run' run --quiet --trace unbegun fifo
unbegun 'a study' compare fifo --out unbegun
unbegun 'a served grid' serve --trace unbegun fifo
unbegun 'a study that is done again' verify fifo
ended 'interrupted before it was done' 'a check' check --json fifo
ended 'interrupted before it was done' 'a graph' topology fifo --output unbegun

# --- warnings -----------------------------------------------------------------

# warned NAME FILE: all that there is to be warned of is in the file.
warned() {
  check "$1 says which links were merged" has "$2" 'a repeated link was left out'
  check "$1 says which links were left out" has "$2" 'a link of a node to itself was left out'
  check "$1 says what never happens" has "$2" 'warned.json:2:28: /schedule/1/at'
}
timed 60 "$gridsim" run --report page.html warned.json
check 'a run with warnings' 0
warned 'run on standard error' "$work/err"
warned "run's report" "$work/out"
warned "run's page" page.html
check 'the outcome comes after the warnings' is "$(grep -n '^Outcome' out | cut -d: -f1)" \
  "$(($(grep -n 'Warnings' out | cut -d: -f1) + $(sed -n '/^Warnings/,/^Outcome/p' out | wc -l) - 1))"
timed 60 "$gridsim" run --quiet --json warned.json
warned 'run --json' "$work/out"
timed 60 "$gridsim" check warned.json
warned check "$work/err"
timed 60 "$gridsim" check --json warned.json
warned 'check --json' "$work/out"
timed 60 "$gridsim" topology warned.json
warned topology "$work/err"
timed 60 "$gridsim" topology --json warned.json
warned 'topology --json' "$work/out"
timed 60 "$gridsim" serve --expose a --until 100ms warned.json
check 'serve says what never happens' err_has '/schedule/1/at'
timed 60 "$gridsim" serve --json --expose a --set until=200ms warned.json
check 'serve --json too' out_has '/schedule/1/at'
timed 60 "$gridsim" compare --out study warned.json --vary network.latency=1ms,2ms --repeat 1
check 'compare with warnings' 0
warned 'compare on standard error' "$work/err"
warned "compare's results" study/results.json
warned "compare's page" study/report.html
check 'each warning of compare comes once, with its cells' is 3 "$(grep -c 'in both cells' err)"
check 'the summary of compare comes after the warnings' \
  grep -q 'What it comes to' <(sed -n '/^Warnings/,$p' out)
timed 60 "$gridsim" compare --json warned.json --vary until=10s,12s --repeat 1
check 'a warning of some cells says of which' err_has '(in until 10s)'
timed 60 "$gridsim" compare --format markdown warned.json --repeat 1
warned 'compare --format markdown' "$work/out"
if command -v jq >/dev/null; then
  timed 60 "$gridsim" run --quiet --json warned.json
  check 'warnings are objects' is "$(jq -c '[.warnings[] | [.kind, .count]]' out)" \
    '[["links-merged",1],["loops-dropped",1],["never-happens",1]]'
fi
timed 60 "$gridsim" run --json grid.json
check 'no warnings are an empty list' 0 out_has '"warnings": []'

# --- scenarios that ship ------------------------------------------------------

# They are found from the program's own place: here it is installed elsewhere.
mkdir -p prefix/bin prefix/share/gridsim
cp "$gridsim" prefix/bin/gridsim
cp -r "$here/scenarios" prefix/share/gridsim
installed=$work/prefix/bin/gridsim
folder=$(readlink -f prefix)/share/gridsim/scenarios
for name in readme readme.json scenarios/readme.json; do
  timed 60 "$installed" run "$name"
  check "run finds $name" 0 out_has 'expected    '
  check 'and says where' err_has "gridsim: $name is $folder/readme.json"
done
timed 60 "$installed" run --quiet readme
check '--quiet does not' 0 no_err
for command in check topology "serve --expose A --until 1ms --set schedule=[] --set expect={}"; do
  # shellcheck disable=SC2086
  timed 60 "$installed" $command readme-serve
  check "$command finds a scenario by its name" err_has "readme-serve is $folder/readme-serve.json"
done
timed 60 "$installed" compare ring star --repeat 1
check 'compare finds scenarios by their names' 0 err_has "star is $folder/star.json"
timed 60 "$installed" check sweeps/flaw
check 'sweeps have names, too' err_has "sweeps/flaw is $folder/sweeps/flaw.json"
for command in run check topology compare serve; do
  timed 60 "$installed" $command readmi
  check "$command says what a name is near to" 2 err_has 'readme'
  timed 60 "$installed" $command --help
  check "$command --help says where scenarios are" 0 out_has "$folder"
done
timed 60 "$installed" run qqqqqqqq
check 'a name that is near to none gets all' 2 err_has 'there are bad-day, barabasi-albert, '
timed 60 "$installed" --help
check '--help says where scenarios are' 0 out_has "$folder"
timed 60 "$installed" help scenarios
for file in "$here"/scenarios/*.json; do
  name=$(basename "$file" .json)
  case $name in *.schema) ;; *) check "help scenarios lists $name" 0 grep -qx "  $name" out ;; esac
done

cp grid.json readme
timed 60 "$installed" run readme
check 'a file here comes first' 0 no_err
cp "$gridsim" alone
timed 60 "$work/alone" run readmi
check 'without scenarios a name is a file that is not there' 2 err_has 'readmi: there is no such file'
timed 60 "$work/alone" help scenarios
check 'and there are none to list' 0 out_has 'No scenarios are installed'

tally

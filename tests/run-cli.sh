#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-cli.sh: the command line from end to end: help, exit statuses, messages
# about wrong usage, JSON, colour, closed pipes, full disks, Ctrl-C. GRIDSIM
# names the binary (default ./gridsim). The last line is "N passed, N failed".
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
readme=$here/scenarios/readme.json

run() { timed 60 "$gridsim" "$@"; }
err_is() { [ "$(head -n 1 "$work/err")" = "$1" ]; }
only_json() { case $(head -c 1 "$work/out") in "{" | "[") no_err ;; *) false ;; esac }
has_escape() { grep -q "$(printf '\033')" "$work/out"; }
no_escape() { ! has_escape; }
err_plain() { ! grep -q "$(printf '\033')" "$work/err"; }
whole_document() { [ "$(head -c 1 "$1")" = '{' ] && [ "$(tail -n 1 "$1")" = ']}' ]; }
# All but the command line is the same.
same_page() {
  sed 's/"command": "[^"]*"//' "$work/page" >"$work/page-a"
  sed 's/"command": "[^"]*"//' "$work/page.html" | cmp -s - "$work/page-a"
}
only_lines_of_json() { ! grep -qv '^{.*}$' "$work/out"; }
ends_with() { [ "$(tail -n 1 "$work/out")" = "$1" ]; }

all_options() {
  for option in --json --seed --set --until --runner --workers --watch --trace --trace-format \
    --report --why --quiet --color; do
    out_has " $option" || return 1
  done
}

# --- help and version ---------------------------------------------------------

run --version
check 'the version is on the first line' 0 grep -qE '^gridsim [0-9]+\.[0-9]+\.[0-9]+$' "$work/out"
check 'the version says the licence' 0 out_has 'GPL-3.0-or-later'
check 'the version says the commit' 0 grep -qE '^commit ([0-9a-f]{12}(-dirty)?|unknown)$' "$work/out"
cp "$work/out" "$work/help"
run version
check 'version and --version say the same' 0 cmp -s "$work/out" "$work/help"
run version 1
check 'version takes nothing' 2 err_has "version: takes no '1'"
run --help
check 'the help shows an example to start with' 0 out_has 'gridsim run scenarios/readme.json'
cp "$work/out" "$work/help"
run help
check 'help and --help say the same' 0 cmp -s "$work/out" "$work/help"
run -h
check '-h says the same too' 0 cmp -s "$work/out" "$work/help"
run run --help
check 'run --help has examples' 0 out_has 'Examples'
check 'run --help explains every option' 0 all_options
cp "$work/out" "$work/help"
run help run
check 'help run and run --help say the same' 0 cmp -s "$work/out" "$work/help"
check 'the help fits in 100 columns' 0 narrow
run check --help
check 'check --help has examples' 0 out_has 'Examples'
run help help
check 'help can be asked about help' 0 out_has 'gridsim help'

# --- wrong usage --------------------------------------------------------------

run
check 'no command is wrong usage' 2 err_has 'a command is missing'
run rnu
check 'a misspelt command gets a suggestion' 2 \
  err_is "gridsim: unknown command 'rnu'; did you mean 'run'?"
check 'wrong usage writes nothing to standard output' 2 no_out
run help rnu
check 'so does help about it' 2 err_has "did you mean 'run'?"
run run --jsno "$readme"
check 'a misspelt option gets a suggestion' 2 err_has "did you mean '--json'?"
run --json run "$readme"
check 'an option in front of the command is refused' 2 err_has "unknown option '--json'"
run run --json=yes "$readme"
check 'a flag takes no value' 2 err_has "takes no value"
run run
check 'run needs a scenario' 2 err_has 'a scenario file is missing'
run run "$readme" "$readme"
check 'run takes one scenario only' 2 err_has 'one scenario at a time'
run run --seed
check 'an option without its value is refused' 2 err_has '--seed'
for seed in -1 0x10 1.5 1e3 '' ' 1' 9007199254740992 99999999999999999999 x; do
  run run "--seed=$seed" "$readme"
  check "--seed '$seed' is refused" 2 err_has 'whole number from 0 to 9007199254740991'
done
run run --workers 0 "$readme"
check '--workers 0 is refused' 2 err_has 'from 1 to'
run run --runner fast "$readme"
check 'an unknown runner is refused with those there are' 2 err_has '"auto", "threads" or "pool"'
run run --color sometimes "$readme"
check 'an unknown --color is refused' 2 err_has '"always"'
run run --until 5parsecs "$readme"
check 'an unknown unit of time is refused' 2 err_has 'unknown unit'
run run --watch=0 "$readme"
check 'an interval of nothing is refused' 2 err_has '--watch'
run run --set latency "$readme"
check '--set without a value is refused' 2 err_has 'PATH=VALUE'
run run --set netwrk.latency=1 "$readme"
check 'an override of an unknown member gets a suggestion' 2 err_has 'did you mean "network"?'
run run --json --trace - "$readme"
check 'two documents on standard output are refused' 2 err_has 'standard output'

# --- wrong input --------------------------------------------------------------

run run "$work/nothing.json"
check 'a file that is not there' 2 err_has 'nothing.json'
printf '{"topology": {"kind": "ring",\n  "nodes": 3}, "untill": 5}\n' >"$work/typo.json"
run run "$work/typo.json"
check 'an error says file, line, column' 2 err_has "typo.json:2:"
check 'an error says what may be meant' 2 err_has 'did you mean "until"?'
printf '{"name": "\\u001b[2Jx", "nodes": []}' >"$work/escape.json"
run run "$work/escape.json"
check 'no control characters come out' 2 err_plain
run check "$readme" "$work/typo.json" "$work/nothing.json"
check 'check reports every file' 2 err_has 'nothing.json'
check 'check explains those that are valid' 2 out_has 'readme'
run check --json "$readme" "$work/typo.json"
check 'check --json is an array' 2 only_json
check 'check --json says which is wrong' 2 out_has '"valid": false'
run check --quiet "$readme"
check 'check --quiet of a valid file says nothing' 0 no_out
run check --quiet "$here"/scenarios/*.json
check 'the scenarios that ship are valid, their schema is passed over' 0 no_err
run check "$readme"
check 'check forecasts the messages' 0 out_has '144'

check 'and the memory of a run' 0 out_has 'memory '
run check --json "$readme"
check 'also as JSON' 0 out_has '"memory_bytes": '
echo '{"topology": {"kind": "ring", "nodes": 1000000},
  "schedule": [{"at": 1, "node": "N1", "production": 1}]}' >"$work/huge.json"
run check "$work/huge.json"
check 'what fits nowhere is said to be too large' 2 err_has 'huge.json: this run needs about'
check 'but explained' 2 out_has '1,000,000 nodes'
run check --json "$work/huge.json"
check 'also as JSON: valid' 2 out_has '"valid": true'
check 'and too large' 2 out_has '"too_large": "this run needs about'

# --- memory and threads -------------------------------------------------------

run run --trace "$work/huge.trace" "$work/huge.json"
check 'a run that cannot fit does not begin' 2 err_has 'use fewer nodes (about '
check 'what it would have written is not touched' 2 test ! -e "$work/huge.trace"
run run --memory 1MiB "$readme"
check '--memory is what a run may need' 0 no_err
run run --memory 40kB "$readme"
check 'not more' 2 err_has 'and --memory allows 39.1 KiB: use --memory 1MiB'
run run --memory unlimited -q "$readme"
check '--memory unlimited asks for nothing' 0 no_err
for size in 0 5XB -1 1.GiB GiB ''; do
  run run --memory "$size" "$readme"
  check "--memory '$size' is wrong" 2 err_has 'give a size such as 512MiB or 40GiB, or unlimited'
done
if [ "$(cat /proc/sys/vm/max_map_count 2>/dev/null || echo 9999999)" -lt 2000000 ]; then
  run run --runner threads --memory unlimited "$work/huge.json"
  check 'too many threads are refused before one starts' 2 err_has 'use --runner pool, or'
fi

# --- runs ---------------------------------------------------------------------

run run "$readme"
check 'a run meets its expectations' 0 no_err
check 'the report fits in 100 columns' 0 narrow
check 'no colour where there is no terminal' 0 no_escape
run run --color always "$readme"
check '--color always colours' 0 has_escape
run run --color=never "$readme"
check '--color never does not' 0 no_escape
run "run" "--" "$readme"
check 'operands after -- are operands' 0 no_err
run run "$readme" --quiet
check 'options may follow the scenario; --quiet is quiet' 0 no_out
run run --json "$readme"
check '--json writes a document and nothing else' 0 only_json
check '--json has the total' 0 out_has '"total": 144'
if command -v jq >/dev/null; then
  check '--json can be parsed' 0 jq -e '.messages.by_type.UpdateNet == 120 and .converged and
    (.disturbances | length) == 7 and (.node_states | length) == 4' "$work/out" >/dev/null
fi
check '--json has the memory that was estimated' 0 out_has '"memory_needed_bytes": '
tr ',' '\n' <"$work/out" | grep '"digest"' >"$work/digest"
run run --json --runner pool --workers 1 "$readme"
tr ',' '\n' <"$work/out" | grep '"digest"' >"$work/digest.pool"
check 'both runners give one digest' 0 cmp -s "$work/digest" "$work/digest.pool"
run run --json --seed 12345 "$readme"
check '--seed is used' 0 out_has '"seed": 12345'
run run --until 2.5s --json "$readme"
check 'an expectation that is not met is status 1' 1 err_has 'expected 144 messages'
check 'and the document says so' 1 out_has '"met": false'
run run --until 2.5s --quiet "$readme"
check '--quiet still says what was not met' 1 err_has 'expected 144 messages'
run run --until 2.5s "$readme"
check 'the report says it, too' 1 out_has 'Not as expected'
run run --watch "$readme"
check '--watch prints the state of nodes' 0 \
  out_has "7.080 s  [Node] id=1 address=127.0.0.1:8081 name=A energy=(0, -10) siblings=['B', 'C'] gridnet=0"
run run --watch=500ms --json "$readme"
check '--watch with --json goes to standard error' 0 err_has '[Node] id=4'
check 'and leaves the document alone' 0 out_lacks '[Node]'
run run --trace "$work/trace" --quiet "$readme"
check '--trace writes lines of JSON' 0 grep -q '^{.*}$' "$work/trace"
run run --trace - "$readme"
check '--trace - has standard output to itself' 0 only_lines_of_json
check 'and the report goes to standard error' 0 err_has 'Outcome'
run run --trace "$work/no/such/folder" "$readme"
check 'a trace that cannot be made is an error' 2 err_has 'cannot write'
run run --trace - --trace-format mermaid "$readme"
check 'a trace can be a sequence diagram' 0 out_has 'sequenceDiagram'
run run --trace "$work/trace.json" --trace-format chrome --quiet "$readme"
check 'a trace can be one JSON document' 0 whole_document "$work/trace.json"
run run --trace "$work/trace" --trace-format svg "$readme"
check 'other formats are refused, with those that there are' 2 err_has 'mermaid'
run run --trace "$work/ending.mmd" --quiet "$readme"
check 'the ending of a trace says that it is a diagram' 0 grep -q sequenceDiagram "$work/ending.mmd"
run run --trace "$work/ending.json" --quiet "$readme"
check 'or one JSON document' 0 whole_document "$work/ending.json"
run run --trace "$work/ending.jsonl" --trace-format mermaid "$readme"
check 'a format and another ending contradict each other' 2 \
  err_has 'would be a Mermaid diagram, but .jsonl is the ending of lines of JSON; give it .mmd or'
run run --trace "$work/ending.html" "$readme"
check 'a trace is no page' 2 err_has 'give it .jsonl, .ndjson, .json, .mmd or .mermaid'
for ending in svg png json csv; do
  run run --report "$work/fig.$ending" "$readme"
  check "a page is not written as .$ending" 2 \
    err_has "would be an HTML page, but .$ending is the ending of a"
done
check 'and nothing is' 2 [ -z "$(find "$work" -name 'fig.*' -o -name 'ending.html' -o -name 'ending.jsonl')" ]
run run --quiet --report "$work/PAGE.HTM" "$readme"
check 'endings may be in large letters' 0 [ -s "$work/PAGE.HTM" ]
run run --quiet --report "$work/page.2024" "$readme"
check 'what is no ending of a format is part of a name' 0 [ -s "$work/page.2024" ]
run compare --topology ring --nodes 4 --repeat 1 --out "$work/table.csv"
check 'a folder is not called like a table' 2 err_has 'would be a folder with the files of a study'
run serve --trace "$work/trace.mmd" scenarios/readme-serve.json
check 'a trace of serve is lines of JSON' 2 err_has 'give it .jsonl or .ndjson'
run run --report "$work/page.html" "$readme"
check '--report writes a page, and the report is there, too' 0 out_has 'Outcome'
cp "$work/page.html" "$work/page"
run run --report "$work/page.html" --workers 1 --runner pool --quiet "$readme"
check 'the page takes the place of the one before' 0 same_page
check 'and leaves nothing beside it' 0 [ "$(find "$work" -name 'page.html*' | wc -l)" -eq 1 ]
run run --quiet --report "$work/page.html" "$work/no-such-file"
check 'a run that does not begin leaves the page alone' 2 grep -q '</html>' "$work/page.html"
run run --json --report "$work/no/such/folder.html" "$readme"
check 'a page that cannot be written is an error before the run' 2 no_out
run run --json --report "$work" "$readme"
check 'a folder is no page' 2 err_has 'cannot write'

for form in jsonl chrome mermaid; do
  run run --trace - --trace-format "$form" "$readme"
  check "a trace as $form has standard output to itself" 0 out_lacks 'Outcome'
  case $form in
  jsonl) check 'jsonl is lines of JSON' 0 only_lines_of_json ;;
  chrome) check 'chrome is one document, whole to its end' 0 ends_with ']}' ;;
  mermaid) check 'mermaid is a sequence diagram' 0 out_has 'P1->>P2: Ask UpdateNet (wave A:4)' ;;
  esac
  run run --trace "$work/trace" --trace-format "$form" --quiet "$readme"
  check "a trace as $form can be a file" 0 [ -s "$work/trace" ]
  run run --trace "$work/no/such/folder" --trace-format "$form" "$readme"
  check "a trace as $form that cannot be made is an error" 2 err_has 'cannot write'
done
run run --trace - --trace-format svg "$readme"
check 'another format of a trace is an error that names those there are' 2 err_has mermaid
run run --trace-format mermaid "$readme"
check 'a format without a trace is an error' 2 err_has '--trace-format goes with --trace'

# --- who was last -------------------------------------------------------------

# 321,201 messages: more than are looked through without being told to.
cat >"$work/long.json" <<'END'
{"topology": {"kind": "ring", "nodes": 400}, "schedule": [{"at": 1, "node": "N1", "production": 5}]}
END
not_looked='not looked for, since there were more than 200,000 messages; --why does the run once more'
last_is='N201 at 1.602 s, 602 ms after N1: production 5; it waited for 602 messages'
digest_of() { grep -oE '"digest": "[0-9a-f]+"' "$1"; }
# joined FILE: its lines as one, with single spaces.
joined() { tr -s ' \n' '  ' <"$1" >"$work/joined"; }
text_has() { joined "$work/out" && has "$work/joined" "$1"; }
run run --trace "$work/long.jsonl" "$work/long.json"
check 'of many messages the last node is not looked for' 0 text_has "$not_looked"
run run --json --report "$work/long.html" "$work/long.json"
check 'as JSON says, too' 0 text_has '"last_in_sync": { "state": "not-looked-for", '
check 'and a page' 0 has "$work/long.html" "$not_looked"
digest_of "$work/out" >"$work/digest"
run run --why --trace "$work/why.jsonl" "$work/long.json"
check '--why finds it' 0 text_has "last node $last_is"
check 'and a trace is of one run, not of both' 0 cmp -s "$work/long.jsonl" "$work/why.jsonl"
rm -f "$work/long.jsonl" "$work/why.jsonl"
run run --json --why --report "$work/why.html" "$work/long.json"
check 'as JSON, too' 0 text_has "\"last_in_sync\": { \"state\": \"found\", \"text\": \"$last_is"
check 'with the chain, and how much of it is left out' 0 text_has '"chain_length": 602, "chain_left_out": 202'
check 'and on a page' 0 has "$work/why.html" "$last_is"
digest_of "$work/out" >"$work/digest-why"
check 'the results are the same' 0 cmp -s "$work/digest" "$work/digest-why"
run run --why --memory 64MiB --json "$work/long.json"
check 'what --why takes counts' 2 err_has 'no --why'
run run --why --memory 64MiB --quiet "$work/long.json"
check 'but not where nobody reads it' 0 no_err
run run --why=N1 "$readme"
check '--why takes no value' 2 err_has "option '--why' takes no value"
run run --why
check '--why alone is no run' 2 err_has 'a scenario file is missing'
run compare --why "$readme"
check '--why is for run' 2 err_has "compare: unknown option '--why'"
echo '{"topology": {"kind": "ring", "nodes": 4}}' >"$work/calm.json"
run run --why --json "$work/calm.json"
check 'of nothing nobody is last' 0 text_has '"last_in_sync": { "state": "none"'

# --- what the surroundings do -------------------------------------------------

if script -qec true /dev/null >/dev/null 2>&1; then
  TERM=xterm NO_COLOR='' script -qec "$gridsim run $readme" /dev/null >"$work/out" 2>&1 </dev/null
  status=$?
  check 'a terminal gets colour' 0 has_escape
  TERM=xterm NO_COLOR=1 script -qec "$gridsim run $readme" /dev/null >"$work/out" 2>&1 </dev/null
  status=$?
  check 'NO_COLOR is honoured' 0 no_escape
fi

: >"$work/out"
{
  "$gridsim" check "$here"/scenarios/*.json 2>"$work/err"
  echo $? >"$work/status"
} | head -n 1 >/dev/null
status=$(cat "$work/status")
check 'a reader that goes away ends it quietly' 0 no_err
{
  "$gridsim" run --watch=1ms "$readme" 2>"$work/err"
  echo $? >"$work/status"
} | head -n 1 >/dev/null
status=$(cat "$work/status")
check 'also while it runs' 0 no_err

if [ -w /dev/full ]; then
  for arguments in '--help' "run $readme" "run --json $readme" "check $readme" "run --watch $readme"; do
    # shellcheck disable=SC2086
    "$gridsim" $arguments >/dev/full 2>"$work/err"
    status=$?
    check "a full disk is an error ($(echo "$arguments" | cut -d/ -f1))" 2 \
      err_has 'cannot write to standard output'
  done
  for form in jsonl chrome mermaid; do
    run run --quiet --trace /dev/full --trace-format "$form" "$readme"
    check "a full disk under the trace is an error ($form)" 2 err_has '/dev/full'
  done
fi

# Long enough on any machine to be interrupted.
printf '{"topology": {"kind": "watts-strogatz", "nodes": 2000}, "until": "1h",
  "expect": {"messages": {"total": 1}},
  "schedule": [{"at": 0, "every": "1s", "node": "N1", "production": {"uniform": [1, 9]}}]}' \
  >"$work/long.json"

# interrupt SIGNAL ARGUMENT…: sends it after half a second.
interrupt() {
  signal=$1
  shift
  timeout --preserve-status -k 20 -s "$signal" 0.5 "$gridsim" "$@" >"$work/out" 2>"$work/err" \
    </dev/null
  status=$?
}

interrupt INT run "$work/long.json"
check 'Ctrl-C ends a run with status 130' 130 out_has 'interrupted'
check 'and shows what there was so far' 130 out_has 'Messages'
check 'an interrupted run is not judged' 130 out_lacks 'Not as expected'
interrupt INT run --json "$work/long.json"
check 'with --json the document is whole and says interrupted' 130 out_has '"interrupted": true'
interrupt INT run --quiet --trace - --trace-format chrome "$work/long.json"
check 'with a trace for Chrome that document is whole, too' 130 ends_with ']}'
interrupt TERM run --quiet --runner threads "$work/long.json"
check 'SIGTERM ends it with status 143' 143 no_out

tally

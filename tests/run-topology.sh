#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-topology.sh: gridsim topology from end to end: facts, pictures, export and
# back, files written, messages about wrong usage. GRIDSIM names the binary
# (default ./gridsim). The last line is "N passed, N failed".
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

run() { timed 60 "$gridsim" topology "$@"; }
out_line() { tr -s ' ' <"$work/out" | grep -qx -- " *$1"; }
same_out() { cmp -s "$work/out" "$1"; }
# The facts of a grid, but for its name and where it comes from.
facts_of() { "$gridsim" topology --json "$1" | grep -v '"name"\|"kind"\|"topology"'; }
same_facts() { [ "$(facts_of "$1")" = "$(facts_of "$2")" ]; }

# --- facts --------------------------------------------------------------------

run ring
check 'a kind has sixteen nodes' 0 out_has 'grid        16 nodes, 16 links, 1 island; ring'
check 'one wave costs 2(2E - N + 1)' 0 out_line 'one wave 34'
check 'one update costs (2E - N + 1)(1 + 2N)' 0 out_line 'one update of energy 561'
check 'a ring has distances' 0 out_has 'diameter 8, radius 8'
run lattice --nodes 24
check 'a lattice is as square as it can be' 0 out_has '4×6'
run lattice --set topology.rows=2 --set topology.columns=9
check 'or as it is told' 0 out_has '18 nodes, 25 links'
run geometric --nodes 64
check 'a geometric graph has the radius that compare gives it' 0 out_has 'radius=0.249106'
run erdos-renyi --nodes 64
check 'and a random graph the p' 0 out_has 'p=0.129965'
run erdos-renyi --set topology.links=20
check 'links can be given instead of p' 0 out_has '16 nodes, 20 links'
run erdos-renyi --nodes 40 --set topology.p=0.02 --seed 3
check 'islands are listed' 0 out_has 'Messages in the largest island'
run erdos-renyi --nodes 40 --set topology.p=0.02 --seed 3 --json
check 'a graph in islands has no diameter' 0 out_has '"diameter": null'
check 'and the largest island has one, which is called so' 0 \
  grep -q '"largest_island_diameter": [0-9]' "$work/out"
for kind in line ring star tree lattice complete erdos-renyi barabasi-albert watts-strogatz \
  random-regular geometric; do
  run "$kind" --nodes 30 --json
  check "$kind has facts" 0 out_has '"nodes": 30'
  run "$kind" --nodes 30 --format svg
  check "$kind has a picture" 0 no_err
done
for nodes in 1 2 3; do
  run --nodes $nodes complete
  check "facts of $nodes nodes" 0 out_has "complete, $nodes node"
  run line --nodes $nodes --format svg
  check "a picture of $nodes nodes" 0 out_has '</svg>'
done
run "$here/scenarios/handshakes.json"
check 'links that are made later count' 0 out_has '1 island'
for scenario in "$here"/scenarios/[a-h]*.json; do
  run "$scenario"
  check "facts of $(basename "$scenario")" 0 out_has 'Messages'
done

# --- pictures and export ------------------------------------------------------

cat >"$work/odd.json" <<'END'
{"name": "a \"<&>\\ grid", "nodes": [
  {"name": "<b>&\"'\\n", "production": 7}, {"name": "Zürich ]]>", "consumption": 3},
  {"name": "plain"}], "links": [["plain", "Zürich ]]>"], ["plain", "<b>&\"'\\n"]]}
END
run "$work/odd.json" --format svg
check 'names are escaped in SVG' 0 out_has "&lt;b&gt;&amp;&quot;'"
cp "$work/out" "$work/odd.svg"
run "$work/odd.json" --format graphml --output "$work/odd.graphml"
check 'GraphML goes to a file' 0 no_out
if command -v xmllint >/dev/null; then
  xmllint --noout "$work/odd.svg" "$work/odd.graphml" >"$work/out" 2>"$work/err"
  status=$?
  check 'both are XML' 0 no_err
fi
echo '{"topology": {"file": "odd.graphml"}}' >"$work/back.json"
run "$work/back.json"
check 'GraphML can be read back' 0 same_facts "$work/back.json" "$work/odd.json"
run "$work/back.json" --format json
check 'with the names as they were' 0 out_has '["Zürich ]]>", "plain"]'
run "$work/odd.json" --format json
cp "$work/out" "$work/again.json"
check 'production is exported' 0 out_has '"production": 7'
run "$work/again.json" --format json
check 'a scenario that was exported is exported the same' 0 same_out "$work/again.json"
"$gridsim" run -q "$work/again.json"
status=$?
check 'and runs' 0 true
run "$work/odd.json" --format dot
check 'names are escaped in DOT' 0 out_has 'label="<b>&amp;\"'"'"'\\n"'
if command -v dot >/dev/null; then
  dot -Tplain "$work/out" >"$work/plain" 2>"$work/err"
  status=$?
  check 'Graphviz reads it' 0 no_err
fi
cp "$work/out" "$work/odd.dot"
echo '{"topology": {"file": "odd.dot"}}' >"$work/back.json"
run "$work/back.json" --format json
check 'DOT read back has the names as they were' 0 \
  out_has '{"id": 1, "name": "<b>&\"'"'"'\\n", "production": 7}'
for kind in tree geometric watts-strogatz; do
  run "$kind" --nodes 200 --format svg
  cp "$work/out" "$work/first.svg"
  run "$kind" --nodes 200 --format svg
  check "the picture of a $kind is the same each time" 0 same_out "$work/first.svg"
done

# --- files --------------------------------------------------------------------

: >"$work/file"
ln -s file "$work/link"
run ring --format dot --output "$work/link"
check 'an output file is replaced' 0 grep -q 'n0 -- n1' "$work/file"
check 'a link to it stays one' 0 test -h "$work/link"
check 'nothing is left beside it' 0 test -z "$(find "$work" -name '*link.*' -o -name '*file.*')"
for ending in svg dot gv graphml json txt; do
  run ring --output "$work/ring.$ending"
  case $ending in
  svg) begins='<svg' ;;
  dot | gv) begins='graph' ;;
  graphml) begins='<graphml' ;;
  json) begins='"links": ' ;;
  txt) begins='16 nodes' ;;
  esac
  check "the ending of a .$ending file says what is written" 0 grep -q "$begins" "$work/ring.$ending"
done
run ring --format dot --output "$work/wrong.svg"
check 'a format and another ending contradict each other' 2 \
  err_has 'would be a graph in DOT, but .svg is the ending of an SVG picture; give it .dot or .gv'
run ring --json --output "$work/wrong.dot"
check 'and so do --json and another ending' 2 err_has 'would be the facts as JSON'
run ring --output "$work/wrong.png"
check 'what cannot be written is an error' 2 err_has '.png is the ending of a picture of pixels'
check 'of which nothing is written' 2 test -z "$(find "$work" -name 'wrong.*')"
run ring --output /dev/null
check 'a device stays one' 0 test -c /dev/null
run ring --output -
check '--output - is standard output' 0 out_has '16 nodes'
run ring --output "$work/none/file"
check 'a folder that is not there is an error' 2 err_has 'none/file: No such file'
if [ -c /dev/full ]; then
  run ring --output /dev/full
  check 'a full disk is an error' 2 err_has '/dev/full: cannot be written'
fi

# --- there and back -----------------------------------------------------------

# digest_of SCENARIO: of its first five seconds.
digest_of() { "$gridsim" run --json --until 5s --memory unlimited "$1" 2>/dev/null | grep '"digest"'; }

cat >"$work/delays.json" <<'END'
{"network": {"latency": "7ms", "jitter": {"exponential": "1ms"}, "fifo": false}, "seed": 5,
 "nodes": [{}, {"name": "B", "production": 4}, {"id": 9}],
 "links": [["N1", "B"], {"between": ["B", "N9"], "latency": {"lognormal": {"median": "2ms", "sigma": 0.5}}},
           {"between": ["N9", "N1"], "jitter": "3ms"}],
 "energy": [{"node": "N9", "consumption": {"uniform": [1, 99]}}],
 "schedule": [{"at": "1s", "every": "100ms", "until": "2s", "node": "N1", "production": {"normal": {"mean": 9, "sd": 3}}}]}
END
cat >"$work/drawn.json" <<'END'
{"topology": {"kind": "erdos-renyi", "nodes": 12, "p": 0.4}, "seed": 8, "start": "cold", "sync": "coalesce",
 "handshake": {"at": "100ms", "every": "10ms"}, "pace": {"receive": "5ms", "send": "1ms"},
 "energy": [{"node": "*", "production": {"uniform": [1, 99]}}],
 "schedule": [{"at": "1s", "node": {"random": 3}, "consumption": 7}, {"at": "2s", "add_sibling": ["N1", "N12"]}]}
END
for file in "$here"/scenarios/*.json "$work/delays.json" "$work/drawn.json"; do
  case $file in *.schema.json) continue ;; esac
  run "$file" --format json
  cp "$work/out" "$work/again.json"
  check "$(basename "$file") as JSON, read again, is the same run" 0 \
    test "$(digest_of "$file")" = "$(digest_of "$work/again.json")"
done
run "$work/drawn.json" --format json --set network.latency=20ms --seed 3
cp "$work/out" "$work/again.json"
check 'what was changed is in it' 0 grep -q '"latency": "20ms"' "$work/out"
check 'and its nodes and links are listed' 0 grep -q '"name": "N12"' "$work/out"
check 'instead of the topology' 0 sh -c "! grep -q topology '$work/out'"

# A graph for other programs has a place for little; what is missing is named, and nothing else.
run "$work/odd.json" --format graphml
check 'links that are not sorted are sorted, which is said' 0 \
  err_has 'warning: GraphML has no place for the order of links'
cat >"$work/sorted.json" <<'END'
{"nodes": [{"name": "b", "production": 7}, {"name": "a", "consumption": 3}, {"name": "c"}],
 "links": [["b", "c"], ["c", "a"]]}
END
echo '{"topology": {"file": "sorted.graphml"}}' >"$work/back.json"
run "$work/sorted.json" --output "$work/sorted.graphml"
run "$work/sorted.json" --format graphml
check 'nothing is missing where there is nothing else' 0 no_err
check 'nor is anything said in the file' 0 out_lacks 'Not in here'
check 'a graph file with energies, read again, is the same run' 0 \
  test "$(digest_of "$work/sorted.json")" = "$(digest_of "$work/back.json")"
run "$work/back.json" --format json
cp "$work/out" "$work/again.json"
check 'and so is the scenario that is made of it' 0 \
  test "$(digest_of "$work/sorted.json")" = "$(digest_of "$work/again.json")"
run "$work/back.json" --json
check 'that energies are from the file is said' 0 out_has 'sorted.graphml with its production and consumption in \"kW\", named '
missing='"seed", "schedule", latencies that are drawn, jitter, "fifo", ids of nodes, how energies are drawn and the order of links'
for form in GraphML DOT; do
  case $form in GraphML) format=graphml ;; *) format='dot' ;; esac
  run "$work/delays.json" --format $format
  check "$form names what it has no place for" 0 err_has "warning: $form has no place for $missing"
  check "so does the head of the file in $form" 0 \
    sh -c "head -n 3 '$work/out' | grep -qF 'Not in here: $missing'"
  check "in $form one line does" 0 test "$(wc -l <"$work/err")" -eq 1
done
cat >"$work/far.json" <<'END'
{"network": {"latency": "3ms"}, "nodes": [{"name": "a", "http": "127.0.0.1:9301"}, {"name": "b"}, {"name": "c"}],
 "links": [{"between": ["b", "a"], "latency": "50ms"}, ["b", "c"]],
 "schedule": [{"at": "1s", "add_sibling": ["c", "a"], "latency": "7ms"}]}
END
run "$work/far.json" --format dot
check 'latencies are in DOT' 0 out_has 'n0 -- n1 [latency="50ms"];'
check 'also that of a link that comes later' 0 out_has 'n0 -- n2 [latency="7ms"];'
check 'addresses have no place' 0 err_has 'no place for "schedule" and addresses of nodes'
run "$work/far.json" --output "$work/far.graphml"
check 'latencies are in GraphML' 0 grep -q '"n1" target="n2"><data key="t">3ms</data>' "$work/far.graphml"
echo '{"topology": {"file": "far.graphml"}}' >"$work/back.json"
run "$work/back.json" --json
check 'and are read back' 0 out_has 'far.graphml with its latencies, named '
run "$work/back.json" --output "$work/again.graphml"
check 'nothing is said to be missing of them' 0 no_err
echo '{"topology": {"file": "again.graphml"}}' >"$work/back.json"
run "$work/back.json" --format graphml
grep 'key="t"' "$work/far.graphml" >"$work/there"
grep 'key="t"' "$work/out" >"$work/again"
check 'and they are the same' 0 cmp -s "$work/there" "$work/again"
rest='"schedule": [{"at": "1s", "node": "b", "production": 30}, {"at": "2s", "sync_grid": "c"}]}'
cat >"$work/slow.json" <<END
{"network": {"latency": "3.000001ms"},
 "nodes": [{"name": "b", "production": 7}, {"name": "a", "consumption": 3}, {"name": "c"}],
 "links": [{"between": ["a", "b"], "latency": "50ms"}, ["b", "c"], {"between": ["c", "a"], "latency": "1s"}],
 $rest
END
run "$work/slow.json" --output "$work/slow.graphml"
echo "{\"topology\": {\"file\": \"slow.graphml\"}, $rest" >"$work/back.json"
echo "{\"topology\": {\"file\": \"sorted.graphml\"}, $rest" >"$work/quick.json"
check 'with its latencies and schedule it is the same run' 0 \
  test "$(digest_of "$work/slow.json")" = "$(digest_of "$work/back.json")"
check 'and another without them' 0 \
  test "$(digest_of "$work/slow.json")" != "$(digest_of "$work/quick.json")"
run ring --format graphml
check 'the usual latency is not written' 0 out_lacks latency
check 'and nothing is said to be missing of a kind' 0 no_err

# --- wrong usage --------------------------------------------------------------

run
check 'a scenario or kind is needed' 2 err_has 'is missing'
run ring star
check 'one at a time' 2 err_has 'one scenario or kind at a time'
run latice
check 'a misspelt kind gets a suggestion' 2 err_has 'did you mean "lattice"?'
run grid
check 'what is called otherwise elsewhere gets one, too' 2 err_has 'did you mean "lattice"?'
check 'and all kinds are listed' 2 err_has 'kinds are "line", "ring"'
run 'Scale Free'
check 'however it is written' 2 err_has 'did you mean "barabasi-albert"?'
run xyzzy
check 'a word that no one knows is no kind' 2 err_has "'xyzzy' is neither a scenario nor a kind; kinds"
run latice.json
check 'a file that is not there is an error' 2 err_has 'latice.json: cannot be read'
run ring --set topology.k=3
check 'what a kind does not use is refused' 2 err_has 'kind "ring" does not use "k"'
run random-regular --nodes 5
check 'what is impossible is refused' 2 err_has 'must be even'
run --nodes 100000 complete
check 'too many links are refused' 2 err_has 'at most 33554432'
run ring --nodes 0
check '--nodes 0 is refused' 2 err_has 'from 1 to 16777216'
run "$here/scenarios/ring.json" --nodes 5
check '--nodes does not go with a scenario' 2 err_has '--set topology.nodes=5'
run ring --format png
check 'an unknown format is refused' 2 err_has '"svg"'
run ring --format svg --json
check '--json does not go with --format' 2 err_has 'does not go with --format'
check 'wrong usage writes nothing to standard output' 2 no_out

tally

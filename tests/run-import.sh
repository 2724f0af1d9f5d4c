#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-import.sh: graphs as people have them, wherever a scenario can be: run,
# check, topology, compare, import, and what is exported read back. GRIDSIM names
# the binary (default ./gridsim). The last line is "N passed, N failed".
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
cd "$work" || exit 1

run() { timed 60 "$gridsim" "$@"; }
digest() { "$gridsim" run "$@" 2>/dev/null | sed -n 's/^  digest *//p'; }
same_digest() { [ -n "$(digest "$1")" ] && [ "$(digest "$1")" = "$(digest "$2")" ]; }

# A case of three buses, with a parallel branch, decimals, and what is out of service.
cat >town.m <<'END'
function mpc = town
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	10	3	0	0	0	0	1	1	0	135	1	1.1	0.9;
	20	1	1.25	0	0	0	1	1	0	135	1	1.1	0.9;
	35	1	0.75	0	0	0	1	1	0	135	1	1.1	0.9;
];
mpc.gen = [
	10	2.5	0	0	0	1	100	1	5	0;
	20	9	0	0	0	1	100	0	9	0;
];
mpc.branch = [
	10	20	0	0	0	0	0	0	0	0	1	-360	360;
	20	35	0	0	0	0	0	0	0	0	1	-360	360;
	35	20	0	0	0	0	0	0	0	0	1	-360	360;
	35	10	0	0	0	0	0	0	0	0	0	-360	360;
];
mpc.gencost = [ 2 0 0 3 0 1 0 ];
END
# A document of networkx, with places, latencies and energies.
cat >places.json <<'END'
{"directed": false, "multigraph": false, "graph": {"name": "Places", "unit": "kW"},
 "nodes": [{"id": "M\u00fchle & \"Co\"", "longitude": 13.25, "latitude": 52.5, "production": 3.5},
           {"id": "=1+1", "longitude": 9.125, "latitude": 48.75, "consumption": 2},
           {"id": "a, b", "longitude": -7.5, "latitude": 53.25}],
 "links": [{"source": "M\u00fchle & \"Co\"", "target": "=1+1", "latency": "3ms"},
           {"source": "=1+1", "target": "a, b"}]}
END
mkdir net
printf 'name,x,y\nNorth,9.5,54\nSouth,11,48\n' >net/buses.csv
printf 'name,bus0,bus1\n1,North,South\n' >net/lines.csv
printf 'name,bus,p_set\nL,South,0.5\n' >net/loads.csv
printf ',L\n2011,0.25\n' >net/loads-p_set.csv
printf ',snapshot\n0,2011\n' >net/snapshots.csv
gzip -c town.m >packed.m.gz
cat >town.json <<'END'
{"unit": "kW", "topology": {"file": "town.m"}}
END

# --- as they are ------------------------------------------------------------------

for file in town.m packed.m.gz; do
  run check "$file"
  check "$file: check says what it would become" 0 out_has '3 nodes, 2 links, 1 island'
  check "$file: in which unit, and what it has in the file" out_has '"kW" (MW in the file)'
  check "$file: its name is the file's, without endings" grep -q "^${file%%.*}\$" "$work/out"
  check "$file: what is left out is said" err_has "$file: a branch that is out of service was left out"
  check "$file: and what is merged" err_has 'a repeated link was left out (line 16)'
  check "$file: and what is not used" err_has 'other parts of the case are not used: gencost'
  run topology --json "$file"
  check "$file: topology, too, in its document" 0 out_has '"kind": "links-merged"'
done
run run --json town.m
check 'run takes it as it is' 0 out_has '"production": 2500'
check 'and a scenario that names it is the same run' same_digest town.m town.json
run check net
check 'a folder of PyPSA is a network' 0 out_has '2 nodes, 1 link, 1 island; network of PyPSA in net'
check 'with the first snapshot of its series' err_has 'first snapshot of loads-p_set.csv, "2011"'
check 'what else is there is said' err_has 'other tables of the network are not used: snapshots'
run check net/
check 'its name may end in a slash' 0 out_has '2 nodes, 1 link'
run run net --report net.html
check 'a page of it says what was not used' 0 has net.html 'other tables of the network are not used'

# --- compared ---------------------------------------------------------------------

run compare town.m ring --nodes 8 --repeat 2 --out study
check 'a graph beside a family, each at its number of nodes' 0 out_has 'nodes 3'
check 'the family at the one that was asked for' out_has 'nodes 8'
check 'two cells, not four' is "$(grep -c '"topology": ' study/study.json)" 2
check 'what was not used is said of the study' has study/results.json 'repeated link was left out'
run verify study
check 'it can be done again' 0 out_has 'all are the same'
mv study elsewhere && mv town.m town.away
(cd / && timeout 60 "$gridsim" verify "$work/elsewhere") >"$work/out" 2>"$work/err"
status=$?
check 'from anywhere, when the graph file is gone' 0 out_has 'all are the same'
for kept in elsewhere/scenarios/*.json; do
  run run -q "$kept"
  check "its scenario $(basename "$kept") runs by itself" 0
done
mv town.away town.m
run compare --topology ring,net --nodes 6 --repeat 1 --format csv
check 'a folder as a value of the axis' 0 out_has 'net,2,'
run compare ring star --repeat 1 --set until=1ms
check 'without a graph file such words are the scenarios that ship' err_has 'ring is '
run compare town.m net --repeat 1 --format csv
check 'two graphs and nothing else have one cell each' 0 is "$(grep -c '^town,\|^net,' "$work/out")" 2
printf '{"axes": {"topology": ["ring", {"file": "town.m"}, "net"], "nodes": [4]}, "repeat": 1}' >sweep.json
mkdir sub && cp -r town.m net sweep.json sub
(cd / && timeout 60 "$gridsim" compare "$work/sub/sweep.json" --format csv) >"$work/out" 2>"$work/err"
status=$?
check 'a sweep names graphs, seen from its own folder' 0 is "$(grep -c '^town,3\|^net,2\|^ring,4' "$work/out")" 3
mkdir base && printf '{"network": {"latency": "2ms"}}' >base/slow.json
run compare base/slow.json --topology town.m,net --repeat 1 --format csv
check 'graphs beside a scenario of another folder are seen from here' 0 is "$(grep -c 'town,\|net,' "$work/out")" 2
run compare --topology ring,nothere.gml --nodes 4
check 'what is neither is refused' 2 err_has '"nothere.gml" is no topology'

# --- imported ---------------------------------------------------------------------

for file in town.m packed.m.gz places.json net; do
  run import "$file" -o imported.json --force
  check "$file: import" 0 has imported.json '"about": "Imported from '
  check "$file: the scenario runs as the file itself" same_digest imported.json "$file"
  run check -q imported.json
  check "$file: of which nothing has to be said any more" 0 no_err
done
run import town.m
check 'import writes to standard output' 0 out_has '{"id": 2, "name": "20", "consumption": 1250}'
check 'and says in the scenario what it has not taken' out_has 'a repeated link was left out (line 16)'
run import places.json
check 'places are the nodes'"'"'' 0 out_has '"longitude": 13.25, "latitude": 52.5'
check 'energies are whole in a unit that the file decides' out_has '"unit": "W"'
run import town.m --set unit=MW
check 'a unit in which they are not whole is refused' 2 err_has '"unit": "kW" would do'
run import town.m --set unit=W
check 'another is taken exactly' 0 out_has '"production": 2500000'
run import nothere.gml
check 'a file that is not there' 2 err_has 'nothere.gml: cannot be read'
mkdir empty
run import empty
check 'a folder that is none of PyPSA' 2 err_has 'empty: is a folder without buses.csv'
run import -
check 'standard input is not read' 2 err_has 'give a file'
run import
check 'no file' 2 err_has 'a graph file is missing'
run import town.m net
check 'two files' 2 err_has 'one graph file or folder at a time'
run import town.m -o "$work/town.gml"
check 'an ending of something else' 2 no_out
printf 'mine\n' >mine.json
run import town.m -o mine.json
check 'a file of somebody else is not written over' 2 is "$(cat mine.json)" mine
for name in 'gexf:<gexf/>:a graph in GEXF' 'html:<!doctype html><html>:an HTML page' \
  'gml:404\: Not Found:had no such file' 'csv:version https\://git-lfs.github.com/spec/v1:Git LFS'; do
  what=$(printf '%s' "$name" | sed 's/^[^:]*:\(.*\):[^:]*$/\1/; s/\\:/:/g')
  printf '%s\n' "$what" >"bad.${name%%:*}"
  run import "bad.${name%%:*}"
  check "refused by its name: ${name##*:}" 2 err_has "${name##*:}"
done

# --- exported and read back -------------------------------------------------------

for file in town.m places.json net; do
  for form in graphml gml dot csv json; do
    rm -f back*
    run topology "$file" -o back.$form
    check "$file as $form" 0
    if [ "$form" = csv ]; then
      unit=$(sed -n 's/.*reads both: {"unit": \("[^"]*"\).*/\1/p' "$work/err")
      printf '{"unit": %s, "topology": {"file": "back.csv", "nodes": {"file": "back-nodes.csv"}}}' \
        "$unit" >back.json
      check "$file as $form: read back it is the same run" same_digest "$file" back.json
    else
      check "$file as $form: read back it is the same run" same_digest "$file" back.$form
    fi
  done
done
run topology places.json -o back.svg
check 'a picture is drawn by the places' 0 has back.svg 'longitude and latitude'
# As on a screen y grows downwards there; in what is written it grows upwards.
printf 'graph [ node [ id 1 graphics [ x 5 y 20 ] ] node [ id 2 graphics [ x 5 y -3 ] ] ]\n' >drawn.gml
run topology drawn.gml --format json
check 'places on a screen are turned, in a scenario' 0 out_has '"x": 5, "y": -20'
run topology drawn.gml --format graphml
check '… and in GraphML' 0 out_has '<data key="y">-20</data>'
run topology drawn.gml --format gml
check '… and in GML' 0 out_has 'x 5 y 3 ]'
run topology places.json --format csv
check 'tables need a file' 2 err_has 'csv is two files'
run topology places.json -o tables.csv
check 'a name that a spreadsheet would read as a formula is made harmless, and that is said' 0 \
  err_has "1 name that a spreadsheet would read as a formula has an apostrophe in front"

tally

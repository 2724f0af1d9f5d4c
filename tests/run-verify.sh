#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# gridsim verify: studies, reports and documents done again; what differs is found,
# and nothing of a stranger's page is used but what is in it.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

verify() { timed 120 "$gridsim" verify "$@"; }

mkdir "$work/from"
printf 'a b\nb c\nc a\nc d\n' >"$work/from/net.edges"
cat >"$work/from/grid.json" <<'END'
{"topology": {"file": "net.edges"},
 "schedule": [{"at": "1s", "node": {"random": 1}, "production": 5}]}
END
timed 120 "$gridsim" compare "$work/from/grid.json" --vary network.jitter=0,2ms --repeat 4 --out "$work/study"
check 'a study to verify' 0
rm -r "$work/from"

verify "$work/study"
check 'a directory is the same' 0 out_has '8 of 8 runs done again with gridsim 0.1.0'
check 'with more than its digests' 0 out_has 'all are the same, with all figures'
verify "$work/study/report.html"
check 'so is its report, without any other file' 0 out_has 'all are the same, by their digests'
verify --sample 3 "$work/study/results.json"
check 'and a part of its document' 0 out_has '3 of 8 runs done again'
verify --quiet "$work/study"
check 'quietly, too' 0 no_out

cp -r "$work/study" "$work/other"
sed -i '2s/"digest": "...../"digest": "00000/' "$work/other/runs/"*jitter=2ms.jsonl
verify "$work/other"
check 'an edited line is not taken for a run' 2 err_has 'jitter=2ms.jsonl:2: this line is not as it was written'
resign "$work/other/runs/"*jitter=2ms.jsonl
verify "$work/other"
check 'another digest is found' 1 out_has 'network.jitter=2ms, repetition 1: has the digest'
sed 's/\(\[1, 2, "\)...../\100000/' "$work/study/report.html" >"$work/other.html"
verify "$work/other.html"
check 'in a page as well' 1 out_has 'network.jitter=2ms, repetition 2: has the digest'
cp -r "$work/study/." "$work/figures"
sed -i '1s/"wire_bytes": [0-9]*/"wire_bytes": 1/' "$work/figures/runs/network.jitter=2ms.jsonl"
resign "$work/figures/runs/network.jitter=2ms.jsonl"
verify "$work/figures"
check 'so are other figures' 1 out_has 'repetition 0: has the same digest, but other figures'

cp -r "$work/study/." "$work/possible"
sed -i '2s/.*/{"repetition": 1, "seed": 2, "problem": "no such graph", "checksum": ""}/' \
  "$work/possible/runs/network.jitter=2ms.jsonl"
resign "$work/possible/runs/network.jitter=2ms.jsonl"
verify "$work/possible"
check 'and a run that could not be done, and can' 1 out_has 'repetition 1: can be done, and could not'

timed 60 "$gridsim" run --json --set network.latency=4ms --seed 9 --report "$work/run.html" \
  "$work/study/scenarios/"*2ms.json
cp "$work/out" "$work/run.json"
verify "$work/run.json"
check 'a run by its document' 0 out_has '1 of 1 run done again'
verify "$work/run.html"
check 'and by its page' 0 out_has 'it is the same, by its digest'

# --- what it takes is not all there ---

# padded BYTES: a scenario with so many blanks in it.
padded() { printf '{"topology": {"kind": "ring", "nodes": 4},%*s"schedule": [{"at": 1, "node": "N1", "production": 5}]}' "$1" ''; }
padded 2000000 >"$work/large.json"
padded 4200000 >"$work/larger.json"
for size in large larger; do
  timed 60 "$gridsim" run --json --report "$work/$size.html" "$work/$size.json"
  check "a $size scenario runs" 0 out_has '"again": '
  mv "$work/out" "$work/$size-run.json"
done
check 'what was too large to be in a document, it says' has "$work/large-run.json" \
  'large.json (1.9 MiB) is not embedded: all that is may have 1.0 MiB'
check '… and does not say that there is nothing' has "$work/large-run.json" '"again_missing": null'
check 'where there is nothing, why' has "$work/larger-run.json" \
  '"again_missing": "the scenario has more than 4 MiB"'
check '… on the page, too' has "$work/larger.html" '"again_missing": "the scenario has more than 4 MiB"'
for file in larger-run.json larger.html; do
  verify "$work/$file"
  check "… and verify says it of $file" 2 err_has 'takes to do it again: "the scenario has more than 4 MiB"'
done
for file in large-run.json large.html; do
  verify "$work/$file"
  check "verify does not do $file again" 2 no_out
done

# --- strangers ---

sed 's/"text": "a b/"text": "a c/' "$work/study/results.json" >"$work/edited.json"
verify "$work/edited.json"
check 'an embedded file that was edited' 2 err_has '"net.edges" was changed: its fingerprint is'
: >"$work/secret.edges"
sed 's/"text": "a b[^"]*"/"file": "inputs\/net.edges"/' "$work/study/results.json" >"$work/outside.json"
verify "$work/outside.json"
check 'a page that names a file' 2 err_has 'files may not be read here; only what is embedded'
sed 's/"file": "inputs\/net/"file": "inputs\/..\/..\/net/' "$work/study/study.json" >"$work/other/study.json"
verify "$work/other"
check 'a study that names one outside' 2 err_has 'with a plain name behind it'
cp "$work/study/study.json" "$work/other/study.json"
for kept in "$work"/other/inputs/net-*; do ln -sf "$work/secret.edges" "$kept"; done
verify "$work/other"
check 'a study with a link to elsewhere' 2 err_has 'a symbolic link, which is not followed'
echo '{"again": {"sweep": {"scenario": "/etc/passwd", "axes": {"nodes": [4]}}, "runs": [[0, 0, null]]}}' >"$work/named.json"
verify "$work/named.json"
check 'a scenario somewhere else' 2 err_has 'files may not be read here'
echo '{"again": {"sweep": {"axes": {"topology": ["ring"], "nodes": [4]}}, "runs": [[7, 0, null]]}}' >"$work/cell.json"
verify "$work/cell.json"
check 'a cell that is not there' 2 err_has 'must be a cell, a repetition and a digest or null'
head -c 3000 "$work/study/report.html" >"$work/cut.html"
verify "$work/cut.html"
check 'a page that was cut' 2 err_has 'is no page of gridsim'
: >"$work/empty"
verify "$work/empty"
check 'nothing at all' 2
verify "$work"
check 'a directory that is no study' 2 err_has 'has no study.json'
verify
check 'no operand' 2 err_has 'give one directory'
verify --sample 0 "$work/study"
check 'a sample of none' 2 err_has '--sample'

tally

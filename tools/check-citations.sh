#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# check-citations.sh [GRIDSIM]: fails when a document or a comment of the project in
# the current folder cites what is not there: a file, a heading (docs/X.md, Heading),
# an anchor of a link, a part of the man page, a make target, a name of the code (gs_,
# Gs, GS_), a file in the row of a folder; or an option, if GRIDSIM names the program,
# whose --help is asked. And when a row of a Markdown table has another number of cells
# than its head.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What is spoken of and is no file of the project: written by compare and the benchmark,
# of examples, of others, and names that stand for any.
for name in study.json results.json tables.md bench.csv \
  scenario.json two-nodes.json first-crash.json steady-change.json one-down.json halves.json one-look.json parted-once.json town.json net.json island.json ring.json grid.json trace.json city.json folder/city.json folder/ring.json a.b.c \
  Chart.js \
  DOCUMENT.json N.sh N.json PAGE.js X.md FILE.md docs/X.md; do
  echo "$name"
done >"$work/elsewhere"
# Options of programs that are not ours.
others='--request --header --data-raw --location --no-install-recommends'

find . \( -name .git -o -name build -o -name __pycache__ \) -prune -o -type f -print |
  sed 's|^\./||' | sort >"$work/files"
grep -E '\.(c|h|md|scd|sh|py|js|css|go|erl|[ch]pp|lua)$|^Makefile$|^\.ci/run$' "$work/files" |
  grep -v -e '^tests/golden/' -e '^CHANGELOG\.md$' >"$work/texts"

: >"$work/options"
[ -z "${1:-}" ] || {
  {
    for command in '' $("$1" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
      "$1" ${command:+"$command"} --help
    done
    # The options of our tools stand in quotes or as cases.
    cat tools/*.sh tools/*.py tools/bench/* 2>/dev/null
  } | grep -o -e '--[a-z][a-z-]*' | sort -u >"$work/options"
  echo "$others" | tr ' ' '\n' >>"$work/options"
}

# Texts are read twice: what can be cited is known before it is looked for.
IFS='
'
set -f
# One name a line.
# shellcheck disable=SC2046
set -- $(cat "$work/texts")

awk -v work="$work" '
function complain(what) {
  printf "%s:%d: %s\n", FILENAME, FNR, what
  bad = 1
}
# As GitHub makes them.
function anchor(heading) {
  heading = tolower(heading)
  gsub(/[`*_]/, "", heading)
  gsub(/[^a-z0-9 \200-\377-]/, "", heading)
  gsub(/ /, "-", heading)
  return heading
}
# The file that a path means, from a folder or from the project; "" if there is none.
function resolve(path, folder, at) {
  at = folder path
  while (sub(/(^|\/)[^\/]+\/\.\.\//, "/", at)) sub(/^\//, "", at)
  gsub(/\/\.\//, "/", at)
  sub(/\/$/, "", at)
  return at in file || at in dir ? at : path in file || path in dir ? path : ""
}
function matches_some(glob, list, name) {
  gsub(/[.+]/, "\\\\&", glob)
  gsub(/\*/, "[^/]*", glob)
  for (name in list) if (name ~ "^" glob "$") return 1
  return 0
}
function check_file(name) {
  sub(/^\.\//, "", name)
  gsub(/CELL|NAME/, "*", name)
  if (name in elsewhere || name in file || folder name in file) return
  # What programs write may be in a folder that is none of ours.
  last = name
  sub(/.*\//, "", last)
  if (last in elsewhere && name !~ /^(core|sim|scenarios|tests|tools|docs)\//) return
  if (name ~ /\//) {
    if (resolve(name, folder) == "" && !(name ~ /\*/ && matches_some(name, file)))
      complain("there is no file " name)
  } else if (!(name in base) && !(name ~ /\*/ && matches_some(name, base)))
    complain("there is no file called " name)
}
# The part of a line that is prose.
function prose(line, text, at) {
  if (kind == "text") return line
  if (kind == "hash") {
    if (kind_python && line ~ /"""/) {
      if (gsub(/"""/, "", line) % 2) docstring = !docstring
      return line
    }
    if (docstring) return line
    return match(line, /(^|[ \t])#/) ? substr(line, RSTART + RLENGTH) : ""
  }
  text = ""
  while (line != "") {
    if (inside) {
      at = index(line, "*/")
      if (!at) return text line
      text = text substr(line, 1, at - 1) " "
      line = substr(line, at + 2)
      inside = 0
    } else {
      # Not what stands in quotes.
      if (!match(line, /"([^"\\]|\\.)*"|\047(\\.|[^\\\047])\047|\/\*|\/\/ /)) return text
      if (substr(line, RSTART, 1) != "/") {
        line = substr(line, RSTART + RLENGTH)
        continue
      }
      inside = substr(line, RSTART, 2) == "/*"
      line = substr(line, RSTART + 2)
      if (!inside) return text line
    }
  }
  return text
}

FILENAME == work "/files" {
  file[$0]
  name = $0
  sub(/.*\//, "", name)
  base[name]
  name = $0
  while (sub(/\/[^\/]*$/, "", name)) dir[name]
  next
}
FILENAME == work "/elsewhere" { elsewhere[$0]; next }
FILENAME == work "/options" { option[$0]; options = 1; next }

FNR == 1 {
  if (FILENAME in seen) pass = 2
  seen[FILENAME]
  folder = FILENAME
  if (!sub(/[^\/]*$/, "", folder)) folder = ""
  kind = FILENAME ~ /\.(md|scd)$/ ? "text" : FILENAME ~ /\.(sh|py|lua)$|Makefile$|\.ci\/run$/ ? "hash" : "c"
  kind_python = FILENAME ~ /\.py$/
  inside = docstring = fenced = cells = 0
  before = ""
}
pass < 2 {
  if (FILENAME ~ /\.md$/) {
    if (/^```/) fenced = !fenced
    if (!fenced && sub(/^#+ /, "")) {
      heading[FILENAME, $0]
      headings[FILENAME] = headings[FILENAME] "\n" $0
      linkable[FILENAME "#" anchor($0)]
    }
  }
  if (FILENAME ~ /\.scd$/ && /^# /) part[substr($0, 3)]
  if (FILENAME ~ /\.[ch]$|^Makefile$/) {
    rest = inside ? "" : $0
    prose($0)
    sub(/\/\*.*|\/\/ .*/, "", rest)
    while (match(rest, /(gs_|Gs|GS_)[A-Za-z0-9_]+/)) {
      identifier[substr(rest, RSTART, RLENGTH)]
      rest = substr(rest, RSTART + RLENGTH)
    }
  }
  if (FILENAME == "Makefile" && match($0, /^[a-z][a-z-]*:/)) target[substr($0, 1, RLENGTH - 1)]
  next
}
{
  line = prose($0)
  # Paths, also in code but in that of tests: what begins with one of our folders.
  rest = FILENAME ~ /^tests\// ? "" : $0
  while (match(rest, /(core|sim|scenarios|tests|tools|docs)\/[A-Za-z0-9_.\/*-]*\.(c|h|md|json|sh|py|js|scd)/)) {
    name = substr(rest, RSTART, RLENGTH)
    lead = RSTART > 1 ? substr(rest, RSTART - 1, 1) : " "
    rest = substr(rest, RSTART + RLENGTH)
    if (lead !~ /[A-Za-z0-9_\/.$}-]/ && rest !~ /^[A-Za-z0-9_]/) check_file(name)
  }
  # Names in prose.
  rest = line
  while (match(rest, /[A-Za-z0-9_.*][A-Za-z0-9_.\/*-]*\.(c|h|md|json|sh|py|js|scd)/)) {
    name = substr(rest, RSTART, RLENGTH)
    lead = RSTART > 1 ? substr(rest, RSTART - 1, 1) : " "
    rest = substr(rest, RSTART + RLENGTH)
    if (lead !~ /[A-Za-z0-9_\/.$}<-]/ && rest !~ /^[A-Za-z0-9_]/ && name !~ /^[*.]/) check_file(name)
  }
  # Headings: FILE.md, Heading. A line may end within.
  gsub(/^[ \t*#]+/, "", line)
  joined = before " " line
  rest = joined
  while (match(rest, /[A-Za-z\/]+\.md, [A-Z]/)) {
    cited = substr(rest, RSTART, RLENGTH - 3)
    rest = substr(rest, RSTART + RLENGTH - 1)
    at = resolve(cited, folder)
    if (at == "") continue
    found = 0
    n = split(headings[at], known, "\n")
    for (i = 2; i <= n; i++)
      if (index(rest, known[i]) == 1 && substr(rest, length(known[i]) + 1) !~ /^[A-Za-z0-9]/) found = 1
    # What is cut off at the line end is looked at with the next line.
    if (!found && length(rest) > 40 || !found && rest ~ /[).;:]/)
      complain(at " has no heading that begins \"" substr(rest, 1, 40) "\"")
  }
  before = line
  # Sections have no numbers.
  if (line ~ /\.md[^.]* section [0-9]/) complain("cite a heading, not the number of a section")
  # Names of the code; one that ends in _ stands for several.
  rest = FILENAME ~ /\.js$/ ? "" : line
  while (match(rest, /(gs_|Gs|GS_)[A-Za-z0-9_]+/)) {
    name = substr(rest, RSTART, RLENGTH)
    lead = RSTART > 1 ? substr(rest, RSTART - 1, 1) : " "
    rest = substr(rest, RSTART + RLENGTH)
    if (lead !~ /[A-Za-z0-9_]/ && name !~ /_$/ && !(name in identifier))
      complain("nothing in the code is called " name)
  }
  # Parts of the man page.
  rest = FILENAME ~ /\.scd$/ ? line : ""
  while (match(rest, /[Ss]ee \*[A-Z][A-Z ]*\*/)) {
    name = substr(rest, RSTART + 5, RLENGTH - 6)
    rest = substr(rest, RSTART + RLENGTH)
    if (!(name in part)) complain("the page has no part " name)
  }
  # Targets of make.
  rest = line
  while (match(rest, /`([A-Z_]+=[^ ]+ )*make [a-z][a-z-]*/)) {
    name = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    sub(/.*make /, "", name)
    if (!(name in target)) complain("there is no target " name)
  }
}
FILENAME ~ /\.md$/ {
  if (/^```/) { fenced = !fenced; shell = $0 == "```sh" }
  rest = fenced && shell ? $0 : ""
  sub(/ # .*/, "", rest)
  while (match(rest, /(^|&& )make [a-z][a-z-]*/)) {
    name = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    sub(/.*make /, "", name)
    if (!(name in target)) complain("there is no target " name)
  }
  rest = $0
  while (!fenced && match(rest, /\]\([^)]*\)/)) {
    link = substr(rest, RSTART + 2, RLENGTH - 3)
    rest = substr(rest, RSTART + RLENGTH)
    if (link ~ /^[a-z]+:/) continue
    path = link
    sub(/#.*/, "", path)
    at = path == "" ? FILENAME : resolve(path, folder)
    if (at == "") complain("the link to " link " leads nowhere")
    else if (link ~ /#/) {
      sub(/^[^#]*/, "", link)
      if (!(at link in linkable)) complain(at " has no heading for " link)
    }
  }
  row = $0
  # Of a folder: the files that its row names in code are in it.
  if (!fenced && match(row, /^\| `[a-z\/]+\/` \|/)) {
    module = substr(row, 4, RLENGTH - 6)
    rest = substr(row, RLENGTH)
    while (match(rest, /`[a-z0-9_*]+(\.[a-z]+)?`/)) {
      name = substr(rest, RSTART + 1, RLENGTH - 2)
      rest = substr(rest, RSTART + RLENGTH)
      if (!matches_some(module name (name ~ /\./ ? "" : ".c"), file) &&
          !matches_some(module name (name ~ /\./ ? "" : ".h"), file))
        complain("there is no " name " in " module)
    }
  }
  if (!fenced && row ~ /^\|/) {
    gsub(/\\\|/, "", row)
    n = gsub(/\|/, "", row)
    if (cells && n != cells) complain("a row of " n - 1 " cells in a table of " cells - 1)
    if (!cells) cells = n
  } else cells = 0
}
FILENAME ~ /\.(md|scd)$/ && options {
  rest = $0
  while (match(rest, /(^|[^A-Za-z0-9_-])--[a-z][a-z-]*/)) {
    name = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    sub(/^[^-]/, "", name)
    if (!(name in option)) complain("no --help has the option " name)
  }
}
END { exit bad }
' "$work/files" "$work/elsewhere" "$work/options" "$@" "$@" >"$work/complaints"
status=$?
cat "$work/complaints" >&2
[ "$status" -eq 0 ] && echo 'citations: all lead somewhere'
exit "$status"

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command that the documents, the man page and --help show is run as it is
# written, and every scenario and sweep that they show is read: blocks of sh and
# json in Markdown, `./gridsim …` within a line, EXAMPLES of the man page, and the
# examples of each --help. What is written there is found, so a new example is run
# without a word here. A document's commands run one after the other in a folder of
# its own with the scenarios in it; servers run until the document's end or the
# next server. What is changed or left out is in the tables below, and is said.
# GRIDSIM names the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"
case $gridsim in
*/asan/*)
  skip 'documented commands are run in the release build'
  tally
  exit
  ;;
esac

# What is not run: a pattern of the whole command, and why.
not_run() {
  case $1 in
  *'tools/setup.sh'*) echo 'installs packages' ;;
  'make help') return 1 ;;
  'make demo') echo 'runs a command that is documented beside it' ;;
  'make bench-deps'*) echo 'installs packages' ;;
  'make bench'* | 'make profile'*) echo 'takes minutes; tests/run-bench.sh has a quick benchmark' ;;
  'make install' | 'make uninstall') echo 'changes the machine; tests/run-install.sh does it elsewhere' ;;
  *'make '*) echo 'takes minutes; it is a step of .ci/run' ;;
  *'tools/soak.sh'*) echo 'loads a node for minutes, with wrk' ;;
  *'compare steady-change.json'*) echo 'takes minutes' ;;
  *'tools/bench/tables.py'*) echo 'reads the figures of a benchmark; tests/run-bench.sh does' ;;
  *) return 1 ;;
  esac
}

# What is changed, as little as may be: sed.
cat >"$work/changes" <<'END'
# A sweep's 20 repetitions, or as many as a precision needs, are one or two here.
/--repeat/!s/gridsim compare/gridsim compare --repeat 1/
s/compare --repeat 1 \(.*--precision\)/compare --repeat 2 --repeat-max 2 \1/
END
command -v jq >/dev/null || {
  skip 'jq is not installed: what is handed to it is only shown'
  echo 's/| jq .*/| cat/' >>"$work/changes"
}
# Ports that nobody has: $ports more than in the documents.
# shellcheck source=tests/ports.sh
. "$(dirname "$0")/ports.sh"
ports=$((12000 + RANDOM % 11000))
until claim $((8081 + ports)) $((8089 + ports)) && claim $((9000 + ports)) $((9130 + ports)); do
  ports=$((12000 + RANDOM % 11000))
done
for port in 8081 8082 8083 8084 8085 8086 9000 9001; do
  printf 's/\\(127\\.0\\.0\\.1:\\|-p \\)%d\\b/\\1%d/g\n' "$port" $((port + ports)) >>"$work/changes"
done

# A status other than 0 that an example may have.
may_end() {
  case $1 in
  *'protocol=echo,original'*) [ "$2" -eq 1 ] ;; # the original leaves nodes out of sync
  *'explore --set protocol=original'*) [ "$2" -eq 1 ] ;; # it finds what is wrong
  *'recovery=none'*) [ "$2" -eq 1 ] ;;                   # nodes wait for who is down
  *'topology.nodes=100000'*) [ "$2" -eq 2 ] ;; # more memory than is free
  *) false ;;
  esac
}

# What a fragment of a scenario needs around it to be one, by its first member.
whole_scenario() {
  case $1 in
  '"topology"'* | '"nodes"'*) printf '{%s}' "$1" ;;
  '"'*) printf '{"nodes": [{"name": "Mill"}, {"name": "Town"}, {"name": "Lighthouse"}, {"name": "N1"},
    {"name": "N2"}, {"name": "N3"}], "links": [["Mill", "Lighthouse"]], %s}' "$1" ;;
  *) printf '%s' "$1" ;;
  esac
}

# --- what is documented -------------------------------------------------------

# markdown FILE: what it shows, as files in $found, in order: N.sh, N.json, or N.odd for a block
# in another language; N.at has the line. An open quote or a backslash goes on in the next line.
markdown() {
  awk -v found="$found" '
    function emit(kind, text, line) {
      name = found "/" sprintf("%03d", ++n)
      print text >(name "." kind)
      print line >(name ".at")
      close(name "." kind)
      close(name ".at")
    }
    /^```/ && language {
      if (language == "json") emit("json", block, start)
      language = ""
      next
    }
    /^```/ {
      language = $0 == "```" ? "no language" : substr($0, 4)
      if (language !~ /^(sh|json|text)$/) emit("odd", language, FNR)
      block = command = ""
      start = FNR + 1
      next
    }
    language == "json" { block = block $0 "\n" }
    language == "sh" {
      if (command == "") start = FNR
      command = command $0
      quotes = command
      if (gsub(/\047/, "", quotes) % 2 || command ~ /\\$/) { command = command "\n"; next }
      if (command !~ /^ *(#|$)/) emit("sh", command, start)
      command = ""
    }
    !language {
      rest = $0
      while (match(rest, /`[^`]+`/)) {
        span = substr(rest, RSTART + 1, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
        if (span ~ /^(\.\/gridsim|sh|python3|make|curl) / && span !~ /…/) emit("sh", span, FNR)
      }
    }' "$1"
}

# The EXAMPLES of the man page, whose literal blocks are commands.
man_page() {
  awk '/^# / { inside = $0 == "# EXAMPLES" }
    !inside { print ""; next }
    /^```/ { literal = !literal; print literal ? "```sh" : "```"; next }
    { print }' docs/gridsim.1.scd
}

# Examples of a help text: indented by two, explained after two spaces or in lines that are
# indented by six. What is in braces is a scenario.
help_page() {
  awk '
    /^Examples?$/ { inside = 1; print "```sh"; next }
    /^$/ && inside { inside = 0; print "```"; next }
    /^  \{$/ { json = 1; print "```json" }
    json { print }
    /^  \}$/ { json = 0; print "```" }
    /^Save it as .*, then: / { sub(/.*, then: /, ""); print "```sh\n" $0 "\n```" }
    inside && !/^      / { sub(/^  /, ""); sub(/  +.*/, ""); print }'
}

# --- servers ------------------------------------------------------------------

# Nobody's settings; a status that is no success is a failure.
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY NO_COLOR
export CURL_HOME=$work
printf 'silent\nshow-error\nfail\nmax-time = 20\n' >"$work/.curlrc"

servers=()
names=()
outputs=()
number=0
# Both ways to end one have their turn, unless whoever started this has it ignore SIGINT, as for jobs
# in the background: then servers ignore it, too.
stop_servers() {
  local i signal
  for i in "${!servers[@]}"; do
    signal=$(((i + number) % 2 ? 2 : 15))
    [ -z "$(trap -p INT)" ] || signal=15
    kill "-$signal" "${servers[i]}" 2>/dev/null
    wait "${servers[i]}"
    status=$?
    cp "${outputs[i]}.out" "$work/out"
    cp "${outputs[i]}.err" "$work/err"
    check "${names[i]}: signal $signal ends it" test "$status" -le 1
  done
  servers=()
  names=()
  outputs=()
}
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT

listens() { grep -qs 'http://127\|^\[Node\]' "$1.out" "$1.err"; }

# serve NAME COMMAND: in the background; comes back when it listens.
serve() {
  case $2 in *'gridsim serve'*) stop_servers ;; esac
  local output pid tries=0
  output=$(mktemp -d -p "$work")/server
  (cd "$place" && exec bash -c "exec $2") >"$output.out" 2>"$output.err" </dev/null &
  pid=$!
  servers+=("$pid")
  names+=("$1")
  outputs+=("$output")
  while ! listens "$output" && [ $((tries += 1)) -lt 400 ] && kill -0 "$pid" 2>/dev/null; do
    sleep 0.05
  done
  cp "$output.out" "$work/out"
  cp "$output.err" "$work/err"
  check "$1" listens "$output"
}

# --- one after the other ------------------------------------------------------

ends_well() { [ "$status" -eq 0 ] || may_end "$1" "$status"; }

# run_command WHERE COMMAND
run_command() {
  local reason command name
  # Without the explanation that follows.
  name="$1: $(printf '%s\n' "$2" | sed 's/  *# .*//' | tr -s '\n ' ' ' | sed 's/ $//')"
  if reason=$(not_run "$2"); then
    echo "left out: $name: $reason"
    return
  fi
  command=$(printf '%s\n' "$2" | sed -f "$work/changes")
  [ "$command" = "$2" ] || name="$name, as: $(printf '%s\n' "$command" | sed 's/  *# .*//' | tr -s '\n ' ' ' | sed 's/ $//')"
  case $command in
  *'gridsim serve '* | *'gridsim node '*) serve "$name" "$command" ;;
  *)
    # Outside a walkthrough a request is for the nodes of the README's.
    case $command in
    'curl '*) [ ${#servers[@]} -gt 0 ] || serve "$1: nodes to be told" 'gridsim serve scenarios/readme-serve.json' ;;
    esac
    timed 60 env --chdir="$place" bash -c "$command"
    check "$name" ends_well "$2"
    ;;
  esac
}

# read_json WHERE TEXT: a scenario is checked, a sweep is run once.
read_json() {
  local name
  name=$(printf '%s\n' "$2" | sed -n 's/^ *"name": "\([^"]*\)".*/\1/p;/^  "scenario"/q' | head -n 1)
  name=${name:-ring}
  case $2 in
  *'"axes"'* | *'"cells"'*)
    # Where the scenarios are that it names; without a precision, which one run cannot have.
    printf '%s' "$2" | sed 's/, "precision": "[^"]*"//' >"$place/scenarios/shown.json"
    timed 60 "$gridsim" compare --repeat 1 "$place/scenarios/shown.json"
    check "$1: a sweep" test "$status" -le 1
    rm "$place/scenarios/shown.json"
    ;;
  *)
    whole_scenario "$2" >"$place/$name.json"
    timed 60 "$gridsim" check "$place/$name.json"
    check "$1: the scenario $name" 0
    ;;
  esac
}

# document NAME: as Markdown on standard input.
document() {
  local item at
  number=$((number + 1))
  place=$work/place$number
  found=$work/found$number
  mkdir -p "$place" "$found"
  cp -r scenarios "$place"
  # Of that document's own files and folders, those that commands name.
  ln -s "$here/tools" "$here/docs" "$here/Makefile" "$place"
  ln -s "$gridsim" "$place/gridsim"
  for item in "$place"/scenarios/*.json; do
    sed -i -f "$work/changes" "$item"
  done
  # Scenarios that are shown name them as if they were in the folder of those that ship.
  cp -r scenarios/graphs "$place"
  cat >"$work/page.md"
  markdown "$work/page.md"
  for item in "$found"/*.json "$found"/*.sh "$found"/*.odd; do
    [ -f "$item" ] || continue
    at=$1
    case $1 in *.md) at=$1:$(cat "${item%.*}.at") ;; esac
    case $item in
    *.json) read_json "$at" "$(cat "$item")" ;;
    *.sh) run_command "$at" "$(cat "$item")" ;;
    *.odd) bad "$at: a block is sh, json or text, not $(cat "$item")" /dev/null ;;
    esac
  done
  stop_servers
}

export PATH="$work/bin:$PATH"
mkdir "$work/bin"
ln -s "$gridsim" "$work/bin/gridsim"

# shown FILE: without the chapter that tests/run-recovery.sh runs; lines keep their numbers.
shown() {
  awk '/^### When a node fails$/ { inside = 1; print; next }
    /^##+ / { inside = 0 }
    { print inside ? "" : $0 }' "$1"
}

echo 'left out: README.md, When a node fails: run by tests/run-recovery.sh'
for file in README.md scenarios/README.md docs/*.md; do
  document "$file" < <(shown "$file")
done
document docs/gridsim.1.scd < <(man_page)
document 'gridsim --help' < <("$gridsim" --help | help_page)
for command in $("$gridsim" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
  document "gridsim $command --help" < <("$gridsim" "$command" --help | help_page)
done
check 'examples were found, in all of them' test "$passed" -ge 60

tally

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Help, man page and completions say the same: the commands, the options of each
# command with their short names, and the words that an option takes, which the
# program itself is asked for; and the members of JSON. GRIDSIM names the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

# same NAME WANTED FOUND: lists, in any order.
same() {
  echo "$2" | tr -s ' ' '\n' | sed '/^$/d' | sort -u >"$work/wanted"
  echo "$3" | tr -s ' ' '\n' | sed '/^$/d' | sort -u >"$work/found"
  diff "$work/wanted" "$work/found" >"$work/out"
  check "$1" test $? -eq 0
}

# --- what each of them knows --------------------------------------------------

# bash_offers WORD...: for the last word of this command line.
bash_offers() {
  # shellcheck disable=SC2016 # this is for bash to expand
  bash -c '. tools/completion/gridsim.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _gridsim 2>/dev/null
    printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

# zsh_knows STATE COMMAND: what the completion hands to zsh, which offers it.
zsh_knows() {
  # shellcheck disable=SC2016 # this is for zsh to expand
  zsh -f -c '_arguments() { if [[ $1 == -C ]]; then state=$wanted; else print -rl -- "$@"; fi }
    _describe() { print -rl -- $commands }
    wanted=$1 words=($2)
    source tools/completion/_gridsim' zsh "$@"
}
zsh_options() {
  zsh_knows arguments "$1" | sed -n 's/^\(([^)]*)\)\{0,1\}\**\(--\{0,1\}[a-z-]*[a-z]\)[]=+[-].*/\2/p'
}
zsh_words() {
  zsh_knows arguments "$1" | sed -n "s/^[^-]*$2=.*\\(:(\\|compadd - \\)\\([^)]*\\))\\{0,1\\}\$/\\2/p"
}

fish_offers() {
  # shellcheck disable=SC2016 # this is for fish to expand
  HOME=$work fish --no-config -c 'source tools/completion/gridsim.fish; complete -C $argv[1]' "$1" |
    cut -f 1
}

help_options() {
  "$gridsim" "$1" --help | sed -n -e 's/^  \(-[a-z]\), \(--[a-z-]*\).*/\1 \2/p' -e 's/^  \(--[a-z-]*\).*/\1/p'
}

# man_options COMMAND: of the sections "Of …" that name it, but what is "not for" or "only for"
# others; and of the lines "… are as for *run*" in them.
man_options() {
  awk -v command="$1" '
    function flush() {
      if (names != "" && text !~ ("[Nn]ot for [^.]*\\*" command "\\*") &&
          (text !~ /Only for / || text ~ ("Only for [^.]*\\*" command "\\*"))) print names
      names = text = ""
    }
    /^#/ {
      flush()
      part = $0 == "# OPTIONS" || part && /^## /
      inside = part && ($0 ~ /^## Of all commands/ || $0 ~ ("^## Of (.* )?" command "(,| |$)"))
      next
    }
    !inside { next }
    /^\*-/ {
      flush()
      line = $0
      as = / are as for \*run\*/
      while (match(line, /\*--?[a-z][a-z-]*\*/)) {
        names = names " " substr(line, RSTART + 1, RLENGTH - 2)
        line = substr(line, RSTART + RLENGTH)
      }
      if (as) { print names; names = "" }
      next
    }
    { text = text " " $0; gsub(/[ \t]+/, " ", text) }
    END { flush() }' docs/gridsim.1.scd | if [ "$1" = help ] || [ "$1" = version ]; then
    grep -e --help
  else
    cat
  fi
}

has_zsh=$(command -v zsh) || skip 'zsh is not installed: its completion is not asked'
has_fish=$(command -v fish) || skip 'fish is not installed: its completion is not asked'

# --- commands and options -----------------------------------------------------

commands=$("$gridsim" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p')
same 'bash completes the commands' "$commands" "$(bash_offers gridsim '')"
same 'bash completes the commands after help' "$commands" "$(bash_offers gridsim help '')"
same 'the man page has the commands' "$commands" \
  "$(sed -n '/^# COMMANDS/,/^# OPTIONS/s/^\*\([a-z]*\)\*.*/\1/p' docs/gridsim.1.scd)"
same 'and its synopsis' "$commands" \
  "$(sed -n '/^# SYNOPSIS/,/^# DESCRIPTION/s/^\*gridsim \([a-z]*\)\*.*/\1/p' docs/gridsim.1.scd)"
if [ -n "$has_zsh" ]; then
  same 'zsh completes the commands' "$commands" "$(zsh_knows command '' | sed 's/:.*//')"
  same 'zsh completes the commands after help' "$commands" \
    "$(zsh_knows arguments help | sed -n 's/^1:command:(\(.*\))/\1/p')"
fi
if [ -n "$has_fish" ]; then
  same 'fish completes the commands' "$commands" "$(fish_offers 'gridsim ')"
  same 'fish completes the commands after help' "$commands" "$(fish_offers 'gridsim help ')"
fi

for command in $commands; do
  options=$(help_options "$command")
  # These explain themselves; their help has no list.
  [ -n "$options" ] || options='-h --help'
  long=$(echo "$options" | tr ' ' '\n' | grep -e --)
  same "bash completes the options of $command, and no others" "$long" \
    "$(bash_offers gridsim "$command" --)"
  [ -z "$has_zsh" ] ||
    same "zsh completes the options of $command, and no others" "$options" "$(zsh_options "$command")"
  [ -z "$has_fish" ] ||
    same "fish completes the options of $command, and no others" "$options" \
      "$(fish_offers "gridsim $command -")"
  same "the man page has the options of $command, and no others" "$options" "$(man_options "$command")"
done

# --- words that options take --------------------------------------------------

# takes COMMAND OPTION ARGUMENT…: the words that the program names when it gets another one.
takes() {
  command=$1
  option=$2
  shift 2
  words=$("$gridsim" "$command" "$option" zzz "$@" 2>&1 </dev/null |
    sed -n 's/.*; give //p' | grep -o '"[a-z_-]*"' | tr -d '"')
  check "$command $option: the program names words" test -n "$words"
  same "bash completes $command $option" "$words" "$(bash_offers gridsim "$command" "$option" '')"
  [ -z "$has_zsh" ] ||
    same "zsh completes $command $option" "$words" "$(zsh_words "$command" "$option")"
  [ -z "$has_fish" ] ||
    same "fish completes $command $option" "$words" "$(fish_offers "gridsim $command $option ")"
  for word in $words; do
    man_text=$(sed -n "/^\\*$option\\*/,/^\$/p" docs/gridsim.1.scd)
    check "the man page has $command $option $word" has_word "$man_text" "$word"
  done
}
has_word() { echo "$1" | sed 's|\\\\||g' | grep -qw -e "$2"; }
takes run --runner scenarios/readme.json
takes run --trace-format scenarios/readme.json
takes run --color scenarios/readme.json
takes serve --runner scenarios/readme.json
takes compare --format
takes compare --sort
takes compare --topology
takes topology --format ring

# --- members of the JSON of a run ---------------------------------------------

sed -n '/^# JSON OUTPUT/,/^# COMPARE/p' docs/gridsim.1.scd | sed 's|\\||g' >"$work/section"
"$gridsim" run --json scenarios/readme.json >"$work/document"
same 'the man page has the members of the JSON of a run, and no others' \
  "$(sed -n 's/^  "\([a-z_]*\)":.*/\1/p' "$work/document") http" \
  "$(sed -n '/^\*/s/[*,]//gp' "$work/section")"
for member in $(grep -o '"[A-Za-z_]*":' "$work/document" | tr -d '":' | sort -u); do
  check "the man page has the member $member" grep -qF "*$member*" "$work/section"
done

[ "$(bash_offers gridsim run --runner = p)" = pool ] &&
  [ "$(bash_offers gridsim node --pace '' | sort)" = "$(printf 'none\noriginal')" ] &&
  bash_offers gridsim serve scenarios/readme- | grep -qx scenarios/readme-serve.json
check 'bash completes values and scenarios' test $? -eq 0

tally

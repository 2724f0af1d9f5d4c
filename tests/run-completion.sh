#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every option that a command's help names is completed by each shell and is in
# the man page; bash completes no other. GRIDSIM names the program.
set -u
# shellcheck source=tests/script.sh
. "$(dirname "$0")/script.sh"

# completed WORD...: what bash offers for the last word of this command line.
completed() {
  # shellcheck disable=SC2016 # this is for bash to expand
  bash -c '. tools/completion/gridsim.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _gridsim 2>/dev/null
    printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | sort
}

commands=$("$gridsim" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(completed gridsim '')" = "$(echo "$commands" | sort)" ]
check 'bash completes the commands' test $? -eq 0

for command in $commands; do
  for file in _gridsim gridsim.fish; do
    grep -q "['a] *${command}[: ]" "tools/completion/$file"
    check "$file knows $command" test $? -eq 0
  done
  options=$("$gridsim" "$command" --help | sed -n 's/^  \(-., \)\{0,1\}--\([a-z-]*\).*/\2/p')
  for option in $options; do
    completed gridsim "$command" "--$option" | grep -qx -e "--$option"
    check "bash completes $command --$option" test $? -eq 0
    grep -q -e "--${option}[]=[},]" tools/completion/_gridsim
    check "zsh completes $command --$option" test $? -eq 0
    grep -q -e " -l $option\( \|\$\)" tools/completion/gridsim.fish
    check "fish completes $command --$option" test $? -eq 0
    grep -q -e "^\*--$option\*\|, \*--$option\*" docs/gridsim.1.scd
    check "the man page has $command --$option" test $? -eq 0
  done
  [ "$command" = help ] || [ "$command" = version ] ||
    [ "$(completed gridsim "$command" --)" = "$(echo "$options" | sed 's/^/--/' | sort)" ]
  check "bash completes no other options of $command" test $? -eq 0
done

[ "$(completed gridsim run --runner = p)" = pool ] &&
  [ "$(completed gridsim node --pace '')" = "$(printf 'none\noriginal')" ] &&
  completed gridsim serve scenarios/readme- | grep -qx scenarios/readme-serve.json
check 'bash completes values and scenarios' test $? -eq 0

tally

# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of the gridsim command for bash.

_gridsim() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' word i options
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word != -* ]]; then
      command=$word
      break
    fi
  done
  COMPREPLY=()

  # Readline splits words at "=": `--runner=pool` arrives as three.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]] && ((COMP_CWORD >= 2)); then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi

  case $prev in
  --runner)
    mapfile -t COMPREPLY < <(compgen -W 'threads pool' -- "$cur")
    return
    ;;
  --color)
    mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
    return
    ;;
  --trace)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    return
    ;;
  --seed | --set | --workers | --until)
    return
    ;;
  esac

  case $command in
  '') options='run check help --version --help' ;;
  run) options='--json --seed --set --runner --workers --trace --watch --until --color --help' ;;
  check) options='--json --seed --set --help' ;;
  help)
    mapfile -t COMPREPLY < <(compgen -W 'run check help' -- "$cur")
    return
    ;;
  *) return ;;
  esac

  if [[ -z $command || $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -X '!*.json' -- "$cur"; compgen -d -- "$cur")
  fi
}

complete -F _gridsim gridsim

# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of the gridsim command for bash.

# Options of a command.
_gridsim_options() {
  case $1 in
  run)
    echo '--json --seed --set --until --runner --workers --memory --watch --trace --trace-format' \
      '--report --why --force --quiet --color --help'
    ;;
  compare)
    echo '--topology --nodes --vary --set --repeat --seed --precision --repeat-max --until --jobs' \
      '--memory --out --fresh --format --json --sort --quiet --color --help'
    ;;
  explore)
    echo '--json --runs --for --from --topology --nodes --checks --failures --set --out --jobs --quiet' \
      '--help'
    ;;
  check) echo '--json --seed --set --until --quiet --color --help' ;;
  topology) echo '--nodes --format --output --force --json --seed --set --color --help' ;;
  serve)
    echo '--expose --expose-all --listen-any --allow-peer --allow-host --token-file --wire --require-token --mailbox --recovery --limit --resync' \
      '--json --seed --set --until --runner --workers --watch --trace --force --color --help'
    ;;
  node)
    echo '--host --port --name --id --token --require-token --pace --sibling --recovery --limit --resync --listen-any --allow-peer --allow-host --token-file' \
      '--color --help'
    ;;
  import) echo '--output --force --set --quiet --help' ;;
  verify) echo '--sample --jobs --memory --quiet --help' ;;
  version | help) echo '--help' ;;
  *) echo '--version --help' ;;
  esac
}

# Files that are scenarios or graphs.
_gridsim_files() {
  local ending
  compgen -f -X '!*.json' -- "$1"
  for ending in graphml gml csv tsv edges edgelist mtx net paj m dot gv gz; do
    compgen -f -X "!*.$ending" -- "$1"
  done
  compgen -d -- "$1"
}

# Names of the scenarios that ship.
_gridsim_shipped() {
  "${COMP_WORDS[0]}" help scenarios 2>/dev/null | sed -n 's/^  \([^ ]*\)$/\1/p'
}

_gridsim() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
  local commands='run explore compare check topology import serve node verify version help' command='' word i
  local kinds='line ring star tree lattice complete erdos-renyi barabasi-albert watts-strogatz
    random-regular geometric'
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
    # An interval of --watch, which may also go without: then what follows is not its value.
    [[ $prev == --watch ]] && return
  fi

  case $prev in
  --runner)
    mapfile -t COMPREPLY < <(compgen -W 'auto threads pool' -- "$cur")
    return
    ;;
  --trace-format)
    mapfile -t COMPREPLY < <(compgen -W 'jsonl chrome mermaid' -- "$cur")
    return
    ;;
  --color)
    mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
    return
    ;;
  --topology)
    # The last of a list.
    local before=''
    [[ $cur == *,* ]] && before=${cur%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$kinds" -- "${cur##*,}")
    return
    ;;
  --format)
    local formats='text svg dot graphml gml csv json'
    [[ $command == compare ]] && formats='table csv json markdown'
    mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$cur")
    return
    ;;
  --sort)
    mapfile -t COMPREPLY < <(compgen -W 'convergence messages tell ask response add_sibling
      update_energy sync_grid update_net wire_bytes largest_mailbox hops out_of_sync lost
      undelivered retried doubled in_sync_share mean_error worst_error lost_by_chance
      lost_by_cut lost_by_down suspected suspected_rightly suspected_wrongly
      recovery_messages waves_limited longest_wrong' -- "$cur")
    return
    ;;
  --out)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -d -- "$cur")
    return
    ;;
  --pace)
    mapfile -t COMPREPLY < <(compgen -W 'original none' -- "$cur")
    return
    ;;
  --recovery)
    mapfile -t COMPREPLY < <(compgen -W 'standard none' -- "$cur")
    return
    ;;
  --limit)
    mapfile -t COMPREPLY < <(compgen -W 'auto' -- "$cur")
    return
    ;;
  --resync)
    mapfile -t COMPREPLY < <(compgen -W 'never' -- "$cur")
    return
    ;;
  --trace | --report | --output | -o | --token-file)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    return
    ;;
  --watch)
    [[ $command == serve ]] && return
    ;;
  --host | -s)
    mapfile -t COMPREPLY < <(compgen -W '127.0.0.1' -- "$cur")
    return
    ;;
  --seed | --set | --workers | --until | --expose | --expose-all | --allow-peer | --allow-host | --mailbox | \
    --nodes | --vary | --repeat | --repeat-max | --precision | --jobs | -j | --memory | \
    --sibling | --port | --name | --id | --token | -p | -n | -i | -t)
    return
    ;;
  esac

  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_gridsim_options "$command")" -- "$cur")
    return
  fi
  case $command in
  '') mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
  help) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
  topology)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(
      compgen -W "$kinds $(_gridsim_shipped)" -- "$cur"
      _gridsim_files "$cur"
    )
    ;;
  import)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(_gridsim_files "$cur")
    ;;
  compare)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(
      _gridsim_files "$cur"
      compgen -W "$kinds $(_gridsim_shipped)" -- "$cur"
    )
    ;;
  run | check | serve)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(
      _gridsim_files "$cur"
      compgen -W "$(_gridsim_shipped)" -- "$cur"
    )
    ;;
  esac
}

complete -F _gridsim gridsim

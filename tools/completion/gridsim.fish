# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of the gridsim command for fish.

set -l commands run check help
set -l none "not __fish_seen_subcommand_from $commands"
set -l both "__fish_seen_subcommand_from run check"
set -l run "__fish_seen_subcommand_from run"

complete -c gridsim -f
complete -c gridsim -n $none -a run -d 'Run a scenario and report what happened'
complete -c gridsim -n $none -a check -d 'Validate scenarios'
complete -c gridsim -n $none -a help -d 'Explain a command'
complete -c gridsim -n $none -l version -d 'Show the version'
complete -c gridsim -l help -d 'Show help'
complete -c gridsim -n "__fish_seen_subcommand_from help" -a 'run check help'

complete -c gridsim -n $both -a '(__fish_complete_suffix .json)'
complete -c gridsim -n $both -l json -d 'Write one JSON document'
complete -c gridsim -n $both -l seed -x -d 'Use another seed'
complete -c gridsim -n $both -l set -x -d 'Override a value: PATH=VALUE'
complete -c gridsim -n $run -l runner -x -a 'threads pool' -d 'How nodes share threads'
complete -c gridsim -n $run -l workers -x -d 'How many run at once'
complete -c gridsim -n $run -l trace -r -F -d 'Write every event to a file'
complete -c gridsim -n $run -l watch -d 'Show the grid while it runs, each INTERVAL'
complete -c gridsim -n $run -l until -x -d 'Stop at this moment'
complete -c gridsim -n $run -l color -x -a 'auto always never' -d 'Colours'

# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of the gridsim command for fish.

set -l commands run explore compare check topology import serve node verify version help
set -l none "not __fish_seen_subcommand_from $commands"
set -l scenario "__fish_seen_subcommand_from run compare check serve"
set -l grid "__fish_seen_subcommand_from run compare check topology serve"
set -l topology "__fish_seen_subcommand_from topology"
set -l running "__fish_seen_subcommand_from run serve"
set -l writing "__fish_seen_subcommand_from run topology import serve"
set -l import "__fish_seen_subcommand_from import"
set -l network "__fish_seen_subcommand_from serve node"
set -l run "__fish_seen_subcommand_from run"
set -l quiet "__fish_seen_subcommand_from run compare check"
set -l serve "__fish_seen_subcommand_from serve"
set -l node "__fish_seen_subcommand_from node"
set -l compare "__fish_seen_subcommand_from compare"
set -l explore "__fish_seen_subcommand_from explore"
set -l verify "__fish_seen_subcommand_from verify"
set -l any "__fish_seen_subcommand_from run compare check topology serve node"

complete -c gridsim -f
complete -c gridsim -n $none -a run -d 'Run a scenario and tell what happened'
complete -c gridsim -n $none -a compare -d 'Run many scenarios and compare them'
complete -c gridsim -n $none -a check -d 'Validate scenarios and explain them'
complete -c gridsim -n $none -a topology -d 'Say what a grid is like, draw it'
complete -c gridsim -n $none -a import -d 'Make a scenario of a graph file'
complete -c gridsim -n $none -a serve -d 'Run a scenario in real time over HTTP'
complete -c gridsim -n $none -a node -d 'Run one node that answers HTTP'
complete -c gridsim -n $none -a explore -d 'Search many seeds for runs that go wrong, and make them small'
complete -c gridsim -n $none -a verify -d 'Do a study again and tell whether it is the same'
complete -c gridsim -n $none -a version -d 'Say which version and commit this is'
complete -c gridsim -n $none -a help -d 'Explain a command'
complete -c gridsim -n $none -s V -l version -d 'Show the version'
complete -c gridsim -s h -l help -d 'Show help'
complete -c gridsim -n "__fish_seen_subcommand_from help" -a "$commands"

complete -c gridsim -n $grid -a '(__fish_complete_suffix .json .graphml .gml .csv .tsv .edges .edgelist .mtx .net .paj .m .dot .gv .gz)'
complete -c gridsim -n $grid -a '(gridsim help scenarios 2>/dev/null | string replace -rf "^  (\S+)\$" "\$1")'
complete -c gridsim -n $grid -l json -d 'Write JSON and nothing else'
complete -c gridsim -n $grid -l seed -x -d 'Use another seed'
complete -c gridsim -n $grid -l set -x -d 'Change a member: PATH=VALUE'
complete -c gridsim -n $scenario -l until -x -d 'End at this time'
complete -c gridsim -n $any -l color -x -a 'auto always never' -d 'Colours'
complete -c gridsim -n $quiet -s q -l quiet -d 'Only what is wrong'

complete -c gridsim -n $explore -F
complete -c gridsim -n $explore -l json -d 'JSON and nothing else'
complete -c gridsim -n $explore -l runs -x -d 'Runs to do'
complete -c gridsim -n $explore -l for -x -d 'End after so much time'
complete -c gridsim -n $explore -l from -x -d 'Seed of the first run'
complete -c gridsim -n $explore -l topology -x -a 'line ring star tree lattice complete erdos-renyi barabasi-albert watts-strogatz random-regular geometric' -d 'Families of graphs'
complete -c gridsim -n $explore -l nodes -x -d 'How many nodes grids have'
complete -c gridsim -n $explore -l checks -x -a 'in-sync rest siblings sums ids' -d 'Checks to pass'
complete -c gridsim -n $explore -l failures -x -d 'End with so many runs that fail'
complete -c gridsim -n $explore -l set -x -d 'What all scenarios say'
complete -c gridsim -n $explore -l out -r -d 'Write failures into this folder'
complete -c gridsim -n $explore -s j -l jobs -x -d 'Runs at the same time'
complete -c gridsim -n $explore -s q -l quiet -d 'No report or progress'
complete -c gridsim -n $verify -F
complete -c gridsim -n $verify -l sample -x -d 'Do so many runs again'
complete -c gridsim -n $verify -s j -l jobs -x -d 'Runs at the same time'
complete -c gridsim -n $verify -l memory -x -a unlimited -d 'Most memory that all runs may need'
complete -c gridsim -n $verify -s q -l quiet -d 'Only the exit status'

complete -c gridsim -n $compare -l topology -x -a 'line ring star tree lattice complete erdos-renyi barabasi-albert watts-strogatz random-regular geometric' -d 'Families of graphs'
complete -c gridsim -n $compare -l nodes -x -d 'Numbers of nodes'
complete -c gridsim -n $compare -l vary -x -d 'Compare values of a member: PATH=LIST'
complete -c gridsim -n $compare -l repeat -x -d 'Runs of each cell'
complete -c gridsim -n $compare -l precision -x -d 'Repeat until intervals are that narrow'
complete -c gridsim -n $compare -l repeat-max -x -d 'Most runs of a cell with a precision'
complete -c gridsim -n $compare -s j -l jobs -x -d 'Runs at the same time'
complete -c gridsim -n $compare -l memory -x -a unlimited -d 'Most memory that all runs may need'
complete -c gridsim -n $compare -l out -x -a '(__fish_complete_directories)' -d 'Directory for results'
complete -c gridsim -n $compare -l fresh -d 'Run all anew, set the earlier study aside'
complete -c gridsim -n $compare -l format -x -a 'table csv json markdown' -d 'What to print'
complete -c gridsim -n $compare -l sort -x -a 'convergence messages tell ask response add_sibling update_energy sync_grid update_net wire_bytes largest_mailbox hops out_of_sync lost undelivered retried doubled in_sync_share mean_error worst_error lost_by_chance lost_by_cut lost_by_down suspected suspected_rightly suspected_wrongly recovery_messages waves_limited longest_wrong' -d 'Figure to sort by'
complete -c gridsim -n $topology -a 'line ring star tree lattice complete erdos-renyi barabasi-albert watts-strogatz random-regular geometric'
complete -c gridsim -n $topology -l nodes -x -d 'With a kind, so many nodes'
complete -c gridsim -n $topology -l format -x -a 'text svg dot graphml gml csv json' -d 'What to write'
complete -c gridsim -n $topology -s o -l output -r -F -d 'Write to this file'

complete -c gridsim -n $import -F
complete -c gridsim -n $import -l set -x -d 'Say how it is read: PATH=VALUE'
complete -c gridsim -n $import -s o -l output -r -F -d 'Write to this file'
complete -c gridsim -n $import -s q -l quiet -d 'No warnings'

complete -c gridsim -n $writing -l force -d 'Write over any file'
complete -c gridsim -n $running -l runner -x -a 'auto threads pool' -d 'How nodes share threads'
complete -c gridsim -n $running -l workers -x -d 'How much runs at the same time'
complete -c gridsim -n $running -l trace -r -F -d 'Write every message and change to a file'
complete -c gridsim -n $run -l trace-format -x -a 'jsonl chrome mermaid' -d 'What a trace looks like'
complete -c gridsim -n $run -l memory -x -a unlimited -d 'Most memory that it may need'
complete -c gridsim -n $run -l report -r -F -d 'Write a page about the run to a file'
complete -c gridsim -n $run -l why -d 'Find who was last in sync, however long the run'
complete -c gridsim -n $run -l watch -d 'Print the state of every node, each INTERVAL'

complete -c gridsim -n $serve -l watch -x -d 'Print the state of every node this often'
complete -c gridsim -n $serve -l expose -x -d 'Expose a node: NODE[=HOST:PORT]'
complete -c gridsim -n $serve -l expose-all -x -d 'Expose all nodes from HOST:PORT on'
complete -c gridsim -n $serve -l wire -d 'Have exposed nodes speak HTTP to each other too'
complete -c gridsim -n $serve -l mailbox -x -d 'Messages that may wait at a node'
complete -c gridsim -n $network -l listen-any -d 'Allow addresses that others can reach'
complete -c gridsim -n $network -l token-file -r -F -d 'The first line of this file is the token'
complete -c gridsim -n $network -l allow-host -x -d 'Answer requests for this name of the machine'
complete -c gridsim -n $network -l allow-peer -x -d 'Allow siblings there: CIDR or host'
complete -c gridsim -n $network -l require-token -d 'Answer only requests with the token'
complete -c gridsim -n $network -l recovery -x -a 'standard none' -d 'What nodes do about faults'
complete -c gridsim -n $network -l limit -x -a 'auto' -d 'How long an answer may take, or a duration'
complete -c gridsim -n $network -l resync -x -a 'never' -d 'How often nodes look again, or a duration'

complete -c gridsim -n $node -s s -l host -x -a '127.0.0.1' -d 'Address to listen on'
complete -c gridsim -n $node -s p -l port -x -d 'Port to listen on'
complete -c gridsim -n $node -s n -l name -x -d 'Name of the node'
complete -c gridsim -n $node -s i -l id -x -d 'Number of the node'
complete -c gridsim -n $node -s t -l token -x -d 'Token of the node'
complete -c gridsim -n $node -l pace -x -a 'original none' -d 'How fast it works, or a duration'
complete -c gridsim -n $node -l sibling -x -d 'Ask the node at HOST:PORT to be its sibling'

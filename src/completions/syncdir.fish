# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of syncdir for fish: its options, then the command as by itself.
complete -c syncdir -f
complete -c syncdir -n 'not __fish_seen_argument -l check' -a '(__fish_complete_subcommand -- -o -t)'
complete -c syncdir -s o -r -a '(__fish_complete_directories)' -d 'Flush only below this directory'
complete -c syncdir -s t -r -F -d 'One line for each flush into this file'
complete -c syncdir -s s -d 'A summary at the end'
complete -c syncdir -s f -d 'Run the command even if it is not protected'
complete -c syncdir -l deferred -d 'Flush before anything is told, not at each change'
complete -c syncdir -l check -d 'Say whether, and how, it would be protected'
complete -c syncdir -n '__fish_seen_argument -l check' -F -a '(__fish_complete_pids) (__fish_complete_command)'
complete -c syncdir -n '__fish_seen_argument -l check' -l json -d 'One object of JSON for each argument'
complete -c syncdir -n '__fish_seen_argument -l check' -s q -d 'By the exit status alone'
complete -c syncdir -n '__fish_seen_argument -l check' -l user -x -a '(__fish_complete_users)' -d 'For the user who will run it'
complete -c syncdir -s h -d 'What the options mean'
complete -c syncdir -l help -d 'What the options mean'
complete -c syncdir -l version -d 'The version'

# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of syncdir for bash: its options, then the command as by itself.
_syncdir()
{
  local cur prev words cword i audit=
  _init_completion || return

  for ((i = 1; i < cword; i++)); do
    case ${words[i]} in
      -o | -t) ((i++)) ;;
      --check)
        case $prev in
          --user) COMPREPLY=($(compgen -u -- "$cur")); return ;;
        esac
        if [[ $cur == -* ]]; then
          COMPREPLY=($(compgen -W '--deferred --json -q --user' -- "$cur"))
          return
        fi
        _pids
        COMPREPLY+=($(compgen -c -- "$cur"))
        _filedir
        return ;;
      --audit) audit=yes ;;
      --ignore | --report) ((i++)) ;;
      --) ((i++)); break ;;
      -*) ;;
      *) break ;;
    esac
  done
  if ((i < cword)); then
    _command_offset "$i"
    return
  fi
  case $prev in
    -o) _filedir -d; return ;;
    -t | --report) _filedir; return ;;
    --ignore) return ;;
  esac
  if [[ $audit && $cur == -* ]]; then
    COMPREPLY=($(compgen -W '-o --ignore --all --json --report --help' -- "$cur"))
    return
  fi
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '-o -t -s -f -h --audit --check --deferred --help --version' -- "$cur"))
  else
    COMPREPLY=($(compgen -c -- "$cur"))
  fi
} &&
  complete -F _syncdir syncdir

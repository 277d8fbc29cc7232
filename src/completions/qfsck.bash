# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of qfsck for bash.
_qfsck()
{
  local cur prev words cword
  _init_completion || return

  case $prev in
    --users | --map) _filedir; return ;;
    --split) return ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W '-n -p -y -v --split --big-todo --no-big-todo --users --map
      --move --create --stat --help --version' -- "$cur"))
  else
    _filedir -d
  fi
} &&
  complete -F _qfsck qfsck

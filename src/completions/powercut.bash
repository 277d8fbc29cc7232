# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of powercut for bash.
_powercut()
{
  local cur prev words cword
  _init_completion -n = || return

  case $prev in
    --fs) COMPREPLY=($(compgen -W 'ext4 xfs btrfs ext2 overlay overlay-xfs overlay-btrfs overlay-ext2' -- "$cur")) ;;
    --cuts) COMPREPLY=($(compgen -W 'all random:' -- "$cur")) ;;
    --cache) COMPREPLY=($(compgen -W 'none reorder:' -- "$cur")) ;;
    --keep | --look | --replay) _filedir -d ;;
    --json | --report) _filedir ;;
    --run | --check) COMPREPLY=($(compgen -c -- "$cur")) ;;
    --mkfs | --mount | --size | --seed | --jobs | --at) ;;
    *) COMPREPLY=($(compgen -W '--run --check --concurrent --replay --look --at --fs --mkfs
      --mount --size --cache --cuts --seed --jobs --keep --json --report --help --version' -- "$cur")) ;;
  esac
} &&
  complete -F _powercut powercut

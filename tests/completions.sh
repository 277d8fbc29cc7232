# SPDX-License-Identifier: GPL-2.0-or-later
# What the shells make of a command line, for the tests of the completions.  Sourced after
# tap.sh.

completions=$top_srcdir/src/completions

# bash_completes CLAIM EXPECTED COMMAND WORD...: what bash makes of the last word.
bash_completes() {
  if [ ! -r /usr/share/bash-completion/bash_completion ]; then
    skip "bash_completes_$1" 'no bash-completion'
    return
  fi
  claim=$1
  expected=$2
  shift 2
  same "bash_completes_$claim" "$expected" "$(
    bash -c '. /usr/share/bash-completion/bash_completion && . "$0" || exit
      COMP_WORDS=("$@") COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_CWORD=$(($# - 1))
      "_$1" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf "%s\n" "${COMPREPLY[@]}" | sort -u' "$completions/$1.bash" "$@")"
}

# fish_completes CLAIM EXPECTED LINE: the first thing that fish makes of it.
fish_completes() {
  if ! command -v fish >/dev/null; then
    skip "fish_completes_$1" 'no fish'
    return
  fi
  same "fish_completes_$1" "$2" "$(
    HOME=$work fish -c 'source $argv[1]; complete -C $argv[2]' "$completions/${3%% *}.fish" "$3" \
      | cut -f1 | head -n 1)"
}

# zsh_reads COMMAND: whether zsh finds its function, and can read it.
zsh_reads() {
  if ! command -v zsh >/dev/null; then
    skip zsh_reads_the_function 'no zsh'
    return
  fi
  check zsh_reads_the_function zsh -fc 'fpath=($1 $fpath); autoload -Uz compinit && compinit -u -D -d $2 &&
    [[ $_comps[$3] = _$3 ]] && autoload +X _$3' zsh "$completions" "$work/dump" "$1"
}

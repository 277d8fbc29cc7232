# SPDX-License-Identifier: GPL-2.0-or-later
# The manual of syncdir, its usage and its completions name the options that there are.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

manual=$top_srcdir/doc/syncdir.1
completions=$top_srcdir/src/completions
cd "$work" || exit 99

if command -v mandoc >/dev/null; then
  check mandoc_finds_nothing_to_complain_of sh -c 'test -z "$(mandoc -T lint "$1" 2>&1)" || { mandoc -T lint "$1"; exit 1; }' sh "$manual"
else
  skip mandoc_finds_nothing_to_complain_of 'no mandoc'
fi

options=$(sed -n 's/.*arguments, "+:\([a-z:]*\)".*/\1/p' "$top_srcdir/src/syncdir/main.c" | tr -d : | sed 's/./-& /g'
  sed -n 's/^  { "\([a-z]*\)", [a-z]*_argument.*/--\1/p' "$top_srcdir/src/syncdir/main.c")
check there_are_options test -n "$options"
syncdir --help >help
for option in $options; do
  check "usage_has_$option" grep -qe "^ *$option " -e "^ *$option\$" -e "^ *$option," -e ", $option " help
  check "manual_has_$option" grep -q "^\.It Fl.* \{0,1\}$(echo "${option#-}" | sed 's/^-/\\\\-/')" "$manual"
  long=${option#--}
  short=${option#-}
  check "bash_has_$option" grep -q -e "[' ]$option[' ]" "$completions/syncdir.bash"
  check "zsh_has_$option" grep -q -e "[')*]$option\[" "$completions/_syncdir"
  case $option in
    --*) check "fish_has_$option" grep -q -e "-l $long " "$completions/syncdir.fish" ;;
    *) check "fish_has_$option" grep -q -e "-s $short " "$completions/syncdir.fish" ;;
  esac
done
for status in 125 126 127; do
  check "manual_has_the_status_$status" grep -qx ".It $status" "$manual"
done
only_max=$(sed -n 's/.*ONLY_MAX = \([0-9]*\).*/\1/p' "$top_srcdir/lib/core/settings.h")
check number_of_directories_is_the_codes grep -q "up to ${only_max:-?} times" "$manual"

# The shells themselves complete.
if [ -r /usr/share/bash-completion/bash_completion ]; then
  # completed WORD...: what bash makes of the last one.
  completed() {
    bash -c '. /usr/share/bash-completion/bash_completion && . "$0" || exit
      COMP_WORDS=("$@") COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_CWORD=$(($# - 1))
      _syncdir syncdir "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf "%s\n" "${COMPREPLY[@]}" | sort -u' "$completions/syncdir.bash" "$@"
  }
  same bash_completes_an_option --check "$(completed syncdir --ch)"
  same bash_completes_the_command mkfifo "$(completed syncdir mkfif)"
  same bash_completes_it_after_options mkfifo "$(completed syncdir -s -o / mkfif)"
  same bash_completes_a_directory /usr "$(completed syncdir -o /us)"
  same bash_completes_the_commands_arguments /usr "$(completed syncdir ls /us)"
  check bash_completes_what_is_checked sh -c 'case $1 in *mkfifo*) ;; *) exit 1 ;; esac' sh "$(completed syncdir --check mkfif)"
else
  skip bash_completes_an_option 'no bash-completion'
fi
if command -v fish >/dev/null; then
  fish_completes() { HOME=$work fish -c 'source $argv[1]; complete -C $argv[2]' "$completions/syncdir.fish" "$1" | cut -f1 | head -n 1; }
  same fish_completes_an_option --check "$(fish_completes 'syncdir --ch')"
  same fish_completes_the_command mkfifo "$(fish_completes 'syncdir -s -o / mkfif')"
  same fish_completes_the_commands_arguments --directory "$(fish_completes 'syncdir ls --direct')"
else
  skip fish_completes_an_option 'no fish'
fi
if command -v zsh >/dev/null; then
  check zsh_reads_the_function zsh -fc 'fpath=($1 $fpath); autoload -Uz compinit && compinit -u -D -d $2 && [[ $_comps[syncdir] = _syncdir ]] && autoload +X _syncdir' zsh "$completions" "$work/dump"
else
  skip zsh_reads_the_function 'no zsh'
fi

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# The manual of syncdir, its usage and its completions name the options that there are.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/completions.sh"
. "$top_srcdir/tests/launcher.sh"

manual=$top_srcdir/doc/syncdir.1
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
bash_completes an_option --check syncdir --ch
bash_completes the_command mkfifo syncdir mkfif
bash_completes it_after_options mkfifo syncdir -s -o / mkfif
bash_completes a_directory /usr syncdir -o /us
bash_completes the_commands_arguments /usr syncdir ls /us
bash_completes what_is_checked mkfifo syncdir --check mkfif
fish_completes an_option --check 'syncdir --ch'
fish_completes the_command mkfifo 'syncdir -s -o / mkfif'
fish_completes the_commands_arguments --directory 'syncdir ls --direct'
zsh_reads syncdir

finish

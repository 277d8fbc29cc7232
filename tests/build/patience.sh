# SPDX-License-Identifier: GPL-2.0-or-later
# No test depends on the speed of the machine: nothing is given less time than the
# tests' $patience, and nothing is held for a while in which something else has to
# happen.  Nor on another test: sync(2) flushes what that wants to be lost.
shared=no
. "${srcdir:-.}/tests/tap.sh"

cd "$top_srcdir" || exit 99

# Check's own time-out is four seconds.
same every_case_of_check_has_patience '' "$(grep -l tcase_create tests/*/*.c | while read -r file; do
  [ "$(grep -c 'tcase_set_timeout(.*, PATIENCE);' "$file")" -eq "$(grep -o 'tcase_create(' "$file" | wc -l)" ] ||
    echo "$file"
done)"
# lines PATTERN: those of the scripts, but for this one, that match.
lines() { ls tests/*/*.sh tests/*/*.inc tests/*.sh | grep -vx tests/build/patience.sh | xargs grep -n -E "$1"; }
same no_script_has_a_time_out_of_its_own '' "$(lines '\btimeout +(-[^ ]+ +)*[0-9]')"
same no_script_waits_for_a_number_of_turns '' \
  "$(lines 'for .*seq.*sleep|^ *sleep [0-9.]+$' | grep -v ^tests/tap.sh)"
# What settings.sh delays, it measures.
same no_call_is_held_by_the_clock '' "$(lines 'delay_(enter|exit)=' | grep -v ^tests/wrap/settings.sh)"
# "sync -f FOLDER" flushes one filesystem.  In hold.sh it is what strace has seen.
same no_script_flushes_all_filesystems '' "$(lines 'os\.sync\(|(^ *|[;&{(] *|\<(do|then|else) )sync *([;&|})]|$)' |
  grep -v '^tests/defer/hold.sh:[0-9]*:sync$')"

finish

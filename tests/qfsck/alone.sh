# SPDX-License-Identifier: GPL-2.0-or-later
# qfsck works alone: without qmail-send, without qmail-queue, and not before the
# last of them has closed its files.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

damaged() {
  new_scene
  perl "$laboratory" make 3 split=3 && perl "$laboratory" damage 3 swap orphan > /dev/null
}
damaged

check lock_that_is_held_is_refused sh -c '
  exec 9> queue/lock/sendmutex; flock -n 9 || exit 99
  "$QFSCK" --users "$users" -y queue 9>&- 2> said; test $? -eq 8 && grep -F "qmail-send" said'
check n_does_not_need_the_lock sh -c '
  exec 9> queue/lock/sendmutex; flock -n 9 || exit 99
  "$QFSCK" --users "$users" -n queue 9>&-; test $? -eq 4'
check nor_does_it_close_the_queue test -d queue/pid

# Waits while somebody has a file open, with pid out of the way.
mkfifo "$work/pipe"
waits() {
  exec 8< "$(ls queue/mess/*/* | head -n 1)"
  "$QFSCK" --users "$users" -y queue > said 2> "$work/pipe" 8<&- &
  read -r line < "$work/pipe"
  case $line in *"waiting for process "*queue/mess/*) ;; *) echo "$line"; return 1 ;; esac
  [ ! -e queue/pid ] && [ -d queue/qfsck/pid ] || { ls queue; return 1; }
  exec 8<&-
  wait $!
  [ $? -eq 1 ] && [ -d queue/pid ]
}
check an_open_file_is_waited_for_with_pid_away waits
check and_then_it_is_repaired sound

damaged
stopped() {
  exec 8< "$(ls queue/mess/*/* | head -n 1)"
  "$QFSCK" --users "$users" -y queue > said 2> "$work/pipe" 8<&- &
  exec 7< "$work/pipe"
  read -r line <&7
  kill -s "$1" $!
  wait $! 2> /dev/null
  status=$?
  exec 8<&- 7<&-
}
interrupted() {
  stopped TERM
  [ "$status" -eq 8 ] && [ -d queue/pid ] && [ ! -e queue/qfsck ] || { echo "$status"; ls queue; return 1; }
}
killed() {
  stopped KILL
  [ ! -e queue/pid ] || return 1
  exits 4 -n queue || return 1
  grep interrupted "$work/said" || return 1
  exits 1 -y queue && [ -d queue/pid ]
}
check stopped_while_it_waits_it_opens_the_queue_again interrupted
check killed_while_it_waits_the_next_run_opens_it killed
check all_is_sound sound

# What a run has left that was cut off before it had a journal, or whose journal is lost.
remnants() {
  exits 1 -y queue
  mkdir queue/qfsck && echo closed > queue/qfsck/copy.journal && exits 4 -n queue || return 1
  exits 0 -y queue && [ ! -e queue/qfsck ] && sound
}
check remnants_of_a_run_are_not_called_sound_and_removed remnants
staged() {
  mkdir queue/qfsck && echo mail > queue/qfsck/12 && exits 4 -n queue || return 1
  exits 4 -p queue && [ -e queue/qfsck/12 ] || return 1
  exits 1 -y queue && [ ! -e queue/qfsck ] && grep mail queue/lost+found/12 && sound
}
check what_waited_there_without_a_journal_is_not_lost staged

# Somebody makes a new pid while the old one is away.
damaged
new_pid() {
  stopped KILL
  mkdir queue/pid && touch queue/pid/1.2.3
  exits 1 -y queue && exits 0 -n queue && [ -e queue/pid/1.2.3 ]
}
check a_pid_that_was_made_meanwhile_is_kept new_pid

# qmail-queue itself: a message that arrives goes through afterwards.
damaged
check a_file_in_pid_is_nobodys_damage sh -c 'touch queue/pid/12.34.1; "$QFSCK" --users "$users" -y queue; test $? -eq 1 && test -e queue/pid/12.34.1'
finish

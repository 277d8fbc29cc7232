# SPDX-License-Identifier: GPL-2.0-or-later
# Control-C is obeyed in the middle of a check, of a repair and of a move, and leaves
# nothing that the next run does not end.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"
. "$top_srcdir/tests/strace.sh"

# interrupted CALL N OPTIONS...: SIGINT comes before the Nth CALL of qfsck.
interrupted() {
  call=$1 when=$2
  shift 2
  new_scene
  perl "$laboratory" make 51 split=3 messages=60 && perl "$laboratory" damage 51 cycle orphan > damage || return 1
  strace -f -qq -o trace -e "trace=$call" -e "inject=$call:signal=INT:when=$when" \
    "$QFSCK" --users "$users" "$@" > "$work/said" 2>&1
  found=$?
  [ "$found" -eq 8 ] && said 'stopped; ' || { echo "exit status $found"; return 1; }
}
in_the_check() { interrupted "$1" 2 -n queue && [ "$(grep -c '(' trace)" -lt 10 ]; }
check a_check_stops_at_once in_the_check io_submit

before_the_commit() {
  interrupted io_submit "$1" -y queue && said 'nothing was changed' || return 1
  [ -d queue/pid ] && [ ! -e queue/qfsck ] && exits 4 -n queue && exits 1 -y queue && sound
}
check a_repair_stops_in_its_first_look before_the_commit 2
check and_behind_the_closed_door before_the_commit 16

after_the_commit() {
  interrupted linkat "$1" -y queue && said 'the next run finishes' || return 1
  [ ! -e queue/pid ] && exits 4 -n queue && exits 1 -y queue && sound
}
check a_repair_that_was_begun_stops_and_is_finished_later after_the_commit 12

in_a_move() {
  new_scene
  perl "$laboratory" make 52 split=3 || return 1
  strace -f -qq -o trace -e "trace=fchown" -e "inject=fchown:signal=INT:when=40" \
    "$QFSCK" --users "$users" --move queue new > "$work/said" 2>&1
  [ $? -eq 8 ] && said 'the old queue is as it was' && exits 0 -n queue || return 1
  exits 0 --move queue new && sound split=3 new
}
check a_move_stops_and_leaves_the_old_queue in_a_move
finish

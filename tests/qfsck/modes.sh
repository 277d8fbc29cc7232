# SPDX-License-Identifier: GPL-2.0-or-later
# What qfsck does when it is asked to, its exit codes, and what it refuses.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

# damaged KIND...: a queue with that damage.
damaged() {
  new_scene
  perl "$laboratory" make 3 split=3 && perl "$laboratory" damage 3 "$@" > /dev/null
}
tree() { (cd queue && find . -printf '%p %i %m %U %G %s %T@ %y %l\n' | sort); }
is_unchanged() { tree > after; cmp before after; }

# Creation.
new_scene
check create_makes_a_queue exits 0 --create queue --split 5
check created_queue_is_sound exits 0 -n queue
check it_has_as_many_split_directories_as_it_was_told test -d queue/mess/4 -a ! -e queue/mess/5
check big_todo_is_made_too exits 0 --create big --split 5 --big-todo
check big_todo_is_found_out sh -c '"$QFSCK" --users "$users" -nv big | grep -F "5 ways, todo and intd are split"'
mkdir full && touch full/file
check create_refuses_what_is_not_empty exits 8 --create full --split 5
check create_wants_a_split exits 16 --create other

# Exit codes, and -n.
damaged swap
tree > before
check n_on_damage_exits_4 exits 4 -n queue
check n_changes_nothing is_unchanged
check n_says_that_messages_may_be_in_motion said 'messages in motion'
check y_exits_1_once_it_has_repaired exits 1 -y --map map queue
check y_exits_0_where_nothing_is_to_be_done exits 0 -y --map map queue
check map_keeps_what_the_last_repair_wrote test "$(wc -l < map)" -eq 2
check swapped_messages_have_their_numbers_again sound map=map
check nothing_of_the_work_is_left test ! -e queue/qfsck -a -d queue/pid

damaged swap orphan
check p_repairs_what_is_safe_and_leaves_the_rest exits 5 -p queue
check p_moves_nothing_to_lost_found test ! -e queue/lost+found
check p_has_made_the_swap_good sh -c '! "$QFSCK" --users "$users" -n queue | grep inode'
check y_does_the_rest exits 1 -y queue
check orphans_are_in_lost_found sh -c 'ls queue/lost+found/todo.* queue/lost+found/intd.* queue/lost+found/info.* \
  queue/lost+found/local.* queue/lost+found/remote.* queue/lost+found/bounce.* 2> /dev/null | grep -q .'
check with_a_note_what_they_were grep -q 'it belongs to no message' queue/lost+found/notes.1
check and_all_is_sound sound

# What -p has to leave for another's sake it does not call repaired.
held_back() {
  damaged swap
  qfsck -n queue > told
  number=$(sed -n 's/^message \([0-9]*\): has the wrong number.*/\1/p' told | head -n 1)
  mkdir "queue/bounce/$number"
  exits 4 -p queue && said '0 repaired, 3 left.' || return 1
  [ "$(grep -c 'has the wrong number: .*  It is left as it is\.$' "$work/said")" -eq 2 ] || return 1
  exits 1 -y queue && sound
}
check p_calls_nothing_repaired_that_waits_for_what_is_left held_back
second_name_and_more() {
  damaged mode && qfsck -y queue > told || [ $? -eq 1 ] || return 1
  message=$(find queue/info -type f | sort | head -n 1) number=${message##*/}
  ln "queue/mess/$((number % 3))/$number" "queue/intd/$number"
  ln -f "queue/mess/$((number % 3))/$number" "$(find queue/mess -type f ! -name "$number" | sort | head -n 1)"
  qfsck -p queue > told
  exits 4 -p queue && said '0 repaired'
}
check so_with_a_file_of_which_it_can_repair_only_a_part second_name_and_more

held_folder() {
  damaged mode && qfsck -y queue > told || [ $? -eq 1 ] || return 1
  mkdir -p queue/mess/77/stray queue/mess/78
  qfsck -p queue > told
  grep 'mess/77: .*  It is left as it is\.$' told && [ ! -e queue/mess/78 ] && exits 4 -p queue && said '0 repaired'
}
check so_with_a_spare_directory_that_holds_what_is_left held_folder

name_in_pid() {
  damaged mode && qfsck -y queue > told || [ $? -eq 1 ] || return 1
  ln "$(find "queue/$1" -type f | head -n 1)" queue/pid/1.2
  exits "$2" -n queue && exits "$3" -y queue && exits 0 -n queue
}
check a_mess_file_may_have_its_first_name_in_pid name_in_pid mess 0 0
check an_info_may_not name_in_pid info 4 1
broken_outside() {
  damaged mode && qfsck -y queue > told || [ $? -eq 1 ] || return 1
  file=$(find queue/info -type f | head -n 1)
  ln "$file" outside && truncate -s 1 "$file" && exits 4 -n queue && exits 1 -y queue && exits 0 -n queue
}
check a_broken_file_with_a_name_outside_goes_with_its_message broken_outside

# Of a message that shares a file which it cannot be without, all goes.
damaged local_is_remote
check n_tells_what_y_would_take_out exits 4 -n queue
check that_a_whole_message_is_among_it said 'which are its own is unknown'
grep -v -e ' found\.' "$work/said" > told
check y_takes_out_just_that exits 1 -y queue
check as_it_was_told sh -c 'grep -v repaired "$1" | cmp - told' - "$work/said"

# Without a terminal there is nobody to ask; with one, each is asked for.
damaged swap orphan
check without_a_terminal_it_does_not_work exits 8 queue
check and_then_nothing_is_changed test -d queue/pid -a ! -e queue/qfsck
if command -v script > /dev/null; then
  printf 'n\nn\nn\nn\nn\nn\nn\nn\n' > answers
  check asked_and_answered_no_nothing_is_repaired sh -c \
    'script -qec "$QFSCK --users $users queue" said < answers > /dev/null; test $? -eq 4'
  check asked_and_answered_yes_it_is sh -c \
    'tr n y < answers > yes; script -qec "$QFSCK --users $users queue" said < yes > /dev/null; test $? -eq 1'
  check then_all_is_sound sound
else
  skip asked_and_answered_yes_it_is 'script is not installed'
fi

# Another layout.
damaged mode
check another_split_is_a_repair exits 1 -y --split 7 --big-todo queue
check it_is_split_that_way sound 'split=7 big'
check n_with_the_old_split_is_not_content exits 4 -n --split 3 queue
check and_back_again exits 1 -y --split 3 --no-big-todo queue
check as_it_was sound 'split=3 small'

# A map is not for qmail.
damaged swap
for part in . mess info/1 lost+found; do
  mkdir -p queue/lost+found
  check "a_map_in_${part}_of_the_queue_is_refused" exits 8 -y --map "queue/$part/map" queue
  check and_nothing_is_changed sh -c 'rmdir queue/lost+found && test -d queue/pid && test -z "$(find queue -name "map*")"'
done
check nor_has_a_move_one exits 8 --map queue/mess/map --move queue new
check and_that_moves_nothing test -d queue/pid -a ! -e new
check beside_the_queue_it_may_lie exits 1 -y --map queue.map queue

# Users.
check users_may_be_lines_of_passwd_and_group sh -c '
  printf "%s\n" "# mail" qmailq:x:901:900:::/bin/false qmails:x:902:900::: qmailr:x:903:900::: qmail:x:900: > passwd
  "$QFSCK" --users passwd -n queue'
printf 'qmailq:901\nqmails:902\nqmail:900\n' > few
check a_user_that_lacks_a_number_is_refused sh -c '"$QFSCK" --users few -n queue; test $? -eq 8'
check wrong_users_are_damage sh -c 'sed s/901/77/ "$users" > others; "$QFSCK" --users others -n queue; test $? -eq 4'

# What is no queue, and what is misused.
mkdir none && mkdir none/cur none/new none/tmp
check a_maildir_is_refused exits 8 -n none
check with_a_sentence said 'is not a qmail queue'
check what_is_not_there_is_refused exits 8 -n nothing
check two_modes_are_misuse exits 16 -n -y queue
check no_queue_is_misuse exits 16 -n
check an_unknown_option_is_misuse exits 16 --frobnicate queue
check split_0_is_misuse exits 16 -n --split 0 queue
check move_wants_two_directories exits 16 --move queue

# Statistics, in the form of qmail-qstat and qmail-qread.
new_scene
qfsck --create queue --split 1
perl "$top_srcdir/tests/qfsck/many.pl" 1 2> /dev/null
number=$(ls queue/mess/0)
touch -d '1995-09-26 04:46:54 UTC' "queue/info/0/$number"
check stat_exits_0_on_a_sound_queue exits 0 --stat queue
same stat_is_what_qstat_and_qread_tell "$(printf '%s\n' 'messages in queue: 1' \
  'messages in queue but not yet preprocessed: 0' 'messages in queue but half made, or done with: 0' \
  "26 Sep 1995 04:46:54 GMT  #$number  1  <x>  bouncing" '	local	a' '	remote	b' '  done	remote	c')" \
  "$(cat "$work/said")"
rm "queue/mess/0/$number"
check stat_tells_the_damage_too exits 4 --stat queue
check that_is_what_it_tells said "info/0/$number: belongs to no message"

# A queue from a tape: all numbers are others'.
new_scene
perl "$laboratory" make 5 split=23 messages=40
mv queue original && cp -a original queue && rm -r original
check a_copy_has_the_wrong_numbers exits 4 -n queue
check and_gets_the_right_ones exits 1 -y --map map queue
check all_its_messages_are_sound sound map=map
finish

# SPDX-License-Identifier: GPL-2.0-or-later
# How a queue is split: what is there says so, or the administrator is asked; and a
# move obeys the queue that it moves to.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

made() { new_scene && perl "$laboratory" make "$@"; }

# A backup without empty directories: no guess is acted on, and a right one is right.
stripped() {
  for messages in 1 2 3 5 8 10; do
    for seed in 1 2 3 4; do
      made "$seed" split=23 messages=$messages || return 1
      find queue -type d -empty -delete
      qfsck -y queue > said 2>&1
      case $? in
        1) ;;
        8) grep -q 'is not a qmail queue' said && continue     # of one that is half made
          grep -q 'Give --split' said && exits 1 -y --split 23 queue || { cat said; return 1; } ;;
        *) cat said; return 1 ;;
      esac
      sound split=23 || { echo "seed $seed, $messages messages"; return 1; }
    done
  done
}
check without_empty_directories_no_wrong_split_is_made stripped

found() {
  new_scene && exits 0 --create queue --split "$1" && exits 0 -nv queue && said "split $1 ways"
}
for split in 1 2 7 23 997 5000; do
  check "a_split_of_${split}_is_found_again" found "$split"
done

contradiction() {
  made 5 split=7 messages=30 || return 1
  for kind in mess info local remote; do
    for i in $(seq 7 22); do mkdir -p "queue/$kind/$i"; done
  done
  exits 8 -y queue && said 'Give --split' && exits 1 -y --split 7 queue && sound
}
check directories_and_files_that_contradict_each_other_are_no_answer contradiction

# --move takes the layout of the queue that is there, or what is asked for.
moved() {
  layout=$1
  shift
  made 6 split=3 && exits 0 --create new --split 7 --big-todo || return 1
  exits 0 "$@" --move queue new && sound "$layout" new
}
check a_move_keeps_the_layout_of_the_new_queue moved 'split=7 big'
check a_move_may_be_told_another moved 'split=5 small' --split 5 --no-big-todo
plain_move() { made 6 split=3 && exits 0 --move queue new && sound split=3 new; }
check a_new_queue_is_split_as_the_old_one plain_move

# A copy that was cut off is nobody's queue.
stale() {
  made 7 split=3 messages=4 && mkdir new new/qfsck || return 1
  inode=$(stat -c %i queue)
  line=$(printf 'copy-of\t%s\t%s\t\t0\t0\t0\t3\t' "$inode" "$PWD/queue")
  perl -e 'my $line = "$ARGV[0]\n"; my $crc = 0xffffffff;
    for (unpack "C*", $line) { $crc ^= $_; $crc = $crc & 1 ? $crc >> 1 ^ 0xedb88320 : $crc >> 1 for 1 .. 8 }
    printf "%scommit %08x\n", $line, $crc ^ 0xffffffff' "$line" > new/qfsck/journal
  mkdir new/qfsck/lock
  exits 8 --move misspelt new && [ ! -e new/lock ] || return 1
  mv queue misspelt.moved && exits 8 --move misspelt new && [ ! -e new/lock ] || return 1
  mv misspelt.moved queue && exits 0 --move queue new && sound 'split=3' new
}
check a_stale_copy_is_not_opened_for_a_queue_that_is_not_there stale

inside() { made 8 split=3 && exits 8 --move queue "$1" && said 'one is inside the other' && sound; }
for to in queue/new queue ./queue/ . queue/mess/x; do
  check "a_move_to_${to}_is_refused" inside "$to"
done

# The map is opened first, is for nobody else, and follows no link.
mapped() {
  made 9 split=3 && perl "$laboratory" damage 9 swap > damage || return 1
  (umask 0; exits 1 -y --map map queue) && [ "$(stat -c %a map)" = 600 ] && sound map=map
}
check a_map_is_for_its_owner_alone mapped
linked_map() {
  made 9 split=3 && perl "$laboratory" damage 9 swap > damage || return 1
  echo precious > other && ln -s other map && exits 8 -y --map map queue || return 1
  grep -q precious other && [ -d queue/pid ] && exits 4 -n queue && said inode
}
check a_map_that_is_a_link_is_refused_before_anything_is_changed linked_map
no_map() {
  made 9 split=3 && perl "$laboratory" damage 9 swap > damage || return 1
  exits 8 -y --map nowhere/map queue && exits 4 -n queue && said inode
}
check so_is_one_that_cannot_be_written no_map

# Two files out of place that fit another split do not outvote the directories.
by_chance() {
  new_scene && qfsck --create queue --split 5 || return 1
  for n in 37 74; do
    mkdir -p "queue/mess/$((n % 19))" && touch "queue/mess/$((n % 19))/$n" || return 1
  done
  n=$((19 * 5 * 7 * 11 * 13 + 3)) && touch "queue/mess/3/$n" || return 1
  exits 8 -y queue && said 'Give --split N'
}
check a_few_files_that_fit_another_split_are_no_proof by_chance

# What is told.
owners() {
  made 10 split=3 messages=60 || return 1
  find queue/info queue/mess -type f -exec chown 0:0 {} +
  exits 1 -y queue && said 'owner, 0 instead of 901' && said 'group, 0 instead of 900' || return 1
  said 'more lines like this, of mess' && said '0 left.' || return 1
  [ "$(wc -l < "$work/said")" -lt 40 ] || { wc -l "$work/said"; return 1; }
}
check what_is_wrong_with_an_owner_is_told_and_grouped owners
partly() {
  made 11 split=3 && perl "$laboratory" damage 11 swap orphan > damage || return 1
  exits 5 -p queue && said 'It is left as it is.' && said 'repaired, ' && said '-y repairs'
}
check p_marks_what_it_leaves_and_says_what_to_do partly
noted() {
  made 12 split=3 && perl "$laboratory" damage 12 orphan > damage && exits 1 -y queue || return 1
  [ "$(wc -l < queue/lost+found/notes.1)" -eq "$(ls queue/lost+found | grep -vc notes)" ] || return 1
  ! grep -v "$(printf '^[a-z]*/.*\tlost+found/.*\tit belongs to no message$')" queue/lost+found/notes.1
}
check notes_have_a_line_for_each_file_that_was_taken_out noted
copied() {
  made 13 split=3 && cp -r queue plain && rm -rf queue && mv plain queue || return 1
  exits 4 -n queue && said 'cp without -a'
}
check a_copy_that_parted_intd_from_todo_is_told copied

# More recipients than local and remote have: a broken todo is not let go.
broken_todo() {
  made 14 split=3 messages=40 || return 1
  file=$(find queue/local -type f | head -n 1)
  number=${file##*/}
  printf "u1\0p1\0Fx\0$2" > "queue/todo/$number"
  for channel in local remote; do
    [ ! -e "queue/$channel/$((number % 3))/$number" ] || printf 'Ta\0' > "queue/$channel/$((number % 3))/$number"
  done
  rm -f "queue/bounce/$number"
  chown 901:900 "queue/todo/$number" && chmod 644 "queue/todo/$number"
  exits 1 -y queue && { [ -e "queue/mess/$((number % 3))/$number" ]; [ $? -eq "$1" ]; }
}
check a_broken_todo_with_more_recipients_takes_the_message_along broken_todo 1 'Ta\0Tb\0Tc\0Td'
check a_broken_todo_that_names_no_more_is_let_go broken_todo 0 'Ta'
finish

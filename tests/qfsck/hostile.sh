# SPDX-License-Identifier: GPL-2.0-or-later
# Queues that somebody has prepared: nothing outside is touched, nothing is
# printed that does more than print, and a full disk loses nothing.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

new_scene
perl "$laboratory" make 4 split=3
mkdir outside && echo precious > outside/1 && chmod 777 outside && chmod 666 outside/1
ln outside/1 witness
outside() { find outside witness -printf '%p %i %m %U %G %T@ %C@\n' | sort; }
outside > before

# Every directory, and the files that are opened by name, lead out of the queue.
ln -s ../outside queue/mess/3x
mv queue/bounce kept && ln -s ../outside queue/bounce
rmdir queue/pid && ln -s ../outside queue/pid
rm queue/lock/sendmutex queue/lock/tcpto queue/lock/trigger
ln -s ../../outside/1 queue/lock/sendmutex
ln -s ../../outside/1 queue/lock/tcpto
ln -s ../../outside/1 queue/lock/trigger
ln -s ../outside queue/lost+found
ln -s ../outside queue/qfsck
printf 'x\033]0;owned\a\n' > "queue/todo/$(printf '\033[2J\n\t7')"
ln -s /etc/passwd queue/info/0/1000000002
check links_are_found_by_n exits 4 -n queue
check and_repaired_by_y exits 1 -y queue
check control_characters_are_escaped sh -c '! grep -q "$(printf "\033")" "$1"' - "$work/said"
check escaped_names_are_told said '\033[2J\012\0117'
mv queue/bounce empty && rmdir empty && mv kept queue/bounce
check then_it_is_sound sound
outside > after
check nothing_outside_was_touched cmp before after

# lock itself, and whole directories, are links.
new_scene
perl "$laboratory" make 6 split=3
mkdir outside
mv queue/lock outside/lock && ln -s ../outside/lock queue/lock
mv queue/remote kept && ln -s ../kept queue/remote
check a_lock_that_is_a_link_is_replaced sh -c '"$QFSCK" --users "$users" -y queue > said; test $? -eq 1 && test -d queue/lock -a ! -L queue/lock'
check files_behind_a_link_are_not_followed test -d kept/0 -a -d queue/remote/0 -a ! -L queue/remote

# A journal that somebody has changed is not believed.
new_scene
perl "$laboratory" make 6 split=3 && perl "$laboratory" damage 6 swap > /dev/null
mkdir queue/qfsck && printf 'move\t1\tmess\tlost+found\t0\t0\t0\t0\t\ncommit 00000000\n' > queue/qfsck/journal
check a_changed_journal_is_refused exits 8 -y queue
check with_a_sentence said 'was changed since it was written'
rm -r queue/qfsck
mkdir queue/qfsck && printf 'closed\t0\tpid\tqfsck/pid\t0\t0\t0\t0\t\nmove\t1\tme' > queue/qfsck/journal
check half_a_journal_is_taken_back exits 1 -y queue
check and_all_is_sound sound

# The disk is full, at any moment, and then it is not.
full="$work/full"
fill() { dd if=/dev/zero of=fill bs=1k 2> /dev/null; truncate -s "-$1" fill; }
full_disk() {
  for room in 0 4K 8K 16K 24K 32K; do
    rm -rf "$full"/* && cd "$full" || return 1
    perl "$laboratory" make 8 split=3 && perl "$laboratory" damage 8 swap cycle orphan lost_folder \
      misplace > /dev/null || return 1
    fill "$room"
    qfsck -y queue > out 2> "$work/said"
    status=$?
    [ "$status" -eq 1 ] || [ "$status" -eq 8 ] || { echo "room $room: exit $status"; return 1; }
    [ "$status" -eq 1 ] || grep -q 'No space left' "$work/said" || { cat "$work/said"; return 1; }
    rm -f fill out
    qfsck -y queue > /dev/null 2>&1
    [ $? -le 1 ] && sound || { echo "room $room"; return 1; }
  done
}
if mount_kind ext4 "$full"; then
  check full_disk_loses_nothing full_disk
  small_disk() {
    rm -rf "$full"/* "$work/old" && mkdir "$work/old" && cd "$work/old" || return 1
    perl "$laboratory" make 9 split=3 && (cd "$full" && fill 600K)
    exits 8 --move queue "$full/new" || return 1
    said 'bytes' && [ -d queue/pid ] && sound || return 1
    rm "$full/fill" && exits 0 --move queue "$full/new" && sound 'split=3' "$full/new"
  }
  check a_move_to_a_small_disk_leaves_the_old_queue_alone small_disk
else
  skip full_disk_loses_nothing 'no ext4 can be mounted'
fi
finish

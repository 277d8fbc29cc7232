# SPDX-License-Identifier: GPL-2.0-or-later
# Too few inodes, or too few blocks, for the directories that are to be made; a root that
# may not set owners; a limit of what can be written: nothing is begun.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

disk=$work/disk
new_image "$disk.img" 32M
mkdir "$disk" && mkfs.ext4 -q -N 2048 "$disk.img" && mount -o loop "$disk.img" "$disk" ||
  skip_all 'no ext4 can be mounted'
cd "$disk" || exit 99
tree() { find "$1" -printf '%p %i %m %U %G %s %n %T@ %y\n' | grep -v -e ' d$' | sort; }

check create_with_too_few_inodes_is_refused exits 8 --create queue --split 1000
check the_sentence_tells_inodes said 'more inodes'
check and_nothing_was_begun test ! -e queue/qfsck -a ! -e queue/mess
check create_with_fewer_directories_goes_on_there exits 0 --create queue --split 5
check the_queue_is_sound exits 0 -n queue
rm -r queue

perl "$laboratory" make 61 split=3 && perl "$laboratory" damage 61 swap > damage
refused() {
  tree queue > before
  exits 8 -y --split 1000 queue && said "$1" && [ ! -e queue/qfsck ] && [ -d queue/pid ] &&
    tree queue | diff before -
}
check another_split_with_too_few_inodes_is_refused refused 'more inodes'
check the_rest_can_be_repaired exits 1 -y queue
check and_then_it_is_sound sound

# The same with blocks.
cd / && umount "$disk" && rm "$disk.img" && new_image "$disk.img" 32M && mkfs.ext4 -q -N 16384 "$disk.img" &&
  mount -o loop "$disk.img" "$disk" && cd "$disk" || exit 99
perl "$laboratory" make 62 split=3 && perl "$laboratory" damage 62 swap > damage
dd if=/dev/zero of=fill bs=1k 2> /dev/null; truncate -s -3M fill
check another_split_with_too_few_blocks_is_refused refused 'room for'
rm fill
check with_room_it_is_made exits 1 -y --split 1000 queue
check and_it_is_sound sound split=1000

unchanged() {
  "$@" > "$work/said" 2>&1
  found=$?
  cat "$work/said"
  tree queue | diff before - && [ "$found" -eq 8 ] && [ ! -e queue/qfsck ] && [ -d queue/pid ]
}
damaged() {
  rm -rf queue && perl "$laboratory" make 63 split=3 && perl "$laboratory" damage 63 owner swap > damage &&
    tree queue > before
}
without() {
  damaged && unchanged capsh --drop="$1" -- -c "'$QFSCK' --users '$users' -y queue" && said 'capabilities' &&
    exits 1 -y queue && sound
}
if PATH=$PATH:/usr/sbin command -v capsh > /dev/null; then
  PATH=$PATH:/usr/sbin
  check root_without_the_right_to_set_owners_begins_nothing without cap_chown
  check nor_does_one_without_that_to_set_modes without cap_fowner
else
  skip root_without_the_right_to_set_owners_begins_nothing 'capsh is not installed'
fi
limited() {
  damaged && unchanged sh -c 'ulimit -f 0; exec "$@" -y queue' sh "$QFSCK" --users "$users" && exits 1 -y queue && sound
}
check a_limit_of_file_size_is_an_error_and_no_end limited
no_proc() {
  damaged && unchanged unshare -m sh -c 'umount -l /proc; exec "$@" -y queue' sh "$QFSCK" --users "$users" &&
    said '/proc is not mounted'
}
check without_proc_nothing_is_begun no_proc
finish

# SPDX-License-Identifier: GPL-2.0-or-later
# Too few inodes, or too few blocks, for the directories that are to be made: that is
# known before the commit, and nothing is changed.
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
finish

# SPDX-License-Identifier: GPL-2.0-or-later
# A queue that is copied, or moved, from one kind of filesystem to another.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

kinds='ext4 xfs btrfs ext4-nojournal'
for kind in $kinds; do
  mount_kind "$kind" "$work/$kind" > "$work/output" 2>&1 || skip_all "$kind cannot be mounted"
done

# A copy with cp -a is repaired where it is.
copied() {
  cd "$work/$2" && cp -a "$work/$1/queue" "$work/$1/expected" . || return 1
  exits 4 -n queue && exits 1 -y --map map queue && sound map=map
}

# The queue is a mount point of its own, or is not.
moved() {
  cd "$work/$1" && exits 0 --map "$work/map" --move queue "$work/$2/moved" || return 1
  mv "$work/map" map
  sound map=map "$work/$2/moved" || return 1
  [ ! -e queue ] && [ -d queue.moved/mess ] || { ls; return 1; }
  exits 8 -y queue.moved && said 'were moved to'
}

from=ext4-nojournal
for to in $kinds; do
  rm -rf "$work/$from"/queue* && cd "$work/$from" && perl "$laboratory" make 11 split=3
  check "copy_from_${from}_to_${to}_is_repaired" copied "$from" "$to"
  rm -rf "$work/$to/queue" && check "move_from_${from}_to_${to}" moved "$from" "$to"
  from=$to
done

# To a new filesystem with its lost+found, from one that cannot be renamed.
mkdir "$work/old" && cd "$work/old" && perl "$laboratory" make 12 split=3 big
mount_kind ext4 "$work/fresh" && mount_kind xfs "$work/spool"
cp -a queue/. "$work/spool" && rm -r queue && mkdir queue && mount --bind "$work/spool" queue
check a_mount_point_is_moved_to_a_mount_point exits 0 --map map --move queue "$work/fresh"
check the_new_one_is_whole sound 'map=map' "$work/fresh"
check the_old_one_keeps_its_files_but_cannot_be_used test -d queue/mess -a ! -e queue/lock -a ! -e queue/pid
check the_old_one_is_refused exits 8 -y queue
check what_was_moved_cannot_be_moved_again exits 8 --move queue "$work/again"

# Damage that a new number does not mend.
new_scene && perl "$laboratory" make 13 split=3 && perl "$laboratory" damage 13 orphan > /dev/null
check a_move_refuses_damage exits 4 --move queue new
check and_leaves_the_queue_as_it_was test -d queue/pid -a ! -e queue/qfsck
check until_it_is_repaired sh -c '"$QFSCK" --users "$users" -y queue > /dev/null; "$QFSCK" --users "$users" --move queue new'
check then_it_is_whole sound '' new
finish

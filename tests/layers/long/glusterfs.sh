#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GlusterFS, a volume of three replicated bricks: which changes reach all three disks
# before the call returns; and which names are found again when all three lose power at
# that moment.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/layers/glusterfs.inc"

make_bricks 1 2 3
begin_glusterd
make_volume replica 3

through glusterfs "$work/volume" creat link rename rename_across
check check_glusterfs_is_not_protected sh -c '
  syncdir --check ./volume; [ $? -eq 1 ] && syncdir --check ./volume | grep -q "mount with dirsync (a fresh mount"'

# cut_after COMMAND...: the power of all three fails when it returns; how many of them have
# the new name afterwards.
cut_after() {
  (cd volume && prepare && "$@") || return
  mkdir -p cut
  for brick in 1 2 3; do
    cut_image "$brick.img" "$memory/cut.img" && mount -o loop "$memory/cut.img" cut || return
    ls cut/brick/*/new 2>/dev/null
    umount cut
  done | wc -l
}
for call in creat link rename rename_across; do
  same "glusterfs_${call}_is_found_on_all_three_after_a_cut" 3 "$(cut_after call "$call")"
  # Unless somebody else calls sync in between.
  for _ in 1 2 3 4 5; do
    found=$(library='' cut_after call "$call")
    [ "$found" -ne 0 ] || break
  done
  same "without_the_library_${call}_is_found_on_none" 0 "$found"
done

finish

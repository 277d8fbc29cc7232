#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GlusterFS, a volume of three replicated bricks, each on a disk of its own: which changes
# reach all three disks before the call returns; and which names are found again when all
# three lose power at that moment.
. "${srcdir:-.}/tests/tap.sh"

for program in glusterd gluster mount.glusterfs ip; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done
[ "$(id -u)" -eq 0 ] || skip_all 'not root: nothing can be mounted'
# Its own network, host name and processes, which end with the test.
. "$top_srcdir/tests/unshare.sh"
begin_apart '--net --uts --pid --fork --kill-child --mount-proc' "$@"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/strace.sh"
. "$top_srcdir/tests/launcher.sh"
. "$top_srcdir/tests/layers/layers.inc"

cd "$work" || exit 99
mkdir -p /run/gluster /var/log/glusterfs || exit 99
for folder in /var/lib/glusterd /run/gluster /var/log/glusterfs; do
  mount -t tmpfs tmpfs "$folder" || exit 99
done
echo '127.0.0.1 localhost brick' >hosts && mount --bind hosts /etc/hosts || exit 99
hostname brick && ip link set lo up || exit 99

bricks=
for brick in 1 2 3; do
  mount_kind ext4 "$work/$brick" "$below" && mkdir "$brick/brick" || exit 99
  disks="$disks ${device#/dev/}"
  folders="$folders $work/$brick"
  bricks="$bricks brick:$work/$brick/brick"
done

# quietly COMMAND...: what it says, if it fails.
quietly() { "$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 99; }; }
quietly glusterd
is_up() { gluster --mode=script volume list >/dev/null 2>&1; }
until_true is_up || exit 99
quietly gluster --mode=script volume create mail replica 3 $bricks force
quietly gluster --mode=script volume start mail
mkdir volume && quietly mount -t glusterfs brick:/mail volume
# The client has found all three when a file is on each.
is_on_all() { rm -f volume/first && touch volume/first && [ "$(ls [123]/brick/first | wc -l)" -eq 3 ]; }
until_true is_on_all || exit 99

through glusterfs "$work/volume" creat link rename rename_across
check check_glusterfs_is_not_protected sh -c '
  syncdir --check ./volume; [ $? -eq 1 ] && syncdir --check ./volume | grep -q "mount with dirsync (a fresh mount"'

# cut_after COMMAND...: the power of all three fails when it returns; how many of them have
# the new name afterwards.
cut_after() {
  (cd volume && prepare && "$@") || return
  mkdir -p cut
  for brick in 1 2 3; do
    cp "$brick.img" "$memory/cut.img" && mount -o loop "$memory/cut.img" cut || return
    ls cut/brick/*/new 2>/dev/null
    umount cut
  done | wc -l
}
for call in creat link rename rename_across; do
  same "glusterfs_${call}_is_found_on_all_three_after_a_cut" 3 "$(cut_after call "$call")"
  same "without_the_library_${call}_is_found_on_none" 0 "$(library='' cut_after call "$call")"
done

finish

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Directories above which another filesystem begins, and filesystems that are
# held in memory.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

cd "$work" || exit 99

# No directory above it is on the filesystem of the drop box.
mount_kind xfs box || exit 99
: > box/file
chmod 300 box && chown 65534 box && chmod 711 . && cp "$library" library.so || exit 99
same a_drop_box_that_is_a_mount_point_flushes_everything sync \
  "$(preload=$work/library.so flushes -u nobody perl -e 'unlink("box/file") or die')"

# a is mounted on its own child: going up, the same inode comes twice, and the
# root is not reached yet.
mkdir only only/a only/a/b && mount --bind only/a only/a/b || exit 99
: > only/a/b/file
same a_directory_mounted_inside_itself_is_below_what_is_above "fsync $work/only/a/b" \
  "$(SYNCDIR_ONLY=$work/only flushes rm only/a/b/file)"
mkdir elsewhere && : > elsewhere/file
same what_is_elsewhere_is_not '' "$(SYNCDIR_ONLY=$work/only flushes rm elsewhere/file)"

# Above a mount that was detached nobody knows what lies.
mkdir only/m && mount_kind ext4 "$work/only/m" || exit 99
check a_detached_mount_may_be_below_anything test -n "$(SYNCDIR_ONLY=$work/only flushes perl -e '
  chdir "only/m"; system("umount", "-l", "."); mkdir "new"')"

# held_in_memory TYPE FOLDER: mounts it; a new folder flushes nothing.
held_in_memory() {
  if grep -qw "$1" /proc/filesystems; then
    mount_kind "$1" "$work/$1" || exit 99
    same "${1}_is_held_in_memory" '' "$(flushes mkdir "$2")"
    rmdir "$2"
  fi
}
held_in_memory tmpfs "$work/tmpfs/new"
held_in_memory ramfs "$work/ramfs/new"
held_in_memory bpf "$work/bpf/new"
held_in_memory hugetlbfs "$work/hugetlbfs/new"
held_in_memory cgroup2 "$work/cgroup2/syncdir-test.$$"
held_in_memory tracefs "$work/tracefs/instances/syncdir-test.$$"

finish

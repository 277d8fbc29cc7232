#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a chroot without /proc and /sys.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

mount_kind xfs "$work/root" || exit 99
cd "$work/root" || exit 99

# The programs, and every library that they need, at the same paths.
for program in sh env mkdir ln mv rm rmdir; do
  path=$(command -v "$program")
  mkdir -p "./${path%/*}" && cp -L "$path" ".$path"
  ldd "$path" | grep -o '/[^ ]*' | while read -r needed; do
    mkdir -p "./${needed%/*}" && cp -L "$needed" ".$needed"
  done
done
cp "$library" ./libsyncdir.so
mkdir d e

# flushed_in_root COMMAND: what it flushes, as seen from outside.
flushed_in_root() {
  preload='' flushes chroot "$work/root" "$(command -v sh)" -c "LD_PRELOAD=/libsyncdir.so; export LD_PRELOAD; $1"
}
root=$work/root
same mkdir_flushes_the_parent "fsync $root/d" "$(flushed_in_root 'mkdir d/dir')"
same rmdir_flushes_the_parent "fsync $root/d" "$(flushed_in_root 'rmdir d/dir')"
same open_flushes_the_parent "fsync $root/d" "$(flushed_in_root 'exec sh -c ": > d/f"')"
same link_flushes_the_new_parent "fsync $root/e" "$(flushed_in_root 'ln d/f e/l')"
same symlink_flushes_the_new_parent "fsync $root/e" "$(flushed_in_root 'ln -s ../d/new e/s')"
same rename_flushes_the_new_parent "fsync $root/e" "$(flushed_in_root 'mv d/f e/f')"
same unlink_flushes_the_parent "fsync $root/e" "$(flushed_in_root 'rm e/l')"
# Where the symlink led cannot be found out: by the new file itself.
same a_symlink_that_open_followed_is_flushed_by_the_file \
  "syncfs $root/d/new
fsync $root/d/new" "$(flushed_in_root 'exec sh -c ": > e/s"')"

# Above the root is the root: nobody can read it, nor what lies below.
mkdir drop && chmod 333 drop && chmod 311 . || exit 99
same at_a_root_that_cannot_be_read_everything_is_flushed "sync
sync" \
  "$(preload='' flushes timeout "$patience" chroot --userspec=65534:65534 "$work/root" "$(command -v env)" \
    LD_PRELOAD=/libsyncdir.so "$(command -v mkdir)" drop/dir)"

# ext4 without /proc: sysfs has the answer as well.
mount_kind ext4 "$work/ext4" && mount_kind ext4-nojournal "$work/none" || exit 99
mount -t tmpfs none /proc || exit 99
at_exit umount /proc
mkdir "$work/ext4/d"
LD_PRELOAD=$library SYNCDIR_TRACE=$work/trace mkdir "$work/ext4/d/dir"
same a_journal_is_found_without_proc 'fsync' "$(cut -f5 "$work/trace")"

# new_name FOLDER NAME: how a symlink there is flushed.
new_name() {
  rm -f "$work/trace"
  LD_PRELOAD=$library SYNCDIR_TRACE=$work/trace ln -s target "$1/$2"
  cut -f5 "$work/trace" | paste -sd' '
}
same so_is_that_there_is_none 'syncfs fsync' "$(new_name "$work/none" l)"
# As Podman has it for its containers.
mount -t tmpfs none /sys/dev/block || exit 99
same where_sys_dev_block_is_hidden_a_journal_is_found fsync "$(new_name "$work/ext4" k)"
same and_that_there_is_none 'syncfs fsync' "$(new_name "$work/none" k)"
# A mapped device, as of LVM, has the kernel's own name, and so has its journal.
for name in dm-0 md127 'cciss!c0d0'; do
  mkdir -p "/proc/fs/jbd2/$name-8"
  ln -s "../../devices/virtual/block/$name" "/sys/dev/block/$(stat -c %Hd:%Ld "$work/none")" || exit 99
  same "the_journal_of_${name}_is_found_by_its_name" fsync "$(new_name "$work/none" "$name")"
  rm /sys/dev/block/*
done
umount /sys/dev/block && mount -t tmpfs none /sys/fs/ext4 || exit 99
at_exit umount /sys/fs/ext4
same a_journal_that_is_not_to_be_found_out_is_none 'syncfs fsync' "$(new_name "$work/ext4" m)"
mount -t tmpfs none /sys/dev/block || exit 99
at_exit umount /sys/dev/block
same a_device_that_is_not_to_be_found_out_has_none 'syncfs fsync' "$(new_name "$work/ext4" n)"

finish

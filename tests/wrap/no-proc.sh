#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a chroot without /proc and /sys.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

mount_kind xfs "$work/root" || exit 99
cd "$work/root" || exit 99

# The programs, and every library that they need, at the same paths.
for program in sh mkdir ln mv rm rmdir; do
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

# ext4 without /proc: sysfs has the answer as well.
mount_kind ext4 "$work/ext4" || exit 99
mount -t tmpfs none /proc || exit 99
at_exit umount /proc
mkdir "$work/ext4/d"
LD_PRELOAD=$library SYNCDIR_TRACE=$work/trace mkdir "$work/ext4/d/dir"
same a_journal_is_found_without_proc 'fsync' "$(cut -f5 "$work/trace")"

finish

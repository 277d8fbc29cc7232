#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Directories above which another filesystem begins, or which are something else
# when we come to them; and filesystems that are held in memory.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

cd "$work" || exit 99

# No directory above it is on the filesystem of the drop box.
mount_kind xfs box || exit 99
: > box/file
chmod 300 box && chown 65534 box && chmod 711 . && cp "$library" library.so || exit 99
same a_drop_box_that_is_a_mount_point_flushes_everything "sync
sync" \
  "$(preload=$work/library.so flushes -u nobody perl -e 'unlink("box/file") or die')"

# a is mounted on its own child: going up, the same inode comes twice, and the
# root is not reached yet.
mkdir only only/a only/a/b && mount --bind only/a only/a/b || exit 99
: > only/a/b/file
same a_directory_mounted_inside_itself_is_below_what_is_above "fsync $work/only/a/b" \
  "$(SYNCDIR_ONLY=$work/only flushes rm only/a/b/file | tail -n 1)"
: > only/a/b/file
mkdir other
same the_same_inode_twice_is_not_yet_the_root '' "$(SYNCDIR_ONLY=$work/other flushes rm only/a/b/file)"
# The root itself is mounted below: its inode is reached, and it is not the root.
if [ $private = yes ]; then
  mkdir only/root
  : > other/file
  same a_root_that_is_mounted_below_is_not_the_root "fsync $work/only/root$work/other" \
    "$(preload='' flushes $apart sh -c 'mount --rbind / "$1/only/root" &&
        LD_PRELOAD=$2 SYNCDIR_ONLY=$1/only exec rm "$1/only/root$1/other/file"' sh "$work" "$library" |
      tail -n 1)"
else
  skip a_root_that_is_mounted_below_is_not_the_root \
    'the root is no mount point: the machine would see the mount'
fi
mkdir elsewhere && : > elsewhere/file
same what_is_elsewhere_is_not '' "$(SYNCDIR_ONLY=$work/only flushes rm elsewhere/file)"

# Its mounts have new numbers then, and it has the same root.
cat > unshare.c <<'END'
#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>
int main(void) { return unshare(CLONE_NEWNS) || unlink("elsewhere/file"); }
END
$CC -o unshare unshare.c || exit 99
: > elsewhere/file
same what_is_elsewhere_in_a_new_namespace_is_not '' "$(SYNCDIR_ONLY=$work/only flushes ./unshare)"

# Where the new parent takes the old one along, both may be elsewhere.
mount_kind xfs "$work/xfs" >/dev/null && mkdir "$work/xfs/one" "$work/xfs/other" || exit 99
: > "$work/xfs/one/file"
same what_moves_elsewhere_is_not '' \
  "$(SYNCDIR_ONLY=$work/only flushes mv "$work/xfs/one/file" "$work/xfs/other/file")"

# A rename to another filesystem fails: mv(1) tries it first, and the file may be large.
mount_kind btrfs "$work/btrfs" >/dev/null && echo bytes > "$work/xfs/file" || exit 99
same what_cannot_be_renamed_is_not_written '' \
  "$(flushes perl -e 'exit(rename($ARGV[0], $ARGV[1]) || !$!{EXDEV})' "$work/xfs/file" "$work/btrfs/file")"

# Above a mount that was detached nobody knows what lies.
mkdir only/m && mount_kind ext4 "$work/only/m" || exit 99
check a_detached_mount_may_be_below_anything test -n "$(SYNCDIR_ONLY=$work/only flushes perl -e '
  chdir "only/m"; system("umount", "-l", "."); mkdir "new"')"

# replacing FOLDER CODE MKDIR...: in FOLDER, with CODE between mkdir and our look.
replacing() {
  folder=$1
  shift
  printf '#include <sys/stat.h>\n#include <sys/syscall.h>\n#include <unistd.h>
    int mkdir(const char *path, mode_t mode)
    { return syscall(SYS_mkdirat, -100, path, mode) + %s; }\n' "$1" |
    $CC -shared -fPIC -o "$work/replace.so" -x c - || exit 99
  shift
  (cd "$folder" && preload=$library:$work/replace.so flushes timeout "$patience" "$@")
}
mount_kind ext2 "$work/ext2" && mkdir "$work/ext2/d" || exit 99
same a_parent_that_became_a_fifo_is_not_waited_for "sync
sync" \
  "$(replacing "$work/ext2" 'syscall(SYS_renameat2, -100, "d", -100, "gone", 0)
    + syscall(SYS_mknodat, -100, "d", 010600, 0)' mkdir d/new)"
# Where the new directory has a flush of its own.
mount_kind overlay "$work/overlay" && mkdir "$work/overlay/elsewhere" || exit 99
same a_new_directory_that_became_a_symlink_is_not_followed \
  "syncfs $work/overlay
fsync $work/overlay" \
  "$(replacing "$work/overlay" 'syscall(SYS_unlinkat, -100, path, 512)
    + syscall(SYS_symlinkat, "elsewhere", -100, path)' mkdir new)"

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

# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir --check of directories: what is flushed there and why, and what makes a
# flush a lie.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/launcher.sh"

cd "$work" || exit 99

# told STATUS PATTERN DIRECTORY: what --check says of it.
told() {
  case $3 in
    /*) syncdir --check "$3" ;;
    *) syncdir --check "./$3" ;;
  esac >said 2>&1
  found=$?
  cat said
  [ "$found" -eq "$1" ] && grep -q -- "$2" said
}

for kind in ext4 ext4-nojournal ext2 xfs btrfs overlay tmpfs; do
  mount_kind $kind "$work/$kind" >/dev/null || exit 99
done

check ext4_is_protected told 0 '^./ext4: protected$' ext4
check it_is_named grep -q "filesystem: ext4 on /dev/loop[0-9]*, mounted at $work/ext4" said
check why_the_directory_is_enough grep -q 'why: there is one journal' said
check fsync_works grep -q 'fsync of the directory answers success' said
check its_drive_is_a_loop_device grep -q "loop device on .*ext4.img" said
mkdir -p ext4/a/b
check a_directory_below_it told 0 "mounted at $work/ext4$" ext4/a/b
check xfs_is_protected told 0 'why: there is one journal' xfs
for kind in ext2 ext4-nojournal; do
  check "${kind}_needs_syncfs" told 0 'unlink, rmdir, rename: syncfs, then fsync of the directory' $kind
done
check btrfs_needs_the_old_directory_first told 0 'fsync of the old one, then fsync of the new one' btrfs
check btrfs_has_a_drive grep -q 'loop device on .*btrfs.img' said
check overlay_is_what_its_upper_directory_is told 0 "passes flushes on to $work/overlay.below/upper" overlay
check its_upper_directory_is_looked_at grep -q 'filesystem: ext4' said
# Its upper directory is in memory, and the path leads to a disk by now.
mkdir -p ext4/hidden/upper ext4/hidden/work hidden && mount -t tmpfs none ext4/hidden || exit 99
mkdir ext4/hidden/upper ext4/hidden/work &&
  mount -t overlay none hidden -o "lowerdir=ext4/a,upperdir=$work/ext4/hidden/upper,workdir=$work/ext4/hidden/work" &&
  umount -l ext4/hidden || exit 99
check an_upper_directory_whose_path_leads_elsewhere_cannot_be_told told 2 'is on another filesystem now' hidden
umount hidden
# Two disks of one size, as full.
mkdir twins && mount_kind ext4 "$work/twin" && mkdir twin/upper twin/work &&
  mount -t overlay none twins -o "lowerdir=ext4/a,upperdir=$work/twin/upper,workdir=$work/twin/work" || exit 99
check an_upper_directory_on_a_disk_can_be_told told 0 protected twins
umount -l twin && mount_kind ext4 "$work/twin" && mkdir -p twin/upper twin/work/work || exit 99
check a_disk_of_the_same_size_is_not_taken_for_it told 2 'is on another filesystem now' twins
umount twins twin || exit 99
mount_kind overlay-ext2 "$work/over-ext2" || exit 99
check an_overlay_over_ext2_needs_syncfs told 0 'unlink, rmdir, rename: syncfs, then fsync of the directory' over-ext2
mkdir nothing && mount --bind nothing /sys/fs/ext4 || exit 99
check what_the_library_cannot_see_is_not_protected told 1 'does not see that through the overlay' over-ext2
umount /sys/fs/ext4 && umount over-ext2 || exit 99
check memory_is_not_protected told 1 'held in memory' tmpfs
check proc_is_not_protected told 1 'held in memory' /proc

# The flushes that are told are those that are made.
if command -v strace >/dev/null; then
  . "$top_srcdir/tests/strace.sh"
  for kind in ext4 ext2 xfs btrfs overlay; do
    syncdir --check "./$kind" >said
    mkdir $kind/old $kind/new && touch $kind/old/file
    made=$(flushes sh -c "cd $kind && mv -T old/file new/file" |
      sed -e 's/^fsync .*\/\(old\|new\)$/fsync of the \1 one/; s/^syncfs .*/syncfs/' | paste -sd, | sed 's/,/, then /')
    same "what_is_told_of_rename_to_another_directory_on_$kind" "$made" \
      "$(sed -n 's/.*rename to another directory: //p' said | sed 's/then of/then fsync of/' | head -n 1)"
    for change in 'mkfifo F' 'mkdir D'; do
      made=$(flushes sh -c "cd $kind && ${change% *} ${change#* }" |
        sed -e '/\/D$/ { s/.*/fsync of the new directory/; b' -e '}' -e 's/^fsync .*/fsync of the directory/; s/^syncfs .*/syncfs/' |
        paste -sd, | sed 's/,/, then /')
      same "what_is_told_of_${change% *}_on_$kind" "$made" \
        "$(sed -n "s/.*[ ,:]${change% *}[a-z, ]*: \(.*\)/\1/p" said | head -n 1)"
    done
  done
else
  skip what_is_told_is_what_is_made 'no strace'
fi

# dirsync: the option and the attribute.
honoured='the filesystem flushes every change'
ignored='but this filesystem ignores it'
for kind in ext4 ext2 xfs btrfs; do
  [ $kind = btrfs ] && expected=$ignored || expected=$honoured
  mount_kind $kind "$work/$kind.dirsync" dirsync >/dev/null || exit 99
  check "the_option_dirsync_on_$kind" told 0 "option dirsync.*$expected" $kind.dirsync
done
check the_option_sync_on_btrfs sh -c "mount -o remount,sync '$work/btrfs' &&
  syncdir --check ./btrfs | grep -q 'dirsync or sync is set, $ignored'"
for kind in ext4 ext2 btrfs; do
  [ $kind = btrfs ] && expected=$ignored || expected=$honoured
  mkdir -p $kind/attribute
  if chattr +D $kind/attribute 2>/dev/null; then
    check "chattr_D_on_$kind" told 0 "attribute D or S is set (chattr).*$expected" $kind/attribute
  else
    skip "chattr_D_on_$kind" 'chattr +D is refused'
  fi
done
check xfs_refuses_chattr_D sh -c '! chattr +D xfs 2>/dev/null'

# Lies
mount -o remount,nobarrier "$work/ext4" 2>/dev/null
case $(findmnt -no OPTIONS "$work/ext4") in
  *nobarrier*) check nobarrier told 1 'nobarrier: a flush does not reach' ext4 ;;
  *) skip nobarrier 'remount does not set it' ;;
esac
umount "$work/overlay"
mkdir overlay.below/work2
if mount -t overlay overlay "$work/overlay" -o "volatile,lowerdir=$work/overlay.below/lower,upperdir=$work/overlay.below/upper,workdir=$work/overlay.below/work2" 2>/dev/null; then
  check an_overlay_that_is_volatile told 1 'volatile: fsync answers success and flushes nothing' overlay
else
  skip an_overlay_that_is_volatile 'overlay has no volatile here'
fi
cat >suppress.c <<'END'
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int count, char **arguments)
{
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { 4, filter };
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_SECCOMP, 2, &program);
  return execvp(arguments[1], arguments + 1) + count;
}
END
$CC -o suppress suppress.c
check a_fsync_that_is_suppressed sh -c './suppress syncdir --check xfs >said; [ $? -eq 1 ] && grep -q "fsync answers success even without a file" said'
mkdir xfs/closed && chmod 711 xfs/closed && chmod 755 xfs .
check a_directory_that_cannot_be_opened sh -c '
  setpriv --reuid=nobody --regid=nogroup --clear-groups syncdir --check xfs/closed | grep -q "cannot be opened (Permission denied): the library flushes the whole filesystem"'
mount -o remount,ro "$work/xfs"
check a_read_only_filesystem told 0 'read-only: nothing changes' xfs

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# What a program has fsynced itself is not written again: no task, no flush, one look.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"

command -v strace >/dev/null || skip_all 'no strace'
# Two changes have never one ctime: Linux 6.13.
case $(uname -r) in
  [0-5].* | 6.[0-9].* | 6.1[0-2].*) skip_all 'this kernel has no fine timestamps' ;;
esac

cat >"$work/saves.c" <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* saves HOW...: f=fsync d=fdatasync w=write again l=link, in this order; then renames. */
int main(int count, char **how)
{
  int fd = open("new", O_CREAT | O_TRUNC | O_RDWR, 0600);

  if (count != 2 || write(fd, "bytes", 5) != 5)
    return 1;
  for (const char *c = how[1]; *c; c++)
    if (*c == 'f' ? fsync(fd) : *c == 'd' ? fdatasync(fd) : *c == 'w' ? pwrite(fd, "B", 1, 0) != 1
        : link("new", "linked"))
      return 1;
  return close(fd) || rename("new", "old");
}
END
$CC -o "$work/saves" "$work/saves.c" || exit 99

# tasks HOW: so many files were written by us.
tasks() {
  rm -f new old linked
  strace -f -qq -e signal=none -e trace=clone -E "LD_PRELOAD=$library" -o "$work/trace" \
    "$work/saves" "$1" && grep -c 'clone(' "$work/trace"
}

for kind in ext4 xfs btrfs; do
  mount_kind "$kind" "$work/$kind" >/dev/null 2>&1 && cd "$work/$kind" || exit 99
  same "nothing_is_written_again_after_fsync_on_$kind" 0 "$(tasks f)"
  same "nor_after_fdatasync_on_$kind" 0 "$(tasks d)"
  same "what_nobody_has_flushed_is_written_on_$kind" 1 "$(tasks '')"
  same "what_has_changed_since_is_written_on_$kind" 1 "$(tasks fw)"
  same "and_no_more_after_another_fsync_on_$kind" 0 "$(tasks fwf)"
  cd "$work" || exit 99
done

# In whole seconds two changes may have one ctime.
truncate -s 32M "$work/small.img" && mkfs.ext4 -q -I 128 "$work/small.img" 2>/dev/null &&
  mkdir "$work/small" && mount -o loop "$work/small.img" "$work/small" && cd "$work/small" || exit 99
same "where_times_are_whole_seconds_it_is_written" 1 "$(tasks f)"
cd "$work" || exit 99

mount_kind ext2 "$work/ext2" >/dev/null 2>&1 && cd "$work/ext2" || exit 99
same "where_times_are_not_fine_it_is_written" 1 "$(tasks f)"
cd "$work" || exit 99

finish

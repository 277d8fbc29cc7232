#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# btrfs answers the fsync of a directory with 0, and has flushed nothing, while the
# fsync of somebody else who was faster is under way.  A name is made; another program
# calls fsync of the directory, and waits for a slow disk; then the name's own flush is
# asked for.  It must not return before the other has: what has the name in its log
# is not on the disk until then.  No time is measured but that the other stands still.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"

slow_disk=$top_builddir/bench/slow-disk
[ -x "$slow_disk" ] || skip_all 'configure found no libfuse3, so bench/slow-disk is not built'

# second FOLDER HOW [UID]: 0: the flush of FOLDER/new returned when the other's had;
# 1: before; 3: the other was never seen to wait.  HOW is how FOLDER/new is flushed, and
# "logged" before it: the log in which the name was made is on the disk by then.
cat >"$work/second.c" <<'END'
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <syncdir.h>

/* Whether PROCESS has been waiting for the disk at each of some looks. */
static int waits(pid_t process)
{
  char path[64], state;

  snprintf(path, sizeof path, "/proc/%d/stat", (int) process);
  for (int look = 0; look < 20; look++) {
    FILE *stat = fopen(path, "r");

    if (!stat || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1 || state == 'Z')
      return 0;
    fclose(stat);
    if (state != 'D')
      look = -1;
    usleep(10000);
  }
  return 1;
}

int main(int count, char **words)
{
  int folder, other, status;
  pid_t first;

  if (chdir(words[1]) != 0 || (folder = open(".", O_RDONLY)) == -1
      || (other = open("other", O_CREAT | O_WRONLY, 0600)) == -1
      || syncfs(folder) != 0)
    err(2, "%s", words[1]);
  if (symlink("x", "new") != 0)
    err(2, "new");
  if (strncmp(words[2], "logged", 6) == 0 && (write(other, "x", 1) != 1 || fsync(other) != 0))
    err(2, "other");
  first = fork();
  if (first == 0)
    _exit(fsync(folder) != 0);
  if (!waits(first))
    return waitpid(first, &status, 0) == first ? 3 : 2;
  if (count > 3 && (setgid(atoi(words[3])) != 0 || setuid(atoi(words[3])) != 0))
    err(2, "setuid");
  if (strstr(words[2], "hand") ? fsync(folder) : syncdir_sync_parent(AT_FDCWD, "new"))
    err(2, "flush");
  return waitpid(first, &status, WNOHANG) == first ? 0 : 1;
}
END
$CC -D_GNU_SOURCE -I"$top_srcdir/lib" -o "$work/second" "$work/second.c" \
  "$top_builddir/.libs/libsyncdir-api.so" -Wl,-rpath,"$top_builddir/.libs" || exit 99

mkdir "$work/memory" "$work/btrfs" "$work/overlay"
"$slow_disk" "$work/memory" 200 500000 && mkfs.btrfs -q -K "$work/memory/disk" >/dev/null 2>&1 &&
  mount -o loop,noatime "$work/memory/disk" "$work/btrfs" || exit 99
echo 'write back' >"/sys/block/$(basename "$(findmnt -n -o SOURCE "$work/btrfs")")/queue/write_cache"
mkdir "$work/btrfs/upper" "$work/btrfs/work" "$work/btrfs/lower"
mount -t overlay overlay "$work/overlay" \
  -o "lowerdir=$work/btrfs/lower,upperdir=$work/btrfs/upper,workdir=$work/btrfs/work" || exit 99

# returns WHERE HOW STATUS [UID]: in a folder of its own; on btrfs it is a subvolume.
returns() {
  folder=$work/$1/$2$4
  case $1 in
    btrfs) btrfs -q subvolume create "$folder" ;;
    overlay) mkdir "$folder" ;;
  esac || return 1
  for try in 1 2 3 4 5; do
    rm -f "$folder/new"
    SYNCDIR_TRACE=$work/trace "$work/second" "$folder" "$2" $4
    status=$?
    [ "$status" -eq 3 ] || break
  done
  echo "status $status"
  [ "$status" -eq "$3" ]
}

check by_hand_the_second_fsync_of_a_fresh_subvolume_flushes_nothing returns btrfs hand 1 ''
check the_library_waits_in_a_fresh_subvolume returns btrfs library 0 ''
check and_writes_nothing_else sh -c 'grep -q fsync "$1" && ! grep syncfs "$1"' sh "$work/trace"
check by_hand_the_second_fsync_flushes_nothing_after_a_log returns btrfs logged-by-hand 1 ''
check the_library_waits_after_a_log returns btrfs logged-by-library 0 ''
check who_may_not_touch_the_directory_waits_too returns btrfs library 0 65534
check by_hand_an_overlay_over_btrfs_flushes_nothing returns overlay hand 1 ''
check the_library_waits_on_an_overlay_over_btrfs returns overlay library 0 ''

finish

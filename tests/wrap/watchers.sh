#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who watches a directory sees our own open of it only where something is flushed.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"

# watch DIRECTORY COMMAND...: what inotify(7) tells of DIRECTORY while COMMAND runs.
cat > "$work/watch.c" <<'EOF'
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int count, char **arguments)
{
  static char buffer[65536] __attribute__((aligned(8)));
  int queue = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), status;
  ssize_t size;

  if (count < 3 || inotify_add_watch(queue, arguments[1], IN_ALL_EVENTS) == -1)
    return 99;
  if (fork() == 0) {
    execvp(arguments[2], arguments + 2);
    _exit(127);
  }
  wait(&status);
  size = read(queue, buffer, sizeof buffer);
  for (char *at = buffer; at < buffer + size; ) {
    const struct inotify_event *event = (void *) at;
    printf("%x %s\n", event->mask, event->len ? event->name : "");
    at += sizeof *event + event->len;
  }
  return status != 0;
}
EOF
$CC -O1 -o "$work/watch" "$work/watch.c" || exit 99

# seen DIRECTORY [VARIABLE=VALUE...]: what is seen while names in it are made, moved
# and removed.  The commands are found before, and what they make is gone afterwards.
changes='set -e
  : >new; : >>new; echo bytes >full; ln full also; mv full moved; mv new also
  mkdir d; ln -s d l; mkfifo p; mv also d/new; mv d/new l/back; mv d/back back
  rm back l p moved; rmdir d'
seen() {
  directory=$1
  shift
  (cd "$directory" && env "$@" "$work/watch" . sh -c "$changes")
}

# nothing_more DIRECTORY VARIABLE=VALUE...: the same as without the library.
nothing_more() {
  seen "$@" > "$work/seen" && seen "$directory" > "$work/plain" || return 1
  grep -q '^100 new' "$work/plain" || { echo 'nothing is seen at all'; return 1; }
  diff "$work/plain" "$work/seen"
}

for kind in tmpfs ext4 btrfs; do
  mount_kind "$kind" "$work/$kind" >/dev/null 2>&1 || exit 99
done

check on_tmpfs_a_watcher_sees_what_it_saw_without_the_library \
  nothing_more "$work/tmpfs" "LD_PRELOAD=$library"
for kind in ext4 btrfs; do
  check "outside_of_SYNCDIR_ONLY_on_${kind}_a_watcher_sees_what_it_saw" \
    nothing_more "$work/$kind" "LD_PRELOAD=$library" "SYNCDIR_ONLY=$work/tmpfs"
done

# Where it is flushed it is opened (20) and closed (10), with the bit of a directory.
is_seen() {
  seen "$work/ext4" "LD_PRELOAD=$library" > "$work/seen" || return 1
  [ "$(grep -c '^40000020 $' "$work/seen")" -gt "$(seen "$work/ext4" | grep -c '^40000020 $')" ]
}
check where_something_is_flushed_a_watcher_sees_the_open is_seen

# A directory has no bytes of which we would have to take care.
moved_without_an_open() {
  mkdir "$work/ext4/directory" "$work/ext4/plain" || return 1
  (cd "$work/ext4" && env -u LD_PRELOAD "$work/watch" plain mv -T plain plain-moved >"$work/plain" &&
    env "LD_PRELOAD=$library" "$work/watch" directory mv -T directory moved >"$work/seen") || return 1
  grep -q '^800 ' "$work/plain" || { echo 'nothing is seen at all'; return 1; }
  diff "$work/plain" "$work/seen"
}
check a_directory_that_is_renamed_is_not_opened moved_without_an_open

finish

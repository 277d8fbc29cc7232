#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir_hold and syncdir_release: one flush for many changes, before the release
# returns; on every kind of filesystem.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"

holder=$top_builddir/tests/defer/holder

# seen WHAT...: its flushes, and what it told, in order; an earlier one's names are gone.
seen() {
  rm -rf a b
  strace -f -qq -e trace=fsync,syncfs,sync,write $no_sync -e signal=none -s 80 -o "$work/strace" \
    "$holder" "$@" >/dev/null 2>&1
  sed -n -e 's/^[0-9]* *//' -e 's/^write(1, "\(.*\)\\n", .*/\1/p' \
    -e 's/^\([a-z]*\)([0-9]*) *= 0.*/\1/p' -e 's/^\([a-z]*\)([0-9]*) *= -1 \([A-Z]*\).*/\1 \2/p' "$work/strace"
}

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" && cd "$work/$kind" || exit 99
  same "${kind}_three_changes_are_flushed_once" "fsync
release 0 well
0 descriptors more" "$(seen held)"
done

for kind in btrfs ext2 overlay; do
  mount_kind "$kind" "$work/$kind" && cd "$work/$kind" || exit 99
  same "${kind}_three_changes_are_flushed_once_by_syncfs" "syncfs
fsync
release 0 well
0 descriptors more" "$(seen held)"
done

mount_kind tmpfs "$work/tmpfs" && cd "$work/tmpfs" || exit 99
same in_memory_nothing_is_flushed "release 0 well
0 descriptors more" "$(seen held)"

cd "$work/ext4" || exit 99
same without_hold_each_change_is_flushed "fsync
fsync
fsync
told
0 descriptors more" "$(seen plain)"
same the_last_release_of_nested_holds_flushes "not yet
fsync
release 0 well
0 descriptors more" "$(seen nested)"
same a_release_without_a_hold_is_an_error "release -1 Invalid argument
0 descriptors more" "$(seen unheld)"
same after_the_release_each_change_is_flushed_again "fsync
fsync
fsync
told
0 descriptors more" "$(seen after)"
mkdir "$work/ext4/two" "$work/xfs/two"
same each_filesystem_is_flushed "fsync
fsync
release 0 well
0 descriptors more" "$(seen two "$work/ext4/two" "$work/xfs/two")"
for what in thread fork; do
  same "the_changes_of_another_${what}_do_not_wait" "fsync
fsync
fsync
told" "$(seen $what | head -n 4)"
done
same a_hold_ends_with_its_thread "fsync
fsync
fsync
told
0 descriptors more" "$(seen ended)"
same descriptors_that_the_program_has_closed_are_no_loss "sync
sync
release 0 well
0 descriptors more" "$(seen closed)"

failed() {
  rm -rf a b
  strace -f -qq -o /dev/null -e trace=fsync -e inject=fsync:error=EIO "$holder" held 2>/dev/null
}
same an_error_of_the_flush_is_returned "release -1 Input/output error
0 descriptors more" "$(failed)"

finish

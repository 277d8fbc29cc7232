#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A server of a filesystem sees what is asked of its files: it is asked nothing while a
# change is pending, in no way that there is.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

server=$top_builddir/tests/defer/server
asker=$top_builddir/tests/defer/asker
[ -x "$server" ] || skip_all 'configure found no libfuse3'
[ -e /dev/fuse ] || skip_all 'no /dev/fuse'

mount_kind ext4 "$work/ext4" && cd "$work/ext4" && mkdir served && ln -s served way || exit 99
"$server" served "$work/ext4/one" "$work/trace" "$work/log" &
is_served() { [ "$(stat -f -c %T served)" = fuseblk ] || grep -q " $work/ext4/served fuse" /proc/self/mounts; }
until_true is_served || exit 99
at_exit "umount -l '$work/ext4/served'"

# asked WAY [VARIABLE=VALUE...]: what the server was asked while a change was pending.
asked() {
  way=$1
  shift
  rm -rf one two linked "$work/trace"
  : >"$work/log"
  env "$@" "$asker" "$way" >"$work/said" 2>&1 || { echo "asker $way failed"; cat "$work/said"; }
  sed -n 's/ PENDING$//p' "$work/log"
}

seen=0
for way in $("$asker"); do
  same "the_server_is_asked_nothing_early_by_$way" '' \
    "$(asked "$way" LD_PRELOAD="$library" SYNCDIR_MODE=deferred SYNCDIR_TRACE="$work/trace")"
  [ -z "$(asked "$way")" ] || seen=$((seen + 1))
done
check "without_the_library_it_sees_most_of_them_$seen" [ "$seen" -ge 30 ]

finish

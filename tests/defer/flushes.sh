#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a message costs: two flushes of the device, by its own counter, where the
# unsafe program takes four; and all of it is there.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

feed=$top_builddir/examples/demo/feed
qmail_queue=$top_builddir/examples/demo/qmail-queue
QMAIL_HOME=.
export QMAIL_HOME

device_flushes() { awk '{ print $16 }' "/sys/block/${device#/dev/}/stat"; }

# cost MODE PRELOAD COMMAND...: of COMMAND, the least of three times, for now and then
# the filesystem flushes for itself.
cost() {
  mode=$1 preload=$2
  shift 2
  for time in 1 2 3; do
    sync
    before=$(device_flushes)
    SYNCDIR_MODE=$mode "$@" >/dev/null || return
    echo $(($(device_flushes) - before))
  done | sort -n | head -n 1
}
queued() { "$feed" -e ${preload:+-p "$preload"} 10 "$qmail_queue"; }
delivered() {
  for message in 1 2 3 4 5; do
    echo "$message" | LD_PRELOAD=$preload safecat maildir/tmp maildir/new || return
  done
}

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" noatime && cd "$work/$kind" || exit 99
  echo 'write back' >"/sys/block/${device#/dev/}/queue/write_cache" || exit 99
  mkdir -p queue/pid queue/mess queue/intd queue/todo queue/lock maildir/tmp maildir/new
  (cd queue/mess && mkdir $(seq 0 22))
  same "ten_messages_are_queued_with_20_flushes_on_$kind" 20 "$(cost deferred "$library" queued)"
  same "strict_takes_140_on_$kind" 140 "$(cost strict "$library" queued)"
  same "all_messages_are_there_on_$kind" 60 "$(ls queue/todo | wc -l)"
  command -v safecat >/dev/null || { skip "safecat_on_$kind" 'safecat is not installed'; continue; }
  same "five_deliveries_take_10_flushes_on_$kind" 10 "$(cost deferred "$library" delivered)"
  same "all_deliveries_are_there_on_$kind" 15 "$(ls maildir/new | wc -l)"
done

finish

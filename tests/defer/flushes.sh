#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a message costs: one fsync, which is two flushes of the device by its own counter,
# where strict takes seven and the unsafe program two; and all of it is there.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/strace.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

feed=$top_builddir/examples/demo/feed
qmail_queue=$top_builddir/examples/demo/qmail-queue
QMAIL_HOME=.
export QMAIL_HOME
messages=10

device_flushes() { awk '{ print $16 }' "/sys/block/${device#/dev/}/stat"; }

# each COMMAND...: what it prints for each of the messages; how often, if not as often.
each() {
  for message in $(seq $messages); do
    "$@" || return
  done | sort | uniq -c | sed "s/^ *$messages //"
}

# fsyncs MODE PROGRAM: of one message, and what else flushes.
fsyncs() {
  preload= SYNCDIR_MODE=$1 flushes sh -c "$2" | sed 's/ .*//' | sort | uniq -c | sed 's/^ *//'
}

# cost MODE PROGRAM: the flushes of the device for one message, the least of all: any
# sync(2) on this machine flushes it as well, and so does the filesystem by itself.
cost() {
  for message in $(seq $messages); do
    before=$(device_flushes)
    SYNCDIR_MODE=$1 sh -c "$2" >/dev/null || return
    echo $(($(device_flushes) - before))
  done | sort -n | head -n 1
}

queue="'$feed' -e -p '$library' 1 '$qmail_queue'"
# The text is there from the beginning: whoever has to wait for it flushes before.
deliver="LD_PRELOAD='$library' safecat maildir/tmp maildir/new <'$work/text'"
printf 'From: a@example.org\nSubject: text\n\ntext\n' >"$work/text"
# As packaged it is set-gid, and ignores the preload.
! command -v maildrop >/dev/null || install -m 755 "$(command -v maildrop)" "$work/maildrop" || exit 99
drop="LD_PRELOAD='$library' '$work/maildrop' filter <'$work/text'"

for kind in ext4 xfs; do
  mount_kind "$kind" "$work/$kind" noatime && cd "$work/$kind" || exit 99
  echo 'write back' >"/sys/block/${device#/dev/}/queue/write_cache" || exit 99
  mkdir -p queue/pid queue/mess queue/intd queue/todo queue/lock maildir/tmp maildir/new
  (cd queue/mess && mkdir $(seq 0 22))
  same "a_message_is_queued_with_one_fsync_on_$kind" '1 fsync' "$(each fsyncs deferred "$queue")"
  same "that_is_two_flushes_of_the_device_on_$kind" 2 "$(cost deferred "$queue")"
  same "strict_takes_seven_fsyncs_on_$kind" '7 fsync' "$(each fsyncs strict "$queue")"
  same "that_is_14_flushes_of_the_device_on_$kind" 14 "$(cost strict "$queue")"
  same "all_messages_are_there_on_$kind" $((4 * messages)) "$(ls queue/todo | wc -l)"
  command -v safecat >/dev/null || { skip "safecat_on_$kind" 'safecat is not installed'; continue; }
  same "a_message_is_delivered_with_one_fsync_on_$kind" '1 fsync' "$(each fsyncs deferred "$deliver")"
  same "that_too_is_two_flushes_of_the_device_on_$kind" 2 "$(cost deferred "$deliver")"
  same "all_deliveries_are_there_on_$kind" $((2 * messages)) "$(ls maildir/new | wc -l)"
  [ -x "$work/maildrop" ] || { skip "maildrop_on_$kind" 'maildrop is not installed'; continue; }
  mkdir maildir/cur && echo "to \"$PWD/maildir\"" >filter && chmod 600 filter || exit 99
  same "maildrop_delivers_with_one_fsync_on_$kind" '1 fsync' "$(each fsyncs deferred "$drop")"
  same "that_is_two_flushes_of_the_device_by_maildrop_on_$kind" 2 "$(cost deferred "$drop")"
  same "what_maildrop_has_delivered_is_there_on_$kind" $((4 * messages)) "$(ls maildir/new | wc -l)"
done

finish

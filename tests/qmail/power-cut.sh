# SPDX-License-Identifier: GPL-2.0-or-later
# A qmail-queue that the recipe linked is installed set-uid and fed by a plain
# user, who has no preload.  The power of its disk is cut at random and after
# the last acknowledgement.  After each cut every acknowledged message must be
# in the queue, and whole; without the archive some must be missing.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/qmail/tree.inc"

for needed in strace setpriv mkfs.xfs findmnt; do
  command -v $needed >/dev/null || skip_all "$needed is not installed"
done

helpers=$top_builddir/examples/demo
host=$work/host
machine=$work/machine
messages=200
cuts=8
kinds='ext4 ext2 xfs btrfs'
seed=${SEED:-$(date +%s)}
echo "# SEED=$seed repeats the random moments"

# The owner of the queue, and a user who may only run qmail-queue.
owner=64011
chmod 711 "$work"
cp "$helpers/feed" "$work/feed"
as_user="setpriv --reuid=65534 --regid=65534 --clear-groups"

# The host takes a reflink of the machine's disk at the moment of a cut.  That it
# flushes its own to the real disk would only take time.
truncate -s 1G "$host.img" && mkfs.xfs -q -m reflink=1 "$host.img" && mkdir "$host" "$machine" &&
  mount -o loop "$host.img" "$host" || { echo 'Bail out! no host'; exit 1; }
host_device=$(findmnt -n -o SOURCE "$host")
set_write_cache() {
  echo "$1" >"/sys/block/${host_device#/dev/}/queue/write_cache" 2>/dev/null || :
}
set_write_cache 'write through'
# The kernel remembers it for the next who gets the same loop device.
at_exit 'set_write_cache "write back"'

# on DISK COMMAND...: with that disk in the machine.
on() {
  mount -o loop "$1" "$machine" || return 1
  shift
  "$@"
  result=$?
  device=$(findmnt -n -o SOURCE "$machine")
  umount "$machine"
  # btrfs takes the next disk, which has the same name inside, for this one.
  btrfs device scan --forget "$device" >/dev/null 2>&1 || :
  return $result
}

# new_machine KIND: its disk in $host/disk.img, qmail-queue installed.
new_machine() {
  rm -rf "${host:?}"/*
  truncate -s 320M "$host/disk.img"
  mkfs."$1" -q "$host/disk.img" >"$work/mkfs" && on "$host/disk.img" install_qmail
}

install_qmail() {
  (cd "$machine" && mkdir bin queue && cd queue && mkdir pid mess intd todo lock && cd mess && mkdir $(seq 0 22)) &&
    install -m 755 "$tree/qmail-queue" "$machine/bin/qmail-queue" &&
    chown -R "$owner" "$machine/bin" "$machine/queue" &&
    chmod 700 "$machine"/queue/* && chmod 4711 "$machine/bin/qmail-queue" && sync -f "$machine"
}

feed_and_cut() {
  $as_user "$work/feed" -e "$messages" "$machine/bin/qmail-queue" |
    "$helpers/cut-power" "$host/disk.img" "$host" "$cuts" "$messages" "$seed"
}

# missing KIND: the acknowledged messages that are not there after some cut.
missing() {
  new_machine "$1" && on "$host/disk.img" feed_and_cut || { echo 'not delivered'; return; }
  for cut in $(seq "$cuts"); do
    on "$host/$cut.img" "$helpers/survivors" queue "$machine" "$(cat "$host/$cut.acknowledged")" ||
      echo "cut $cut cannot be judged"
  done | sort -u
}

# The calls of one message, as a plain user's strace, run by root, sees them:
# a set-uid program keeps its rights.
calls() {
  printf 'Subject: test\n\nbody\n' >"$work/message"
  printf 'Fsender@example.org\0Tone@example.net\0\0' >"$work/envelope"
  strace -u nobody -f -qq -y -e trace=link,linkat,unlink,unlinkat,fsync,fdatasync,syncfs,sync -e signal=none \
    -o "$work/trace" "$machine/bin/qmail-queue" <"$work/message" 1<"$work/envelope" || echo "exit $?"
  stat -c 'todo is of user %u' "$machine"/queue/todo/*
  sed -n "$work/trace" \
    -e 's|.* link\(at\)\{0,1\}(.*"\([a-z]*\)/[0-9/]*"[^"]*) *= 0.*|link \2|p' \
    -e 's|.* unlink\(at\)\{0,1\}(.*"\([a-z]*\)/.*) *= 0.*|unlink \2|p' \
    -e "s|.* fsync([0-9]*<$machine/queue/\\([a-z]*\\)\\(/[0-9]*\\)\\{0,1\\}>) *= 0.*|flush \\1\\2|p" \
    -e 's|.* fsync([0-9]*<.*(deleted)>*) *= 0.*|flush the message|p' \
    -e '/sync.* = -1/p' | sed -e 's|mess/[0-9]*|mess|' -e 's|intd/[0-9]*|the envelope|'
}

new_tree
sed -i "1s|.*|$machine|" "$tree/conf-qmail"
build_qmail qmail-queue || { echo 'Bail out! the tree'; exit 1; }
for kind in $kinds; do
  lost=$(missing $kind)
  check "without_the_archive_messages_are_lost_on_$kind" test -n "$lost" -a -z "$(printf '%s' "$lost" | tr -d '0-9\n')"
done
prepare >/dev/null && build_qmail qmail-queue
for kind in $kinds; do
  same "set_uid_and_fed_by_a_plain_user_none_is_lost_on_$kind" '' "$(missing $kind)"
done

new_machine ext4
on "$host/disk.img" calls >"$work/calls"
same "each_name_is_flushed_after_it_is_made_and_before_the_next" \
  "todo is of user $owner
flush pid
link mess
flush mess
unlink pid
flush pid
flush the message
flush intd
flush the envelope
link todo
flush todo" "$(cat "$work/calls")"

finish

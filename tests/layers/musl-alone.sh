#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A static program of musl with the archive, as Alpine would build it, alone in its root:
# without /proc, /sys, /dev, a loader or a library.  The substitute of qmail-queue is it, and
# no message that it took is lost by a power cut.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/strace.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

command -v musl-gcc >/dev/null || skip_all 'no musl-gcc'
cd "$work" || exit 99

# build NAME ARCHIVE: musl-gcc finds no <linux/...> of its own, and none is needed here.
build() {
  musl-gcc -static -O2 -D_GNU_SOURCE -o "$1" "$top_srcdir/examples/demo/qmail-queue.c" $2 || exit 99
}
build with "$archive"
build without ''
check the_archive_is_in_it sh -c 'strings "$1" | grep -q "@(#)syncdir"' sh with

printf 'Fsender@example.org\0Tone@example.net\0\0' >envelope
echo 'Subject: test' >message
cat >run <<'END_OF_RUN'
mkdir queue && (cd queue && mkdir pid mess intd todo lock && cd mess && mkdir $(seq 0 22)) || exit
cp "$program" qmail-queue && sync -f . && sync -f . || exit
for i in 1 2 3 4; do
  QMAIL_HOME=/ chroot . /qmail-queue <"$work/message" 1<"$work/envelope" || exit
  echo queued >"$POWERCUT_MARKS"
done
END_OF_RUN
cat >check <<'END_OF_CHECK'
told=$(wc -l)
found=$(ls queue/todo | wc -l)
[ "$found" -ge "$told" ] || { echo "$found messages of $told"; exit 1; }
for id in $(ls queue/todo); do
  cmp -s "$work/envelope" queue/intd/$id || [ -s queue/todo/$id ] || { echo "$id has no envelope"; exit 1; }
  grep -q Subject queue/mess/$((id % 23))/$id || { echo "$id has no message"; exit 1; }
done
END_OF_CHECK
for kind in ext4 xfs btrfs; do
  for program in with without; do
    [ $program = with ] && found=0 || found=1
    cut --fs $kind --cuts random:60 --cache reorder:2 --keep none \
      --run "work='$work' program='$work/$program' sh '$work/run'" --check "work='$work' sh '$work/check'"
    sed -n 's/^.*states tested/# &/p' out
    [ $found -eq 0 ] && told=no_message_is_lost_on_$kind || told=without_the_archive_one_is_on_$kind
    check "$told" ends_with $found
  done
done

finish

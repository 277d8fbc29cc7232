# SPDX-License-Identifier: GPL-2.0-or-later
# The stand-in for qmail-queue keeps to qmail's protocol: what is in the queue
# after success and after each failure, the exit codes, and which files it flushes.
. "${srcdir:-.}/tests/tap.sh"

command -v strace >/dev/null || skip_all 'strace is not installed'
qmail_queue=$top_builddir/examples/demo/qmail-queue
home=$work/home
export QMAIL_HOME="$home"

printf 'Subject: test\n\nbody\n' >"$work/message"
printf 'Fsender@example.org\0Tone@example.net\0Ttwo@example.net\0\0' >"$work/envelope"

new_queue() {
  rm -rf "$home"
  mkdir -p "$home/queue"
  (cd "$home/queue" && mkdir pid mess intd todo lock && cd mess && mkdir $(seq 0 22))
}

# queue [COMMAND...]: runs it under COMMAND; its exit code in $code.
queue() {
  code=0
  "$@" "$qmail_queue" <"$work/message" 1<"$work/envelope" || code=$?
}

# The parts of the queue that hold a file, in alphabetical order.
state() {
  (cd "$home/queue" && find . -type f | cut -d / -f 2 | sort | tr '\n' ' ')
}

is_state() { [ "$(state)" = "$1" ]; }

# fails CLAIM CODE STATE [COMMAND...]
fails() {
  claim=$1 expected="$2 $3"
  shift 3
  queue "$@"
  same "$claim" "$expected" "$code $(state)"
}

# envelope CLAIM CODE STATE PRINTF-FORMAT
envelope() {
  new_queue
  printf "$4" >"$work/envelope"
  fails "$1" "$2" "$3"
}

# Success.
new_queue
mkfifo "$home/queue/lock/trigger"
exec 9<>"$home/queue/lock/trigger"
queue strace -f -y -o "$work/trace" -e trace=link,unlink,fsync,fdatasync,syncfs,sync
same 'a message is queued: exit code' 0 "$code"
same 'it is in mess, intd and todo' 'intd mess todo ' "$(state)"
id=$(ls "$home/queue/todo")
mess=$home/queue/mess/$((id % 23))/$id
same 'it is named after the inode of the message' "$id" "$(stat -c %i "$mess")"
same 'todo and intd are one file' "$(stat -c %i "$home/queue/intd/$id")" "$(stat -c %i "$home/queue/todo/$id")"
check 'a Received line comes first' sh -c 'head -n 1 "$1" | grep -E "^Received: \(qmail [0-9]+ invoked by uid [0-9]+\); "' sh "$mess"
check 'the message follows it' sh -c 'tail -n +2 "$1" | cmp - "$2"' sh "$mess" "$work/message"
same 'the envelope follows uid and pid' 'uU pP Fsender@example.org Tone@example.net Ttwo@example.net ' \
  "$(tr '\0' ' ' <"$home/queue/todo/$id" | sed 's/u[0-9]* p[0-9]*/uU pP/')"
same 'the trigger was pulled, with one byte' 1 "$(timeout "$patience" head -c 1 <&9 | wc -c)"
exec 9>&-
# strace knows the message by its first name, which is gone by then.
same 'it flushes two files and no directory, each before the next link' \
  'link mess, unlink pid, fsync the message, fsync intd, link todo, ' \
  "$(sed -n "$work/trace" \
       -e 's|.*link(".*", "\([a-z]*\)/.*|link \1, |p' \
       -e 's|.*unlink("\([a-z]*\)/.*|unlink \1, |p' \
       -e "s|.* fsync([0-9]*<$home/queue/pid/[^>]*>(deleted)).*|fsync the message, |p" \
       -e "s|.* fsync([0-9]*<$home/queue/intd/[0-9]*>).*|fsync intd, |p" \
       -e '/sync(/p' | tr -d '\n')"
queue
same 'a second message gets a number of its own' 2 "$(ls "$home/queue/todo" | wc -l)"

# A part of the queue is not there.
new_queue; rm -rf "$home"
queue; same 'no home: 61' 61 "$code"
new_queue; rm -rf "$home/queue"
queue; same 'no queue: 62' 62 "$code"
new_queue; rmdir "$home/queue/pid"
fails 'no pid: 63' 63 ''
new_queue; rmdir "$home"/queue/mess/*
fails 'no mess: 64, and only the file in pid is left' 64 'pid '
new_queue; rmdir "$home/queue/intd"
fails 'no intd: 65, state S2 is left to qmail-send' 65 'mess '
new_queue; rmdir "$home/queue/todo"
fails 'no todo: 66, state S3 is left to qmail-send' 66 'intd mess '

# It cannot write or read.
printf 'Fsender@example.org\0\0' >"$work/envelope"
new_queue
fails 'the message cannot be written: 53, cleaned up' 53 '' sh -c 'ulimit -f 0; exec "$@"' sh
new_queue
fails 'the message cannot be read: 54, cleaned up' 54 '' sh -c 'exec "$@" </' sh
new_queue
fails 'the envelope cannot be read: 54, cleaned up' 54 '' sh -c 'exec "$@" 1</' sh
head -c 100000 /dev/zero | tr '\0' x >"$work/message"
new_queue
fails 'a long message is cut short by a full disk: 53, cleaned up' 53 '' sh -c 'ulimit -f 64; exec "$@"' sh
printf 'short\n' >"$work/message"

# The envelope.
address=$(printf '%01002d' 0)
envelope 'no recipient is an envelope too' 0 'intd mess todo ' 'F\0\0'
envelope 'an address of 1002 bytes is taken' 0 'intd mess todo ' "F\0T$address\0\0"
envelope 'an address of 1003 bytes is too long: 11, cleaned up' 11 '' "F\0T${address}0\0\0"
envelope 'a sender of 1003 bytes is too long: 11, cleaned up' 11 '' "F${address}0\0\0"
envelope 'no F at the beginning: 91, cleaned up' 91 '' 'Tone\0\0'
envelope 'neither T nor the end: 91, cleaned up' 91 '' 'Fsender\0X\0'
envelope 'an empty envelope: 54, cleaned up' 54 '' ''
envelope 'no 0 at the end: 54, cleaned up' 54 '' 'Fsender\0Tone\0'
envelope 'the end inside an address: 54, cleaned up' 54 '' 'Fsender\0Ton'

# Signals while it waits for the message.
mkfifo "$work/input"
signalled() {
  new_queue
  "$qmail_queue" <"$work/input" 1<"$work/envelope" &
  exec 8>"$work/input"
  until_true is_state 'mess '
  kill -s "$2" $!
  code=0
  [ "$2" != INT ] || exec 8>&-
  wait $! || code=$?
  exec 8>&-
  same "$1" "$3" "$code $(state)"
}
printf 'F\0\0' >"$work/envelope"
signalled 'its time is up: 52, state S2 is left to qmail-send' ALRM '52 mess '
signalled 'a bug: 81, state S2 is left to qmail-send' SEGV '81 mess '
signalled 'an interrupt does not interrupt it' INT '0 intd mess todo '

finish

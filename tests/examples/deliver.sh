# SPDX-License-Identifier: GPL-2.0-or-later
# The example deliverer: every message arrives whole or not at all, and in the
# order that makes it durable.  The judge of the order is strace, which also
# makes the system calls fail.
. "${srcdir:-.}/tests/tap.sh"

command -v strace > /dev/null || skip_all 'strace is not installed'
deliver=$top_builddir/examples/deliver
message=$work/message
awk 'BEGIN { print "Subject: test\n"; for (i = 0; i < 9000; i++) print "line", i }' > "$message"

# A maildir for the claims that follow.
new_maildir() {
  maildir=$work/$1
  mkdir "$maildir" "$maildir/tmp" "$maildir/new" "$maildir/cur"
}

# exits STATUS COMMAND...: given the message, the command ends with STATUS.
exits() {
  expected=$1
  shift
  "$@" < "$message" 2> "$work/said"
  found=$?
  cat "$work/said"
  [ "$found" -eq "$expected" ] || { echo "exit status $found, not $expected"; return 1; }
}

# holds N FOLDER: so many files are in the folder of the maildir.
holds() {
  [ "$(ls -A "$maildir/$2" | wc -l)" -eq "$1" ] || { ls -Al "$maildir/$2"; return 1; }
}

# Neither a message nor a leftover.
nothing_is_there() {
  holds 0 new && holds 0 tmp
}

# The program itself, not the shell script that libtool leaves in its place.
traced() {
  "$top_builddir/libtool" --mode=execute strace -o "$work/trace" "$@"
}

new_maildir plain
check message_is_delivered exits 0 "$deliver" "$maildir"
check one_file_is_in_new holds 1 new
check tmp_is_empty holds 0 tmp
check message_arrives_whole cmp "$message" "$maildir"/new/*
same mode_is_0600 600 "$(stat -c %a "$maildir"/new/*)"
same nothing_is_said_on_success '' "$(cat "$work/said")"

new_maildir empty
check empty_message_is_delivered_as_it_is \
  sh -c '"$1" "$2" < /dev/null && test -f "$2"/new/*' - "$deliver" "$maildir"

# One word or two for each call that makes, moves or flushes something.
calls_in_order() {
  traced -y "$deliver" "$@" < "$message"
  sed -n -e 's|^fsync([0-9]*<.*/tmp/[0-9]*\.M[^/]*>) *= 0$|flush file|p' \
    -e 's|^fsync([0-9]*<.*/\([^/]*\)>) *= 0$|flush \1|p' \
    -e 's|^mkdir\(at\)\{0,1\}(.*"\([^"]*/\)\{0,1\}\([^"/]*\)", 0700) *= 0$|mkdir \3|p' \
    -e 's|^link\(at\)\{0,1\}(.*= 0$|link|p' \
    -e 's|^unlink\(at\)\{0,1\}(.*= 0$|unlink|p' \
    -e 's|^exit_group(0).*|exit|p' "$work/trace"
}

case $(stat -f -c %T "$work") in
  tmpfs | ramfs)
    why='TMPDIR is held in memory'
    skip file_is_flushed_before_link_and_new_after_it "$why"
    skip every_directory_that_c_makes_is_flushed "$why"
    skip failed_flush_of_new_exits_111_and_keeps_the_message "$why" ;;
  *)
    new_maildir order
    same file_is_flushed_before_link_and_new_after_it \
      "$(printf '%s\n' 'flush file' link 'flush new' unlink exit)" \
      "$(calls_in_order "$maildir")"
    # Without a journal the new directory itself is flushed as well.
    same every_directory_that_c_makes_is_flushed \
      "$(printf '%s\n' 'mkdir made' "flush ${work##*/}" 'mkdir tmp' 'flush made' \
           'mkdir new' 'flush made' 'mkdir cur' 'flush made')" \
      "$(calls_in_order -c "$work/made" | sed '/flush file/,$d' \
           | awk '/^flush/ && $2 == made { next } { made = /^mkdir/ ? $2 : "" } { print }')"
    new_maildir eio
    check failed_flush_of_new_exits_111_and_keeps_the_message \
      exits 111 traced -e inject=fsync:error=EIO:when=2 "$deliver" "$maildir"
    check kept_message_is_whole cmp "$message" "$maildir"/new/*
    check kept_message_leaves_tmp_empty holds 0 tmp
    check failed_flush_is_told said 'Input/output error' ;;
esac

check c_makes_a_maildir exits 0 "$deliver" -c "$work/fresh"
check c_is_content_with_a_maildir_that_is_there exits 0 "$deliver" -c "$work/fresh"
maildir=$work/fresh
check both_messages_are_in_the_new_maildir holds 2 new

check missing_maildir_exits_111 exits 111 "$deliver" "$work/none"
check missing_maildir_is_told_with_its_path said "$work/none"
check missing_maildir_comes_with_advice said 'deliver -c'
mkdir "$work/bare"
check directory_that_is_no_maildir_exits_111 exits 111 "$deliver" "$work/bare"
check no_argument_exits_100 exits 100 "$deliver"
check unknown_option_exits_100 exits 100 "$deliver" -x

# EFBIG: it would be as large the next time.
new_maildir limit
check message_over_the_file_size_limit_exits_100 \
  exits 100 sh -c 'ulimit -f 20; exec "$@"' - "$deliver" "$maildir"
check message_over_the_file_size_limit_leaves_nothing nothing_is_there

for call in write:error=ENOSPC:when=2 fsync:error=ENOSPC:when=1 fsync:error=EIO:when=1 \
            'link,linkat:error=EDQUOT:when=1'; do
  failure=$(echo "$call" | sed 's/:when.*//; s/:error=/_/; s/,[a-z]*//')
  new_maildir "$failure"
  check "${failure}_exits_111" exits 111 traced -e "inject=$call" "$deliver" "$maildir"
  check "${failure}_leaves_nothing" nothing_is_there
done

new_maildir interrupted
check interrupted_write_is_tried_again \
  exits 0 traced -e inject=write:error=EINTR:when=1 "$deliver" "$maildir"
check interrupted_read_is_tried_again \
  exits 0 traced -P "$message" -e inject=read:error=EINTR:when=1 "$deliver" "$maildir"
check interrupted_message_is_whole \
  sh -c 'for copy in "$1"/new/*; do cmp "$2" "$copy" || exit 1; done' - "$maildir" "$message"

new_maildir unread
check closed_input_exits_111 exits 111 sh -c 'exec "$@" <&-' - "$deliver" "$maildir"
check directory_as_input_exits_111 exits 111 sh -c 'exec "$@" < /' - "$deliver" "$maildir"
check unread_input_leaves_nothing nothing_is_there

# A full disk and a strange host name, in namespaces that are gone afterwards.
if unshare -mu true 2> /dev/null; then
  apart='unshare -mu'
elif unshare -rmu true 2> /dev/null; then
  apart='unshare -rmu'
else
  apart=
fi
if [ "$apart" ]; then
  mkdir "$work/small"
  check full_disk_exits_111_and_leaves_nothing exits 111 $apart sh -c '
    mount -t tmpfs -o size=64k none "$2" && cd "$2" && mkdir tmp new cur || exit 99
    "$1" "$2"
    status=$?
    test -z "$(ls -A new tmp | grep -v :)" && exit $status' - "$deliver" "$work/small"
  check full_disk_is_told said 'Make room'
else
  skip full_disk_exits_111_and_leaves_nothing 'no namespace can be made'
fi
if [ "$apart" ] && $apart test -w /proc/sys/kernel/hostname; then
  new_maildir host
  check strange_host_name_is_no_matter exits 0 $apart sh -c '
    echo "a/b:c" > /proc/sys/kernel/hostname && exec "$@"' - "$deliver" "$maildir"
  check strange_host_name_is_octal_in_the_file_name \
    sh -c 'case $1 in *".a\\057b\\072c") ;; *) echo "$1"; exit 1 ;; esac' - "$(ls "$maildir/new")"
else
  skip strange_host_name_is_octal_in_the_file_name 'no host name can be set'
fi

# Standard error is a pipe that nobody reads: SIGPIPE must not end it instead.
mkfifo "$work/pipe"
check broken_standard_error_is_no_matter exits 111 sh -c '
  exec 3<> "$3" 4> "$3" 3>&-
  exec "$1" "$2" 2>&4' - "$deliver" "$work/none" "$work/pipe"

# A deliverer that waits for the rest of its message, and a signal.
stopped() {
  exec 4<> "$work/pipe"
  "$deliver" "$maildir" < "$work/pipe" &
  echo 'Subject: half' >&4
  until [ "$(cat "$maildir"/tmp/* 2> /dev/null)" ]; do
    kill -0 $! || return
  done
  kill -s "$1" $!
  wait $!
  status=$?
  exec 4>&-
  return $status
}
for signal in ALRM TERM; do
  new_maildir "$signal"
  check "SIG${signal}_exits_111" exits 111 stopped "$signal"
  check "SIG${signal}_leaves_nothing" nothing_is_there
done
same alarm_is_set_for_a_day 'alarm(86400)' \
  "$(traced -e trace=alarm,setitimer "$deliver" "$work/fresh" < "$message"
     sed -n -e 's/ *= 0$//' -e 's/^setitimer(ITIMER_REAL, .*tv_sec=86400, .*/alarm(86400)/' \
       -e '/^alarm/p' "$work/trace")"

new_maildir crowd
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  "$deliver" "$maildir" < "$message" || : > "$work/crowd.failed" &
done
wait
check twenty_at_once_all_succeed test ! -e "$work/crowd.failed"
check twenty_at_once_are_twenty_messages holds 20 new
check twenty_at_once_are_all_whole \
  sh -c 'for copy in "$1"/new/*; do cmp "$2" "$copy" || exit 1; done' - "$maildir" "$message"
check twenty_at_once_leave_tmp_empty holds 0 tmp

new_maildir many
printf 'From a\nSubject: one\n\n>From here on\n\nFrom b\nSubject: two\n\nlast\n' > "$work/mbox"
check an_mbox_is_delivered exits 0 sh -c '"$1" -m "$2" <"$3"' - "$deliver" "$maildir" "$work/mbox"
same each_message_of_it_as_it_was_sent "$(printf 'Subject: one\n\nFrom here on\nSubject: two\n\nlast\n')" \
  "$(cat "$maildir"/new/*)"
check many_messages_leave_tmp_empty holds 0 tmp
for i in 1 2 3 4 5 6 7 8 9 10; do cat "$work/mbox"; done > "$work/long"
# In a journal's order one flush, elsewhere two; never one for each message.
traced -e trace=fsync,syncfs,fdatasync "$deliver" -m "$maildir" < "$work/long"
check many_messages_are_flushed_together sh -c 'test "$(grep -c "sync.* = 0$" "$1")" -le 2' - "$work/trace"
check all_of_them_are_there holds 22 new
new_maildir failed
check a_flush_of_many_that_fails_exits_111 exits 111 \
  sh -c 'exec "$@" <"$0"' "$work/long" \
    "$top_builddir/libtool" --mode=execute strace -o "$work/trace" -e inject=fsync,syncfs:error=EIO \
    "$deliver" -m "$maildir"
check what_is_no_mbox_exits_100 exits 100 "$deliver" -m "$maildir"

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# The example of an upgrade in place: the queue is renamed, not one inode is
# other than before, and whatever does not fit is refused before it is begun.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"

PATH=$(dirname "$QFSCK"):$PATH
export PATH
upgrade() { sh "$top_srcdir/examples/qmail-upgrade" old new --users "$users"; }

# An old qmail with messages, and a new one that is split N ways.
homes() {
  new_scene && mkdir old new
  (cd old && perl "$laboratory" make 21 split=5)
  qfsck --create new/queue --split "$1"
}
refused() { ! upgrade > said 2>&1 && grep -F "$1" said && sound '' old/queue; }
sound() { exits 0 -n "$2" && (cd "${2%/queue}" && perl "$laboratory" check); }
inodes() { (cd "$1" && find . -printf '%p %i %s %U %m %T@\n' | sort); }

homes 7
check another_split_is_refused refused 'not split alike'
homes 5
check qmail_send_at_work_is_refused sh -c 'exec 9> old/queue/lock/sendmutex; flock -n 9 || exit 99
  ! sh "$1" old new --users "$users" 2> said 9>&- && grep -F "Stop it first" said' - "$top_srcdir/examples/qmail-upgrade"
sed 's/902/802/' "$users" > others
check other_numbers_are_refused sh -c '! sh "$1" old new --users others 2> said && grep -F "not of these users" said' \
  - "$top_srcdir/examples/qmail-upgrade"
inodes old/queue > before
check upgrade_succeeds upgrade
inodes new/queue > after
check not_a_file_has_changed cmp before after
mv old/expected new/expected
check every_message_is_there sound '' new/queue
check the_empty_queue_is_kept exits 0 -n new/queue.empty
homes 5
cp -a old/queue/todo old/queue/mess new/queue
check a_new_queue_with_messages_is_refused refused ''
finish

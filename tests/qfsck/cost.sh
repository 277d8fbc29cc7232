# SPDX-License-Identifier: GPL-2.0-or-later
# A check of a large queue: at most eight system calls and less than 100 bytes
# for a message.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"
. "$top_srcdir/tests/strace.sh"

peak() { # of a check's memory, in KiB
  command time -f %M -o peak "$QFSCK" --users "$users" -n queue && tail -n 1 peak
}

few=6000
more=6000
new_scene
qfsck --create queue --split 23
perl "$top_srcdir/tests/qfsck/many.pl" "$few"
few_peak=$(peak)
perl "$top_srcdir/tests/qfsck/many.pl" "$more"
messages=$((few + more))

# One in ten has a bounce, all have the other four files.
rm -f queue/bounce/*[1-9]
calls() { strace -f -qq -o trace "$QFSCK" --users "$users" -n queue && grep -c '(' trace; }
found=$(calls)
check a_message_costs_at_most_8_system_calls test "$((found / messages))" -lt 8
echo "# $found calls for $messages messages"

if [ "$few_peak" ]; then
  bytes=$((($(peak) - few_peak) * 1024 / more))
  check a_message_takes_less_than_100_bytes test "$bytes" -lt 100
  echo "# $bytes bytes for a message"
else
  skip a_message_takes_less_than_100_bytes 'time is not installed'
fi
finish

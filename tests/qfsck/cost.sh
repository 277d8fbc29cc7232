# SPDX-License-Identifier: GPL-2.0-or-later
# A check of a large queue: at most eight system calls and less than 100 bytes
# for a message.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/qfsck/qfsck.inc"
. "$top_srcdir/tests/strace.sh"
. "$top_srcdir/tests/held.sh"

# peak: of a check's memory, in KiB.  What of it was resident the kernel counts on each
# processor by itself, and knows to some hundred KiB.
peak() {
  held exit_group 'sed -n "s/^VmPeak:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$1/status" >peak' \
    "$QFSCK" --users "$users" -n queue && cat peak
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
(cd queue/bounce && ls | awk 'NR % 10' | xargs rm)
calls() { strace -f -qq -o trace "$QFSCK" --users "$users" -n queue && grep -c '(' trace; }
found=$(calls)
check a_message_costs_at_most_8_system_calls test "$((found / messages))" -lt 8
echo "# $found calls for $messages messages"

bytes=$((($(peak) - few_peak) * 1024 / more))
check a_message_takes_less_than_100_bytes test "$bytes" -lt 100
echo "# $bytes bytes for a message"
finish

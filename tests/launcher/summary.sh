# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir -s: the sums over all processes; and signals, stops and the exit as if the
# command had been executed in place.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

cd "$work" || exit 99
mkdir temporary spool
TMPDIR=$work/temporary
export TMPDIR

# The sums are the trace's, counted by others.
syncdir -s -t trace sh -c 'mkfifo spool/a spool/b; rm spool/a; sh -c "mkdir c"' 2>said
count() { cut -f"$1" trace | grep -cx "$2"; }
number=$(wc -l <trace)
same the_flushes_are_those_of_the_trace \
  "syncdir: $number flushes: $(count 5 fsync) fsync, $(count 5 syncfs) syncfs, $(count 5 sync) sync; 0 failed" \
  "$(head -n 1 said)"
same those_of_each_call_are "syncdir: by call:$(cut -f2 trace | LC_ALL=C sort | uniq -c | awk '{ printf " %s %s", $2, $1 }')" \
  "$(sed -n 2p said)"
same the_time_is_its_sum "syncdir: $(awk -F'\t' '{ sum += $7 } END { printf "%.6f", sum / 1e6 }' trace) s spent flushing" \
  "$(sed -n 3p said)"
same the_slowest_directory_is_the_one_that_took_most \
  "$(awk -F'\t' '{ sum[$4] += $7; if (sum[$4] > most) { most = sum[$4]; slowest = $4 } } END { print slowest }' trace)" \
  "$(sed -n '4s/.*directory: \([^,]*\),.*/\1/p' said)"
same nothing_else_is_said 4 "$(wc -l <said)"
# Somebody else may be about to run syncdir -s: what is his goes when that ends.
nothing_is_left() {
  ! find /run "/tmp/syncdir-$(id -u)" -maxdepth 1 -name 'syncdir.??????' -newer temporary 2>/dev/null | grep .
}
check nothing_is_left_behind until_true nothing_is_left
same tmpdir_does_not_matter '0 syncdir: files'  "$(cd spool && TMPDIR=. status syncdir -s true | sed 's/.*0 flushes.*/0 syncdir: files/')"
# Bytes are no flush, and are said apart.
syncdir -s -t renamed sh -c 'seq 9 >spool/new; mv -T spool/new spool/old' 2>said
same files_that_were_written_are_counted_apart \
  "syncdir: files whose bytes were written before a rename or link: 1" "$(sed -n 2p said)"
same and_are_no_flushes "$(cut -f5 renamed | grep -cE '^(fsync|syncfs|sync)$')" "$(sed -n '1s/[^0-9]*\([0-9]*\).*/\1/p' said)"
same without_flushes_there_is_one_line "0 syncdir: 0 flushes: 0 fsync, 0 syncfs, 0 sync; 0 failed" "$(status syncdir -s true)"
same an_inherited_trace_is_written_too 1 \
  "$(SYNCDIR_TRACE=$work/inherited syncdir -s mkdir spool/d 2>/dev/null; grep -c 'mkdir.*spool	fsync' inherited)"

same the_exit_status_is_the_commands 3 "$(syncdir -s sh -c 'exit 3' 2>/dev/null; echo $?)"
for signal in TERM KILL SEGV HUP; do
  same "killed_by_$signal" "$(sh -c "sh -c 'kill -$signal \$\$'; echo \$?" 2>/dev/null)" \
    "$(sh -c "syncdir -s sh -c 'kill -$signal \$\$'; echo \$?" 2>/dev/null)"
done
same what_cannot_be_executed_is_126 126 "$(syncdir -f -s ./trace 2>/dev/null; echo $?)"
same the_status_is_seen_even_if_children_are_not_wanted 3 \
  "$(perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' syncdir -s sh -c 'exit 3' 2>/dev/null; echo $?)"

# A command that answers to signals: writes each into the file `caught`.
cat >catcher <<'END'
#!/usr/bin/perl
$| = 1;
open F, ">", "caught"; select F; $| = 1;
for my $name (qw(TERM HUP USR1 USR2 WINCH ALRM INT QUIT CONT)) {
  $SIG{$name} = sub { print "$name\n"; exit 7 if $name eq "TERM" };
}
open R, ">", "ready"; close R;
sleep 1 while 1;
END
chmod 755 catcher
# A shell's own & would ignore INT and QUIT.
perl -e '$SIG{INT} = $SIG{QUIT} = "DEFAULT"; exec @ARGV' syncdir -s ./catcher 2>said &
launcher=$!
check the_command_starts until_true test -e ready
[ -e ready ] || finish
at_exit "pkill -KILL -P $launcher; kill -KILL $launcher 2>/dev/null"
for signal in HUP USR1 USR2 WINCH ALRM INT QUIT CONT; do
  kill -$signal $launcher
  check "${signal}_is_passed_on" until_true grep -qx $signal caught
done
read -r child _ </proc/$launcher/task/$launcher/children
state_of() { sed -n 's/^State:[^A-Z]*\([A-Z]\).*/\1/p' "/proc/$1/status"; }
is_state() { [ "$(state_of "$1")" = "$2" ]; }
kill -STOP $child
check it_stops_with_the_command until_true is_state $launcher T
kill -CONT $launcher
check and_goes_on_with_it until_true is_state $child S
# By somebody who knows the command alone.
kill -STOP $child
until_true is_state $launcher T
kill -CONT $child
check it_goes_on_if_the_command_does until_true is_state $launcher S
# Of two signals that it finds it would take TERM first.
has_caught() { [ "$(grep -cx "$1" caught)" -ge "$2" ]; }
until_true has_caught CONT 3
kill -TERM $launcher
wait $launcher
same its_end_is_the_commands 7 $?
check the_sums_are_told_after_a_signal grep -q 'flushes' said
same a_signal_is_passed_on_once "$(printf 'HUP\nUSR1\nUSR2\nWINCH\nALRM\nINT\nQUIT\nCONT\nCONT\nCONT\nTERM')" \
  "$(cat caught)"

# As if it had been executed in place: an alarm that is under way, a signal to the group.
same an_alarm_is_kept 142 "$(sh -c 'perl -e "alarm 1; exec @ARGV" syncdir -s sleep 30; echo $?' 2>/dev/null)"
# Queued signals, and a program that takes one after the other, for two at once must not
# be one.
cat >counter.c <<'END'
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
int main(void)
{
  sigset_t all;
  int signal = 0;
  FILE *file = fopen("caught", "w");
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  close(creat("ready", 0666));
  while (signal != SIGTERM && sigwait(&all, &signal) == 0 && file) {
    fprintf(file, "%d\n", signal);
    fflush(file);
  }
  return 0;
}
END
sed -i 's/#include <stdio.h>/&\n#include <unistd.h>/' counter.c && $CC -o counter counter.c || exit 99
rm -f caught ready
perl -e 'setpgrp; exec @ARGV' syncdir -s ./counter 2>said &
launcher=$!
until_true test -e ready
have_come() { [ "$(wc -l <caught)" -ge "$1" ]; }
count=0
for signal in 36 37 36; do
  kill -$signal -$launcher
  count=$((count + 1))
  check "signal_${count}_to_the_group_arrives" until_true have_come $count
done
# What came twice has the lower number, and so comes before this.
kill -38 $launcher
until_true grep -qx 38 caught
kill -TERM -$launcher
wait $launcher
same the_group_gets_each_once "$(printf '36\n37\n36\n38\n15')" "$(cat caught)"

# What outlives the command finds no folder, and nobody can make it again.
syncdir -s sh -c 'printenv SYNCDIR_TRACE >trace-name' 2>said
trace=$(cat trace-name)
check its_folder_is_gone sh -c '[ ! -e "${1%/*}" ]' sh "$trace"
if [ "$(id -u)" -eq 0 ]; then
  check nobody_else_can_make_it sh -c '! setpriv --reuid=nobody --regid=nogroup --clear-groups mkdir "${1%/*}" 2>/dev/null' sh "$trace"
fi
cp trace kept && ln -sf "$work/kept" link-at-end
syncdir -s -t trace.link sh -c 'ln -s kept trace.link.new; mv trace.link.new trace.link; mkfifo spool/late' 2>said
same a_symlink_at_the_end_is_not_followed "$(cksum <trace)" "$(cksum <kept)"

if [ "$(id -u)" -eq 0 ]; then
  chmod 711 temporary . && chmod 777 spool
  syncdir -s setpriv --reuid=nobody --regid=nogroup --clear-groups mkfifo "$work/spool/nobodys" 2>said
  check a_child_of_another_user_is_counted grep -q 'by call: mkfifo' said
else
  skip a_child_of_another_user_is_counted 'not root'
fi

# A trace that has no room is no proof that there was nothing to trace.
check a_trace_without_room sh -c '(ulimit -f 0; syncdir -s touch "$1/new" 2>&1) | grep "cannot grow (.*), so flushes may be missing"' sh "$work"
if [ "$(id -u)" -eq 0 ]; then
  check a_trace_on_a_full_disk unshare -m sh -c 'mount -t tmpfs -o size=16k,mode=755 none /run
    head -c 20000 /dev/zero >/run/full 2>/dev/null; syncdir -s true 2>&1 | grep "cannot grow (No space"'
fi

finish

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR, SYNCDIR_ONLY and SYNCDIR_TRACE; and that set-id programs ignore them.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/strace.sh"

# On a filesystem where one fsync is all: there it is easy to say what is missing.
if [ "$(id -u)" -eq 0 ]; then
  . "${srcdir:-.}/tests/mounts.sh"
  mount_kind ext4 "$work/disk" || exit 99
  at_exit "work=$work"
  work=$work/disk
  chmod 777 "$work"
fi

cd "$work" || exit 99
mkdir spool spool/in spool2 elsewhere

# remove FOLDER: makes a file there and prints what its removal flushes.
remove() {
  : > "$1/file"
  shift_of=$1
  shift
  flushes "$@" rm "$shift_of/file"
}

same off_passes_every_call_through '' "$(remove spool env SYNCDIR=off)"
same off_passes_every_kind_of_call_through '' "$(flushes env SYNCDIR=off perl -e '
  open(F, ">", "spool/new") && mkdir("spool/dir") && rename("spool/new", "spool/dir/new")
    && symlink("x", "spool/link") && unlink("spool/link", "spool/dir/new") == 2 && rmdir("spool/dir") or die')"
for value in on '' 0 no OFF of offline ' off' 'off '; do
  same "another_value_of_syncdir_is_not_off:$value" "fsync $work/spool" "$(remove spool env "SYNCDIR=$value")"
done
same off_stands_behind_another_name_that_begins_so '' \
  "$(remove spool env SYNCDIR_AND_MORE=1 SYNCDIR=off)"
same a_name_as_long_as_syncdir_is_another "fsync $work/spool" "$(remove spool env SPAMDIR=off)"
same without_settings_everything_is_flushed "fsync $work/spool" "$(remove spool)"

only() { remove "$1" env "SYNCDIR_ONLY=$2"; }
same only_flushes_the_directory_itself "fsync $work/spool" "$(only spool "$work/spool")"
same only_flushes_what_is_below "fsync $work/spool/in" "$(only spool/in "$work/spool")"
same only_leaves_out_what_is_elsewhere '' "$(only elsewhere "$work/spool")"
same only_does_not_compare_strings '' "$(only spool2 "$work/spool")"
same only_takes_a_list "fsync $work/spool2" "$(only spool2 "$work/spool:$work/spool2")"
same only_takes_a_relative_directory "fsync $work/spool" "$(only spool spool)"
ln -s spool link
same only_follows_a_symlink_to_the_directory "fsync $work/spool" "$(only spool "$work/link")"
same and_leaves_out_what_is_elsewhere_then '' "$(only elsewhere "$work/link")"
same only_below_the_root_is_everything "fsync $work/elsewhere" "$(only elsewhere "/:$work/spool")"
same only_leaves_out_what_lies_deep_elsewhere '' \
  "$(deep=elsewhere/$(printf 'd/%.0s' $(seq 80)); mkdir -p "$deep"; only "${deep%/}" "$work/spool")"
same another_value_of_syncdir_leaves_the_list '' \
  "$(remove elsewhere env SYNCDIR=on "SYNCDIR_ONLY=$work/spool")"
same only_looks_above_the_directory_in_which_the_program_begins "fsync $work/spool/in" \
  "$(: > spool/in/file; flushes env -C spool/in "SYNCDIR_ONLY=$work/spool" rm file)"
same only_knows_the_directory_by_another_path "fsync $work/spool" "$(only link "$work/spool")"
same a_directory_that_is_missing_makes_everything_wanted "fsync $work/elsewhere" \
  "$(only elsewhere "$work/spool:$work/missing")"
same what_is_no_directory_makes_everything_wanted "fsync $work/elsewhere" \
  "$(only elsewhere /etc/passwd)"
same an_empty_list_makes_everything_wanted "fsync $work/elsewhere" "$(only elsewhere '')"
same only_overlooks_empty_names '' "$(only elsewhere ":$work/spool:")"
same a_list_longer_than_its_room_makes_everything_wanted "fsync $work/elsewhere" \
  "$(only elsewhere "$work/spool:$(printf ':%.0s' $(seq 9000))")"
# many COUNT: a list of so many directories.
many() { yes "$work/spool" | head -"$1" | paste -sd:; }
same thirty_two_directories_are_a_list '' "$(only elsewhere "$(many 32)")"
same more_than_that_make_everything_wanted "fsync $work/elsewhere" "$(only elsewhere "$(many 33)")"
same one_too_many_does_not_go_where_the_paths_are "fsync $work/elsewhere" \
  "$(only elsewhere "$(printf ':%.0s' $(seq 300))$(many 33)")"
deep=spool/$(printf 'd/%.0s' $(seq 200))
mkdir -p "$deep"
same too_deep_to_look_up_is_wanted "fsync $work/${deep%/}" "$(only "${deep%/}" "$work/spool")"

# The program replaces the listed directory by another under the same name.
replaced() {
  rm -rf box old && mkdir box && : > elsewhere/file
  flushes env "SYNCDIR_ONLY=$1" \
    perl -e 'rename "box", "old"; mkdir "box"; open F, ">", "box/f"' | tail -1
}
same a_listed_directory_that_was_replaced_makes_everything_wanted "fsync $work/box" "$(replaced "$work/box")"
same so_does_one_behind_others "fsync $work/box" "$(replaced "$work/spool:$work/box")"

: > elsewhere/a
same a_rename_into_the_directory_is_flushed "$work/spool" \
  "$(flushes env "SYNCDIR_ONLY=$work/spool" mv elsewhere/a spool/a | sed -n "s/^fsync //; /spool$/p" | tail -1)"
flushed_out=$(flushes env "SYNCDIR_ONLY=$work/spool" mv spool/a elsewhere/a)
check a_rename_out_of_the_directory_is_flushed test -n "$flushed_out"
same a_rename_outside_is_not '' "$(flushes env "SYNCDIR_ONLY=$work/spool" mv elsewhere/a spool2/a)"
same a_rename_in_one_directory_outside_is_not '' \
  "$(flushes env "SYNCDIR_ONLY=$work/spool" mv spool2/a spool2/b)"
# without_statx FROM: what is flushed elsewhere where statx fails from so many calls on.
without_statx() {
  : > elsewhere/file
  strace -qq -y -e trace=fsync,statx -e "inject=statx:error=EACCES:when=$1+" -o "$work/strace" \
    -E "LD_PRELOAD=$library" -E "SYNCDIR_ONLY=$work/spool" perl -e 'unlink "elsewhere/file"'
  grep -c 'fsync.*= 0' "$work/strace"
}
same what_cannot_be_known_is_wanted '1 1 1 1 1' "$(for from in 1 2 3 4 5; do without_statx $from; done | xargs)"

# trace COMMAND...: the trace, its times replaced.
trace() {
  rm -f trace
  LD_PRELOAD=$library SYNCDIR_TRACE=$work/trace "$@"
  [ ! -e trace ] || sed 's/^[0-9]*/PID/; s/[0-9]*$/US/' trace
}
tab=$(printf '\t')
: > spool/file
same one_line_for_each_flush \
  "PID${tab}unlinkat${tab}spool/file${tab}$work/spool${tab}fsync${tab}0${tab}US" \
  "$(trace rm spool/file)"
same another_value_of_syncdir_leaves_the_trace 1 \
  "$(trace env SYNCDIR=on mkdir spool/another | wc -l)"
rm -f trace
LD_PRELOAD=$library SYNCDIR_TRACE=$work/trace perl -e '
  mkdir "spool/parent"; print "$$\n"; $| = 1;
  if (fork == 0) { mkdir "spool/child"; print "$$\n"; exit } wait' > processes
same each_process_is_traced_by_its_own_number "$(cat processes)" "$(cut -f1 trace)"
same a_call_is_traced_before_it_returns 1 \
  "$(LD_PRELOAD=$library SYNCDIR_TRACE=$work/before perl -e 'mkdir "spool/traced"; print -s "before" > 0')"
# traced_by_strace COMMAND...: the same under strace, which lets flushes fail or wait.
traced_by_strace() {
  rm -f trace
  strace -f -qq $no_sync -o "$work/strace" -E "LD_PRELOAD=$library" -E "SYNCDIR_TRACE=$work/trace" "$@"
}
: > spool/file
traced_by_strace -e inject=fsync:error=EINVAL:when=1 -e inject=syncfs:error=ENOSYS rm spool/file
same each_rung_is_traced_by_its_name_and_its_errno 'fsync 22
syncfs 38
sync 0
sync 0
fsync 0' "$(cut -f5,6 --output-delimiter=' ' trace)"
same a_flush_without_a_descriptor_has_no_directory - "$(sed -n 3p trace | cut -f4)"
# In microseconds, all of it: five minutes are enough on a busy machine, and half a
# second in nanoseconds is more.
: > spool/file
traced_by_strace -e inject=fsync:delay_enter=1500000 rm spool/file
same a_flush_of_a_second_is_traced_in_microseconds 1 \
  "$(awk -F'\t' '$7 >= 1500000 && $7 < 300000000' trace | wc -l)"
: > spool/file
echo begun > begun
LD_PRELOAD=$library SYNCDIR_TRACE=$work/begun rm spool/file
same a_trace_that_is_new_has_the_usual_permissions 644 \
  "$(umask 022; trace mkdir spool/usual >/dev/null; stat -c %a trace)"
same a_trace_is_appended 'begun 1' "$(head -1 begun) $(grep -c fsync begun)"
same nothing_is_traced_where_nothing_is_flushed '' "$(trace true)"
newline=$(printf 'new\nline\033')
mkdir "spool/$newline"
same control_characters_do_not_break_the_line 1 "$(trace rmdir "spool/$newline" | wc -l)"
mkdir "spool/$(printf 'a\\b\177c\033')"
same what_would_steer_a_terminal_is_octal 'spool/a\134b\177c\033' \
  "$(trace rmdir "spool/$(printf 'a\\b\177c\033')" | cut -f3)"
: > spool/file
LD_PRELOAD=$library SYNCDIR_TRACE=- rm spool/file 2>stderr
check a_dash_traces_to_standard_error grep -q 'unlinkat.*fsync' stderr
: > spool/file
LD_PRELOAD=$library SYNCDIR_TRACE=- rm spool/file 2>&-
check a_closed_standard_error_is_no_error test ! -e spool/file
LD_PRELOAD=$library SYNCDIR_TRACE=- perl -e '
  close STDERR; open STDERR, ">", "data"; mkdir "spool/dir"; rmdir "spool/dir"' 2>stderr
same a_standard_error_that_became_a_data_file_is_not_written 0 "$(stat -c %s data)"
LD_PRELOAD=$library SYNCDIR_TRACE=-file mkdir spool/dashed
check a_dash_with_a_name_behind_it_is_a_file test -s ./-file
strace -qq $no_sync -o "$work/strace" -E "LD_PRELOAD=$library" -E "SYNCDIR_TRACE=$work/closed" perl -e '
  close STDIN; mkdir "spool/closed"; rmdir "spool/closed/../closed"'
same without_standard_input_each_flush_is_traced 'fsync sync sync' "$(cut -f5 closed | paste -sd' ')"
ln -sf "$work/target" symlink
: > spool/file
LD_PRELOAD=$library SYNCDIR_TRACE=$work/symlink rm spool/file
check a_trace_file_that_is_a_symlink_is_not_followed test ! -e target
long=$(printf 'x%.0s' $(seq 200))
long=$long/$long/$long/$long/$long/$long
mkdir -p "$long"
same a_directory_too_long_for_the_line_ends_in_dots 2 \
  "$(trace rmdir "$long" | tr '\t' '\n' | grep -c '\.\.\.$')"
fits=$(echo "$long" | cut -c1-803)
mkdir -p "$fits/x"
same a_directory_that_fits_does_not 0 \
  "$(trace rmdir "$fits/x" | tr '\t' '\n' | grep -c '\.\.\.$')"
# into_a_dead_pipe COMMAND...: its trace goes into a pipe that nobody reads.
into_a_dead_pipe() {
  perl -e 'pipe R, W; open STDERR, ">&", W; close R; close W; $SIG{PIPE} = "DEFAULT";
    $ENV{LD_PRELOAD} = shift; $ENV{SYNCDIR_TRACE} = "-"; exec @ARGV' "$library" "$@"
}
check a_pipe_that_nobody_reads_does_not_end_the_program \
  into_a_dead_pipe perl -e 'exit !mkdir "spool/piped"'
check a_trace_leaves_no_signal_blocked into_a_dead_pipe perl -MPOSIX -e '
  mkdir "spool/one"; my $mask = POSIX::SigSet->new;
  sigprocmask(SIG_BLOCK, POSIX::SigSet->new, $mask); exit $mask->ismember(SIGPIPE)'
# raise, not kill: pending for the thread, as what a write sends.
cat > pending.c <<'END'
#include <signal.h>
#include <stddef.h>
#include <sys/stat.h>
int main(void)
{
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  sigprocmask(SIG_BLOCK, &set, NULL);
  raise(SIGPIPE);
  if (mkdir("spool/two", 0755) == -1)
    return 2;
  sigpending(&set);
  return !sigismember(&set, SIGPIPE);
}
END
$CC -o pending pending.c || exit 99
check a_signal_of_the_programs_own_stays_pending into_a_dead_pipe ./pending
check a_file_as_large_as_its_limit_does_not_end_the_program sh -c "
  ulimit -f 0; LD_PRELOAD=$library SYNCDIR_TRACE=$work/limited rmdir spool/piped"
mkfifo fifo
: > spool/file
check a_fifo_without_a_reader_does_not_stop_the_program \
  timeout "$patience" env LD_PRELOAD="$library" SYNCDIR_TRACE="$work/fifo" rm spool/file
: > spool/file
same a_trace_that_cannot_be_written_leaves_the_flush "fsync $work/spool" \
  "$(flushes env SYNCDIR_TRACE=/nonexistent/trace rm spool/file)"
check it_is_not_written_elsewhere test ! -s output
: > spool/file
strace -qq -y -e trace=fsync,syncfs -e inject=fsync:error=EINVAL:when=1 -o "$work/strace" \
  -E "LD_PRELOAD=$library" -E SYNCDIR_TRACE=/nonexistent/trace rm spool/file
check a_trace_that_cannot_be_written_leaves_the_ladder grep -q 'syncfs.*= 0' "$work/strace"
: > spool/file
LD_PRELOAD=$library SYNCDIR_TRACE=relative perl -e 'chdir "spool"; unlink "file"'
check a_relative_trace_stays_where_the_program_began test -s relative -a ! -e spool/relative

# What the settings are read with is not the program's.
cat > errno.c <<'END'
#include <errno.h>
int main(void) { return errno; }
END
$CC -o errno errno.c || exit 99
check reading_the_settings_leaves_errno_alone env LD_PRELOAD="$library" SYNCDIR_ONLY=/nonexistent ./errno

# A set-id program, linked, steered by nobody.
cat > probe.c <<'END'
#include <unistd.h>
int main(void) { return unlink("spool/file"); }
END
$CC -o probe probe.c -L"$top_builddir/.libs" -Wl,-rpath,"$work" -lsyncdir || exit 99
cp "$library" libsyncdir.so.1
: > spool/file
echo 'int main(void) { return syncdir_sync_parent(-100, "spool/file"); }' > parent.c
$CC -w -o parent parent.c -L"$top_builddir/.libs" -Wl,-rpath,"$work" -lsyncdir || exit 99
SYNCDIR_TRACE=$work/parents ./parent
same sync_parent_is_traced_as_itself "syncdir_sync_parent${tab}spool/file" "$(cut -f2,3 parents)"
preload=''
same a_linked_program_is_steered_by_its_environment '' \
  "$(flushes env SYNCDIR=off ./probe)"
if [ "$(id -u)" -eq 0 ]; then
  : > spool/file
  chmod 777 spool . && chmod 4755 probe
  same a_set_id_program_is_not "fsync $work/spool" \
    "$(flushes -u nobody env SYNCDIR=off "SYNCDIR_ONLY=$work/elsewhere" \
       "SYNCDIR_TRACE=$work/steered" ./probe)"
  check a_set_id_program_writes_no_trace test ! -e steered
fi
preload=$library

# Other programs must not inherit what we have open for a moment.
: > spool/file
strace -f -qq -e trace=openat -o opens -E "LD_PRELOAD=$library" rm spool/file
check our_descriptors_are_closed_on_exec grep -q '"spool", .*O_CLOEXEC' opens
echo 'int main(void) { return !fopen("stream", "w,ccs=UTF-8"); }' > stream.c
$CC -include stdio.h -o stream stream.c "$archive" || exit 99
strace -f -qq -e trace=openat -o opens ./stream
check so_are_the_archives sh -c '! grep "\"/\"," opens | grep -v O_CLOEXEC'
: > spool/file
strace -f -qq -e trace=openat,close -y -o opens -E "LD_PRELOAD=$library" -E "SYNCDIR_TRACE=$work/trace" \
  rm spool/file
check so_is_the_trace grep -q '/trace", .*O_CLOEXEC' opens
check the_trace_does_not_become_the_terminal grep -q '/trace", .*O_NOCTTY' opens
check the_trace_is_closed grep -q 'close(.*/trace>) *= 0' opens
: > spool/file
strace -f -qq -e trace=openat -o opens -E "LD_PRELOAD=$library" -E SYNCDIR_TRACE= rm spool/file
check an_empty_trace_is_none sh -c '! grep O_APPEND opens'

finish

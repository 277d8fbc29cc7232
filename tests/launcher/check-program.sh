# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir --check of programs, of the installation and of processes: the findings, a
# verdict, and the exit status 0, 1 or 2.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

cd "$work" || exit 99

cat >probe.c <<'END'
#include <stdio.h>
#include <unistd.h>
int main(int count, char **arguments) { return count > 2 ? rename("a", arguments[1]) : count > 1 ? pause() : 0; }
END
build() { $CC -o "$@"; }
build dynamic probe.c || exit 99

# judged STATUS PATTERN SUBJECT...: what --check says of them.
judged() {
  expected=$1 pattern=$2
  shift 2
  syncdir --check "$@" >said 2>&1
  found=$?
  cat said
  [ "$found" -eq "$expected" ] && grep -q "$pattern" said
}

check a_program judged 0 '^./dynamic: protected$' ./dynamic
check what_it_imports grep -qx './dynamic: ./dynamic imports what is wrapped: rename' said
check the_handshake grep -q 'handshake: preloaded as .*, the library answers' said
check a_command_of_the_path judged 0 '^sh: protected$' sh
check the_installation judged 0 '^syncdir: protected$'
same the_worst_counts 1 "$(syncdir --check ./dynamic nonesuch /dev/shm/.. / /proc >/dev/null; echo $?)"
check what_is_not_there judged 2 'nonesuch: cannot tell$' nonesuch
same each_has_its_verdict 2 "$(syncdir --check ./dynamic sh | grep -c ': protected$')"
check a_verdict_that_nobody_can_read_is_125 sh -c 'syncdir --check sh >/dev/full 2>&1; [ $? -eq 125 ]'
check syncdir_off env SYNCDIR=off sh -c '! syncdir --check >said; grep -q "unsafe: SYNCDIR=off" said'
check a_setting_that_is_not_used env SYNCDIR_ONLY=/nonesuch sh -c 'syncdir --check >said; grep -q "SYNCDIR_ONLY is not used" said'
check a_missing_library sh -c "mv '$installed/libsyncdir.so.1' away; ! syncdir --check >said; mv away '$installed/libsyncdir.so.1'; grep -q 'No such file' said"

# How a program got the library.
build linked probe.c -L"$top_builddir/.libs" -Wl,-rpath,"$installed" -lsyncdir
check linked judged 0 'linked with libsyncdir.so.1' ./linked
build archived probe.c "$archive"
check archived judged 0 'archived holds libsyncdir.a.s.* rename' ./archived
cat >half.c <<'END'
#include <unistd.h>
int half(void) { return unlink("b"); }
END
$CC -c probe.c half.c && build half probe.o "$archive" half.o
check an_archive_that_stood_before_an_object judged 0 \
  'takes unlink from the C library all the same: the archive stood before' ./half
if build static -static probe.c "$archive" 2>/dev/null; then
  check archived_and_static judged 0 'holds libsyncdir.a.s' ./static
  cp static stripped && strip stripped
  check archived_static_and_stripped judged 0 'holds libsyncdir.a.s.* rename' ./stripped
  build before -static "$archive" probe.c
  check an_archive_that_stood_before_all judged 1 'static.*before them it does nothing' ./before
else
  skip archived_and_static 'no static C library'
fi

# What nobody sees.
printf '#include <unistd.h>\nint main(void) { return syscall(-1) == 0; }\n' >raw.c
build raw raw.c
check raw_system_calls judged 0 'imports syscall: nobody sees' ./raw
printf 'int io_uring_queue_exit(void *r);\nint main(void) { return io_uring_queue_exit(0); }\n' >uring.c
printf 'int io_uring_queue_exit(void *r) { return !r; }\n' >liburing.c
$CC -shared -fPIC -Wl,-soname,liburing.so.2 -o liburing.so liburing.c && build uring uring.c -L. -luring
check io_uring judged 0 'uses io_uring: nobody sees' ./uring
check imports_nothing judged 0 'itself imports nothing that is wrapped' ./raw
printf '#!%s\n' "$work/dynamic" >script && chmod 755 script
check a_script judged 0 "./script is a script, and run by $work/dynamic" ./script
check a_preload_that_is_asked_first env LD_PRELOAD= sh -c '
  printf "int rename(const char *a, const char *b) { return a != b; }\n" >first.c
  '"$CC"' -shared -fPIC -o libfirst.so first.c
  LD_PRELOAD=$PWD/libfirst.so syncdir --check ./dynamic >said
  grep -q "asked before the library is: rename .*/libfirst.so" said'
cp dynamic plain-copy && chmod 644 plain-copy
check a_file_that_we_may_not_execute judged 0 "protected" ./plain-copy
check a_file_that_is_no_program judged 2 "cannot tell" ./raw.c

# Processes.  With an argument the probe waits.
start() { "$@" & last=$!; at_exit "kill $last 2>/dev/null"; }
# is_probe PID PROGRAM: whether the process has become the probe, and waits: its
# libraries are mapped then.
is_probe() { [ "$(readlink "/proc/$1/exe")" = "$2" ] && grep -q '^State:.S' "/proc/$1/status"; }

start syncdir -o "$work" "$work/dynamic" wait
until_true is_probe $last "$work/dynamic"
check a_process_with_the_library judged 0 "^$last (dynamic): protected" $last
check its_settings grep -qx "$last (dynamic): it was started with SYNCDIR_ONLY=$work" said
check its_preload grep -q "started with LD_PRELOAD=$installed/libsyncdir.so.1" said
start syncdir env - "$work/dynamic" wait
until_true is_probe $last "$work/dynamic"
check one_whose_environment_was_emptied judged 1 "^$last (dynamic): not protected" $last
start "$work/archived" wait
until_true is_probe $last "$work/archived"
check one_with_the_archive judged 0 'holds libsyncdir.a' $last
LD_PRELOAD=$installed/libsyncdir.so.1 SYNCDIR=off start "$work/dynamic" wait
until_true is_probe $last "$work/dynamic"
check one_that_was_switched_off judged 1 'SYNCDIR=off, which switches' $last
start syncdir perl -e 'system("env", "-", @ARGV)' "$work/dynamic" wait
parent=$last
has_probe() { child=$(cat /proc/$1/task/$1/children); [ "$child" ] && is_probe $child "$work/dynamic"; }
until_true has_probe $parent
at_exit "kill $child 2>/dev/null"
check a_child_without_it_counts judged 1 "^${child% } (dynamic): not protected" $parent
check its_parent_has_it grep -q "^$parent (perl): protected" said
cp "$installed/libsyncdir.so.1" "$work/libsyncdir.so.1"
LD_PRELOAD=$work/libsyncdir.so.1 start "$work/dynamic" wait
until_true is_probe $last "$work/dynamic"
check another_copy_of_the_library judged 0 'another copy of the library is mapped' $last
rm "$work/libsyncdir.so.1"
check one_that_was_deleted_since judged 0 'may be older' $last
printf 'int open(const char *p, int f, int m) { return p && f && m; }\n' >old.c
$CC -shared -fPIC -o libsyncdir.so old.c
LD_PRELOAD=$work/libsyncdir.so start "$work/dynamic" wait
until_true is_probe $last "$work/dynamic"
check a_syncdir_1 judged 1 'an older syncdir' $last
check no_process judged 2 'no process with this number' 4194305
check a_thread_of_the_kernel_or_another_users sh -c 'syncdir --check 2 >said; [ $? -ge 1 ]'
cat >filtered.c <<'END'
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(void)
{
  struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
  struct sock_fprog program = { 1, all };
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &program) || pause();
}
END
build filtered filtered.c
start syncdir ./filtered
until_true grep -q '^Seccomp:.*2' /proc/$last/status
check a_seccomp_filter judged 0 'a seccomp filter is in force' $last

finish

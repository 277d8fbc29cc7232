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

check a_program judged 0 '^./dynamic: protected$' ./dynamic
check what_it_imports grep -qx './dynamic: ./dynamic imports wrapped functions: rename' said
check the_handshake grep -q 'handshake: preloaded as .*, the library answers' said
check a_command_of_the_path judged 0 '^cat: protected$' cat
check the_installation judged 0 '^syncdir: protected$'
same the_worst_counts 1 "$(syncdir --check ./dynamic nonesuch /dev/shm/.. / /proc >/dev/null; echo $?)"
check what_is_not_there judged 2 'nonesuch: cannot tell$' nonesuch
same each_has_its_verdict 2 "$(syncdir --check ./dynamic cat | grep -c ': protected$')"
check a_verdict_that_nobody_can_read_is_125 sh -c 'syncdir --check sh >/dev/full 2>&1; [ $? -eq 125 ]'
check syncdir_off env SYNCDIR=off sh -c '! syncdir --check >said; grep -q "unsafe: SYNCDIR=off" said'
check a_setting_that_is_not_used env SYNCDIR_ONLY=/nonesuch sh -c 'syncdir --check >said; grep -q "SYNCDIR_ONLY is not used" said'
check a_missing_library sh -c "mv '$installed/libsyncdir.so.1' away; ! syncdir --check >said; mv away '$installed/libsyncdir.so.1'; grep -q 'No such file' said"

# How a program got the library.
build linked probe.c -L"$top_builddir/.libs" -Wl,-rpath,"$installed" -lsyncdir
check linked judged 0 'linked with libsyncdir.so.1' ./linked
build behind probe.c -nodefaultlibs -Wl,--no-as-needed -lc -lgcc -L"$top_builddir/.libs" -Wl,-rpath,"$installed" -lsyncdir
check linked_behind_the_c_library judged 1 'behind the C library, which answers first' ./behind
build archived probe.c "$archive"
check archived judged 0 'archived holds libsyncdir.a.s.* rename' ./archived
if build static -static probe.c "$archive" 2>/dev/null; then
  check archived_and_static judged 0 'holds libsyncdir.a.s' ./static
  cp static stripped && strip stripped
  check archived_static_and_stripped judged 2 'is stripped: that nothing in it' ./stripped
  build before -static "$archive" probe.c
  check an_archive_that_stood_before_all judged 1 'static.*before them it does nothing' ./before
  printf 'int rename(const char *a, const char *b) { return a && b; }\n' >own.c
  build own -static probe.c own.c "$archive" -Wl,--undefined=link
  check a_static_program_with_a_rename_past_the_archive judged 1 'still takes rename from elsewhere' ./own
else
  skip archived_and_static 'no static C library'
fi

# What the library does not see: each in a program and in a library that it needs.
cat >own-calls.c <<'END'
#include <sys/syscall.h>
#include <unistd.h>
long calls(const char *from, const char *to, int number);
long (*pointer)(long, ...);
#ifdef __x86_64__
long stub(const char *from, const char *to);
__asm__(".section .text\n.quad 0x123456789abcdef0\n.byte 0x48\nstub: mov $82, %eax\nsyscall\nret\n");
#endif
long calls(const char *from, const char *to, int number)
{
  long result = 0;
  (void) number, (void) from, (void) to;
#if KIND == 1
  __asm__ volatile ("syscall" : "=a" (result) : "a" (82L), "D" (from), "S" (to) : "rcx", "r11", "memory");
#elif KIND == 2
  result = syscall(SYS_rename, from, to);
#elif KIND == 3
  result = syscall(number, from, to);
#elif KIND == 4
  result = syscall(number ? SYS_rename : SYS_getpid, from, to);
#elif KIND == 5
  result = stub(from, to);
#elif KIND == 6
  pointer = syscall; result = pointer(SYS_rename, from, to);
#elif KIND == 7
  __asm__ volatile ("int $0x80" : "=a" (result) : "a" (38L), "b" (from), "c" (to) : "memory");
#elif KIND == 8
  __asm__ volatile ("syscall" : "=a" (result) : "a" ((long) number), "D" (from), "S" (to) : "rcx", "r11", "memory");
#elif KIND == 9
  result = syscall(SYS_gettid);
#endif
  return result;
}
END
echo 'extern long calls(const char *, const char *, int); int main(int n, char **a) { return calls(a[0], a[1], n); }' >caller.c
case $(uname -m) in x86_64) kinds='1 2 3 4 5 6 7 8' ;; *) kinds='2 3 4 6' ;; esac
grep -v 'asm__(".section\|^long stub' own-calls.c >without-stub.c
for kind in $kinds; do
  source=without-stub.c
  [ $kind = 5 ] && source=own-calls.c
  for flags in -O0 '-O2 -fno-plt'; do
    build calls -DKIND=$kind $flags caller.c $source
    check "own_system_calls_$kind $flags" judged 2 'which the library does not see' ./calls
  done
  strip calls
  check "own_system_calls_${kind}_stripped" judged 2 'which the library does not see' ./calls
  $CC -shared -fPIC -O2 -DKIND=$kind -o libcalls.so $source && build needs caller.c -L. -Wl,-rpath,"$work" -lcalls
  check "own_system_calls_${kind}_in_a_library" judged 2 'libcalls.so .*, which the library does not see' ./needs
done
build calls -DKIND=9 -O2 caller.c without-stub.c
check a_call_that_changes_no_directory judged 0 'calls syscall(), but for nothing that changes a directory' ./calls
printf 'int io_uring_queue_exit(void *r);\nint main(void) { return io_uring_queue_exit(0); }\n' >uring.c
printf 'int io_uring_queue_exit(void *r) { return !r; }\n' >liburing.c
$CC -shared -fPIC -Wl,-soname,liburing.so.2 -o liburing.so.2 liburing.c && build uring uring.c -Wl,-rpath,"$work" liburing.so.2
check io_uring judged 2 'uses io_uring: the library does not see' ./uring
objcopy --strip-section-headers dynamic headless 2>/dev/null ||
  { cp dynamic headless && printf '\0\0\0\0\0\0\0\0' | dd of=headless bs=1 seek=40 conv=notrunc 2>/dev/null && printf '\0\0\0\0\0\0' | dd of=headless bs=1 seek=58 conv=notrunc 2>/dev/null; }
check a_program_without_section_headers judged 2 'section headers are missing' ./headless
$CC -shared -fPIC -o plugin.so half.c 2>/dev/null || { echo 'int half(void) { return 0; }' >half.c; $CC -shared -fPIC -o plugin.so half.c; }
check a_plugin_is_no_program judged 2 'is a shared library, not a program' ./plugin.so
printf 'int main(void) { return 0; }\n' >raw.c && build raw raw.c
check imports_nothing judged 0 'imports no wrapped function itself' ./raw
printf '#!%s\n' "$work/dynamic" >script && chmod 755 script
check a_script judged 0 "./script is a script, and run by $work/dynamic" ./script
# A preload before ours: one that passes on, and one for each way of not doing that.
cat >first.c <<'END'
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#if KIND == 1
int rename(const char *a, const char *b) { int (*next)(const char *, const char *) = dlsym(RTLD_NEXT, "rename"); return next(a, b); }
#elif KIND == 2
int rename(const char *a, const char *b) { return syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 0); }
#elif KIND == 3
int unlink(const char *a) { int (*next)(const char *) = dlsym(dlopen("libc.so.6", RTLD_LAZY), "unlink"); return next(a); }
#elif KIND == 4
char *mkdtemp(char *a) { return syscall(SYS_mkdirat, AT_FDCWD, a, 0700) ? NULL : a; }
#endif
END
first() { $CC -D_GNU_SOURCE -DKIND=$1 -shared -fPIC -o libfirst.so first.c; }
with_first() { env LD_PRELOAD="$work/libfirst.so" syncdir --check ./dynamic >said 2>&1; found=$?; cat said; [ $found -eq $1 ] && grep -q "$2" said; }
first 1
check a_preload_that_passes_on with_first 0 'comes before the library, and passes its calls on to it: rename .*/libfirst.so'
for kind in 2:rename 3:unlink 4:mkdtemp; do
  first ${kind%:*}
  check "a_preload_that_keeps_${kind#*:}" with_first 2 "libfirst.so comes before the library, and does not pass on to it: ${kind#*:};"
done
check such_a_preload_is_refused sh -c 'LD_PRELOAD=$PWD/libfirst.so syncdir ./dynamic 2>said; [ $? -eq 125 ]'

# Scripts, env, and programs whose business is to start others.
script() { printf '#!%s\n' "$1" >script && chmod 755 script; }
script '/usr/bin/env sh'
check a_script_of_env judged 0 'run by .*/sh, which env starts' ./script
if command -v busybox >/dev/null; then
  script "/usr/bin/env -S $(command -v busybox) sh"
  check a_script_of_env_with_S judged 1 'busybox is static' ./script
fi
script '/usr/bin/env -S -i sh'
check a_script_that_clears_the_environment judged 1 'clears the environment' ./script
script '/usr/bin/env nosuch-interpreter'
check a_script_of_no_interpreter judged 1 'nosuch-interpreter, which is to run' ./script
printf '#!/bin/sh\r\nexit 0\n' >script
check a_script_with_crlf judged 1 '/bin/sh.015, which is to run' ./script
check env_clears sh -c 'syncdir env -i true 2>said; [ $? -eq 125 ] && grep -q "clears the environment" said'
check env_takes_it_out sh -c '! syncdir env -u LD_PRELOAD true 2>/dev/null'
check env_starts_a_static_program sh -c '! syncdir env A=b busybox true 2>said && grep -q static said'
check env_starts_a_program syncdir env A=b true
check what_starts_another_is_not_the_other judged 2 'timeout starts another program, which was not looked at' timeout
check it_is_run_all_the_same syncdir timeout "$patience" true
check what_can_start_others_says_so judged 0 'can start other programs, which were not looked at' sh
printf '#include <unistd.h>\nint main(int n, char **a) { return n > 1 ? execvp(a[1], a + 1) : 0; }\n' >sudo.c
build sudo sudo.c
check sudo_starts_in_another_environment judged 2 'in an environment without LD_PRELOAD' ./sudo

# Other forms.
same quiet_says_nothing '' "$(syncdir --check -q ./dynamic ./raw.c; syncdir --check -q)"
same quiet_has_the_status 1 "$(syncdir --check -q /proc; echo $?)"
if command -v jq >/dev/null; then
  syncdir --check --json ./dynamic /proc >said.json
  same json_has_an_object_for_each "./dynamic=protected /proc=not protected" "$(jq -r '.subject + "=" + .verdict' said.json | paste -sd' ')"
  same json_has_findings 'not protected' "$(jq -r 'select(.subject == "/proc") | .findings[0].verdict' said.json)"
  check json_has_evidence sh -c 'jq -r "select(.subject == \"./dynamic\") | .evidence[]" said.json | grep -q handshake'
else
  skip json_has_an_object_for_each 'no jq'
fi
mkdir "$(printf 'a\n/x: protected\033[2J')"
same a_name_makes_no_line 0 "$(syncdir --check ./a* | grep -c '^/x: ')"
same nor_moves_the_cursor 0 "$(syncdir --check ./a* nosuch"$(printf '\033')" 2>&1 | tr -cd '\033' | wc -c)"
same no_colour_in_a_file 0 "$(TERM=xterm syncdir --check ./dynamic | tr -cd '\033' | wc -c)"
if command -v script >/dev/null; then
  colours() { command script -qec "$1" /dev/null </dev/null | tr -cd '\033' | wc -c; }
  same colour_on_a_terminal 2 "$(TERM=xterm colours 'syncdir --check ./dynamic')"
  same unless_NO_COLOR_says_otherwise 0 "$(TERM=xterm NO_COLOR=1 colours 'syncdir --check ./dynamic')"
fi
check a_switch_that_is_none env SYNCDIR=OFF sh -c 'syncdir --check >said && grep -q "SYNCDIR=OFF is not .off., and is taken as on" said'

# Users: root sees more than others.
if [ "$(id -u)" -eq 0 ]; then
  chmod 755 . && cp dynamic readable-by-root && chmod 711 readable-by-root
  check what_others_cannot_read judged 2 'can be read by root, and not by all' ./readable-by-root
  cp linked linked-4711 && chmod 4711 linked-4711
  check linked_and_unreadable judged 2 'run it without syncdir, for it is linked' ./linked-4711
  check asked_for_the_user sh -c 'syncdir --check --user nobody ./readable-by-root >said; [ $? -eq 2 ] && grep -q "cannot be read (Permission denied)" said'
  cp dynamic set-id && chmod 4755 set-id
  check set_id_means_nothing_for_root judged 2 'is set-id or has file capabilities, which has no effect for root' ./set-id
  check for_its_user_it_does sh -c 'syncdir --check --user nobody ./set-id >said; [ $? -eq 1 ] && grep -q "is set-user-ID" said'
  chmod 4755 linked
  check linked_and_set_id_for_a_user sh -c 'syncdir --check --user nobody ./linked >said; [ $? -eq 0 ] && grep -q "linked with" said'
  chmod 755 linked
fi
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
check a_process_with_the_library judged 0 "^$last (dynamic): protected only below $work" $last
check its_settings grep -qx "$last (dynamic): it was started with SYNCDIR_ONLY=$work" said
check its_preload grep -q "started with LD_PRELOAD=$installed/libsyncdir.so.1" said
start syncdir -f env - "$work/dynamic" wait
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
check its_parent_has_the_library grep -q "^$parent (perl): the library is loaded" said
check there_is_a_summary_of_both grep -q "^$parent (perl) and its children: .* 1 not protected" said
cp "$installed/libsyncdir.so.1" "$work/libsyncdir.so.1"
LD_PRELOAD=$work/libsyncdir.so.1 start "$work/dynamic" wait
until_true is_probe $last "$work/dynamic"
check another_copy_of_the_library judged 0 'another copy of the library is loaded' $last
rm "$work/libsyncdir.so.1"
check one_that_was_deleted_since judged 0 'another copy of the library is loaded' $last
cp "$library" "$work/libsyncdir.so.1" && printf x >>"$work/libsyncdir.so.1"
LD_PRELOAD=$work/libsyncdir.so.1 start "$work/dynamic" wait
until_true is_probe $last "$work/dynamic"
check one_that_is_not_the_library_of_now judged 2 'differs from the library .*; restart the process' $last
printf 'int half(void) { return 0; }\n' >half.c
$CC -shared -fPIC -o bringer.so half.c -Wl,--no-as-needed -L"$top_builddir/.libs" -Wl,-rpath,"$installed" -lsyncdir
printf '#include <dlfcn.h>\n#include <unistd.h>\nint main(int n, char **a) { return dlopen(a[n - 1], RTLD_NOW) ? pause() : 1; }\n' >loader.c
build plugged loader.c
start ./plugged "$work/bringer.so"
until_true grep -q libsyncdir /proc/$last/maps
check one_that_a_plugin_brought judged 1 'is loaded, but behind the C library' $last
start ./behind wait
until_true is_probe $last "$work/behind"
check a_process_that_was_linked_behind judged 1 'is loaded, but behind the C library' $last
start syncdir -f perl -e 'my $c = fork; exit 0 unless $c; open F, ">", "zombie-there"; close F; sleep 1000'
until_true test -e zombie-there
zombie=$(tr -d ' ' <"/proc/$last/task/$last/children")
until_true grep -q '^State:.Z' "/proc/$zombie/status"
check a_child_that_has_ended_changes_nothing sh -c 'syncdir --check $1 >said; ! grep -q "cannot be looked at\|not protected" said' sh $last
check one_that_has_ended_is_not_judged judged 2 'it has ended' $zombie
printf '#include <sys/prctl.h>\n#include <unistd.h>\nint main(void) { prctl(PR_SET_NAME, "x\\n9: protected"); return pause(); }\n' >faker.c
build faker faker.c
start ./faker
until_true is_probe $last "$work/faker"
same a_process_cannot_fake_a_line 0 "$(syncdir --check $last | grep -c '^9: ')"
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
check the_verdict_does_not_cover_it grep -qx "$last (filtered): protected; its seccomp filter was not looked at" said
check as_json_has_it sh -c 'syncdir --check --json $1 | grep -q "\"not_looked_at\": \"its seccomp filter\""' sh $last

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# syncdir refuses, with one sentence and 125, what it cannot protect; and nothing is
# run.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

cd "$work" || exit 99
ours=$installed/libsyncdir.so.1

# Every probe leaves a file behind if it is run.
cat >probe.c <<'END'
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
  return close(open("ran", O_WRONLY | O_CREAT, 0666)) + unlink("ran") + close(creat("ran", 0666));
}
END
build() { $CC -o "$@" probe.c; }
build dynamic || exit 99
check the_probe_itself_runs sh -c 'syncdir ./dynamic && [ -e ran ]'

check without_descriptors_the_limit_is_named sh -c '(exec 3>&-; ulimit -n 4; exec syncdir true) 2>said; [ $? -eq 125 ] && grep -q "ulimit -n" said'

# Static programs and other C libraries.
if build static -static 2>/dev/null; then
  check a_static_program refused 'static.*-lsyncdir.*dirsync' ./static
  printf '#! %s\n' "$work/static" >script && chmod 755 script
  check a_script_whose_interpreter_is_static refused "$work/static is static" ./script
  printf '#! %s\n' "$work/script" >outer && chmod 755 outer
  check a_script_of_such_a_script refused "$work/static is static" ./outer
  build static-pie -static-pie && check a_static_pie_program refused 'static' ./static-pie
  $CC -static -o archived probe.c "$archive" &&
    check a_static_program_with_the_archive_is_run syncdir ./archived
else
  skip a_static_program 'no static C library'
fi
if command -v busybox >/dev/null && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
  check static_busybox refused 'busybox is static' busybox touch ran
else
  skip static_busybox 'no static busybox'
fi
if command -v musl-gcc >/dev/null && musl-gcc -o musl probe.c; then
  check a_program_of_musl refused 'another C library.*ld-musl' ./musl
else
  skip a_program_of_musl 'no musl-gcc'
fi
if CC=i686-linux-gnu-gcc build other 2>/dev/null; then
  check a_program_of_32_bits refused 'another machine or word size' ./other
else
  skip a_program_of_32_bits 'no 32-bit compiler'
fi
cp "$(sed -n 's/.*interpreter: \(.*\)]/\1/p' <<END
$(readelf -lW dynamic)
END
)" loader
build copied -Wl,--dynamic-linker="$work/loader" &&
  check a_program_with_a_loader_of_its_own refused "its loader is $work/loader" ./copied
objcopy --add-section .go.buildinfo=probe.c dynamic go &&
  check a_go_program refused 'Go program' ./go

# What nobody can tell.
cp dynamic unreadable && chmod 711 unreadable
printf 'nothing known' >unknown && chmod 755 unknown
head -c 200 dynamic >cut && chmod 755 cut
check neither_elf_nor_script refused 'neither an ELF program nor a script' ./unknown
check a_truncated_program refused 'not a complete ELF' ./cut
: >empty && chmod 755 empty
check an_empty_file refused 'neither an ELF program' ./empty
printf '#! /nonesuch/interpreter\n' >orphan && chmod 755 orphan
check a_script_without_its_interpreter refused '/nonesuch/interpreter, which is to run' ./orphan
printf '#! %s\n' "$work/loop" >loop && chmod 755 loop
check a_script_that_interprets_itself refused 'Too many levels' ./loop
same a_script_of_many_is_followed_as_far_as_the_kernel_goes "$(./loop 2>&1 | wc -l)" 1

# AddressSanitizer
if build asan -fsanitize=address 2>/dev/null && ldd asan | grep -q libasan; then
  check a_program_with_asan refused 'must come before every preload; run it with LD_PRELOAD=libasan' ./asan
  asan=$(ldd asan | sed -n 's/.*\(libasan.so.[0-9]*\) .*/\1/p')
  check as_the_sentence_says_it_runs sh -c "LD_PRELOAD=$asan syncdir ./asan && [ -e ran ]"
  rm -f ran
else
  skip a_program_with_asan 'no libasan'
fi
if build tsan -fsanitize=thread 2>/dev/null && setarch -R ./tsan 2>/dev/null; then
  check a_program_with_tsan_runs setarch -R syncdir ./tsan
else
  skip a_program_with_tsan_runs 'no ThreadSanitizer that runs here'
fi
if command -v valgrind >/dev/null; then
  check valgrind_runs_it_and_finds_nothing syncdir valgrind -q --error-exitcode=9 ./dynamic
else
  skip valgrind_runs_it_and_finds_nothing 'no valgrind'
fi

# Preloads after ours
cat >rewrite.c <<'END'
int rename(const char *from, const char *to) { return from != to; }
END
$CC -shared -fPIC -o librewrite.so rewrite.c
check a_preload_after_ours_that_may_change_paths \
  env LD_PRELOAD="$ours:$work/librewrite.so" sh -c 'syncdir ./dynamic 2>said; [ $? -eq 125 ] && grep -q "librewrite.so is preloaded after the library" said'
check one_that_makes_no_call_at_all_is_refused_before_ours env LD_PRELOAD="$work/librewrite.so" sh -c '! syncdir ./dynamic 2>said && grep -q "does not pass on to it: rename" said'
cat >deaf.c <<'END'
#include <sys/syscall.h>
#include <unistd.h>
int open(const char *path, int flags, int mode) { return syscall(SYS_openat, -100, path, flags, mode); }
END
$CC -shared -fPIC -o libdeaf.so deaf.c
rm -f ran
same a_preload_that_keeps_the_calls_from_us 125 \
  "$(LD_PRELOAD=$work/libdeaf.so status syncdir ./dynamic | cut -c1-3)"
rm -f ran

# -f
rm -f ran
same f_runs_it_after_the_warning "0 2" "$(status syncdir -f ./static >said; echo "$(cut -c1 said | head -n 1) $(wc -l <said)")"
check and_then_it_has_run test -e ran
check f_says_why grep -q 'static' said
check f_says_that_it_is_run grep -q 'running ./static anyway' said
same f_does_not_find_a_command 127 "$(status syncdir -f nonesuch | cut -c1-3)"

# The library itself.
spoil() { cp "$library" "$ours.new" && "$@" && mv "$ours.new" "$ours"; }
cut_to() { truncate -s "$1" "$ours.new"; }
rm -f "$ours"
check a_missing_library refused "$ours cannot be used: No such file.*install syncdir again" ./dynamic
for size in 0 100 1000 10000; do
  spoil cut_to $size
  check a_library_of_${size}_bytes refused 'not a complete ELF file' ./dynamic
done
flip() { printf '\377\377' | dd of="$ours.new" bs=1 seek=64 conv=notrunc 2>/dev/null; }
spoil flip
check a_damaged_library refused 'cannot be used\|does not answer' ./dynamic
cp librewrite.so "$ours"
check another_library_under_its_name refused 'does not answer' ./dynamic
needy() { $CC -shared -o "$ours.new" -Wl,--no-as-needed -L. -lrewrite; rm -f librewrite.so; }
spoil needy
check a_library_that_does_not_load refused 'does not answer.*the loader says: .*librewrite.so' ./dynamic
cp "$library" "$ours"
mv "$installed/probe" away
check a_missing_probe refused "probe .*/probe cannot be used: No such file" ./dynamic
cp /bin/true "$installed/probe"
check a_probe_that_says_nothing refused 'does not answer' ./dynamic
mv away "$installed/probe"
mkdir 'a b' && cp "$library" 'a b/libsyncdir.so.1' && cp "$installed/probe" 'a b'
(make_launcher 'a b' "$work/a b/libsyncdir.so.1")
PATH="$work/a b:$PATH"
check a_path_with_a_space refused 'has a space' ./dynamic
PATH=${PATH#*:}
check the_probe_still_runs syncdir ./dynamic
rm -f ran

# Users
[ "$(id -u)" -eq 0 ] || { skip set_id_programs 'not root'; finish; }
chmod 777 .
# as_nobody PATTERN COMMAND...: refused, for the user nobody.
nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
as_nobody() {
  pattern=$1
  shift
  rm -f ran
  nobody syncdir "$@" 2>said
  status=$?
  cat said
  [ "$status" -eq 125 ] && [ ! -e ran ] && grep -q "$pattern" said
}
# set_id MODE [OWNER]: a copy of the probe.
set_id() { rm -f id && cp dynamic id && chown "${2:-root:root}" id && chmod "$1" id; }
set_id 4755
check a_set_uid_program as_nobody 'set-user-ID.*-lsyncdir.*syncdir(1)' ./id
check for_its_owner_it_takes_no_effect syncdir ./id
rm -f ran
check without_new_privileges_it_takes_none nobody setpriv --no-new-privs syncdir ./id
rm -f ran
set_id 2755
check a_set_gid_program as_nobody 'set-group-ID' ./id
set_id 2745
check without_the_groups_permission_the_bit_means_nothing nobody syncdir ./id
rm -f ran
set_id 755
if setcap cap_net_raw+ep id 2>/dev/null; then
  check a_program_with_capabilities as_nobody 'carrying file capabilities' ./id
  check for_root_they_take_no_effect syncdir ./id
  rm -f ran
  setcap cap_net_raw+p id
  check with_permitted_ones_alone as_nobody 'carrying file capabilities' ./id
  setcap cap_net_raw+i id
  check with_inheritable_ones_that_nobody_hands_down nobody syncdir ./id
else
  skip a_program_with_capabilities 'no setcap, or no filesystem for it'
fi
rm -f ran
check a_launcher_that_is_itself_set_id sh -c '
  setpriv --euid=nobody syncdir ./dynamic 2>said; [ $? -eq 125 ] && grep -q "another effective than real user" said'
rm -f ran
check a_program_that_cannot_be_read as_nobody 'cannot be read.*is unknown' ./unreadable
printf '#! %s\n' "$work/unreadable" >script && chmod 755 script
check a_script_whose_interpreter_cannot_be_read as_nobody 'unreadable cannot be read' ./script
chmod 000 "$ours"
check a_library_that_cannot_be_read as_nobody 'Permission denied' ./dynamic
chmod 755 "$ours"
printf '#! %s\n' "$work/id" >script && set_id 4755
check a_script_whose_interpreter_is_set_uid as_nobody 'id is set-user-ID' ./script
$CC -o linked probe.c -L"$top_builddir/.libs" -Wl,-rpath,"$installed" -lsyncdir && chmod 4755 linked
check a_set_uid_program_that_is_linked_is_run nobody syncdir ./linked
rm -f ran
$CC -o linked probe.c "$archive" && chmod 4755 linked
check a_set_uid_program_with_the_archive_is_run nobody syncdir ./linked
rm -f ran
for program in procmail maildrop; do
  if command -v $program >/dev/null && nobody test -r "$(command -v $program)"; then
    check "$program" as_nobody "$program is set-" $program
  else
    skip "$program" "no $program"
  fi
done

finish

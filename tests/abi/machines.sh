# SPDX-License-Identifier: GPL-2.0-or-later
# Our own system calls, and every wrapped name by them, on each machine that
# core/syscall.h knows: in static programs, the foreign ones run by qemu.
shared=no
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/symbols.inc"
. "$top_srcdir/tests/abi/trace.inc"

sources=$(ls "$top_srcdir"/lib/core/*.c "$top_srcdir"/lib/defer/*.c "$top_srcdir"/lib/api/*.c "$top_srcdir"/lib/wrap/all.c |
  grep -v /next.c)
names=$(wrapped_names)

# compile_library COMPILER...: what the archive is made of, into $objects.
compile_library() {
  (cd "$objects" && "$@" -c -w -O2 -D_GNU_SOURCE -DARCHIVE -I"$top_srcdir/lib" -I"$top_builddir" \
    -include core/own_names.h -fvisibility=hidden -fexceptions -fno-builtin-bcmp -fPIC $sources)
}
asks_for() { nm -u "$objects"/*.o | grep -w "$1"; }

calls_work() {
  "$@" -static -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I"$top_srcdir/lib" \
    -o "$objects/machines" "$top_srcdir/tests/abi/machines.c" && mkdir "$objects/ground" &&
    (cd "$objects/ground" && $run "$objects/machines")
}

# The emulator is the program that is watched.  It may not know openat2.
all_fire() {
  CC="$*" compile "$objects/fire" fire.c -static "$objects"/*.o && watch '' $run "$objects/fire" ${run:+--but openat2} &&
    are_flushed $(printf '%s\n' $names | grep -vx "${run:+openat2}")
}

# on MACHINE EMULATOR COMPILER...
on() {
  machine=$1
  run=$2
  shift 2
  objects=$work/$machine
  for needed in $run "$1"; do
    command -v "$needed" >/dev/null ||
      { skip "every_name_fires_on_$machine" "$needed is not installed"; return; }
  done
  mkdir "$objects"
  check "the_archive_can_be_compiled_for_$machine" compile_library "$@"
  same "it_does_not_ask_for_syscall" '' "$(asks_for syscall)"
  check "system_calls_work_on_$machine" calls_work "$@"
  check "every_name_fires_on_$machine" all_fire "$@"
}

on "$($CC -dumpmachine)" '' $CC
on i386 '' i686-linux-gnu-gcc
on aarch64 qemu-aarch64 aarch64-linux-gnu-gcc
on arm qemu-arm arm-linux-gnueabihf-gcc -marm
on thumb qemu-arm arm-linux-gnueabihf-gcc -mthumb
on thumb-with-frame-pointers qemu-arm arm-linux-gnueabihf-gcc -mthumb -fno-omit-frame-pointer -O0
on riscv64 qemu-riscv64 riscv64-linux-gnu-gcc
on s390x qemu-s390x s390x-linux-gnu-gcc
on powerpc64le qemu-ppc64le powerpc64le-linux-gnu-gcc

finish

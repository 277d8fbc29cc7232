#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The mode in company: under a debugger and a tracer, which see each SIGSYS first; and in a
# static program of another C library.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/mounts.sh"
. "${srcdir:-.}/tests/defer/defer.inc"

teller=$top_builddir/tests/defer/teller
mount_kind ext4 "$work/ext4" && cd "$work/ext4" || exit 99

# A name is there, and then it is gone: three changes, one flush.
ended() { cut -f 2,5,8 "$work/trace"; }
once='exit_group	fsync	3 changes'

if command -v gdb >/dev/null; then
  in_gdb() {
    rm -f "$work/trace"
    gdb -batch -nx -ex 'set startup-with-shell off' -ex "set environment LD_PRELOAD $library" \
      -ex 'set environment SYNCDIR_MODE deferred' -ex "set environment SYNCDIR_TRACE $work/trace" \
      "$@" "$teller" >"$work/said" 2>&1 || { cat "$work/said"; return; }
    grep -o 'exited normally' "$work/said"
    ended
  }
  same under_gdb_that_passes_SIGSYS_on "exited normally
$once" "$(in_gdb -ex 'handle SIGSYS nostop noprint pass' -ex run)"
  same under_gdb_that_stops_at_the_first_call "exited normally
$once" "$(in_gdb -ex run -ex 'handle SIGSYS nostop noprint pass' -ex continue)"
else
  skip under_gdb 'gdb is not installed'
fi

rm -f "$work/trace"
same under_strace 0 "$(strace -f -qq -o "$work/strace" env LD_PRELOAD="$library" SYNCDIR_MODE=deferred \
  SYNCDIR_TRACE="$work/trace" "$teller"; echo $?)"
same under_strace_it_flushes_once "$once" "$(ended)"

if command -v musl-gcc >/dev/null; then
  cat >"$work/three.c" <<'END'
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
  return mkdir("one", 0700) == -1 || rename("one", "two") == -1 || rmdir("two") == -1;
}
END
  check a_static_program_of_musl_is_linked musl-gcc -static -o "$work/three" "$work/three.c" \
    -Wl,-u,syncdir_deferred "$archive"
  rm -f "$work/trace"
  same it_runs 0 "$(SYNCDIR_TRACE=$work/trace "$work/three"; echo $?)"
  same it_flushes_once "$once" "$(ended)"
else
  skip a_static_program_of_musl 'musl-gcc is not installed'
fi

finish

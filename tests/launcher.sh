# SPDX-License-Identifier: GPL-2.0-or-later
# A launcher for the tests of it: its library and its probe lie in $work, where a
# test can spoil them.  Sourced after tap.sh.

[ -e "$top_builddir/src/liblauncher.a" ] || skip_all 'configured with --disable-launcher'

installed=$work/installed
mkdir "$installed" && chmod 755 "$work"
cp "$library" "$installed/libsyncdir.so.1" && cp "$top_builddir/src/probe" "$installed/probe" || exit 99

# make_launcher FILE LIBRARY
make_launcher() {
  $CC -DLIBRARY="\"$2\"" -DPROBE="\"$installed/probe\"" -o "$1" "$top_srcdir/src/installed.c" \
    "$top_builddir/src/liblauncher.a" -lelf -lmount -lcap || exit 99
}
make_launcher "$installed/syncdir" "$installed/libsyncdir.so.1"
PATH=$installed:$PATH
unset LD_PRELOAD SYNCDIR SYNCDIR_ONLY SYNCDIR_TRACE

# status COMMAND...: its exit status, a space, and what it said on standard error.
status() {
  "$@" 2>"$work/said" >"$work/output"
  echo "$? $(cat "$work/said")"
}

# refused PATTERN COMMAND...: whether syncdir refuses COMMAND with one sentence that
# matches PATTERN, and runs nothing.
refused() {
  pattern=$1
  shift
  rm -f "$work/ran"
  status syncdir "$@" >"$work/status"
  cat "$work/status"
  [ ! -e "$work/ran" ] && [ "$(wc -l <"$work/status")" -eq 1 ] && grep -q "^125 syncdir: .*$pattern" "$work/status"
}

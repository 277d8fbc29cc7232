# SPDX-License-Identifier: GPL-2.0-or-later
# A launcher for the tests of it: its library and its probe lie in $work, where a
# test can spoil them.  Sourced after tap.sh.

[ -e "$top_builddir/src/syncdir/syncdir" ] || skip_all 'configured with --disable-launcher'

installed=$work/installed
mkdir "$installed" && chmod 755 "$work"
cp "$library" "$installed/libsyncdir.so.1" && cp "$top_builddir/src/probe/probe" "$installed/probe" || exit 99

# make_launcher FOLDER LIBRARY: syncdir and check in FOLDER.
make_launcher() {
  for program in syncdir check; do
    case $program in
      syncdir) objects="$top_builddir/src/syncdir/syncdir-main.o" libraries= ;;
      check) objects=$top_builddir/src/check/libcheck.a libraries=-lmount ;;
    esac
    $CC -DLIBRARY="\"$2\"" -DPROGRAMS="\"$1\"" -o "$1/$program" "$top_srcdir/src/syncdir/installed.c" \
      "$objects" "$top_builddir/src/syncdir/liblauncher.a" "$top_builddir/src/common/libcommon.a" \
      -lelf -lcap $libraries || exit 99
  done
}
make_launcher "$installed" "$installed/libsyncdir.so.1"
PATH=$installed:$PATH
unset LD_PRELOAD SYNCDIR SYNCDIR_ONLY SYNCDIR_TRACE

# done_by COMMAND...: what strace.sh's flushes prints, without those of the handshake.
done_by() { flushes "$@" | grep -v -e =ECANCELED; }

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

# judged STATUS PATTERN SUBJECT...: what --check says of them.
judged() {
  expected=$1 pattern=$2
  shift 2
  syncdir --check "$@" >said 2>&1
  found=$?
  cat said
  [ "$found" -eq "$expected" ] && grep -q -- "$pattern" said
}

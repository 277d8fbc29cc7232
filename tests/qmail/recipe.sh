# SPDX-License-Identifier: GPL-2.0-or-later
# The recipe links the archive into a tree with the shape of qmail's, tells
# which programs hold it, can be undone, and refuses what it does not know.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/mounts.sh"
. "$top_srcdir/tests/qmail/tree.inc"

# What the folder holds, to the byte.
contents() { (cd "$1" && find . -type f -exec cksum {} + | sort -k 3); }

export TMPDIR="$work"

# told COMMAND...: what it says, and its exit code.
told() {
  code=0
  "$@" 2>&1 || code=$?
  echo "exit $code"
}

# refused_as_it_was CLAIM PATTERN COMMAND...: exit code 3, the reason, and no change.
refused_as_it_was() {
  claim=$1 pattern=$2
  shift 2
  before=$(contents "$tree")
  told "$@" >"$work/said"
  check "$claim" sh -c 'cat "$1"; grep -q -e "$2" "$1" && grep -qx "exit 3" "$1"' sh "$work/said" "$pattern"
  check "$claim, and nothing is changed" test "$(contents "$tree")" = "$before"
}

verdicts() { told sh "$recipe" --check "$tree" "$@"; }
verdict_on() { verdicts "$tree/$1" | sed -n 1p; }

all_hold='holds    maildirmake: every wrapper
holds    qmail-clean: every wrapper
nothing  qmail-inject: makes no names
holds    qmail-local: every wrapper
holds    qmail-lspawn: every wrapper
holds    qmail-newu: every wrapper
holds    qmail-pop3d: every wrapper
holds    qmail-queue: every wrapper
holds    qmail-send: every wrapper
nothing  qmail-start: makes no names
warning: hassync.h comes out differently with syncdir.
  with:    #define HASSYNCDIR 1
No program lacks a wrapper.
exit 0'
none_hold='LACKS    maildirmake: mkdir (taken from elsewhere)
LACKS    qmail-clean: unlink (taken from elsewhere)
nothing  qmail-inject: makes no names
LACKS    qmail-local: link open unlink (taken from elsewhere)
LACKS    qmail-lspawn: open (taken from elsewhere)
LACKS    qmail-newu: open rename (taken from elsewhere)
LACKS    qmail-pop3d: rename unlink (taken from elsewhere)
LACKS    qmail-queue: link open unlink (taken from elsewhere)
LACKS    qmail-send: open unlink (taken from elsewhere)
nothing  qmail-start: makes no names
These do not have what they need from syncdir: maildirmake qmail-clean qmail-local qmail-lspawn qmail-newu qmail-pop3d qmail-queue qmail-send.
exit 1'

# make-load.sh.
new_tree
contents "$tree" >"$work/original"
check 'a tree is prepared' prepare
same 'only make-load.sh differs, and the archive is there' \
  './before-syncdir/make-load.sh ./before-syncdir/make-load.sh.edited ./libsyncdir.a ./make-load.sh ' \
  "$(contents "$tree" | sort - "$work/original" | uniq -u | awk '{ print $3 }' | sort -u | tr '\n' ' ')"
check 'the archive stands after the objects and libraries' \
  grep -q '\${1+"\$@"} .*-L\. -lsyncdir'"'"'$' "$tree/make-load.sh"
check 'it builds' build_qmail
same 'each program that makes names holds its wrappers, and a probe that differs is named' \
  "$all_hold" "$(verdicts)"
contents "$tree" >"$work/once"
same 'a second time changes nothing' "$tree is prepared already; nothing was changed." "$(prepare)"
check 'not a byte' test "$(contents "$tree")" = "$(cat "$work/once")"
mkdir "$tree/tests"
cp "$tree/qmail-clean.o" "$tree/tests/unittest.o"
check 'load finds the archive from a folder below' sh -c 'cd "$1/tests" && ../load unittest' sh "$tree"
same 'a program may be named, wherever it lies' 'holds    unittest: every wrapper' "$(verdict_on tests/unittest)"
check 'it is undone' sh "$recipe" --undo "$tree"
check 'and builds' build_qmail
check 'without the archive' sh -c '! test -e "$1"' sh "$tree/libsyncdir.a"
cp "$archive" "$tree/libsyncdir.a"
same 'the programs do not hold it any more: make saw the change' "$none_hold" "$(verdicts)"
new_tree
prepare >/dev/null && sh "$recipe" --undo "$tree" >/dev/null
same 'the tree is the original to the byte' "$(cat "$work/original")" "$(contents "$tree")"

# Without --archive.
new_tree
printf 'libdir=%s\nName: syncdir\nDescription: -\nVersion: 2\n' "$top_builddir" >"$work/syncdir.pc"
if command -v pkg-config >/dev/null; then
  check 'the installed archive is taken' env PKG_CONFIG_LIBDIR="$work" sh "$recipe" "$tree"
  check 'just as it is' cmp "$archive" "$tree/libsyncdir.a"
fi
new_tree
refused_as_it_was 'none installed is refused' 'is not installed where' env PKG_CONFIG_LIBDIR=/none sh "$recipe" "$tree"

# A newer archive.
new_tree
prepare >/dev/null && build_qmail
sed 's/@(#)syncdir 2/@(#)syncdir 9/' "$archive" >"$work/newer.a"
sh "$recipe" --archive "$work/newer.a" "$tree" >/dev/null && build_qmail
check 'a newer archive reaches the programs' grep -q '@(#)syncdir 9' "$tree/qmail-queue"

# conf-ld, which stands before the objects.
new_tree
sed -i '1s|$| -L. -lsyncdir|' "$tree/conf-ld"
cp "$archive" "$tree"
build_qmail
# Some linkers look back: lld, mold.
if grep -q '@(#)syncdir' "$tree/qmail-queue"; then
  echo '# in conf-ld the plain -lsyncdir works with this linker'
else
  same 'in conf-ld the plain -lsyncdir does nothing, and the check names who lacks it' \
    "$none_hold" "$(verdicts)"
fi
# What the trace of a change says of its batch.
batch() {
  rm -f "$work/trace"
  SYNCDIR_TRACE=$work/trace "$tree/maildirmake" "$work/ext4/made-$1" && cut -f 8 "$work/trace"
}

mount_kind ext4 "$work/ext4" || exit 99
for edit in '' --conf-ld; do
  new_tree
  check "a tree is prepared for the deferred mode: $edit" prepare --deferred $edit
  check "it builds: $edit" build_qmail
  same "and puts changes off: $edit" '1 changes' "$(batch "deferred$edit")"
  check "it is undone: $edit" sh "$recipe" --undo "$tree"
done
new_tree
contents "$tree" >"$work/original"
check 'conf-ld is edited' prepare --conf-ld
build_qmail
same 'which puts nothing off' '' "$(batch strict)"
same 'from there too each program holds the wrappers, every one' \
  "$(printf '%s\n' "$all_hold" | sed -e '/^warning: hassync/,+1d' \
    -e 's/^\(holds\|nothing\)  *\([^:]*\): .*/holds    \2: every wrapper/')" "$(verdicts)"
contents "$tree" >"$work/once"
same 'a second time changes nothing in conf-ld' \
  "$tree is prepared already; nothing was changed." "$(prepare --conf-ld)"
check 'not a byte of it' test "$(contents "$tree")" = "$(cat "$work/once")"
refused_as_it_was 'both edits at once are refused' 'edited in the other file' prepare
check 'conf-ld is undone' sh "$recipe" --undo "$tree"
new_tree
prepare --conf-ld >/dev/null && sh "$recipe" --undo "$tree" >/dev/null
same 'conf-ld is the original to the byte' "$(cat "$work/original")" "$(contents "$tree")"

# Static programs, stripped: what they call is not to be seen.
new_tree -static
if build_qmail qmail-queue 2>"$work/static"; then
  prepare >/dev/null && build_qmail
  check 'a static program is known by the marks' \
    sh -c 'echo "$1" | grep "^holds    qmail-local: every wrapper$"' sh "$(verdict_on qmail-local)"
  sh "$recipe" --undo "$tree" >/dev/null && build_qmail
  cp "$archive" "$tree/libsyncdir.a"
  same 'a static one without them by its name' 'LACKS    qmail-queue: link open unlink (taken from elsewhere)' "$(verdict_on qmail-queue)"
  same 'of a static one that it does not know the check says so' \
    'nothing  qmail-start: static, and not known here: if it makes no names, it needs nothing' "$(verdict_on qmail-start)"
else
  echo '# no static C library: static programs are not tried'
fi

# The shapes of make-load.sh that are known, and others.
shape() {
  new_tree
  printf '%s\n' 'echo '"'"'main="$1"; shift'"'" "$1" >"$tree/make-load.sh"
}
for line in 'echo exec "$ld" '"'"'-o "$main" "$main".o ${1+"$@"}'"'" \
            'echo exec "$LD" '"'"'-o "$main" "$main".o -L. ${1+"$@"}'"'"; do
  shape "$line"
  check "known: $line" prepare
done
for line in 'echo exec "$LD" '"'"'-o "$main" "$main".o ${1+"$@"}'"'"' "$LIBS"' \
            'exec $LD -o "$main" "$main".o "$@"' \
            'case "$1" in (*) echo "exec $LD" ;; esac'; do
  shape "$line"
  refused_as_it_was "not known: $line" 'no shape that is known here' prepare
  check 'but its conf-ld can be edited' prepare --conf-ld
done
new_tree
printf '\n' >"$tree/conf-ld"
refused_as_it_was 'a conf-ld without a command is refused' 'no command' prepare --conf-ld

# Rivals, and what is no tree or no archive.
new_tree
: >"$tree/libsyncdir.so.1"
refused_as_it_was 'a libsyncdir.so beside it is refused' 'libsyncdir.so.1 lies where' prepare
new_tree
: >"$tree/syncdir.c"
refused_as_it_was 'a tree with a syncdir of its own is refused' 'syncdir of its own' prepare
new_tree
: >"$tree/libsyncdir.a"
refused_as_it_was 'an archive that is there already is refused' 'is there already' prepare
new_tree
sed -i '1s|$| -lsyncdir|' "$tree/conf-ld"
refused_as_it_was 'an edit by hand is refused' 'conf-ld names syncdir already' prepare
new_tree
refused_as_it_was 'the archive of the calls by name alone is refused' 'holds no wrapper of link' \
  sh "$recipe" --archive "$top_builddir/libsyncdir-api.a" "$tree"
refused_as_it_was 'an archive that is not there is refused' 'cannot be read' sh "$recipe" --archive "$work/none.a" "$tree"
refused_as_it_was 'a full disk is told' 'cannot write in' \
  sh -c 'ulimit -f 8; exec "$@"' sh sh "$recipe" --archive "$archive" "$tree"
refused_as_it_was 'what was not edited is not undone' 'was not edited' sh "$recipe" --undo "$tree"
refused_as_it_was 'what was not prepared is not checked' 'was not prepared' sh "$recipe" --check "$tree"
prepare >/dev/null
refused_as_it_was 'nor what was not built' 'holds no program' sh "$recipe" --check "$tree"
refused_as_it_was 'a script is no program to check' 'no program that can be checked' \
  sh "$recipe" --check "$tree" "$tree/make-load.sh"
echo '# by hand' >>"$tree/make-load.sh"
refused_as_it_was 'what was changed since is not undone' 'was changed since' sh "$recipe" --undo "$tree"
refused_as_it_was 'nor edited again' 'was changed since' prepare
rm "$tree/Makefile"
refused_as_it_was 'another tree is refused' 'no qmail source tree' prepare
same 'a tree that is not there is refused' "qmail-build: $work/none is not a folder.
exit 3" "$(told sh "$recipe" --archive "$archive" "$work/none")"
for wrong in '' --archive --none '--undo tree more' 'tree more'; do
  same "wrong usage: qmail-build $wrong" 'exit 2' "$(told sh "$recipe" $wrong | tail -n 1)"
done
new_tree
prepare >/dev/null && build_qmail
printf '#!/bin/sh\nexec qmail-inject\n' >"$work/datemail"
goes_on() {
  told sh "$recipe" --check "$tree" "$work/datemail" "$tree/qmail-queue" >"$work/told"
  grep -q '^script   datemail' "$work/told" && grep -q '^holds    qmail-queue' "$work/told" ||
    { cat "$work/told"; return 1; }
}
check 'a script before a program does not end the check' goes_on
for wait in 0 0.05 0.1; do sh "$recipe" --check "$tree" 2>/dev/null | sleep $wait; done
same 'nothing temporary is left' '' "$(ls -d "$tree"/.syncdir.* "$TMPDIR"/qmail-build.* 2>/dev/null)"

finish

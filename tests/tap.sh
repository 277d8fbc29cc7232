# SPDX-License-Identifier: GPL-2.0-or-later
# What the shell tests share: TAP lines, a folder to work in, the libraries.
#
#   . "${srcdir:-.}/tests/tap.sh"
#   check the_claim_that_is_proved COMMAND...
#   same another_claim EXPECTED "$(COMMAND...)"
#   finish
#
# A script that cannot run on this machine says why with skip_all, one claim of it
# with skip; .ci/run treats both as failures.

set -u
# Whoever runs the tests may have other habits, and no standard input, which dash cannot
# do without in a pipeline.
umask 022
LC_ALL=C
export LC_ALL
unset LANGUAGE POSIXLY_CORRECT CDPATH
exec </dev/null
top_srcdir=$(cd "${srcdir:-.}" && pwd)
top_builddir=$(pwd)
library=$top_builddir/.libs/libsyncdir.so
api_library=$top_builddir/.libs/libsyncdir-api.so
archive=$top_builddir/libsyncdir.a
tests_run=0

# So many seconds after which something hangs for ever.  It is no measure of anything:
# a machine that is busy, or slow, must not fail a test.
patience=300

# An empty folder of this test's own, on a disk: what is held in memory is never
# flushed.  at_exit COMMAND is run before it goes.
case $(stat -f -c %T "${TMPDIR:-/tmp}") in
  tmpfs | ramfs) on_disk=$top_builddir ;;
  *) on_disk=${TMPDIR:-/tmp} ;;
esac
work=$(mktemp -d "$on_disk/syncdir-test.XXXXXX") || exit 99
cleanup=:
at_exit() { cleanup="$*; $cleanup"; }
trap 'cd /; eval "$cleanup"; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

skip_all() {
  echo "1..0 # SKIP $*"
  exit 0
}

# A test of the archives alone says shared=no before it comes here.
[ "${shared-}" = no ] || [ -e "$library" ] || skip_all 'configured with --disable-shared'

# check CLAIM COMMAND...: ok if the command succeeds; its output, if it fails.
check() {
  claim=$1
  shift
  tests_run=$((tests_run + 1))
  if output=$("$@" 2>&1); then
    echo "ok $tests_run - $claim"
  else
    echo "not ok $tests_run - $claim"
    printf '%s\n' "$output" | sed 's/^/# /'
  fi
}

# same CLAIM EXPECTED FOUND: ok if both are the same text.
same() {
  check "$1" sh -c 'test "$1" = "$2" || { printf "expected:\n%s\nfound:\n%s\n" "$1" "$2"; exit 1; }' \
    same "$2" "$3"
}

# skip CLAIM REASON
skip() {
  tests_run=$((tests_run + 1))
  echo "ok $tests_run - $1 # SKIP $2"
}

# all_pass COMMAND...: runs a TAP program; its failures, if it has any.
all_pass() {
  "$@" >"$work/tap" 2>&1 && ! grep '^not ok' "$work/tap" && grep -q '^ok' "$work/tap" && return
  tail -n 5 "$work/tap"
  return 1
}

# said TEXT: whether it stands in $work/said, what a command has said; all of that if not.
said() { grep -F -e "$1" "$work/said" || { cat "$work/said"; return 1; }; }

# until_true COMMAND...: waits until it succeeds; fails if it never does.
until_true() {
  for _ in $(seq $((20 * patience))); do
    "$@" && return
    sleep 0.05
  done
  return 1
}

# The lines say what failed; an exit status as well would count it twice.
finish() {
  echo "1..$tests_run"
  exit 0
}

# SPDX-License-Identifier: GPL-2.0-or-later
# Namespaces for a test alone.  Sourced after tap.sh.

# Where the root is no mount point, as in some chroots, mounts cannot be made private.
apart='unshare --mount'
$apart true 2>/dev/null || apart="$apart --propagation unchanged"

# begin_apart OPTIONS [ARGUMENT...]: begins the script again, with its arguments, in a
# mount namespace of its own, and in more by the OPTIONS of unshare; there, does
# nothing.  What the script leaves goes with them, however it ends.
begin_apart() {
  [ -z "${SYNCDIR_TEST_APART-}" ] && $apart $1 true 2>/dev/null || return 0
  apart="$apart $1"
  shift
  trap - EXIT
  rm -rf "$work"
  SYNCDIR_TEST_APART=yes exec $apart sh "$0" "$@"
}

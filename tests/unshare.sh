# SPDX-License-Identifier: GPL-2.0-or-later
# Namespaces for a test alone.  Sourced after tap.sh.

# In a chroot whose root is no mount point unshare cannot make that mount private, and
# what is mounted below it the machine may see as well.
apart='unshare --mount'
private=yes
$apart true 2>/dev/null || apart="$apart --propagation unchanged" private=no

# begin_apart OPTIONS [ARGUMENT...]: begins the script again, with its arguments, in a
# mount namespace of its own, and in more by the OPTIONS of unshare; there, does
# nothing.  What the script leaves goes with them, however it ends.
begin_apart() {
  if [ -n "${SYNCDIR_TEST_APART-}" ]; then
    [ $private = yes ] ||
      awk '{ print $2 }' /proc/self/mounts | while read -r mounted; do mount --make-private "$mounted"; done
    return
  fi
  $apart $1 true 2>/dev/null || return
  apart="$apart $1"
  shift
  trap - EXIT
  rm -rf "$work"
  SYNCDIR_TEST_APART=yes exec $apart sh "$0" "$@"
}

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GlusterFS, distributed volumes: a file whose new name belongs on another brick leaves a
# pointer there, which nothing flushes.  After a power cut of all bricks the name is listed,
# but not found, until cluster.lookup-optimize is off.  syncdir --check tells such a volume.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/layers/glusterfs.inc"

# told STATUS PATTERN...: what --check says of the volume.
told() {
  syncdir --check ./volume >said 2>&1
  found=$?
  cat said
  [ "$found" -eq "$1" ] && shift && for pattern; do grep -q -e "$pattern" said || return; done
}
told_without_root() {
  chmod 755 "$work" && setpriv --reuid 65534 --clear-groups syncdir --check "$work/volume" >said 2>&1
  [ $? -eq 1 ] && grep 'ask as root whether' said || { cat said; return 1; }
}

# mount_anew: a client that has listed nothing yet.
mount_anew() { umount volume && quietly mount -t glusterfs brick:/mail volume && until_true test -d volume/b; }

# is_elsewhere NAME: whether a brick has no more than a pointer to it.
is_elsewhere() { find [1-9]/brick/b -name "$1" -perm 1000 | grep -q .; }

# moved_elsewhere PREFIX COMMAND...: runs it, with N and the library, until the name
# PREFIX.N that it makes belongs on another brick; prints that.
moved_elsewhere() {
  prefix=$1
  shift
  for n in $(seq 40); do
    touch "volume/a/$n.$prefix" && for folder in $folders; do sync -f "$folder"; done
    (cd volume && LD_PRELOAD=$library "$@" "a/$n.$prefix" "b/$prefix.$n") || return
    ! is_elsewhere "$prefix.$n" || { echo "$prefix.$n"; return; }
  done
  return 1
}

# judge NAME
judge() {
  check "of_a_${1}_volume_check_says_so" told 1 'distributed over several' 'cluster.lookup-optimize off'
  mkdir volume/a volume/b
  made=$(seq 8)
  for n in $made; do LD_PRELOAD=$library touch "volume/b/$n" || exit 99; done
  lose_power $all && power_on $all && mount_anew || exit 99
  found_of() { for name; do [ ! -e "volume/b/$name" ] || echo "$name"; done | wc -l; }
  same "in_a_${1}_volume_each_new_file_is_found" 8 "$(found_of $made)"

  # The last call is the link; what follows it would flush its brick.
  moved=$(moved_elsewhere moved mv) && linked=$(moved_elsewhere linked ln) &&
    lose_power $all && power_on $all && mount_anew || exit 99
  same "in_a_${1}_volume_a_link_is_not_found_by_its_name" 0 "$(found_of "$linked")"
  volume set mail cluster.lookup-optimize off >/dev/null && mount_anew || exit 99
  same "in_a_${1}_volume_with_lookup-optimize_off_every_name_is" 2 "$(found_of "$moved" "$linked")"
}

make_bricks 1 2
begin_glusterd
make_volume
judge distributed

umount volume && rmdir volume && volume stop mail force >/dev/null && volume delete mail >/dev/null &&
  rm -rf [12]/brick || exit 99
make_bricks 3 4 5 6
make_volume replica 3
check without_root_check_says_who_can_tell told_without_root
judge distributed_and_replicated

umount volume && rmdir volume && volume stop mail force >/dev/null && volume delete mail >/dev/null &&
  rm -rf [1-6]/brick || exit 99
all='1 2 3'
make_volume replica 3
told_alone() { ! told 1 'distributed over several' && told 1 'creating, linking or renaming a file'; }
check a_replicated_volume_is_told_from_these told_alone

finish

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GlusterFS, three replicated bricks, one of them on powercut's device, while two programs
# make, link and rename files.  After a cut at any write each name that a program was told
# of is on that brick.  The three are alike, so it holds too where all lose power at once.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/layers/glusterfs.inc"
. "$top_srcdir/tests/crash/crash.inc"

make_bricks 2 3
mkdir volume

# Begun in the filesystem of brick 1.
cat >run <<'END'
brick=$PWD/brick
rm -rf "$work"/[23]/brick /var/lib/glusterd/*
quietly() { "$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }; }
quietly glusterd
until gluster --mode=script volume list >/dev/null 2>&1; do sleep 0.1; done
quietly gluster --mode=script volume create mail replica 3 "brick:$brick" "brick:$work/2/brick" "brick:$work/3/brick" force
quietly gluster --mode=script volume start mail
quietly mount -t glusterfs brick:/mail "$work/volume"
until mkdir "$work/volume/first" 2>/dev/null && [ -d "$brick/first" ]; do
  rmdir "$work/volume/first" 2>/dev/null
  sleep 0.1
done
cd "$work/volume" && mkdir a b && sync -f "$brick" && sync -f "$brick" || exit
step() { LD_PRELOAD=$library "$@" || exit; }
tell() { echo "told brick/$1" >"$POWERCUT_MARKS"; }
deliver() {
  for n in 1 2 3 4 5 6; do
    step touch "a/made$1.$n" && tell "a/made$1.$n"
    step ln "a/made$1.$n" "b/linked$1.$n" && tell "b/linked$1.$n"
    step touch "a/old$1.$n" && step mv "a/old$1.$n" "b/moved$1.$n" && tell "b/moved$1.$n"
  done
}
deliver 1 & first=$!
deliver 2 & second=$!
wait $first && wait $second
status=$?
cd / && umount "$work/volume"
exit $status
END

# cut_brick LIBRARY OPTION...
cut_brick() {
  preload=$1
  shift
  cut "$@" --cuts random:150 --cache reorder:2 --keep none --run "work='$work' library='$preload' sh '$work/run'" \
    --check 'while read told name; do test -e "$name" || { echo "$name is gone"; exit 1; }; done'
  sed -n 's/^.*states tested/# &/p' out
}
cut_brick "$library" --fs ext4 --size 48M
check nothing_that_was_told_is_lost_on_a_brick_on_ext4 ends_with 0
cut_brick '' --fs ext4 --size 48M
check without_the_library_it_is ends_with 1
cut_brick "$library" --fs xfs --size 320M
check nothing_that_was_told_is_lost_on_a_brick_on_xfs ends_with 0

finish

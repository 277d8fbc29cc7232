#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is easily overlooked: changes that nobody has flushed, and the power cut; each
# must be convicted.  And flushed, not: powercut sees all of a tree, and nothing else.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

# A call by $preload in the tree t, or in another by which it is reached.
cat >"$work/in_tree" <<'END_OF_RUN'
set -e
mkdir t
ln -s t symlink
sync -f . && sync -f .
echo "begins ${tree:-t} mkdir t/d" >$POWERCUT_MARKS
LD_PRELOAD=$preload mkdir t/d
echo "returned ${tree:-t}" >$POWERCUT_MARKS
END_OF_RUN

# Names that are longer together than PATH_MAX.
cat >"$work/deep" <<'END_OF_RUN'
my $name = "x" x 200;
mkdir "t" and chdir "t" or die;
mkdir $name and chdir $name or die for 1 .. 25;
system "sync -f . && sync -f .";
open my $marks, ">", $ENV{POWERCUT_MARKS} or die;
sub mark { syswrite $marks, "@_\n" or die; }
mark "begins t mkdir";
mkdir "d" or die;
mark "returned t";
END_OF_RUN

for kind in ext4 ext2; do
  cut --fs $kind --keep none --run "preload= tree=symlink sh $work/in_tree"
  check "a_tree_that_is_reached_by_a_symlink_is_judged_on_$kind" ends_with 1
  cut --fs $kind --keep none --run "preload=$library tree=symlink sh $work/in_tree"
  check "and_acquitted_on_$kind" ends_with 0
  cut --fs $kind --keep none --run "perl $work/deep"
  check "a_tree_deeper_than_path_max_is_judged_on_$kind" ends_with 1
  cut --fs $kind --keep none --run "LD_PRELOAD=$library perl $work/deep"
  check "and_acquitted_too_on_$kind" ends_with 0
done

# With barrier=0 ext4 writes and never flushes; whoever flushes his marks does not
# flush the disk.
cut --keep none --run 'mkdir t; sync -f .; mount -o remount,barrier=0 .
  echo "begins t mkdir t/d" >$POWERCUT_MARKS
  mkdir t/d; sync -f t; sync $POWERCUT_MARKS
  echo "returned t" >$POWERCUT_MARKS'
check fsync_of_the_marks_flushes_no_disk grep -q ': lost [1-9]' "$work/out"

finish

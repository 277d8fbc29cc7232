# SPDX-License-Identifier: GPL-2.0-or-later
# SYNCDIR_ONLY on btrfs: a file gets a name where nothing is flushed and loses the one
# where everything is.  Whatever is cut, it has one of them.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

# removed HOW COMMAND: A is flushed, B is not; COMMAND takes the name of A/1.
removed() {
  cut --fs btrfs --cache reorder:2 --keep none --run "
    mkdir A B && echo x >A/1 && echo y >A/2 && sync -f . && echo ready >\$POWERCUT_MARKS || exit
    ln A/1 B/1 && $1 $2 && echo removed >\$POWERCUT_MARKS" --check '
    for name in A/1 B/1; do ! grep -q x $name 2>/dev/null || exit 0; done; echo "x has no name"; exit 1'
  sed -n 's/^.*states tested/# &/p' "$work/out"
}

only="LD_PRELOAD='$library' SYNCDIR_ONLY=A"
removed "$only" 'rm A/1'
check a_file_that_is_removed_keeps_its_other_name ends_with 0
removed "$only" 'mv A/2 A/1'
check a_file_that_is_replaced_keeps_its_other_name ends_with 0
# Unless the filesystem commits by itself in between.
for try in 1 2 3 4 5; do
  removed '' 'rm A/1 && sync A'
  [ "$status" -eq 0 ] || break
done
check the_directory_alone_leaves_it_none ends_with 1

finish

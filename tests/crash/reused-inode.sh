# SPDX-License-Identifier: GPL-2.0-or-later
# Without a journal something new may get the inode of a file that was removed in
# the same second by somebody who flushes nothing.  After a cut the inode has both
# names.  A directory may have one only, and e2fsck takes the other away: it must not
# be the one that the library has promised.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

# made COMMAND: five times; what is older stays when e2fsck has the choice.
made() {
  cut --fs ext2 --cache reorder:2 --keep none --run '
    mkdir old new && touch old/1 old/2 old/3 old/4 old/5 && sync -f . && sync -f . || exit
    for i in 1 2 3 4 5; do
      rm old/$i && '"$1"' && echo "made new/$i" >$POWERCUT_MARKS || exit
    done' --check 'while read word name; do
      test -e "$name" || { echo "$name is gone"; exit 1; }
      test ! "$name" -ef "old/${name#new/}" || { echo "$name is what was removed"; exit 4; }
    done'
}

made "LD_PRELOAD='$library' mkdir new/\$i"
check a_directory_with_the_inode_of_a_removed_file_stays ends_with 0
made 'mkdir new/$i && sync new/$i new'
check fsync_of_both_directories_does_not_keep_it ends_with 1
made "LD_PRELOAD='$library' touch new/\$i"
check a_file_with_the_inode_of_a_removed_file_has_its_own_name_alone ends_with 0
made ': >new/$i && sync new/$i new'
check fsync_of_file_and_directory_leaves_it_both ends_with 1

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# overlayfs with its upper directory on a filesystem without a journal: the flushes of
# both directories of a rename are all that keeps it, and their order decides what a cut
# between them leaves.  It may show both names, never none.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/crash/crash.inc"

# moved HOW CALL: file s, durable, is moved from A to B by CALL; and HOW says by which
# flushes.
moved() {
  cut --fs overlay --mkfs '-O ^has_journal,^dir_index' --cache reorder:6 --keep none --run '
    mkdir A B && for i in 1 2 3 4 5; do echo $i >A/$i; echo -$i >B/-$i; done && sync -f . && sync -f . || exit
    for i in 1 2 3 4 5; do '"$1"' || exit; echo "moved $i" >$POWERCUT_MARKS; done' --check "$2"
  sed -n 's/^.*states tested/# &/p' "$work/out"
}

# Of each there is a name, and of each that was marked the new one.
found='while read word i; do test -e B/$i || { echo "B/$i is gone"; exit 1; }; done
  for i in 1 2 3 4 5; do test -e A/$i || test -e B/$i || { echo "$i has no name"; exit 1; }; done'
moved "LD_PRELOAD='$library' mv A/\$i B/\$i" "$found"
check a_rename_leaves_a_name_in_either_directory ends_with 0
moved "mv A/\$i B/\$i && sync A && sync B" "$found"
check old_before_new_leaves_none ends_with 1

exchanged='while read word i; do grep -q -e - A/$i 2>/dev/null || { echo "A/$i is as it was"; exit 1; }
  done'
cat >"$work/exchange.c" <<'END'
#include <fcntl.h>
#include <stdio.h>
int main(int count, char **words)
{
  return renameat2(AT_FDCWD, words[1], AT_FDCWD, words[2], RENAME_EXCHANGE) != 0;
}
END
$CC -D_GNU_SOURCE -o "$work/exchange" "$work/exchange.c" || exit 99
moved "LD_PRELOAD='$library' '$work/exchange' A/\$i B/-\$i" "$exchanged"
check an_exchange_is_durable_in_both_directories ends_with 0
moved "'$work/exchange' A/\$i B/-\$i && sync B" "$exchanged"
check the_new_directory_alone_does_not_keep_an_exchange ends_with 1

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# What a cut has left is read from the disk, also where another program looks at all
# devices while powercut is at work.
. "${srcdir:-.}/tests/tap.sh"

[ "$(id -u)" -eq 0 ] && [ -e /dev/loop-control ] || skip_all 'no loop devices'
$CC -D_GNU_SOURCE -I"$top_srcdir/src/powercut" -o "$work/stale" "$top_srcdir/tests/powercut/stale.c" \
  "$top_srcdir/src/powercut/device.c" || exit 99
truncate -s 1M "$work/image"
check no_page_is_read_as_it_was_before "$work/stale" "$work/image"

finish

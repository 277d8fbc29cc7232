# SPDX-License-Identifier: GPL-2.0-or-later
# What a recovery writes is known from the kernel's trace of the device: all of it is
# told, or that something may be missing.
. "${srcdir:-.}/tests/tap.sh"

[ "$(id -u)" -eq 0 ] && [ -e /dev/loop-control ] || skip_all 'no loop devices'
$CC -D_GNU_SOURCE -I"$top_srcdir/src/powercut" -o "$work/traced" \
  "$top_srcdir/tests/powercut/traced.c" "$top_srcdir/src/powercut/device.c" \
  "$top_srcdir/src/powercut/written.c" || exit 99
truncate -s 8M "$work/image"
"$work/traced" "$work/image" "$work/trace" >"$work/out" 2>&1
status=$?
[ $status -ne 77 ] || skip_all 'the kernel does not trace requests'
same each_write_is_told_or_missed "0 " "$status $(cat "$work/out")"

finish

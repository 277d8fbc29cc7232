#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All tests of the wrapped calls in a static program of musl: with this tree's
# archive, and with one that was built for musl.
shared=no
. "${srcdir:-.}/tests/tap.sh"

command -v musl-gcc >/dev/null || skip_all 'no musl-gcc'

# musl has no <linux/...>: the system's, wherever its own compiler finds them,
# looked for after musl's own.
system_headers() {
  cc -E -Wp,-v -x c /dev/null 2>&1 >/dev/null | sed -n 's|^ \(/.*\)|-idirafter \1|p'
}

# every_claim_holds_with ARCHIVE
every_claim_holds_with() {
  musl-gcc -static -O2 -Wall -Werror -o "$work/static-musl" \
    -D_GNU_SOURCE -DWAY='"static musl"' -DARCHIVED -DSTATIC \
    -I"$top_srcdir/lib" -I"$top_srcdir/tests/wrap/musl" -include check.h $(system_headers) \
    "$top_srcdir"/tests/wrap/*.c "$top_srcdir/tests/wrap/musl/check.c" "$1" &&
    TMPDIR=$work all_pass "$work/static-musl"
}

build_for_musl() {
  mkdir "$work/musl" && cd "$work/musl" &&
    "$top_srcdir/configure" CC=musl-gcc --disable-shared --enable-werror &&
    env MAKEFLAGS= MAKELEVEL= make
}

check every_claim_holds_with_the_archive_of_this_tree every_claim_holds_with "$archive"
check the_tree_can_be_built_for_musl build_for_musl
check every_claim_holds_with_the_archive_for_musl every_claim_holds_with "$work/musl/libsyncdir.a"

finish

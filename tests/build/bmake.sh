# SPDX-License-Identifier: GPL-2.0-or-later
# BSD's make builds and tests the tree, and what it installs it removes.
shared=no
. "${srcdir:-.}/tests/tap.sh"

command -v bmake >/dev/null || skip_all 'no bmake'

mkdir "$work/build" "$work/root"
cd "$work/build" || exit 99
with_bmake() { env -u MAKEFLAGS -u MAKELEVEL bmake "$@"; }

check it_is_configured "$top_srcdir/configure" CC="$CC" --prefix=/usr --libdir=/usr/lib
check bmake_builds with_bmake
check bmake_tests with_bmake check TESTS=tests/abi/exports.sh
same its_tests_have_passed '# FAIL:  0' "$(grep '^# FAIL:' test-suite.log)"
check bmake_installs with_bmake install DESTDIR="$work/root"
same what_is_installed "./usr/bin/syncdir
./usr/include/syncdir.h
./usr/lib/libsyncdir-api.a
./usr/lib/libsyncdir-api.la
./usr/lib/libsyncdir-api.so
./usr/lib/libsyncdir-api.so.1
./usr/lib/libsyncdir-api.so.1.0.0
./usr/lib/libsyncdir.a
./usr/lib/libsyncdir.la
./usr/lib/libsyncdir.so
./usr/lib/libsyncdir.so.1
./usr/lib/libsyncdir.so.1.0.0
./usr/lib/pkgconfig/syncdir-api.pc
./usr/lib/pkgconfig/syncdir.pc
./usr/libexec/syncdir/check
./usr/libexec/syncdir/probe
./usr/sbin/qfsck
./usr/share/bash-completion/completions/syncdir.bash
./usr/share/fish/vendor_completions.d/syncdir.fish
./usr/share/man/man1/syncdir.1
./usr/share/man/man3/libsyncdir.3
./usr/share/man/man8/qfsck.8
./usr/share/zsh/site-functions/_syncdir" "$(cd "$work/root" && find . ! -type d | LC_ALL=C sort)"
check bmake_removes with_bmake uninstall DESTDIR="$work/root"
same nothing_is_left '' "$(cd "$work/root" && find . ! -type d)"

finish

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
# installed FOLDER PREFIX: what is below the prefix.
installed() { (cd "$1/$2" && find . ! -type d | LC_ALL=C sort); }
gnu_make_installs() { env -u MAKEFLAGS -u MAKELEVEL make -C "$top_builddir" install DESTDIR="$work/gnu"; }
prefix=$(sed -n 's/^prefix = //p' "$top_builddir/Makefile")
check gnu_make_installs gnu_make_installs
check something_is_installed [ -x "$work/root/usr/sbin/qfsck" ]
same it_installs_the_same_as_gnu_make "$(installed "$work/gnu" "$prefix")" "$(installed "$work/root" usr)"
check bmake_removes with_bmake uninstall DESTDIR="$work/root"
same nothing_is_left '' "$(cd "$work/root" && find . ! -type d)"

finish

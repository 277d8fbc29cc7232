# SPDX-License-Identifier: GPL-2.0-or-later
# make install puts each file where it belongs, with DESTDIR and without; what is
# installed works; make uninstall leaves nothing; and a second build is the same.
. "${srcdir:-.}/tests/tap.sh"

cd "$work" || exit 99
make=${MAKE:-make}
unset MAKEFLAGS MFLAGS MAKELEVEL LD_PRELOAD SYNCDIR SYNCDIR_ONLY SYNCDIR_TRACE
quietly() { "$@" >log 2>&1 </dev/null || { tail -n 20 log; return 1; }; }
installed() { (cd "$1" && find . ! -type d | LC_ALL=C sort); }
hashes() { (cd "$1" && find . -type f | LC_ALL=C sort | xargs cksum); }

prefix=$(sed -n 's/^prefix = //p' "$top_builddir/Makefile")
check install_with_destdir quietly "$make" -C "$top_builddir" install DESTDIR="$work/staged"
installed "staged$prefix" >files
for file in bin/syncdir libexec/syncdir/probe libexec/syncdir/check lib/libsyncdir.so \
  lib/libsyncdir.so.1 lib/libsyncdir-api.so.1 lib/libsyncdir.a lib/libsyncdir-api.a \
  lib/pkgconfig/syncdir.pc lib/pkgconfig/syncdir-api.pc include/syncdir.h \
  share/man/man1/syncdir.1 share/man/man3/libsyncdir.3 \
  share/bash-completion/completions/syncdir.bash share/zsh/site-functions/_syncdir \
  share/fish/vendor_completions.d/syncdir.fish \
  share/bash-completion/completions/qfsck.bash share/zsh/site-functions/_qfsck \
  share/fish/vendor_completions.d/qfsck.fish; do
  check "$file" grep -qx "./$file" files
done
# What the compiler sees in the header has a page of its own name.
for call in $(echo '#include <syncdir.h>' | ${CC:-cc} -E -P -I"$top_srcdir/lib" - \
  | grep -o 'syncdir_[a-z0-9_]*(' | tr -d '('); do
  check "page_of_$call" grep -qx '.so man3/libsyncdir.3' "staged$prefix/share/man/man3/$call.3"
done
check the_library_has_no_set_id_bit test ! -u "staged$prefix/lib/libsyncdir.so.1"
check uninstall_with_destdir quietly "$make" -C "$top_builddir" uninstall DESTDIR="$work/staged"
same it_leaves_nothing '' "$(installed staged)"

# In a place of its own, for set-id programs, and with what a packager may ask for.
configure() {
  mkdir first && (cd first && quietly "$top_srcdir/configure" CC="$CC" --prefix="$work/prefix" --enable-setid-preload \
    CPPFLAGS='-D_FORTIFY_SOURCE=2 -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64')
}
check configure configure
check make quietly "$make" -C first -j 2
check install quietly "$make" -C first install
same the_same_files_are_installed "$(cat files)" "$(installed prefix)"
same what_is_installed_works "$work/prefix/lib/libsyncdir.so.1" "$(prefix/bin/syncdir printenv LD_PRELOAD)"
# What the headers make of open and memcpy then.
defined() { nm -D --defined-only "$1" | cut -d' ' -f3 | LC_ALL=C sort; }
same its_names_are_the_same "$(defined "$library")" "$(defined prefix/lib/libsyncdir.so.1)"
same it_asks_for_no_other_names '' "$(nm -D --undefined-only prefix/lib/libsyncdir.so.1 | grep -e _chk -e 64@)"
check it_finds_itself_protected prefix/bin/syncdir --check
# One that is a mount point in every chroot too.
check its_check_knows_directories sh -c 'prefix/bin/syncdir --check /proc >said; [ $? -le 2 ] && grep -q "filesystem:" said'
check the_library_has_the_bit test -u prefix/lib/libsyncdir.so.1
same nothing_else_has_it '' "$(find prefix -perm /6000 ! -name 'libsyncdir.so.1*')"
hashes prefix >first.sums
check uninstall quietly "$make" -C first uninstall
same it_leaves_nothing_either '' "$(installed prefix)"
quietly "$make" -C first clean
check make_again quietly "$make" -C first -j 2
quietly "$make" -C first install
same a_second_build_is_identical "$(cat first.sums)" "$(hashes prefix)"

# Without what the launcher needs.
mkdir without
check without_its_libraries_configure_says_what_to_do sh -c '
  cd without && ! "$1/configure" CC="$2" LIBELF_CFLAGS= PKG_CONFIG=/bin/false >log 2>&1
  grep -q "libelf-dev libmount-dev libcap-dev.*--disable-launcher" log' sh "$top_srcdir" "$CC"
check without_the_launcher_no_libraries_are_needed sh -c '
  cd without && "$1/configure" CC="$2" PKG_CONFIG=/bin/false --disable-launcher >log 2>&1' sh "$top_srcdir" "$CC"

finish

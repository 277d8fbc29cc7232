# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed is enough to build with, by pkg-config, and stays in charge.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/trace.inc"

command -v pkg-config >/dev/null || skip_all 'no pkg-config'

root=$work/root
env MAKEFLAGS= make -s -C "$top_builddir" install DESTDIR="$root" >"$work/install.log" 2>&1 ||
  { cat "$work/install.log"; echo 'Bail out! make install'; exit 1; }
libdir=$(dirname "$(find "$root" -name libsyncdir.so)")
includedir=$(dirname "$(find "$root" -name syncdir.h)")

# The paths inside $root; those that pkg-config takes for the compiler's own too.
flags() {
  PKG_CONFIG_LIBDIR=$libdir/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
    PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config "$@"
}

# linked_with PACKAGE ARGUMENT...: with a linker that drops what it does not need.
linked_with() {
  package=$1
  shift
  $CC -o "$work/$package-program" -Wl,--as-needed "$@" -Wall -Werror -Wl,-rpath,"$libdir"
}

needed() { readelf --wide --dynamic "$1" | sed -n 's/.*(NEEDED).*\[\(libsyncdir.*\)\]/\1/p'; }

in_charge() { watch '' "$work/syncdir-program" && are_flushed plain called; }
only_by_name() { watch '' "$work/syncdir-api-program" && are_flushed called && are_not_flushed plain; }
plain_in_charge() { watch '' "$work/syncdir-program" && are_flushed plain; }

source=$top_srcdir/tests/abi/linked.c
check "a_program_can_be_built_with_libsyncdir_before_its_objects" \
  linked_with syncdir $(flags --cflags --libs syncdir) "$source"
check "a_program_can_be_built_with_libsyncdir_api" \
  linked_with syncdir-api "$source" $(flags --cflags --libs syncdir-api)
for package in syncdir syncdir-api; do
  same "pkg_config_knows_the_version_of_$package" 2.0.0 "$(flags --modversion "$package")"
  same "lib${package}_is_needed" "lib$package.so.1" "$(needed "$work/$package-program")"
  same "lib${package}_says_that_it_is_2.0.0" 2.0.0 "$("$work/$package-program" --version)"
done
check "linked_with_syncdir_both_calls_are_durable" in_charge
check "linked_with_syncdir_api_only_the_syncdir_call_is_durable" only_by_name

check "a_program_that_calls_no_syncdir_function_can_be_built" \
  linked_with syncdir $(flags --cflags --libs syncdir) "$source" -DPLAIN
same "libsyncdir_is_needed_all_the_same" libsyncdir.so.1 "$(needed "$work/syncdir-program")"
check "its_calls_are_durable" plain_in_charge

echo '#include <syncdir.h>' >"$work/header.c"
for standard in c99 c11; do
  check "the_header_alone_compiles_as_$standard" \
    $CC -std=$standard -pedantic -Wall -Wextra -Werror -I"$includedir" -c -o "$work/header.o" "$work/header.c"
done

# The archive, after the objects; -static takes it of itself.
for package in syncdir syncdir-api; do
  check "a_static_program_can_be_built_with_$package" \
    linked_with $package -static "$source" $(flags --static --cflags --libs $package)
done
check "in_a_static_program_linked_with_syncdir_both_calls_are_durable" in_charge
check "in_one_linked_with_syncdir_api_only_the_syncdir_call_is_durable" only_by_name

if command -v "${CXX:-g++}" >/dev/null; then
  check "the_header_is_good_for_cplusplus" \
    "${CXX:-g++}" -pedantic -Wall -Wextra -Werror $(flags --cflags syncdir) -o "$work/cc" \
    "$top_srcdir/tests/abi/linked.cc" $(flags --libs syncdir) -Wl,-rpath,"$libdir"
  check "and_links_to_the_names_of_C" "$work/cc"
  # README's line; libstdc++.a stands behind what pkg-config says.
  cat >"$work/moves.cc" <<'END'
#include <filesystem>
#include "mark.h"
static int moved() { std::filesystem::rename("old", "new"); return 1; }
int main()
{
  const marked_call call = { "moved", moved };
  make_marked(&call);
}
END
  check "a_static_program_in_cplusplus_can_be_built" \
    "${CXX:-g++}" -static -std=c++17 -w -I"$top_srcdir/tests/abi" -o "$work/moves" "$work/moves.cc" \
    $(flags --static --libs syncdir)
  moves() { watch '' "$work/moves" && are_flushed moved; }
  check "and_what_libstdcplusplus_renames_for_it_is_durable" moves
else
  skip the_header_is_good_for_cplusplus 'no C++ compiler'
fi

finish

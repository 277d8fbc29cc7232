# SPDX-License-Identifier: GPL-2.0-or-later
# CMake's pkg_check_modules, which sorts the words of a pkg-config file, builds programs
# that hold what they should: the shared library, or the archive in a static one.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/trace.inc"

command -v cmake >/dev/null || skip_all 'no cmake'
command -v pkg-config >/dev/null || skip_all 'no pkg-config'

root=$work/root
env MAKEFLAGS= make -s -C "$top_builddir" install DESTDIR="$root" >"$work/install.log" 2>&1 ||
  { cat "$work/install.log"; echo 'Bail out! make install'; exit 1; }
libdir=$(dirname "$(find "$root" -name libsyncdir.so)")

# A program that calls no syncdir function, one that does, and one whose calls are made in
# another archive, in CMake's order: what pkg-config says, the objects, the libraries.
cat >"$work/other.c" <<'END'
#include <unistd.h>
int other(void);
int other(void) { return link("old", "new") == 0; }
END
cat >"$work/behind.c" <<'END'
#include "mark.h"
int other(void);
int main(void)
{
  make_marked(&(struct marked_call) { "plain", other });
  return 0;
}
END
cat >"$work/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.13)
project(linked C)
find_package(PkgConfig REQUIRED)
if(ARCHIVES)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
endif()
pkg_check_modules(SYNCDIR REQUIRED IMPORTED_TARGET syncdir)
include_directories($top_srcdir/tests/abi)
add_link_options(-Wl,--as-needed -Wl,-rpath,$libdir)
add_library(other STATIC other.c)
add_executable(plain $top_srcdir/tests/abi/linked.c)
target_compile_definitions(plain PRIVATE PLAIN)
add_executable(called $top_srcdir/tests/abi/linked.c)
add_executable(behind behind.c)
target_link_libraries(behind other)
foreach(program plain called behind)
  target_link_libraries(\${program} PkgConfig::SYNCDIR)
endforeach()
END

# built HOW OPTION...: into $work/HOW.
built() {
  how=$1
  shift
  PKG_CONFIG_LIBDIR=$libdir/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 \
    PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 cmake -DCMAKE_C_COMPILER="${CC%% *}" "$@" -S "$work" -B "$work/$how" &&
    env MAKEFLAGS= cmake --build "$work/$how"
}
fires() { watch '' "$1" && are_flushed plain; }

check it_builds_dynamic_programs built dynamic
check it_builds_static_programs built static -DCMAKE_EXE_LINKER_FLAGS=-static -DARCHIVES=ON
for how in dynamic static; do
  for program in plain called behind; do
    check "the_calls_of_a_${how}_program_are_durable ($program)" fires "$work/$how/$program"
  done
done
check the_static_ones_are_static sh -c '! readelf -lW "$1" | grep INTERP' sh "$work/static/plain"

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# The archives hold what they should and nothing else, and replace libc's own
# objects in every kind of program: each name alone, and all of them together.
shared=no
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/symbols.inc"
. "$top_srcdir/tests/abi/trace.inc"

api_archive=$top_builddir/libsyncdir-api.a
{ wrapped_names; seen_names; } | LC_ALL=C sort >"$work/wrapped"
# In a dynamic program these are libc's own, in a static one they open by our __open.
printf '%s\n' freopen freopen64 >"$work/libcs"
grep -Fxv -f "$work/libcs" "$work/wrapped" >"$work/ours"
grep -o 'syncdir_[a-z0-9_]*(' "$top_srcdir/lib/syncdir.h" | tr -d '(' | LC_ALL=C sort >"$work/declared"

# members ARCHIVE: MEMBER VISIBILITY NAME of each global symbol; UND for one that
# is asked for.
members() {
  readelf --wide --symbols "$1" | awk '
    /^File:/ { sub(/.*\(/, ""); sub(/\).*/, ""); member = $0 }
    $5 ~ /^(GLOBAL|WEAK)$/ { print member, $7 == "UND" ? "UND" : $6, $8 }'
}
defined() { members "$1" | awk -v want="$2" '$2 == want { print $3 }' | LC_ALL=C sort -u; }
asked_for() {
  members "$1" | awk '$2 == "UND" { print $3 }' | LC_ALL=C sort -u |
    awk 'NR == FNR { ours[$1]; next } !($1 in ours)' "$work/$(basename "$1")" -
}

for each in "$archive" "$api_archive"; do
  { defined "$each" DEFAULT; defined "$each" HIDDEN; } >"$work/$(basename "$each")"
done

# libc_of CC: the archive that CC takes in a static program.
echo 'int main(void) { return 0; }' >"$work/main.c"
libc_of() { "$@" -static -Wl,--trace -o "$work/main" "$work/main.c" | grep -m 1 '/libc\.a$'; }
case $(libc_of $CC) in
  '') skip_all 'no static C library' ;;
  *musl*) skip_all 'not glibc' ;;
esac

# objects LIBC: OBJECT NAME, for each object of it that has a wrapped name; and
# "alias", if it is one of a wrapped name.
objects() {
  nm -A -g --defined-only "$1" 2>/dev/null | sed 's/^[^:]*://; s/:/ /' |
    awk 'NR == FNR { wrapped[$1]; next }
      { object[++n] = $1; address[n] = $1 $2; name[n] = $4 }
      $4 in wrapped { holds[$1]; starts[$1 $2] }
      END {
        for (i = 1; i <= n; i++)
          if (object[i] in holds)
            print object[i], name[i], address[i] in starts ? "alias" : ""
      }' "$work/ours" -
}

# uses NAME...: a program that has no use for anything but these names.
uses() {
  for name; do printf 'extern char %s[];\n' "$name"; done
  printf 'char *volatile used[] = {'
  printf ' %s,' "$@"
  printf ' };\nint main(void) { return !used[0]; }\n'
}

# links_alone NAME... -- CC...: and each name that we have is ours.
links_alone() {
  names=
  while [ "$1" != -- ]; do names="$names $1"; shift; done
  shift
  uses $names >"$work/alone.c"
  "$@" -static -w -fno-builtin -o "$work/alone" "$work/alone.c" "$archive" \
    $(printf -- '-Wl,--trace-symbol=%s ' $names) >"$work/linked" 2>&1 || { cat "$work/linked"; return 1; }
  for name in $names; do
    ! defined "$archive" DEFAULT | grep -qx "$name" ||
      grep -q "libsyncdir\.a(.*definition of $name\$" "$work/linked" ||
      { echo "$name is not ours:"; grep -w "$name" "$work/linked"; return 1; }
  done
}

# every_name_links CC...: each name of the objects that we replace, alone and
# beside the wrapped names of its object.
every_name_links() {
  objects "$(libc_of "$@")" >"$work/objects"
  [ "$(wc -l <"$work/objects")" -gt 40 ] || { echo "no names read from $(libc_of "$@")"; return 1; }
  wrong=0
  while read -r object name alias; do
    beside=$(awk -v object="$object" '$1 == object { print $2 }' "$work/objects" | grep -Fx -f "$work/ours")
    links_alone "$name" -- "$@" && links_alone "$name" $beside -- "$@" || wrong=1
  done <<END
$(grep -v -e ' DW\.ref\.' -e "${known:-^$}" "$work/objects")
END
  return $wrong
}

defined "$archive" DEFAULT | lines_missing_from "$work/declared" >"$work/exported"
same "libsyncdir_a_has_every_wrapped_name_but_freopen" "" \
  "$(lines_missing_from "$work/exported" <"$work/ours")"
objects "$(libc_of $CC)" | cut -d' ' -f2 >"$work/names-of-libc"
same "libsyncdir_a_has_no_other_name_than_those_of_the_objects_that_it_replaces" "" \
  "$(LC_ALL=C sort -u "$work/names-of-libc" "$work/wrapped" >"$work/known"
     lines_missing_from "$work/known" <"$work/exported")"
# glibc calls its own fopen by the names that are left.  They share an object with
# what its freopen needs: to have them would be to define them twice.
same "libsyncdir_a_has_every_alias_but_those_that_glibc_itself_calls" "_IO_new_fopen
__new_fopen" \
  "$(objects "$(libc_of $CC)" | sed -n 's/.* \(.*\) alias$/\1/p' | LC_ALL=C sort -u | lines_missing_from "$work/exported")"
for each in "$archive" "$api_archive"; do
  name=$(basename "$each")
  same "${name}_has_every_syncdir_call" "" \
    "$(defined "$each" DEFAULT >"$work/defined"; lines_missing_from "$work/defined" <"$work/declared")"
  same "${name}_takes_no_name_from_a_program" "" "$(defined "$each" HIDDEN | grep -v -e '^syncdir__' -e '^syncdir_deferred$' -e '^syncdir_wraps$')"
  same "${name}_has_a_stack_that_is_not_executable_in_every_member" \
    "$(readelf --wide --sections "$each" | grep -c '^File:')" \
    "$(readelf --wide --sections "$each" | grep '\.note\.GNU-stack' | grep -vc ' X ')"
done
same "libsyncdir_api_a_has_nothing_else" "$(cat "$work/declared")" "$(defined "$api_archive" DEFAULT)"

# Nothing that looks up, allocates, prints or locks; and no name that a program may define,
# for then it would get that one.  The C standard keeps these for the C library, or they begin
# with an underscore; glibc's, which musl lacks, are asked for weakly.  POSIX keeps the last
# three, and no other name for them is in both glibc and musl: fdopen, for fopen; fileno, for
# musl's streams; pthread_testcancel.
cat >"$work/allowed" <<END
_GLOBAL_OFFSET_TABLE_
_IO_fdopen
_IO_file_close_it
_IO_file_fopen
__environ
__errno_location
__getauxval
__libc_stack_end
__stack_chk_fail
fclose
freopen
memchr
memcmp
memcpy
memset
strchr
strcmp
strcspn
strlen
strncmp
strrchr
strspn
strstr
fdopen
fileno
pthread_testcancel
END
for each in "$archive" "$api_archive"; do
  same "$(basename "$each")_asks_libc_only_for_what_is_allowed" "" \
    "$(asked_for "$each" | lines_missing_from "$work/allowed")"
  same "only_fopen_asks_for_fdopen_in_$(basename "$each")" raw_fopen.o \
    "$(members "$each" | awk '$3 == "fdopen" { print $1 }' | sed 's/^lib.*-raw/raw/')"
done

check "every_name_of_glibcs_objects_links_alone_and_beside_ours" every_name_links $CC
if command -v musl-gcc >/dev/null; then
  # musl has glibc's old __xstat family beside __xmknod, for programs that were
  # linked with glibc: no source calls it.
  known=' __[fl]*xstat' check "every_name_of_musls_objects_links_alone_and_beside_ours" every_name_links musl-gcc
fi

# builds FLAG...: fire.c, which calls every wrapped name.
builds() { compile "$work/fire" fire.c "$@"; }
seen_names >"$work/seen"
fires() { builds "$@" && watch '' "$work/fire" && are_flushed $(grep -Fxv -f "$work/seen" "$work/ours"); }
all_fire() { fires "$@" && are_flushed $(cat "$work/libcs"); }
all_but_freopen_fire() { fires "$@" && are_not_flushed $(cat "$work/libcs"); }

for flags in '-fPIE -pie -Wl,-z,now -Wl,-z,text -Wl,-z,relro' -no-pie '-O2 -flto' '-O2 -D_FORTIFY_SOURCE=2'; do
  check "every_name_but_freopen_fires_in_a_dynamic_program $flags" \
    all_but_freopen_fire $flags "$archive"
done
for flags in -static '-static-pie -fPIE -Wl,-z,now -Wl,-z,text' '-static -flto -O2'; do
  check "every_name_fires_in_a_program $flags" all_fire $flags "$archive"
done
if command -v musl-gcc >/dev/null; then
  CC=musl-gcc check "every_name_fires_in_a_static_program_of_musl" all_fire -static "$archive"
fi

# Whatever functions of its own a program has.
own=$top_srcdir/tests/abi/own.c
check "every_name_but_freopen_fires_in_a_dynamic_program_with_functions_of_its_own" \
  all_but_freopen_fire "$own" "$archive"
check "every_name_fires_in_a_static_program_with_functions_of_its_own" \
  all_fire -static "$own" "$archive"
off() { SYNCDIR=off watch '' "$work/fire" && are_not_flushed $(wrapped_names); }
check "and_its_settings_are_read" off

# What stands before the objects is looked at when nothing is wanted yet.
link_alone() { $CC -o "$work/linked-program" -w -DPLAIN "$@"; }
plain_fires() { link_alone "$@" && watch '' "$work/linked-program" && are_flushed plain; }
silent() { link_alone "$@" && watch '' "$work/linked-program" && are_not_flushed plain; }
source=$top_srcdir/tests/abi/linked.c
check "limit_before_the_objects_it_links_and_does_nothing" silent "$archive" "$source"
check "after_the_objects_it_fires" plain_fires "$source" "$archive"
check "before_the_objects_it_fires_with_u" plain_fires -Wl,-u,link "$archive" "$source"
for static in '' -static; do
  check "before_the_objects_it_fires_as_a_whole $static" plain_fires $static \
    -Wl,--whole-archive "$archive" -Wl,--no-whole-archive "$source"
done

# Alone in a static program, freopen is libc's, and so is the open behind it.
cat >"$work/freopen.c" <<END
#include <stdio.h>
#ifndef MODE
#define MODE "w"
#endif
int main(void) { return !freopen("new", MODE, stdout); }
END
# freopen_flushes N CC...: so many flushes of the folder.
freopen_flushes() {
  number=$1
  shift
  "$@" -static -o "$work/freopen" "$work/freopen.c" "$archive" && watch '' "$work/freopen" &&
    [ "$(grep -c "fsync(.*<$ground>" "$trace")" -eq "$number" ] || { cat "$trace"; return 1; }
}
check "limit_freopen_alone_in_a_static_program_is_libcs" freopen_flushes 0 $CC
check "freopen_alone_is_flushed_with_u" freopen_flushes 1 $CC -Wl,-u,__open
check "limit_freopen_with_the_letter_c_is_libcs" freopen_flushes 0 $CC -Wl,-u,__open -DMODE='"wc"'
if command -v musl-gcc >/dev/null; then
  check "limit_freopen_alone_in_a_static_program_of_musl_is_libcs" freopen_flushes 0 musl-gcc
  check "freopen_alone_is_flushed_with_u_in_one_of_musl" freopen_flushes 1 musl-gcc -Wl,-u,fopen
fi

# A dynamic program with the archive answers before every preload.
echo 'int link(const char *from, const char *to) { return from == to ? 0 : -1; }' >"$work/refuses.c"
$CC -shared -fPIC -w -o "$work/refuses.so" "$work/refuses.c"
plain_fires_before() { link_alone "$source" "$archive" && watch "$1" "$work/linked-program" && are_flushed plain; }
check "limit_a_preloaded_link_is_not_asked" plain_fires_before "$work/refuses.so"
[ ! -e "$library" ] || check "our_own_preload_adds_no_flush" plain_fires_before "$library"

# One wrapper brings all, and a program tells so when it is stripped.
marks() { strings -a "$1" | sed -n 's/^@(#)syncdir [0-9.]* //p' | LC_ALL=C sort; }
all=$(sed -n 's/^MARK(\(.*\))$/\1/p' "$top_srcdir"/lib/wrap/*.c | grep -v freopen | LC_ALL=C sort)
uses link >"$work/link.c"
for flags in '' -static '-static -flto -O2' '-static -O2 -Wl,--gc-sections'; do
  $CC -w -s $flags -o "$work/link" "$work/link.c" "$archive"
  same "a_stripped_program_that_calls_link_holds_every_wrapper $flags" "$all" "$(marks "$work/link")"
done

# A second archive behind ours, and libstdc++.a, which g++ puts there.
cat >"$work/other.c" <<'END'
#include <stdio.h>
int other(void);
int other(void) { return rename("old", "new"); }
END
cat >"$work/behind.c" <<'END'
#include "mark.h"
int other(void);
static int behind(void) { return other() == 0; }
int main(void)
{
  make_marked(&(struct marked_call) { "behind", behind });
#ifdef CALLS_LINK
  return link("nothing", "new") == 0;
#endif
  return 0;
}
END
cat >"$work/behind.cc" <<'END'
#include <filesystem>
#include <fstream>
#include "mark.h"
static int stream() { return bool(std::ofstream("new") << "text"); }
static int moved() { std::filesystem::rename("old", "new"); return 1; }
static int made() { return std::filesystem::create_directory("new"); }
static int removed() { return std::filesystem::remove("old"); }
static int linked() { std::filesystem::create_hard_link("old", "new"); return 1; }
static int symlinked() { std::filesystem::create_symlink("old", "new"); return 1; }
int main()
{
  const marked_call calls[] = { { "stream", stream }, { "moved", moved }, { "made", made },
    { "removed", removed }, { "linked", linked }, { "symlinked", symlinked } };
  for (const marked_call &call : calls)
    make_marked(&call);
}
END
$CC -c -o "$work/other.o" "$work/other.c" && ar cr "$work/libother.a" "$work/other.o" || exit 99
behind_fires() {
  $CC -I"$top_srcdir/tests/abi" -o "$work/behind" "$work/behind.c" "$@" "$work/libother.a" &&
    watch '' "$work/behind" && are_flushed behind
}
wants=-Wl,-u,syncdir_wraps
for flags in -static '-static -O2 -flto' '-static -O2 -ffunction-sections -Wl,--gc-sections' '-static-pie -fPIE' ''; do
  check "an_archive_behind_is_answered_where_the_program_calls_something $flags" \
    behind_fires -DCALLS_LINK $flags "$archive"
  check "or_asks_for_the_wrappers $flags" behind_fires $flags $wants "$archive"
done
cplusplus_fires() {
  "${CXX:-g++}" -std=c++17 -w -I"$top_srcdir/tests/abi" -o "$work/behind-cc" "$work/behind.cc" "$@" &&
    watch '' "$work/behind-cc" && are_flushed stream moved made removed linked symlinked
}
if command -v "${CXX:-g++}" >/dev/null; then
  for flags in -static '-static -O2 -flto' '-static -O2 -Wl,--gc-sections' '-static-pie -fPIE' -static-libstdc++; do
    check "a_program_in_cplusplus_is_answered_in_libstdcplusplus_too $flags" \
      cplusplus_fires $flags $wants "$archive"
  done
else
  skip a_program_in_cplusplus_is_answered 'no C++ compiler'
fi

# A program's own function of a wrapped name stands, and the others are ours all the same.
cat >"$work/rename.c" <<'END'
int rename(const char *from, const char *to);
int rename(const char *from, const char *to) { return from == to; }
END
its_own_stands() {
  $CC -w "$@" -DCALLS_LINK -I"$top_srcdir/tests/abi" -o "$work/own" "$work/behind.c" "$work/rename.c" \
    "$archive" "$work/libother.a" && watch '' "$work/own" && are_not_flushed behind
}
for flags in -static '' '-static -flto -O2'; do
  check "a_programs_own_rename_stands $flags" its_own_stands $flags
done

$CC -w -s -o "$work/link" "$work/link.c" "$archive"
same "it_has_a_stack_that_is_not_executable" RW \
  "$(readelf --wide --segments "$work/link" | awk '$1 == "GNU_STACK" { print $7 }')"

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# Every wrapped name answers a program's call, however the program was built.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/abi/symbols.inc"
. "$top_srcdir/tests/abi/trace.inc"

names=$(wrapped_names)
dynamic_symbols "$(libc)" defined >"$work/libc"

# versions NAME: its versions in the C library, one a line.
versions() { sed -n "s/^$1@@*\(.*\)\$/\1/p" "$work/libc"; }

# references N: binds each name to its Nth version; 0: to what a linker takes
# today.  A name that this C library lacks is looked up when the program runs.
references() {
  echo '#include <dlfcn.h>'
  for name in $names; do
    version=$(versions "$name" | awk -v n="$1" 'NR == n')
    if [ -n "$version" ]; then
      echo "__asm__(\".symver $name, $name@$version\");"
    elif ! grep -q "^$name\(@.*\)*\$" "$work/libc"; then
      echo "#define $name ((__typeof__(&$name)) dlsym(RTLD_DEFAULT, \"$name\"))"
    fi
  done
}

# fires PRELOAD FLAG...: a program built with FLAGS has every call answered.
fires() {
  preload=$1
  shift
  compile "$work/fire" fire.c "$@" && watch "$preload" "$work/fire" && are_flushed $names
}

references 0 >"$work/today.h"
today="-DREFERENCES=\"$work/today.h\""

compile "$work/fire" fire.c "$today" || { echo 'Bail out! fire.c'; exit 1; }
same "every_wrapped_name_is_called_by_this_test" "$names" "$("$work/fire" --names)"

# What a newer C library may have, and this one may lack.
cat >"$work/newer.c" <<'END'
#include <sys/syscall.h>
#include <unistd.h>
int openat2(int dirfd, const char *path, const void *how, size_t size)
{
  return syscall(437, dirfd, path, how, size);
}
END
$CC -shared -fPIC -w -o "$work/newer.so" "$work/newer.c" || { echo 'Bail out! newer.c'; exit 1; }
silent() { watch "$work/newer.so" "$work/fire" && are_not_flushed $names; }
check "nothing_is_flushed_without_the_library" silent

check "every_name_fires_preloaded" fires "$library" "$today"
check "every_name_fires_with_a_newer_C_library" fires "$library:$work/newer.so" "$today"

# A library behind ours, in which each name says itself and fails: the call goes on
# to the same name, which somebody may have wrapped as well.
for name in $names; do
  case $name in *fopen* | freopen* | mkdtemp) failure=0 ;; *) failure=-1 ;; esac
  echo "long $name(void) { write(1, \"$name \", sizeof \"$name\"); errno = ENOENT; return $failure; }"
done >"$work/next.c"
$CC -shared -fPIC -w -fno-builtin -include errno.h -o "$work/next.so" "$work/next.c" ||
  { echo 'Bail out! next.c'; exit 1; }
# What was said last: mknod is tried in two versions, and freopen's stream is opened.
same "every_call_goes_on_to_its_own_name" "$(for name in $names; do echo "$name $name"; done)" \
  "$(cd "$work" && LD_PRELOAD=$library:$work/next.so "$work/fire" --next | tr ' ' '\n' | awk -F: '
      NF == 2 { if (call) print call, said; call = $1; said = $2 }
      NF == 1 { said = $1 }
      END { print call, said }')"

# What is only looked at goes on as well, with its result and errno.
cat >"$work/seen.c" <<'END'
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#define TRY(name) { int result = name(-1); printf(#name " %d %d\n", result, errno); }
int main(void) { setbuf(stdout, NULL); TRY(fsync) TRY(fdatasync) return 0; }
END
for name in $(seen_names); do
  echo "int $name(int fd) { errno = EDOM; write(1, \"$name \", sizeof \"$name\"); return fd - 6; }"
done | sed '1i #include <errno.h>\n#include <unistd.h>' >"$work/next-seen.c"
$CC -shared -fPIC -w -o "$work/next-seen.so" "$work/next-seen.c" && $CC -o "$work/seen" "$work/seen.c" ||
  { echo 'Bail out! seen.c'; exit 1; }
same "what_is_only_looked_at_goes_on_to_its_own_name" "$(printf 'fsync fsync -7 33\nfdatasync fdatasync -7 33')" \
  "$(LD_PRELOAD=$library:$work/next-seen.so "$work/seen" | tr -d '\0')"
same "and_comes_back_as_it_was" "$("$work/seen")" "$(LD_PRELOAD=$library "$work/seen")"

# The last flush of each folder, which has the name of its call, is of that call.
SYNCDIR_TRACE=$work/traced watch "$library" "$work/fire"
same "every_name_is_traced_as_itself" "" "$(awk -F '\t' -v "ground=$ground/" '
    index($4, ground) == 1 { last[substr($4, length(ground) + 1)] = $2 }
    END { for (name in last) if (last[name] != name) print name, "as", last[name] }' "$work/traced")"
check "and_all_of_them" [ "$(awk -F '\t' -v "ground=$ground/" '
    index($4, ground) == 1 && !($4 in seen) { seen[$4]; n++ } END { print n }' "$work/traced")" -eq "$(echo "$names" | wc -w)" ]
# Whatever functions of its own the program has.
own=$top_srcdir/tests/abi/own.c
check "every_name_fires_in_a_program_with_functions_of_its_own" fires "$library" "$today" "$own" -rdynamic
off() { SYNCDIR=off watch "$library" "$work/fire" && are_not_flushed $names; }
check "and_its_settings_are_read" off

compile "$work/poor.so" poor.c -shared -fPIC -DDLSYM_VERSION="\"$(versions dlsym | head -n 1)\"" ||
  { echo 'Bail out! poor.c'; exit 1; }
check "every_name_fires_where_the_C_library_lacks_what_it_may_lack" \
  fires "$library:$work/poor.so" "$today"
most=$(for name in $names; do versions "$name" | wc -l; done | sort -n | tail -n 1)
n=1
while [ "$n" -le "$most" ]; do
  references "$n" >"$work/version.h"
  check "every_name_fires_bound_to_version_${n}_of_$most" \
    fires "$library" "-DREFERENCES=\"$work/version.h\""
  n=$((n + 1))
done
for level in 2 3; do
  check "every_name_fires_with_FORTIFY_SOURCE_$level" \
    fires "$library" "$today" -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$level
done
check "every_name_fires_with_FILE_OFFSET_BITS_64" \
  fires "$library" "$today" -O2 -D_FILE_OFFSET_BITS=64
check "every_name_fires_with_LARGEFILE64_SOURCE" \
  fires "$library" "$today" -O2 -D_LARGEFILE64_SOURCE
check "every_name_fires_bound_at_start_without_a_plt" \
  fires "$library" "$today" -O2 -fno-plt -Wl,-z,now
check "every_name_fires_linked_with_lsyncdir" \
  fires '' "$today" -L"$top_builddir/.libs" -lsyncdir -Wl,-rpath,"$top_builddir/.libs"

finish

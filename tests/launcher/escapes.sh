# SPDX-License-Identifier: GPL-2.0-or-later
# What gets past the library is not called protected, whatever name it has.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/launcher.sh"

cd "$work" || exit 99

build() { $CC -o "$@"; }
shared() { $CC -shared -fPIC -o "$@"; }

# A library that renames by itself, under names of files that are not judged elsewhere.
cat >bare.c <<'END2'
#include <sys/syscall.h>
#include <unistd.h>
int bare(const char *a, const char *b) { return (int) syscall(SYS_renameat2, -100, a, -100, b, 0); }
END2
echo 'extern int bare(const char *, const char *); int main(int n, char **a) { return n > 2 && bare(a[1], a[2]); }' >caller.c
for name in libm.so.6 libdl.so.2 libresolv.so.2 libpthread.so.0 libsyncdir-api.so.1 libcap.so.2 libpsx.so.2 libseccomp.so.2; do
  shared $name -Wl,-soname,$name bare.c && build caller caller.c -Wl,-rpath,"$work" ./$name
  check "a_library_called_$name" judged 2 "$name calls syscall() (renameat2)" ./caller
done
build plain -x c - <<'END2'
#include <stdio.h>
#include <unistd.h>
int main(int n, char **a) { return n > 2 ? rename(a[1], a[2]) : n > 1 ? pause() : 0; }
END2
check the_c_librarys_own_parts judged 0 '^./plain: protected$' ./plain
mkdir linux-vdso.d && shared linux-vdso.d/bare.so bare.c && cp linux-vdso.d/bare.so .
for preload in ./bare.so linux-vdso.d/bare.so "$work/bare.so"; do
  check "a_preload_that_renames_by_itself $preload" env LD_PRELOAD=$preload sh -c '
    syncdir --check ./plain >said; [ $? -eq 2 ] && grep -q "bare.so calls syscall() (renameat2)" said'
done

# Functions that are looked up by their names.
cat >lookup.c <<'END2'
#include <dlfcn.h>
#include <stddef.h>
#include <sys/syscall.h>
int main(int n, char **a)
{
#if KIND == 1
  long (*call)(long, ...) = (long (*)(long, ...)) dlsym(RTLD_DEFAULT, "syscall");
  return n > 2 ? (int) call(SYS_rename, a[1], a[2]) : 0;
#elif KIND == 2
  int (*call)(const char *, const char *) = (int (*)(const char *, const char *)) dlsym(dlopen("libc.so.6", RTLD_NOW), a[0]);
  return n > 2 ? call(a[1], a[2]) : 0;
#else
  int (*call)(const char *, const char *) = (int (*)(const char *, const char *)) dlsym(RTLD_DEFAULT, "rename");
  return n > 2 ? call(a[1], a[2]) : 0;
#endif
}
END2
for kind in 1 2; do
  build lookup -D_GNU_SOURCE -DKIND=$kind lookup.c
  check "a_lookup_of_kind_$kind" judged 2 'imports dlsym, and has the name of' ./lookup
done
build lookup -D_GNU_SOURCE -DKIND=3 lookup.c
check a_lookup_that_comes_to_the_library judged 0 'imports dlsym: which functions it looks up was not looked at' ./lookup

# syscall() as a pointer in data, which has no relocation in a program without PIE.
echo '#include <unistd.h>
long (*volatile table[])(long, ...) = { syscall };
int main(int n, char **a) { return n > 2 ? (int) table[n > 9](82, a[1], a[2]) : 0; }' >pointer.c
for flags in '-no-pie -fno-pie' '-fPIE -pie'; do
  build pointer $flags pointer.c
  check "syscall_as_a_pointer $flags" judged 2 'calls syscall()' ./pointer
done

# The archive, and a function of the program's own.
printf '#include <stdio.h>\n#include <unistd.h>\nint rename(const char *a, const char *b) { return (int) syscall(82, a, b); }\nint main(int n, char **a) { return n > 2 ? rename(a[1], a[2]) | unlink(a[2]) : 0; }\n' >own.c
build own own.c "$archive" -Wl,-u,renameat
check a_rename_of_its_own_beside_the_archive judged 2 'has functions of its own .*: rename' ./own

# What it starts or loads.
check the_verdict_of_a_shell judged 0 '^sh: protected; what it starts was not looked at$' sh
printf '#!/bin/sh\nexec busybox touch "$1"\n' >script && chmod 755 script
check the_verdict_of_a_script judged 0 '^./script: protected; what it starts was not looked at$' ./script

finish

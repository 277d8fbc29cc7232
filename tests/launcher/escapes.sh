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

# A library with a function of its own, which goes on to the one behind.
cat >next.c <<'END2'
#include <dlfcn.h>
#include <stdio.h>
int rename(const char *a, const char *b) { return ((int (*)(const char *, const char *)) dlsym(RTLD_NEXT, "rename"))(a, b); }
int bare(const char *a, const char *b) { return rename(a, b); }
END2
shared libnext.so -D_GNU_SOURCE -Wl,-Bsymbolic next.c && build caller caller.c -Wl,-rpath,"$work" ./libnext.so
check a_library_with_a_rename_of_its_own judged 2 'libnext.so has a function rename itself' ./caller

# Auditors of the loader.
printf 'unsigned la_version(unsigned v) { return v; }\n' >audit.c && shared audit.so audit.c
check an_auditor_in_the_environment env LD_AUDIT=./audit.so sh -c 'syncdir --check ./plain >said; [ $? -eq 2 ] && grep -q "LD_AUDIT=./audit.so in the environment" said'
build audited -x c - -Wl,--audit="$work/audit.so" <<'END2'
int main(void) { return 0; }
END2
check an_auditor_of_the_program judged 2 'brings an auditor' ./audited

# What env sets for the program that it starts.
for setting in SYNCDIR=off LD_LIBRARY_PATH=/nonesuch LD_AUDIT=./audit.so PATH=/nonesuch; do
  check "env_sets $setting" sh -c 'syncdir env A=b "$1" true 2>said; [ $? -eq 125 ] && grep -q "/env sets\|not clear which program" said' sh $setting
done
check env_goes_elsewhere_first sh -c '! syncdir env -C / bin/true 2>said && grep -q "not clear which program" said'
check where_it_does_not_matter syncdir env -C / PATH=/nonesuch "$work/plain"
printf '#!/usr/bin/env -S SYNCDIR=off sh\n' >script
check a_script_that_sets_it judged 1 'sets SYNCDIR=off' ./script

# The name of a program is that of what it is a link to.
ln -s "$(command -v timeout)" limited
check a_link_to_a_starter judged 2 'starts another program' ./limited
mkdir applets && ln -s "$work/plain" applets/busybox && ln -s busybox applets/touch
cp plain applets/dynamic && ln -sf dynamic applets/busybox
check an_applet_of_busybox judged 0 'protected' applets/touch
echo 'int dovecot(void) { return 0; }' >dovecot.c && shared libdovecot.so.0 -Wl,-soname,libdovecot.so.0 dovecot.c
build mail -x c - -x none ./libdovecot.so.0 -Wl,-rpath,"$work" -Wl,--no-as-needed <<'END2'
int dovecot(void);
int main(void) { return dovecot(); }
END2
check a_program_of_dovecot judged 2 'only those variables that its configuration lists' ./mail
check whoever_runs_it_is_warned sh -c 'syncdir ./mail 2>said && grep -q "^syncdir: warning: ./mail starts itself" said'
sed 's/return (int) syscall.*;/return a == b; }/' own.c >quiet.c && build own -rdynamic quiet.c
check and_of_functions_of_its_own sh -c 'syncdir ./own 2>said && grep -q "^syncdir: warning: .*: rename" said'
build own -rdynamic -x c - -x none "$archive" <<'END2'
#include <stdio.h>
int main(int n, char **a) { return n > 2 ? rename(a[1], a[2]) : 0; }
END2
check and_not_of_those_of_the_archive sh -c 'syncdir ./own 2>said && ! grep . said'

# Of two libraries of ours, the first answers.
mkdir older && cp "$library" older/libsyncdir.so.1 && cp older/libsyncdir.so.1 older/copy && printf x >>older/libsyncdir.so.1
check another_version_before_ours sh -c 'LD_PRELOAD=$1:$2 syncdir --check ./plain >said; [ $? -eq 1 ] && grep -q "another syncdir answers" said' sh "$work/older/libsyncdir.so.1" "$installed/libsyncdir.so.1"
mv older/copy older/libsyncdir.so.1
check a_copy_of_ours_before_ours env "LD_PRELOAD=$work/older/libsyncdir.so.1:$installed/libsyncdir.so.1" syncdir --check ./plain

# $ORIGIN is where the program lies, whatever link it is started by.
mkdir origin && shared origin/libharmless.so dovecot.c && build origin/program -Wl,--no-as-needed -Wl,-rpath,'$ORIGIN' -x c - -x none origin/libharmless.so <<'END2'
int main(void) { return 0; }
END2
ln -s origin/program started-by-a-link
check a_program_that_is_started_by_a_link judged 0 'protected' ./started-by-a-link

echo 'int bare(const char *a, const char *b) { return a && b; }' >harmless.c
# A list of libraries that is longer than what is read of it, with one that renames at its end.
long=$work$(printf '/%0200d' 1 2 3 4 5 6 7 8 9 10 11 12) && mkdir -p "$long" && shared "$long/0.so" harmless.c
for i in $(seq 30); do cp "$long/0.so" "$long/$i.so"; done
build caller caller.c -Wl,--no-as-needed "$long"/*.so ./bare.so -Wl,-rpath,"$work"
check a_list_of_libraries_that_is_too_long judged 2 'lists more of them than there is room for' ./caller
check that_would_not_have_been_enough sh -c '[ "$(LD_TRACE_LOADED_OBJECTS=1 ./caller | sed "/bare.so/q" | wc -c)" -gt 65536 ]'

# A part of the directories.
check what_is_protected_in_part env "SYNCDIR_ONLY=$work" sh -c 'syncdir --check ./plain >said && grep -qx "./plain: protected only below $SYNCDIR_ONLY" said'
if [ "$(id -u)" -eq 0 ] && cp plain capable && setcap cap_net_raw+ep capable 2>/dev/null; then
  check file_capabilities_mean_nothing_for_root judged 2 'is set-id or has file capabilities, which has no effect for root' ./capable
else
  skip file_capabilities_mean_nothing_for_root 'not root, or no setcap'
fi

# A folder whose name makes two lines of one, the first about a harmless library.
split=$(printf '%s/harmless.so (0x1)\n\t%s' "$work" "$(dirname "$(ldd plain | sed -n 's/.*libc.so.6 => \(.*\) (.*/\1/p')")")
shared harmless.so harmless.c && mkdir -p "$split" && shared "$split/libm.so.6" -Wl,-soname,libm.so.6 bare.c
build caller caller.c "$split/libm.so.6" -Wl,-rpath,"$split" && ./caller
check a_folder_with_an_end_of_line judged 2 'has an end of line in it\|with an end of line in it' ./caller
build caller caller.c "$split/libm.so.6"
LD_LIBRARY_PATH=$split check a_folder_with_an_end_of_line_in_a_variable judged 2 'has an end of line in it' ./caller

# Processes.
waits() { grep -q '^State:.S' "/proc/$1/status" && [ "$(readlink "/proc/$1/exe")" = "$2" ] && [ -e "$work/ready" ]; }
# running STATUS PATTERN PROGRAM ARGUMENT...: what --check says of PROGRAM behind syncdir.
running() {
  expected=$1 pattern=$2 program=$3
  rm -f ready
  shift 2
  # Not with our output, which check waits for.
  syncdir -f "$@" >/dev/null 2>&1 &
  until_true waits $! "$work/${program#./}"
  judged "$expected" "$pattern" $!
  found=$?
  kill $!
  return $found
}
printf 'int bare(const char *, const char *);\n#include <stdio.h>\nint bare(const char *a, const char *b) { return rename(a, b); }\n' >polite.c
shared lazy.so -Wl,-z,lazy polite.c && shared now.so -Wl,-z,now polite.c
cat >process.c <<'END2'
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
extern char **environ;
int main(int count, char **arguments)
{
  const char *what = arguments[1], *file = count > 2 ? arguments[2] : "";
  int good = 1;
  if (strcmp(what, "deepbind") == 0)
    good = dlopen(file, RTLD_NOW | RTLD_DEEPBIND) != NULL;
  else if (strcmp(what, "deepbind-lazy") == 0)
    good = dlopen(file, RTLD_LAZY | RTLD_DEEPBIND) != NULL;
  else if (strcmp(what, "dlopen") == 0)
    good = dlopen(file, RTLD_NOW) != NULL;
  else if (strcmp(what, "dlmopen") == 0)
    good = dlmopen(LM_ID_NEWLM, file, RTLD_NOW) != NULL;
  else if (strcmp(what, "by-hand") == 0)
    good = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, open(file, O_RDONLY), 0) != MAP_FAILED;
  else if (strcmp(what, "made") == 0)
    good = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
  else if (strcmp(what, "title") == 0)
    memset(environ[0], 'x', environ[3] + strlen(environ[3]) - environ[0]);
  else if (strcmp(what, "copy") == 0) {
    /* As setproctitle() does. */
    char **old = environ, **new = calloc(1000, sizeof *new);
    int i;
    for (i = 0; old[i]; i++)
      new[i] = strdup(old[i]);
    environ = new;
    memset(old[0], 'x', old[i - 1] + strlen(old[i - 1]) - old[0]);
  }
  else if (strcmp(what, "hide") == 0)
    for (char **at = environ; *at; at++)
      if (strncmp(*at, "LD_PRELOAD", 10) == 0)
        (*at)[0] = 'x';
  close(open("ready", O_RDONLY | O_CREAT, 0666));
  return good ? pause() : 1;
}
END2
build process -D_GNU_SOURCE process.c
check a_process_that_does_nothing running 0 'the library is loaded' ./process nothing
check a_plugin running 0 'the library is loaded' ./process dlopen "$work/now.so"
check a_plugin_by_deepbind running 2 'a call of rename by .*now.so bypasses the library' ./process deepbind "$work/now.so"
check a_plugin_by_deepbind_and_lazy running 2 'lazy.so was loaded by dlopen, perhaps with RTLD_DEEPBIND' ./process deepbind-lazy "$work/lazy.so"
check a_plugin_apart running 2 'libraries in a namespace of their own' ./process dlmopen "$work/now.so"
check code_that_was_mapped_by_hand running 2 'is mapped as code at .*, and its loader does not list it' ./process by-hand "$work/now.so"
check code_that_was_made running 2 'has made code while it ran' ./process made
check a_title_over_the_environment running 2 'its settings cannot be read' ./process title
check a_hidden_preload running 2 'its settings cannot be read' ./process hide
check a_title_and_a_copy running 0 'its copy was read' ./process copy
SYNCDIR=off check a_copy_that_switches_it_off running 1 'SYNCDIR=off' ./process copy
build fixed -no-pie -fno-pie -D_GNU_SOURCE process.c
check a_copy_of_a_program_without_pie running 0 'its copy was read' ./fixed copy
check one_that_only_reads_its_environment running 2 'its settings cannot be read' ./fixed title
LD_AUDIT=$work/audit.so check an_auditor_in_a_process running 2 'libraries in a namespace of their own' ./process nothing

loader=$(readelf -lW plain | sed -n 's/.*interpreter: \(.*\)]/\1/p')
"$loader" ./plain wait &
: >ready
until_true waits $! "$(readlink -f "$loader")"
check a_process_of_the_loader_itself judged 2 'the loader was started as a command' $!
kill $!

finish

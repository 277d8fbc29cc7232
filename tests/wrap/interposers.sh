#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside other preloaded libraries, before and after ours.
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/strace.sh"

cd "$work" || exit 99
mkdir d

# library_named NAME: where its package has put it.
library_named() {
  found=$(find /usr/lib /usr/local/lib -name "$1" 2>/dev/null | head -1)
  echo "${found:-$1.is.missing}"
}

for needed in libfakeroot-sysv.so libfakechroot.so libeatmydata.so libjemalloc.so.2; do
  [ -e "$(library_named "$needed")" ] || skip_all "$needed is not installed"
done

# last_flush COMMAND...: without a journal others come before it.
last_flush() { flushes "$@" | tail -1; }

# compiled NAME: a library of our own, from standard input.
compiled() {
  $CC -shared -fPIC -o "$work/$1.so" -x c - || exit 99
}

# side_of ORDER: on which side of us the other library stands.
side_of() {
  case $1 in "$library":*) echo after ;; *) echo before ;; esac
}

# fakeroot talks to a server that it starts: inside it, as in a package build.
under_fakeroot() {
  rm -rf d/dir
  preload='' last_flush fakeroot sh -c "LD_PRELOAD=$1 mkdir d/dir && chown 12:34 d/dir &&
    test \"\$(stat -c %u:%g d/dir)\" = 12:34"
}
same fakeroot_before_us_works_and_is_flushed "fsync $work/d" \
  "$(under_fakeroot "\$LD_PRELOAD:$library")"
same fakeroot_after_us_works_and_is_flushed "fsync $work/d" \
  "$(under_fakeroot "$library:\$LD_PRELOAD")"

# fakechroot rewrites paths: before us we see what the kernel sees.
fakechroot=$(library_named 'libfakechroot.so')
mkdir -p root/d
in_fakechroot() {
  rm -rf root/d/dir
  (export FAKECHROOT=true "FAKECHROOT_BASE=$work/root" FAKECHROOT_EXCLUDE_PATH=/usr:/proc:/sys
   preload=$1 last_flush /usr/bin/mkdir /d/dir)
  [ -d root/d/dir ] || { echo 'not made:'; cat output; }
}
same fakechroot_before_us_works_and_is_flushed "fsync $work/root/d" \
  "$(in_fakechroot "$fakechroot:$library")"
# The other way round we are asked for a path that leads elsewhere: pinned here,
# a limit in the manual.  Nothing is there to open, so everything is flushed.
same fakechroot_after_us_flushes_by_the_ladder sync "$(in_fakechroot "$library:$fakechroot")"

# eatmydata makes libc's fsync do nothing; ours is not libc's.
eatmydata=$(library_named 'libeatmydata.so')
for order in "$eatmydata:$library" "$library:$eatmydata"; do
  rm -rf d/dir
  same "eatmydata_$(side_of "$order")_us_eats_no_flush" \
    "fsync $work/d" "$(preload=$order last_flush mkdir d/dir)"
done

jemalloc=$(library_named 'libjemalloc.so.2')
rm -rf d/dir
same jemalloc_before_us_works "fsync $work/d" \
  "$(preload=$jemalloc:$library last_flush timeout "$patience" mkdir d/dir)"

# An allocator whose first call makes, renames and opens files.
compiled malloc <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
static int first = 1;
static void begin(void)
{
  if (!first)
    return;
  first = 0;
  int fd = open("d/heap", O_CREAT | O_WRONLY, 0600);
  if (fd == -1 || close(fd) || rename("d/heap", "d/heap2"))
    abort();
}
void *malloc(size_t n) { begin(); return __libc_malloc(n); }
void *calloc(size_t n, size_t m) { begin(); return __libc_calloc(n, m); }
END
for order in "$work/malloc.so:$library" "$library:$work/malloc.so"; do
  rm -rf d/*
  side=$(side_of "$order")
  same "a_malloc_${side}_us_that_opens_a_file_at_its_first_call_works" "fsync $work/d" \
    "$(preload=$order last_flush timeout "$patience" mkdir d/dir)"
  check "its_file_is_there_with_malloc_${side}_us" test -e d/heap2
done

# A constructor that runs before ours.
compiled constructor <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
__attribute__((constructor)) static void begin(void)
{
  int fd = open("d/early", O_CREAT | O_WRONLY, 0600);
  if (fd == -1 || close(fd) || rename("d/early", "d/early2"))
    abort();
}
END
for order in "$work/constructor.so:$library" "$library:$work/constructor.so"; do
  rm -rf d/*
  side=$(side_of "$order")
  same "a_constructor_of_a_library_${side}_us_is_flushed" "fsync $work/d" \
    "$(preload=$order last_flush true)"
  same "a_constructor_of_a_library_${side}_us_finds_the_settings" '' \
    "$(rm -f d/*; preload=$order SYNCDIR=off flushes true)"
done
rm -rf d/*
same bound_at_once_a_constructor_is_flushed "fsync $work/d" \
  "$(preload=$library:$work/constructor.so last_flush env LD_BIND_NOW=1 true)"

# Looking up what comes next is not what the program asked for.
compiled dlsym <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17" };
void *dlsym(void *handle, const char *name)
{
  void *(*next)(void *, const char *) = NULL;
  void *found;
  for (int i = 0; i < 3 && !next; i++)
    next = (void *(*)(void *, const char *)) dlvsym(RTLD_NEXT, "dlsym", versions[i]);
  found = next(handle, name);
  errno = EBADF;
  return found;
}
END
cat > errno.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
/* One that is not looked up before main. */
int main(void)
{
  char template[] = "d/XXXXXX";
  errno = 77;
  return mkostemp(template, 0) == -1 || errno != 77;
}
END
$CC -o errno errno.c || exit 99
check looking_up_a_function_leaves_errno_alone env LD_PRELOAD="$library:$work/dlsym.so" ./errno

# While one thread reads the settings another one's call is flushed, whatever they
# will say.  Its first statx, that of the list, is held until the other has returned.
compiled two <<'END'
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static int listener;
static sem_t filtered;
static void *first(void *nothing)
{
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_statx, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { 4, filter };
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  sem_post(&filtered);
  return mkdir("d/one", 0755) ? abort(), nothing : nothing;
}
__attribute__((constructor)) static void begin(void)
{
  struct pollfd calls = { .events = POLLIN };
  pthread_t thread;
  int count = 0;
  pthread_create(&thread, NULL, first, NULL);
  sem_wait(&filtered);
  calls.fd = listener;
  /* Until the thread has ended. */
  while (poll(&calls, 1, -1) == 1 && !(calls.revents & (POLLHUP | POLLNVAL))) {
    struct seccomp_notif call = { 0 };
    struct seccomp_notif_resp answer = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) || (count++ == 0 && mkdir("e/two", 0755)))
      abort();
    answer.id = call.id;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
  pthread_join(thread, NULL);
  close(listener);
}
END
mkdir e other
strace -f -qq -y -e trace=fsync,syncfs -o "$work/strace" \
  -E "LD_PRELOAD=$library:$work/two.so" -E "SYNCDIR_ONLY=$work/other" true
check both_have_made_their_directories test -d d/one -a -d e/two
same while_the_settings_are_read_everything_is_flushed 1 "$(grep -c "fsync.*$work/e>.*= 0" "$work/strace")"
same when_they_are_read_they_count 0 "$(grep -c "fsync.*$work/d>" "$work/strace")"

# A file that somebody has removed before we look has no name to be flushed.
compiled vanish <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
int open64(const char *path, int flags, ...)
{
  int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...)) dlsym(RTLD_NEXT, "open64");
  va_list rest;
  va_start(rest, flags);
  int fd = next(path, flags, flags & O_CREAT ? va_arg(rest, mode_t) : 0);
  va_end(rest);
  if (strcmp(path, "d/vanishing") == 0)
    syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  return fd;
}
int open(const char *path, int flags, ...) __attribute__((alias("open64")));
END
same a_file_that_has_vanished_needs_no_flush '' \
  "$(preload=$library:$work/vanish.so flushes sh -c ': > d/vanishing')"

# What a signal handler may call is looked up before the program begins: dlsym
# is not for signal handlers.
# looked_up COMMAND...: which names, behind us.
looked_up() {
  LD_DEBUG=symbols LD_PRELOAD=$library "$@" 2>&1 |
    sed -n 's/.*symbol=\([a-z0-9_]*\);  lookup in file=.*\/libc\.so.*/\1/p'
}
looked_up /bin/true > looked-up
# POSIX.1-2017, 2.4.3: of what we wrap.
for name in open openat creat link linkat symlink symlinkat rename renameat unlink unlinkat \
  rmdir mkdir mkdirat mknod mknodat mkfifo mkfifoat; do
  grep -q -x "$name" looked-up || echo "$name"
done > not-looked-up
same what_signal_handlers_call_is_looked_up_at_the_start '' "$(cat not-looked-up)"
# Nor does a look-up take away what dlerror would say next, in what is called most.
cat > dlerror.c <<'END'
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#define KEEPS(name, call) \
  do { dlopen("/nonexistent.so", RTLD_NOW); call; if (!dlerror()) puts(name); } while (0)
int main(void)
{
  KEEPS("open", open("d/a", O_CREAT | O_WRONLY, 0600));
  KEEPS("open64", open64("d/b", O_CREAT | O_WRONLY, 0600));
  KEEPS("openat64", openat64(AT_FDCWD, "d/c", O_CREAT | O_WRONLY, 0600));
  KEEPS("creat64", creat64("d/d", 0600));
  KEEPS("fopen", fopen("d/e", "w"));
  KEEPS("fopen64", fopen64("d/f", "w"));
  KEEPS("freopen", freopen("d/g", "w", stdin));
  KEEPS("renameat2", renameat2(AT_FDCWD, "d/g", AT_FDCWD, "d/h", 0));
  KEEPS("remove", remove("d/h"));
  KEEPS("mkstemp", mkstemp((char[]) { "d/XXXXXX" }));
  KEEPS("mkdtemp", mkdtemp((char[]) { "d/XXXXXX" }));
  return 0;
}
END
$CC -D_GNU_SOURCE -o dlerror dlerror.c -ldl || exit 99
same what_dlerror_would_say_is_kept '' "$(LD_PRELOAD=$library ./dlerror)"
check what_is_seldom_called_is_as_well grep -x mkostemps64 looked-up
same each_is_looked_up_once rename "$(looked_up perl -e 'rename "a", "b" for 1 .. 3' | grep -x rename)"

cat > main.c <<'END'
#include <errno.h>
int main(void) { return errno; }
END
$CC -o main main.c || exit 99
check errno_is_zero_at_main env LD_PRELOAD="$library" ./main

finish

# SPDX-License-Identifier: GPL-2.0-or-later
# Calls from where little is ready: before and without constructors, in a process
# that shares its parent's memory; and descriptors of other threads while flushes fail.
. "${srcdir:-.}/tests/tap.sh"
. "$top_srcdir/tests/strace.sh"

cd "$work" || exit 99

# A program that starts without libc's start-up code: nobody runs the constructors
# of what is inside it.
cat >bare.c <<'END'
#include <sys/stat.h>
#include <unistd.h>
#if defined __x86_64__ || defined __i386__
__attribute__((force_align_arg_pointer))
#endif
void begin(void)
{
  int result = mkdir("bare", 0777);
  _exit(result ? 1 : rmdir("bare") ? 2 : 0);
}
END
bare() { $CC -nostartfiles -Wl,-e,begin -o "$@"; }
bare preloaded bare.c || exit 99
same without_start_up_code_the_preload_answers "$work" "$(flushes ./preloaded | sed 's/[^ ]* //' | tail -n 1)"
preload=
bare archived bare.c "$archive"
same without_any_constructor_the_archive_answers "$work" "$(flushes ./archived | sed 's/[^ ]* //' | tail -n 1)"
same and_reads_its_settings_at_the_first_call '' "$(flushes env SYNCDIR=off ./archived)"

# A resolver, which the loader calls before any constructor, makes a directory.
cat >resolver.c <<'END'
#include <sys/stat.h>
#include <unistd.h>
static int one(void) { return 1; }
static int (*resolve(void))(void)
{
  mkdir("resolved", 0777);
  return one;
}
int chosen(void) __attribute__((ifunc("resolve")));
END
echo 'int chosen(void); int main(void) { return chosen() != 1; }' >chooser.c
if $CC -shared -fPIC -o libresolver.so resolver.c 2>/dev/null &&
  $CC -o chooser chooser.c -L. -Wl,-rpath,"$work" -lresolver; then
  for now in '' 1; do
    rm -rf resolved
    preload="$api_library:$library"
    same "a_resolver_is_answered_with_LD_BIND_NOW=$now" "$work" \
      "$(flushes env ${now:+LD_BIND_NOW=1} ./chooser | sed 's/[^ ]* //' | tail -n 1)"
  done
else
  skip a_resolver_is_answered 'no IFUNC'
fi

# clone with the parent's memory: what the child does is flushed, and the parent
# finds its errno and its descriptors as they were.
cat >cloned.c <<'END'
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static int child(void *unused)
{
  (void) unused;
  return mkdir("twin", 0777) || rename("twin", "moved") || rmdir("moved");
}
int main(void)
{
  static _Alignas(16) char stack[64 * 1024];
  int status, before = dup(0);
  close(before);
  errno = 77;
  for (int i = 0; i < 20; i++)
    if (waitpid(clone(child, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL), &status, 0) == -1 || status)
      return 1;
  return errno != 77 ? 2 : dup(0) != before ? 3 : 0;
}
END
$CC -D_GNU_SOURCE -o cloned cloned.c || exit 99
preload=$library
flushes ./cloned >clones
same a_clone_with_shared_memory_leaves_its_parent_alone "" "$(grep exit clones)"
check and_all_of_them [ "$(grep -c "$work\$" clones)" -ge 60 ]

# While flushes fail, an open closes its descriptor: once, and no other's.
cat >closing.c <<'END'
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static atomic_int wrong, over;
static void *watch(void *name)
{
  struct stat at_first, now;
  stat(name, &at_first);
  while (!over) {
    int fd = open(name, O_RDONLY);
    if (fd == -1 || fstat(fd, &now) == -1 || now.st_ino != at_first.st_ino || close(fd) == -1)
      wrong++;
  }
  return NULL;
}
int main(void)
{
  struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 1, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_syncfs, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { 5, filter };
  pthread_t threads[2];
  int failed = 0;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_SECCOMP, 2, &program);
  pthread_create(threads, NULL, watch, "/etc/passwd");
  pthread_create(threads + 1, NULL, watch, "/etc/group");
  for (int i = 0; i < 3000; i++) {
    failed += open("made", O_CREAT | O_EXCL | O_WRONLY, 0666) == -1 && errno == EIO;
    unlink("made");
  }
  over = 1;
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return failed != 3000 ? 2 : wrong ? 1 : 0;
}
END
$CC -pthread -o closing closing.c || exit 99
check a_failed_flush_closes_no_descriptor_of_another_thread env LD_PRELOAD="$library" ./closing

# A cancelled thread unwinds through our frame, to what its program has to clean up:
# the destructors of C++, which are in C as this.
cat >cancelled.c <<'END'
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>
static atomic_int begun, cleaned;
static void clean(int *unused)
{
  (void) unused;
  cleaned = 1;
}
static void *opens(void *path)
{
  int object __attribute__((cleanup(clean))) = 1;
  begun = object;
  return open(path, O_CREAT | O_WRONLY, 0600) == -1 ? path : NULL;
}
int main(void)
{
  pthread_t thread;
  void *result;
  if (mkfifo("nobody-reads", 0600) || pthread_create(&thread, NULL, opens, "nobody-reads"))
    return 1;
  while (!begun)
    usleep(1000);
  pthread_cancel(thread);
  pthread_join(thread, &result);
  return result != PTHREAD_CANCELED ? 2 : !cleaned ? 3 : 0;
}
END
$CC -fexceptions -pthread -o cancelled cancelled.c || exit 99
check a_cancelled_open_lets_its_program_clean_up env LD_PRELOAD="$library" timeout "$patience" ./cancelled

finish

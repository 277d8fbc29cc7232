/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says on standard output whether the library is in charge of this process, which
 * the launcher starts as it would start the command:
 *
 *   answered         an open was flushed: the library was called
 *   silent           it was not
 *   loaded FILE      by its name, a library of ours
 *   first NAME FILE  with --order: FILE answers to the wrapped NAME, and not ours
 *
 * The open is one of /dev/null, which makes nothing.  A seccomp filter refuses the
 * library its look at the file and at its filesystem, so that it must flush; and the
 * flush, whose error open then returns.  Where there are no filters, the order has to
 * do. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the library asks for it. */
#ifdef SYS_fstatfs64
#define SYS_of_filesystem SYS_fstatfs64
#else
#define SYS_of_filesystem SYS_fstatfs
#endif

/* An errno that no open gives of itself. */
enum { REFUSED = ECANCELED };

#define REFUSE(call) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), \
  BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | REFUSED)

static bool filter_flushes(void)
{
  static struct sock_filter filter[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    REFUSE(statx), REFUSE(of_filesystem), REFUSE(fsync), REFUSE(syncfs), REFUSE(sync),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  static struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
      && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* The file of the object that answers to NAME, or NULL. */
static const char *who_answers(const char *name)
{
  void *function = dlsym(RTLD_DEFAULT, name);
  Dl_info found;

  return function && dladdr(function, &found) ? found.dli_fname : NULL;
}

static bool is_syncdir(const char *file)
{
  return file && strstr(file, "/libsyncdir.so");
}

static bool null_device_is_there(void)
{
  struct stat st;

  return stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode);
}

static bool answers(void)
{
  if (!null_device_is_there() || !filter_flushes())
    return is_syncdir(who_answers("open"));
  return open("/dev/null", O_RDONLY | O_CREAT | O_CLOEXEC, 0666) == -1 && errno == REFUSED;
}

static int print_loaded(struct dl_phdr_info *object, size_t size, void *unused)
{
  (void) size, (void) unused;
  if (is_syncdir(object->dlpi_name))
    printf("loaded %s\n", object->dlpi_name);
  return 0;
}

static void print_first(const char *name)
{
  const char *first = who_answers(name);

  if (first && !is_syncdir(first))
    printf("first %s %s\n", name, first);
}

int main(int count, char **arguments)
{
  dl_iterate_phdr(print_loaded, NULL);
  if (count == 2 && strcmp(arguments[1], "--order") == 0) {
#define WRAPPED(name) print_first(#name);
#include "wrapped.h"
#undef WRAPPED
  }
  puts(answers() ? "answered" : "silent");
  return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls answered by a seccomp filter instead of the kernel. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "scene.h"
#include "seccomp.h"

/* Arguments have 64 bits, what is loaded has 32. */
#define LOWER_HALF_OF(argument) \
  (offsetof(struct seccomp_data, args[argument]) + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0))

static int install(struct sock_filter *program, size_t length, unsigned int flags)
{
  struct sock_fprog whole = { length, program };
  int result;

  ck_assert(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &whole);
  ck_assert_msg(result != -1, "seccomp: %s", strerror(errno));
  return result;
}

int filter(int number, unsigned int action, unsigned int flags)
{
  struct sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int) number, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, action),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };

  return install(program, sizeof program / sizeof *program, flags);
}

/* With one of FLAGS openat is let through. */
static void refuse_below(int error, unsigned int flags)
{
  struct sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 5),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOWER_HALF_OF(0)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int) AT_FDCWD, 3, 0),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOWER_HALF_OF(2)),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flags, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };

  install(program, sizeof program / sizeof *program, 0);
}

void refuse_openat_below(int error)
{
  refuse_below(error, 0);
}

void refuse_to_read_below(int error)
{
  refuse_below(error, O_PATH);
}

void refuse_openat_at(int dirfd, int error)
{
  struct sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LOWER_HALF_OF(0)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int) dirfd, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };

  install(program, sizeof program / sizeof *program, 0);
}

void refuse(int number, int error)
{
  filter(number, SECCOMP_RET_ERRNO | error, 0);
}

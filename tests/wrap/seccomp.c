/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls answered by a seccomp filter instead of the kernel. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "scene.h"
#include "seccomp.h"

int filter(int number, unsigned int action, unsigned int flags)
{
  struct sock_filter program[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int) number, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, action),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog whole = { sizeof program / sizeof *program, program };
  int result;

  ck_assert(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &whole);
  ck_assert_msg(result != -1, "seccomp: %s", strerror(errno));
  return result;
}

void refuse(int number, int error)
{
  filter(number, SECCOMP_RET_ERRNO | error, 0);
}

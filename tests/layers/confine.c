/* SPDX-License-Identifier: GPL-2.0-or-later */
/* confine ERROR CALLS COMMAND...: executes COMMAND under the filter that Docker and Podman
 * give a container by default, as its documentation lists it: a call that is refused, or that
 * is younger than libseccomp here, fails with ERROR, EPERM for Docker and ENOSYS for Podman.
 * CALLS are refused as well, separated by spaces. */
#include <err.h>
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* docs.docker.com/engine/security/seccomp, for a container without more capabilities than
 * it has by default; and io_uring, which Docker 25 refuses. */
static const char refused[] =
  " acct add_key bpf clock_settime clone3 create_module delete_module finit_module fsconfig fsmount"
  " fsopen fspick get_kernel_syms get_mempolicy init_module io_uring_enter io_uring_register"
  " io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie mbind mount"
  " mount_setattr move_mount move_pages nfsservctl open_by_handle_at open_tree perf_event_open"
  " personality pidfd_getfd pivot_root quotactl quotactl_fd query_module reboot request_key"
  " set_mempolicy setns settimeofday stime swapoff swapon sysfs syslog umount umount2 unshare uselib"
  " userfaultfd ustat vhangup vm86 vm86old _sysctl ";

static bool is_in(const char *list, const char *name)
{
  size_t length = strlen(name);

  for (const char *at = list; (at = strstr(at, name)) != NULL; at += length)
    if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
      return true;
  return false;
}

static void add(int result)
{
  if (result < 0)
    errx(2, "the filter cannot be made: %s", strerror(-result));
}

int main(int count, char **words)
{
  const unsigned long of_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC
                                    | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  enum { NUMBERS = 1024 };
  scmp_filter_ctx filter;
  int error;

  if (count < 4)
    errx(2, "usage: confine ERROR CALLS COMMAND...");
  error = strcmp(words[1], "ENOSYS") == 0 ? ENOSYS : EPERM;
  filter = seccomp_init(SCMP_ACT_ERRNO(error));
  if (!filter)
    errx(2, "the filter cannot be made");
  for (int number = 0; number < NUMBERS; number++) {
    char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

    if (name && strcmp(name, "clone") != 0 && !is_in(refused, name) && !is_in(words[2], name))
      add(seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0));
    free(name);
  }
  /* With EPERM the C library would not go on to clone. */
  if (error != ENOSYS)
    add(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
  if (!is_in(words[2], "clone"))
    add(seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                         SCMP_A0(SCMP_CMP_MASKED_EQ, of_namespaces, 0)));
  add(seccomp_load(filter));
  execvp(words[3], words + 3);
  err(127, "%s", words[3]);
}

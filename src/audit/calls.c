/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that the auditor watches, and where their arguments lie. */
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "calls.h"

/* A path alone, two paths, a directory and a path, two of each. */
#define PATH .directory = NONE, .path = 0, .new_directory = NONE, .new_path = NONE
#define PATHS .directory = NONE, .path = 0, .new_directory = NONE, .new_path = 1
#define AT .directory = 0, .path = 1, .new_directory = NONE, .new_path = NONE
#define AT_BOTH .directory = 0, .path = 1, .new_directory = 2, .new_path = 3
#define NO_PATH .directory = NONE, .path = NONE, .new_directory = NONE, .new_path = NONE
#define FD(number) NO_PATH, .flags = NONE, .fd = number
#define NO_FD .fd = NONE
#define SIGNAL(number) NO_PATH, .flags = number

enum { IPC_MSGSND = 11 }; /* linux/ipc.h, of ipc(2), which some 32-bit machines have */

/* clang-format off */
#define IF(number, bits) { number, bits, bits }
/* clang-format on */

const struct call calls[] = {
  /* Twice, because a filter can say "one of these bits" only as two rules. */
  { "open", OPENS, PATH, .flags = 1, NO_FD, { IF(1, O_CREAT) } },
  { "open", OPENS, PATH, .flags = 1, NO_FD, { IF(1, O_TRUNC) } },
  { "openat", OPENS, AT, .flags = 2, NO_FD, { IF(2, O_CREAT) } },
  { "openat", OPENS, AT, .flags = 2, NO_FD, { IF(2, O_TRUNC) } },
  /* Its flags are in memory, where no filter can look. */
  { "openat2", OPENS, AT, .flags = 2, NO_FD },
  { "creat", OPENS, PATH, .flags = NONE, NO_FD },
  { "link", LINKS, PATHS, .flags = NONE, NO_FD },
  { "linkat", LINKS, AT_BOTH, .flags = 4, NO_FD },
  { "symlink", SYMLINKS, .directory = NONE, .path = 1, .new_directory = NONE, .new_path = NONE,
    .flags = NONE, NO_FD },
  { "symlinkat", SYMLINKS, .directory = 1, .path = 2, .new_directory = NONE, .new_path = NONE,
    .flags = NONE, NO_FD },
  { "rename", RENAMES, PATHS, .flags = NONE, NO_FD },
  { "renameat", RENAMES, AT_BOTH, .flags = NONE, NO_FD },
  { "renameat2", RENAMES, AT_BOTH, .flags = 4, NO_FD },
  { "unlink", REMOVES, PATH, .flags = NONE, NO_FD },
  { "unlinkat", REMOVES, AT, .flags = NONE, NO_FD },
  { "rmdir", REMOVES, PATH, .flags = NONE, NO_FD },
  { "mkdir", MAKES, PATH, .flags = NONE, NO_FD },
  { "mkdirat", MAKES, AT, .flags = NONE, NO_FD },
  { "mknod", MAKES, PATH, .flags = NONE, NO_FD },
  { "mknodat", MAKES, AT, .flags = NONE, NO_FD },

  { "write", WRITES, FD(0) },
  { "writev", WRITES, FD(0) },
  { "pwrite64", WRITES, FD(0) },
  { "pwritev", WRITES, FD(0) },
  { "pwritev2", WRITES, FD(0) },
  { "sendfile", WRITES, FD(0) },
  { "sendfile64", WRITES, FD(0) },
  { "copy_file_range", WRITES, FD(2) },
  { "splice", WRITES, FD(2) },
  { "tee", WRITES, FD(1) },
  { "vmsplice", WRITES, FD(0) },
  { "ftruncate", CHANGES, FD(0) },
  { "ftruncate64", CHANGES, FD(0) },
  { "fallocate", CHANGES, FD(0) },
  { "ioctl", CHANGES, FD(0), { { 1, UINT32_MAX, FICLONE } } },
  { "ioctl", CHANGES, FD(0), { { 1, UINT32_MAX, FICLONERANGE } } },
  { "truncate", CHANGES_BY_NAME, PATH, .flags = NONE, NO_FD },
  { "truncate64", CHANGES_BY_NAME, PATH, .flags = NONE, NO_FD },
  { "mmap", MAPS, FD(4), { { 3, MAP_TYPE, MAP_SHARED } } },
  { "mmap", MAPS, FD(4), { { 3, MAP_TYPE, MAP_SHARED_VALIDATE } } },
  { "mmap2", MAPS, FD(4), { { 3, MAP_TYPE, MAP_SHARED } } },
  { "mmap2", MAPS, FD(4), { { 3, MAP_TYPE, MAP_SHARED_VALIDATE } } },

  { "fsync", SYNCS_FILE, FD(0) },
  { "fdatasync", SYNCS_FILE, FD(0) },
  { "sync_file_range", SYNCS_RANGE, FD(0) },
  { "sync_file_range2", SYNCS_RANGE, FD(0) },
  { "msync", SYNCS_MAPPING, FD(NONE), { IF(2, MS_SYNC) } },
  { "syncfs", SYNCS_FILESYSTEM, FD(0) },
  { "sync", SYNCS_ALL, FD(NONE) },

  { "send", SENDS, FD(0) },
  { "sendto", SENDS, FD(0) },
  { "sendmsg", SENDS, FD(0) },
  { "sendmmsg", SENDS, FD(0) },
  /* The other end reads that there is no more. */
  { "shutdown", SENDS, FD(0) },
  { "socketcall", SENDS_BY_NUMBER, FD(NONE) },
  { "mq_timedsend", TELLS, FD(NONE) },
  { "mq_timedsend_time64", TELLS, FD(NONE) },
  { "msgsnd", TELLS, FD(NONE) },
  { "ipc", TELLS, FD(NONE), { { 0, 0xffff, IPC_MSGSND } } },
  { "kill", SIGNALS, SIGNAL(1), .fd = 0 },
  { "tkill", SIGNALS, SIGNAL(1), .fd = 0 },
  { "tgkill", SIGNALS, SIGNAL(2), .fd = 0 },
  { "rt_sigqueueinfo", SIGNALS, SIGNAL(1), .fd = 0 },
  { "rt_tgsigqueueinfo", SIGNALS, SIGNAL(2), .fd = 0 },
  { "pidfd_send_signal", SIGNALS, SIGNAL(1), .fd = 0 },
  { "shmat", SHARES_MEMORY, FD(NONE) },

  { "io_uring_setup", SETS_UP_RING, FD(NONE) },
  { "io_submit", SUBMITS, FD(NONE) },
  { "seccomp", SUPERVISES, FD(NONE), { IF(1, SECCOMP_FILTER_FLAG_NEW_LISTENER) } },
  { "ptrace", TRACES, FD(NONE) },
  { "clone", CLONES, FD(NONE), { IF(FLAGS_OF_CLONE, CLONE_UNTRACED) } },
  { "clone3", CLONES, FD(NONE) },
  { NULL, OPENS, NO_PATH, .flags = NONE, NO_FD },
};

const struct call *find_call(uint32_t arch, uint64_t number)
{
  char *name;
  const struct call *call = calls;

  /* x32 is x86-64 with a bit in the number, and an architecture of its own to libseccomp,
   * which knows its calls with the bit. */
  if (arch == SCMP_ARCH_X86_64 && number & 0x40000000)
    arch = SCMP_ARCH_X32;
  name = seccomp_syscall_resolve_num_arch(arch, (int) number);
  if (!name)
    return NULL;
  while (call->name && strcmp(call->name, name) != 0)
    call++;
  free(name);
  return call->name ? call : NULL;
}

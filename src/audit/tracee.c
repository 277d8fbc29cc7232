/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stopped thread of another process: its call, its memory, its descriptors. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include "tracee.h"

bool read_registers(pid_t thread, struct registers *registers)
{
  struct __ptrace_syscall_info info;

  if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) == -1)
    return false;
  registers->arch = info.arch;
  if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
    registers->result = info.exit.rval;
    return true;
  }
  if (info.op != PTRACE_SYSCALL_INFO_SECCOMP)
    return false;
  registers->number = info.seccomp.nr;
  for (int i = 0; i < 6; i++)
    registers->arguments[i] = info.seccomp.args[i];
  return true;
}

bool is_32_bit(const struct registers *registers)
{
  return !(registers->arch & __AUDIT_ARCH_64BIT);
}

bool refuse_call(pid_t thread)
{
#if defined __x86_64__
  /* The kernel has put -ENOSYS in place of the result before it asked us. */
  return ptrace(PTRACE_POKEUSER, thread, offsetof(struct user, regs.orig_rax), -1L) == 0;
#elif defined __aarch64__
  int number = -1;
  struct iovec part = { &number, sizeof number };
  struct user_regs_struct all;
  struct iovec whole = { &all, sizeof all };

  if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &whole) == -1)
    return false;
  all.regs[0] = (unsigned long long) -ENOSYS;
  return ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &whole) == 0
      && ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &part) == 0;
#else
  (void) thread;
  return false;
#endif
}

bool read_memory(pid_t thread, uint64_t address, void *bytes, size_t count)
{
  struct iovec ours = { bytes, count }, theirs = { (void *) (uintptr_t) address, count };

  return process_vm_readv(thread, &ours, 1, &theirs, 1, 0) == (ssize_t) count;
}

bool read_string(pid_t thread, uint64_t address, char *string, size_t size)
{
  enum { PAGE = 4096 };

  /* Never across the end of a page that may be the last one. */
  for (size_t have = 0; have < size;) {
    size_t part = PAGE - (address + have) % PAGE;

    if (part > size - have)
      part = size - have;
    if (!read_memory(thread, address + have, string + have, part))
      return false;
    if (memchr(string + have, '\0', part))
      return true;
    have += part;
  }
  errno = ENAMETOOLONG;
  return false;
}

bool stat_descriptor(pid_t thread, int fd, struct stat *st)
{
  char path[64];

  snprintf(path, sizeof path, "/proc/%d/fd/%d", (int) thread, fd);
  return stat(path, st) == 0;
}

/* The number, to BASE, that the line FIELD of the file PATH gives; -1 if there is none. */
static long read_field(const char *path, const char *field, int base)
{
  char line[256];
  size_t length = strlen(field);
  long value = -1;
  FILE *file = fopen(path, "re");

  while (file && value == -1 && fgets(line, sizeof line, file))
    if (strncmp(line, field, length) == 0 && line[length] == ':')
      value = strtol(line + length + 1, NULL, base);
  if (file)
    fclose(file);
  return value;
}

long read_status(pid_t thread, const char *field)
{
  char path[64];

  snprintf(path, sizeof path, "/proc/%d/status", (int) thread);
  return read_field(path, field, 10);
}

static long read_descriptor(pid_t thread, int fd, const char *field, int base)
{
  char path[64];

  snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int) thread, fd);
  return read_field(path, field, base);
}

int descriptor_flags(pid_t thread, int fd)
{
  long flags = read_descriptor(thread, fd, "flags", 8);

  return flags == -1 ? 0 : (int) flags;
}

pid_t descriptor_process(pid_t thread, int fd)
{
  return (pid_t) read_descriptor(thread, fd, "Pid", 10);
}

long descriptor_eventfd(pid_t thread, int fd)
{
  return read_descriptor(thread, fd, "eventfd-id", 10);
}

/* A line of /proc/THREAD/maps; without the capability CAP_CHECKPOINT_RESTORE map_files cannot
 * be used, and the path that the line ends with has to do. */
static bool stat_line(pid_t thread, const char *line, struct stat *st)
{
  char path[PATH_MAX + 64], name[PATH_MAX];
  uint64_t start, end, number;

  if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %*s %*s %" SCNu64 " %4095[^\n]", &start, &end,
             &number, name)
      != 4)
    return false;
  snprintf(path, sizeof path, "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, (int) thread, start, end);
  if (stat(path, st) == 0)
    return true;
  snprintf(path, sizeof path, "/proc/%d/root%s", (int) thread, name);
  return stat(path, st) == 0 && st->st_ino == number;
}

bool stat_mapping(pid_t thread, uint64_t address, struct stat *st)
{
  char path[64], line[PATH_MAX + 128];
  bool found = false, known = false;
  FILE *file;

  snprintf(path, sizeof path, "/proc/%d/maps", (int) thread);
  file = fopen(path, "re");
  while (file && !found && fgets(line, sizeof line, file)) {
    uint64_t start, end;

    found = sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) == 2 && start <= address
         && address < end;
    if (found)
      known = stat_line(thread, line, st);
  }
  if (file)
    fclose(file);
  return known;
}

void read_command_line(pid_t process, char *line, size_t size)
{
  char path[64];
  ssize_t count = -1;
  int fd;

  snprintf(path, sizeof path, "/proc/%d/cmdline", (int) process);
  fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd != -1) {
    count = read(fd, line, size - 1);
    close(fd);
  }
  if (count < 0)
    count = 0;
  while (count > 0 && line[count - 1] == '\0')
    count--;
  for (ssize_t i = 0; i < count; i++)
    if (line[i] == '\0' || line[i] == '\n')
      line[i] = ' ';
  line[count] = '\0';
  /* It has wiped out its arguments, or has none. */
  if (count == 0)
    snprintf(line, size, "process %d", (int) process);
}

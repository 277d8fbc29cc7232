/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether system calls by way of core/syscall.h work on this machine: no to six
 * arguments, results, errno, registers that must be kept, the kernel's structures.
 * Prints what is wrong, and ends with the number of faults. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "core/sys.h"

static int faults;

#define EXPECT(claim) expect(claim, #claim)

static void expect(bool true_here, const char *claim)
{
  if (true_here)
    return;
  printf("not so: %s (errno %d)\n", claim, errno);
  faults++;
}

/* linux/futex.h: FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG.  It answers at once where the word is
 * another one, but refuses a bitset, its sixth argument, that is empty. */
static long futex(uint32_t *word, uint32_t value, uint32_t bits)
{
  return sys_call(SYS_futex, word, 9 | 128, value, NULL, NULL, bits);
}

static void arguments(void)
{
  uint32_t word = 1;
  char text[16] = "", path[4096];

  EXPECT(sys_call(SYS_getpid) == getpid());
  errno = 0;
  EXPECT(sys_call(SYS_close, -1) == -1 && errno == EBADF);
  errno = 17;
  EXPECT(sys_call(SYS_umask, 022) >= 0 && errno == 17);
  EXPECT(sys_getcwd(path, sizeof path) == (int) strlen(path) + 1);
  EXPECT(sys_getcwd(path, 1) == -1 && errno == ERANGE);
  EXPECT(symlink("target", "link") == 0);
  EXPECT(sys_readlink("link", text, sizeof text) == 6 && strcmp(text, "target") == 0);
  EXPECT(sys_call(SYS_linkat, AT_FDCWD, "link", AT_FDCWD, "twin", 0) == 0);
  EXPECT(sys_call(SYS_linkat, AT_FDCWD, "link", AT_FDCWD, "third", -1) == -1 && errno == EINVAL);
  EXPECT(futex(&word, 2, 1) == -1 && errno == EAGAIN);
  EXPECT(futex(&word, 2, 0) == -1 && errno == EINVAL);
}

/* What the kernel overwrites must not be ours: the same sums with and without calls. */
static unsigned long sums(bool calling)
{
  unsigned long a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
  double x = 0.5;

  for (int i = 0; i < 1000; i++) {
    long result = calling ? sys_call(SYS_close, -1 - i) : -1;

    a += b ^ result;
    b += c, c += d, d += e, e += f, f += g, g += h, h += a;
    x += 0.25;
  }
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ (unsigned long) x;
}

static void registers(void)
{
  EXPECT(sums(true) == sums(false));
}

static void structures(void)
{
  struct sys_stat ours;
  struct stat theirs;
  struct sys_time now;
  sys_statfs type;
  struct statfs their_type;
  sys_signals blocked = 1ULL << (SIGUSR1 - 1), before = 0;
  sigset_t set;
  int fd = sys_openat(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  EXPECT(fd != -1 && fstat(fd, &theirs) == 0 && sys_stat_fd(fd, STAT_BASIC, &ours) == 0);
  EXPECT(ours.inode == theirs.st_ino && S_ISDIR(ours.mode));
  EXPECT(ours.changed.seconds == theirs.st_ctime);
  EXPECT(sys_fstatfs(fd, &type) == 0 && fstatfs(fd, &their_type) == 0);
  EXPECT((uint32_t) type.f_type == (uint32_t) their_type.f_type);
  EXPECT(sys_fsync(fd) == 0);
  sys_close(fd);
  EXPECT(sys_clock(CLOCK_REALTIME, &now) == 0 && llabs(now.seconds - time(NULL)) < 600);
  EXPECT(sys_block(&blocked, &before) == 0);
  EXPECT(sigprocmask(SIG_BLOCK, NULL, &set) == 0 && sigismember(&set, SIGUSR1) == 1);
  raise(SIGUSR1);
  EXPECT(sys_pending(&blocked) == 0 && blocked == 1ULL << (SIGUSR1 - 1));
  sys_take(&blocked);
  EXPECT(sys_set_blocked(&before) == 0);
}

static void seek(void)
{
  FILE *file = tmpfile();

  EXPECT(file && ftruncate(fileno(file), 5000000000LL) == 0);
  sys_seek_end(fileno(file));
  EXPECT(lseek(fileno(file), 0, SEEK_CUR) == 5000000000LL);
}

int main(void)
{
  arguments();
  registers();
  structures();
  seek();
  return faults;
}

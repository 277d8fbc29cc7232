/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three changes by a program with an io_uring: the kernel reads from memory what it is
 * to do.  The launcher refuses to run it, and so it is no state of teller.c. */
#include <linux/io_uring.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
  struct io_uring_params parameters = { 0 };
  int ring = syscall(SYS_io_uring_setup, 1, &parameters);

  if (ring == -1
      || mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING)
           == MAP_FAILED)
    return 1;
  return mkdir("one", 0700) == -1 || rename("one", "two") == -1 || rmdir("two") == -1;
}

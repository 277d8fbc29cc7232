/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probe that comes out the same with the archive. */
#include <sys/stat.h>

int main(void)
{
  return mkfifo("trymkffo.fifo", 0600);
}

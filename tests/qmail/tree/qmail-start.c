/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for what it started: it makes no name. */
#include <sys/wait.h>

int main(void)
{
  return wait(0) == -1 ? 111 : 0;
}
